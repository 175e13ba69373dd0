"""Puts the models in the books when the service starts."""

from collections.abc import Sequence
from datetime import datetime

from classification_service.errors import ChangedModel
from classification_service.model.risk_model import RiskModel
from classification_service.ports import UnitOfWork


async def register_models(models: Sequence[RiskModel], transaction: UnitOfWork, *, now: datetime) -> None:
    """Every model is in the books; those that are new there are announced as promoted.

    Raises:
        ChangedModel: A model in the books has other content under the same version.
    """
    stored = await transaction.lock_models()
    for model in models:
        known = stored.get(model.id)
        if known is None:
            await transaction.add_model(model, now)
            transaction.publish_promotion(model)
        elif known != model.sha256:
            raise ChangedModel(model.id, known, model.sha256)
