"""An entity objects to a record: the item rests at once, another person decides by the term, the class follows."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from classification_service.errors import InvalidModel
from classification_service.model.governing import Who
from classification_service.model.intervention import Filing
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.review import Withdrawal
from classification_service.model.risk_model import Catalogue, Indicator
from classification_service.rules.objecting import (
    Change,
    Term,
    due_on,
    rests_undecided_until,
    shares_of,
    terms_of,
)
from classification_service.store.packs import shipped_terms
from classification_service.use_cases.objections import file_objection
from httpapi import Role
from sqlalchemy import text

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
        Term(date(2020, 1, 1), 20, 40, 1095, 365, "c", "project-chosen"),
        Term(date(2026, 3, 2), 1, 2, 10, 5, "c", "project-chosen"),
    ]

    assert due_on(date(2026, 3, 2), terms) == date(2026, 3, 3)
    assert due_on(date(2026, 3, 1), terms) == date(2026, 3, 27)
    assert due_on(date(2019, 12, 2), terms) == date(2019, 12, 30)
    assert rests_undecided_until(date(2026, 3, 2), date(2026, 3, 2), terms) == date(2026, 3, 4)


def test_items_rest_at_least_as_long_as_deciding_may_take() -> None:
    """Otherwise who files in time would not be heard in time."""
    row = {
        "valid_from": date(2026, 1, 1),
        "working_days": 20,
        "rests_working_days": 19,
        "rests_at_most_days": 9,
        "again_after_days": 9,
        "citation": "c",
        "confidence": "project-chosen",
    }

    with pytest.raises(InvalidModel, match=r"terms\.0\.rests_working_days"):
        terms_of({"terms": [row]})


def test_a_record_moved_what_is_otherwise_after_it_and_by_so_much() -> None:
    """What stayed unknown did not move; what is no sum, or was not known, has no share."""
    units = ("count", "wan_yuan", "yes_no", "share", "count", "count", "count")
    catalogue = Catalogue(
        1, tuple(Indicator(code, unit, "", code, code) for code, unit in zip("abcdefg", units, strict=True))
    )
    before = np.array([1, 2.5, 0, 0.5, np.nan, np.nan, 7], np.float32)
    after = np.array([2, 4.0, 1, 0.25, np.nan, 5, 7], np.float32)

    found = shares_of([Change(before, after)], catalogue)

    assert found == {"a": 1.0, "b": 1.5, "c": None, "d": None, "f": None}
    assert set(shares_of([Change(before, after, is_next=False)], catalogue).values()) == {None}


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


async def upheld(office: Any, number: int, **given: object) -> Any:
    ruling = {"upheld": True, "reason": "wrong firm", "must_happen": "hotline withdraws complaint-9"}
    return await decided(office, number, **ruling | given)


async def withdrawn(office: Any, record: str, at: datetime | None = None) -> None:
    gone = Withdrawal(record, "hotline|w-1", "retracted", round((at or office.now).timestamp() * 1000))
    async with office.store.open() as tx:
        await tx.add_withdrawals([gone])


async def a_day_later(office: Any) -> int:
    office.now = max(office.now, datetime.fromisoformat("2026-05-28T10:00:00+08:00"))
    run_day = ("zhao", Role.CITY_ADMINISTRATOR, "POST /v1/daily-runs", {"day": "2026-05-28"})
    return (await office.ask(*run_day)).json()["ended"]


async def test_upheld_the_item_rests_until_the_source_has_taken_the_record_back(
    known: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """Then nothing needs to rest any more, and the entity is flagged no longer."""
    answer = (await upheld(known, (await filed(known))["number"])).json()

    waiting = await a_day_later(known)
    known.now += timedelta(days=3)
    await withdrawn(known, "hotline|complaint-9")
    before_the_values_know = await a_day_later(known)
    await run(known.store, change(3, recorded_at_ms=round(known.now.timestamp() * 1000)))
    arrived = await a_day_later(known)

    assert (answer["state"], answer["must_happen"]) == ("upheld", "hotline withdraws complaint-9")
    assert answer["rests_until"] == "2029-05-26"
    assert (waiting, before_the_values_know, arrived) == (0, 0, 1)
    assert [row[1:3] for row in await decisions(known)][-2:] == [(165.0, 32), (165.0, 0)]
    rows = await known.store.rows("select end_reason from intervention")
    assert rows == [("record retracted",)]


async def test_a_record_taken_back_that_moved_no_value_ends_it_a_day_later(known: Any) -> None:
    """Nobody would be told of the values, since they are as they were."""
    await upheld(known, (await filed(known))["number"])

    await withdrawn(known, "hotline|complaint-9", known.now - timedelta(days=2))

    assert await a_day_later(known) == 1


async def test_another_fact_neither_ends_it_nor_rests_with_it(
    known: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """Two more complaints that nobody disputes count, and the one objected to does not."""
    await upheld(known, (await filed(known))["number"])

    await run(known.store, change(3, social_complaints_12m=3, cause="hotline|complaint-11"))
    ended = await a_day_later(known)
    with_three = (await decisions(known))[-1]
    await run(known.store, change(1, uscc=OTHER[:-1] + "X", social_complaints_12m=2))

    two = await known.store.rows(f"select score from state where uscc = '{OTHER[:-1]}X'")
    assert ended == 0
    assert with_three[1:3] == (two[0][0], 32)


async def test_two_records_in_one_item_are_objected_to_apart(
    known: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """Each is decided by itself; while both are open, both rest."""
    await run(known.store, change(3, social_complaints_12m=2, cause="hotline|complaint-10"))
    first, second = await filed(known), await filed(known, record="hotline|complaint-10")
    both = (await decisions(known))[-1]

    await decided(known, second["number"], upheld=False, reason="record is right")

    assert (both[1:3], (await decisions(known))[-1][1:3]) == ((165.0, 32), (201.0, 32))
    assert first["indicators"] == second["indicators"] == [ITEM]


async def test_who_reads_it_is_told_which_part_rests(
    known: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """Over HTTP as in the books."""
    await filed(known)
    await run(known.store, change(3, social_complaints_12m=2))

    why = (await known.ask("zhao", OFFICER, f"GET /v1/entities/{USCC}/class", area="510104")).json()

    assert [(each["indicator"], each["share"], each["applied"]) for each in why["people"]] == [
        (ITEM, 1.0, True)
    ]
    assert "其中1次处于异议期间，不计在内，计36分" in why["sentence_zh"]


async def test_where_items_alone_are_named_the_last_day_must_be(known: Any) -> None:
    """No record is named whose correction would end it; and nothing rests for ever."""
    number = (await filed(known, record="", indicators=[ITEM]))["number"]

    answers = [
        await upheld(known, number),
        await upheld(known, number, rests_until="2029-05-27"),
        await upheld(known, number, rests_until="2029-05-26"),
    ]

    assert [each.status_code for each in answers] == [422, 422, 200]
    assert {each.json()["errors"][0]["field"] for each in answers[:2]} == {"body.rests_until"}


@pytest.mark.filterwarnings("ignore::vocabulary.calendar.UnknownYearWarning")
async def test_what_was_rejected_is_not_filed_again_on_the_same_evidence(known: Any) -> None:
    """Else one person could hold a class for good by filing what another rejects."""
    number = (await filed(known))["number"]
    await decided(known, number, upheld=False, reason="record is right")

    again = await known.ask("zhou", REPAIR, "POST /v1/objections", ORDER, area="510104")
    by_item = ORDER | {"record": "", "indicators": [ITEM]}
    by_item_alone = await known.ask("zhou", REPAIR, "POST /v1/objections", by_item, area="510104")
    known.now += timedelta(days=365)
    a_year_later = ORDER | {"filed_on": "2027-05-27"}
    late = await known.ask("zhou", REPAIR, "POST /v1/objections", a_year_later, area="510104")

    assert [each.status_code for each in (again, by_item_alone, late)] == [422, 422, 201]
    wrong = again.json()["errors"][0]
    assert (wrong["field"], wrong["problem"]) == ("body.evidence", f"objection {number} was rejected on this")
    assert "2027-05-27 or later" in wrong["expected"]


async def test_what_was_rejected_is_filed_again_with_new_evidence(known: Any) -> None:
    """Who finds the receipt later is heard."""
    await decided(known, (await filed(known))["number"], upheld=False, reason="record is right")

    again = await filed(known, evidence=[*ORDER["evidence"], "archive|receipt-3"])

    assert again["state"] == "open"


async def test_an_item_that_rests_whole_is_open_whatever_record_is_named(
    known: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """Another record does not open the same yes or no a second time."""
    listed = {"social_complaints_12m": 1, "regulatory_serious_listed_now": 1, "cause": "market|listing-4"}
    await run(known.store, change(3, **listed))
    await run(known.store, change(4, social_complaints_12m=1, cause="market|delisting"))
    await filed(known, record="market|listing-4")

    order = ORDER | {"record": "market|delisting"}
    again = await known.ask("zhou", REPAIR, "POST /v1/objections", order, area="510104")

    assert again.status_code == 409


async def test_where_others_moved_the_item_between_two_decisions_the_whole_rests(
    known: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """What an undecided version in between brought is not taken for the record's."""
    await run(known.store, change(5, social_complaints_12m=4, cause="hotline|complaint-12"))

    await filed(known, record="hotline|complaint-12")

    assert await known.store.rows("select indicator, share from intervention") == [(ITEM, None)]


