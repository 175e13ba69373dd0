"""Files from upload to ledger, on real PostgreSQL and Kafka."""

import asyncio
import hashlib
import json
import os
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from httpapi import LocalIssuer, Role, undeclared_routes
from httpapi.api_key import key_id_of, new_key
from httpapi.pages import encode_cursor
from ingestion_builders import USCC, event
from ingestion_files import (
    HEADER,
    MAPPING,
    MIXED,
    Files,
    csv_of,
    files_at_work,
    files_settings,
    row,
    verdicts,
    xlsx_of,
)
from ingestion_service.errors import JobAtWork, UnknownFile, WrongOffset
from ingestion_service.http_api import mappings
from ingestion_service.main import Service
from ingestion_service.model.file import Job, JobKind
from ingestion_service.settings import Settings
from ingestion_service.store.files.disk import Disk
from ingestion_service.store.files.jobs import SqlJobs
from ingestion_service.store.files.reader import ChildReader
from vocabulary.areas import CITY

pytestmark = pytest.mark.timeout(300)
"""Each job starts processes of its own; that takes long where others are at work too."""
SLOWEST_S = 10
"""A tenth of a second would do where nothing else is at work; here others are."""


@pytest.fixture
def settings_and_key(
    ledger_url: str, kafka_bootstrap: str, fresh_topic: Callable[..., str], tmp_path: Path
) -> tuple[Settings, str]:
    key, secret_hash = new_key()
    entry = {"name": "penalties", "key_id": key_id_of(key), "key_hash": secret_hash.hex(), "owner": "锦江局"}
    return files_settings(ledger_url, kafka_bootstrap, fresh_topic, tmp_path, entry), key


@pytest.fixture
async def running(
    settings_and_key: tuple[Settings, str], issuer: LocalIssuer
) -> AsyncIterator[tuple[Service, Files, Callable[..., httpx.AsyncClient]]]:
    async with files_at_work(*settings_and_key, issuer) as made:
        assert (await made[1].map()).status_code == 200
        yield made


@pytest.fixture
def files(running: tuple[Service, Files, Any]) -> Files:
    return running[1]


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


async def test_an_upload_goes_on_where_it_was_broken_off(
    settings_and_key: tuple[Settings, str], issuer: LocalIssuer
) -> None:
    """Two gigabytes over a government's line do not arrive in one piece, nor within one life of the service."""
    content = csv_of(row(n) for n in range(50))
    async with files_at_work(*settings_and_key, issuer) as (_, files, _):
        await files.map()
        told = await files.announce(content, sha256=hashlib.sha256(content).hexdigest())
        url = told["upload_url"]
        first = await files.client.patch(url, content=content[:700], headers={"Upload-Offset": "0"})
        early = await files.client.post(f"/v1/files/{told['id']}/check")
        ahead = await files.client.patch(url, content=content[900:], headers={"Upload-Offset": "900"})
    async with files_at_work(*settings_and_key, issuer) as (_, files, _):
        offset = (await files.client.head(url)).headers["upload-offset"]
        part = f"bytes 500-1199/{len(content)}"
        repeated = await files.client.put(url, content=content[500:1200], headers={"Content-Range": part})
        last = await files.client.patch(url, content=content[1200:], headers={"Upload-Offset": "1200"})
        once_more = await files.client.patch(url, content=content[1200:], headers={"Upload-Offset": "1200"})
        job = await files.order("load", told["id"])

    assert (first.headers["upload-offset"], offset) == ("700", "700")
    assert (early.status_code, early.json()["type"]) == (409, "urn:creditloop:problem:file-incomplete")
    assert (ahead.status_code, ahead.headers["upload-offset"]) == (409, "700")
    assert [repeated.headers["upload-offset"], last.status_code, once_more.status_code] == ["1200", 204, 204]
    assert verdicts(job) == (50, 0, 0, 0)


async def test_a_file_sent_whole_again_begins_at_its_beginning(files: Files) -> None:
    """It was mended between the two, and half of the one before the other would be neither."""
    old, new = [csv_of(row(n, remark=remark) for n in range(50)) for remark in ("old", "new")]
    told = await files.announce(new)
    await files.client.put(told["upload_url"], content=old[:1200])

    whole = await files.client.put(told["upload_url"], content=new)
    read = (await files.client.get(f"/v1/files/{told['id']}")).json()

    assert (whole.status_code, whole.headers["upload-offset"]) == (204, str(len(new)))
    assert read["sha256"] == hashlib.sha256(new).hexdigest()


