"""Who has a signal, what was done, how long it may wait, and what was cleared by a slip."""

from datetime import date, timedelta
from typing import Any

import pytest
from httpapi import Role
from profiling_service.errors import KeptShut
from profiling_service.ports.signals import SignalFilter
from profiling_service.rules.profiles import RuleBook
from profiling_service.rules.working import MOST_DAYS_OF_WAITING, TIME_TO_REOPEN, kept_shut, may_wait_until
from profiling_service.store.books import books
from profiling_service.store.reads import SqlReads
from profiling_service.store.signal_reads import SqlSignalReads
from profiling_service.use_cases import signal_work
from profiling_service.use_cases.signals import clear_signals
from profiling_signal_steps import RISING, complaints, record, told
from sqlalchemy import text

OFFICER = {"role": Role.AREA_OFFICER, "area": "510104", "subject": "officer"}
INSPECTOR = {"role": Role.INSPECTOR, "area": "510104", "subject": "inspector"}
STRANGER = {"role": Role.AREA_OFFICER, "area": "510117", "subject": "stranger"}


@pytest.fixture
def penalty(sample: Any) -> str:
    """The open signal that the asked service begins with."""
    return f"/v1/signals/penalty_imposed|{sample.uscc}|2"


async def steps_of(ask: Any, signal: str) -> list[tuple[str, str, str | None]]:
    return [
        (step["kind"], step["by"], step["assignee"])
        for step in (await ask(signal, **OFFICER)).json()["steps"]
    ]


async def ids(ask: Any, asked: str, **caller: Any) -> list[str]:
    listed = (await ask(f"/v1/signals?{asked}", **(caller or OFFICER))).json()["items"]
    return [signal["signal_id"] for signal in listed]


async def test_a_signal_goes_from_hand_to_hand_and_every_hand_is_on_its_trail(ask: Any, penalty: str) -> None:
    """When nothing was done in time, it must be plain who had it."""
    given = await ask(f"{penalty}/assign", **OFFICER, json={"assignee": "inspector", "note": "your street"})
    returned = await ask(f"{penalty}/assign", **INSPECTOR, json={"assignee": None, "note": "not mine"})

    assert (given.status_code, given.json()["kind"], returned.json()["kind"]) == (200, "assigned", "returned")
    assert await steps_of(ask, penalty) == [
        ("assigned", "officer", "inspector"),
        ("returned", "inspector", None),
    ]
    assert (await ask(penalty, **OFFICER)).json()["assignee"] is None


async def test_an_inspector_takes_what_nobody_has_and_gives_nothing_to_others(ask: Any, penalty: str) -> None:
    """Work is given by the officer; taking it from a colleague is no taking in hand."""
    to_another = await ask(f"{penalty}/assign", **INSPECTOR, json={"assignee": "colleague"})
    await ask(f"{penalty}/assign", **OFFICER, json={"assignee": "colleague"})
    from_another = await ask(f"{penalty}/assign", **INSPECTOR, json={"assignee": "inspector"})
    of_another = await ask(f"{penalty}/assign", **INSPECTOR, json={"assignee": None})

    assert [answer.status_code for answer in (to_another, from_another, of_another)] == [403, 409, 409]
    assert await steps_of(ask, penalty) == [("assigned", "officer", "colleague")]


async def test_the_queue_shows_whose_a_signal_is(ask: Any, penalty: str) -> None:
    """My work today is what I have, and what nobody has yet."""
    (before,) = await ids(ask, "unassigned=true&family=penalty_imposed")
    await ask(f"{penalty}/assign", **OFFICER, json={"assignee": "inspector"})

    assert penalty.endswith(before)
    assert await ids(ask, "mine=true", **INSPECTOR) == [before]
    assert await ids(ask, "assignee=inspector") == [before]
    assert await ids(ask, "mine=true") == []
    assert before not in await ids(ask, "unassigned=true")


