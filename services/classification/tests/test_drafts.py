"""A version of a model comes from a draft that another person approved, on a day that is free; and the way back."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from classification_service.errors import DayNotFree, SamePerson
from classification_service.model.governing import Difference
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.risk_model import Catalogue
from classification_service.rules.differing import differences
from classification_service.store import packs
from classification_service.store.drafts import SqlDrafts
from classification_service.store.heads import HeadCache
from classification_service.use_cases import drafts as use_cases
from httpapi import Role
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

DAY = 20_600
TODAY, TOMORROW = "2026-05-27", "2026-05-28"
MANAGER, APPROVER = Role.MODEL_MANAGER, Role.APPROVER
GENERAL = files("classification_service").joinpath("packs/models/general-1.yaml").read_text(encoding="utf-8")

FIRST_DAY = "\nvalid_from: 2022-01-13\n"


def version(number: int, *changes: tuple[str, str]) -> str:
    """The general model as another version, with these words in place of those."""
    written = GENERAL.replace("\nversion: 1\n", f"\nversion: {number}\n")
    for old, new in changes:
        assert old in written
        written = written.replace(old, new, 1)
    return written if number == 1 else written.replace(FIRST_DAY, f"\nvalid_from: 2022-02-{number:02d}\n")


SECOND = version(2, ("\nbase: 150\n", "\nbase: 170\n"))
PROBLEMATIC = version(1, ("edges: [1, 3, 5, 10]", "edges: [1, 5, 3, 10]"))


async def drafted(office: Any, written: str = SECOND, person: str = "wang") -> int:
    answer = await office.ask(person, MANAGER, "POST /v1/drafts", {"text": written})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def approved(office: Any, written: str = SECOND) -> int:
    number = await drafted(office, written)
    submitted = await office.ask("wang", MANAGER, f"POST /v1/drafts/{number}/submit", {"version": 1})
    assert submitted.status_code == 200, submitted.text
    answer = await office.approve(number)
    assert answer.status_code == 200, answer.text
    return number


async def promoted(office: Any, written: str = SECOND, day: str = TOMORROW) -> Any:
    number = await approved(office, written)
    return await office.ask("wang", MANAGER, f"POST /v1/drafts/{number}/promote", {"day": day})


async def test_a_draft_with_problems_is_kept_and_every_problem_has_its_line(office: Any) -> None:
    """People stop in the middle of a thought; what is wrong is said at once, and all of it."""
    answer = await office.ask("wang", MANAGER, "POST /v1/drafts", {"text": PROBLEMATIC})

    assert answer.status_code == 201
    problem = answer.json()["problems"][0]
    line = next(at for at, said in enumerate(PROBLEMATIC.splitlines(), 1) if "[1, 5, 3, 10]" in said)
    assert (problem["line"], problem["place"]) == (line, "items.0.bins.edges")
    assert "edges must rise" in problem["reason"]

    refused = await office.ask(
        "wang", MANAGER, "POST /v1/drafts/{}/submit".format(answer.json()["id"]), {"version": 1}
    )
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "text.items.0.bins.edges"
    assert f"line {line}" in refused.json()["errors"][0]["problem"]


async def test_a_text_is_checked_as_it_is_written_and_nothing_is_kept(office: Any) -> None:
    """Whoever writes is told at once what a save would say."""
    wrong = await office.ask("wang", MANAGER, "POST /v1/drafts/check", {"text": PROBLEMATIC})
    right = await office.ask("wang", MANAGER, "POST /v1/drafts/check", {"text": SECOND})

    saved = (await office.ask("wang", MANAGER, "POST /v1/drafts", {"text": PROBLEMATIC})).json()
    assert wrong.json() == {"code": "general", "problems": saved["problems"]}
    assert right.json() == {"code": "general", "problems": []}
    listed = (await office.ask("wang", MANAGER, "GET /v1/drafts")).json()
    assert [each["id"] for each in listed["items"]] == [saved["id"]]


async def test_two_versions_in_the_books_are_compared(office: Any) -> None:
    """What a version changed can be read long after it was a draft."""
    assert (await promoted(office)).status_code == 200

    answer = await office.ask("li", APPROVER, "GET /v1/models/general@2/diff?against=general@1")
    unknown = await office.ask("li", APPROVER, "GET /v1/models/general@2/diff?against=general@9")

    assert answer.json()["against"] == "general@1"
    assert {"place": "base", "was": "150", "is": "170"} in answer.json()["differences"]
    assert unknown.status_code == 404


async def test_what_contradicts_the_books_is_a_problem_too(office: Any) -> None:
    """A version that is taken, a name that judges what another judges, an approver who wrote himself in."""
    taken = (await office.ask("wang", MANAGER, "POST /v1/drafts", {"text": version(1)})).json()
    other = version(
        2, ("\ncode: general\n", "\ncode: universal\n"), ("\nauthor:", "\napprover: wang\nauthor:")
    )
    renamed = (await office.ask("wang", MANAGER, "POST /v1/drafts", {"text": other})).json()
    broken = (await office.ask("wang", MANAGER, "POST /v1/drafts", {"text": "code: [general"})).json()

    assert [(each["place"], each["line"]) for each in taken["problems"]] == [("version", 7)]
    assert {each["place"] for each in renamed["problems"]} == {"approver", "code"}
    assert "cannot be read as YAML" in broken["problems"][0]["reason"]


async def test_two_editors_do_not_overwrite_each_other(office: Any) -> None:
    """The second to save is told that the draft moved, and loses nothing but the save."""
    number = await drafted(office)
    save = f"PUT /v1/drafts/{number}"
    comment = "# why: too many newcomers in B\n" + SECOND

    first = await office.ask("wang", MANAGER, save, {"text": comment}, headers={"If-Match": '"1"'})
    second = await office.ask("zhao", MANAGER, save, {"text": SECOND}, headers={"If-Match": '"1"'})
    blind = await office.ask("zhao", MANAGER, save, {"text": SECOND})

    assert [each.status_code for each in (first, second, blind)] == [200, 412, 400]
    assert second.json()["type"] == "urn:creditloop:problem:edited-since"
    kept = await office.ask("zhao", MANAGER, f"GET /v1/drafts/{number}")
    assert kept.headers["etag"] == '"2"'
    assert kept.json()["text"] == comment


async def test_a_diff_names_items_by_indicator(office: Any) -> None:
    """Whoever approves reads what changes, not where a line moved to."""
    written = version(
        2,
        ("\nbase: 150\n", "\nbase: 170\n"),
        ("edges: [10, 100, 1000], points: [20,", "edges: [10, 100, 1000], points: [30,"),
    )
    number = await drafted(office, written)

    answer = (await office.ask("li", APPROVER, f"GET /v1/drafts/{number}/diff")).json()

    assert answer["against"] == "general@1"
    assert [(each["place"], each["was"], each["is"]) for each in answer["differences"]] == [
        ("base", "150", "170"),
        ("items.base.capital_wan.bins.points", "[20, 10, 5, 0]", "[30, 10, 5, 0]"),
        ("valid_from", '"2022-01-13"', '"2022-02-02"'),
        ("version", "1", "2"),
    ]


def test_an_item_put_between_others_is_one_difference() -> None:
    """Lists whose members have names are compared by name."""
    one = {"items": [{"indicator": "a", "weight": 1}, {"indicator": "b", "weight": 2}]}
    other = {"items": [{"indicator": "c", "weight": 3}, *one["items"]]}

    found = differences(one, other)

    assert found == [
        Difference("items.c.indicator", None, '"c"'),
        Difference("items.c.weight", None, "3"),
    ]


async def test_nobody_approves_what_they_wrote_edited_or_submitted(office: Any) -> None:
    """Four eyes, whichever way round."""
    number = await drafted(office)
    saved = await office.ask(
        "zhao", MANAGER, f"PUT /v1/drafts/{number}", {"text": SECOND}, headers={"If-Match": '"1"'}
    )
    submitted = await office.ask("qian", MANAGER, f"POST /v1/drafts/{number}/submit", {"version": 2})
    refused = [
        await office.approve(number, person, role)
        for person, role in (("wang", APPROVER), ("zhao", MANAGER), ("qian", MANAGER))
    ]
    waiting = [await _decidable(office, person) for person in ("wang", "zhao", "qian", "li")]
    accepted = await office.approve(number)

    assert waiting == [(1, 0), (1, 0), (1, 0), (1, 1)]
    assert (saved.status_code, submitted.status_code) == (200, 200)
    assert [each.status_code for each in refused] == [403, 403, 403]
    assert [each.json()["detail"] for each in refused] == [
        "You are its author.",
        "You are its last editor.",
        "You are its submitter.",
    ]
    assert accepted.json()["approved_by"] == "li"


async def _decidable(office: Any, person: str) -> tuple[int, int]:
    said = (await office.ask(person, MANAGER, "GET /v1/work/counts")).json()
    return said["drafts_submitted"], said["drafts_decidable"]


async def test_who_edited_in_between_does_not_approve_either(office: Any) -> None:
    """A loophole written into another's draft is not approved by whoever wrote it, whoever saved last."""
    number = await drafted(office, person="wang")
    for version_read, person in ((1, "zhao"), (2, "qian")):
        save = {"headers": {"If-Match": f'"{version_read}"'}}
        await office.ask(person, MANAGER, f"PUT /v1/drafts/{number}", {"text": SECOND}, **save)
    await office.ask("qian", MANAGER, f"POST /v1/drafts/{number}/submit", {"version": 3})

    refused = await office.approve(number, "zhao", MANAGER)

    assert (refused.status_code, refused.json()["detail"]) == (403, "You are its editor.")
    assert (await office.approve(number)).status_code == 200


