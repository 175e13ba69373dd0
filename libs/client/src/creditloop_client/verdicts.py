"""The service's answer for each fact."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a fact.

    Quarantined (隔离) facts are in the ledger: staff will look at them. They need not be sent again.
    """

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Problem:
    """One field at fault: its path in the fact, what is wrong, and what would be right."""

    field: str
    problem: str
    expected: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one fact.

    Attributes:
        id: The fact's id.
        outcome: What became of it.
        reason: Why it was quarantined; empty otherwise.
        problems: What is wrong with it, when it was rejected.
    """

    id: str
    outcome: Outcome
    reason: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def delivered(self) -> bool:
        """Whether the service has it: everything but rejected."""
        return self.outcome is not Outcome.REJECTED

    @property
    def why(self) -> str:
        """What is wrong, in words; empty when nothing is."""
        told = "; ".join(
            f"{each.field} {each.problem} (expected: {each.expected})".strip() for each in self.problems
        )
        return told or self.reason
