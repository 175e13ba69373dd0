"""Takes in what inspections found (结果回溯)."""

from collections.abc import Sequence

from classification_service.model.review import InspectionResult, Report
from classification_service.model.risk_model import Catalogue
from classification_service.ports import UnitOfWork
from classification_service.rules.reviewing.background import outcomes_of


async def record_results(
    results: Sequence[InspectionResult], transaction: UnitOfWork, catalogue: Catalogue
) -> None:
    """These results count in the review of the model, each once, with what was known before the visit."""
    known = await transaction.known_before(results)
    await transaction.add_outcomes(outcomes_of(results, known, catalogue))


async def record_reports(reports: Sequence[Report], transaction: UnitOfWork, catalogue: Catalogue) -> None:
    """What other departments found is kept apart from what was drawn; what they took back counts no longer.

    A withdrawal that comes before its result holds all the same.
    """
    results = [report.result for report in reports if report.result]
    withdrawals = [report.withdrawal for report in reports if report.withdrawal]
    if results:
        await record_results(results, transaction, catalogue)
    if withdrawals:
        await transaction.add_withdrawals(withdrawals)
