"""What people do with drafts of models: write, submit, approve those of others, promote at a date, and go back."""

import asyncio
from dataclasses import replace
from datetime import date

from vocabulary.calendar import business_date

from classification_service.errors import EditedMeanwhile, NotInThisState, SamePerson, Unknown
from classification_service.model.governing import (
    Checked,
    Cuts,
    Draft,
    DraftState,
    Rollback,
    ShadowRun,
    Step,
    Who,
)
from classification_service.model.risk_model import Catalogue, PromotedAt, RiskModel
from classification_service.ports.governing import GovernedUnitOfWork
from classification_service.rules import drafting
from classification_service.rules.drafting import checked, ready
from classification_service.rules.promoting import Course, judged, require_free_day, require_way_back
from classification_service.rules.reading import model_of

_EPOCH = date(1970, 1, 1)


async def create_draft(
    text: str, who: Who, catalogue: Catalogue, tx: GovernedUnitOfWork
) -> tuple[Draft, Checked]:
    """There is a draft of this text, right or wrong."""
    found = await asyncio.to_thread(checked, text, catalogue, await tx.drafts.versions())
    draft = await tx.drafts.add(Draft(0, found.code, text, 1, DraftState.OPEN, *who, *who))
    await tx.drafts.note(Step(who.at, who.by, "created", draft.id))
    return draft, found


async def edit_draft(
    draft: tuple[int, int], text: str, who: Who, catalogue: Catalogue, tx: GovernedUnitOfWork
) -> tuple[Draft, Checked]:
    """The draft, named by its id and the version its editor read, has this text, right or wrong.

    Raises:
        Unknown, EditedMeanwhile, NotInThisState: it cannot be edited so.
    """
    draft_id, version = draft
    found = await asyncio.to_thread(checked, text, catalogue, await tx.drafts.versions())
    kept = drafting.edited(await tx.drafts.lock(draft_id), text, found.code, version, who)
    await tx.drafts.save(kept)
    await tx.drafts.note(Step(who.at, who.by, "edited", kept.id, note=f"version {kept.version}"))
    return kept, found


async def submit_draft(
    draft: tuple[int, int], what_if: int | None, who: Who, catalogue: Catalogue, tx: GovernedUnitOfWork
) -> Draft:
    """The draft waits for approval by another person; where it says shares, with the cuts that the what-if took.

    Raises:
        InvalidModel: its text has problems, or shares without cuts of its own what-if; names them all.
        Unknown, EditedMeanwhile, NotInThisState: it cannot be submitted so.
    """
    draft_id, version = draft
    found = await tx.drafts.lock(draft_id)
    model, cuts = await _ready(found, what_if, catalogue, tx)
    kept = drafting.submitted(found, model, cuts, version, who)
    await tx.drafts.save(kept)
    note = f"{model.id} {model.sha256}" + (f", cuts by {cuts.source}" if cuts else "")
    await tx.drafts.note(Step(who.at, who.by, "submitted", kept.id, note=note))
    return kept


async def _ready(
    draft: Draft, what_if: int | None, catalogue: Catalogue, tx: GovernedUnitOfWork
) -> tuple[RiskModel, Cuts | None]:
    tried = await tx.drafts.tried(what_if) if what_if is not None else None
    return await asyncio.to_thread(ready, draft.text, tried, catalogue, await tx.drafts.versions())


async def approve_draft(read: tuple[int, str], note: str, who: Who, tx: GovernedUnitOfWork) -> Draft:
    """The draft, named by its id and the hash its approver read, may be promoted; nothing judges by it yet.

    Raises:
        Unknown, NotInThisState, SamePerson, EditedMeanwhile: it cannot be approved so.
    """
    draft_id, sha256 = read
    draft = await tx.drafts.lock(draft_id)
    kept = drafting.approved(draft, sha256, await tx.drafts.writers(draft_id), who)
    return await _step(kept, "approved", note, who, tx)


async def return_draft(draft_id: int, who: Who, reason: str, tx: GovernedUnitOfWork) -> Draft:
    """The draft is open again, for this reason.

    Raises:
        Unknown, NotInThisState: it cannot be returned.
    """
    return await _step(drafting.returned(await tx.drafts.lock(draft_id)), "returned", reason, who, tx)