async def test_an_approval_is_of_the_document_that_was_read(office: Any) -> None:
    """Returned by its author, changed and submitted again a moment before the click, it is another document."""
    number = await drafted(office)
    path = f"POST /v1/drafts/{number}"
    await office.ask("wang", MANAGER, f"{path}/submit", {"version": 1})
    read = (await office.ask("li", APPROVER, f"GET /v1/drafts/{number}")).json()["sha256"]
    await office.ask("wang", MANAGER, f"{path}/return", {"reason": "a comma"})
    changed = {"text": SECOND.replace("\nbase: 170\n", "\nbase: 0\n")}
    await office.ask("wang", MANAGER, f"PUT /v1/drafts/{number}", changed, headers={"If-Match": '"1"'})
    await office.ask("wang", MANAGER, f"{path}/submit", {"version": 2})

    blind = await office.ask("li", APPROVER, f"{path}/approve", {})
    stale = await office.ask("li", APPROVER, f"{path}/approve", {"sha256": read})
    fresh = await office.approve(number)

    assert [each.status_code for each in (blind, stale, fresh)] == [422, 412, 200]


async def test_a_document_changed_after_its_approval_is_not_promoted(office: Any) -> None:
    """Whoever reaches the table behind the service does not reach the city by it."""
    number = await approved(office)
    async with office.store.engine.begin() as connection:
        await connection.execute(text("update draft set definition = jsonb_set(definition, '{base}', '0')"))

    answer = await office.ask("wang", MANAGER, f"POST /v1/drafts/{number}/promote", {"day": TOMORROW})

    assert answer.status_code == 412
    assert await office.store.rows("select count(*) from model") == [(1,)]


