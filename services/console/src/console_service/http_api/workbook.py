"""Writes an entity's file as an Excel workbook: dates are dates, codes are text, and no text is ever a formula."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter

from console_service.rules.sheets import ENTITY, POINTS, SHEETS, Cell, Column, rows
from console_service.upstream.entity import MOST_ROWS, EntityFile

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_TEXT = 32_767
"""Excel's own limit for a cell."""

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def workbook(file: EntityFile, language: str) -> bytes:
    """The workbook, its headings in `zh` or `en`."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        writer = _Writer(book, language)
        writer.entity(file)
        for sheet in SHEETS:
            name = sheet.zh if language == "zh" else sheet.en
            writer.table(name, sheet.columns, file.lists[sheet.source], cut=sheet.source in file.cut)
    return buffer.getvalue()


class _Writer:
    def __init__(self, book: Any, language: str) -> None:
        self._book = book
        self._zh = language == "zh"
        self._head = book.add_format({"bold": True, "bg_color": "#EEF3FB"})
        self._text = book.add_format({"num_format": "@"})
        self._date = book.add_format({"num_format": "yyyy-mm-dd"})
        self._instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def entity(self, file: EntityFile) -> None:
        """Identity and class, one thing a line, and below them what gave which points."""
        page = self._book.add_worksheet("主体" if self._zh else "Entity")
        page.set_column(0, 0, 26)
        page.set_column(1, 6, 30)
        told = {"entity": file.entity, "class": file.explained}
        for number, (column, (value,)) in enumerate(
            zip(ENTITY, ((next(rows([each], [told]))) for each in ENTITY), strict=True)
        ):
            page.write_string(number, 0, self._heading(column), self._head)
            self._write(page, number, 1, value)
        self._rows(page, len(ENTITY) + 1, POINTS, file.explained.get("indicators", ()))

    def table(self, name: str, columns: Sequence[Column], items: Sequence[Any], *, cut: bool) -> None:
        """A sheet of its own, with a line that says so where there is more."""
        page = self._book.add_worksheet(name)
        page.freeze_panes(1, 0)
        page.set_column(0, len(columns) - 1, 20)
        last = self._rows(page, 0, columns, items)
        if cut:
            told = f"仅前 {MOST_ROWS} 条" if self._zh else f"The first {MOST_ROWS} only"
            page.write_string(last, 0, told, self._head)

    def _rows(self, page: Any, top: int, columns: Sequence[Column], items: Iterable[Any]) -> int:
        for place, column in enumerate(columns):
            page.write_string(top, place, self._heading(column), self._head)
        number = top
        for number, cells in enumerate(rows(columns, list(items)), top + 1):
            for place, value in enumerate(cells):
                self._write(page, number, place, value)
        return number + 1

    def _write(self, page: Any, number: int, place: int, value: Cell) -> None:
        if isinstance(value, str):
            page.write_string(number, place, value[:_LONGEST_TEXT], self._text)
        elif isinstance(value, bool):
            page.write_string(number, place, ("是" if value else "否") if self._zh else str(value).lower())
        elif isinstance(value, datetime):
            page.write_datetime(number, place, value, self._instant)
        elif isinstance(value, date):
            page.write_datetime(number, place, value, self._date)
        elif value is not None:
            page.write_number(number, place, value)

    def _heading(self, column: Column) -> str:
        return column.zh if self._zh else column.en
