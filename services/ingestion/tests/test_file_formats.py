"""Reading files: their rows, their numbers, where to go on; and what is meant to do harm."""

import json
import random
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ingestion_files import HEADER, MAPPING, csv_of, row, xlsx_of
from ingestion_service.model.file import (
    Ended,
    Listed,
    Message,
    Opened,
    Piece,
    ReadOrder,
    ReportOrder,
    Trouble,
)
from ingestion_service.store.files import parquet_rows, pieces, report, xlsx_rows
from ingestion_service.store.files.child import messages
from openpyxl import load_workbook


def read(folder: Path, name: str, content: bytes, after: int = 0, **changes: object) -> list[Message]:
    path = folder / "content"
    path.write_bytes(content)
    mapping = json.dumps({**MAPPING, **changes}).encode()
    return list(
        messages("rows", msgspec.msgpack.encode(ReadOrder(str(path), name, mapping, "penalties", after)))
    )


def rows_of(told: list[Message]) -> list[int]:
    return [number for each in told if isinstance(each, Piece) for number in each.rows]


def trouble_of(told: list[Message]) -> Trouble:
    assert isinstance(told[-1], Trouble), told[-1]
    return told[-1]


def ndjson_of(count: int) -> bytes:
    lines = [json.dumps(dict(zip(HEADER, row(n), strict=True)), ensure_ascii=False) for n in range(count)]
    return "\n".join(lines).encode()


def parquet_of(count: int, **more: object) -> bytes:
    rows = [row(n) for n in range(count)]
    held = BytesIO()
    table = pa.table({name: [cells[at] for cells in rows] for at, name in enumerate(HEADER)})
    pq.write_table(table, held, **more)
    return held.getvalue()


def test_a_csv_is_read_without_the_libraries_of_other_kinds(tmp_path: Path) -> None:
    """They take longer to import, and more memory, than most files to be read."""
    path = tmp_path / "a.csv"
    path.write_bytes(csv_of([row(1)]))
    order = msgspec.msgpack.encode(ReadOrder(str(path), "a.csv", json.dumps(MAPPING).encode(), "penalties"))
    code = (
        "import sys; from ingestion_service.store.files.child import messages;"
        f"assert len(list(messages('rows', {order!r}))) == 3;"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'openpyxl', 'pyarrow', 'numpy'}))"
    )

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603

    assert told.stdout.strip() == "[]"


FILES = {
    "a.csv": csv_of(row(n) for n in range(25)),
    "a.xlsx": xlsx_of([row(n) for n in range(25)]),
    "a.ndjson": ndjson_of(25),
    "a.parquet": parquet_of(25, row_group_size=7),
}


@pytest.mark.parametrize("name", list(FILES))
@pytest.mark.parametrize("done", [0, 1, 10, 24, 25])
def test_reading_goes_on_behind_any_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, done: int
) -> None:
    """A load that was broken off must neither skip a row nor take one twice."""
    monkeypatch.setattr(pieces, "MOST_ROWS", 4)
    whole = read(tmp_path, name, FILES[name])
    numbers = rows_of(whole)
    after = numbers[done - 1] if done else 0

    rest = read(tmp_path, name, FILES[name], after)

    assert len(numbers) == 25
    assert rows_of(rest) == numbers[done:]
    assert isinstance(rest[-1], Ended)
    made = [each for each in whole if isinstance(each, Piece)]
    assert [piece.start for piece in made[1:]] == [piece.end for piece in made[:-1]]
    assert made[-1].share == 1.0


def test_rows_have_the_numbers_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    """Whoever mends the file finds the row by its number."""
    titled = (
        b"\xef\xbb\xbf" + "（虚构）处罚台账\r\n".encode() + csv_of([row(1), ["", "", "", "", "", ""], row(2)])
    )
    book = xlsx_of([HEADER, row(1), [], row(2)], ["（虚构）处罚台账"])

    assert rows_of(read(tmp_path, "a.csv", titled, header_row=2)) == [3, 5]
    assert rows_of(read(tmp_path, "a.xlsx", book, header_row=2)) == [3, 5]


def test_a_quoted_cell_may_hold_lines_and_delimiters(tmp_path: Path) -> None:
    """Addresses and scopes do."""
    told = read(tmp_path, "a.csv", csv_of([row(1, document='"一,\n""二"""'), row(2)]))

    assert rows_of(told) == [2, 3]
    assert isinstance(told[0], Opened)
    piece = told[1]
    assert isinstance(piece, Piece)
    assert json.loads(piece.events[0])["data"]["document_number"] == '一,\n"二"'


