"""Built-in accounts, kept by the city administrator and by the command."""

import io
import json
import sys

import pytest
from console_service import accounts
from console_world import PASSWORD, World, entries_of, log_in

NEW = {"username": "eve", "display_name": "夏娃", "role": "inspector", "area": "510104", "password": PASSWORD}


async def test_an_account_that_is_made_lets_its_owner_in(world: World) -> None:
    async with world.as_("ann") as ann, world.browser() as browser:
        made = await ann.post("/api/accounts", json={**NEW, "subject": "I-7"})
        entered = await log_in(browser, "eve")

    assert made.status_code == 201
    assert "password" not in made.json()
    assert (entered.json()["role"], entered.json()["subject"]) == ("inspector", "I-7")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"username": "bob"}, 409),
        ({"subject": "bob"}, 409),
        ({"password": "short"}, 422),
        ({"password": "evelyn's secret eve"}, 422),
        ({"area": None}, 422),
        ({"area": "999999"}, 422),
        ({"role": "enterprise", "area": None, "entity": "91510104YY00000790"}, 422),
        ({"platform": "mall"}, 422),
        ({"role": "king"}, 422),
    ],
)
async def test_an_account_that_services_would_not_take_is_refused(
    world: World, change: dict[str, object], status: int
) -> None:
    async with world.as_("ann") as ann:
        answer = await ann.post("/api/accounts", json={**NEW, **change})

    assert answer.status_code == status


@pytest.mark.parametrize(
    "change", [{"disabled": True, "reason": "调离本岗"}, {"area": "510107", "reason": "轮岗到武侯"}]
)
async def test_who_may_less_is_out_at_once(world: World, change: dict[str, object]) -> None:
    async with world.as_("ann") as ann, world.as_("bob") as bob:
        changed = await ann.patch("/api/accounts/bob", json=change)
        answer = await bob.get("/api/profiling/v1/echo")

    assert changed.status_code == 200
    assert answer.status_code == 401


async def test_a_disabled_account_lets_nobody_in_until_it_is_enabled(world: World) -> None:
    async with world.as_("ann") as ann, world.browser() as browser:
        await ann.patch("/api/accounts/bob", json={"disabled": True, "reason": "调离本岗"})
        refused = await log_in(browser, "bob")
        await ann.patch("/api/accounts/bob", json={"disabled": False, "reason": "已回本岗"})
        entered = await log_in(browser, "bob")

    assert (refused.status_code, entered.status_code) == (401, 201)


async def test_a_new_password_ends_what_was_begun_with_the_old_one(world: World) -> None:
    async with world.as_("ann") as ann, world.as_("bob") as bob, world.browser() as browser:
        set_ = await ann.post("/api/accounts/bob/password", json={"password": "another long secret"})
        out = await bob.get("/api/profiling/v1/echo")
        old = await log_in(browser, "bob")
        new = await log_in(browser, "bob", "another long secret")

    assert [answer.status_code for answer in (set_, out, old, new)] == [204, 401, 401, 201]


@pytest.mark.parametrize("change", [{"disabled": True}, {"disabled": False}, {"area": "510107"}])
async def test_what_somebody_may_do_is_changed_for_a_reason(world: World, change: dict[str, object]) -> None:
    async with world.as_("ann") as ann:
        answers = [
            await ann.patch("/api/accounts/bob", json=change),
            await ann.patch("/api/accounts/bob", json={**change, "reason": "  "}),
        ]
        bob = (await ann.get("/api/accounts?limit=3")).json()["items"][2]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert (bob["disabled"], bob["area"]) == (False, "510104")


async def test_changes_of_accounts_stand_in_the_access_log_with_their_reason(world: World) -> None:
    """Written with the change itself: whoever kills the process finds both or neither."""
    async with world.as_("ann") as ann, world.as_("audit") as auditor:
        await ann.post("/api/accounts", json=NEW)
        await ann.patch("/api/accounts/eve", json={"area": "510107", "reason": "轮岗到武侯区"})
        await ann.post("/api/accounts/eve/password", json={"password": "another long secret"})
        entries = await entries_of(auditor, 3)

    assert [(entry["path"], entry["reason"]) for entry in entries] == [
        ("/accounts/eve/password", None),
        ("/accounts/eve", "轮岗到武侯区"),
        ("/accounts", None),
    ]
    assert {(entry["username"], entry["service"]) for entry in entries} == {("ann", "console")}
    assert [entry["status"] for entry in entries] == [204, 200, 201]
    assert entries[1]["query"] == "area=510107"
    assert PASSWORD not in str(entries)


