"""Passwords of one's own: chosen at the first login, and whenever somebody wants another."""

import httpx
import pytest
from console_service.rules.passwords import expected_of
from console_world import PASSWORD, World, log_in
from localstack.postgres import databases

GIVEN, OWN = "given for one login", "chosen by myself alone"
EVE = {"username": "eve", "display_name": "夏娃", "role": "inspector", "area": "510104", "password": GIVEN}


async def choose(browser: httpx.AsyncClient, password: str, wanted: str) -> httpx.Response:
    return await browser.post("/api/session/password", json={"password": password, "new_password": wanted})


async def test_a_password_that_was_given_opens_nothing_but_the_way_to_ones_own(world: World) -> None:
    async with world.as_("ann") as ann, world.browser() as browser:
        await ann.post("/api/accounts", json=EVE)
        entered = (await log_in(browser, "eve", GIVEN)).json()
        before = [
            await browser.get("/api/profiling/v1/echo"),
            await browser.get("/api/vocabulary"),
            await browser.get("/api/live/stages"),
        ]
        told = (await browser.get("/api/session")).json()
        chosen = await choose(browser, GIVEN, OWN)
        after = await browser.get("/api/profiling/v1/echo")

    assert entered["must_change_password"]
    assert told["must_change_password"]
    assert {answer.json()["type"] for answer in before} == {"urn:creditloop:problem:password-needed"}
    assert (chosen.status_code, chosen.json()["must_change_password"]) == (200, False)
    assert after.status_code == 200


async def test_a_password_that_was_set_anew_is_for_one_login_too(world: World) -> None:
    async with world.as_("ann") as ann, world.browser() as browser:
        await ann.post("/api/accounts/bob/password", json={"password": GIVEN})
        await log_in(browser, "bob", GIVEN)
        before = await browser.get("/api/profiling/v1/echo")
        await choose(browser, GIVEN, OWN)
        await browser.delete("/api/session")
        again = await log_in(browser, "bob", OWN)

    assert before.status_code == 403
    assert not again.json()["must_change_password"]


async def test_another_password_ends_all_sessions_but_the_one_it_is_chosen_in(world: World) -> None:
    """Whoever fears that somebody knows the old one wants them out, the thief of this session's cookie too."""
    async with world.as_("bob") as here, world.as_("bob") as there, world.browser() as thief:
        stolen = here.cookies["creditloop_session"]
        chosen = await choose(here, PASSWORD, OWN)
        thief.cookies.set("creditloop_session", stolen)
        answers = [await one.get("/api/profiling/v1/echo") for one in (here, there, thief)]
        old, new = await log_in(there, "bob"), await log_in(thief, "bob", OWN)

    assert chosen.status_code == 200
    assert [answer.status_code for answer in answers] == [200, 401, 401]
    assert (old.status_code, new.status_code) == (401, 201)


async def test_who_does_not_know_the_password_of_now_sets_none(world: World) -> None:
    """Somebody who finds a screen unlocked does not take the account with them."""
    async with world.as_("bob") as browser:
        answer = await choose(browser, "not the password", OWN)
        still = await browser.get("/api/profiling/v1/echo")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body.password"
    assert still.status_code == 200


async def test_guessing_at_the_password_of_now_is_slow(world: World) -> None:
    async with world.as_("bob") as browser:
        answers = [await choose(browser, "not the password", OWN) for _ in range(6)]
        right = await choose(browser, PASSWORD, OWN)

    assert [answer.status_code for answer in answers[:5]] == [422] * 5
    assert right.status_code == 429


async def test_a_choice_that_is_not_taken_is_no_guess(world: World) -> None:
    """Who knows their password, and thinks of weak ones, is not taken for a thief."""
    async with world.as_("bob") as browser:
        refused = [await choose(browser, PASSWORD, "short") for _ in range(7)]
        taken = await choose(browser, PASSWORD, OWN)

    assert {answer.json()["errors"][0]["field"] for answer in refused} == {"body.new_password"}
    assert taken.status_code == 200


async def test_the_choice_stands_in_the_access_log_and_no_password_does(world: World) -> None:
    async with world.as_("bob") as browser:
        await choose(browser, PASSWORD, OWN)

    async with databases.connected(world.database_url) as connection:
        [entry] = await connection.fetch("select * from access_entry where path <> '/session'")
    assert (entry["username"], entry["path"]) == ("bob", "/session/password")
    assert OWN not in str(dict(entry))


@pytest.mark.parametrize(
    "wanted", [PASSWORD, "short", "1234567890123", "Password1234", "bob is my name", "ababababababab"]
)
async def test_a_password_that_is_easily_guessed_is_not_taken(world: World, wanted: str) -> None:
    async with world.as_("bob") as browser:
        answer = await choose(browser, PASSWORD, wanted)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body.new_password"


@pytest.mark.parametrize("wanted", ["abcdefghijklm", "zyxwvutsrqponm", "9876543210987", "qwertyuiopasdf"])
def test_sequences_and_what_many_use_are_not_taken(wanted: str) -> None:
    assert expected_of(wanted, "bob") == "none that many people use, and no sequence"


def test_a_long_sentence_needs_no_figures_or_signs() -> None:
    assert expected_of("horses eat blue clover", "bob") is None
