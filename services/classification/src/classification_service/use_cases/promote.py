"""Puts the shipped models in the books when the service starts, or offers them where people decided already."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from classification_service.errors import ChangedModel
from classification_service.model.governing import Draft, DraftState, Step, Stored, Who
from classification_service.model.risk_model import PromotedAt, RiskModel
from classification_service.ports import UnitOfWork
from classification_service.ports.governing import GovernedUnitOfWork
from classification_service.rules.drafting import numbered
from classification_service.rules.reading import judging_hash

SERVICE = "creditloop"
"""Who does what no person did."""
_EPOCH = date(1970, 1, 1)


async def register_models(
    models: Sequence[RiskModel], transaction: UnitOfWork, *, now: datetime
) -> Sequence[RiskModel]:
    """A code that has nothing in the books has its shipped versions there, each in force from its day on.

    Gives the newest shipped version of each other code, where the books do not have it: nobody but two people puts it
    in force. A version of the city's own that has the same name by chance stays as it is; so does a shipped one that
    only names or cites otherwise, since what judged is told by the text it judged with.

    Raises:
        ChangedModel: A shipped model in the books differs under the same version, names and citations aside.
    """
    stored = await transaction.lock_models()
    for model in models:
        known = stored.get(model.id)
        if known is not None and not known.own and known.judging_hash != judging_hash(model.definition):
            raise ChangedModel(model.id, known.sha256, model.sha256)
    taken = {each.rpartition("@")[0] for each in stored}
    for model in models:
        if model.code not in taken:
            await _seed(model, transaction, now)
    await transaction.name_sets()
    return _newer(models, stored)


async def _seed(model: RiskModel, transaction: UnitOfWork, now: datetime) -> None:
    await transaction.add_model(model, now)
    from_day = (model.valid_from - _EPOCH).days
    await transaction.promote(model, PromotedAt(from_day, now, model.author))
    transaction.publish_promotion(model)


def _newer(models: Sequence[RiskModel], stored: Mapping[str, Stored]) -> Sequence[RiskModel]:
    taken = {each.rpartition("@")[0] for each in stored}
    newest = {model.code: model for model in sorted(models, key=lambda each: each.version)}
    known = {each.judging_hash for each in stored.values()}
    return [
        model
        for code, model in newest.items()
        if code in taken and judging_hash(model.definition) not in known
    ]


async def offer_models(
    newer: Sequence[RiskModel], texts: Mapping[str, str], tx: GovernedUnitOfWork, *, now: datetime
) -> None:
    """Each is an open draft, once, under the next number of the city's own; `texts` are the files by id.

    It has no more weight than any draft.
    """
    newest = (await tx.drafts.versions()).newest
    who = Who(SERVICE, now)
    for model in newer:
        text = numbered(texts[model.id], newest[model.code] + 1)
        offers = f"{model.id} {judging_hash(model.definition)}"
        draft = Draft(0, model.code, text, 1, DraftState.OPEN, *who, *who, offers=offers)
        if (kept := await tx.drafts.offer(draft)) is not None:
            await tx.drafts.note(Step(who.at, who.by, "offered", kept.id, note=offers))
