"""A person may set a class, with a second person's word, for a time, and never better than an override leaves it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest
from classification_service.model.governing import Who
from classification_service.model.intervention import Proposal
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.risk_model import Catalogue
from classification_service.store.people import PeopleReads
from classification_service.use_cases import interventions as use_cases
from classification_service.use_cases.expiry import end_all_that_is_over
from classification_service.worker import Calendar
from contracts.classification import v1_pb2 as classification
from httpapi import Role
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

USCC, OTHER = "91510104YY000001XM", "91510117YY0000028G"
AREA = "510104"
TODAY = date(2026, 5, 27)
DAY = 20_600
OFFICER, APPROVER, CITY = Role.AREA_OFFICER, Role.APPROVER, Role.CITY_ADMINISTRATOR
ORDER = {
    "uscc": USCC,
    "risk_class": "C",
    "reason": "owner under investigation",
    "evidence": ["police|case-7"],
    "expires_on": "2026-06-30",
}


@pytest.fixture
async def known(
    office: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> Any:
    """Two entities of two areas, both of class A."""
    await run(office.store, change(1), change(1, uscc=OTHER, area_code="510117"))
    office.store.published.clear()
    return office


async def proposed(office: Any, **given: object) -> int:
    answer = await office.ask("wang", OFFICER, "POST /v1/interventions", ORDER | given, area=AREA)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def approved(office: Any, **given: object) -> int:
    number = await proposed(office, **given)
    answer = await office.ask("li", APPROVER, f"POST /v1/interventions/{number}/approve")
    assert answer.status_code == 200, answer.text
    return number


async def state_of(office: Any, uscc: str = USCC) -> tuple[Any, ...]:
    return (await office.store.rows(f"select class, flags, override_code from state where uscc = '{uscc}'"))[
        0
    ]


def told(office: Any) -> list[tuple[str, int, bool]]:
    messages = [classification.ClassChanged.FromString(each.value) for each in office.store.published]
    return [(each.uscc, each.current, each.set_by_person) for each in messages]


async def test_an_approved_adjustment_decides_at_once_and_the_others_know(known: Any) -> None:
    """No one waits for the entity's next fact."""
    number = await proposed(known)
    before = await state_of(known)

    await known.ask("li", APPROVER, f"POST /v1/interventions/{number}/approve")

    assert (before, await state_of(known)) == (("A", 0, ""), ("C", 16, "manual"))
    decision = await known.store.rows(
        "select number, class, score_class, previous_class, interventions, cause, business_day::text"
        f" from decision where uscc = '{USCC}' and number = 2"
    )
    assert decision == [(2, "C", "A", "A", str(number), f"intervention|{number}", "2026-05-27")]
    assert told(known) == [(USCC, 3, True)]


async def test_what_waits_is_counted_within_the_area_and_without_ones_own_to_decide(known: Any) -> None:
    """A page that says 1 to approve must lead to one that this person can approve."""
    await proposed(known)
    objection = {"uscc": USCC, "indicators": ["social.complaints_12m"], "ground": "g", "evidence": ["a|1"]}
    filed = objection | {"filed_on": "2026-05-27"}
    answer = await known.ask("wang", OFFICER, "POST /v1/objections", filed, area=AREA)
    assert answer.status_code == 201, answer.text
    draft = await known.ask("chen", Role.MODEL_MANAGER, "POST /v1/drafts", {"text": "not a model"})
    assert draft.status_code == 201, draft.text

    async def counted(person: str, role: Role, **more: Any) -> tuple[int, ...]:
        said = (await known.ask(person, role, "GET /v1/work/counts", **more)).json()
        return tuple(
            said[name]
            for name in (
                *("adjustments_proposed", "adjustments_decidable", "objections_open", "objections_decidable"),
                *(
                    "objections_due",
                    "objections_overdue",
                    "drafts_submitted",
                    "drafts_decidable",
                    "alarms_open",
                ),
            )
        )

    assert await counted("wang", OFFICER, area=AREA) == (1, 0, 1, 0, 0, 0, 0, 0, 0)
    assert await counted("wu", OFFICER, area="510117") == (0,) * 9
    assert await counted("li", APPROVER) == (1, 1, 1, 1, 0, 0, 0, 0, 0)
    later = [await PeopleReads(known.store.engine).work(AREA, "li", date(2026, 6, day)) for day in (25, 26)]
    assert [(each.objections_due, each.objections_overdue) for each in later] == [(1, 0), (0, 1)]


