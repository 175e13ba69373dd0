"""Logging in and out."""

from pathlib import Path

import asyncpg
import httpx
from console_world import OURS, PASSWORD, World, log_in, world_of
from localstack.postgres import databases


async def test_who_logs_in_is_told_who_they_are(world: World) -> None:
    async with world.as_("bob") as browser:
        told = (await browser.get("/api/session")).json()

    assert told["username"] == "bob"
    assert (told["role"], told["area"], told["entity"]) == ("area_officer", "510104", None)
    assert told["expires_at"]


async def test_the_cookie_is_out_of_scripts_reach_and_stored_nowhere(world: World) -> None:
    async with world.browser() as browser:
        answer = await log_in(browser, "bob")
        cookie = browser.cookies["creditloop_session"]
        set_cookie = answer.headers.get_list("set-cookie")[0]

    async with databases.connected(world.database_url) as connection:
        row = await connection.fetchrow("select * from session")

    assert "HttpOnly" in set_cookie
    assert "SameSite=lax" in set_cookie
    assert cookie not in str(dict(row))


async def test_an_unknown_name_and_a_wrong_password_sound_the_same(world: World) -> None:
    async with world.browser() as browser:
        unknown = await log_in(browser, "nobody")
        wrong = await log_in(browser, "bob", "not the password")

    assert (unknown.status_code, wrong.status_code) == (401, 401)
    assert unknown.json()["detail"] == wrong.json()["detail"]


async def test_nothing_is_told_without_a_session(world: World) -> None:
    async with world.browser() as browser:
        paths = (
            "/api/accounts",
            "/api/access-log",
            "/api/profiling/v1/entities",
            "/api/nothing",
        )
        answers = [await browser.get(path) for path in paths]

    assert [answer.status_code for answer in answers] == [401] * len(paths)
    assert "log in again" in answers[0].json()["detail"]


async def test_the_page_asks_who_is_logged_in_before_anybody_is(world: World) -> None:
    """That nobody is, is an answer and no refusal: a browser would report that as an error."""
    async with world.browser() as browser:
        answer = await browser.get("/api/session")

    assert (answer.status_code, answer.content) == (204, b"")


async def test_after_logging_out_the_cookie_opens_nothing(world: World) -> None:
    async with world.as_("bob") as browser:
        cookie = browser.cookies["creditloop_session"]
        left = await browser.delete("/api/session")

        async with httpx.AsyncClient(cookies={"creditloop_session": cookie}) as thief:
            again = await thief.get(f"{world.url}/api/session")

    assert left.status_code == 204
    assert again.status_code == 204


