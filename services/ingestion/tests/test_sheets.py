"""The work list as a sheet: what is edited there is released, and nothing else."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any

import httpx
import msgspec
import pytest
from httpapi import Role
from ingestion_builders import NOW, OTHER_USCC, USCC, event
from ingestion_desk import Desk
from ingestion_service.http_api import sheets, workbooks
from ingestion_service.http_api.workbooks import XLSX
from ingestion_service.model.quarantined import Correction, Quarantined
from ingestion_service.rules.sheet import cells, correction, table
from openpyxl import Workbook, load_workbook

BATCH = {"Content-Type": "application/cloudevents-batch+json"}
SHEET = {"Content-Type": XLSX}
RECORDED = "creditloop.registration.recorded.v1"
OLD = {"name": "=1+1", "area_code": "510199", "registered_capital_fen": 100, "platforms": ["甲", "乙"]}


def held(**changes: Any) -> Quarantined:
    original = msgspec.json.encode(event("R-1", source="registry", type=RECORDED, **{"data": OLD, **changes}))
    return Quarantined(
        7, 2, "registry", "R-1", "unknown_area", original, NOW, "", type=RECORDED, subject=USCC
    )


def edited(answer: httpx.Response, *edits: tuple[int, str, Any]) -> bytes:
    """The workbook with cells (row, column by its header) put right, as a person saves it."""
    book = load_workbook(io.BytesIO(answer.content))
    page = book.worksheets[0]
    header = [cell.value for cell in page[1]]
    for row, name, value in edits:
        page.cell(row, header.index(name) + 1, value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


async def test_edited_rows_are_released_and_the_report_tells_row_by_row(desk: Desk) -> None:
    """A clerk works through a hundred codes in the tool that every office has."""
    facts = [
        event("1", subject="bad"),
        event("2", subject="bad"),
        event("3", subject="bad"),
        event("4", time=None),
    ]
    async with desk.source() as source, desk.person(Role.CITY_ADMINISTRATOR) as person:
        await source.post("/v1/facts", json=facts, headers=BATCH)
        answer = await person.get("/v1/quarantine.xlsx?source=penalties")
        body = edited(
            answer,
            (2, "subject", OTHER_USCC),
            (3, "subject", "worse"),
            (5, "time", datetime(2026, 3, 1, 9, 30)),  # noqa: DTZ001 - so a spreadsheet has it
        )
        headers = SHEET | {"Idempotency-Key": '"s1"'}
        taken, replayed = [
            await person.post("/v1/quarantine/corrections.xlsx", content=body, headers=headers)
            for _ in range(2)
        ]
        again = await person.post("/v1/quarantine/corrections.xlsx", content=body, headers=SHEET)
        settled = (await person.get("/v1/quarantine/1")).json()

    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    assert taken.status_code == 200, taken.text
    outcomes = [(row["row"], row["outcome"]) for row in taken.json()["rows"]]
    assert outcomes == [(2, "released"), (3, "unusable"), (4, "unchanged"), (5, "released")]
    assert taken.json()["rows"][1]["problems"][0]["field"] == "subject"
    assert replayed.json() == taken.json()
    assert [row["outcome"] for row in again.json()["rows"]][::3] == ["settled_before"] * 2
    assert sorted(key for _, key in desk.database.contents.published) == ["1", "4"]
    assert settled["note"] == "sheet; corrected"


async def test_what_a_fact_says_is_never_a_formula(desk: Desk) -> None:
    """Strangers write the names; whoever opens the sheet must not run what they wrote."""
    facts = [event("1", source="registry", type=RECORDED, data=OLD)]
    async with desk.source("registry") as source, desk.person(Role.AUDITOR) as person:
        await source.post("/v1/facts", json=facts, headers=BATCH)
        answer = await person.get("/v1/quarantine.xlsx")

    page = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    row = dict(zip([cell.value for cell in page[1]], page[2], strict=True))
    assert (row["data.name"].value, row["data.name"].data_type) == ("=1+1", "s")
    assert row["data.platforms"].value == '["甲","乙"]'


async def test_what_is_no_sheet_of_ours_is_refused(desk: Desk) -> None:
    """Each with what would be right."""
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("x", "y")
    doubled, without = Workbook(), Workbook()
    for row in (["id", "subject"], [1, "a"], [1, "b"]):
        doubled.worksheets[0].append(row)
    for row in (["subject"], ["a"]):
        without.worksheets[0].append(row)
    async with desk.person(Role.CITY_ADMINISTRATOR) as person:
        for body, status in ((b"no zip", 400), (empty.getvalue(), 400), (doubled, 422), (without, 422)):
            buffer = io.BytesIO(body) if isinstance(body, bytes) else io.BytesIO()
            if isinstance(body, Workbook):
                body.save(buffer)
            answer = await person.post(
                "/v1/quarantine/corrections.xlsx", content=buffer.getvalue(), headers=SHEET
            )
            assert answer.status_code == status, answer.text


async def test_a_sheet_says_what_it_leaves_off(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever settles a sheet believes that this was all, unless it says otherwise; and may send it back as it is."""
    facts = [event(str(n), subject="bad") for n in range(5)]
    size = len(json.dumps(facts[0], ensure_ascii=False, separators=(",", ":")).encode())
    async with desk.source() as source, desk.person(Role.CITY_ADMINISTRATOR) as person:
        await source.post("/v1/facts", json=facts, headers=BATCH)
        whole = await person.get("/v1/quarantine.xlsx")
        limited = await person.get("/v1/quarantine.xlsx?limit=2")
        monkeypatch.setattr(sheets, "MOST_ORIGINALS", 3 * size + size // 2)
        bounded = await person.get("/v1/quarantine.xlsx")
        back = await person.post(
            "/v1/quarantine/corrections.xlsx",
            content=edited(bounded, (2, "subject", OTHER_USCC)),
            headers=SHEET,
        )

    left = [answer.headers.get("x-rows-left-off") for answer in (whole, limited, bounded)]
    assert left == [None, "3", "2"]
    ids = [cell.value for cell in load_workbook(io.BytesIO(bounded.content)).worksheets[0]["A"]]
    assert ids == ["id", 1, 2, 3, "未列出 left off: 2 rows"]
    assert [row["outcome"] for row in back.json()["rows"]] == ["released", "unchanged", "unchanged"]


def test_a_sheet_has_the_columns_that_most_facts_have() -> None:
    """What strangers invent must not make the sheet unusable."""
    facts = [held(data={f"m{n}-{at}": 1 for at in range(150)} | OLD) for n in range(2)]

    made = table(facts)

    assert (len(made.header), made.columns_left_off) == (200, 300 + len(OLD) - 191)
    assert {f"data.{name}" for name in OLD} < set(made.header)


def raw_sheet(*rows: str, dimension: str = "", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A workbook whose sheet has these rows, as XML."""
    book = Workbook()
    buffer, made = io.BytesIO(), io.BytesIO()
    book.save(buffer)
    page = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"{dimension}<sheetData>{''.join(rows)}</sheetData></worksheet>"
    )
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(made, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, page if name.endswith("sheet1.xml") else old.read(name))
    return made.getvalue()


def spoilt(of: bytes, at: int, by: bytes) -> bytes:
    """A workbook with other bytes at `at` in each of its local headers, or directory entries."""
    marks = [m for m in range(len(of)) if of[m : m + 4] in {b"PK\3\4", b"PK\1\2"}]
    made = bytearray(of)
    for mark in marks:
        place = mark + at + (0 if of[mark + 2] == 3 else 2)
        made[place : place + len(by)] = by
    return bytes(made)


HEADER_ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c></row>'
SOUND = raw_sheet(HEADER_ROW)
HARMFUL = {
    "wide": raw_sheet(HEADER_ROW, '<row r="2">' + "<c><v>1</v></c>" * 201 + "</row>"),
    "far": raw_sheet(HEADER_ROW, '<row r="2"><c r="XFD2"><v>1</v></c></row>'),
    "long": raw_sheet(HEADER_ROW, '<row r="1048576"><c><v>1</v></c></row>'),
    "declared": raw_sheet(HEADER_ROW, dimension='<dimension ref="A1:XFD1048576"/>'),
    "bomb": raw_sheet(HEADER_ROW, " " * 20_000_000),
    "bad cell": raw_sheet(HEADER_ROW, '<row r="2"><c r="2"><v>1</v></c></row>'),
    "bad index": raw_sheet(HEADER_ROW, '<row r="2"><c r="A2" t="s"><v>99</v></c></row>'),
    "encrypted": spoilt(SOUND, 6, b"\1\0"),
    "unknown method": spoilt(SOUND, 8, b"\x63\0"),
    "damaged": SOUND.replace(SOUND[60:90], b"\xff" * 30, 1),
}


@pytest.mark.parametrize("name", HARMFUL)
async def test_a_sheet_that_is_meant_to_do_harm_is_refused(desk: Desk, name: str) -> None:
    """Whoever sends it must not stop the collection of the rest, nor wake anybody."""
    async with desk.person(Role.CITY_ADMINISTRATOR) as person:
        answer = await person.post("/v1/quarantine/corrections.xlsx", content=HARMFUL[name], headers=SHEET)

    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["field"] == "body"


async def test_a_sheet_of_more_cells_than_memory_has_room_for_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they become in memory is in the process that takes everybody's facts."""
    monkeypatch.setattr(workbooks, "_MOST_MARKUP", 1000)
    crowded = raw_sheet(HEADER_ROW, *["<row>" + "<c/>" * 100 + "</row>"] * 10)
    async with desk.person(Role.CITY_ADMINISTRATOR) as person:
        answer = await person.post("/v1/quarantine/corrections.xlsx", content=crowded, headers=SHEET)

    assert (answer.status_code, answer.json()["errors"][0]["problem"]) == (400, "has too many cells")


async def test_numbers_of_any_length_are_no_fault_of_ours(desk: Desk) -> None:
    """A cell holds what a person typed."""
    book = Workbook()
    for row in (["id", "subject"], ["9" * 5000, "a"]):
        book.worksheets[0].append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    async with desk.person(Role.CITY_ADMINISTRATOR) as person:
        answer = await person.post(
            "/v1/quarantine/corrections.xlsx", content=buffer.getvalue(), headers=SHEET
        )

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "body.row.2")
    for cell in ("9" * 5000, 1e300):
        found = correction(held(), cells(held()) | {"data.registered_capital_fen": cell})
        assert found is not None
        assert msgspec.json.decode(found.data)["registered_capital_fen"] == cell  # type: ignore[arg-type]


def test_a_row_sent_back_as_it_was_changes_nothing() -> None:
    """Also where a spreadsheet turns a number into another kind of number, or a line end into another."""
    fact = held(data=OLD | {"address": "a\r\nb", "business_scope": "x" * 40_000})
    row: dict[str, Any] = cells(fact)

    assert correction(fact, row) is None
    assert correction(fact, row | {"data.registered_capital_fen": 100.0, "data.address": "a\nb"}) is None
    assert correction(fact, {"id": 7}) is None
    assert correction(fact, row | {"reason": "none", "state": "released"}) is None


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("data.area_code", 510116, "510116"),
        ("data.area_code", 510116.0, "510116"),
        ("data.registered_capital_fen", "250", 250),
        ("data.registered_capital_fen", 250.0, 250),
        ("data.established_on", datetime(2019, 5, 4), "2019-05-04"),  # noqa: DTZ001
        ("data.platforms", '["丙"]', ["丙"]),
        ("data.industry", "H62", "H62"),
    ],
)
def test_a_cell_becomes_what_the_fact_wants(column: str, cell: Any, expected: Any) -> None:
    """A spreadsheet makes numbers of codes, and instants of days."""
    fact = held()

    found = correction(fact, cells(fact) | {column: cell})

    assert found is not None
    assert found.data is not None
    member = column.removeprefix("data.")
    assert msgspec.json.decode(found.data) == OLD | {member: expected}


def test_an_emptied_cell_takes_the_member_away_and_the_rest_stays() -> None:
    """So a value nobody can vouch for can be left out."""
    fact = held()

    found = correction(
        fact, cells(fact) | {"data.area_code": None, "subject": None, "time": "2026-01-02T00:00:00Z"}
    )

    assert found == Correction(None, "2026-01-02T00:00:00Z", found.data if found else None)
    assert found is not None
    assert found.data is not None
    assert "area_code" not in msgspec.json.decode(found.data)
