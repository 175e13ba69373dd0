"""Writes an entity's file as an Excel workbook: dates are dates, codes are text, and no text is ever a formula."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter

from console_service.rules.cells import Cell, Figure, Item, cell, heading, rows
from console_service.rules.sheets import ENTITY, INTERNAL, MADE, SHEETS, Column
from console_service.rules.words import Words
from console_service.upstream.entity import MOST_ROWS, EntityFile

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST_TEXT = 32_767
"""Excel's own limit for a cell."""
_WIDEST = 60
"""Characters of a column; what is longer is wrapped."""

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_TOP: Mapping[str, Any] = {"valign": "top"}
_HEAD: Mapping[str, Any] = {**_TOP, "bold": True, "bg_color": "#EEF3FB"}
_TEXT: Mapping[str, Any] = {**_TOP, "num_format": "@", "text_wrap": True}


def workbook(file: EntityFile, words: Words, made: Item) -> bytes:
    """The workbook in the language of the words; `made` has when (`at`) and by whom (`by`)."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        writer = _Writer(book, words)
        writer.entity({"entity": file.entity, "class": file.explained, "made": made})
        lists = {**file.lists, "indicators": file.explained.get("indicators", [])}
        for sheet in SHEETS:
            items = lists[sheet.source]
            writer.table(words.say(sheet.zh, sheet.en), sheet.columns, items, cut=sheet.source in file.cut)
    return buffer.getvalue()


class _Writer:
    def __init__(self, book: Any, words: Words) -> None:
        self._book = book
        self._words = words
        self._formats: dict[str, Any] = {}

    def entity(self, item: Item) -> None:
        """That it is internal, when and by whom it was made, and below it identity and class, one thing a line."""
        words = self._words
        page = _Page(self._page(words.say("主体", "Entity")), left=True)
        page.sheet.write_string(0, 0, words.say(*INTERNAL), self._format(bold=True, font_color="#B42318"))
        for number, column in enumerate((*MADE, *ENTITY), 1):
            self._head(page, number, 0, column)
            self._write(page, number, 1, cell(column, item, words))
        page.fit()

    def table(self, name: str, columns: Sequence[Column], items: Sequence[Item], *, cut: bool) -> None:
        """A sheet of its own, with a line that says so where there is more."""
        page = _Page(self._page(name))
        page.sheet.freeze_panes(1, 0)
        page.sheet.repeat_rows(0)
        for place, column in enumerate(columns):
            self._head(page, 0, place, column)
        for number, cells in enumerate(rows(columns, items, self._words), 1):
            for place, value in enumerate(cells):
                self._write(page, number, place, value)
        page.fit()
        if cut:
            told = self._words.say(f"仅前 {MOST_ROWS} 条", f"The first {MOST_ROWS} only")
            page.sheet.write_string(len(items) + 1, 0, told, self._format(**_HEAD))

    def _page(self, name: str) -> Any:
        page = self._book.add_worksheet(name)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.set_footer(f"&L{self._words.say(*INTERNAL)}&R&P / &N")
        return page

    def _head(self, page: "_Page", number: int, place: int, column: Column) -> None:
        said = heading(column, self._words)
        page.sheet.write_string(number, place, said, self._format(**_HEAD))
        page.wide(place, said)

    def _write(self, page: "_Page", number: int, place: int, value: Cell) -> None:
        side = {"align": "left"} if page.left else {}
        if isinstance(value, str):
            page.sheet.write_string(number, place, value[:_LONGEST_TEXT], self._format(**_TEXT))
            page.wide(place, value)
        elif isinstance(value, date):
            form = "yyyy-mm-dd hh:mm:ss" if isinstance(value, datetime) else "yyyy-mm-dd"
            page.sheet.write_datetime(number, place, value, self._format(**_TOP, **side, num_format=form))
            page.wide(place, form)
        elif isinstance(value, Figure):
            written = self._format(**_TOP, **side, num_format=value.form)
            page.sheet.write_number(number, place, value.value, written)
            page.wide(place, f"{value.value:,.2f}")

    def _format(self, **look: Any) -> Any:
        if (key := repr(look)) not in self._formats:
            self._formats[key] = self._book.add_format(look)
        return self._formats[key]


class _Page:
    """A sheet whose columns get as wide as what is written there."""

    def __init__(self, sheet: Any, *, left: bool = False) -> None:
        self.sheet = sheet
        self.left = left
        self._widths: dict[int, int] = {}

    def wide(self, place: int, text: str) -> None:
        """The column has room for this text, up to the widest."""
        width = max((_width(line) for line in text.splitlines()), default=0)
        self._widths[place] = max(self._widths.get(place, 0), min(width + 2, _WIDEST))

    def fit(self) -> None:
        """The columns are as wide as was asked for."""
        for place, width in self._widths.items():
            self.sheet.set_column(place, place, width)


def _width(text: str) -> int:
    """Characters of Latin width: a Chinese one takes two."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)