async def test_the_database_itself_knows_no_draft_approved_by_its_author(office: Any) -> None:
    """A mistake in the code cannot make one."""
    number = await approved(office)

    with pytest.raises(IntegrityError, match="draft_second_person"):
        async with office.store.engine.begin() as connection:
            await connection.execute(text(f"update draft set approved_by = author where id = {number}"))


async def test_what_the_books_say_of_models_is_never_changed(office: Any) -> None:
    """Versions, promotions and the trail are written once."""
    for change in ("update model set author = 'x'", "delete from promotion", "delete from model_event"):
        await drafted(office)
        with pytest.raises(IntegrityError, match="is never changed"):
            async with office.store.engine.begin() as connection:
                await connection.execute(text(change))


async def test_a_returned_draft_is_edited_and_submitted_again(office: Any) -> None:
    """The reason is in the trail; the approval that was is not."""
    number = await approved(office)

    back = await office.ask("li", APPROVER, f"POST /v1/drafts/{number}/return", {"reason": "base too high"})
    early = await office.ask("wang", MANAGER, f"POST /v1/drafts/{number}/promote", {"day": TOMORROW})
    again = await office.ask("wang", MANAGER, f"POST /v1/drafts/{number}/submit", {"version": 1})
    trail = (await office.ask("sun", Role.AUDITOR, f"GET /v1/drafts/{number}/trail")).json()["items"]

    assert (back.json()["state"], back.json()["approved_by"]) == ("open", None)
    assert (early.status_code, again.json()["state"]) == (409, "submitted")
    assert [(each["who"], each["what"]) for each in trail] == [
        ("wang", "created"),
        ("wang", "submitted"),
        ("li", "approved"),
        ("li", "returned"),
        ("wang", "submitted"),
    ]
    assert trail[3]["note"] == "base too high"


