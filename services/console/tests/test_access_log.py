"""Who read or changed what is known afterwards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from console_world import PASSWORD, World, console_of, log_in
from little_service import SHOP
from localstack.postgres import databases


async def test_reading_an_entity_and_changing_something_is_logged(world: World) -> None:
    async with world.as_("bob") as bob, world.as_("audit") as auditor:
        await bob.get(f"/api/classification/v1/entities/{SHOP}/class")
        await bob.post("/api/sampling/v1/draws?dry=1", json={})
        await bob.get("/api/sampling/v1/plans")
        entries = await _entries(auditor, 2)

    draw, read = entries
    assert (read["username"], read["role"], read["area"], read["entity"]) == (
        "bob",
        "area_officer",
        "510104",
        SHOP,
    )
    assert (read["service"], read["status"]) == ("classification", 200)
    assert (draw["method"], draw["path"], draw["query"], draw["status"]) == (
        "POST",
        "/v1/draws",
        "dry=1",
        201,
    )


async def test_an_entry_tells_a_query_apart_from_what_is_said_in_it(world: World) -> None:
    async with world.as_("bob") as bob, world.as_("audit") as auditor:
        await bob.get("/api/profiling/v1/entities/search?q=%E9%94%A6%E6%B1%9F%26limit%3D3&limit=9")
        [entry] = await _entries(auditor, 1)

    assert entry["query"] == "q=锦江%26limit%3D3&limit=9"


async def test_entries_are_found_by_person_entity_role_and_time(world: World) -> None:
    async with world.as_("bob") as bob, world.as_("wu") as wu, world.as_("audit") as auditor:
        await bob.get(f"/api/profiling/v1/entities/{SHOP}")
        await wu.post("/api/sampling/v1/draws", json={})
        await _entries(auditor, 2)
        found = [
            len((await auditor.get("/api/access-log", params=query)).json()["items"])
            for query in (
                {"username": "wu"},
                {"entity": SHOP},
                {"role": "auditor"},
                {"since": "2099-01-01T00:00:00Z"},
                {"until": "2099-01-01T00:00:00Z"},
                {"username": "bob", "entity": SHOP},
            )
        ]

    assert found == [1, 1, 0, 0, 2, 1]


async def test_the_log_is_read_page_by_page_newest_first(world: World) -> None:
    async with world.as_("bob") as bob, world.as_("audit") as auditor:
        for number in range(5):
            await bob.post(f"/api/sampling/v1/draws/{number}", json={})
        await _entries(auditor, 5)
        first = (await auditor.get("/api/access-log?limit=3")).json()
        rest = (await auditor.get("/api/access-log", params={"cursor": first["next_cursor"]})).json()

    paths = [entry["path"] for entry in first["items"] + rest["items"]]
    assert paths == [f"/v1/draws/{number}" for number in (4, 3, 2, 1, 0)]


async def test_what_waits_is_written_before_the_process_ends(world: World) -> None:
    async with console_of(world.settings) as (url, _), httpx.AsyncClient(base_url=url) as browser:
        browser.headers["X-Creditloop-Console"] = "1"
        await log_in(browser, "bob", PASSWORD)
        await browser.post("/api/sampling/v1/draws", json={})

    async with databases.connected(world.database_url) as connection:
        assert await connection.fetchval("select count(*) from access_entry") == 1


async def test_an_outage_of_the_database_loses_no_entry(world: World) -> None:
    async with world.as_("bob") as bob, world.as_("audit") as auditor:
        async with _hidden_table(world):
            await bob.post("/api/sampling/v1/draws", json={})
            await bob.post("/api/sampling/v1/draws", json={})
        entries = await _entries(auditor, 2)

    assert len(entries) == 2


async def test_an_entry_is_never_changed(world: World) -> None:
    async with world.as_("bob") as bob, world.as_("audit") as auditor:
        await bob.post("/api/sampling/v1/draws", json={})
        await _entries(auditor, 1)

    async with databases.connected(world.database_url) as connection:
        for change in ("update access_entry set username = 'ann'", "delete from access_entry"):
            with pytest.raises(Exception, match="is not changed"):
                await connection.execute(change)


@pytest.mark.parametrize("username", ["bob", "shop", "mall", "source"])
async def test_only_auditors_and_the_city_administrator_read_it(world: World, username: str) -> None:
    async with world.as_(username) as browser:
        answer = await browser.get("/api/access-log")

    assert answer.status_code == 403


@asynccontextmanager
async def _hidden_table(world: World) -> AsyncIterator[None]:
    async with databases.connected(world.database_url) as connection:
        await connection.execute("alter table access_entry rename to hidden")
        try:
            yield
            await asyncio.sleep(0.5)
        finally:
            await connection.execute("alter table hidden rename to access_entry")


async def _entries(auditor: httpx.AsyncClient, count: int) -> list[dict[str, Any]]:
    """The entries, once there are so many; they are written a moment later."""
    async with asyncio.timeout(10):
        while True:
            found: list[dict[str, Any]] = (await auditor.get("/api/access-log")).json()["items"]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.1)
