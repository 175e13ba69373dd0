"""What a draft is charged with is what it does itself; its visits are those that the plan would draw."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from classification_service.model.risk_model import Catalogue, Flag, Kind, RiskModel
from classification_service.model.what_if import STRATA, Ratio
from classification_service.rules.back_testing import Control, back_tested
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.columns import by_indicator
from classification_service.rules.inspecting import Judged, Words, load_of, visits
from classification_service.rules.scoring import Dense, Scorer, Subjects
from classification_service.rules.verdicts import PLACES, verdicts
from classification_service.rules.what_if import Part, compared, draft_of
from classification_service.store import packs
from classification_service.store.city import in_place
from vocabulary.industries import Sector
from vocabulary.sparse_values import ENTRY, pack

DAY = 20_600
MANY = 400
PLAN = Path(__file__).parents[2] / "sampling/src/sampling_service/packs/plans/2026.yaml"


@pytest.fixture
def live(general: RiskModel, catalogue: Catalogue) -> ScorerSet:
    """A general model, and one of a sector on a scale of 100 that the general class is part of."""
    shipped = {model.code: model for model in packs.shipped_models(catalogue)}
    return ScorerSet([Scorer(each, catalogue) for each in (general, shipped["food_production"])])


@pytest.fixture
def part(catalogue: Catalogue) -> Part:
    """Entities as they stand since long ago, half of them members of the sector."""
    random = np.random.default_rng(7)
    width = len(catalogue.indicators)
    values = np.where(random.random((MANY, width)) < 0.15, random.integers(0, 9, (MANY, width)), 0)
    values = values.astype(np.float32)
    values[:, catalogue.positions["food_production.member"]] = np.arange(MANY) % 2
    classes = random.integers(1, 5, MANY).astype(np.int8)
    standing = Judged(classes, np.zeros(MANY, np.int16), np.zeros(MANY, np.int32), np.zeros(MANY, bool))
    one = np.zeros(MANY, np.int32)
    return Part(
        values=Dense(values),
        age_days=np.full(MANY, 1000.0),
        business_day=DAY,
        standing=standing,
        is_open=np.ones(MANY, bool),
        area=Words(one, ["510104"]),
        industry=Words(one, ["H62"]),
        status=Words(one, ["active"]),
        interventions={},
    )


def test_the_model_in_force_tried_as_its_own_draft_moves_nobody(
    part: Part, live: ScorerSet, catalogue: Catalogue
) -> None:
    """Who was not judged since a promotion moves with the next run, whatever is tried; it is said apart."""
    found = compared(part, draft_of(live, live.general.model, catalogue))

    np.testing.assert_array_equal(found.before, found.after)
    np.testing.assert_array_equal(found.score_before, found.score_after)
    assert found.moves.anyway == (found.before != part.standing.risk_class).sum() > 0


def test_whom_a_run_would_leave_a_draft_leaves_as_they_are(
    part: Part, live: ScorerSet, catalogue: Catalogue
) -> None:
    """Their values are not kept, or are of another catalogue: read as zero or unknown they would seem to move."""
    closed = replace(part, is_open=np.arange(MANY) >= 10)
    draft = replace(live.general.model, base=live.general.model.base + 300)

    found = compared(closed, draft_of(live, draft, catalogue))

    np.testing.assert_array_equal(found.before[:10], part.standing.risk_class[:10])
    np.testing.assert_array_equal(found.after[:10], part.standing.risk_class[:10])
    assert (found.before != found.after)[10:].any()
    assert found.moves.left == 10


def test_a_general_draft_says_what_it_does_to_sectors(
    part: Part, live: ScorerSet, catalogue: Catalogue
) -> None:
    """Up to 20 points of a sector's score are those of the general class: a run would tell everyone."""
    draft = draft_of(live, replace(live.general.model, base=live.general.model.base + 300), catalogue)

    found = compared(part, draft)

    place = PLACES[Sector.FOOD_PRODUCTION]
    sides = [
        verdicts(each, part.values, Subjects(part.age_days, DAY)).sectors >> place & 7
        for each in (live, draft.scorers)
    ]
    cells = np.bincount((sides[0] * 5 + sides[1])[sides[0] > 0], minlength=25).reshape(5, 5)
    np.testing.assert_array_equal(found.moves.by_sector["food_production"], cells)
    assert (sides[0] != sides[1]).any()


def test_a_sectors_draft_is_compared_on_the_sectors_own_scale(
    part: Part, live: ScorerSet, catalogue: Catalogue
) -> None:
    """A general score of up to 1000 beside a sector's of up to 100 would be no comparison."""
    model = live.sectors[Sector.FOOD_PRODUCTION].model
    item = replace(model.items[0], weight=model.items[0].weight * 3)
    draft = draft_of(live, replace(model, items=(item, *model.items[1:])), catalogue)

    found = compared(part, draft)

    rows, now = verdicts(live, part.values, Subjects(part.age_days, DAY)).sector_scores["food_production"]
    _, then = verdicts(draft.scorers, part.values, Subjects(part.age_days, DAY)).sector_scores[
        "food_production"
    ]
    np.testing.assert_array_equal(found.score_before[rows], now.score)
    np.testing.assert_array_equal(found.score_after[rows], then.score)
    np.testing.assert_array_equal(found.before[rows], now.risk_class)
    assert found.counted.sum() == len(rows) == MANY / 2