async def withdraw_draft(draft_id: int, who: Who, reason: str, tx: GovernedUnitOfWork) -> Draft:
    """Nothing comes of the draft, for this reason; a run beside the live models is at an end.

    Raises:
        Unknown, NotInThisState: it cannot be withdrawn.
    """
    kept = await _step(drafting.withdrawn(await tx.drafts.lock(draft_id)), "withdrawn", reason, who, tx)
    await _stop_if_running(draft_id, who, tx)
    return kept


async def _step(draft: Draft, what: str, note: str, who: Who, tx: GovernedUnitOfWork) -> Draft:
    await tx.drafts.save(draft)
    await tx.drafts.note(Step(who.at, who.by, what, draft.id, note=note))
    return draft


async def promote_draft(
    draft_id: int, from_day: date, who: Who, catalogue: Catalogue, tx: GovernedUnitOfWork
) -> tuple[Draft, RiskModel]:
    """The approved draft is a version in the books and judges from that business day on; a shadow of it ends.

    Raises:
        Unknown, NotInThisState: it cannot be promoted.
        InvalidModel: the books moved since it was approved, so that it is not right any more.
        DayNotFree, TooFarAhead: it cannot go live on that day.
        EditedMeanwhile: it is not the document that was approved.
    """
    newest_judged = await tx.drafts.newest_judged()
    await tx.lock_models()
    draft = await tx.drafts.lock(draft_id)
    model = _approved_model(draft, catalogue)
    kept = drafting.promoted(draft, model.id)
    await asyncio.to_thread(drafting.require_right, draft.text, catalogue, await tx.drafts.versions())
    require_free_day(
        model, from_day, await tx.drafts.course(model.code, newest_judged, business_date(who.at))
    )
    await tx.interventions.standing()
    await _require_not_judged_meanwhile(from_day, newest_judged, tx)
    await tx.add_model(model, who.at)
    await _go_live(model, from_day, PromotedAt(_number(from_day), who.at, who.by, model.approver), tx)
    await tx.drafts.save(kept)
    await tx.drafts.note(Step(who.at, who.by, "promoted", kept.id, model.id, f"from {from_day}"))
    await _stop_if_running(draft_id, who, tx)
    return kept, model


async def _require_not_judged_meanwhile(
    day: date, newest_judged: date | None, tx: GovernedUnitOfWork
) -> None:
    """Batches went on while the newest day judged was looked for: midnight may have passed. Nobody judges now.

    Raises:
        DayNotFree: the day is judged by now.
    """
    is_next = newest_judged is None or (day - newest_judged).days == 1
    if is_next and await tx.drafts.is_judged(day):
        raise judged(day)


async def before(draft: Draft, who: Who, tx: GovernedUnitOfWork) -> RiskModel | None:
    """The version that the draft is to take over from, or took over from where it is promoted; None for a new code."""
    if draft.model_id is None:
        return (await tx.drafts.versions()).live.get(draft.code)
    course = await tx.drafts.course(draft.code, None, business_date(who.at))
    return course.before(draft.model_id)


def _approved_model(draft: Draft, catalogue: Catalogue) -> RiskModel:
    if draft.definition is None or draft.approved_by is None:
        raise NotInThisState("draft", draft.state, DraftState.APPROVED)
    model = model_of(draft.definition, catalogue)
    if model.sha256 != draft.sha256:
        raise EditedMeanwhile(draft.version)
    return replace(model, approver=draft.approved_by)


async def _go_live(model: RiskModel, from_day: date, at: PromotedAt, tx: GovernedUnitOfWork) -> None:
    await tx.promote(model, at)
    await tx.name_sets()
    tx.publish_promotion(replace(model, valid_from=from_day))


async def propose_rollback(
    to_model: str, from_day: date, reason: str, who: Who, tx: GovernedUnitOfWork
) -> Rollback:
    """It is proposed to go back to an earlier version on that day; a second person decides.

    Raises:
        Unknown, NotInThisState: there is no such version, it is the one in force, or another proposal waits.
        DayNotFree, TooFarAhead: it cannot go live on that day.
    """
    model = await tx.drafts.model(to_model)
    course = await _course(model, await tx.drafts.newest_judged(), who, tx)
    require_way_back(model, from_day, course)
    proposal = Rollback(0, model.code, to_model, from_day, reason, who.by, who.at)
    kept = await tx.drafts.add_rollback(proposal)
    note = f"rollback {kept.number}, from {from_day}: {reason}"
    await tx.drafts.note(Step(who.at, who.by, "rollback proposed", None, to_model, note))
    return kept