async def test_whoever_goes_on_with_what_was_begun_anew_is_told(tmp_path: Path) -> None:
    """Two send at once: never is the end of one behind the beginning of the other."""
    disk, file_id = Disk(tmp_path / "disk"), uuid4()
    block = 1024 * 1024

    async def first() -> AsyncIterator[bytes]:
        yield b"a" * block
        assert await disk.append(file_id, 0, second(), 3 * block, anew=True) == block
        yield b"a" * block

    async def second() -> AsyncIterator[bytes]:
        yield b"b" * block

    with pytest.raises(WrongOffset) as wrong:
        await disk.append(file_id, 0, first(), 3 * block)

    assert wrong.value.offset == block
    assert await disk.digest(file_id) == hashlib.sha256(b"b" * block).digest()


async def test_a_file_that_arrived_damaged_is_sent_again(files: Files) -> None:
    """A checksum that is wrong must not leave half a file behind for good."""
    content = csv_of([row(1)])
    told = await files.announce(content, sha256=hashlib.sha256(content).hexdigest())

    damaged = await files.client.put(told["upload_url"], content=content.replace(b"1.5", b"9.5"))
    after = await files.client.head(told["upload_url"])
    sound = await files.client.put(told["upload_url"], content=content)
    longer = await files.client.put((await files.announce(b"x"))["upload_url"], content=b"xyz")

    assert (damaged.status_code, after.headers["upload-offset"]) == (422, "0")
    assert (sound.status_code, longer.status_code) == (204, 413)


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
    monkeypatch.setattr(mappings, "PATIENCE_S", 0.5)
    query = {"fact_type": MAPPING["fact_type"], "file_name": "a.csv"}
    url = "/v1/sources/penalties/mappings/new/suggest"

    answers = await asyncio.gather(
        *(files.client.post(url, params=query, content=csv_of([row(1)])) for _ in range(5))
    )

    assert [answer.status_code for answer in answers] == [503] * 5
    assert (most, at_work) == (2, 0)
    assert not list(service.settings.files_dir.iterdir())


async def test_a_source_has_a_bounded_part_of_the_disk(
    settings_and_key: tuple[Settings, str], issuer: LocalIssuer
) -> None:
    """One department must not take the room of the others."""
    settings, key = settings_and_key
    content = csv_of([row(1)])
    bounded = settings.model_copy(update={"files_quota_bytes": 2 * len(content)})
    async with files_at_work(bounded, key, issuer) as (_, files, _):
        await files.map()
        first = await files.upload(content)
        await files.announce(content)
        document = {"source": "penalties", "mapping": "daily", "name": "b.csv", "size": 1}
        refused = await files.client.post("/v1/files", json=document)
        await files.client.delete(f"/v1/files/{first}")
        after = await files.client.post("/v1/files", json=document)

    assert (refused.status_code, after.status_code) == (413, 201)
    assert refused.json()["type"] == "urn:creditloop:problem:files-quota"
    assert refused.json()["errors"][0]["field"] == "body.size"
    assert refused.json()["errors"][0]["expected"].startswith("at most 0 bytes")


async def test_files_that_nobody_needs_are_purged(running: tuple[Service, Files, Any]) -> None:
    """The disk ends some day; what was recorded stays."""
    service, files, _ = running
    disk, folder = service.files_edge.disk, service.settings.files_dir
    content = csv_of([row(1)])
    old, used, waiting, fresh = [await files.upload(content, f"{n}.csv") for n in range(4)]
    for each in (old, used):
        await files.order("load", each)
    half, begun = [(await files.announce(content))["id"] for _ in range(2)]
    for each in (half, begun):
        await files.client.patch(
            f"/v1/files/{each}/content", content=content[:9], headers={"Upload-Offset": "0"}
        )
    orphan, sample = uuid4(), uuid4()
    for stray in (orphan, sample):
        await disk.append(stray, 0, once(b"x"), 1)
    os.utime(folder / str(orphan), (0, 0))
    await files.sql(
        f"update file set created_at = now() - interval '31 days' where id in ('{old}', '{used}', '{waiting}')"
    )
    await files.sql(f"update file_job set ended_at = now() - interval '31 days' where file_id = '{old}'")
    await files.sql(
        f"update file set created_at = now() - interval '8 days' where id in ('{half}', '{fresh}')"
    )
    await files.sql(
        "insert into file_job (file_id, kind, mapping_version, every_row, by, state, owner, alive_at)"
        f" values ('{waiting}', 'load', 1, false, 'x', 'running', 'another', now() + interval '1 hour')"
    )

    await service.purger.purge()
    await service.purger.purge()

    here = {entry.name for entry in os.scandir(folder)}
    assert here == {used, waiting, fresh, begun, str(sample)}
    assert (await files.client.get(f"/v1/files/{old}")).status_code == 404
    assert (await files.client.get(f"/v1/files/{used}")).status_code == 200
    assert len(await files.sql("select from fact")) == 1


