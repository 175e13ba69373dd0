"""Files from mapping to ledger, on real PostgreSQL and Kafka."""

import asyncio
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from httpapi.pages import decode_cursor, encode_cursor
from ingestion_builders import USCC
from ingestion_files import (
    HEADER,
    MAPPING,
    MIXED,
    Files,
    csv_of,
    row,
    verdicts,
    xlsx_of,
)
from ingestion_service.http_api import mappings
from ingestion_service.main import Service
from ingestion_service.store.files.reader import ChildReader

pytestmark = pytest.mark.timeout(300)
"""Each job starts processes of its own; that takes long where others are at work too."""


async def test_a_check_tells_what_a_load_then_does(files: Files) -> None:
    """Whoever prepares a file learns of everything wrong with it before anything is recorded."""
    file_id = await files.upload(csv_of(MIXED))

    checked = await files.order("check", file_id)
    recorded = await files.sql("select from fact")
    loaded = await files.order("load", file_id)

    assert (checked["state"], loaded["state"]) == ("done", "done")
    assert verdicts(checked) == verdicts(loaded) == (2, 1, 3, 2)
    assert checked["reasons"] == loaded["reasons"] or len(checked["reasons"]) == len(loaded["reasons"])
    assert recorded == []
    assert len(await files.sql("select from fact where standing = 1")) == 2
    fine = (await files.client.get("/v1/facts/penalties/（虚构）1号|92510107YY0000036Q")).json()["contents"]
    assert fine["penalty_imposed"]["fine_fen"] == "1500000"
    assert fine["penalty_imposed"]["kinds"] == ["fine", "warning"]


async def test_faults_are_read_page_by_page_as_the_report_lists_them(files: Files) -> None:
    """People mend a file beside its list of faults; a workbook is for those who take it home."""
    file_id = await files.upload(csv_of(MIXED))
    before = (await files.client.get(f"/v1/files/{file_id}/rows")).json()
    await files.order("check", file_id, every_row=True)

    found, cursor = [], ""
    while cursor is not None:
        path = f"/v1/files/{file_id}/rows?limit=2{cursor and '&cursor='}{cursor}"
        page = (await files.client.get(path)).json()
        found += page["items"]
        cursor = page["next_cursor"]
    rejected = (await files.client.get(f"/v1/files/{file_id}/rows?verdict=rejected")).json()

    lines = list((await files.report(file_id)).worksheets[1].iter_rows(min_row=2, values_only=True))
    assert (before["items"], page["header"]) == ([], HEADER)
    shown = [
        (each["row"], each["verdict"], each["column"], each["field"], each["problem"], each["expected"])
        for each in found
    ]
    assert shown == [tuple(cell if cell is not None else "" for cell in line[:6]) for line in lines]
    assert found[1]["cells"][0] == lines[1][6]
    assert {each["verdict"] for each in rejected["items"]} == {"rejected"}
    assert len(rejected["items"]) == sum(each["verdict"] == "rejected" for each in found)


async def test_a_cursor_of_another_job_or_of_nobodys_is_refused(files: Files) -> None:
    """A new check makes a new list: going on in the old place would show rows of neither."""
    file_id = await files.upload(csv_of(MIXED))
    await files.order("check", file_id)
    path = f"/v1/files/{file_id}/rows?limit=1"
    old = (await files.client.get(path)).json()["next_cursor"]
    job, start = decode_cursor(old, int, int)

    inside = await files.client.get(f"{path}&cursor={encode_cursor(job, int(start) + 1)}")
    negative = await files.client.get(f"{path}&cursor={encode_cursor(job, -5)}")
    await files.order("check", file_id)
    other = await files.client.get(f"{path}&cursor={old}")

    assert [answer.status_code for answer in (inside, negative, other)] == [400, 400, 400]


async def test_a_file_loaded_twice_counts_once(files: Files) -> None:
    """People are not sure whether it went through, and send it again."""
    content = csv_of(row(n) for n in range(2500))
    first = await files.order("load", await files.upload(content))
    again = await files.order("load", await files.upload(content, "again.csv"))
    would = await files.order("check", await files.upload(content))

    assert verdicts(first) == (2500, 0, 0, 0)
    assert verdicts(again) == verdicts(would) == (0, 2500, 0, 0)
    assert len(await files.sql("select from fact")) == 2500


