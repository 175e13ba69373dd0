"""What becomes of a fact, and why."""

from enum import IntEnum, StrEnum

from msgspec import Struct


class Outcome(StrEnum):
    """What its sender is told of a fact."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    REJECTED = "rejected"


class Standing(IntEnum):
    """How a fact stands in the ledger."""

    ACCEPTED = 1
    QUARANTINED = 2


class Reason(StrEnum):
    """Why a fact is quarantined. From Kafka also `rejected:<field>`: there is nobody to answer there."""

    SUBJECT_MISSING = "subject_missing"
    OLD_REGISTRATION_NUMBER = "uscc_old_registration_number"
    WRONG_LENGTH = "uscc_wrong_length"
    WRONG_ALPHABET = "uscc_wrong_alphabet"
    WRONG_CHECK_DIGIT = "uscc_wrong_check_digit"
    LEGACY_PILOT = "uscc_legacy_pilot"
    TIME_MISSING = "time_missing"
    IMPOSSIBLE_DATE = "impossible_date"
    UNKNOWN_AREA = "unknown_area"
    OTHER_ENTITY = "other_entity"
    """It retracts or supersedes a fact of another entity; only the ledger tells."""


class Problem(Struct, frozen=True, gc=False):
    """One field at fault: a dotted path in the CloudEvent, what is wrong, and what would be right."""

    field: str
    problem: str
    expected: str


class Verdict(Struct, frozen=True, gc=False, omit_defaults=True):
    """The answer for one fact; `id` is null when the fact's own cannot be read."""

    id: str | None
    verdict: Outcome
    reason: str | None = None
    problems: tuple[Problem, ...] = ()


class Tally(Struct):
    """How many facts of a stream got which verdict."""

    accepted: int = 0
    duplicate: int = 0
    quarantined: int = 0
    rejected: int = 0

    @property
    def read(self) -> int:
        """All facts judged."""
        return self.accepted + self.duplicate + self.quarantined + self.rejected

    @property
    def all_here(self) -> bool:
        """Whether every fact is in the ledger and usable: accepted now, or known before."""
        return not self.quarantined and not self.rejected
