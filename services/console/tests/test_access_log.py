"""Who read or changed what is known afterwards."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from console_world import PASSWORD, World, console_of, entries_of, log_in
from little_service import SHOP
from localstack.postgres import databases


async def test_reading_an_entity_and_changing_something_is_logged(world: World) -> None:
    async with world.as_("bob") as bob, world.as_("audit") as auditor:
        await bob.get(f"/api/classification/v1/entities/{SHOP}/class")
        await bob.post("/api/sampling/v1/draws?dry=1", json={})
        await bob.get("/api/sampling/v1/plans")
        entries = await entries_of(auditor, 2)

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
        [entry] = await entries_of(auditor, 1)

    assert entry["query"] == "q=锦江%26limit%3D3&limit=9"


async def test_entries_are_found_by_person_entity_role_and_time(world: World) -> None:
    async with world.as_("bob") as bob, world.as_("wu") as wu, world.as_("audit") as auditor:
        await bob.get(f"/api/profiling/v1/entities/{SHOP}")
        await wu.post("/api/sampling/v1/draws", json={})
        await entries_of(auditor, 2)
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

    assert found == [2, 1, 1, 0, 5, 1]


async def test_the_log_is_read_page_by_page_newest_first(world: World) -> None:
    async with world.as_("bob") as bob, world.as_("audit") as auditor:
        for number in range(5):
            await bob.post(f"/api/sampling/v1/draws/{number}", json={})
        await entries_of(auditor, 5)
        first = (await auditor.get("/api/access-log?limit=3")).json()
        rest = (await auditor.get("/api/access-log", params={"cursor": first["next_cursor"]})).json()

    paths = [entry["path"] for entry in first["items"] + rest["items"]]
    assert paths[:5] == [f"/v1/draws/{number}" for number in (4, 3, 2, 1, 0)]


async def test_what_waits_is_written_before_the_process_ends(world: World) -> None:
    async with console_of(world.settings) as (url, _), httpx.AsyncClient(base_url=url) as browser:
        browser.headers["X-Creditloop-Console"] = "1"
        await log_in(browser, "bob", PASSWORD)
        await browser.post("/api/sampling/v1/draws", json={})

    async with databases.connected(world.database_url) as connection:
        assert await connection.fetchval("select path from access_entry order by number desc") == "/v1/draws"


async def test_an_outage_of_the_database_loses_no_entry(world: World) -> None:
    async with world.as_("bob") as bob, world.as_("audit") as auditor:
        async with _hidden_table(world):
            await bob.post("/api/sampling/v1/draws", json={})
            await bob.post("/api/sampling/v1/draws", json={})
        entries = await entries_of(auditor, 2)

    assert len(entries) == 2


async def test_an_entry_is_never_changed(world: World) -> None:
    async with world.as_("bob") as bob, world.as_("audit") as auditor:
        await bob.post("/api/sampling/v1/draws", json={})
        await entries_of(auditor, 1)

    async with databases.connected(world.database_url) as connection:
        for change in ("update access_entry set username = 'ann'", "delete from access_entry"):
            with pytest.raises(Exception, match="is not changed"):
                await connection.execute(change)


@pytest.mark.parametrize("username", ["bob", "shop", "mall", "source"])
async def test_only_auditors_and_the_city_administrator_read_it(world: World, username: str) -> None:
    async with world.as_(username) as browser:
        answer = await browser.get("/api/access-log")

    assert answer.status_code == 403


async def test_who_comes_and_goes_is_logged(world: World) -> None:
    async with world.browser() as browser, world.as_("audit") as auditor:
        await log_in(browser, "bob")
        await browser.delete("/api/session")
        left, came = [each for each in await entries_of(auditor, 3, logins=True) if each["username"] == "bob"]

    assert (came["method"], came["status"], left["method"], left["status"]) == ("POST", 201, "DELETE", 204)
    assert (came["subject"], came["role"], came["area"]) == ("bob", "area_officer", "510104")


async def test_who_is_not_let_in_is_logged_and_what_they_typed_is_not(world: World) -> None:
    """People type their password where their name belongs."""
    async with world.browser() as browser, world.as_("audit") as auditor:
        await log_in(browser, "bob", "not the password")
        await log_in(browser, "my secret password", "bob")
        entries = await entries_of(auditor, 3, logins=True)

    failed = [(entry["username"], entry["role"]) for entry in entries if entry["status"] == 401]
    assert failed == [("unknown account", ""), ("bob", "area_officer")]
    assert "secret" not in str(entries)
    assert "not the password" not in str(entries)


async def test_an_attempt_that_must_wait_fills_no_log(world: World) -> None:
    """Anybody can make as many as they like, and no entry is ever taken out."""
    async with world.browser() as browser, world.as_("audit") as auditor:
        answers = [await log_in(browser, "bob", "not the password") for _ in range(9)]
        looked_at = [answer for answer in answers if answer.status_code == 401]
        await log_in(browser, "ann")
        entries = await entries_of(auditor, len(looked_at) + 2, logins=True)

    assert answers[-1].status_code == 429
    assert len(entries) == len(looked_at) + 2


async def test_a_choice_of_password_that_fails_is_logged(world: World) -> None:
    async with world.as_("bob") as bob, world.as_("audit") as auditor:
        for now, wanted in (("not the password", "chosen by myself"), (PASSWORD, "short")):
            await bob.post("/api/session/password", json={"password": now, "new_password": wanted})
        entries = await entries_of(auditor, 2)

    assert [(entry["username"], entry["path"], entry["status"]) for entry in entries] == [
        ("bob", "/session/password", 422)
    ] * 2
    assert "not the password" not in str(entries)


async def test_what_is_refused_before_a_service_is_asked_is_logged(world: World) -> None:
    async with world.as_("shop") as shop, world.as_("audit") as auditor:
        await shop.get(f"/api/classification/v1/entities/{SHOP}/class")
        await shop.get("/api/sampling/v1/plans?limit=3")
        plans, read = await entries_of(auditor, 2)

    assert (read["username"], read["entity"], read["status"]) == ("shop", SHOP, 403)
    assert (plans["path"], plans["query"], plans["status"]) == ("/v1/plans", "limit=3", 403)


async def test_what_the_console_itself_refuses_is_logged_once(world: World) -> None:
    """A class stands in the workbook: who asks for it and may not is somebody to know of."""
    async with world.as_("shop") as shop, world.as_("audit") as auditor:
        await shop.get(f"/api/entities/{SHOP}/report.xlsx")
        await shop.get("/api/accounts")
        await shop.get("/api/sampling/v1/plans")
        plans, accounts, workbook = await entries_of(auditor, 3)

    assert [(entry["path"], entry["entity"], entry["status"]) for entry in (workbook, accounts, plans)] == [
        (f"/entities/{SHOP}/report.xlsx", SHOP, 403),
        ("/accounts", None, 403),
        ("/v1/plans", None, 403),
    ]


@asynccontextmanager
async def _hidden_table(world: World) -> AsyncIterator[None]:
    async with databases.connected(world.database_url) as connection:
        await connection.execute("alter table access_entry rename to hidden")
        try:
            yield
            await asyncio.sleep(0.5)
        finally:
            await connection.execute("alter table hidden rename to access_entry")