async def test_the_report_shows_each_fault_beside_the_cells_it_is_in(files: Files) -> None:
    """The department mends its file row by row; nothing it wrote may run as a formula on its screens."""
    file_id = await files.upload(csv_of(MIXED))
    await files.order("check", file_id, every_row=True)

    book = await files.report(file_id)
    summary = {line[0]: line[1] for line in book.worksheets[0].iter_rows(values_only=True)}
    sheet = book.worksheets[1]
    lines = list(sheet.iter_rows(min_row=2, values_only=True))

    assert summary["行数 rows"] == "8"
    assert summary["接受 would be accepted"] == "2"
    assert [cell.value for cell in sheet[1]][6:] == HEADER
    assert [line[0] for line in lines] == [2, 3, 4, 5, 6, 7, 7, 8, 9]
    assert lines[1][1:6] == (
        "rejected",
        "罚款（万元）",
        "data.fine_fen",
        "is not an amount",
        "a number, in wan_yuan, such as 1234.5",
    )
    assert (lines[3][1], lines[3][4]) == ("duplicate", "stands in an earlier row of this file")
    formula = sheet.cell(row=10, column=12)
    assert (formula.value, formula.data_type) == ("=cmd|' /C calc'!A0", "s")


async def test_rows_without_fault_are_listed_only_when_asked_for(files: Files) -> None:
    """A report of millions of good rows helps nobody."""
    file_id = await files.upload(csv_of([row(1), row(2)]))

    await files.order("check", file_id)

    assert len((await files.report(file_id)).worksheets) == 1


async def test_the_same_rows_come_from_every_kind_of_file(files: Files, tmp_path: Path) -> None:
    """What a file is saved as must not change what it says."""
    native = [USCC, date(2026, 3, 1), "（虚构）1号", "罚款", 1.5, None]
    table = pa.table({name: [native[at], native[at]] for at, name in enumerate(HEADER)})
    pq.write_table(table, tmp_path / "p.parquet")
    said = dict(zip(HEADER, [USCC, "2026-03-01", "（虚构）1号", ["罚款"], 1.5], strict=False))
    contents = {
        "a.csv": csv_of([row(0, document="（虚构）1号", kinds="罚款")]),
        "b.xlsx": xlsx_of([native]),
        "c.ndjson": json.dumps(said, ensure_ascii=False).encode(),
        "d.parquet": (tmp_path / "p.parquet").read_bytes(),
        "e.csv": csv_of([row(0, document="（虚构）1号", kinds="罚款")]).decode().encode("gb18030"),
        "f.csv": csv_of([row(0, document="（虚构）1号", kinds="罚款")]).decode().encode("utf-16"),
        "g.tsv": csv_of([row(0, document="（虚构）1号", kinds="罚款")]).replace(b",", b"\t"),
    }

    told = {
        name: verdicts(await files.order("load", await files.upload(c, name))) for name, c in contents.items()
    }

    assert told.pop("a.csv") == (1, 0, 0, 0)
    assert told.pop("d.parquet") == (0, 2, 0, 0)
    assert set(told.values()) == {(0, 1, 0, 0)}
    assert [tuple(r) for r in await files.sql("select uscc, standing from fact")] == [(USCC, 1)]


@pytest.mark.parametrize(
    ("name", "content", "field", "words"),
    [
        ("a.csv", csv_of([], [*HEADER]), "file", "has no rows"),
        ("a.csv", b"\n\n", "header", "is empty"),
        ("a.csv", csv_of([row(1)], ["x", *HEADER[1:]]), "header", "lacks 统一社会信用代码"),
        ("a.csv", csv_of([row(1)], [*HEADER[:5], "文号"]), "header", "has 文号 more than once"),
        ("a.csv", xlsx_of([row(1)]), "name", "is named as csv and is xlsx"),
        ("a.xlsx", csv_of([row(1)]), "file", "is no xlsx"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "file", "is an old Excel workbook"),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 600, "file", "is no workbook"),
        ("a.parquet", b"PAR1" + b"x" * 600, "file", "is a damaged Parquet file"),
        ("a.pdf", b"%PDF", "name", "is named as no kind"),
        ("a.csv", csv_of([row(1)]) + b"x" * 3_000_000, "line 3", "is longer than"),
        ("a.csv", csv_of([row(1)]) + b'"' + b"x\r\n" * 300_000, "row 3", "field larger than field limit"),
    ],
)
async def test_a_file_that_cannot_be_read_is_told_of(
    files: Files, name: str, content: bytes, field: str, words: str
) -> None:
    """One line says what is wrong and what would be right; the service goes on."""
    job = await files.order("check", await files.upload(content, name))

    assert job["state"] == "failed"
    assert job["problem"]["field"] == field
    assert job["problem"]["problem"].startswith(words)


