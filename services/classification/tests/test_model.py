"""The general model says what law and policy ask, and its own labels say what is our choice."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from classification_service.errors import InvalidModel
from classification_service.model.judgement import IndicatorsChanged, Matrix
from classification_service.model.risk_model import Catalogue, Flag, RiskClass, RiskModel
from classification_service.rules.judging import age_days_of
from classification_service.rules.reading import canonical, model_of, sha256_of
from classification_service.rules.scoring import Scorer
from vocabulary.sparse_values import unpack


def dense(scorer: Scorer, changes: list[IndicatorsChanged]) -> Matrix:
    return unpack([change.values for change in changes], scorer.width)


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


@pytest.mark.parametrize("who", CLASSES)
def test_the_general_model_puts_each_kind_of_entity_where_it_belongs(
    who: str, change: Callable[..., IndicatorsChanged], scorer: Scorer
) -> None:
    """These are the promises of the model's file; a change of weights must keep them."""
    given, expected = CLASSES[who]
    changes = [change(**given)]

    scores = scorer.score(dense(scorer, changes), age_days_of(changes))

    assert RiskClass(int(scores.risk_class[0])).name == expected


def test_the_observation_year_ends_after_365_days(
    change: Callable[..., IndicatorsChanged], scorer: Scorer
) -> None:
    """The flag must not stay for ever: the daily run re-judges the entity."""
    changes = [change(established_on_day=20_600 - days) for days in (364, 365)]

    scores = scorer.score(dense(scorer, changes), age_days_of(changes))

    assert [bool(flags & Flag.OBSERVED) for flags in scores.flags] == [True, False]


def test_a_suspended_firm_is_not_judged_by_its_address(
    change: Callable[..., IndicatorsChanged], scorer: Scorer
) -> None:
    """During suspension an address for legal documents may stand in for the premises."""
    crowded = change(relation_entities_at_address=200)
    suspended = change(relation_entities_at_address=200, dynamic_suspended_now=1)

    scores = scorer.score(dense(scorer, [crowded, suspended]), np.array([3000.0, 3000.0]))

    assert scores.score[0] - scores.score[1] == 80
    assert scores.flags.tolist() == [0, Flag.SUSPENDED]


def test_key_supervision_by_law_follows_the_serious_list(
    change: Callable[..., IndicatorsChanged], scorer: Scorer
) -> None:
    """A listed party is a key supervision object by order 44, whatever its score."""
    changes = [change(regulatory_serious_listed_now=1)]

    scores = scorer.score(dense(scorer, changes), age_days_of(changes))

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


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("items", 0, "indicator"), "base.luck", "unknown indicator base.luck"),
        (("items", 1, "indicator"), "base.age_years", "base.age_years is used twice"),
        (("items", 0, "bins", "edges"), [3, 1, 5, 10], "base.age_years: its scale is not in order"),
        (("items", 0, "bins", "points"), [1], "base.age_years: its scale is not in order"),
        (("scale", "cuts", "B"), 100, "the cuts are not in order"),
        (("catalogue_version",), 3, "is made for catalogue 3, later than 2"),
        (("base",), 0.5, "the base is not a whole number"),
        (("items", 0, "missing"), {"policy": "mean"}, "names its points"),
        (("items", 0, "missing"), {"policy": "hope"}, "hope"),
        (("overrides", 0, "floor"), "E", "KeyError"),
        (("modifiers", 0, "flag"), "none", "a condition of age needs a flag"),
    ],
)
def test_a_model_that_contradicts_itself_is_refused(
    path: tuple[Any, ...], value: object, problem: str, general: RiskModel, catalogue: Catalogue
) -> None:
    """A wrong model would judge a whole city wrongly before anyone looks."""
    document = deepcopy(dict(general.definition))
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value

    with pytest.raises(InvalidModel, match=problem):
        model_of(document, catalogue)
