"""Who uploads what, how an upload goes on, and how long it is kept."""

import hashlib
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from httpapi import LocalIssuer, Role, undeclared_routes
from httpapi.pages import encode_cursor
from ingestion_files import (
    MAPPING,
    Files,
    csv_of,
    files_at_work,
    row,
    verdicts,
)
from ingestion_service.errors import WrongOffset
from ingestion_service.main import Service
from ingestion_service.settings import Settings
from ingestion_service.store.files.disk import Disk
from vocabulary.areas import CITY

pytestmark = pytest.mark.timeout(300)
"""Each job starts processes of its own; that takes long where others are at work too."""


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


async def test_a_cursor_of_another_list_is_refused(files: Files) -> None:
    """A client that mixes its lists up hears of it, and nobody is woken for it."""
    answer = await files.client.get("/v1/files", params={"cursor": encode_cursor("no id")})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "query.cursor")
