"""Puts the models in the books when the service starts."""

from collections.abc import Sequence
from datetime import date, datetime

from classification_service.errors import ChangedModel
from classification_service.model.risk_model import PromotedAt, RiskModel
from classification_service.ports import UnitOfWork

_EPOCH = date(1970, 1, 1)


async def register_models(models: Sequence[RiskModel], transaction: UnitOfWork, *, now: datetime) -> None:
    """Every model is in the books; those that are new there are promoted from their day on, and announced.

    Raises:
        ChangedModel: A model in the books has other content under the same version.
    """
    stored = await transaction.lock_models()
    for model in models:
        known = stored.get(model.id)
        if known is None:
            await transaction.add_model(model, now)
            from_day = (model.valid_from - _EPOCH).days
            await transaction.promote(model, PromotedAt(from_day, now, model.author))
            transaction.publish_promotion(model)
        elif known != model.sha256:
            raise ChangedModel(model.id, known, model.sha256)
    await transaction.name_sets()
