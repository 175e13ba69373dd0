"""How the classes of a city, an area or a sector were mixed on a day (分类占比)."""

from datetime import date
from typing import NamedTuple


class MixQuestion(NamedTuple):
    """Whose mix is asked for, and when.

    Attributes:
        since, until: First and last day.
        monthly: Of each month the last day that is known, else every day.
        area_code: Of one area only; None for all.
        sector: Of its members, by their class in it; empty for all entities by their general class.
    """

    since: date
    until: date
    monthly: bool
    area_code: str | None
    sector: str


class MixOfDay(NamedTuple):
    """How many entities were in a class on a day."""

    day: date
    risk_class: str
    entities: int
