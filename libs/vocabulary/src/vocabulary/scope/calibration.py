"""How often an inference was right, by how clearly its votes spoke."""

from functools import cache
from typing import Final

from vocabulary.code_tables import document

_NAME_ALONE: Final = 0.6


def clarity(winner: float, total: float, *, scope_speaks: bool) -> float:
    """The winner's share of all votes, lowered where there were few votes or only the name's; 0 to 1."""
    share = winner / total * min(1.0, 0.5 + winner / 2)
    return share if scope_speaks else share * _NAME_ALONE


def confidence(found: float) -> float:
    """The share of right letters among labelled inferences of such clarity."""
    return next(value for least, value in _steps() if found >= least)


@cache
def _steps() -> tuple[tuple[float, float], ...]:
    """From the clearest down; the last begins at 0."""
    rows = document("scope_confidence")["steps"]["rows"]
    return tuple((row["clarity"], row["confidence"]) for row in rows)
