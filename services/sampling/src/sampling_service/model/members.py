"""The object pool (检查对象库): who may be inspected, and what of them decides how they are drawn."""

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

LETTERS: Final = ("", "A", "B", "C", "D")
"""Classes by number; the empty one is an entity not yet classified."""
BY_LAW: Final = 8
RESTRAINED: Final = 16


class ClassNews(NamedTuple):
    """What classification says of an entity.

    Attributes:
        change_number: lower or equal to the one known is old news.
        overridden: a floor or override decided, not the score.
        by_law: on the serious-violation list: key supervision by law.
    """

    uscc: str
    change_number: int
    risk_class: str
    under_observation: bool
    overridden: bool
    by_law: bool
    day: date


class Description(NamedTuple):
    """Who an entity is; `version` lower or equal to the one known is old news."""

    uscc: str
    version: int
    name: str
    entity_type: str
    status: str
    area_code: str
    industry: str
    address: str
    day: date


@dataclass(frozen=True, slots=True)
class Member:
    """One entity of the object pool; what has not been heard yet is empty.

    Attributes:
        pool_reason: why it is in the key-supervision pool (重点监管对象库): `class_d`, `serious_listing`, or empty.
        pool_since: first day in that pool.
    """

    uscc: str
    change_number: int = 0
    risk_class: str = ""
    under_observation: bool = False
    overridden: bool = False
    by_law: bool = False
    version: int = 0
    name: str = ""
    entity_type: str = ""
    status: str = ""
    area_code: str = ""
    industry: str = ""
    address: str = ""
    pool_reason: str = ""
    pool_since: date | None = None

    @property
    def code(self) -> int:
        """The byte that a draw seals: class, key supervision by law, and restraint in the observation year."""
        restrained = self.under_observation and not self.overridden
        return LETTERS.index(self.risk_class) | BY_LAW * self.by_law | RESTRAINED * restrained
