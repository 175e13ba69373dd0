"""Which version of the model judges, and that the books tell them apart."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from classification_service import consumer, wire
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.risk_model import Catalogue, Promotion, RiskModel
from classification_service.rules.choosing import Scorers
from classification_service.rules.judging import InForce
from classification_service.rules.reading import model_of
from classification_service.store.packs import shipped_widths
from classification_service.store.reads import Reads
from classification_service.use_cases.classify import classify

DAY = 20_600
OTHER = "91510117YY0000028G"


def on(model: RiskModel, version: int, day: int) -> RiskModel:
    return replace(model, version=version, valid_from=date(1970, 1, 1) + timedelta(days=day))


def scorers_of(catalogue: Catalogue, *models: RiskModel) -> Scorers:
    """Each promoted for its first day, in this order."""
    days = [(model.valid_from - date(1970, 1, 1)).days for model in models]
    promotions = [
        Promotion(number, model.id, day) for number, (model, day) in enumerate(zip(models, days, strict=True))
    ]
    return Scorers(models, promotions, catalogue)


@pytest.mark.parametrize(("day", "version"), [(DAY - 500, 1), (DAY - 1, 1), (DAY, 2), (DAY + 500, 2)])
def test_a_model_judges_from_its_first_day_on(
    general: RiskModel, catalogue: Catalogue, day: int, version: int
) -> None:
    """A version shipped ahead of its day must wait for it; before the first one's day, history needs one too."""
    scorers = scorers_of(catalogue, on(general, 2, DAY), on(general, 1, DAY - 400))

    assert scorers.on(day).general.model.version == version


async def test_a_batch_over_two_days_is_judged_by_two_models(
    general: RiskModel, catalogue: Catalogue, change: Callable[..., IndicatorsChanged], memory_store: Any
) -> None:
    """Midnight falls within a batch; an entity on both sides of it is judged by each model in turn."""
    memory_store.rules = InForce(scorers_of(catalogue, on(general, 1, 0), on(general, 2, DAY)), {})
    changes = [change(1, business_day=DAY - 1), change(2), change(1, uscc=OTHER)]

    async with memory_store.open() as unit_of_work:
        handlers = consumer.handlers(lambda _tx: unit_of_work, catalogue, now_ms=lambda: 0)
        await handlers[wire.INDICATORS_CHANGED].apply(changes, None)

    assert {uscc: head.model_id for uscc, head in memory_store.books.heads.items()} == {
        changes[0].uscc: "general@2",
        OTHER: "general@2",
    }
    assert [(each.uscc, each.head.model_id) for each in unit_of_work.published] == [
        (changes[0].uscc, "general@1"),
        (OTHER, "general@2"),
    ]


async def test_statistics_say_how_many_each_model_judged(
    sql_store: Any,
    change: Callable[..., IndicatorsChanged],
    run: Callable[..., Awaitable[None]],
    general: RiskModel,
    catalogue: Catalogue,
) -> None:
    """While a new model is on its way through the city, a class mix without this would mix two measures unseen."""
    await run(sql_store, change(1))
    await sql_store.promote(model_of({**general.definition, "version": 2}, catalogue))
    await run(sql_store, change(1, uscc=OTHER))

    counts = await Reads(sql_store.engine, shipped_widths()).counts("none", None)

    assert [(each.model_id, each.entities) for each in counts] == [("general@1", 1), ("general@2", 1)]


async def test_a_cancelled_entity_keeps_the_model_of_its_last_decision(
    general: RiskModel, catalogue: Catalogue, change: Callable[..., IndicatorsChanged], memory_store: Any
) -> None:
    """Its score is final, and so is what gave it."""
    async with memory_store.open() as unit_of_work:
        for version in (1, 2):
            unit_of_work.rules = InForce(scorers_of(catalogue, on(general, version, 0)), {})
            await classify([change(version, status="cancelled")], unit_of_work, decided_at_ms=0)

    (head,) = memory_store.books.heads.values()
    assert (head.profile_version, head.model_id) == (2, "general@1")
