"""The way back to an earlier version, and what the list of models says of how each came to judge."""

from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any

from classification_service.model.judgement import IndicatorsChanged
from httpapi import Role

DAY = 20_600
TODAY, TOMORROW, LATER = "2026-05-27", "2026-05-28", "2026-07-01"
MANAGER, APPROVER, AUDITOR = Role.MODEL_MANAGER, Role.APPROVER, Role.AUDITOR
GENERAL = files("classification_service").joinpath("packs/models/general-1.yaml").read_text(encoding="utf-8")
BACK = "POST /v1/models/general/rollback"


async def promoted(office: Any, version: int, day: str) -> None:
    """A version that differs in its base and is in force from this day on."""
    text = (
        GENERAL.replace("\nversion: 1\n", f"\nversion: {version}\n")
        .replace("\nbase: 150\n", f"\nbase: {150 + 10 * version}\n")
        .replace("\nvalid_from: 2022-01-13\n", f"\nvalid_from: 2022-02-{version:02d}\n")
    )
    number = (await office.ask("wang", MANAGER, "POST /v1/drafts", {"text": text})).json()["id"]
    for answer in (
        await office.ask("wang", MANAGER, f"POST /v1/drafts/{number}/submit", {"version": 1}),
        await office.approve(number),
        await office.ask("wang", MANAGER, f"POST /v1/drafts/{number}/promote", {"day": day}),
    ):
        assert answer.status_code == 200, answer.text


async def went_back(office: Any, version: int, day: str) -> Any:
    order = {"to_version": version, "day": day, "reason": "newcomers fell into B"}
    proposed = await office.ask("wang", MANAGER, BACK, order)
    assert proposed.status_code == 201, proposed.text
    return await office.ask("li", APPROVER, f"POST /v1/rollbacks/{proposed.json()['number']}/approve", {})


async def test_there_is_a_way_back_while_a_version_waits_for_its_day(
    office: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """What is promoted for July does not hold the city to what goes wrong in May; it still comes in July."""
    await promoted(office, 2, TODAY)
    await promoted(office, 3, LATER)

    answer = await went_back(office, 1, TOMORROW)
    for version, day in ((1, DAY), (2, DAY + 1), (3, DAY + 60)):
        await run(office.store, change(version, business_day=day, social_complaints_12m=version))

    assert answer.status_code == 200
    decided = await office.store.rows("select model_id from decision order by number")
    assert decided == [("general@2",), ("general@1",), ("general@3",)]


async def test_nobody_goes_back_to_what_is_in_force_that_day_or_to_a_day_before_everything(
    office: Any,
) -> None:
    """Each is told by what it is."""
    await promoted(office, 2, TODAY)
    await promoted(office, 3, LATER)

    same = await office.ask("wang", MANAGER, BACK, {"to_version": 2, "day": TOMORROW, "reason": "r"})
    coming = await office.ask("wang", MANAGER, BACK, {"to_version": 2, "day": LATER, "reason": "r"})
    before = await office.ask("wang", MANAGER, BACK, {"to_version": 1, "day": "2022-01-12", "reason": "r"})

    assert [each.status_code for each in (same, coming, before)] == [409, 201, 422]
    assert TOMORROW in same.json()["detail"]


async def test_a_proposal_whose_day_went_by_holds_from_the_newest_judged(
    office: Any, run: Callable[..., Awaitable[None]], change: Callable[..., IndicatorsChanged]
) -> None:
    """Whoever decides late need not have it proposed anew; the row says the day that it was."""
    await promoted(office, 2, TODAY)
    order = {"to_version": 1, "day": TODAY, "reason": "newcomers fell into B"}
    number = (await office.ask("wang", MANAGER, BACK, order)).json()["number"]
    await run(office.store, change(1, business_day=DAY + 1))

    answer = await office.ask("li", APPROVER, f"POST /v1/rollbacks/{number}/approve", {})

    assert (answer.status_code, answer.json()["from_day"]) == (200, TOMORROW)
    rows = await office.store.rows("select from_day::text from promotion order by number desc limit 1")
    assert rows == [(TOMORROW,)]


async def test_the_trail_of_a_way_back_names_both_persons(office: Any) -> None:
    """Who proposed it, and who approved it."""
    await promoted(office, 2, TODAY)

    await went_back(office, 1, TODAY)

    rows = await office.store.rows(
        "select promoted_by, approved_by from promotion order by number desc limit 1"
    )
    assert rows == [("wang", "li")]


async def test_why_it_was_refused_does_not_replace_why_it_was_proposed(office: Any) -> None:
    """Both are the record."""
    await promoted(office, 2, TODAY)
    order = {"to_version": 1, "day": TODAY, "reason": "newcomers fell into B"}
    number = (await office.ask("wang", MANAGER, BACK, order)).json()["number"]

    await office.ask("li", APPROVER, f"POST /v1/rollbacks/{number}/refuse", {"reason": "as it should be"})
    (kept,) = (await office.ask("sun", AUDITOR, "GET /v1/models/general/rollbacks")).json()["items"]

    assert (kept["state"], kept["reason"], kept["refuse_reason"]) == (
        "refused",
        "newcomers fell into B",
        "as it should be",
    )


async def test_the_list_of_models_says_who_let_each_judge_and_when(office: Any) -> None:
    """The author is what the text says; who wrote and approved it is what the service knows."""
    await promoted(office, 2, TODAY)
    await went_back(office, 1, TOMORROW)

    listed = (await office.ask("sun", AUDITOR, "GET /v1/models")).json()["items"]
    first, second = sorted(listed, key=lambda each: each["id"])

    assert [(each["how"], each["by"], each["approved_by"]) for each in first["went_live"]] == [
        ("shipped", "creditloop project", ""),
        ("rolled_back", "wang", "li"),
    ]
    assert (first["approver"], first["drafted_by"], first["valid_to"]) == ("", "", None)
    assert (second["author"], second["drafted_by"], second["approver"]) == (
        "creditloop project",
        "wang",
        "li",
    )
    assert [(each["how"], each["from_day"]) for each in second["went_live"]] == [("approved", TODAY)]
