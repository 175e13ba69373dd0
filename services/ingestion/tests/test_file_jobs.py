"""Jobs over a file: what they go by, whose they are, how they end."""

import asyncio
from collections.abc import Callable
from uuid import UUID

import asyncpg
import httpx
import pytest
from ingestion_builders import event
from ingestion_files import (
    Files,
    csv_of,
    row,
    verdicts,
)
from ingestion_service.errors import JobAtWork, UnknownFile
from ingestion_service.main import Service
from ingestion_service.model.file import Job, JobKind
from ingestion_service.store.files.jobs import SqlJobs

pytestmark = pytest.mark.timeout(300)
"""Each job starts processes of its own; that takes long where others are at work too."""
SLOWEST_S = 10
"""A tenth of a second would do where nothing else is at work; here others are."""


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
