"""Any past decision comes out of its own row the same, byte for byte."""

import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from classification_service.http_api import replays
from classification_service.model.judgement import IndicatorsChanged
from classification_service.rules.replaying import Known, replayed
from classification_service.use_cases import replay as use_cases
from httpapi import Role
from sqlalchemy import text

DAY = 20_600
EPOCH = date(1970, 1, 1)
MANAGER, APPROVER, CITY, AUDITOR = Role.MODEL_MANAGER, Role.APPROVER, Role.CITY_ADMINISTRATOR, Role.AUDITOR
GENERAL = files("classification_service").joinpath("packs/models/general-1.yaml").read_text(encoding="utf-8")
SECOND = (
    GENERAL.replace("\nversion: 1\n", "\nversion: 2\n")
    .replace("\nvalid_from: 2022", "\nvalid_from: 2023")
    .replace("A: 250", "A: 210")
)
INDIVIDUAL = (
    GENERAL.replace("\ncode: general\n", "\ncode: individual\nkind: individual\n")
    .replace("\nbase: 150\n", "\nbase: 90\n")
    .replace("\ncatalogue_version: 1\n", "\ncatalogue_version: 2\n")
)
FOOD = """
code: food
version: 1
kind: sector
sector: food_production
member: food_production.member
catalogue_version: 2
zh: 食品生产
en: Food production
valid_from: 2022-01-01
author: test
scale: {lowest: 0, highest: 100, cuts: {A: 10, B: 20, C: 30}}
base: 15
dimensions: []
items:
  - {indicator: social.complaints_12m, bins: {edges: [1], points: [0, 85]}, missing: {policy: neutral}}
overrides: []
modifiers: []
"""


class History:
    """A city of some entities over some days, as random as its seed."""

    def __init__(self, office: Any, change: Callable[..., IndicatorsChanged], seed: int) -> None:
        self._office = office
        self._change = change
        self._random = np.random.default_rng(seed)
        self._versions: dict[str, int] = {}
        self.usccs = [f"91510104YY{number:06d}XX" for number in range(60)]

    def events(self, day: int) -> list[IndicatorsChanged]:
        """One event for each entity that is not cancelled, on this day."""
        return [self._event(uscc, day) for uscc in self.usccs]

    def _event(self, uscc: str, day: int) -> IndicatorsChanged:
        chance, number = self._random, self.usccs.index(uscc)
        version = self._versions[uscc] = self._versions.get(uscc, 0) + 1
        given: Mapping[str, Any] = {
            "base_is_individual": number % 3 == 0,
            "food_production_member": number % 4 == 0,
            "social_complaints_12m": int(chance.integers(0, 9)),
            "social_complaints_90d": int(chance.integers(0, 5)),
            "regulatory_penalties_12m": int(chance.integers(0, 3)),
            "regulatory_abnormal_listed_now": chance.random() < 0.1,
            "regulatory_serious_listed_now": chance.random() < 0.05,
            "dynamic_suspended_now": chance.random() < 0.1,
            "base_capital_wan": None if chance.random() < 0.2 else float(np.float32(chance.random() * 500)),
            "established_on_day": None if number % 5 == 0 else DAY - 100 * number,
            "status": "cancelled" if chance.random() < 0.01 else "active",
        }
        return self._change(version, uscc=uscc, business_day=day, **given)


async def _promoted(office: Any, written: str, day: date) -> None:
    made = (await office.ask("wang", MANAGER, "POST /v1/drafts", {"text": written})).json()
    assert made["problems"] == []
    path = f"POST /v1/drafts/{made['id']}"
    for answer in (
        await office.ask("wang", MANAGER, f"{path}/submit", {"version": 1}),
        await office.approve(made["id"]),
        await office.ask("wang", MANAGER, f"{path}/promote", {"day": day.isoformat()}),
    ):
        assert answer.status_code == 200, answer.text


async def _intervened(office: Any, usccs: list[str]) -> None:
    for place, uscc in enumerate(usccs):
        order = {
            "uscc": uscc,
            "risk_class": "ABCD"[place % 4],
            "reason": "r",
            "evidence": ["e"],
            "expires_on": "2026-06-02",
        }
        made = await office.ask("wang", CITY, "POST /v1/interventions", order)
        if made.status_code == 201:
            await office.ask("li", APPROVER, f"POST /v1/interventions/{made.json()['id']}/approve")
        objection = {"uscc": uscc, "indicators": ["social.complaints_12m"], "ground": "g", "evidence": ["e"]}
        await office.ask("wang", CITY, "POST /v1/objections", objection | {"filed_on": "2026-05-27"})


