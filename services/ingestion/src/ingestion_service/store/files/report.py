"""The report of a check or a load as an Excel workbook: a summary, and the rows, written as a stream."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import msgspec
from openpyxl.cell.cell import WriteOnlyCell
from openpyxl.styles.fonts import Font
from openpyxl.workbook.workbook import Workbook

from ingestion_service.model.file import Listed, ReportOrder

ROWS_OF_A_SHEET = 1_000_000
_LONGEST_TEXT = 32_767
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = ("行号 row", "结果 verdict", "列 column", "字段 field", "问题 problem", "应为 expected")
_decode = msgspec.json.Decoder(Listed).decode
_header_of = msgspec.json.Decoder(list[str]).decode


def write_report(order: ReportOrder) -> int:
    """The report is at its place, whole; answers how many lines its sheets of rows have."""
    book = Workbook(write_only=True)
    _summary(book, order)
    lines = _lines(Path(order.listing), order.listing_bytes)
    header = _header_of(next(lines, b"[]"))
    written = 0
    for number, first in enumerate(lines, start=1):
        sheet = book.create_sheet(f"行 rows {number}")
        sheet.append([_bold(sheet, name) for name in (*_HEAD, *header)])
        for line in chain([first], islice(lines, ROWS_OF_A_SHEET - 1)):
            sheet.append(_row(sheet, _decode(line)))
            written += 1
    partial = Path(order.into + ".partial")
    book.save(partial)
    partial.replace(order.into)
    return written


def _lines(listing: Path, length: int) -> Iterator[bytes]:
    """The lines that belong to the report; later ones are of rows that are not done with."""
    read = 0
    if not listing.exists():
        return
    with listing.open("rb") as file:
        for line in file:
            read += len(line)
            if read > length:
                return
            yield line


def _summary(book: Workbook, order: ReportOrder) -> None:
    sheet = book.create_sheet("汇总 summary")
    sheet.column_dimensions["A"].width = 36
    sheet.column_dimensions["B"].width = 60
    for name, value in order.summary:
        sheet.append([_bold(sheet, name), _text(sheet, value)])
    sheet.append([])
    sheet.append([_bold(sheet, name) for name in ("结果 verdict", "字段 field", "原因 reason", "行数 rows")])
    for verdict, field, reason, rows in order.reasons:
        sheet.append([_text(sheet, verdict), _text(sheet, field), _text(sheet, reason), rows])


def _row(sheet: Any, listed: Listed) -> list[Any]:
    said: Sequence[str] = (listed.verdict, listed.column, listed.field, listed.problem, listed.expected)
    return [listed.row, *(_text(sheet, text) for text in (*said, *listed.cells))]


def _text(sheet: Any, text: str) -> Any:
    """A cell that is text whatever it begins with: nothing that a sender wrote is ever a formula."""
    cell = WriteOnlyCell(sheet, None)
    cell.value = _FORBIDDEN.sub("\ufffd", text)[:_LONGEST_TEXT]
    if cell.value is not None:
        cell.data_type = "s"
    return cell


def _bold(sheet: Any, text: str) -> Any:
    cell = _text(sheet, text)
    cell.font = Font(bold=True)
    return cell
