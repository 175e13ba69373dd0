"""Rows of an Excel workbook, read row by row; what it unpacks to is bounded before it is unpacked."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO
from zipfile import ZipFile

from openpyxl.reader.excel import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from ingestion_service.errors import FileRefused
from ingestion_service.model.mapping import Mapping
from ingestion_service.rules.workbook import BROKEN, Part, excess
from ingestion_service.store.files.tables import Record, Table, fitted, header_of, is_blank

MOST_UNPACKED = 4 * 1024**3
MOST_SHARED_TEXT = 96 * 1024**2
MOST_CELLS = 60_000_000
_BROKEN = (InvalidFileException, *BROKEN)
_AS_CSV = "an Excel workbook (.xlsx); larger ones as CSV"


def open_xlsx(file: BinaryIO, mapping: Mapping) -> Table:
    """The sheet as a table.

    Raises:
        FileRefused: It is no workbook, unpacks to too much, or lacks the sheet.
    """
    _require_bounded(file)
    try:
        book = load_workbook(file, read_only=True, data_only=True)
        sheet = _sheet(book, mapping.sheet)
        rows = _Rows(sheet)
        rows.skip(mapping.header_row - 1)
        header = header_of(next(rows, ()))
    except _BROKEN as error:
        raise FileRefused("file", "is a damaged workbook", _AS_CSV) from error
    most = max(int(sheet.max_row or 1), 1)
    sheet.reset_dimensions()
    return Table(header, _records(rows, len(header)), lambda: min(rows.number / most, 1.0), "xlsx")


def _require_bounded(file: BinaryIO) -> None:
    """Declared sizes bind: no more than them is ever unpacked."""
    try:
        with ZipFile(file) as archive:
            parts = [Part(part.filename, part.file_size, part.compress_size) for part in archive.infolist()]
    except _BROKEN as error:
        raise FileRefused("file", "is no workbook", _AS_CSV) from error
    if (problem := excess(parts, MOST_UNPACKED, MOST_SHARED_TEXT)) is not None:
        raise FileRefused("file", problem, _AS_CSV)


def _sheet(book: Any, name: str | None) -> Any:
    if name is not None and name not in book.sheetnames:
        raise FileRefused("sheet", f"{name} is not there", f"one of {', '.join(book.sheetnames)}")
    sheets = [sheet for sheet in book.worksheets if name in {None, sheet.title}]
    if not sheets:
        raise FileRefused("sheet", "is not there", "a workbook with a sheet of cells")
    return sheets[0]


class _Rows(Iterator[tuple[object, ...]]):
    """Rows with their numbers; bounded in how many cells they have together."""

    def __init__(self, sheet: Any) -> None:
        self._rows = sheet.iter_rows(values_only=True)
        self._cells = 0
        self.number = 0

    def __next__(self) -> tuple[object, ...]:
        self.number += 1
        try:
            row: tuple[object, ...] = next(self._rows)
        except _BROKEN as error:
            raise FileRefused(f"row {self.number}", "cannot be read", _AS_CSV) from error
        self._cells += len(row)
        if self._cells > MOST_CELLS:
            raise FileRefused("sheet", f"has more than {MOST_CELLS} cells", _AS_CSV)
        return row

    def skip(self, rows: int) -> None:
        for _ in islice(self, rows):
            pass


def _records(rows: _Rows, width: int) -> Iterator[Record]:
    for cells in rows:
        if is_blank(cells):
            yield rows.number, None
        elif len(cells) < width:
            yield rows.number, (*cells, *[None] * (width - len(cells)))
        else:
            yield rows.number, fitted(cells, width)
