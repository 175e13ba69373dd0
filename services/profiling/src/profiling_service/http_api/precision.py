"""Families of signals, what staff thought of their signals, and how precise they are (预警质量)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from httpapi.idempotency import OncePerKey
from pydantic import BaseModel, Field
from starlette.responses import Response

from profiling_service.http_api.edge import Edge, Lister, Staff
from profiling_service.http_api.signals import Clearer, SignalId, own_signal
from profiling_service.model.signals import Reach, SignalFamily, SignalRule, Worse
from profiling_service.ports.signals import FamilyCount
from profiling_service.rules.chance import wilson
from profiling_service.rules.tuning import FEWEST_JUDGED, Step, is_to_be_tuned, step
from profiling_service.rules.windows import as_date
from profiling_service.use_cases.signals import judge


class BoundView(BaseModel):
    """An indicator and the bound it must reach."""

    indicator: str
    zh: str
    en: str
    unit: str
    bound: float
    at_most: bool = Field(description="the value must be this or less, not this or more")


class RuleView(BaseModel):
    """The figures of a family's rule; those its kind does not use are 0 or empty."""

    days: int = Field(description="the span looked at, or how old a fact may be")
    at_least: int = Field(description="fewest facts in the span")
    factor: float = Field(description="more than so many times the span before")
    history_days: int = Field(description="own history that the span is held against")
    peers: int = Field(description="fewest entities to be compared with")
    reaches: list[BoundView]


class WorseView(BaseModel):
    """From which value a signal of the family is more severe."""

    severity: str
    at_least: float


class FamilyView(BaseModel):
    """A family of signals (预警类别)."""

    code: str
    zh: str
    en: str
    kind: str
    severity: str
    suggested_step: str
    due_days: int | None = Field(description="days until the step is due; null for the end of the season")
    sector: str | None
    notify: bool
    alpha: float | None = Field(
        description="false alarms at most, per entity and look; null where not by chance"
    )
    target_precision: float
    ground: str
    confidence: str
    rule: RuleView
    worse: WorseView | None


class VerdictOrder(BaseModel):
    """Whether the signal was of use."""

    useful: bool
    note: str = Field("", max_length=1000, pattern=r"^[^\x00]*$")


class Verdict(VerdictOrder):
    """What was kept."""

    signal_id: str
    judged_by: str


class MonthFigures(BaseModel):
    """Of the signals raised in a month."""

    month: date = Field(description="its first day")
    raised: int
    judged: int
    useful: int


class Tuning(BaseModel):
    """What would make the family more precise: a proposal; a person changes the pack."""

    parameter: str
    now: float
    proposed: float
    raised_then: int | None = Field(description="signals there would have been; null where it cannot be told")


class FamilyFigures(BaseModel):
    """How precise a family is."""

    family: str
    zh: str
    raised: int
    suppressed: int = Field(description="kept and never told")
    open: int
    judged: int
    useful: int
    precision: float | None = Field(description="useful ones of those judged; null for none judged")
    low: float | None = Field(description="its Wilson 95 % interval")
    high: float | None
    target: float
    tuning: Tuning | None = Field(
        description=f"present when the interval is below the target and {FEWEST_JUDGED} or more were judged"
    )
    months: list[MonthFigures]


def router(edge: Edge) -> APIRouter:
    """Routes about families."""
    routes = APIRouter(prefix="/v1", tags=["signals"])
    steps = {family.code: step(family.rule) for family in edge.book.families}

    @routes.get("/signals/families", summary="Families of signals 预警类别")
    async def list_families(caller: Staff) -> list[FamilyView]:  # noqa: ARG001 - declares who may
        return [_family(family) for family in edge.book.families]

    @routes.get("/signals/precision", summary="Precision of families 预警质量")
    async def read_precision(
        caller: Lister, months: Annotated[int, Query(ge=1, le=60)] = 12
    ) -> list[FamilyFigures]:
        today = as_date((await edge.reads.business_day()).business_day)
        since = _months_before(today, months - 1)
        asked = {code: step_.asked for code, step_ in steps.items()}
        rows = await edge.signals.family_counts(caller.area_filter(), since, asked)
        by_family = defaultdict(list)
        for row in rows:
            by_family[row.family].append(row)
        return [_figures(family, by_family[family.code], steps[family.code]) for family in edge.book.families]

    @routes.post(
        "/signals/{signal_id}/verdict",
        summary="Say whether a signal was useful 预警反馈",
        response_model=Verdict,
    )
    async def give_verdict(
        caller: Clearer, signal_id: SignalId, order: VerdictOrder, once: OncePerKey
    ) -> Response:
        await own_signal(edge, caller, signal_id)
        async with edge.transactions() as transaction:

            async def work() -> Verdict:
                await judge(signal_id, caller.subject, order.note, transaction, useful=order.useful)
                return Verdict(**order.model_dump(), signal_id=signal_id, judged_by=caller.subject)

            return await once.answer(transaction.idempotency, 200, work)

    return routes


def _months_before(today: date, months: int) -> date:
    month = today.year * 12 + today.month - 1 - months
    return date(month // 12, month % 12 + 1, 1)


def _family(family: SignalFamily) -> FamilyView:
    return FamilyView(
        code=family.code,
        zh=family.zh,
        en=family.en,
        kind=family.rule.kind,
        severity=family.severity.name.lower(),
        suggested_step=family.suggested_step,
        due_days=family.due_days,
        sector=family.sector,
        notify=family.notifies,
        alpha=family.rule.alpha or None,
        target_precision=family.target_precision,
        ground=family.ground,
        confidence=family.confidence,
        rule=_rule(family.rule),
        worse=None if family.worse is None else _worse(family.worse),
    )


def _worse(worse: Worse) -> WorseView:
    return WorseView(severity=worse.severity.name.lower(), at_least=worse.at_least)


def _rule(rule: SignalRule) -> RuleView:
    return RuleView(
        days=rule.days,
        at_least=rule.at_least,
        factor=rule.factor,
        history_days=rule.history_days,
        peers=rule.peers,
        reaches=[_bound(reach) for reach in rule.reaches],
    )


def _bound(reach: Reach) -> BoundView:
    indicator = reach.indicator
    return BoundView(
        indicator=indicator.code,
        zh=indicator.zh,
        en=indicator.en,
        unit=indicator.unit,
        bound=reach.bound,
        at_most=reach.at_most,
    )


def _figures(family: SignalFamily, rows: Sequence[FamilyCount], stricter: Step) -> FamilyFigures:
    judged, useful = sum(row.judged for row in rows), sum(row.useful for row in rows)
    interval = wilson(useful, judged)
    tuned = is_to_be_tuned(family, judged, useful) and stricter.parameter
    return FamilyFigures(
        family=family.code,
        zh=family.zh,
        raised=sum(row.raised for row in rows),
        suppressed=sum(row.suppressed for row in rows),
        open=sum(row.open for row in rows),
        judged=judged,
        useful=useful,
        precision=interval and interval.share,
        low=interval and interval.low,
        high=interval and interval.high,
        target=family.target_precision,
        tuning=_tuning(stricter, rows) if tuned else None,
        months=[
            MonthFigures(month=row.month, raised=row.raised, judged=row.judged, useful=row.useful)
            for row in rows
        ],
    )


def _tuning(stricter: Step, rows: Sequence[FamilyCount]) -> Tuning:
    return Tuning(
        parameter=stricter.parameter,
        now=stricter.now,
        proposed=stricter.proposed,
        raised_then=sum(row.stricter for row in rows) if stricter.is_computable else None,
    )
