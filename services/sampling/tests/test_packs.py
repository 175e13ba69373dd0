"""Packs: cited, dated, and never below what the law asks."""

import copy
from datetime import date

import pytest
from sampling_service.errors import InvalidPack, UnknownItem
from sampling_service.model.plans import Packs
from sampling_service.rules.packs import items_in_force, items_of, plan_of
from vocabulary.areas import areas

CONFIDENCE = {
    "regulation",
    "page",
    "code",
    "article",
    "memory-high",
    "memory-medium",
    "memory-low",
    "project-chosen",
}


def test_the_shipped_plan_says_where_each_number_comes_from(packs: Packs) -> None:
    """A number without a source is an invention."""
    document = packs.plans["plan-2026"].document
    rows = [document[name] for name in ("uniform", "observation_as", "annual_visit_cap", "due")]
    rows += list(document["ratios"].values())

    assert all(row["source"] and row["confidence"] in CONFIDENCE for row in rows)
    assert all(item.source and item.confidence in CONFIDENCE for item in packs.items.values())


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("uniform", "ratio"), "0.02"),
        (("ratios", "class:A", "ratio"), "0"),
        (("ratios", "class:D", "ratio"), "1.1"),
        (("ratios", "class:D", "ratio"), "many"),
        (("inspectors_per_visit", "inspectors"), 1),
        (("annual_visit_cap", "visits"), 0),
        (("observation_as", "stratum"), "class:Z"),
    ],
)
def test_a_plan_against_the_law_is_refused(packs: Packs, path: tuple[str, ...], value: object) -> None:
    """No class is exempt (不免抽), the control group is 3 %, two inspectors go."""
    document = copy.deepcopy(dict(packs.plans["plan-2026"].document))
    at = document
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = value

    with pytest.raises(InvalidPack):
        plan_of(document)


def test_an_item_counts_only_while_it_is_on_the_list(packs: Packs) -> None:
    """What is not published may not be inspected."""
    with pytest.raises(UnknownItem):
        items_in_force(("publicity",), packs.items, date(2010, 1, 1))

    assert items_in_force(("publicity",), packs.items, date(2026, 1, 1))[0].on_site


def test_an_item_twice_is_refused(packs: Packs) -> None:
    """Which of the two would hold?"""
    row = {"code": "a", "zh": "", "en": "", "kind": "key", "on_site": True, "valid_from": date(2020, 1, 1)}
    row |= {"source": "s", "confidence": "project-chosen"}

    with pytest.raises(InvalidPack):
        items_of({"items": [row, row]})


def test_every_area_has_neighbours_that_exist(packs: Packs) -> None:
    """Help must come from somewhere."""
    assert packs.neighbours.keys() == areas().keys()
    assert all(set(others) <= areas().keys() - {area} for area, others in packs.neighbours.items())