async def test_what_was_done_is_kept_and_who_did_it_has_it(ask: Any, penalty: str) -> None:
    """A visit without a line in the record did not happen."""
    order = {"action": "visited", "note": "shop is closed on Mondays"}
    done = await ask(f"{penalty}/act", **INSPECTOR, json=order)
    again = await ask(f"{penalty}/act", **INSPECTOR, json=order)
    after = await ask(
        f"{penalty}/act", **OFFICER, json={"action": "passed_on", "note": "to the street office"}
    )

    assert (done.status_code, done.json()) == (201, again.json())
    assert (after.json()["by"], after.json()["assignee"]) == ("officer", "inspector")
    file = (await ask(penalty, **OFFICER)).json()
    assert [(step["action"], step["note"]) for step in file["steps"]] == [
        ("visited", "shop is closed on Mondays"),
        ("passed_on", "to the street office"),
    ]


async def test_many_are_given_at_once_each_in_its_area(ask: Any, penalty: str, sample: Any) -> None:
    """Monday morning: forty new ones, two people."""
    other = f"penalty_imposed|{sample.other}|2"
    mine = penalty.removeprefix("/v1/signals/")
    order = {"signal_ids": [mine, other], "assignee": "inspector"}

    strangers = (await ask("/v1/signals/assign", **STRANGER, json=order)).json()
    given = (await ask("/v1/signals/assign", **OFFICER, json=order)).json()

    assert strangers == {"assigned": [], "not_assigned": [mine, other]}
    assert given == {"assigned": [mine], "not_assigned": [other]}


@pytest.mark.parametrize(
    ("step", "order"),
    [
        ("assign", {"assignee": "stranger"}),
        ("act", {"action": "phoned"}),
        ("snooze", {"until": "2026-06-10", "reason": "known"}),
        ("reopen", {"reason": "by mistake"}),
    ],
)
async def test_an_officer_of_another_area_finds_no_such_signal(
    ask: Any, penalty: str, step: str, order: dict[str, str]
) -> None:
    """Not even that it exists is told."""
    refused = await ask(f"{penalty}/{step}", **STRANGER, json=order)
    woken = await ask(f"{penalty}/snooze", **STRANGER, method="DELETE")

    assert (refused.status_code, woken.status_code) == (404, 404)
    assert await steps_of(ask, penalty) == []


async def test_one_signal_waits_while_the_others_of_its_entity_do_not(ask: Any, penalty: str) -> None:
    """A suppression silences a family; here one matter waits for an appointment."""
    far = await ask(f"{penalty}/snooze", **OFFICER, json={"until": "2026-12-31", "reason": "some day"})
    past = await ask(f"{penalty}/snooze", **OFFICER, json={"until": "2026-05-31", "reason": "late"})
    waits = await ask(f"{penalty}/snooze", **OFFICER, json={"until": "2026-06-10", "reason": "interview"})

    assert [answer.status_code for answer in (far, past, waits)] == [422, 422, 200]
    assert far.json()["errors"][0]["expected"] == "a day from 2026-06-01 to 2026-08-30"
    assert await ids(ask, "state=open&family=penalty_imposed") == []
    assert len(await ids(ask, "state=snoozed")) == 1
    file = (await ask(penalty, **OFFICER)).json()
    assert (file["state"], file["snoozed_until"], file["open"]) == ("snoozed", "2026-06-10", True)

    await ask(f"{penalty}/snooze", **OFFICER, method="DELETE")

    assert (await ask(penalty, **OFFICER)).json()["state"] == "open"
    assert [kind for kind, *_ in await steps_of(ask, penalty)] == ["snoozed", "woken"]


async def test_a_signal_that_waited_is_back_by_itself_the_day_after(
    ask: Any, penalty: str, sql_world: Any
) -> None:
    """Nobody has to remember it."""
    await ask(f"{penalty}/snooze", **OFFICER, json={"until": "2026-06-10", "reason": "interview"})

    async def state_on(day: str) -> str:
        async with sql_world.engine.begin() as connection:
            await connection.execute(
                text("update business_day set day = cast(:day as date)"), {"day": date.fromisoformat(day)}
            )
        return str((await ask(penalty, **OFFICER)).json()["state"])

    assert [await state_on("2026-06-10"), await state_on("2026-06-11")] == ["snoozed", "open"]


