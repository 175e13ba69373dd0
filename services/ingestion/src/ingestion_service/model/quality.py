"""How good what a source sends is: figures of one day (数据质量)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Contradiction(StrEnum):
    """How a fact contradicts the registry or other facts, as far as the ledger knows when it is looked at."""

    PENALTY_UNKNOWN = "penalty_unknown"
    """A penalty is annulled that was never received from this source."""
    LISTING_UNKNOWN = "listing_unknown"
    """An entity leaves a list, and no fact ever entered it on any."""
    FILED_AND_MISSED = "filed_and_missed"
    """A report was filed in time for a year for which it is also reported missed."""
    UNREGISTERED = "unregistered"
    """Nothing tells that the entity was ever registered."""
    AFTER_CANCELLATION = "after_cancellation"
    """What only a living entity does happened after its registration was cancelled."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Figures of a day (Asia/Shanghai), a source and a type of fact; a type of None: all types.

    Attributes:
        new: Facts that came for the first time.
        duplicates: Facts that came again.
        accepted: New facts that were accepted as they came.
        usable: New facts that stand as accepted now, those released included.
        dated: New facts of which it is known when they occurred.
        timely: Of these, those that came within so many days of it.
        lag_median_s: Seconds from occurring to coming, the median.
        lag_p95_s: Likewise, the 95th percentile.
        members: Optional members that the facts examined could have told.
        filled: Of these, those told.
        contradicting: Usable facts with a contradiction.
        contradictions: How many of each kind; a fact may have several.
    """

    day: date
    source: str
    fact_type: str | None
    new: int
    duplicates: int
    accepted: int
    usable: int
    dated: int
    timely: int
    lag_median_s: int | None
    lag_p95_s: int | None
    examined: int
    members: int
    filled: int
    contradicting: int
    contradictions: Mapping[str, int]

    @property
    def completeness(self) -> float | None:
        """Share of optional members that were told."""
        return _share(self.filled, self.members)

    @property
    def validity(self) -> float | None:
        """Share of new facts that were accepted as they came."""
        return _share(self.accepted, self.new)

    @property
    def timeliness(self) -> float | None:
        """Share of dated facts that came in time."""
        return _share(self.timely, self.dated)

    @property
    def uniqueness(self) -> float | None:
        """1 − duplicates ÷ all that came."""
        return _share(self.new, self.new + self.duplicates)

    @property
    def consistency(self) -> float | None:
        """Share of usable facts without a contradiction."""
        return _share(self.usable - self.contradicting, self.usable)


def _share(part: int, whole: int) -> float | None:
    return None if whole == 0 else round(part / whole, 4)
