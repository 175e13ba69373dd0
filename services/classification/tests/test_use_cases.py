"""What the service does with events, over the unit of work in memory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from classification_service.errors import ChangedModel
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.review import InspectionResult
from classification_service.model.risk_model import Catalogue, Flag, RiskModel
from classification_service.use_cases.classify import classify
from classification_service.use_cases.promote import register_models
from classification_service.use_cases.review import record_results

USCC = "91510104YY000001XM"
OTHER = "91510117YY0000028G"
NOW_MS = 1_790_000_000_000


async def test_a_first_event_is_decided_and_told_once(
    change: Callable[..., IndicatorsChanged], tx: Any
) -> None:
    """Sampling learns of an entity by its first class change."""
    await classify([change(1)], tx, decided_at_ms=NOW_MS)

    assert [number for _, number, _, _ in tx.books.decisions] == [1]
    told = tx.published[0]
    assert (told.previous_class, told.head.risk_class, told.head.change_number) == (0, 1, 1)


async def test_a_fact_that_changes_nothing_writes_no_decision(
    change: Callable[..., IndicatorsChanged], tx: Any
) -> None:
    """Most facts leave the score as it is; the book of decisions must stay readable."""
    await classify([change(1)], tx, decided_at_ms=NOW_MS)

    await classify([change(2, base_age_years=8.01)], tx, decided_at_ms=NOW_MS)

    assert len(tx.books.decisions) == len(tx.published) == 1
    assert tx.books.heads[USCC].profile_version == 2


async def test_a_score_that_moves_within_its_class_is_decided_but_not_told(
    change: Callable[..., IndicatorsChanged], tx: Any
) -> None:
    """The others sort by class; a score alone would only make noise."""
    await classify([change(1)], tx, decided_at_ms=NOW_MS)

    await classify([change(2, social_complaints_12m=1)], tx, decided_at_ms=NOW_MS)

    assert [number for _, number, _, _ in tx.books.decisions] == [1, 2]
    assert len(tx.published) == 1


async def test_an_entity_that_moves_house_is_told_without_a_decision(
    change: Callable[..., IndicatorsChanged], tx: Any
) -> None:
    """Class moves with the firm to its new area, and the new area must know."""
    await classify([change(1)], tx, decided_at_ms=NOW_MS)

    await classify([change(2, area_code="510117")], tx, decided_at_ms=NOW_MS)

    assert len(tx.books.decisions) == 1
    assert [(each.head.change_number, each.head.area_code) for each in tx.published] == [
        (1, "510104"),
        (2, "510117"),
    ]


@pytest.mark.parametrize("version", [1, 2])
async def test_old_news_changes_nothing(
    version: int, change: Callable[..., IndicatorsChanged], tx: Any
) -> None:
    """A resent or late event must not bring an old class back."""
    await classify([change(2)], tx, decided_at_ms=NOW_MS)

    await classify([change(version, regulatory_serious_listed_now=1)], tx, decided_at_ms=NOW_MS)

    assert len(tx.books.decisions) == 1
    assert tx.books.heads[USCC].risk_class == 1


async def test_events_of_one_entity_in_one_batch_are_decided_one_after_the_other(
    change: Callable[..., IndicatorsChanged], tx: Any
) -> None:
    """How events fall into batches must not change what was decided."""
    batch = [
        change(1),
        change(1, uscc=OTHER),
        change(2, regulatory_serious_listed_now=1),
        change(3),
    ]

    await classify(batch, tx, decided_at_ms=NOW_MS)

    mine = [(number, override) for uscc, number, _, override in tx.books.decisions if uscc == USCC]
    assert mine == [(1, ""), (2, "serious_listing"), (3, "")]
    assert [each.head.risk_class for each in tx.published if each.uscc == USCC] == [1, 4, 1]


async def test_one_batch_and_one_by_one_come_to_the_same(
    change: Callable[..., IndicatorsChanged], tx: Any
) -> None:
    """Single events take the same path as many."""
    events = [change(version, social_complaints_12m=version % 4) for version in range(1, 12)]
    for event in events:
        await classify([event], tx, decided_at_ms=NOW_MS)
    alone = type(tx)(tx.rules)

    await classify(events, alone, decided_at_ms=NOW_MS)

    assert alone.books == tx.books
    assert alone.published == tx.published


async def test_the_decision_about_a_cancelled_entity_is_final(
    change: Callable[..., IndicatorsChanged], tx: Any
) -> None:
    """A cancelled firm leaves the denominators; what still arrives is noted, not judged."""
    await classify([change(1), change(2, status="cancelled")], tx, decided_at_ms=NOW_MS)

    late = change(3, status="cancelled", regulatory_serious_listed_now=1)
    await classify([late], tx, decided_at_ms=NOW_MS)

    head = tx.books.heads[USCC]
    assert (head.profile_version, head.decision_number, head.risk_class) == (3, 2, 1)
    assert head.flags & Flag.CANCELLED
    assert len(tx.published) == 2


async def test_an_entity_registered_again_is_judged_again(
    change: Callable[..., IndicatorsChanged], tx: Any
) -> None:
    """A cancellation annulled by the registry must not leave the firm unseen."""
    await classify([change(1, status="cancelled")], tx, decided_at_ms=NOW_MS)

    await classify([change(2, regulatory_serious_listed_now=1)], tx, decided_at_ms=NOW_MS)

    assert tx.books.heads[USCC].risk_class == 4
    assert not tx.books.heads[USCC].flags & Flag.CANCELLED


async def test_a_result_counts_once(
    result: Callable[..., InspectionResult], tx: Any, catalogue: Catalogue
) -> None:
    """Replays must not move a discovery rate."""
    await record_results([result(1), result(2)], tx, catalogue)

    await record_results([result(2)], tx, catalogue)

    assert sorted(tx.books.results) == ["r-1", "r-2"]


async def test_a_new_model_is_announced_once(general: RiskModel, tx: Any) -> None:
    """A restart is no promotion."""
    now = datetime(2026, 11, 1, tzinfo=UTC)
    await register_models([general], tx, now=now)

    await register_models([general], tx, now=now)

    assert [model.id for model in tx.promoted] == ["general@1"]


async def test_a_model_changed_under_its_version_stops_the_start(general: RiskModel, tx: Any) -> None:
    """Old decisions point at that version; they would be explained by weights that never judged them."""
    now = datetime(2026, 11, 1, tzinfo=UTC)
    await register_models([general], tx, now=now)

    with pytest.raises(ChangedModel, match="a change needs a new version"):
        await register_models(
            [replace(general, definition=dict(general.definition) | {"base": 1})], tx, now=now
        )


async def test_a_model_that_names_or_cites_otherwise_is_the_one_in_the_books(
    general: RiskModel, tx: Any
) -> None:
    """A release that words a source anew must not keep a city from starting, nor ask it to approve what it has."""
    now = datetime(2026, 11, 1, tzinfo=UTC)
    await register_models([general], tx, now=now)
    frame = dict(general.definition["frame"]) | {"citation": "另一种表述", "zh": "改名"}
    reworded = replace(general, definition=dict(general.definition) | {"frame": frame}, sha256="0" * 64)

    assert await register_models([reworded], tx, now=now) == []
    assert [model.sha256 for model, _ in tx.books.models.values()] == [general.sha256]