async def test_a_signal_that_grows_waits_no_longer(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """Three complaints may wait for a week; thirty may not."""
    await record(sql_world, book, facts.registration(), *complaints(facts, 1, 2, 3))
    signal = f"{RISING}|{sample.uscc}|1"
    reads = SqlSignalReads(sql_world.engine, SqlReads(sql_world.engine, book))
    async with sql_world.transaction() as tx:
        await signal_work.snooze(signal, sample.day + 7, "officer", "summer fair", tx)
    waiting = await reads.signals(SignalFilter(state="snoozed"), None, 10)

    await record(sql_world, book, *complaints(facts, *range(4, 10)))

    assert [row.signal_id for row in waiting] == [signal]
    assert await reads.signals(SignalFilter(state="snoozed"), None, 10) == []
    (back,) = await reads.signals(SignalFilter(state="open", family=RISING), None, 10)
    assert (back.signal_id, back.snoozed_until) == (signal, None)


async def test_a_slip_is_taken_back_and_told(ask: Any, penalty: str, sql_world: Any) -> None:
    """One wrong click must not end a warning for good."""
    open_ = await ask(f"{penalty}/reopen", **OFFICER, json={"reason": "nothing yet"})
    await ask(f"{penalty}/clear", **OFFICER, json={"reason": "interviewed"})
    shut = await ask(f"{penalty}/act", **OFFICER, json={"action": "phoned"})
    back = await ask(f"{penalty}/reopen", **OFFICER, json={"reason": "wrong firm"})

    assert [answer.status_code for answer in (open_, shut, back)] == [409, 409, 200]
    file = (await ask(penalty, **OFFICER)).json()
    assert (file["state"], file["cleared_reason"], file["raised_on"]) == ("open", None, "2026-06-01")
    assert [(step["kind"], step["note"]) for step in file["steps"]] == [
        ("cleared", "interviewed"),
        ("reopened", "wrong firm"),
    ]
    async with sql_world.engine.connect() as connection:
        assert (await connection.execute(text("select count(*) from outbox"))).scalar_one() == 2


async def test_a_clearing_of_the_day_before_yesterday_stands(ask: Any, penalty: str, sql_world: Any) -> None:
    """By then others have gone by it."""
    await ask(f"{penalty}/clear", **OFFICER, json={"reason": "interviewed"})
    async with sql_world.engine.begin() as connection:
        await connection.execute(text("update signal_step set at = at - interval '25 hours'"))

    late = await ask(f"{penalty}/reopen", **OFFICER, json={"reason": "wrong firm"})

    assert (late.status_code, late.json()["type"]) == (
        409,
        "urn:creditloop:problem:signal-not-cleared-lately",
    )


async def test_what_is_opened_again_ends_by_facts_as_if_never_cleared(
    sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """The copies in memory must not think that a person settled it; and no book may miss it."""
    await record(sql_world, book, facts.registration(), facts.penalty("P-1"))
    signal = f"penalty_imposed|{sample.uscc}|2"
    async with sql_world.transaction() as tx:
        await clear_signals([signal], None, "slip", "officer", tx)
    async with sql_world.transaction() as tx:
        await signal_work.reopen(signal, "taken back", "officer", tx)

    await record(sql_world, book, facts("penalty_annulled", penalty_fact_id="P-1"))

    assert told(sql_world, "penalty_imposed") == [
        "SignalRaised",
        "SignalCleared",
        "SignalRaised",
        "SignalCleared",
    ]
    kept = books(sql_world.engine, book.families)
    assert await kept.digests("signals_kept") == await kept.digests("signals_counted")
    reads = SqlSignalReads(sql_world.engine, SqlReads(sql_world.engine, book))
    (over,) = await reads.signals(SignalFilter(state="cleared"), None, 10)
    assert over.cleared_by == "facts"


async def test_what_the_facts_ended_was_cleared_by_nobody(
    ask: Any, sql_world: Any, book: RuleBook, facts: Any, sample: Any
) -> None:
    """A code of the store is neither a colleague's name nor a reason."""
    await record(sql_world, book, facts.registration(), facts.penalty("P-1"))
    await record(sql_world, book, facts("penalty_annulled", penalty_fact_id="P-1"))

    over = (await ask("/v1/signals?state=cleared")).json()["items"]

    assert "penalty_imposed" in {signal["family"] for signal in over}
    assert {(signal["cleared_by"], signal["cleared_reason"]) for signal in over} == {(None, None)}


async def test_the_most_urgent_comes_first_and_pages_go_on_from_there(ask: Any, sql_world: Any) -> None:
    """An alarm of yesterday is not to be looked for on page forty."""
    async with sql_world.engine.begin() as connection:
        await connection.execute(
            text(
                "insert into signal (signal_id, uscc, family, episode, severity, suggested_step, evidence, area_code,"
                " raised_on, due_on) select 'listed|' || uscc || '|' || number, uscc, 'listed', number,"
                " 1 + number % 3, 'inspect', '{}', '', '2026-06-01', cast('2026-06-01' as date) + number % 4"
                " from entity, generate_series(100, 111) as number where area_code = '510104'"
            )
        )

    found: list[Any] = []
    cursor = ""
    while cursor is not None:
        page = (await ask(f"/v1/signals?family=listed&limit=5{cursor and '&cursor='}{cursor}")).json()
        found += page["items"]
        cursor = page["next_cursor"]

    weight = {"alarm": 0, "warning": 1, "notice": 2}
    keys = [(weight[signal["severity"]], signal["due_on"], signal["signal_id"]) for signal in found]
    assert (len(keys), keys) == (12, sorted(keys))
    assert found[0]["entity_name"] == "虚构餐饮店"
    assert (await ask("/v1/signals?cursor=WzEsOSwiIiwiIl0")).status_code == 400


async def test_tabs_are_counted_by_state_and_severity_in_the_callers_area(
    ask: Any, penalty: str, sample: Any
) -> None:
    """A tab that says 3 and shows 2 is believed by nobody."""
    before = (await ask("/v1/signals/counts", **INSPECTOR)).json()
    await ask(f"{penalty}/assign", **OFFICER, json={"assignee": "inspector"})
    await ask(f"{penalty}/snooze", **OFFICER, json={"until": "2026-06-10", "reason": "interview"})
    waiting = (await ask("/v1/signals/counts?family=penalty_imposed", **INSPECTOR)).json()
    await ask(f"{penalty}/clear", **OFFICER, json={"reason": "interviewed"})
    cleared = (await ask("/v1/signals/counts?mine=true", **INSPECTOR)).json()

    assert {(row["state"], row["signals"], row["unassigned"]) for row in before} == {("open", 1, 1)}
    assert [(row["state"], row["signals"], row["mine"]) for row in waiting] == [("snoozed", 1, 1)]
    assert [(row["state"], row["signals"]) for row in cleared] == [("cleared", 1)]
    assert (await ask("/v1/signals/counts", **STRANGER)).json() == []


@pytest.mark.parametrize(
    ("ahead", "may"),
    [(-1, False), (0, True), (MOST_DAYS_OF_WAITING, True), (MOST_DAYS_OF_WAITING + 1, False)],
)
def test_a_signal_waits_from_today_for_a_quarter_at_most(ahead: int, may: bool, sample: Any) -> None:  # noqa: FBT001
    """Longer is hidden rather than put off."""
    assert may_wait_until(sample.day + ahead, sample.day) is may


@pytest.mark.parametrize(
    ("is_open", "holds", "ago", "why"),
    [
        (False, True, TIME_TO_REOPEN, None),
        (True, True, timedelta(0), KeptShut.IS_OPEN),
        (False, False, timedelta(0), KeptShut.CAUSE_IS_OVER),
        (False, True, TIME_TO_REOPEN + timedelta(seconds=1), KeptShut.TOO_LATE),
        (False, True, None, KeptShut.TOO_LATE),
    ],
)
def test_only_what_a_person_cleared_lately_and_still_holds_is_opened_again(
    is_open: bool,  # noqa: FBT001
    holds: bool,  # noqa: FBT001
    ago: timedelta | None,
    why: KeptShut | None,
) -> None:
    """What facts ended, facts decide."""
    assert kept_shut(is_open=is_open, holds=holds, cleared_ago=ago) is why
