"""An entity objects to a record: the item rests at once, another person decides by the term, the class follows."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from classification_service.model.governing import Who
from classification_service.model.intervention import Filing
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.risk_model import Catalogue
from classification_service.rules.objecting import Term, due_on, is_corrected, moved_items
from classification_service.store.packs import shipped_terms
from classification_service.use_cases.objections import file_objection
from httpapi import Role

USCC, OTHER = "91510104YY000001XM", "91510117YY0000028G"
OFFICER, APPROVER, REPAIR = Role.AREA_OFFICER, Role.APPROVER, Role.REPAIR_OFFICER
ITEM = "social.complaints_12m"
ORDER = {
    "uscc": USCC,
    "record": "hotline|complaint-9",
    "ground": "the complaint was about a neighbour",
    "evidence": ["hotline|complaint-9"],
    "filed_on": "2026-05-27",
}


@pytest.fixture
async def known(
    office: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> Any:
    """An entity, and one whose score a complaint raised."""
    await run(office.store, change(1), change(1, uscc=OTHER, area_code="510117"))
    await run(office.store, change(2, social_complaints_12m=1, cause="hotline|complaint-9"))
    return office


async def filed(office: Any, **given: object) -> Any:
    answer = await office.ask("wang", REPAIR, "POST /v1/objections", ORDER | given, area="510104")
    assert answer.status_code == 201, answer.text
    return answer.json()


async def decided(office: Any, number: int, person: str = "li", **ruling: object) -> Any:
    return await office.ask(person, APPROVER, f"POST /v1/objections/{number}/decide", ruling)


async def decisions(office: Any) -> list[tuple[Any, ...]]:
    return await office.store.rows(
        f"select number, score, flags, interventions from decision where uscc = '{USCC}' order by number"
    )


async def test_the_item_rests_from_the_filing_on(known: Any) -> None:
    """The record that is named says which item it moved; nobody has to look it up."""
    objection = await filed(known)

    assert (objection["indicators"], objection["state"]) == ([ITEM], "open")
    ids = await known.store.rows("select id from intervention")
    assert await decisions(known) == [(1, 165.0, 0, ""), (2, 201.0, 0, ""), (3, 165.0, 32, str(ids[0][0]))]


async def test_it_is_due_after_so_many_working_days(known: Any) -> None:
    """The term is data with its source; holidays do not count."""
    objection = await filed(known)

    assert objection["due_on"] == "2026-06-25"
    assert all(term.confidence == "project-chosen" for term in shipped_terms())


def test_the_term_in_force_on_the_day_of_filing_counts() -> None:
    """A shorter term does not overtake those who filed before it."""
    terms = [
        Term(date(2020, 1, 1), 20, "c", "project-chosen"),
        Term(date(2026, 3, 2), 1, "c", "project-chosen"),
    ]

    assert due_on(date(2026, 3, 2), terms) == date(2026, 3, 3)
    assert due_on(date(2026, 3, 1), terms) == date(2026, 3, 27)
    assert due_on(date(2019, 12, 2), terms) == date(2019, 12, 30)


def test_a_record_moved_what_is_otherwise_after_it() -> None:
    """What stayed unknown did not move, and what no model scores cannot rest."""
    before = np.array([1, np.nan, np.nan, 0], np.float32)
    after = np.array([1, np.nan, 2, 5], np.float32)

    assert moved_items([(before, after)], ["a", "b", "c", "d"], {"a", "b", "c"}) == ("c",)


@pytest.mark.parametrize(
    ("objected", "now", "corrected"),
    [
        (1.0, 1.0, False),
        (1.0, 0.0, True),
        (None, float("nan"), False),
        (None, 0.0, True),
        (0.1, np.float32(0.1), False),
    ],
)
def test_a_correction_is_another_value(objected: float | None, now: float, corrected: bool) -> None:  # noqa: FBT001
    """Kept in single precision, as values are."""
    assert is_corrected(objected, now) is corrected


async def test_rejected_the_item_counts_again(known: Any) -> None:
    """By another person than filed it, with a reason."""
    number = (await filed(known))["number"]

    own = await decided(known, number, "wang", upheld=False, reason="record is right")
    other = await decided(known, number, upheld=False, reason="record is right")
    again = await decided(known, number, upheld=False, reason="record is right")

    assert [each.status_code for each in (own, other, again)] == [403, 200, 409]
    assert [row[1:3] for row in await decisions(known)][-2:] == [(165.0, 32), (201.0, 0)]
    ended = await known.store.rows("select state, ended_by, end_reason from intervention")
    assert ended == [("ended", "li", "objection rejected: record is right")]


async def test_upheld_the_item_rests_until_the_source_has_corrected_it(
    known: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """Then nothing needs to rest any more, and the entity is flagged no longer."""
    number = (await filed(known))["number"]
    answer = await decided(
        known, number, upheld=True, reason="wrong firm", must_happen="hotline withdraws complaint-9"
    )
    run_day = ("zhao", Role.CITY_ADMINISTRATOR, "POST /v1/daily-runs", {"day": "2026-05-28"})

    waiting = (await known.ask(*run_day)).json()
    await run(known.store, change(3))
    arrived = (await known.ask(*run_day)).json()

    assert (answer.json()["state"], answer.json()["must_happen"]) == (
        "upheld",
        "hotline withdraws complaint-9",
    )
    assert (waiting["ended"], arrived["ended"]) == (0, 1)
    assert [row[1:3] for row in await decisions(known)][-2:] == [(165.0, 32), (165.0, 0)]


async def test_upheld_for_a_time_the_item_counts_again_after_it(known: Any) -> None:
    """Where nobody can say that a correction will come."""
    number = (await filed(known))["number"]
    ruling = {
        "upheld": True,
        "reason": "doubtful",
        "must_happen": "source checks",
        "rests_until": "2026-06-30",
    }
    await decided(known, number, **ruling)

    await known.ask("zhao", Role.CITY_ADMINISTRATOR, "POST /v1/daily-runs", {"day": "2026-07-01"})

    assert (await decisions(known))[-1][1:3] == (201.0, 0)


async def test_the_overdue_are_listed_first_and_counted(known: Any) -> None:
    """A term that nobody sees passing is none."""
    late = await filed(known)
    known.now += timedelta(days=1)
    await filed(known, indicators=["base.age_years"], record="", filed_on="2026-05-28")
    known.now = datetime.fromisoformat("2026-06-26T08:00:00+08:00")

    every = (await known.ask("sun", Role.AUDITOR, "GET /v1/objections?state=open")).json()["items"]
    overdue = (await known.ask("sun", Role.AUDITOR, "GET /v1/objections?state=open&overdue=true")).json()[
        "items"
    ]
    page = (await known.ask("sun", Role.AUDITOR, "GET /v1/objections?limit=1")).json()
    rest = (await known.ask("sun", Role.AUDITOR, f"GET /v1/objections?cursor={page['next_cursor']}")).json()
    day = await known.ask("zhao", Role.CITY_ADMINISTRATOR, "POST /v1/daily-runs", {"day": "2026-06-26"})

    assert len(every) == 2
    assert [each["number"] for each in overdue] == [late["number"]]
    assert [each["number"] for each in (*page["items"], *rest["items"])] == [each["number"] for each in every]
    assert day.json()["overdue"] == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"record": ""}, "body.record"),
        ({"record": "hotline|unheard-of"}, "body.indicators"),
        ({"indicators": ["base.no_such"]}, "body.indicators"),
        ({"filed_on": "2026-05-28"}, "body.filed_on"),
    ],
)
async def test_what_nothing_scores_cannot_rest(known: Any, given: dict[str, object], field: str) -> None:
    """The field at fault is named."""
    answer = await known.ask("wang", REPAIR, "POST /v1/objections", ORDER | given, area="510104")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


async def test_an_item_rests_for_one_objection_at_a_time(known: Any) -> None:
    """The second would end with the first, or not at all."""
    await filed(known)

    answer = await known.ask("wang", REPAIR, "POST /v1/objections", ORDER, area="510104")

    assert answer.status_code == 409
    assert await known.store.rows("select count(*) from objection") == [(1,)]


async def test_a_resting_item_is_not_revoked_past_its_objection(known: Any) -> None:
    """Only the decision on the objection ends it."""
    await filed(known)
    (number,) = (await known.store.rows("select id from intervention"))[0]

    answer = await known.ask("li", APPROVER, f"POST /v1/interventions/{number}/revoke", {"reason": "x"})

    assert answer.status_code == 409


async def test_an_objection_outside_the_area_is_as_unknown(known: Any) -> None:
    """Whether somebody objects is knowledge too."""
    number = (await filed(known))["number"]

    read = await known.ask("sun", OFFICER, f"GET /v1/objections/{number}", area="510117")
    listed = (await known.ask("sun", OFFICER, "GET /v1/objections", area="510117")).json()["items"]
    file = await known.ask("sun", REPAIR, "POST /v1/objections", ORDER, area="510117")

    assert (read.status_code, listed, file.status_code) == (404, [], 404)


class _Crash(Exception):
    """The process ends."""


async def test_a_crash_after_the_filing_leaves_neither_it_nor_its_decision(
    known: Any, catalogue: Catalogue
) -> None:
    """Objection, resting item, state, decision and event go together."""
    filing = Filing(USCC, "", (ITEM,), "g", ("e",), date(2026, 5, 27))

    async def broken_off() -> None:
        async with known.store.open() as tx:
            await file_objection(filing, Who("wang", known.now), shipped_terms(), catalogue, tx)
            raise _Crash

    with pytest.raises(_Crash):
        await broken_off()

    assert await known.store.rows("select count(*) from objection") == [(0,)]
    assert await known.store.rows("select count(*) from intervention") == [(0,)]
    assert [row[0] for row in await decisions(known)] == [1, 2]


async def test_two_who_decide_at_once_decide_once(known: Any) -> None:
    """The second is told that it is done."""
    number = (await filed(known))["number"]

    answers = await asyncio.gather(
        decided(known, number, "li", upheld=False, reason="right"),
        decided(known, number, "zhou", upheld=True, reason="wrong", must_happen="correct it"),
    )

    assert sorted(each.status_code for each in answers) == [200, 409]


async def test_an_objection_sent_twice_under_one_key_is_one(known: Any) -> None:
    """A broken connection must not file it twice."""
    key = {"Idempotency-Key": "o-1"}

    answers = [
        await known.ask("wang", REPAIR, "POST /v1/objections", ORDER, area="510104", headers=key)
        for _ in range(2)
    ]

    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert await known.store.rows("select count(*) from objection") == [(1,)]