async def test_an_entry_cannot_be_made_to_tell_of_another_change(world: World) -> None:
    """A name may hold anything, and the log is what is believed later."""
    async with world.as_("ann") as ann, world.as_("audit") as auditor:
        await ann.patch("/api/accounts/bob", json={"display_name": "王&disabled=True"})
        [entry] = await entries_of(auditor, 1)

    assert entry["query"] == "display_name=王%26disabled%3DTrue"


async def test_nobody_locks_themselves_out(world: World) -> None:
    async with world.as_("ann") as ann:
        answer = await ann.patch("/api/accounts/ann", json={"disabled": True, "reason": "调离本岗"})

    assert answer.status_code == 409


async def test_nobody_sets_their_own_password_without_that_of_now(world: World) -> None:
    """Else whoever finds an administrator's screen unlocked takes the account with them."""
    async with world.as_("ann") as ann:
        answer = await ann.post("/api/accounts/ann/password", json={"password": "another long secret"})
        still = await log_in(ann, "ann")

    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:creditloop:problem:own-account"
    assert still.status_code == 201


async def test_accounts_are_listed_page_by_page(world: World) -> None:
    async with world.as_("ann") as ann:
        first = (await ann.get("/api/accounts?limit=4")).json()
        rest = (await ann.get("/api/accounts", params={"cursor": first["next_cursor"]})).json()

    assert [account["username"] for account in first["items"]] == ["ann", "audit", "bob", "mall"]
    assert [account["username"] for account in rest["items"]] == ["shop", "source", "wu"]


@pytest.mark.parametrize("username", ["bob", "audit", "shop", "mall", "source"])
async def test_only_the_city_administrator_keeps_accounts(world: World, username: str) -> None:
    async with world.as_(username) as browser:
        answers = [
            await browser.get("/api/accounts"),
            await browser.post("/api/accounts", json=NEW),
            await browser.patch("/api/accounts/bob", json={"disabled": True, "reason": "没有理由"}),
            await browser.post("/api/accounts/bob/password", json={"password": PASSWORD}),
        ]

    assert [answer.status_code for answer in answers] == [403] * 4


async def test_the_command_takes_all_lines_or_none(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = accounts.read([json.dumps(NEW), json.dumps({**NEW, "username": "zoe", "area": "1"})])

    with pytest.raises(accounts.WrongAccount, match="no area"):
        await accounts.put(empty_database, people)

    assert await accounts.put(empty_database, people[:1]) == 1


async def test_what_the_command_changes_stands_in_the_access_log(world: World) -> None:
    """Written with the accounts: whoever has the shell is no less looked at than whoever has the page."""
    bob = {"username": "bob", "display_name": "Bob", "role": "area_officer", "area": "510107"}
    lines = [json.dumps(NEW), json.dumps({**bob, "password": "another long secret"})]
    await accounts.put(world.database_url, accounts.read(lines))
    async with world.as_("audit") as auditor:
        params = {"username": "command line"}
        entries = (await auditor.get("/api/access-log", params=params)).json()["items"]

    assert [(entry["path"], entry["query"]) for entry in entries] == [
        ("/accounts/bob", "area=510107&must_change=True"),
        (
            "/accounts/eve",
            "username=eve&subject=eve&display_name=夏娃&role=inspector&area=510104&must_change=True",
        ),
    ]
    assert {(entry["subject"], entry["service"], entry["method"]) for entry in entries} == {
        ("cli", "console", "PUT")
    }


@pytest.mark.parametrize("told", [{}, {"must_change": True}, {"must_change": False}])
async def test_a_password_of_the_command_is_for_one_login_unless_it_says_otherwise(
    world: World, told: dict[str, bool]
) -> None:
    await accounts.put(world.database_url, accounts.read([json.dumps({**NEW, **told})]))

    async with world.browser() as browser:
        entered = (await log_in(browser, "eve")).json()

    assert entered["must_change_password"] is told.get("must_change", True)


def test_the_command_says_how_it_is_called(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("{"))
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://nobody@localhost:9/none")

    codes = [accounts.main([]), accounts.main(["put"])]

    assert codes == [2, 2]
    assert "Line 1 is no account" in capsys.readouterr().err
