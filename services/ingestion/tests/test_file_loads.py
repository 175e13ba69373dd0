"""A load that dies anywhere goes on where it stood: every row once, every verdict once."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from httpapi import LocalIssuer
from ingestion_builders import event
from ingestion_files import Files, Process, csv_of, files_at_work, row, verdicts
from ingestion_service.main import Service
from ingestion_service.model.file import Advance
from ingestion_service.settings import Settings
from ingestion_service.store.files.disk import Disk
from ingestion_service.store.files.jobs import SqlFileProgress, SqlJobs
from ingestion_service.store.files.pieces import MOST_ROWS
from ingestion_service.worker import file_run

pytestmark = pytest.mark.timeout(400)
ROWS = 12_000
REJECTED = ROWS // 100
QUARANTINED = ROWS // 50 - REJECTED
CONTENT = csv_of(
    row(n, **({"fine": "多"} if n % 100 == 0 else {"uscc": "bad"} if n % 50 == 0 else {}))
    for n in range(ROWS)
)
EXPECTED = (ROWS - REJECTED - QUARANTINED, 0, QUARANTINED, REJECTED)


async def assert_every_row_counts_once(files: Files, file_id: str, job: dict[str, Any]) -> None:
    """In the ledger, in the outbox's topic by way of its numbers, in the counts, and in the report."""
    assert job["state"] == "done", job
    assert verdicts(job) == EXPECTED
    standings = await files.sql("select standing, count(*) from fact group by 1 order by 1")
    assert [tuple(each) for each in standings] == [(1, EXPECTED[0]), (2, QUARANTINED)]
    assert (await files.sql("select count(*) from quarantine"))[0][0] == QUARANTINED
    lines = list((await files.report(file_id)).worksheets[1].iter_rows(min_row=2, values_only=True))
    assert len(lines) == REJECTED + QUARANTINED
    assert len({line[0] for line in lines}) == len(lines)


async def test_a_load_survives_the_death_of_the_process_at_any_moment(
    settings_and_key: tuple[Settings, str], issuer: LocalIssuer, tmp_path: Path
) -> None:
    """Power fails, somebody kills the wrong process, an upgrade cannot wait."""
    settings, key = settings_and_key
    at_random = random.Random(7)
    process = Process(settings, issuer)
    base = f"http://127.0.0.1:{process.port}"
    await process.start(tmp_path / "log")
    try:
        async with httpx.AsyncClient(base_url=base, headers={"X-API-Key": key}, timeout=60) as client:
            files = Files(client, settings)
            await files.map()
            file_id = await files.upload(CONTENT)
            await client.post(f"/v1/files/{file_id}/load")
            for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL):
                await more_rows(files, file_id)
                await asyncio.sleep(
                    at_random.random() * 0.05
                )  # not to wait for something: to die at any moment
                await process.kill(number)
                await process.start(tmp_path / "log")
            await assert_every_row_counts_once(files, file_id, await files.ended(file_id))
    finally:
        await process.kill()


async def more_rows(files: Files, file_id: str) -> None:
    """Some rows are done with that were not, or all are."""
    before = await files.job(file_id)
    async with asyncio.timeout(150):
        while (now := await files.job(file_id))["rows"] == before["rows"] and now["state"] != "done":
            await asyncio.sleep(0.002)


@asynccontextmanager
async def loading(
    settings_and_key: tuple[Settings, str], issuer: LocalIssuer
) -> AsyncIterator[tuple[Service, Files, str]]:
    async with files_at_work(*settings_and_key, issuer) as (service, files, _):
        await files.map()
        yield service, files, await files.upload(CONTENT)


async def test_a_commit_whose_answer_was_lost_counts_once(
    settings_and_key: tuple[Settings, str], issuer: LocalIssuer
) -> None:
    """The connection breaks while it commits: nobody knows, and the writer tries again."""
    async with loading(settings_and_key, issuer) as (service, files, file_id):
        open_lane, left = service.writer._open_transaction, [3, 6, 9]
        commits = 0

        @asynccontextmanager
        async def losing(traceparents: dict[str, str]) -> AsyncIterator[Any]:
            nonlocal commits
            async with open_lane(traceparents) as tx:
                yield tx
            commits += 1
            if commits in left:
                raise ConnectionResetError("the answer to the commit was lost")

        service.writer._open_transaction = losing
        job = await files.order("load", file_id)

        await assert_every_row_counts_once(files, file_id, job)


