"""The general model says what law and policy ask, and its own labels say what is our choice."""

from collections.abc import Callable
from datetime import date

import pytest
from classification_service.model.judgement import IndicatorsChanged, Scores
from classification_service.model.risk_model import Catalogue, Flag, Promotion, RiskClass, RiskModel
from classification_service.rules.choosing import Scorers
from classification_service.rules.judging import age_days_of
from classification_service.rules.reading import canonical, overlaps, sha256_of
from classification_service.rules.scoring import Dense, Scorer, Subjects
from vocabulary.industries import Sector
from vocabulary.sparse_values import unpack


def scored(scorer: Scorer, changes: list[IndicatorsChanged]) -> Scores:
    values = unpack([change.values for change in changes], scorer.width)
    return scorer.score(Dense(values), Subjects(age_days_of(changes), 20_600))


CLASSES = {
    "an honest firm of eight years": ({}, "A"),
    "a firm of which nothing is known": (
        {"base_age_years": None, "base_capital_wan": None, "established_on_day": None}
        | {"relation_entities_of_person": None, "relation_entities_at_address": None},
        "A",
    ),
    "one ordinary penalty": (
        {"regulatory_penalties_12m": 1, "regulatory_penalties_36m": 1, "regulatory_penalty_amount_36m": 0.5},
        "B",
    ),
    "one missed annual report": ({"dynamic_annual_reports_missed_36m": 1}, "B"),
    "complaints of which one is upheld": (
        {"social_complaints_12m": 2, "social_complaints_upheld_12m": 1},
        "B",
    ),
    "three penalties in a year": (
        {"regulatory_penalties_12m": 3, "regulatory_penalties_36m": 3, "regulatory_penalty_amount_36m": 3},
        "C",
    ),
    "two heavy penalties and complaints": (
        {"regulatory_penalties_12m": 2, "regulatory_penalties_36m": 3, "regulatory_heavy_penalties_36m": 2}
        | {
            "regulatory_penalty_amount_36m": 30,
            "social_complaints_12m": 4,
            "social_complaints_upheld_12m": 2,
        },
        "D",
    ),
    "on the abnormal list": ({"regulatory_abnormal_listed_now": 1}, "C"),
    "on the serious-violation list": ({"regulatory_serious_listed_now": 1}, "D"),
    "on both lists": ({"regulatory_serious_listed_now": 1, "regulatory_abnormal_listed_now": 1}, "D"),
    "licence revoked": ({"regulatory_revoked_now": 1}, "C"),
    "established half a year ago": ({"established_on_day": 20_600 - 180, "base_age_years": 0.5}, "B"),
    "new, with penalties": (
        {"established_on_day": 20_600 - 180, "base_age_years": 0.5, "regulatory_penalties_36m": 5},
        "B",
    ),
    "new, on the serious-violation list": (
        {"established_on_day": 20_600 - 180, "regulatory_serious_listed_now": 1},
        "D",
    ),
}


@pytest.mark.parametrize("model_id", ["general@1", "general@2"])
@pytest.mark.parametrize("who", CLASSES)
def test_the_general_model_puts_each_kind_of_entity_where_it_belongs(
    who: str,
    model_id: str,
    change: Callable[..., IndicatorsChanged],
    shipped: list[RiskModel],
    catalogue: Catalogue,
) -> None:
    """These are the promises of the model's file; a change of weights must keep them."""
    given, expected = CLASSES[who]
    model = next(each for each in shipped if each.id == model_id)

    scores = scored(Scorer(model, catalogue), [change(**given)])

    assert RiskClass(int(scores.risk_class[0])).name == expected


SIGNALS = {
    "honoured": ({"social_awards_now": 1}, -1),
    "honoured, but penalised": ({"social_awards_now": 1, "regulatory_penalties_36m": 1}, 0),
    "certified": ({"social_certifications_now": 2}, -1),
    "certified, one withdrawn": (
        {"social_certifications_now": 1, "social_certifications_withdrawn_24m": 1},
        0,
    ),
    "commitment kept": ({"social_commitments_now": 1, "regulatory_inspections_clean_24m": 1}, -1),
    "commitment nobody has tested": ({"social_commitments_now": 1}, 0),
    "commitment breached": ({"social_commitments_breached_36m": 1}, 1),
    "a branch of a risky head": ({"base_is_branch": 1, "relation_risky_head": 1}, 1),
    "all that is good": (
        {"social_awards_now": 1, "social_certifications_now": 1}
        | {"social_commitments_now": 1, "regulatory_inspections_clean_24m": 1},
        -1,
    ),
}


@pytest.mark.parametrize("who", SIGNALS)
def test_a_signal_moves_the_class_by_one_step(
    who: str, change: Callable[..., IndicatorsChanged], second: Scorer
) -> None:
    """正向调整信号 raise a step, breaches cost one; several of them do not add up."""
    given, steps = SIGNALS[who]
    missed = {"dynamic_annual_reports_missed_36m": 1}

    scores = scored(second, [change(**given | missed)])

    assert int(scores.risk_class[0]) - int(scores.score_class[0]) == steps


