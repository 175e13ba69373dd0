"""Takes in what inspections found (结果回溯)."""

from collections.abc import Sequence

from classification_service.model.review import InspectionResult
from classification_service.ports import UnitOfWork


async def record_results(results: Sequence[InspectionResult], transaction: UnitOfWork) -> None:
    """These results count in the review of the model, each once."""
    await transaction.add_results(results)
