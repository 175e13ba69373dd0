"""`python -m classification_service.learn`: the service's own books in, a draft that it takes out."""

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from classification_service.errors import Unknown
from classification_service.learn.__main__ import main
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.store import packs
from classification_service.store.learning_reads import drawn_visits, judging
from classification_service.use_cases.promote import register_models
from classification_service.use_cases.review import record_results
from httpapi import Role

DAY = 20_600
VISITS = 600
WINDOW = ("--author=local:learner", "--today=2026-06-01", "--valid-from=2026-07-01")


@pytest.fixture
async def inspected(
    sql_store: Any,
    run: Callable[..., Any],
    change: Callable[..., Any],
    result: Callable[..., Any],
    catalogue: Catalogue,
) -> Any:
    """A city where complaints foretell problems more than the model says; of half the visits it is known who came."""
    generator = np.random.default_rng(4)
    complaints = generator.poisson(0.7, VISITS)
    penalties = generator.poisson(0.3, VISITS)
    usccs = [f"91510104Y{number:09d}" for number in range(VISITS)]
    changes = [
        change(
            uscc=uscc,
            social_complaints_12m=int(many),
            regulatory_penalties_36m=int(more),
            recorded_at_ms=(DAY - 2) * 86_400_000,
            business_day=DAY - 2,
        )
        for uscc, many, more in zip(usccs, complaints, penalties, strict=True)
    ]
    await run(sql_store, *changes, at_ms=(DAY - 2) * 86_400_000)
    found = generator.random(VISITS) < 0.12 + 0.2 * np.minimum(complaints, 3) + 0.05 * np.minimum(
        penalties, 3
    )
    classes = dict(await sql_store.rows("select uscc, class from state"))
    results = [
        result(
            row,
            uscc=uscc,
            class_at_draw=classes[uscc],
            is_problem=bool(found[row]),
            probability=0.03 if row % 3 else 0.2,
            stratum="uniform" if row % 3 else "class:C",
            occurred_on_day=DAY + row * 180 // VISITS,
            occurred_at_ms=(DAY + row * 180 // VISITS) * 86_400_000 + 7_200_000,
            inspectors=(f"i-{row % 4}", "i-9") if row % 2 else (),
        )
        for row, uscc in enumerate(usccs)
    ]
    reported = result(9999, stratum="reported", probability=None, class_at_draw="", is_problem=True)
    excluded = result(9998, uscc=usccs[0], class_at_draw=classes[usccs[0]], in_denominator=False)
    async with sql_store.open() as unit_of_work:
        await record_results([*results, reported, excluded], unit_of_work, catalogue)
    return sql_store


async def learned(
    store: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str]
) -> tuple[int, dict[str, Any]]:
    monkeypatch.setenv("DATABASE_URL", store.engine.url.render_as_string(hide_password=False))
    code = await asyncio.to_thread(main, arguments)
    return code, json.loads(capsys.readouterr().out)


async def test_visits_are_read_with_what_was_decided_before_them(inspected: Any) -> None:
    """Values of the decision, weight by the odds, who was sent; what is reported or does not count is none."""
    async with inspected.engine.connect() as connection:
        sample = await drawn_visits(connection, packs.shipped_widths(), "general", None)

    positions = packs.shipped_catalogue().positions
    assert len(sample.found) == VISITS
    assert set(sample.weights.round(2).tolist()) == {5.0, 33.33}
    assert sample.inspectors[1] == ("i-1", "i-9")
    assert sample.inspectors[0] == ()
    assert sample.values[:, positions["social.complaints_12m"]].max() >= 3
    assert sample.values[0, positions["base.age_years"]] == 8.0
    assert set(sample.age_days.tolist()) == {2918.0}
    assert sample.without_evidence == 0


async def test_a_visit_after_the_last_day_is_not_learned_from(inspected: Any) -> None:
    async with inspected.engine.connect() as connection:
        everything = await drawn_visits(connection, packs.shipped_widths(), "general", None)
        day = (np.datetime64("1970-01-01") + int(everything.days[100])).astype(object)
        some = await drawn_visits(connection, packs.shipped_widths(), "general", day)

    assert some.days.max() == everything.days[100]


async def test_what_is_learned_can_be_saved_and_submitted(
    inspected: Any,
    office: Any,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,
) -> None:
    """The draft is one like any other: it waits for another person."""
    report = tmp_path / "report.html"

    code, document = await learned(inspected, capsys, monkeypatch, ("general", *WINDOW, f"--report={report}"))

    assert (code, document["visits"], document["uniform"]) == (0, VISITS, 400)
    assert (document["model"], document["from"]) == ("general@2", "general@1")
    saved = await office.ask(
        "learner",
        Role.MODEL_MANAGER,
        "POST /v1/drafts",
        {"text": document["text"]},
        headers={"Idempotency-Key": "k"},
    )
    assert (saved.status_code, saved.json()["problems"]) == (201, [])
    assert "<svg" in report.read_text(encoding="utf-8")
    assert await inspected.rows("select count(*) from promotion") == [(1,)]


async def test_the_same_books_teach_the_same(
    inspected: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await learned(inspected, capsys, monkeypatch, ("general", *WINDOW))

    assert await learned(inspected, capsys, monkeypatch, ("general", *WINDOW)) == first


async def test_books_without_outcomes_teach_nothing(
    sql_store: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One JSON object, the reason in it, and no trace."""
    code, document = await learned(sql_store, capsys, monkeypatch, ("general", *WINDOW))

    assert (code, document["learned"]) == (1, False)
    assert "too few to learn from" in document["problem"]


@pytest.mark.parametrize("code", ["nonsense", "food_production"])
async def test_a_code_that_judges_no_whole_entities_is_unknown(
    sql_store: Any, shipped: list[RiskModel], catalogue: Catalogue, code: str
) -> None:
    """Visits are drawn by the general class; what a sector's own class foretells is not told by them."""
    async with sql_store.open() as unit_of_work:
        await register_models(shipped, unit_of_work, now=datetime.now(UTC))
    async with sql_store.engine.connect() as connection:
        with pytest.raises(Unknown, match=f"model {code}"):
            await judging(connection, catalogue, code, date(2026, 6, 1))