@pytest.mark.parametrize("kind", [Kind.GENERAL, Kind.SECTOR])
def test_a_back_test_is_by_the_class_that_the_draft_gives(
    part: Part, live: ScorerSet, catalogue: Catalogue, kind: Kind
) -> None:
    """A sector's draft judged by everybody's general class would always look as good as the model in force."""
    scorer = live.general if kind is Kind.GENERAL else live.sectors[Sector.FOOD_PRODUCTION]
    draft = draft_of(live, scorer.model, catalogue)
    made = verdicts(draft.scorers, part.values, Subjects(part.age_days, DAY))
    problem = np.arange(MANY) % 3 == 0
    control = Control(part.values, part.age_days, np.full(MANY, DAY), made.risk_class, made.sectors, problem)

    found = back_tested(control, draft)

    sector = made.sectors >> PLACES[Sector.FOOD_PRODUCTION] & 7
    expected = made.risk_class if kind is Kind.GENERAL else sector
    assert found["now"] == found["then"]
    assert [valid for valid, _ in found["then"].values()] == np.bincount(expected, minlength=5)[1:].tolist()
    assert sum(bad for _, bad in found["then"].values()) == problem[expected > 0].sum()


def test_without_results_nothing_is_back_tested(part: Part, live: ScorerSet, catalogue: Catalogue) -> None:
    """No rate is better than one of nothing."""
    nobody = np.zeros(0, np.int64)
    empty = by_indicator(b"", nobody, len(catalogue.indicators))

    found = back_tested(
        Control(empty, np.zeros(0), nobody, nobody, nobody, np.zeros(0, bool)),
        draft_of(live, live.general.model, catalogue),
    )

    assert found == {}


def test_visits_are_those_of_the_strata_that_sampling_draws() -> None:
    """Key supervision comes first; a score alone lifts nobody in the first year; who is suspended is not visited."""
    key, observed = int(Flag.KEY_SUPERVISION), int(Flag.OBSERVED)
    flags = np.array([0, 0, 0, 0, observed, observed, observed, key | observed, 0, 0], np.int16)
    classes = np.array([1, 2, 3, 4, 2, 3, 4, 4, 4, 4], np.int8)
    overridden = np.array([0, 0, 0, 0, 0, 0, 1, 1, 0, 0], bool)
    status = Words(np.array([0] * 8 + [1, 2]), ["active", "suspended", "cancelled"])

    found = visits(Judged(classes, flags, np.zeros(10, np.int32), overridden), status)

    assert dict(zip(STRATA, found.tolist(), strict=True)) == {
        "A": 1,
        "B": 2,
        "C": 1,
        "D": 2,
        "observed": 1,
        "key": 1,
    }


def test_who_wins_the_uniform_lot_is_visited_once() -> None:
    """3 % of everybody come first, and are the larger part of a city's visits."""
    ratios = {name: Ratio(0.5, "", "") for name in STRATA} | {"uniform": Ratio(0.03, "", "")}

    load = load_of(np.array([1000, 0, 0, 100, 0, 0]), ratios)

    assert load["uniform"] == 33.0
    assert (load["A"], load["D"], load["key"]) == (485.0, 48.5, 0.0)


def test_the_usual_shares_are_those_of_the_plan() -> None:
    """The load that a draft would bring is that of the plan that sampling ships."""
    plan = yaml.safe_load(PLAN.read_text(encoding="utf-8"))

    shares = {name: each.share for name, each in next(iter(packs.shipped_ratios().values())).items()}

    drawn = {name.removeprefix("class:"): float(each["ratio"]) for name, each in plan["ratios"].items()}
    del drawn["unclassified"]
    assert shares == drawn | {
        "uniform": float(plan["uniform"]["ratio"]),
        "observed": float(plan["ratios"][plan["observation_as"]["stratum"]]["ratio"]),
    }


@pytest.mark.parametrize("size", [0, 1, 300, 70_000])
def test_values_are_read_in_place_as_they_were_written(
    catalogue: Catalogue, tmp_path: Path, size: int
) -> None:
    """Rows are kept in one, two or four bytes, whatever a part's size needs."""
    random = np.random.default_rng(size)
    width = len(catalogue.indicators)
    values = np.where(random.random((min(size, 2000), width)) < 0.1, random.random(width), 0)
    packed = pack(np.vstack([values, np.zeros((size - len(values), width))]).astype(np.float32))
    counts = np.array([len(each) // ENTRY.itemsize for each in packed], np.int64)
    written = by_indicator(b"".join(packed), counts, width)
    path = tmp_path / "values-00000.arrow"
    path.write_bytes(in_place.content_of(written, list(catalogue.positions)))

    read = in_place.read(path)

    assert read.size == size
    for position in range(width):
        before, after = written.column(position), read.column(position)
        np.testing.assert_array_equal(before.rows, after.rows)
        np.testing.assert_array_equal(before.values, after.values)
