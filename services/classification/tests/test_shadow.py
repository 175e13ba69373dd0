"""A draft runs beside the live models: what it would say is kept, and nothing else comes of it."""

from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any

import pytest
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.risk_model import Catalogue
from classification_service.use_cases.classify import classify
from httpapi import Role
from sqlalchemy import text

USCC, OTHER = "91510104YY000001XM", "91510117YY0000028G"
MANAGER = Role.MODEL_MANAGER
DAY = 20_600
GENERAL = files("classification_service").joinpath("packs/models/general-1.yaml").read_text(encoding="utf-8")
STRICT = (
    GENERAL.replace("\nversion: 1\n", "\nversion: 2\n")
    .replace("\nvalid_from: 2022", "\nvalid_from: 2023")
    .replace("A: 250", "A: 150")
)
"""Whom the live model puts in A with 165 points, it puts in B."""
SECTOR = """
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


async def running(office: Any, written: str = STRICT) -> int:
    made = await office.ask("wang", MANAGER, "POST /v1/drafts", {"text": written})
    assert made.json()["problems"] == []
    number = made.json()["id"]
    answer = await office.ask("wang", MANAGER, f"POST /v1/drafts/{number}/shadow", {"action": "start"})
    assert answer.status_code == 200, answer.text
    return number


async def compared(office: Any, number: int, by: str = "none", **claims: str) -> list[Any]:
    role = Role.AREA_OFFICER if claims else Role.AUDITOR
    answer = await office.ask("sun", role, f"GET /v1/drafts/{number}/shadow?by={by}", **claims)
    assert answer.status_code == 200, answer.text
    return answer.json()["groups"]


async def test_every_batch_is_scored_by_the_draft_too(
    office: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """Only the newest verdict of an entity counts."""
    number = await running(office)

    await run(
        office.store, change(1), change(1, uscc=OTHER, area_code="510117", regulatory_serious_listed_now=1)
    )
    await run(office.store, change(2, social_complaints_12m=1))

    assert await compared(office, number) == [
        {
            "group": "",
            "entities": 2,
            "moving": 1,
            "matrix": [
                {"live_class": "A", "draft_class": "B", "entities": 1},
                {"live_class": "D", "draft_class": "D", "entities": 1},
            ],
        }
    ]
    movers = (await office.ask("sun", Role.AUDITOR, f"GET /v1/drafts/{number}/shadow/movers")).json()["items"]
    assert [(each["uscc"], each["live_score"], each["draft_class"]) for each in movers] == [
        (USCC, 201.0, "B")
    ]


async def test_nothing_comes_of_a_draft_but_the_comparison(
    office: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """No decision, no state, no event names it."""
    office.store.published.clear()
    await run(office.store, change(1))
    alone = [each.type for each in office.store.published]
    await running(office)
    office.store.published.clear()

    await run(office.store, change(1, uscc=OTHER))

    assert [each.type for each in office.store.published] == alone
    assert await office.store.rows("select distinct model_id, class from decision") == [("general@1", "A")]
    assert await office.store.rows("select count(*) from model_set where 'general@2' = any(models)") == [(0,)]
    assert await office.store.rows("select count(*) from promotion where model_id = 'general@2'") == [(0,)]


async def test_a_run_that_stopped_costs_nothing(
    office: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """What it found stays to be read; a draft runs once at a time."""
    number = await running(office)
    await run(office.store, change(1))
    order = f"POST /v1/drafts/{number}/shadow"

    twice = await office.ask("wang", MANAGER, order, {"action": "start"})
    stopped = await office.ask("li", MANAGER, order, {"action": "stop"})
    again = await office.ask("li", MANAGER, order, {"action": "stop"})
    await run(office.store, change(1, uscc=OTHER))

    assert [each.status_code for each in (twice, stopped, again)] == [409, 200, 409]
    assert stopped.json()["stopped_by"] == "li"
    assert [group["entities"] for group in await compared(office, number)] == [1]


async def test_the_comparison_is_by_area_and_ends_at_it(
    office: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """An area's staff see what the draft would mean for their area."""
    number = await running(office)
    await run(office.store, change(1), change(1, uscc=OTHER, area_code="510117"))

    city = await compared(office, number, "area")
    area = await compared(office, number, "area", area="510117")

    assert [(group["group"], group["moving"]) for group in city] == [("510104", 1), ("510117", 1)]
    assert [group["group"] for group in area] == ["510117"]


