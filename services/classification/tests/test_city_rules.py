"""The city as one set is judged as its entities are one by one, to the last bit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import nan

import numpy as np
import pytest
from classification_service.model.city import NO_DAY_KNOWN, Label, Standing
from classification_service.model.intervention import Intervention, InterventionKind
from classification_service.model.judgement import Head
from classification_service.model.risk_model import Aspect, Catalogue, Dimension, Kind, RiskModel
from classification_service.model.risk_model import Part as Side
from classification_service.rules import totals
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.columns import Columns, by_indicator
from classification_service.rules.inspecting import Judged, Words
from classification_service.rules.judging import Given, judge_again
from classification_service.rules.judging_city import Run, announced, judged_anew, one_by_one, values_of
from classification_service.rules.scoring import Dense, Scorer, Subjects
from classification_service.rules.verdicts import PLACES, verdicts
from classification_service.rules.what_if import Part, compared, cuts_at, draft_of
from vocabulary.industries import Sector
from vocabulary.sparse_values import ENTRY, pack

DAY = 20_600
MANY = 600


def weighed(general: RiskModel, seed: int, **fields: object) -> RiskModel:
    """The general model with other weights."""
    random = np.random.default_rng(seed)
    chosen = fields.pop("items", general.items)
    items = tuple(replace(item, weight=round(float(random.uniform(0.2, 2.0)), 2)) for item in chosen)
    return replace(general, **{"version": 2, "items": items, "sha256": f"{seed:064x}", **fields})


def sets(general: RiskModel, catalogue: Catalogue, seed: int) -> ScorerSet:
    """A general model, one for individual businesses, and one of a sector that takes the general class in."""
    individual = weighed(general, seed + 1, kind=Kind.INDIVIDUAL, code="individual", items=general.items[:9])
    sector = weighed(
        general,
        seed + 2,
        kind=Kind.SECTOR,
        code="price",
        sector="price",
        member=general.items[9].indicator,
        items=general.items[4:14],
    )
    return ScorerSet([Scorer(each, catalogue) for each in (weighed(general, seed), individual, sector)])


def city(catalogue: Catalogue, seed: int) -> tuple[Standing, np.ndarray]:
    """Entities as they may stand, and their values side by side."""
    random = np.random.default_rng(seed)
    width = len(catalogue.indicators)
    values = np.where(random.random((MANY, width)) < 0.15, random.integers(0, 9, (MANY, width)), 0)
    values = np.where(random.random((MANY, width)) < 0.02, nan, values).astype(np.float32)
    packed = pack(values)
    labels = [
        Label(override, "510104", "H62", "1100", status, model, "a" * 12)
        for override in ("", "serious_listing", "retired_code")
        for status in ("active", "suspended", "cancelled", "revoked")
        for model in ("general@1", "general@2")
    ]
    standing = Standing(
        usccs=np.array([f"91510104YY{number:08d}" for number in range(MANY)], "S18"),
        profile_version=random.integers(1, 9, MANY),
        score=random.integers(0, 1000, MANY).astype(np.float64),
        risk_class=random.integers(1, 5, MANY).astype(np.int8),
        flags=random.choice([0, 1, 2, 4, 8], MANY).astype(np.int16),
        decision_number=random.integers(1, 9, MANY).astype(np.int32),
        change_number=random.integers(1, 5, MANY).astype(np.int32),
        sectors=np.zeros(MANY, np.int32),
        business_day=random.choice([DAY - 30, DAY, DAY + 1], MANY, p=[0.6, 0.3, 0.1]).astype(np.int32),
        established_on=np.where(random.random(MANY) < 0.1, NO_DAY_KNOWN, DAY - random.integers(1, 900, MANY)),
        recorded_at_us=np.full(MANY, 10**15),
        catalogue_version=np.full(MANY, catalogue.version),
        label=random.integers(0, len(labels), MANY).astype(np.int32),
        labels=labels,
        counts=np.array([len(each) // ENTRY.itemsize for each in packed]),
        packed=b"".join(packed),
        places=np.zeros(MANY, "V6"),
    )
    return standing, values


@pytest.mark.parametrize("seed", range(12))
def test_scores_without_points_are_those_with_points(
    general: RiskModel, catalogue: Catalogue, seed: int
) -> None:
    """A what-if that is off by one entity would be argued about for a week."""
    scorers = sets(general, catalogue, seed)
    standing, values = city(catalogue, seed)
    random = np.random.default_rng(seed)
    subjects = Subjects(random.integers(-5, 800, MANY).astype(np.float64), DAY)
    people = {
        3: [Intervention(1, "", InterventionKind.MANUAL, risk_class=2)],
        7: [Intervention(2, "", InterventionKind.RESTING, indicator=general.items[5].indicator)],
        **{
            row: [Intervention(3, "", InterventionKind.RESTING, indicator=item.indicator, share=1.0)]
            for row, item in enumerate(general.items, start=8)
        },
    }
    columns = Columns(MANY, dict(enumerate(np.ascontiguousarray(values.T))))

    plain = verdicts(scorers, Dense(values), subjects, people)
    for kept in (values_of(standing, values.shape[1]), columns):
        quick = verdicts(scorers, kept, subjects, people, score=totals.score)

        for name in ("score", "score_class", "risk_class", "flags", "deciding", "model", "sectors"):
            np.testing.assert_array_equal(getattr(quick, name), getattr(plain, name), name)


def test_dimensions_cut_off_what_they_have_too_much_of(general: RiskModel, catalogue: Catalogue) -> None:
    """Full marks that are not whole are summed item by item, so that no rounding differs."""

    _, values = city(catalogue, 1)
    for full in (80.0, 33.3):
        dimensions = (Dimension("all", "", "", full, Side.DYNAMIC, Aspect.CREDIT),)
        items = tuple(replace(item, dimension="all") for item in general.items)
        scorer = Scorer(replace(general, dimensions=dimensions, items=items), catalogue)
        subjects = Subjects(np.full(MANY, 2000.0), DAY)

        quick, plain = totals.score(scorer, Dense(values), subjects), scorer.score(Dense(values), subjects)

        np.testing.assert_array_equal(quick.score, plain.score)


@pytest.mark.parametrize("seed", range(8))
def test_a_chunk_judged_anew_is_what_its_entities_are_judged_again_to(
    general: RiskModel, catalogue: Catalogue, seed: int
) -> None:
    """States, decisions and events of a run are those that judging one by one would give."""
    scorers = sets(general, catalogue, seed)
    standing, _ = city(catalogue, seed)
    run = Run(DAY, 5, scorers, {})

    anew = judged_anew(standing, values_of(standing, scorers.width), run)

    changes, heads = one_by_one(standing, np.flatnonzero(anew.judged).tolist(), DAY)
    expected = judge_again(Given(changes, heads, scorers), decided_at_ms=5)
    every = np.ones(MANY, bool)
    after = {each.uscc: each.head for each in announced(standing, anew, every)}
    codes = [uscc.decode() for uscc in standing.usccs.tolist()]
    assert {codes[row]: after[codes[row]] for row in np.flatnonzero(anew.moved)} == expected.heads
    decided = {changes[each.row].uscc for each in expected.decided}
    assert {codes[row] for row in np.flatnonzero(anew.decided)} == decided
    assert announced(standing, anew, anew.announced) == expected.announced
    assert len(decided) > MANY / 4


def test_what_is_over_by_the_day_of_the_run_judges_nobody(general: RiskModel, catalogue: Catalogue) -> None:
    """A run for a later day comes before anybody ended what will be over by then."""
    standing, _ = city(catalogue, 3)
    codes = [uscc.decode() for uscc in standing.usccs.tolist()]
    over, lasts = (
        Intervention(number, codes[0], InterventionKind.MANUAL, 3, last_day=DAY + number) for number in (1, 2)
    )

    applied = [
        judged_anew(
            standing,
            values_of(standing, len(catalogue.indicators)),
            Run(DAY + 2, 5, sets(general, catalogue, 3), {codes[0]: [each]}),
        ).verdicts.interventions
        for each in (over, lasts)
    ]

    assert applied == [{}, {0: (2,)}]


def test_what_is_not_kept_is_left_as_it_is(general: RiskModel, catalogue: Catalogue) -> None:
    """States of before the values were kept are judged when profiling tells them anew, and not as if all were zero."""
    standing, _ = city(catalogue, 3)
    counts = standing.counts.copy()
    kept = standing.packed[int(counts[0]) * ENTRY.itemsize :]
    counts[0] = -1
    without = replace(standing, counts=counts, packed=kept)
    run = Run(DAY + 2, 5, sets(general, catalogue, 3), {})

    anew = judged_anew(without, values_of(without, run.scorers.width), run)
    other = judged_anew(standing, values_of(standing, run.scorers.width), run)

    assert not anew.moved[0]
    np.testing.assert_array_equal(anew.score[1:], other.score[1:])


def test_values_that_do_not_fit_are_refused() -> None:
    """A shift by one entity would be silent otherwise."""
    entries = np.array([(0, 1.0), (9, 2.0)], ENTRY)

    with pytest.raises(ValueError, match="2 values are not 3"):
        by_indicator(entries.tobytes(), np.array([2, 1]), 10)
    with pytest.raises(ValueError, match="of 9 indicators"):
        by_indicator(entries.tobytes(), np.array([1, 1]), 9)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_what_if_counts_what_the_scorer_gives(general: RiskModel, catalogue: Catalogue, kind: Kind) -> None:
    """Matrix, groups and movers come of the same classes that a decision would have."""
    live = sets(general, catalogue, 4)
    draft = (
        next(each.model for each in live.whole if each.model.kind is kind)
        if kind is not Kind.SECTOR
        else None
    )
    model = draft or next(iter(live.sectors.values())).model
    standing, values = city(catalogue, 5)
    part = part_of(standing, values)
    other = weighed(model, 99, kind=model.kind, code=model.code, sector=model.sector, member=model.member)
    draft = draft_of(live, other, catalogue)

    found = compared(part, draft)

    now, plain = (
        verdicts(each, Dense(values), Subjects(part.age_days, DAY)) for each in (live, draft.scorers)
    )
    before, expected = (
        each.risk_class if kind is not Kind.SECTOR else each.sectors >> PLACES[Sector.PRICE] & 7
        for each in (now, plain)
    )
    np.testing.assert_array_equal(found.before, before)
    np.testing.assert_array_equal(found.after, expected)
    assert (before != expected).any()
    sector_now, sector_then = (each.sectors >> PLACES[Sector.PRICE] & 7 for each in (now, plain))
    population = np.array(
        [standing.labels[each].status not in ("cancelled", "revoked") for each in standing.label]
    )
    members = population & ((sector_now > 0) | (sector_then > 0))
    expected_cells = np.bincount((sector_now * 5 + sector_then)[members], minlength=25).reshape(5, 5)
    np.testing.assert_array_equal(found.moves.by_sector["price"], expected_cells)
    counted = population & ((found.before > 0) | (expected > 0))
    assert found.moves.all.sum() == counted.sum()
    np.testing.assert_array_equal(found.moves.all.sum(axis=0), np.bincount(expected[counted], minlength=5))
    np.testing.assert_array_equal(sum(found.moves.by_area.values()), found.moves.all)
    np.testing.assert_array_equal(sum(found.moves.by_section.values()), found.moves.all)


def part_of(standing: Standing, values: np.ndarray) -> Part:
    """The entities as a snapshot has them."""
    return Part(
        values=Columns(MANY, dict(enumerate(np.ascontiguousarray(values.T)))),
        age_days=np.full(MANY, 1000.0),
        business_day=DAY,
        standing=Judged(
            standing.risk_class, standing.flags, standing.sectors, np.zeros(len(standing.usccs), bool)
        ),
        is_open=np.ones(len(standing.usccs), bool),
        area=Words(standing.label, standing.of_label("area_code")),
        industry=Words(standing.label, standing.of_label("industry")),
        status=Words(standing.label, standing.of_label("status")),
        interventions={},
    )


@pytest.mark.parametrize(
    ("counts", "expected"),
    [([10, 10, 10, 10, 10, 10, 10, 10, 10, 10], (3, 6, 8)), ([90, 1, 1, 1, 1, 1, 1, 1, 1, 2], (0, 1, 2))],
)
def test_shares_become_cuts_below_which_no_more_are(counts: Sequence[int], expected: tuple[int, ...]) -> None:
    """Where too many have the same score, the cuts still rise."""
    assert cuts_at((0.4, 0.7, 0.9), np.array(counts), 0.0) == expected


def test_a_city_of_one_score_cannot_be_cut() -> None:
    """Better no draft than one that calls everybody the same."""
    with pytest.raises(ValueError, match="cut in four"):
        cuts_at((0.4, 0.7, 0.9), np.array([0, 0, 9]), 0.0)


def test_a_head_is_read_back_as_it_is(general: RiskModel, catalogue: Catalogue) -> None:
    """What people decided about is judged one by one, from the same arrays."""
    standing, _ = city(catalogue, 6)
    row = int(np.flatnonzero(standing.business_day <= DAY)[0])

    changes, heads = one_by_one(standing, [row], DAY)

    assert changes[0].cause == f"monthly-run|{date(2026, 5, 27)}"
    assert isinstance(heads[changes[0].uscc], Head)
    assert len(changes[0].values) == standing.counts[row] * ENTRY.itemsize
