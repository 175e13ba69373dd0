"""What people decided about one entity's class (人工调整, 异议)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class InterventionKind(StrEnum):
    """What it does while it is in force."""

    MANUAL = "manual"
    """Sets the class; what an override says it does not take away."""
    RESTING = "resting"
    """An item that is objected to gives no points."""


@dataclass(frozen=True, slots=True)
class Intervention:
    """One that is in force.

    Attributes:
        id: number in the books.
        risk_class: 1 to 4 for a manual one, else 0.
        indicator: code of the item that rests, else empty.
    """

    id: int
    uscc: str
    kind: InterventionKind
    risk_class: int = 0
    indicator: str = ""


class Standing(StrEnum):
    """Where an intervention stands."""

    PROPOSED = "proposed"
    REFUSED = "refused"
    IN_FORCE = "in_force"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A class that a person holds right, with reason and evidence, until a day.

    Attributes:
        risk_class: letter A to D.
        evidence: names of facts, or links.
        expires_on: last day.
    """

    uscc: str
    risk_class: str
    reason: str
    evidence: tuple[str, ...]
    expires_on: date


@dataclass(frozen=True, slots=True)
class KeptIntervention:
    """An intervention as the books have it, whole.

    Attributes:
        risk_class: letter; None of one that rests an item.
        objection: number of the objection that an item rests for.
        expires_on: last day; None where only the source's correction ends it.
        decided_by: who approved or refused a manual one.
    """

    id: int
    uscc: str
    kind: InterventionKind
    risk_class: str | None
    indicator: str
    objection: int | None
    reason: str
    evidence: tuple[str, ...]
    expires_on: date | None
    state: Standing
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    ended_by: str | None
    ended_at: datetime | None
    end_reason: str


class ObjectionState(StrEnum):
    """What became of an objection."""

    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Filing:
    """What an entity objects to.

    Attributes:
        record: the fact objected to as `source|fact_id`; empty where only items are named.
        indicators: codes of the items that rest meanwhile; empty where the record says them.
        ground: why, in the entity's words.
    """

    uscc: str
    record: str
    indicators: tuple[str, ...]
    ground: str
    evidence: tuple[str, ...]
    filed_on: date


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection as the books have it (异议).

    Attributes:
        due_on: last day to decide it.
        must_happen: of an upheld one, what the source must correct.
    """

    number: int
    uscc: str
    record: str
    indicators: tuple[str, ...]
    ground: str
    evidence: tuple[str, ...]
    filed_by: str
    filed_on: date
    filed_at: datetime
    due_on: date
    state: ObjectionState
    decided_by: str | None
    decided_at: datetime | None
    reason: str
    must_happen: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """How an objection is decided.

    Attributes:
        must_happen: of an upheld one, what the source must correct; empty where it is rejected.
        rests_until: last day that the items of an upheld one rest; None until the correction arrives.
    """

    upheld: bool
    reason: str
    must_happen: str = ""
    rests_until: date | None = None