async def _course(model: RiskModel, newest_judged: date | None, who: Who, tx: GovernedUnitOfWork) -> Course:
    course = await tx.drafts.course(model.code, newest_judged, business_date(who.at))
    if not course.promoted:
        raise Unknown("promotion")
    return course


async def approve_rollback(number: int, who: Who, tx: GovernedUnitOfWork) -> Rollback:
    """The earlier version judges again from the day proposed on, or the newest judged where that is later.

    Raises:
        Unknown, NotInThisState, SamePerson, DayNotFree, TooFarAhead: it cannot be approved so.
    """
    newest_judged = await tx.drafts.newest_judged()
    await tx.lock_models()
    rollback = await _waiting(number, tx)
    if who.by == rollback.proposed_by:
        raise SamePerson("proposer")
    model = await tx.drafts.model(rollback.to_model)
    day = max(rollback.from_day, newest_judged or rollback.from_day)
    require_way_back(model, day, await _course(model, newest_judged, who, tx))
    await tx.interventions.standing()
    await _go_live(model, day, PromotedAt(_number(day), who.at, rollback.proposed_by, who.by), tx)
    return await _decided(replace(rollback, from_day=day), "approved", "rolled back", who, tx)


async def refuse_rollback(number: int, reason: str, who: Who, tx: GovernedUnitOfWork) -> Rollback:
    """Nothing comes of the proposal; who made it may do so too.

    Raises:
        Unknown, NotInThisState: it does not wait for a decision.
    """
    rollback = replace(await _waiting(number, tx), refuse_reason=reason)
    return await _decided(rollback, "refused", "rollback refused", who, tx)


async def _waiting(number: int, tx: GovernedUnitOfWork) -> Rollback:
    rollback = await tx.drafts.lock_rollback(number)
    if rollback.state != "proposed":
        raise NotInThisState("rollback", rollback.state, "proposed")
    return rollback


async def _decided(rollback: Rollback, state: str, what: str, who: Who, tx: GovernedUnitOfWork) -> Rollback:
    kept = replace(rollback, state=state, decided_by=who.by, decided_at=who.at)
    await tx.drafts.save_rollback(kept)
    note = f"rollback {kept.number}, from {kept.from_day}: {kept.refuse_reason or kept.reason}"
    await tx.drafts.note(Step(who.at, who.by, what, None, kept.to_model, note))
    return kept


async def start_shadow(
    draft_id: int, what_if: int | None, who: Who, catalogue: Catalogue, tx: GovernedUnitOfWork
) -> ShadowRun:
    """The draft as it is now is scored beside the live models from the next batch on; nothing else comes of it.

    Raises:
        InvalidModel: its text has problems, or shares without cuts of its own what-if.
        Unknown, NotInThisState: it is withdrawn or promoted, or runs already.
    """
    draft = await tx.drafts.lock(draft_id)
    if draft.state in {DraftState.PROMOTED, DraftState.WITHDRAWN}:
        raise NotInThisState("draft", draft.state, "open, submitted or approved")
    model = (
        model_of(draft.definition, catalogue)
        if draft.definition is not None
        else (await _ready(draft, what_if, catalogue, tx))[0]
    )
    run = ShadowRun(0, draft.id, draft.version, model.sha256, who.at, who.by)
    kept = await tx.drafts.start_shadow(run, model)
    note = f"run {kept.number} of version {draft.version}, {model.sha256}"
    await tx.drafts.note(Step(who.at, who.by, "shadow started", draft.id, note=note))
    return kept


async def stop_shadow(draft_id: int, who: Who, tx: GovernedUnitOfWork) -> ShadowRun:
    """The draft is not scored any more; what it made of entities stays.

    Raises:
        Unknown, NotInThisState: there is no such draft, or no run of it at work.
    """
    await tx.drafts.lock(draft_id)
    run = await tx.drafts.stop_shadow(draft_id, who.by, who.at)
    await tx.drafts.note(Step(who.at, who.by, "shadow stopped", draft_id, note=f"run {run.number}"))
    return run


async def _stop_if_running(draft_id: int, who: Who, tx: GovernedUnitOfWork) -> None:
    try:
        await stop_shadow(draft_id, who, tx)
    except NotInThisState:  # most drafts have no run at work
        return


def _number(day: date) -> int:
    return (day - _EPOCH).days