async def once(chunk: bytes) -> AsyncIterator[bytes]:
    yield chunk


async def test_only_who_may_sees_a_file(
    running: tuple[Service, Files, Callable[..., httpx.AsyncClient]], issuer: LocalIssuer
) -> None:
    """A source sees its own files, an officer of the city those they sent, the city's administrator all."""
    service, files, client = running
    content = csv_of([row(1)])
    file_id = (await files.announce(content))["id"]
    tokens = {
        "stranger": issuer.issue(Role.SOURCE_SYSTEM, source="other"),
        "officer": issuer.issue(Role.AREA_OFFICER, area=CITY),
        "administrator": issuer.issue(Role.CITY_ADMINISTRATOR),
        "auditor": issuer.issue(Role.AUDITOR),
    }
    seen = {}
    for who, token in tokens.items():
        async with client(Authorization=f"Bearer {token}") as person:
            seen[who] = (await person.get(f"/v1/files/{file_id}")).status_code
    document = {"source": "penalties", "mapping": "daily", "name": "a.csv", "size": len(content)}
    async with client(Authorization=f"Bearer {tokens['officer']}") as officer:
        own = (await officer.post("/v1/files", json=document)).json()
        listed = (await officer.get("/v1/files")).json()["items"]
    async with client(Authorization=f"Bearer {tokens['stranger']}") as stranger:
        foreign = await stranger.post("/v1/files", json=document)

    assert seen == {"stranger": 404, "officer": 404, "administrator": 200, "auditor": 403}
    assert [file["id"] for file in listed] == [own["id"]]
    assert foreign.status_code == 404
    assert undeclared_routes(service.application(None)) == []  # type: ignore[arg-type]


async def test_an_officer_of_a_district_speaks_for_no_source(
    running: tuple[Service, Files, Callable[..., httpx.AsyncClient]], issuer: LocalIssuer
) -> None:
    """What a source sends counts in the whole city, and so does how its columns are read."""
    _, files, client = running
    file_id = await files.upload(csv_of([row(1)]))
    document = {"source": "penalties", "mapping": "daily", "name": "a.csv", "size": 9}
    url = "/v1/sources/penalties/mappings/daily"
    async with (
        client(Authorization="Bearer " + issuer.issue(Role.AREA_OFFICER, area="510104")) as district,
        client(Authorization="Bearer " + issuer.issue(Role.AREA_OFFICER, area=CITY)) as city,
    ):
        refused = [
            await district.put(url, json=MAPPING),
            await district.get(url),
            await district.post("/v1/files", json=document),
            await district.get("/v1/files"),
            await district.post(f"/v1/files/{file_id}/load"),
        ]
        written = await city.put(url, json=MAPPING)

    assert [answer.status_code for answer in refused] == [403] * 5
    assert written.status_code == 200


async def test_what_was_checked_is_what_is_loaded(files: Files) -> None:
    """Somebody changes the mapping between the check that a clerk looked through and the load."""
    file_id = await files.upload(csv_of([row(1)]))
    unchecked = await files.upload(csv_of([row(2)]))
    await files.order("check", file_id)
    await files.map(constants={"data.authority": "另一个虚构局"})

    loaded = await files.order("load", file_id)
    newest = await files.order("load", unchecked)
    named = await files.order("load", unchecked, mapping_version=1)
    unknown = await files.client.post(f"/v1/files/{file_id}/load", json={"mapping_version": 9})

    assert [job["mapping_version"] for job in (loaded, newest, named)] == [1, 2, 1]
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "body.mapping_version")


