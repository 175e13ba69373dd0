"""Logging in with an issuer that is really there."""

import asyncio
import base64
import json
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from console_service.rules.paths import SERVICES
from console_service.settings import Settings
from console_world import console_of, entries_of, served
from httpapi import IdentityOptions, verifier_from
from little_service import Asked, little_service
from localstack.postgres import databases
from oidc_issuer import CLIENT, SECRET

BASE = "https://console.example"


@dataclass
class Office:
    """A console whose people log in with an issuer."""

    url: str
    issuer: str
    asked: Asked
    database_url: str

    def browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, headers={"X-Creditloop-Console": "1"}, timeout=30)

    async def control(self, **told: object) -> None:
        async with httpx.AsyncClient() as client:
            await client.put(f"{self.issuer}/control", json=told)


@pytest.fixture
async def office(empty_database: str) -> AsyncIterator[Office]:
    async with AsyncExitStack() as stack:
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(Path(__file__).with_name("oidc_issuer.py")), stdout=asyncio.subprocess.PIPE
        )
        stack.push_async_callback(_ended, process)
        assert process.stdout
        issuer = (await process.stdout.readline()).decode().strip()
        client = await stack.enter_async_context(httpx.AsyncClient())
        asked = Asked()
        verifier = verifier_from(IdentityOptions(issuer=issuer), client)
        service = await stack.enter_async_context(served(little_service(verifier, asked)))
        settings = Settings.model_validate(
            {
                "database_url": empty_database,
                "service_urls": dict.fromkeys(SERVICES, service),
                "identity_issuer": issuer,
                "oidc_client_id": CLIENT,
                "oidc_client_secret": SECRET,
                "oidc_redirect_base": BASE,
                "cookie_secure": False,  # the test's browser comes by plain http
            }
        )
        url, _ = await stack.enter_async_context(console_of(settings))
        yield Office(url, issuer, asked, empty_database)


async def test_who_comes_back_from_the_issuer_is_logged_in_where_they_wanted_to_be(office: Office) -> None:
    async with office.browser() as browser:
        back = await _through(browser, "bob", after="/entities?q=1")
        told = (await browser.get("/api/session")).json()
        asked = (await browser.get("/api/profiling/v1/echo")).json()

    assert (back.status_code, back.headers["location"]) == (302, "/entities?q=1")
    assert (told["username"], told["role"], told["area"]) == ("bob", "area_officer", "510104")
    assert (asked["subject"], asked["role"]) == ("u-2", "area_officer")


async def test_the_database_gives_nobodys_tokens_away(office: Office) -> None:
    async with office.browser() as browser:
        await _through(browser, "bob")
        token = (await browser.get("/api/profiling/v1/echo")).json()["headers"]["authorization"].split()[1]

    async with databases.connected(office.database_url) as connection:
        stored = str(dict(await connection.fetchrow("select * from session")))
    assert token not in stored
    assert token.split(".")[1] not in stored


async def test_an_answer_for_another_browser_lets_nobody_in(office: Office) -> None:
    """An attacker who sends somebody their own answer would have them work in the attacker's name."""
    async with office.browser() as attacker, office.browser() as victim:
        address = await _answer(attacker, "bob")
        await victim.get("/api/oidc/start")
        back = await victim.get(address)
        session = await victim.get("/api/session")

    assert back.headers["location"] == "/login?problem=refused"
    assert session.status_code == 204


@pytest.mark.parametrize(
    "control", [{"nonce": "another"}, {"audience": "another-client"}], ids=["nonce", "audience"]
)
async def test_an_identity_meant_for_another_login_is_refused(
    office: Office, control: dict[str, str]
) -> None:
    await office.control(**control)
    async with office.browser() as browser:
        back = await _through(browser, "bob")

    assert back.headers["location"] == "/login?problem=refused"
    assert "creditloop_session" not in browser.cookies