async def test_nul_and_mangled_text_are_faults_of_their_rows(files: Files) -> None:
    """One bad row among thousands must not hold up the rest."""
    mangled = csv_of([row(1), row(2, document="X\0Y"), row(3, document="坏")]).replace(
        "坏".encode(), b"\xff\xfe"
    )
    file_id = await files.upload(mangled + b"\xe4")

    job = await files.order("load", file_id)

    assert verdicts(job) == (1, 0, 0, 3)
    assert {(r["field"], r["problem"]) for r in job["reasons"]} == {
        ("data.document_number", "contains U+0000"),
        ("data.document_number", "holds a character that cannot be read"),
        ("id", "holds a character that cannot be read"),
        ("row", "has 1 cells"),
    }


async def test_a_mapping_is_versioned_and_refused_with_its_field(files: Files) -> None:
    """A load names the version it used; an old report can be explained."""
    changed = await files.map(constants={"data.authority": "另一个虚构局"})
    same = await files.map(constants={"data.authority": "另一个虚构局"})
    wrong = await files.map(columns={**MAPPING["columns"], "备注": "data.remark"})
    url = "/v1/sources/penalties/mappings/daily"
    old = (await files.client.get(url, params={"version": 1})).json()

    assert (changed.json()["version"], same.json()["version"]) == (2, 2)
    assert old["mapping"] == MAPPING
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "body.columns.备注"
    assert (await files.client.get(url, params={"version": 9})).status_code == 404
    assert [m["version"] for m in (await files.client.get("/v1/sources/penalties/mappings")).json()] == [2]


async def test_a_mapping_is_proposed_from_a_header(files: Files) -> None:
    """Nobody writes the first mapping from nothing."""
    query = {"fact_type": MAPPING["fact_type"], "file_name": "a.xlsx"}
    url = "/v1/sources/penalties/mappings/new/suggest"

    answer = (await files.client.post(url, params=query, content=xlsx_of([row(1)]))).json()

    assert answer["mapping"]["columns"] == {
        "统一社会信用代码": "subject",
        "处罚日期": "time",
        "文号": "data.document_number",
        "处罚种类": "data.kinds",
        "罚款（万元）": "data.fine_fen",
    }
    assert answer["mapping"]["id"]["columns"] == ["文号", "统一社会信用代码"]
    assert answer["mapping"]["units"] == {"data.fine_fen": "wan_yuan"}
    assert (answer["missing"], answer["unused"], answer["problems"]) == ([], ["备注"], [])
    assert 0.5 < answer["confidence"] < 1


async def test_samples_are_opened_two_at_a_time_and_none_for_ever(
    running: tuple[Service, Files, Callable[..., httpx.AsyncClient]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has a process of its own; a page that asks at every keystroke must not use the machine up."""
    service, files, _ = running
    at_work = most = 0

    async def hanging(_reader: ChildReader, _order: object) -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        try:
            await asyncio.Event().wait()
        finally:
            at_work -= 1

    monkeypatch.setattr(ChildReader, "header", hanging)
    monkeypatch.setattr(mappings, "PATIENCE_S", 2.0)
    query = {"fact_type": MAPPING["fact_type"], "file_name": "a.csv"}
    url = "/v1/sources/penalties/mappings/new/suggest"

    answers = await asyncio.gather(
        *(files.client.post(url, params=query, content=csv_of([row(1)])) for _ in range(5))
    )

    assert [answer.status_code for answer in answers] == [503] * 5
    assert (most, at_work) == (2, 0)
    assert not list(service.settings.files_dir.iterdir())
