"""What all kinds of file are read as: a header, and numbered rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingestion_service.errors import FileRefused
from ingestion_service.model.verdict import Problem

MOST_COLUMNS = 1000
Cells = Sequence[object]
Record = tuple[int, Cells | Problem | None]
"""A row's number, as a spreadsheet counts; its cells, what is wrong with it as a whole, or None when it is empty."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file that is open.

    Attributes:
        header: Names of its columns.
        records: Its rows after the header, in order.
        share: How much of it is read, 0 to 1.
        format: What kind of file it is; `encoding` is that of its text.
        open_header: Whether rows need not have the columns of the header.
    """

    header: list[str]
    records: Iterator[Record]
    share: Callable[[], float]
    format: str
    encoding: str = ""
    open_header: bool = False


def header_of(cells: Sequence[object]) -> list[str]:
    """Names of columns, without space around them and without empty ones at the end.

    Raises:
        FileRefused: There are none, or too many.
    """
    names = [str(cell).strip().removeprefix("\ufeff") if cell is not None else "" for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise FileRefused("header", "is empty", "a row with the names of the columns; see header_row")
    if len(names) > MOST_COLUMNS:
        raise FileRefused("header", f"has {len(names)} columns", f"at most {MOST_COLUMNS}")
    return names


def fitted(cells: Sequence[object], width: int) -> Sequence[object]:
    """The cells without empty ones beyond the header."""
    if len(cells) > width and not any(cells[width:]):
        return cells[:width]
    return cells


def is_blank(cells: Sequence[object]) -> bool:
    """Whether nothing stands in any cell."""
    return not any(cell is not None and cell != "" for cell in cells)