async def test_a_version_goes_live_on_its_day_and_says_who_let_it(
    office: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """Until that day the one before judges; the event tells the others."""
    await run(office.store, change(1))

    answer = await promoted(office)
    await run(office.store, change(2), change(3, business_day=DAY + 1))

    assert answer.json()["model_id"] == "general@2"
    decisions = await office.store.rows("select number, model_id, score from decision order by number")
    assert decisions == [(1, "general@1", 165.0), (2, "general@2", 185.0)]
    rows = await office.store.rows("select approved_by, promoted_by, from_day::text from promotion where number > 1 "
                                   "and model_id = 'general@2'")  # fmt: skip
    assert rows == [("li", "wang", TOMORROW)]
    assert await office.store.rows("select approver from model where version = 2") == [("li",)]
    told = [each.type for each in office.store.published if each.key == "general@2"]
    assert told == ["creditloop.classification.v1.ModelPromoted"]
    trail = (await office.ask("sun", Role.AUDITOR, "GET /v1/models/general@2/trail")).json()["items"]
    assert [each["what"] for each in trail] == ["created", "submitted", "approved", "promoted"]


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (TODAY, "judged by others already"),
        ("2026-05-26", "judged by others already"),
        ("2021-01-01", "judged by others already"),
    ],
)
async def test_no_day_that_is_judged_is_judged_otherwise(
    office: Any,
    run: Callable[..., Awaitable[None]],
    change: Callable[..., IndicatorsChanged],
    day: str,
    said: str,
) -> None:
    """What was decided stays decided."""
    await run(office.store, change(1))

    answer = await promoted(office, day=day)

    assert answer.status_code == 422
    assert said in answer.json()["errors"][0]["problem"]
    assert answer.json()["errors"][0]["expected"] == f"{TOMORROW} or later"


@pytest.mark.parametrize("day", ["2062-05-28", "9999-12-31", "2027-07-02"])
async def test_a_slip_in_the_year_does_not_hold_a_code_for_good(office: Any, day: str) -> None:
    """No later version could go live before that day."""
    far = await promoted(office, day=day)
    back = await office.ask(
        "wang", MANAGER, "POST /v1/models/general/rollback", {"to_version": 1, "day": day, "reason": "r"}
    )

    for answer in (far, back):
        assert answer.status_code == 422
        wrong = answer.json()["errors"][0]
        assert (wrong["field"], wrong["expected"]) == ("body.day", "2027-07-01 or earlier")