async def test_a_foreign_page_cannot_change_anything_with_the_cookie(world: World) -> None:
    """A form of another site sends the cookie along, and cannot set the header."""
    async with world.as_("ann") as browser:
        del browser.headers["X-Creditloop-Console"]
        answers = [
            await browser.post("/api/sampling/v1/draws", json={}),
            await browser.delete("/api/session"),
            await browser.post("/api/accounts", json={}),
        ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not world.asked.requests


async def test_a_login_that_is_no_json_is_refused(world: World) -> None:
    """A form of another site can send no JSON: it cannot log a person in as somebody else."""
    async with httpx.AsyncClient(base_url=world.url) as browser:
        text = '{"username": "bob", "password": "' + PASSWORD + '"}'
        answer = await browser.post("/api/session", content=text, headers={"Content-Type": "text/plain"})

    assert answer.status_code == 422
    assert not answer.cookies


async def test_credentials_other_than_the_cookie_are_not_taken(world: World) -> None:
    """One way in: whoever has a token speaks to the services."""
    async with world.as_("ann") as browser:
        await browser.get("/api/profiling/v1/echo")
        token = str(world.asked.requests[0]["headers"]["authorization"])  # type: ignore[index]
        async with httpx.AsyncClient(headers={"Authorization": token}) as other:
            answer = await other.get(f"{world.url}/api/session")

    assert answer.status_code == 204


async def test_a_session_left_alone_for_half_an_hour_is_over(world: World) -> None:
    async with world.as_("bob") as browser:
        await _age(
            world, "seen_at = seen_at - interval '31 minutes', began_at = began_at - interval '31 minutes'"
        )

        answer = await browser.get("/api/session")

    assert answer.status_code == 204


async def test_who_works_on_stays_logged_in_and_a_page_by_itself_does_not(world: World) -> None:
    async with world.as_("bob") as browser:
        await _age(
            world, "seen_at = seen_at - interval '20 minutes', began_at = began_at - interval '20 minutes'"
        )
        await browser.get("/api/profiling/v1/echo", headers={"X-Creditloop-Background": "1"})
        idle = await _seen(world)
        await browser.get("/api/profiling/v1/echo")
        active = await _seen(world)

    assert idle >= 20 * 60
    assert active < 60


async def test_nobody_stays_for_more_than_twelve_hours(world: World) -> None:
    async with world.as_("bob") as browser:
        await _age(world, "began_at = began_at - interval '12 hours'")

        answer = await browser.get("/api/session")

    assert answer.status_code == 204


async def test_the_login_page_learns_how_one_logs_in(world: World) -> None:
    async with world.browser() as browser:
        answer = await browser.get("/api/session/methods")

    assert answer.json() == {"password": True, "oidc": None}


async def test_answers_are_kept_by_nobody_and_may_not_be_framed(world: World) -> None:
    async with httpx.AsyncClient(base_url=world.url, headers=OURS) as browser:
        answer = await browser.get("/api/session/methods")

    assert answer.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_by_https_cookies_are_bound_to_this_host_and_browsers_stay_with_https(
    empty_database: str, tmp_path: Path
) -> None:
    """A name with the prefix cannot be set by a neighbouring name, nor by a page that came by plain http."""
    async with world_of(empty_database, tmp_path, cookie_secure=True) as world, world.browser() as browser:
        entered = await log_in(browser, "bob")
        cookies = entered.headers.get_list("set-cookie")
        value = cookies[0].partition("=")[2].partition(";")[0]
        named = await browser.get("/api/session", headers={"Cookie": f"__Host-creditloop_session={value}"})
        plain = await browser.get("/api/session", headers={"Cookie": f"creditloop_session={value}"})

    assert [cookie.partition("=")[0] for cookie in cookies] == [
        "__Host-creditloop_session",
        "__Secure-creditloop_device",
    ]
    assert all("; Secure" in cookie for cookie in cookies)
    assert "Path=/;" in cookies[0]
    assert "Domain" not in cookies[0]
    assert (named.status_code, plain.status_code) == (200, 204)
    assert entered.headers["strict-transport-security"] == "max-age=31536000"


async def test_by_plain_http_nothing_is_said_of_https(world: World) -> None:
    async with world.browser() as browser:
        answer = await log_in(browser, "bob")

    assert "strict-transport-security" not in answer.headers
    assert answer.headers.get_list("set-cookie")[0].startswith("creditloop_session=")


async def test_a_page_of_one_account_does_nothing_under_anothers(world: World) -> None:
    """One browser has one session: a second tab may have changed it."""
    async with world.as_("bob") as browser:
        browser.headers["X-Creditloop-Account"] = "ann"
        refused = [
            await browser.post("/api/sampling/v1/draws", json={}),
            await browser.get("/api/profiling/v1/echo"),
        ]
        told = await browser.get("/api/session")
        browser.headers["X-Creditloop-Account"] = "bob"
        done = await browser.post("/api/sampling/v1/draws", json={})

    assert [answer.status_code for answer in refused] == [409, 409]
    assert {answer.json()["type"] for answer in refused} == {"urn:creditloop:problem:another-account"}
    assert (told.json()["username"], done.status_code) == ("bob", 201)
    assert len(world.asked.requests) == 1


async def test_a_change_says_whose_it_is(world: World) -> None:
    """A page that says nothing may be anybody's."""
    async with world.as_("bob") as browser:
        del browser.headers["X-Creditloop-Account"]
        answers = [
            await browser.post("/api/sampling/v1/draws", json={}),
            await browser.post("/api/sampling/v1/draws?account=bob", json={}),
            await browser.get("/api/profiling/v1/echo"),
        ]

    assert [answer.status_code for answer in answers] == [403, 201, 200]


async def test_what_cannot_set_a_header_says_whose_it_is_in_its_address(world: World) -> None:
    """Streams of events and links; the services are not told, as they have no such parameter."""
    async with world.as_("bob") as browser:
        del browser.headers["X-Creditloop-Account"]
        refused = [
            await browser.get("/api/live/stages?account=ann"),
            await browser.get("/api/profiling/v1/echo?account=ann"),
        ]
        asked = await browser.get("/api/profiling/v1/echo?q=%E9%94%A6&account=bob&limit=3")

    assert [answer.json()["type"].rpartition(":")[2] for answer in refused] == ["another-account"] * 2
    assert asked.json()["query"] == "q=%E9%94%A6&limit=3"


async def test_logging_in_again_ends_the_session_before(world: World) -> None:
    """Its cookie is nobody's any more, except a thief's."""
    async with world.as_("bob") as browser:
        before = browser.cookies["creditloop_session"]
        await log_in(browser, "ann")
        async with httpx.AsyncClient(cookies={"creditloop_session": before}) as thief:
            answer = await thief.get(f"{world.url}/api/session")

    assert answer.status_code == 204


async def _age(world: World, change: str) -> None:
    connection: asyncpg.Connection
    async with databases.connected(world.database_url) as connection:
        await connection.execute(f"update session set {change}")


async def _seen(world: World) -> float:
    async with databases.connected(world.database_url) as connection:
        return float(await connection.fetchval("select extract(epoch from now() - seen_at) from session"))