@pytest.mark.parametrize("person", ["guest", "nobody"])
async def test_whom_the_services_would_not_take_is_not_let_in(office: Office, person: str) -> None:
    async with office.browser() as browser:
        back = await _through(browser, person)

    assert back.headers["location"] == "/login?problem=refused"


async def test_an_issuer_that_fails_is_told_apart_from_a_refusal(office: Office) -> None:
    async with office.browser() as browser:
        address = await _answer(browser, "bob")
        await office.control(down=True)
        back = await browser.get(address)

    assert back.headers["location"] == "/login?problem=silent"


async def test_a_token_that_ends_is_renewed_once_by_many_requests(office: Office) -> None:
    """An issuer takes a refresh token once: two requests that used it would end the session."""
    await office.control(lasts_s=30)
    async with office.browser() as browser:
        await _through(browser, "bob")
        await office.control(lasts_s=300)
        answers = await asyncio.gather(*(browser.get("/api/profiling/v1/echo") for _ in range(6)))
        tokens = {answer.json()["headers"]["authorization"] for answer in answers}

    assert {answer.status_code for answer in answers} == {200}
    assert len(tokens) == 1


async def test_whom_the_issuer_renews_no_more_is_out(office: Office) -> None:
    await office.control(lasts_s=30)
    async with office.browser() as browser:
        await _through(browser, "bob")
        await office.control(revoked=True)
        answer = await browser.get("/api/profiling/v1/echo")
        await office.control()
        after = await browser.get("/api/session")

    assert (answer.status_code, after.status_code) == (401, 204)


async def test_a_silent_issuer_ends_nothing_while_the_token_is_good(office: Office) -> None:
    await office.control(lasts_s=30)
    async with office.browser() as browser:
        await _through(browser, "bob")
        await office.control(down=True)
        answer = await browser.get("/api/profiling/v1/echo")

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "control",
    [
        {"renewed_as": "ann"},
        {"renewed_for": "another service"},
        {"identity_of": "ann"},
        {"renewed_role": "auditor"},
    ],
    ids=["subject", "audience", "identity", "role"],
)
async def test_renewed_tokens_are_checked_as_the_first_were(office: Office, control: dict[str, str]) -> None:
    """One session is one person in one role; what else an issuer renews it to ends it."""
    await office.control(lasts_s=30)
    async with office.browser() as browser:
        await _through(browser, "bob")
        await office.control(**control)
        answer = await browser.get("/api/profiling/v1/echo")
        await office.control()
        after = await browser.get("/api/session")

    assert (answer.status_code, after.status_code) == (401, 204)
    assert not office.asked.requests


async def test_a_discovery_of_another_issuer_is_not_followed(office: Office) -> None:
    """Else whoever can answer for one address would be believed for another."""
    await office.control(issuer="https://elsewhere.example")
    async with office.browser() as browser:
        refused = await browser.get("/api/oidc/start")
        await office.control()
        started = await browser.get("/api/oidc/start")

    assert (refused.status_code, started.status_code) == (503, 302)


async def test_who_logs_out_is_out_at_the_issuer_too(office: Office) -> None:
    async with office.browser() as browser:
        await _through(browser, "bob")
        before = await _renewable(office)
        left = await browser.delete("/api/session")
        after = await browser.get("/api/session")

    address = urlsplit(left.json()["next"])
    asked = parse_qs(address.query)
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{office.issuer}/logout"
    assert (asked["client_id"], asked["post_logout_redirect_uri"]) == ([CLIENT], [f"{BASE}/login"])
    assert (
        json.loads(base64.urlsafe_b64decode(asked["id_token_hint"][0].split(".")[1] + "=="))["sub"] == "u-2"
    )
    assert after.status_code == 204
    assert (before, await _renewable(office)) == (["bob"], [])


async def test_the_newest_refresh_token_is_the_one_revoked(office: Office) -> None:
    """The request that logs out may be the one that renews."""
    await office.control(lasts_s=30)
    async with office.browser() as browser:
        await _through(browser, "bob")
        await browser.delete("/api/session")

    assert await _renewable(office) == []