async def test_an_objection_that_nobody_decides_holds_nothing_for_good(known: Any) -> None:
    """Past twice the term the item counts again, though the objection stays open; upheld at last, it rests anew."""
    number = (await filed(known))["number"]
    known.now = datetime.fromisoformat("2026-07-24T08:00:00+08:00")
    run_day = ("zhao", Role.CITY_ADMINISTRATOR, "POST /v1/daily-runs")

    last = (await known.ask(*run_day, {"day": "2026-07-23"})).json()["ended"]
    over = (await known.ask(*run_day, {"day": "2026-07-24"})).json()["ended"]
    counting = (await decisions(known))[-1][1:3]
    answer = await upheld(known, number)

    assert (last, over, counting) == (0, 1, (201.0, 0))
    assert (answer.status_code, (await decisions(known))[-1][1:3]) == (200, (165.0, 32))


async def test_a_record_that_only_an_override_asks_for_can_be_objected_to(
    known: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """Nothing rests, since no objection takes an override away; but somebody must decide it by the term."""
    listed = {"regulatory_serious_listed_now": 1, "cause": "market|listing-4"}
    await run(known.store, change(3, social_complaints_12m=1, **listed))

    objection = await filed(known, record="market|listing-4")

    assert (objection["indicators"], objection["due_on"]) == (["regulatory.serious_listed_now"], "2026-06-25")
    assert await known.store.rows("select count(*) from intervention") == [(0,)]
    assert (await upheld(known, objection["number"])).status_code == 200


async def test_an_entity_whose_values_are_not_kept_is_not_taken_for_corrected(
    known: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """The first values that come are no correction of anything."""
    async with known.store.engine.begin() as connection:
        await connection.execute(text("update state set sparse_values = null"))
    known.store.cache.clear()
    await upheld(
        known, (await filed(known, record="", indicators=[ITEM]))["number"], rests_until="2027-01-01"
    )

    await run(known.store, change(3, social_complaints_12m=1))

    assert await a_day_later(known) == 0
    assert (await decisions(known))[-1][1:3] == (165.0, 32)


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
    known.now += timedelta(days=35)

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
    own = (await known.ask("sun", Role.AUDITOR, f"GET /v1/objections?uscc={late['uscc']}")).json()
    of_another = (await known.ask("sun", Role.AUDITOR, "GET /v1/objections?uscc=91510117MA00000003")).json()
    day = await known.ask("zhao", Role.CITY_ADMINISTRATOR, "POST /v1/daily-runs", {"day": "2026-06-26"})

    assert len(every) == 2
    assert (own["items"], of_another["items"]) == (every, [])
    assert [each["number"] for each in overdue] == [late["number"]]
    assert [each["number"] for each in (*page["items"], *rest["items"])] == [each["number"] for each in every]
    assert day.json()["overdue"] == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"record": ""}, "body.record"),
        ({"record": "hotline|unheard-of"}, "body.record"),
        ({"record": "hotline|unheard-of", "indicators": [ITEM]}, "body.record"),
        ({"indicators": ["base.age_years"]}, "body.record"),
        ({"filed_on": "2025-05-25"}, "body.filed_on"),
        ({"indicators": ["base.no_such"]}, "body.indicators"),
        ({"filed_on": "2026-05-28"}, "body.filed_on"),
    ],
)
async def test_what_nothing_scores_cannot_rest(known: Any, given: dict[str, object], field: str) -> None:
    """The field at fault is named."""
    answer = await known.ask("wang", REPAIR, "POST /v1/objections", ORDER | given, area="510104")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


async def test_a_record_is_objected_to_once_at_a_time(known: Any) -> None:
    """The second would take its share away twice."""
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


async def test_objections_are_listed_for_one_area_of_the_city(known: Any) -> None:
    """Whoever sees the city and looks at an area works its queue."""
    number = (await filed(known))["number"]

    by_area = {
        area: (await known.ask("sun", Role.AUDITOR, f"GET /v1/objections?area={area}")).json()["items"]
        for area in ("510104", "510117")
    }
    outside = await known.ask("sun", OFFICER, "GET /v1/objections?area=510104", area="510117")

    assert {area: [each["number"] for each in listed] for area, listed in by_area.items()} == {
        "510104": [number],
        "510117": [],
    }
    assert outside.status_code == 404


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