def test_an_encoding_is_found_however_late_its_first_character_comes(tmp_path: Path) -> None:
    """A registry may begin with a million rows of digits."""
    header = ["uscc", "day", "doc", "kind", "fine", "x"]
    columns = {"uscc": "subject", "day": "time", "doc": "data.document_number", "fine": "data.fine_fen"}
    changes = {
        "columns": columns,
        "id": {"columns": ["doc"]},
        "constants": {"data.kinds": "fine"},
        "codes": {},
    }
    plain = [row(n, day="2026-03-01", document=f"D{n}", kinds="fine", remark="x" * 200) for n in range(9000)]
    content = csv_of([*plain, row(9000, day="2026-03-01", remark="虚构")], header).decode().encode("gb18030")

    told = read(tmp_path, "a.csv", content, **changes, units={})

    assert isinstance(told[0], Opened)
    assert told[0].encoding == "gb18030"
    assert len(rows_of(told)) == 9001


# -- malice ---------------------------------------------------------------------------------------------------------


def bomb(part: str, size: int) -> bytes:
    """A workbook one part of which unpacks to so many bytes."""
    held = BytesIO(xlsx_of([row(1)]))
    with (
        zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open(part, "w") as out,
    ):
        for _ in range(size // 2**20):
            out.write(b" " * 2**20)
    return held.getvalue()


def test_a_workbook_that_unpacks_to_very_much_is_refused_unread(tmp_path: Path) -> None:
    """42 kilobytes may be four petabytes."""
    assert (
        "unpacks to" in trouble_of(read(tmp_path, "a.xlsx", bomb("xl/worksheets/x.xml", 64 * 2**20))).problem
    )


def test_a_workbook_with_more_text_than_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its strings are held while it is read."""
    monkeypatch.setattr(xlsx_rows, "MOST_SHARED_TEXT", 100)

    book = bomb("xl/sharedStrings.xml", 2**20)

    assert "bytes of text" in trouble_of(read(tmp_path, "a.xlsx", book)).problem


def test_a_sheet_of_very_many_cells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet may name a cell in its last row and column, and nothing before."""
    monkeypatch.setattr(xlsx_rows, "MOST_CELLS", 50)

    assert "more than 50 cells" in trouble_of(read(tmp_path, "a.xlsx", FILES["a.xlsx"])).problem


def test_a_row_group_that_unpacks_to_very_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column of one repeated value is nearly nothing on disk."""
    monkeypatch.setattr(parquet_rows, "MOST_OF_A_GROUP", 100)

    assert "row group" in trouble_of(read(tmp_path, "a.parquet", FILES["a.parquet"])).problem


@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet", "a.csv", "a.ndjson"])
def test_a_damaged_file_is_told_of_and_never_breaks_the_reader(tmp_path: Path, name: str) -> None:
    """A line of a department's network flips bits."""
    at_random = random.Random(11)
    for _ in range(60):
        content = bytearray(FILES[name])
        for _ in range(at_random.randrange(1, 30)):
            content[at_random.randrange(len(content))] = at_random.randrange(256)

        told = read(tmp_path, name, bytes(content))

        assert isinstance(told[-1], Ended | Trouble)


def test_a_line_of_an_ndjson_file_that_is_no_object_is_a_fault_of_its_row(tmp_path: Path) -> None:
    """The rest is read."""
    told = read(tmp_path, "a.ndjson", ndjson_of(2) + b"\n[1]\n{\n" + ndjson_of(1))

    piece = told[1]
    assert isinstance(piece, Piece)
    assert (rows_of(told), sorted(piece.refused)) == ([1, 2, 3, 4, 5], [2, 3])


# -- the report -----------------------------------------------------------------------------------------------------


def written(folder: Path, lines: list[Listed]) -> Path:
    listing = folder / "listing"
    listing.write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in [["甲", "乙"], *lines]))
    into = folder / "report.xlsx"
    order = ReportOrder(str(listing), listing.stat().st_size, str(into), [("行数 rows", "3")], [])
    assert isinstance(next(messages("report", msgspec.msgpack.encode(order))), Ended)
    return into


def test_a_report_of_more_rows_than_a_sheet_goes_on_in_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sheet ends at 1,048,576 rows; faults need not."""
    monkeypatch.setattr(report, "ROWS_OF_A_SHEET", 2)

    book = load_workbook(
        written(tmp_path, [Listed(n, "rejected", "", "", "", "", ["a", "b"]) for n in range(5)])
    )

    assert [sheet.max_row for sheet in book.worksheets[1:]] == [3, 3, 2]
    assert book.worksheets[3].cell(row=2, column=1).value == 4


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "a\0b\x07", "x" * 40_000, "\ud800", "<b>&"]
)
def test_whatever_stands_in_a_cell_stands_in_the_report_as_text(tmp_path: Path, cell: str) -> None:
    """Formulas of a stranger run on the screen of whoever opens the report."""
    shown = cell.encode("utf-8", "replace").decode()
    book = load_workbook(written(tmp_path, [Listed(1, "rejected", "", "", "", "", [shown])]))

    found = book.worksheets[1].cell(row=2, column=7)
    assert found.data_type == "s"
    assert str(found.value)[:1] in {shown[:1], "\t"}
