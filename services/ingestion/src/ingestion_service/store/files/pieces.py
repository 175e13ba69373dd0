"""Rows of a table, mapped and put together in pieces."""

from collections.abc import Iterator, Sequence
from itertools import chain

import msgspec

from ingestion_service.model.file import Piece
from ingestion_service.model.verdict import Problem
from ingestion_service.rules.mapping.rows import Refused, RowMapper
from ingestion_service.store.files.tables import Cells, Record, Table

MOST_ROWS = 2000
MOST_BYTES = 2 * 1024 * 1024
LONGEST_SHOWN = 1000
_encode = msgspec.msgpack.Encoder().encode


class _Gathering:
    """A piece that is still growing."""

    def __init__(self, start: int) -> None:
        self.start = self.end = start
        self.rows: list[int] = []
        self.events: list[bytes] = []
        self.refused: dict[int, tuple[str | None, tuple[Problem, ...]]] = {}
        self.cells: list[list[str]] = []
        self.size = 0

    def add(self, number: int, cells: Cells | Problem, mapper: RowMapper) -> None:
        made = Refused(None, (cells,)) if isinstance(cells, Problem) else mapper.event(cells)
        if isinstance(made, Refused):
            self.refused[len(self.rows)] = (made.id, made.problems)
            made = b""
        shown = [] if isinstance(cells, Problem) else shown_cells(cells)
        self.rows.append(number)
        self.events.append(made)
        self.cells.append(shown)
        self.size += len(made) + sum(map(len, shown))

    def whole(self, share: float) -> Piece:
        return Piece(
            self.start, self.end, min(share, 1.0), self.rows, self.events, self.refused, _encode(self.cells)
        )


def pieces(table: Table, mapper: RowMapper, after: int) -> Iterator[Piece]:
    """The rows after row `after`, mapped; the last piece is there even when only empty rows are in it."""
    gathering = _Gathering(after)
    for number, cells in _after(table.records, after):
        gathering.end = number
        if cells is not None:
            gathering.add(number, cells, mapper)
        if len(gathering.rows) == MOST_ROWS or gathering.size > MOST_BYTES:
            yield gathering.whole(table.share())
            gathering = _Gathering(number)
    if gathering.end > gathering.start:
        yield gathering.whole(1.0)


def _after(records: Iterator[Record], after: int) -> Iterator[Record]:
    for record in records:
        if record[0] > after:
            return chain([record], records)
    return iter(())


def shown_cells(cells: Sequence[object]) -> list[str]:
    """The cells as text, for people."""
    return [
        cell[:LONGEST_SHOWN] if type(cell) is str else "" if cell is None else str(cell)[:LONGEST_SHOWN]
        for cell in cells
    ]