@pytest.mark.parametrize("listing", ["regulatory_serious_listed_now", "regulatory_judgment_defaulter_now"])
def test_no_signal_gets_past_an_override(
    listing: str, change: Callable[..., IndicatorsChanged], second: Scorer
) -> None:
    """An honour does not outshine the serious-violation list."""
    scores = scored(second, [change(**{listing: 1}, social_awards_now=1, social_certifications_now=1)])

    assert RiskClass(int(scores.risk_class[0])) is RiskClass.D


@pytest.fixture
def second(shipped: list[RiskModel], catalogue: Catalogue) -> Scorer:
    """The scorer of the general model of the whole catalogue."""
    return Scorer(next(each for each in shipped if each.id == "general@2"), catalogue)


def test_each_sector_has_a_model_in_force_and_the_general_kinds_too(
    shipped: list[RiskModel], catalogue: Catalogue
) -> None:
    """All eight sectors of the city, and individual businesses apart."""
    promotions = [
        Promotion(number, model.id, (model.valid_from - date(1970, 1, 1)).days)
        for number, model in enumerate(shipped, start=1)
    ]

    in_force = Scorers(shipped, promotions, catalogue).on((date(2026, 11, 26) - date(1970, 1, 1)).days)

    assert set(in_force.sectors) == set(Sector)
    assert [model.id for model in in_force.models[:3]] == ["general@2", "individual@1", "food_production@3"]


@pytest.mark.parametrize(
    ("day", "version", "highest", "most"),
    [(date(2020, 1, 1), 1, 100, None), (date(2024, 1, 1), 2, 120, 20), (date(2026, 11, 26), 3, 100, 20)],
)
def test_food_has_each_published_shape_in_its_time(
    day: date, version: int, highest: float, most: float | None, shipped: list[RiskModel]
) -> None:
    """40 + 60, then 100 + 20, then 40 + 40 + 20."""
    on = [each for each in shipped if each.code == "food_production" and each.valid_from <= day]

    model = max(on, key=lambda each: each.version)

    assert (model.version, model.highest) == (version, highest)
    assert (model.coupling and max(model.coupling.points)) == most


def test_what_is_shipped_stands_side_by_side(shipped: list[RiskModel]) -> None:
    """No version's days overlap an earlier one's, and all say where they are from."""
    problems = [
        problem
        for model in shipped
        for problem in overlaps(model, [each for each in shipped if each.version < model.version])
    ]

    assert problems == []
    assert all(rule.citation and rule.confidence for model in shipped for rule in model.adjustments)
    assert all(model.definition["weights"]["confidence"] == "project-chosen" for model in shipped)


def test_an_individual_business_is_not_judged_by_its_annual_reports(
    change: Callable[..., IndicatorsChanged], shipped: list[RiskModel], catalogue: Catalogue
) -> None:
    """It may publish little; what it costs is the mark."""
    model = next(each for each in shipped if each.id == "individual@1")
    missed = change(dynamic_annual_reports_missed_36m=3, dynamic_annual_reports_late_36m=2)
    marked = change(regulatory_individual_marked_now=1)

    scores = scored(Scorer(model, catalogue), [missed, marked])

    assert [RiskClass(int(each)).name for each in scores.risk_class] == ["A", "B"]


def test_the_observation_year_ends_after_365_days(
    change: Callable[..., IndicatorsChanged], scorer: Scorer
) -> None:
    """The flag must not stay for ever: the daily run re-judges the entity."""
    changes = [change(established_on_day=20_600 - days) for days in (364, 365)]

    scores = scored(scorer, changes)

    assert [bool(flags & Flag.OBSERVED) for flags in scores.flags] == [True, False]


def test_a_suspended_firm_is_not_judged_by_its_address(
    change: Callable[..., IndicatorsChanged], scorer: Scorer
) -> None:
    """During suspension an address for legal documents may stand in for the premises."""
    crowded = change(relation_entities_at_address=200)
    suspended = change(relation_entities_at_address=200, dynamic_suspended_now=1)

    scores = scored(scorer, [crowded, suspended])

    assert scores.score[0] - scores.score[1] == 80
    assert scores.flags.tolist() == [0, Flag.SUSPENDED]


def test_key_supervision_by_law_follows_the_serious_list(
    change: Callable[..., IndicatorsChanged], scorer: Scorer
) -> None:
    """A listed party is a key supervision object by order 44, whatever its score."""
    changes = [change(regulatory_serious_listed_now=1)]

    scores = scored(scorer, changes)

    assert scores.flags[0] & Flag.KEY_SUPERVISION
    assert scores.score_class[0] == RiskClass.A


def test_every_adjustment_has_a_citation_and_a_confidence(general: RiskModel) -> None:
    """What we chose ourselves must say so."""
    assert all(rule.citation and rule.confidence for rule in general.adjustments)
    assert general.definition["weights"]["confidence"] == "project-chosen"


def test_the_hash_does_not_depend_on_the_order_of_keys(general: RiskModel) -> None:
    """The canonical form, not the file's layout, is what was approved."""
    turned = dict(reversed(general.definition.items()))

    assert sha256_of(turned) == general.sha256
    assert canonical(turned) == canonical(general.definition)
