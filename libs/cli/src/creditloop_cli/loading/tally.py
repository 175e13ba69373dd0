"""What became of the facts that were posted."""

from dataclasses import dataclass, field

_EXAMPLES = 5


@dataclass
class Tally:
    """Counts of verdicts, and why facts were not accepted.

    Attributes:
        read: Facts taken from the files, counted before they were posted.
        reasons: Reason of quarantine or rejection → how many.
        rejections: A few answers to rejected facts, word for word.
    """

    read: int = 0
    accepted: int = 0
    duplicate: int = 0
    quarantined: int = 0
    rejected: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    rejections: list[str] = field(default_factory=list)

    @property
    def answered(self) -> int:
        """All facts that got a verdict."""
        return self.accepted + self.duplicate + self.quarantined + self.rejected

    def add(self, verdict: str, reason: str) -> None:
        """One more fact got this verdict."""
        setattr(self, verdict, getattr(self, verdict) + 1)
        if reason:
            self.reasons[reason] = self.reasons.get(reason, 0) + 1
        if verdict == "rejected" and len(self.rejections) < _EXAMPLES:
            self.rejections.append(reason)

    def counts(self) -> dict[str, int]:
        """The four counts by name."""
        return {
            "accepted": self.accepted,
            "duplicate": self.duplicate,
            "quarantined": self.quarantined,
            "rejected": self.rejected,
        }
