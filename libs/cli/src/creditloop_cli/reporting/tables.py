"""A figure of a report: what it counts, in one sentence, and its rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """``definition`` is one sentence. A float is a share of 1, unless its column says otherwise."""

    key: str
    title: str
    definition: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]

    def document(self) -> dict[str, object]:
        """The table for machines."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"title": self.title, "definition": self.definition, "rows": rows}


def share(part: int, whole: int) -> float:
    """A part of a whole, 0 of nothing; in steps that print the same everywhere."""
    return round(part / whole, 6) if whole else 0.0


def counted(counts: Mapping[str, int], whole: int) -> list[tuple[str, int, float]]:
    """Each name with its count and share, in the order given."""
    return [(name, count, share(count, whole)) for name, count in counts.items()]


SIZES = ((1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (21, 50), (51, 100), (101, None))


def by_size(sizes: Iterable[int]) -> list[tuple[str, int, int]]:
    """How many groups there are of each size, and how many members they have together."""
    found = list(sizes)
    rows = []
    for least, most in SIZES:
        within = [size for size in found if least <= size and (most is None or size <= most)]
        label = f"{least}+" if most is None else str(least) if least == most else f"{least}–{most}"
        rows.append((label, len(within), sum(within)))
    return rows