async def test_who_asks_why_is_told_that_a_person_decided(known: Any) -> None:
    """An explanation by the score alone would hide who answers for the class."""
    await approved(known)

    why = (await known.ask("zhao", OFFICER, f"GET /v1/entities/{USCC}/class", area=AREA)).json()

    assert why["evidence"] == (
        f"/v1/entities/{USCC}/profile?known_at=2026-05-28T20%3A26%3A40%2B00%3A00&valid_at=2026-05-27"
    )
    assert (why["risk_class"], why["override_code"]) == ("C", "manual")
    assert [each["kind"] for each in why["people"]] == ["manual"]
    assert "人工" in why["sentence_zh"]


async def test_it_holds_for_the_events_that_come_meanwhile(
    known: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """Also in a process that never heard of it."""
    number = await approved(known)

    await run(known.store, change(2, social_complaints_12m=1))

    assert await state_of(known) == ("C", 16, "manual")
    rows = await known.store.rows(f"select interventions from decision where uscc = '{USCC}' and number = 3")
    assert rows == [(str(number),)]


async def test_who_proposes_does_not_approve(known: Any) -> None:
    """Four eyes; the database itself knows none either."""
    number = (await known.ask("wang", CITY, "POST /v1/interventions", ORDER)).json()["id"]

    own = await known.ask("wang", CITY, f"POST /v1/interventions/{number}/approve")

    assert (own.status_code, own.json()["detail"]) == (403, "You are its proposer.")
    with pytest.raises(IntegrityError, match="intervention_second_person"):
        async with known.store.engine.begin() as connection:
            await connection.execute(
                text("update intervention set state = 'in_force', decided_by = 'wang', decided_at = now()")
            )


@pytest.mark.parametrize(
    "broken",
    [
        "update intervention set class = null",
        "update intervention set indicator = 'base.age_years'",
        "update intervention set expires_on = null",
        "update intervention set state = 'ended', decided_by = 'li'",
        "update intervention set state = 'in_force'",
    ],
)
async def test_the_database_takes_no_impossible_state(known: Any, broken: str) -> None:
    """What the code cannot mean, the books cannot say."""
    await proposed(known)

    with pytest.raises(IntegrityError):
        async with known.store.engine.begin() as connection:
            await connection.execute(text(broken))


async def test_it_is_never_better_than_an_override_leaves_it(
    known: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """Nobody takes an entity off the serious-violation list by hand; worse than the list says is allowed."""
    await run(known.store, change(2, regulatory_abnormal_listed_now=1))

    better = await approved(known, risk_class="A")
    after_better = await state_of(known)
    await known.ask("li", APPROVER, f"POST /v1/interventions/{better}/revoke", {"reason": "mistaken"})
    await approved(known, risk_class="D")

    assert after_better == ("C", 16, "abnormal_listing")
    assert await state_of(known) == ("D", 16, "manual")


async def test_who_proposed_it_does_not_better_the_class_alone(known: Any) -> None:
    """Worse than the score says, another than its proposer lets go of it; the class is as the score says again."""
    number = await approved(known)
    revoke = f"POST /v1/interventions/{number}/revoke"

    own = await known.ask("wang", OFFICER, revoke, {"reason": "case closed"}, area=AREA)
    in_between = await state_of(known)
    answer = await known.ask("zhao", OFFICER, revoke, {"reason": "case closed"}, area=AREA)
    again = await known.ask("zhao", OFFICER, revoke, {"reason": "case closed"}, area=AREA)

    assert [each.status_code for each in (own, answer, again)] == [403, 200, 409]
    assert (own.json()["detail"], in_between) == ("You are its proposer.", ("C", 16, "manual"))
    assert (answer.json()["end_reason"], answer.json()["ended_by"]) == ("case closed", "zhao")
    assert await state_of(known) == ("A", 0, "")
    assert [each[1] for each in told(known)] == [3, 1]


async def test_whose_class_gets_no_better_ends_it_alone(
    known: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """To let go of a favour needs no second person."""
    await run(known.store, change(2, regulatory_penalties_36m=1))
    number = await approved(known, risk_class="A")

    answer = await known.ask(
        "wang", OFFICER, f"POST /v1/interventions/{number}/revoke", {"reason": "mistaken"}, area=AREA
    )

    assert (answer.status_code, (await state_of(known))[0]) == (200, "B")


async def test_one_at_a_time(known: Any) -> None:
    """Two classes set by hand would contradict each other."""
    await approved(known)
    second = await proposed(known, risk_class="D")

    answer = await known.ask("li", APPROVER, f"POST /v1/interventions/{second}/approve")

    assert answer.status_code == 409
    assert await state_of(known) == ("C", 16, "manual")


async def test_two_approvers_at_once_approve_once(known: Any) -> None:
    """The second is told that it is done."""
    number = await proposed(known)
    approve = f"POST /v1/interventions/{number}/approve"

    answers = await asyncio.gather(*(known.ask(who, APPROVER, approve) for who in ("li", "zhou")))

    assert sorted(each.status_code for each in answers) == [200, 409]
    assert await known.store.rows(f"select count(*) from decision where uscc = '{USCC}'") == [(2,)]


async def test_a_refused_one_changes_nothing(known: Any) -> None:
    """It stays in the books with both reasons."""
    number = await proposed(known)

    answer = await known.ask(
        "li", APPROVER, f"POST /v1/interventions/{number}/refuse", {"reason": "no evidence"}
    )

    refused = answer.json()
    assert (refused["state"], refused["reason"]) == ("refused", ORDER["reason"])
    assert (refused["decided_by"], refused["refuse_reason"]) == ("li", "no evidence")
    assert await state_of(known) == ("A", 0, "")


async def test_the_day_after_its_last_it_is_over(known: Any) -> None:
    """The day is said; a run sent twice ends nothing twice."""
    number = await approved(known)
    run_day = "POST /v1/daily-runs"
    known.now += timedelta(days=35)

    last = (await known.ask("wang", CITY, run_day, {"day": "2026-06-30"})).json()
    first = (await known.ask("wang", CITY, run_day, {"day": "2026-07-01"})).json()
    again = (await known.ask("wang", CITY, run_day, {"day": "2026-07-01"})).json()

    assert [each["ended"] for each in (last, first, again)] == [0, 1, 0]
    assert await state_of(known) == ("A", 0, "")
    rows = await known.store.rows(f"select ended_by, end_reason from intervention where id = {number}")
    assert rows == [("wang", "expired")]
    days = await known.store.rows(
        f"select business_day::text from decision where uscc = '{USCC}' and number = 3"
    )
    assert days == [("2026-07-01",)]


async def test_a_day_that_nobody_knows_yet_is_not_run(
    known: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """It would end before its day what people decided; a city judged ahead of the clock is run as far as it is."""
    await approved(known, expires_on="2026-05-27")
    run_day = ("wang", CITY, "POST /v1/daily-runs", {"day": "2026-05-28"})

    early = await known.ask(*run_day)
    await run(known.store, change(2, business_day=DAY + 1))
    judged = await known.ask(*run_day)

    assert (early.status_code, early.json()["errors"][0]["field"]) == (422, "body.day")
    assert (judged.status_code, judged.json()["ended"]) == (200, 1)


async def test_past_its_last_day_it_judges_no_more_though_nobody_ended_it_yet(
    known: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """What counts is the business day that is judged, not when somebody looks."""
    await approved(known, expires_on="2026-05-28")

    await run(known.store, change(2, business_day=DAY + 1, social_complaints_12m=1))
    on_its_last_day = await state_of(known)
    await run(known.store, change(3, business_day=DAY + 2, social_complaints_12m=1))

    assert (on_its_last_day, await state_of(known)) == (("C", 16, "manual"), ("A", 0, ""))
    rows = await known.store.rows(f"select interventions from decision where uscc = '{USCC}' and number = 4")
    assert rows == [("",)]


async def test_what_was_said_is_not_rewritten(known: Any) -> None:
    """Reasons, and who said what when, stay as they were said; what is over stays so."""
    number = await approved(known)
    for broken in ("set reason = 'other'", "set proposed_by = 'zhou'", "set evidence = '{}'"):
        with pytest.raises(IntegrityError, match="not rewritten"):
            async with known.store.engine.begin() as connection:
                await connection.execute(text(f"update intervention {broken} where id = {number}"))


async def test_looking_for_what_is_over_moves_nothing_where_nothing_is(known: Any) -> None:
    """Otherwise every process would read the rules anew every five minutes."""
    await approved(known)
    before = await known.store.rows("select generation from standing")

    ended = await end_all_that_is_over(TODAY, Who("creditloop", known.now), known.store.open)

    assert ended == 0
    assert await known.store.rows("select generation from standing") == before


@pytest.mark.parametrize(("failure", "passes"), [(OSError("away"), True), (LookupError("a fault"), False)])
async def test_the_calendar_waits_for_what_passes_and_for_nothing_else(
    failure: Exception,
    passes: bool,  # noqa: FBT001
    known: Any,
) -> None:
    """A fault of the code that is logged every five minutes for ever is never mended."""
    stop, looks = asyncio.Event(), []

    def begin() -> Any:
        looks.append(1)
        stop.set()
        raise failure

    calendar = Calendar(begin, PeopleReads(known.store.engine), lambda: known.now)

    with contextlib.nullcontext() if passes else pytest.raises(LookupError):
        await calendar.run(stop)

    assert looks == [1]


async def test_many_expire_together_in_pieces(
    office: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """A run that is broken off goes on where it was."""
    usccs = [f"91510104YY{number:06d}XX" for number in range(7)]
    await run(office.store, *(change(1, uscc=uscc) for uscc in usccs))
    for uscc in usccs:
        await approved(office, uscc=uscc)

    ended = await end_all_that_is_over(
        TODAY + timedelta(days=60), Who("creditloop", office.now), office.store.open, at_once=3
    )

    assert ended == 7
    assert await office.store.rows("select class, count(*) from state group by 1") == [("A", 7)]


async def test_an_adjustment_outside_the_area_is_as_unknown(known: Any) -> None:
    """Whose class people speak of is itself knowledge."""
    number = await approved(known)
    elsewhere = {"area": "510117"}

    answers = [
        await known.ask("sun", OFFICER, "POST /v1/interventions", ORDER, **elsewhere),
        await known.ask(
            "sun", OFFICER, f"POST /v1/interventions/{number}/revoke", {"reason": "x"}, **elsewhere
        ),
        await known.ask("sun", APPROVER, f"POST /v1/interventions/{number}/approve", **elsewhere),
    ]
    listed = (await known.ask("sun", OFFICER, "GET /v1/interventions", **elsewhere)).json()["items"]
    own = (await known.ask("sun", OFFICER, f"GET /v1/interventions?uscc={USCC}", area=AREA)).json()["items"]

    assert [each.status_code for each in answers] == [404, 404, 404]
    assert (listed, [each["id"] for each in own]) == ([], [number])


async def test_adjustments_are_listed_for_one_area_of_the_city(known: Any) -> None:
    """Whoever sees the city and looks at an area works its queue."""
    number = await proposed(known)

    here, there = [
        (await known.ask("sun", CITY, f"GET /v1/interventions?area={area}")).json()["items"]
        for area in (AREA, "510117")
    ]
    outside = await known.ask("sun", OFFICER, f"GET /v1/interventions?area={AREA}", area="510117")

    assert ([each["id"] for each in here], there, outside.status_code) == ([number], [], 404)


async def test_a_cancelled_entity_is_decided_for_good(
    known: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """Nobody adjusts what is final, nor approves what was proposed before."""
    number = await proposed(known)
    await run(known.store, change(2, status="cancelled"))

    answer = await known.ask("wang", OFFICER, "POST /v1/interventions", ORDER, area=AREA)
    approval = await known.ask("li", APPROVER, f"POST /v1/interventions/{number}/approve")

    assert (answer.status_code, approval.status_code) == (409, 409)


class _Crash(Exception):
    """The process ends."""


async def test_a_crash_after_the_approval_leaves_neither_it_nor_its_decision(
    known: Any,
    catalogue: Catalogue,
    run: Callable[..., Awaitable[None]],
    change: Callable[..., IndicatorsChanged],
) -> None:
    """Adjustment, state, decision and event go together; the process judges on as if nothing had been."""
    number = await proposed(known)

    async def broken_off() -> None:
        async with known.store.open() as tx:
            await use_cases.approve(number, Who("li", known.now), tx, today=TODAY)
            raise _Crash

    with pytest.raises(_Crash):
        await broken_off()
    known.store.cache.clear()
    await run(known.store, change(2, social_complaints_12m=1))

    assert await known.store.rows("select state from intervention") == [("proposed",)]
    rows = await known.store.rows(
        f"select number, class, interventions from decision where uscc = '{USCC}' order by 1"
    )
    assert rows == [(1, "A", ""), (2, "A", "")]


async def test_another_replica_decides_by_it_though_its_copy_is_old(
    known: Any,
    catalogue: Catalogue,
    run: Callable[..., Awaitable[None]],
    change: Callable[..., IndicatorsChanged],
) -> None:
    """The write is refused, the copy forgotten, and the batch done anew: as the bus does it."""
    other = type(known.store)(known.store.engine, catalogue)
    await run(other, change(2))
    await approved(known)

    with pytest.raises(other.stale):
        await run(other, change(3, social_complaints_12m=1))
    other.cache.clear()
    await run(other, change(3, social_complaints_12m=1))

    assert await state_of(known) == ("C", 16, "manual")
    numbers = await known.store.rows(f"select number from decision where uscc = '{USCC}' order by 1")
    assert numbers == [(1,), (2,), (3,)]


async def test_a_proposal_for_a_day_that_is_over_is_refused(known: Any) -> None:
    """It would end before it began."""
    async with known.store.open() as tx:
        proposal = Proposal(USCC, "C", "why", ("fact",), TODAY)
        kept = await use_cases.propose(proposal, Who("wang", known.now), tx, today=TODAY)
    known.now += timedelta(days=1)

    new = await known.ask("wang", CITY, "POST /v1/interventions", ORDER | {"expires_on": "2026-05-27"})
    late = await known.ask("li", APPROVER, f"POST /v1/interventions/{kept.id}/approve")

    assert (new.status_code, late.status_code) == (422, 422)
    assert new.json()["errors"][0]["field"] == "body.expires_on"