async def test_who_comes_from_the_issuer_and_goes_is_logged_without_the_issuers_code(office: Office) -> None:
    async with office.browser() as browser:
        await _through(browser, "bob")
        await browser.delete("/api/session")
        await _through(browser, "ann")
        [left] = await entries_of(browser, 1, logins=True)
        _, came = await entries_of(browser, 2)

    assert (came["path"], came["query"], came["status"]) == ("/oidc/callback", "", 302)
    assert (came["subject"], came["role"]) == ("u-2", "area_officer")
    assert (left["method"], left["path"], left["status"]) == ("DELETE", "/session", 200)


async def test_an_issuer_that_cannot_be_told_keeps_nobody_from_leaving(office: Office) -> None:
    await office.control(plain=True)
    async with office.browser() as browser:
        await _through(browser, "bob")
        left = await browser.delete("/api/session")
        after = await browser.get("/api/session")

    assert (left.status_code, left.content, after.status_code) == (204, b"", 204)


async def test_an_issuer_that_revokes_nothing_still_ends_its_own_session(office: Office) -> None:
    """Else whoever sits down at the browser next is in again with one click."""
    async with office.browser() as browser:
        await _through(browser, "bob")
        await office.control(down=True)
        left = await browser.delete("/api/session")
        after = await browser.get("/api/session")

    assert left.json()["next"].startswith(f"{office.issuer}/logout?")
    assert after.status_code == 204


@pytest.mark.parametrize(("again", "renewable"), [("ann", ["ann"]), ("bob", ["bob", "bob"])])
async def test_who_logs_in_over_another_leaves_nothing_of_them_to_renew(
    office: Office, again: str, renewable: list[str]
) -> None:
    """Not over themselves: an issuer that has one session for both would end the new login with the old."""
    async with office.browser() as browser:
        await _through(browser, "bob")
        await _through(browser, again)
        told = (await browser.get("/api/session")).json()

    assert told["username"] == again
    assert await _renewable(office) == renewable


async def test_passwords_and_accounts_are_the_issuers_business(office: Office) -> None:
    async with office.browser() as browser:
        methods = (await browser.get("/api/session/methods")).json()
        password = await browser.post("/api/session", json={"username": "ann", "password": "x"})
        await _through(browser, "ann")
        accounts = await browser.get("/api/accounts")

    assert methods == {"password": False, "oidc": {"name": "统一身份认证"}}
    assert (password.status_code, accounts.status_code) == (403, 404)


async def test_the_stages_are_read_with_the_consoles_own_token(office: Office) -> None:
    async with office.browser() as browser:
        await _through(browser, "bob")
        async with browser.stream("GET", "/api/live/stages") as answer:
            await asyncio.wait_for(anext(answer.aiter_lines()), 10)

    assert office.asked.flow_read >= 6


async def _answer(browser: httpx.AsyncClient, person: str, after: str = "/") -> str:
    """The path at the console that the issuer sends this browser back to."""
    started = await browser.get("/api/oidc/start", params={"next": after})
    async with httpx.AsyncClient() as outside:
        answered = await outside.get(started.headers["location"] + f"&as={person}")
    address = urlsplit(answered.headers["location"])
    assert f"{address.scheme}://{address.netloc}" == BASE
    assert parse_qs(address.query)["state"]
    return f"{address.path}?{address.query}"


async def _renewable(office: Office) -> list[str]:
    """Of whom the issuer would renew tokens."""
    async with httpx.AsyncClient() as client:
        found: list[str] = (await client.get(f"{office.issuer}/renewable")).json()
        return found


async def _through(browser: httpx.AsyncClient, person: str, after: str = "/") -> httpx.Response:
    return await browser.get(await _answer(browser, person, after))


async def _ended(process: asyncio.subprocess.Process) -> None:
    process.terminate()
    await process.communicate()
