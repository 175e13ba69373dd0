"""What people decided about one entity's class (人工调整, 异议)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

ENDLESS = 2**31 - 1
"""The last day of what no day ends."""


class InterventionKind(StrEnum):
    """What it does while it is in force."""

    MANUAL = "manual"
    """Sets the class; what an override says it does not take away."""
    RESTING = "resting"
    """What is objected to in an item gives no points."""


@dataclass(frozen=True, slots=True)
class Intervention:
    """One that is in force.

    Attributes:
        id: number in the books.
        risk_class: 1 to 4 for a manual one, else 0.
        indicator: code of the item that rests, else empty.
        share: how much of the item's value is the record's that is objected to; None where the whole item rests.
        last_day: days since 1970-01-01.
    """

    id: int
    uscc: str
    kind: InterventionKind
    risk_class: int = 0
    indicator: str = ""
    share: float | None = None
    last_day: int = ENDLESS


def lasting(some: Sequence[Intervention], business_day: int) -> Sequence[Intervention]:
    """Those of these that are not over by this day."""
    return [each for each in some if each.last_day >= business_day]


EXPIRED = "expired"
"""Why what its own day ended is in force no longer."""


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
        share: of a resting item what its record gave it; None where the whole item rests.
        expires_on: last day.
        decided_by: who approved or refused a manual one.
        refuse_reason: why a manual one was refused.
    """

    id: int
    uscc: str
    kind: InterventionKind
    risk_class: str | None
    indicator: str
    objection: int | None
    share: float | None
    reason: str
    evidence: tuple[str, ...]
    expires_on: date
    state: Standing
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    refuse_reason: str = ""
    ended_by: str | None = None
    ended_at: datetime | None = None
    end_reason: str = ""


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
        indicators: what it is about; those that a model scores rest meanwhile.
        due_on: last day to decide it.
        must_happen: of an upheld one, what the source must correct.
        rests_until: of an upheld one, the last day its items rest.
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
    state: ObjectionState = ObjectionState.OPEN
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str = ""
    must_happen: str = ""
    rests_until: date | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """How an objection is decided.

    Attributes:
        must_happen: of an upheld one, what the source must correct; empty where it is rejected.
        rests_until: last day that the items of an upheld one rest; None for as long as the rules allow.
    """

    upheld: bool
    reason: str
    must_happen: str = ""
    rests_until: date | None = None