async def test_a_transaction_that_fails_after_its_listing_was_written_leaves_no_line_behind(
    settings_and_key: tuple[Settings, str], issuer: LocalIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The listing is written first: what the transaction did not keep must not stay there."""
    advance, failures = SqlFileProgress.advance, [2, 5]
    calls = 0

    async def failing(self: SqlFileProgress, to: Advance) -> bool:
        nonlocal calls
        calls += 1
        if calls in failures:
            raise ConnectionResetError("before the commit")
        return await advance(self, to)

    monkeypatch.setattr(SqlFileProgress, "advance", failing)
    async with loading(settings_and_key, issuer) as (_, files, file_id):
        job = await files.order("load", file_id)

        await assert_every_row_counts_once(files, file_id, job)


async def test_a_job_that_another_process_took_over_is_let_go(
    settings_and_key: tuple[Settings, str], issuer: LocalIssuer
) -> None:
    """A process that slept through its lease must not go on counting; what it had in hand the other finds there."""
    async with loading(settings_and_key, issuer) as (_, files, file_id):
        await files.client.post(f"/v1/files/{file_id}/load")
        async with asyncio.timeout(30):
            while (await files.job(file_id))["rows"] == 0:
                await asyncio.sleep(0.005)
        await files.sql("update file_job set owner = 'another', alive_at = now() - interval '1 hour'")
        job = await files.ended(file_id)
        facts = (await files.sql("select count(*) from fact"))[0][0]

        assert (job["state"], job["rows"], job["rejected"]) == ("done", ROWS, REJECTED)
        assert job["duplicate"] <= MOST_ROWS
        assert facts == ROWS - REJECTED


async def full(*_: object) -> int:
    raise OSError(28, "No space left on device")


async def hanging(*_: object) -> int:
    return await asyncio.Event().wait()


async def faulty(*_: object) -> int:
    raise RuntimeError("a fault of ours")


@pytest.mark.parametrize("kind", ["load", "check"])
@pytest.mark.parametrize(("disk", "field"), [(full, "report"), (hanging, "report"), (faulty, "file")])
async def test_a_disk_that_cannot_be_written_fails_the_job_and_no_other_sender(
    settings_and_key: tuple[Settings, str],
    issuer: LocalIssuer,
    monkeypatch: pytest.MonkeyPatch,
    disk: Callable[..., Awaitable[int]],
    field: str,
    kind: str,
) -> None:
    """The listing is written inside the transaction of everybody's facts."""
    monkeypatch.setattr(Disk, "write_listing", disk)
    monkeypatch.setattr(file_run, "_DISK_S", 0.2)
    async with loading(settings_and_key, issuer) as (service, files, file_id):
        job = await files.order(kind, file_id)
        one = {"Content-Type": "application/cloudevents+json"}
        other = await files.client.post("/v1/facts", json=event("other"), headers=one)

        assert (job["state"], job["problem"]["field"]) == ("failed", field)
        assert (other.status_code, service.writer.depth) == (202, 0)


async def test_who_lost_a_job_does_not_touch_its_listing(
    settings_and_key: tuple[Settings, str], issuer: LocalIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new owner has written lines there already that the old one would cut off."""
    written: list[int] = []

    async def noted(_disk: Disk, _job: object, at: int, _lines: object) -> int:
        written.append(at)
        return at

    monkeypatch.setattr(Disk, "write_listing", noted)
    async with loading(settings_and_key, issuer) as (_, files, file_id):

        async def taken_over(*_: object) -> bool:
            await files.sql("update file_job set owner = 'another', alive_at = now() + interval '1 hour'")
            return True

        monkeypatch.setattr(SqlJobs, "goes_on", taken_over)
        await files.client.post(f"/v1/files/{file_id}/load")
        async with asyncio.timeout(100):
            while not await files.sql("select 1 from fact limit 1"):
                await asyncio.sleep(0.05)

        assert written == []