async def test_a_sector_draft_is_held_against_its_members_only(
    office: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """Where no model of the sector is live, everyone comes from nowhere."""
    number = await running(office, SECTOR)

    await run(office.store, change(1, food_production_member=1), change(1, uscc=OTHER))

    assert await compared(office, number) == [
        {
            "group": "",
            "entities": 1,
            "moving": 1,
            "matrix": [{"live_class": "", "draft_class": "B", "entities": 1}],
        }
    ]


async def test_a_run_keeps_the_draft_as_it_was_when_it_began(office: Any) -> None:
    """Edited meanwhile, the comparison still says of what it is."""
    number = await running(office)
    edit = {"text": STRICT.replace("A: 150", "A: 100")}

    await office.ask("wang", MANAGER, f"PUT /v1/drafts/{number}", edit, headers={"If-Match": '"1"'})
    answer = await office.ask("sun", Role.AUDITOR, f"GET /v1/drafts/{number}/shadow")

    assert answer.json()["run"]["draft_version"] == 1
    rows = await office.store.rows("select definition -> 'scale' -> 'cuts' ->> 'A' from shadow_run")
    assert rows == [("150",)]


async def test_a_run_that_cannot_be_read_is_left_out_and_the_city_goes_on(
    office: Any,
    catalogue: Catalogue,
    run: Callable[..., Awaitable[None]],
    change: Callable[..., IndicatorsChanged],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What an earlier release let run may be refused by the next; no draft is worth a class."""
    good, bad = await running(office), await running(office, SECTOR)
    async with office.store.engine.begin() as connection:
        spoilt = (
            'update shadow_run set definition = definition || \'{"valid_from": "soon"}\' where draft = :draft'
        )
        await connection.execute(text(spoilt), {"draft": bad})
    fresh = type(office.store)(office.store.engine, catalogue)

    await run(fresh, change(1, food_production_member=1))
    async with fresh.open() as tx:
        await tx.name_sets()

    assert await office.store.rows("select model_id from state") == [("general@1",)]
    assert "shadow left out" in capsys.readouterr().out
    assert await office.store.rows(
        "select distinct draft from shadow_verdict join shadow_run on run = number"
    ) == [(good,)]


async def test_what_a_person_decides_is_scored_by_the_draft_too(
    office: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """Else the comparison would hold the draft against a class that is no more."""
    number = await running(office)
    await run(office.store, change(1))
    order = {"uscc": USCC, "risk_class": "D", "reason": "r", "evidence": ["e"], "expires_on": "2026-08-01"}

    made = await office.ask("wang", Role.CITY_ADMINISTRATOR, "POST /v1/interventions", order)
    await office.ask("li", Role.APPROVER, f"POST /v1/interventions/{made.json()['id']}/approve")

    (group,) = await compared(office, number)
    assert group["matrix"] == [{"live_class": "D", "draft_class": "D", "entities": 1}]


async def test_an_area_sees_who_is_there_now_and_nobody_who_left(
    office: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """A class is for the staff of the area that supervises it."""
    number = await running(office)
    await run(office.store, change(1))
    await office.ask("wang", MANAGER, f"POST /v1/drafts/{number}/shadow", {"action": "stop"})
    await run(office.store, change(2, area_code="510117"))

    before = await compared(office, number, "area", area="510104")
    now = await compared(office, number, "area", area="510117")
    listed = await office.ask(
        "sun", Role.AREA_OFFICER, f"GET /v1/drafts/{number}/shadow/movers", area="510104"
    )

    assert (before, [group["group"] for group in now], listed.json()["items"]) == ([], ["510117"], [])


class _Crash(Exception):
    """The process ends."""


async def test_a_batch_that_fails_leaves_no_verdict_of_the_draft(
    office: Any, change: Callable[..., IndicatorsChanged]
) -> None:
    """They belong to the batch's own transaction."""
    await running(office)

    async def broken_off() -> None:
        async with office.store.open() as tx:
            await classify([change(1)], tx, decided_at_ms=1)
            raise _Crash

    with pytest.raises(_Crash):
        await broken_off()

    assert await office.store.rows("select count(*) from shadow_verdict") == [(0,)]