@pytest.fixture
async def lived(
    office: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> Any:
    """A history of old decisions, several versions, individual businesses, a sector, and people's decisions."""
    history = History(office, change, seed=7)
    for day in range(DAY - 6, DAY + 1):
        await run(office.store, *history.events(day))
    async with (
        office.store.engine.begin() as connection
    ):  # as decisions were kept before models judged together, and before a trigger guarded them
        await connection.execute(text("set local session_replication_role = replica"))
        await connection.execute(
            text(
                "update decision set set_code = '', established_on = null, status = 'unknown' where number <= 3"
            )
        )
    tomorrow = EPOCH + timedelta(days=DAY + 1)
    for written in (SECOND, INDIVIDUAL, FOOD):
        await _promoted(office, written, tomorrow)
    await _intervened(office, history.usccs[::6])
    for day in range(DAY + 1, DAY + 16):
        if day == DAY + 9:
            await office.ask(
                "zhao", CITY, "POST /v1/daily-runs", {"day": (EPOCH + timedelta(days=day)).isoformat()}
            )
        await run(office.store, *history.events(day))
    return office


async def test_a_random_thousand_of_a_history_comes_out_the_same(lived: Any) -> None:
    """Whoever doubts a decision of years ago can make it again."""
    kinds = await lived.store.rows("""
        select count(*), count(*) filter (where set_code = ''), count(distinct set_code), count(distinct model_id),
               count(*) filter (where sectors > 0), count(*) filter (where flags & 16 > 0),
               count(*) filter (where flags & 32 > 0), count(*) filter (where flags & 4 > 0),
               count(*) filter (where flags & 1 > 0)
        from decision
    """)

    answer = await lived.ask("sun", AUDITOR, "POST /v1/replays", {"decisions": 1000, "seed": 3})

    assert kinds[0][0] >= 1000
    assert all(count > 1 for count in kinds[0][1:])
    assert answer.json() == {
        "decisions": 1000,
        "same": 1000,
        "without_points": 0,
        "differing": [],
        "next_cursor": None,
    }


async def test_all_decisions_come_out_the_same_and_each_can_be_asked_for(lived: Any) -> None:
    """One by one or all at once, it is the same derivation."""
    count = (await lived.store.rows("select count(*) from decision"))[0][0]
    uscc, number = (await lived.store.rows("select uscc, number from decision where flags & 16 > 0 limit 1"))[
        0
    ]

    every = (await lived.ask("sun", AUDITOR, "POST /v1/replays", {})).json()
    one = (await lived.ask("sun", AUDITOR, f"GET /v1/entities/{uscc}/decisions/{number}/replay")).json()
    none = await lived.ask("sun", AUDITOR, f"GET /v1/entities/{uscc}/decisions/999/replay")

    assert every == {
        "decisions": count,
        "same": count,
        "without_points": 0,
        "differing": [],
        "next_cursor": None,
    }
    assert (one["same"], one["differs"]) == (True, [])
    assert none.status_code == 404


async def test_all_decisions_are_looked_at_page_by_page_beside_the_loop(
    lived: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A city has millions: no request takes them all, and events are applied meanwhile."""
    count = (await lived.store.rows("select count(*) from decision"))[0][0]
    threads = set()

    def noting(*given: Any) -> Any:
        threads.add(threading.current_thread())
        return replayed(*given)

    monkeypatch.setattr(use_cases, "replayed", noting)
    monkeypatch.setattr(replays, "AT_MOST", 400)

    pages, cursor = [], None
    while not pages or cursor:
        answer = await lived.ask("sun", AUDITOR, "POST /v1/replays", {"cursor": cursor})
        pages.append(answer.json())
        cursor = pages[-1]["next_cursor"]

    assert [each["decisions"] for each in pages[:-1]] == [400] * (count // 400)
    assert sum(each["same"] for each in pages) == count
    assert threading.main_thread() not in threads


async def test_a_cursor_of_another_list_is_refused(office: Any) -> None:
    """It would start anywhere."""
    answer = await office.ask("sun", AUDITOR, "POST /v1/replays", {"cursor": "WzEsMV0"})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("tampering", "differs"),
    [
        ("points[1] = points[1] + 1", ["points"]),
        ("score = score + 0.0001", ["score"]),
        ("flags = flags | 8", ["flags"]),
        ("sectors = 1", ["sectors"]),
        ("class = 'D', override_code = 'manual'", ["risk_class", "override_code"]),
    ],
)
async def test_what_was_tampered_with_is_found(
    office: Any,
    run: Callable[..., Awaitable[None]],
    change: Callable[..., IndicatorsChanged],
    tampering: str,
    differs: list[str],
) -> None:
    """And it is said what is not as it was decided."""
    await run(office.store, change(1), change(1, uscc="91510117YY0000028G"))
    async with office.store.engine.begin() as connection:
        await connection.execute(text("set local session_replication_role = replica"))  # no trigger guards it
        await connection.execute(
            text(f"update decision set {tampering} where uscc like '915101040%' or uscc like '91510104Y%'")
        )

    answer = (await office.ask("sun", AUDITOR, "POST /v1/replays", {})).json()

    assert (answer["decisions"], answer["same"]) == (2, 1)
    assert answer["differing"][0]["differs"] == differs


async def test_the_same_seed_draws_the_same(lived: Any) -> None:
    """A check can be repeated by whoever doubts it."""
    first, again, other = [await lived.replays.sample(50, seed) for seed in (1, 1, 2)]

    keys = [{(each.uscc, each.number) for each in some} for some in (first, again, other)]
    assert keys[0] == keys[1]
    assert keys[0] != keys[2]


async def test_an_old_decision_is_derived_by_what_it_flagged(
    office: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """Its day of establishment was not kept: that it was in its observation year is in its flags."""
    young, old = change(1, established_on_day=DAY - 100), change(1, uscc="91510117YY0000028G")
    await run(office.store, young, old)
    decisions = await office.replays.after("", 0, 10)
    known = await office.replays.known(decisions)
    sets = dict(known.sets)
    sets["general@1"] = sets[decisions[0].set_code]

    as_kept = [replace(each, set_code="", established_on=None, status="unknown") for each in decisions]
    outcomes = replayed(as_kept, Known(sets, {}))

    assert [each.decision.flags & 1 for each in outcomes] == [1, 0]
    assert [each.differs for each in outcomes] == [(), ()]
