"""Excel workbooks of one sheet: written, and read without trusting them."""

import asyncio
import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

import xlsxwriter
from httpapi.field_errors import FieldError
from httpapi.problems import BadRequest
from openpyxl.reader.excel import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from starlette.responses import Response

from ingestion_service.rules.sheet import MOST_COLUMNS
from ingestion_service.rules.workbook import BROKEN, Part, excess

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSX_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}
XLSX_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}},
    }
}
_MOST_UNPACKED = 256 * 1024**2
_MOST_SHARED_TEXT = 64 * 1024**2
_MOST_MARKUP = 6_000_000
"""XML elements, roughly: a million and a half cells with their texts. What they become in memory is in this process."""
_LONGEST_SHEET = 20_000
_AT_ONCE = 1024 * 1024
_PLAIN = {
    "in_memory": True,
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""What a stranger's fact says is never taken for a formula or an address."""
_BROKEN = (InvalidFileException, *BROKEN)


async def workbook(name: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Response:
    """The answer that is a workbook of this name, with one sheet."""
    body = await asyncio.to_thread(_write, header, rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(body, 200, headers, media_type=XLSX)


async def sheet(body: bytes, most_rows: int) -> list[tuple[int, dict[str, Any]]]:
    """The rows of a workbook's first sheet: number there, and cells by the header of their column.

    Raises:
        BadRequest: It is no workbook, or larger than such sheets are.
    """
    return await asyncio.to_thread(_read, body, most_rows)


def _write(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _PLAIN) as book:
        page = book.add_worksheet()
        page.freeze_panes(1, 0)
        page.write_row(0, 0, header, book.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            page.write_row(number, 0, row)
    return buffer.getvalue()


def _read(body: bytes, most_rows: int) -> list[tuple[int, dict[str, Any]]]:
    try:
        _require_modest(body)
        book = load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        rows = _rows(book.worksheets[0])
        header = [str(cell or "").strip() for cell in next(rows, ())]
        found = []
        for number, row in enumerate(rows, start=2):
            if any(cell is not None for cell in row):
                found.append((number, dict(zip(header, row, strict=False))))
            if len(found) > most_rows:
                raise _wrong("has too many rows", f"at most {most_rows} rows below the header")
    except _BROKEN as error:
        raise _wrong("is not a workbook", "an .xlsx file with a sheet") from error
    return found


def _rows(page: Any) -> Iterator[tuple[Any, ...]]:
    """The rows, as long as they are no more and no wider than they may be; what the sheet declares need not be so."""
    _require_size(page.max_row or 1, page.max_column or 1)
    page.reset_dimensions()
    for number, row in enumerate(page.iter_rows(values_only=True), start=1):
        _require_size(number, len(row))
        yield row


def _require_size(rows: int, columns: int) -> None:
    if rows > _LONGEST_SHEET:
        raise _wrong(f"has more than {_LONGEST_SHEET} rows", "the sheet as it was exported, with fewer rows")
    if columns > MOST_COLUMNS:
        raise _wrong(f"is wider than {MOST_COLUMNS} columns", "the columns that the sheet came with")


def _require_modest(body: bytes) -> None:
    """What it unpacks to, and how much the parser would build of it, is known before it is parsed."""
    expected = "the sheet as it was exported, with fewer rows"
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = archive.infolist()
        declared = [Part(part.filename, part.file_size, part.compress_size) for part in parts]
        if (problem := excess(declared, _MOST_UNPACKED, _MOST_SHARED_TEXT)) is not None:
            raise _wrong(problem, expected)
        if sum(_markup(archive, part) for part in parts) > _MOST_MARKUP:
            raise _wrong("has too many cells", expected)


def _markup(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    with archive.open(part) as unpacked:
        return sum(chunk.count(b"<") for chunk in iter(lambda: unpacked.read(_AT_ONCE), b""))


def _wrong(problem: str, expected: str) -> BadRequest:
    return BadRequest("The sheet cannot be read.", errors=[FieldError("body", problem, expected)])