async def test_of_a_deletion_and_a_load_at_once_only_one_happens(
    running: tuple[Service, Files, Callable[..., httpx.AsyncClient]],
) -> None:
    """Two people have the same list open."""
    service, files, _ = running
    file_id = await files.upload(csv_of([row(1)]))
    file = await service.files_edge.files.get(UUID(file_id))
    jobs = service.files_edge.jobs
    waiting = (
        "insert into file_job (file_id, kind, mapping_version, every_row, by, state) values ($1, 'load', 1, "
    )
    connection = await asyncpg.connect(service.settings.database_url.replace("+asyncpg", ""))
    try:
        async with connection.transaction():
            await connection.execute("select 1 from file where id = $1 for update", file.id)
            await connection.execute(waiting + "false, 'x', 'waiting')", file.id)
            deleting = asyncio.create_task(service.files_edge.files.delete(file.id))
            while not await files.sql(
                "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            ):
                await asyncio.sleep(0.01)
    finally:
        await connection.close()
    with pytest.raises(JobAtWork):
        await deleting
    assert (await files.ended(file_id))["state"] == "done"
    await service.files_edge.files.delete(file.id)
    with pytest.raises(UnknownFile):
        await jobs.add(file, JobKind.LOAD, 1, "x", every_row=False)


async def test_a_job_of_a_deleted_file_holds_up_no_other(
    running: tuple[Service, Files, Callable[..., httpx.AsyncClient]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does a fault in taking a job end the process, which would end again at each start."""
    _, files, _ = running
    gone, there = [await files.upload(csv_of([row(n)])) for n in range(2)]
    await files.sql(f"update file set state = 'deleted' where id = '{gone}'")
    await files.sql(
        "insert into file_job (file_id, kind, mapping_version, every_row, by)"
        f" values ('{gone}', 'load', 1, false, 'x')"
    )
    claim, failed = SqlJobs.claim, list[str]()

    async def failing_once(self: SqlJobs, owner: str, lease_s: float) -> Job | None:
        if not failed:
            failed.append(owner)
            raise UnknownFile(gone)
        return await claim(self, owner, lease_s)

    monkeypatch.setattr(SqlJobs, "claim", failing_once)

    assert verdicts(await files.order("load", there)) == (1, 0, 0, 0)


async def test_a_cursor_of_another_list_is_refused(files: Files) -> None:
    """A client that mixes its lists up hears of it, and nobody is woken for it."""
    answer = await files.client.get("/v1/files", params={"cursor": encode_cursor("no id")})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "query.cursor")


async def test_progress_comes_as_events_until_the_job_ends(files: Files) -> None:
    """The page with the bar does not ask again and again."""
    file_id = await files.upload(csv_of(row(n) for n in range(5000)))
    await files.client.post(f"/v1/files/{file_id}/load")

    async with asyncio.timeout(30):
        told = (await files.client.get(f"/v1/files/{file_id}/events")).text

    assert told.rstrip().rpartition("event: ")[2].startswith("ended")
    assert '"accepted":5000' in told


async def test_a_job_is_cancelled_as_it_stands_and_goes_on_when_loaded_again(files: Files) -> None:
    """Somebody notices that it is the wrong mapping."""
    file_id = await files.upload(csv_of(row(n) for n in range(20_000)))
    await files.client.post(f"/v1/files/{file_id}/load")
    second = await files.client.post(f"/v1/files/{file_id}/check")
    deleted_early = await files.client.delete(f"/v1/files/{file_id}")
    await files.client.post(f"/v1/files/{file_id}/cancel")
    cancelled = await files.ended(file_id)
    here = (await files.sql("select count(*) from fact"))[0][0]
    loaded = await files.order("load", file_id)
    deleted = await files.client.delete(f"/v1/files/{file_id}")

    assert (second.status_code, deleted_early.status_code) == (409, 409)
    assert cancelled["state"] == "cancelled"
    assert here == cancelled["accepted"] < 20_000
    assert verdicts(loaded) == (20_000 - here, here, 0, 0)
    assert (deleted.status_code, (await files.client.get(f"/v1/files/{file_id}")).status_code) == (204, 404)
    assert len(await files.sql("select from fact")) == 20_000


async def test_requests_are_answered_while_a_file_is_loaded(files: Files) -> None:
    """A load is patient; a sender is not."""
    file_id = await files.upload(csv_of(row(n) for n in range(8_000)))
    await files.client.post(f"/v1/files/{file_id}/load")
    slowest = 0.0
    while (await files.job(file_id))["state"] in {"waiting", "running"}:
        began = asyncio.get_running_loop().time()
        one = {"Content-Type": "application/cloudevents+json"}
        answer = await files.client.post("/v1/facts", json=event(f"P-{began}"), headers=one)
        slowest = max(slowest, asyncio.get_running_loop().time() - began)
        assert answer.status_code == 202

    assert verdicts(await files.job(file_id)) == (8_000, 0, 0, 0)
    assert slowest < SLOWEST_S
