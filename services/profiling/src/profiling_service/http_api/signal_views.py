"""How signals, suppressions and figures of families look to people."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from pydantic import BaseModel, Field

from profiling_service.http_api.entities import FactView
from profiling_service.model.signals import Severity
from profiling_service.ports.signal_work import StepRow
from profiling_service.ports.signals import SignalCount, SignalRow, SuppressionRow


class SignalView(BaseModel):
    """A signal and what became of it."""

    signal_id: str
    uscc: str
    family: str
    family_zh: str = Field(description="empty when the family is no longer in the rule data")
    severity: str
    suggested_step: str
    evidence: list[str] = Field(description="facts that show it, each as source|fact_id")
    measure: float = Field(
        description="what was held against the bound when it was told last: facts, or a value"
    )
    area_code: str
    raised_on: date
    due_on: date
    raised_at: datetime
    updated_at: datetime | None = Field(description="when it was told again because it had grown")
    updates: int
    state: str = Field(description="open, snoozed, suppressed or cleared")
    open: bool
    cleared_on: date | None
    cleared_reason: str | None = Field(description="null when the cause was over by itself")
    cleared_by: str | None = Field(description="null when nobody did: the cause was over by itself")
    useful: bool | None = Field(description="the last verdict; null for none")
    entity_name: str = Field(description="empty when facts came before the registration")
    assignee: str | None = Field(description="who has it in hand; null for nobody")
    snoozed_until: date | None = Field(
        description="the last day it waits; null when it does not, or has grown since"
    )


class CountView(BaseModel):
    """How many signals are in a state and of a severity; of these, whose they are and how many are late."""

    state: str
    severity: str
    signals: int
    mine: int = Field(description="in the caller's hands")
    unassigned: int
    overdue: int = Field(description="their step was due before the business day")


class StepView(BaseModel):
    """A step somebody took with a signal (处置记录)."""

    step_id: int
    at: datetime
    by: str
    kind: str = Field(description="assigned, returned, snoozed, woken, acted, cleared or reopened")
    action: str | None = Field(description="of acted: what was done")
    assignee: str | None = Field(description="who had the signal afterwards")
    until: date | None = Field(description="of snoozed: the last day it waits")
    note: str


class SuppressionView(BaseModel):
    """Signals of a family that are not raised or told, of an area or an entity, through a day (预警抑制)."""

    suppression_id: int
    family: str
    area: str | None
    uscc: str | None
    until: date = Field(description="the last day")
    reason: str
    made_by: str
    made_at: datetime
    ended_by: str | None
    ended_at: datetime | None
    in_force: bool


class VerdictView(BaseModel):
    """What somebody thought of a signal."""

    useful: bool
    note: str
    judged_by: str
    judged_at: datetime


class SignalFile(SignalView):
    """A signal with everything that belongs to it (预警详情)."""

    facts: list[FactView] = Field(description="the evidence, with what each fact says")
    episodes: list[SignalView] = Field(description="of the same family and entity, the others")
    suppressions: list[SuppressionView]
    verdicts: list[VerdictView]
    steps: list[StepView] = Field(description="what people did with it, oldest first")


_BY_FACTS: Final = "facts"
"""What the store writes in place of a person where the cause of a signal is over."""

Names = Mapping[str, str]
"""Chinese name of each family."""


def signal_view(row: SignalRow, names: Names) -> SignalView:
    """A row of `SignalReads`; what facts ended was cleared by nobody."""
    by_somebody = row.cleared_by != _BY_FACTS
    return SignalView(
        signal_id=row.signal_id,
        uscc=row.uscc,
        family=row.family,
        family_zh=names.get(row.family, ""),
        severity=Severity(row.severity).name.lower(),
        suggested_step=row.suggested_step,
        evidence=list(row.evidence),
        measure=row.measure,
        area_code=row.entity_area,
        raised_on=row.raised_on,
        due_on=row.due_on,
        raised_at=row.raised_at,
        updated_at=row.updated_at,
        updates=row.updates,
        state=_state(row),
        open=row.is_open,
        cleared_on=row.cleared_on,
        cleared_reason=row.cleared_reason if by_somebody else None,
        cleared_by=row.cleared_by if by_somebody else None,
        useful=row.useful,
        entity_name=row.entity_name,
        assignee=row.assignee,
        snoozed_until=row.snoozed_until,
    )


def _state(row: SignalRow) -> str:
    if row.cleared_on is not None:
        return "cleared"
    if row.silent or row.suppressed:
        return "suppressed"
    return "open" if row.snoozed_until is None else "snoozed"


def count_view(row: SignalCount) -> CountView:
    """A row of `SignalReads`."""
    return CountView(
        state=row.state,
        severity=Severity(row.severity).name.lower(),
        signals=row.signals,
        mine=row.mine,
        unassigned=row.unassigned,
        overdue=row.overdue,
    )


def step_view(row: StepRow) -> StepView:
    """A row of `SignalReads`, or of `SignalWork`."""
    return StepView(
        step_id=row.step_id,
        at=row.at,
        by=row.by,
        kind=row.kind,
        action=row.action,
        assignee=row.assignee,
        until=row.until,
        note=row.note,
    )


def suppression_view(row: SuppressionRow) -> SuppressionView:
    """A row of `SignalReads`."""
    return SuppressionView(
        suppression_id=row.suppression_id,
        family=row.family,
        area=row.area_code or None,
        uscc=row.uscc or None,
        until=row.until,
        reason=row.reason,
        made_by=row.made_by,
        made_at=row.made_at,
        ended_by=row.ended_by,
        ended_at=row.ended_at,
        in_force=row.in_force,
    )