async def test_a_day_judged_while_the_newest_was_looked_for_is_not_free(
    office: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """Batches go on meanwhile, over midnight too."""
    number = await approved(office)
    await run(office.store, change(1))

    class Late(SqlDrafts):
        async def newest_judged(self) -> date | None:
            newest = await super().newest_judged()
            await run(office.store, change(2, business_day=DAY + 1))
            return newest

    async def late() -> None:
        async with office.store.open() as tx:
            tx.drafts.__class__ = Late
            wang = use_cases.Who("wang", office.now)
            await use_cases.promote_draft(number, date(2026, 5, 28), wang, packs.shipped_catalogue(), tx)

    with pytest.raises(DayNotFree, match="judged by others"):
        await late()


async def test_a_promoted_draft_agrees_with_the_books_that_have_it(office: Any) -> None:
    """It is compared with what it took over from, and its version is not taken by itself."""
    await promoted(office)
    (number,) = (await office.store.rows("select id from draft"))[0]

    read = (await office.ask("li", APPROVER, f"GET /v1/drafts/{number}")).json()
    diff = (await office.ask("li", APPROVER, f"GET /v1/drafts/{number}/diff")).json()

    assert (read["state"], read["problems"]) == ("promoted", [])
    assert (diff["against"], diff["differences"][0]["place"]) == ("general@1", "base")


async def test_a_version_follows_the_one_before_and_its_fixed_end(office: Any) -> None:
    """Two versions of one day would be told apart by nothing; a fixed end is a promise."""
    ends = version(2, ("\nvalid_from: 2022-01-13\n", "\nvalid_from: 2022-01-13\nvalid_to: 2026-12-31\n"))
    await promoted(office, ends)
    third = version(3, ("\nvalid_from: 2022-01-13\n", "\nvalid_from: 2026-12-01\n"))
    later = version(3, ("\nvalid_from: 2022-01-13\n", "\nvalid_from: 2027-01-01\n"))

    overlapping = (await office.ask("wang", MANAGER, "POST /v1/drafts", {"text": third})).json()
    before_valid = await promoted(office, later, day="2026-12-31")
    after = await promoted(office, later, day="2027-01-01")

    assert "overlaps general@2" in overlapping["problems"][0]["reason"]
    assert overlapping["problems"][0]["place"] == "valid_from"
    assert (before_valid.status_code, after.status_code) == (422, 200)


async def test_shares_are_not_submitted_without_the_cuts_of_a_what_if(office: Any) -> None:
    """Whoever submits does not choose the cuts: they are taken from the city."""
    cuts = "  cuts: {A: 250, B: 500, C: 750}\n"
    number = await drafted(office, version(2, (cuts, "  shares: {A: 0.6, B: 0.9, C: 0.97}\n")))
    submit = f"POST /v1/drafts/{number}/submit"

    without = await office.ask("wang", MANAGER, submit, {"version": 1})
    unknown = await office.ask("wang", MANAGER, submit, {"version": 1, "what_if_id": 7})

    assert without.status_code == 422
    assert without.json()["errors"][0]["field"] == "text.scale.shares"
    assert unknown.status_code == 404


async def test_two_approvers_at_once_approve_once(office: Any) -> None:
    """The second is told that it is done."""
    number = await drafted(office)
    await office.ask("wang", MANAGER, f"POST /v1/drafts/{number}/submit", {"version": 1})

    answers = await asyncio.gather(*(office.approve(number, who) for who in ("li", "zhou")))

    assert sorted(each.status_code for each in answers) == [200, 409]
    rows = await office.store.rows("select count(*) from model_event where what = 'approved'")
    assert rows == [(1,)]


async def test_a_write_sent_twice_under_one_key_happens_once(office: Any) -> None:
    """A broken connection must not promote twice."""
    number = await approved(office)
    call, key = f"POST /v1/drafts/{number}/promote", {"Idempotency-Key": '"p-1"'}

    first = await office.ask("wang", MANAGER, call, {"day": TOMORROW}, headers=key)
    second = await office.ask("wang", MANAGER, call, {"day": TOMORROW}, headers=key)

    assert (first.status_code, second.status_code) == (200, 200)
    assert second.headers["idempotency-replayed"] == "true"
    assert await office.store.rows("select count(*) from promotion where model_id = 'general@2'") == [(1,)]


async def test_the_way_back_is_a_promotion_that_needs_a_second_person(
    office: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """What was decided by the version that is left stays in the books."""
    await promoted(office, day=TODAY)
    await run(office.store, change(1))
    order = {"to_version": 1, "day": TODAY, "reason": "newcomers fell into B"}

    proposed = await office.ask("wang", MANAGER, "POST /v1/models/general/rollback", order)
    number = proposed.json()["number"]
    twice = await office.ask("zhao", MANAGER, "POST /v1/models/general/rollback", order)
    own = await office.ask("wang", MANAGER, f"POST /v1/rollbacks/{number}/approve", {})
    await run(office.store, change(2))
    other = await office.ask("li", APPROVER, f"POST /v1/rollbacks/{number}/approve", {})
    await run(office.store, change(3))

    assert [each.status_code for each in (proposed, twice, own, other)] == [201, 409, 403, 200]
    decisions = await office.store.rows("select number, model_id from decision order by number")
    assert decisions == [(1, "general@2"), (2, "general@1")]
    trail = (await office.ask("sun", Role.AUDITOR, "GET /v1/models/general@1/trail")).json()["items"]
    assert {each["what"] for each in trail} == {"shipped", "rollback proposed", "rolled back"}


async def test_either_replica_judges_by_a_promotion_from_its_commit_on(
    office: Any,
    catalogue: Catalogue,
    run: Callable[..., Awaitable[None]],
    change: Callable[..., IndicatorsChanged],
) -> None:
    """Nobody restarts anything, and no batch is judged by half of it."""
    replicas = [type(office.store)(office.store.engine, catalogue) for _ in range(2)]
    usccs = ["91510104YY000001XM", "91510117YY0000028G"]
    for replica, uscc in zip(replicas, usccs, strict=True):
        await run(replica, change(1, uscc=uscc))

    await promoted(office)
    for replica, uscc in zip(replicas, usccs, strict=True):
        replica.cache = HeadCache()
        await run(replica, change(2, uscc=uscc, business_day=DAY + 1))

    assert set(await office.store.rows("select model_id from state")) == {("general@2",)}


STEPS = ("submit", "approve", "promote")


@pytest.mark.parametrize("broken_off", STEPS)
async def test_a_crash_in_any_step_leaves_nothing_of_it(
    office: Any, broken_off: str, catalogue: Catalogue
) -> None:
    """The trail, the draft, the version and its promotion go together."""
    number = await drafted(office)
    await _up_to(office, number, broken_off)
    before = await _books(office)

    with pytest.raises(_Crash):
        await _break_off(broken_off, number, office, catalogue)

    assert await _books(office) == before


class _Crash(Exception):
    """The process ends."""


async def _break_off(step: str, number: int, office: Any, catalogue: Catalogue) -> None:
    async with office.store.open() as tx:
        await _do(step, number, tx, catalogue, office.now)
        raise _Crash


async def _up_to(office: Any, number: int, step: str) -> None:
    submit = f"POST /v1/drafts/{number}/submit"
    calls = {
        "submit": lambda: office.ask("wang", MANAGER, submit, {"version": 1}),
        "approve": lambda: office.approve(number),
    }
    for each in STEPS[: STEPS.index(step)]:
        assert (await calls[each]()).status_code == 200


async def _do(step: str, number: int, tx: Any, catalogue: Catalogue, now: Any) -> None:
    wang, li = use_cases.Who("wang", now), use_cases.Who("li", now)
    if step == "submit":
        await use_cases.submit_draft((number, 1), None, wang, catalogue, tx)
    elif step == "approve":
        read = (number, (await tx.drafts.lock(number)).sha256)
        with pytest.raises(SamePerson):
            await use_cases.approve_draft(read, "", wang, tx)
        await use_cases.approve_draft(read, "", li, tx)
    else:
        await use_cases.promote_draft(number, now.date(), wang, catalogue, tx)


async def _books(office: Any) -> list[Any]:
    tables = ("draft", "model", "promotion", "model_event", "standing")
    return [await office.store.rows(f"select * from {table} order by 1") for table in tables]
