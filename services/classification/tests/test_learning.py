"""Learning sees nothing of the day or later, takes no strictness for risk, and teaches the same twice."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
import yaml
from classification_service.check import check
from classification_service.errors import InvalidModel, NothingToRank, TooLittleToLearn
from classification_service.model.learning import Choice, Context, Direction, Table, Visit
from classification_service.rules.evaluating.ranking import auc
from classification_service.rules.learning.applying import establishment_points, inspector_points
from classification_service.rules.learning.fitting import fit
from classification_service.rules.learning.reading import study_of
from classification_service.rules.learning.scorecard import scorecard_of
from classification_service.rules.learning.studying import Outcome, Window, conduct, day_of
from classification_service.rules.learning.tables import table_of
from hypothesis import given, settings
from hypothesis import strategies as st

DOCUMENT = yaml.safe_load(
    files("classification_service")
    .joinpath("packs", "learning", "chicago-1.yaml")
    .read_text(encoding="utf-8")
)
STUDY = study_of(DOCUMENT)
SMALL = replace(STUDY, bins=(5,), penalties=(10.0,), sets={"all": ()}, folds=1)
CHOICE = Choice(5, 10.0, "all")
FIRST = 15_000
NAN = float("nan")

findings = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 12))
sketches = st.tuples(
    st.integers(0, 12),
    st.sampled_from(["L1", "L2", "L3"]),
    st.sampled_from(["Z1", "Z2", ""]),
    st.sampled_from(["red", "blue", "", None]),
    findings,
)


def visit(
    number: int, day: int, licence: str, area: str, inspector: str | None, found: tuple[int, int, int]
) -> Visit:
    context = None if inspector is None else Context(inspector, "Restaurant", {"burglary_density": 3.0})
    return Visit(str(number), licence, FIRST + day, area, "Restaurant", 1.0, *found, context)


def made(rows: Sequence[tuple[int, str, str, str | None, tuple[int, int, int]]]) -> list[Visit]:
    return [visit(number, *row) for number, row in enumerate(rows)]


def known(table: Table, visit_id: str) -> tuple[bytes, bytes, bytes, float]:
    row = table.visit_ids.index(visit_id)
    return (
        table.values[row].tobytes(),
        table.strictness[row].tobytes(),
        table.shares[row].tobytes(),
        float(table.past[row]),
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(sketches, min_size=2, max_size=25), st.data())
def test_outcomes_of_the_day_or_later_change_nothing_known_before(
    rows: list[Any], data: st.DataObject
) -> None:
    """Whatever was found that day or later, found otherwise: not a bit of what is known of the visit moves."""
    visits = made(rows)
    watched = data.draw(st.sampled_from(visits))
    changed = [
        each._replace(critical=data.draw(st.integers(0, 3)), serious=5, minor=0)
        if each.day >= watched.day
        else each
        for each in visits
    ]
    if watched.context is None:
        return

    assert known(table_of(visits, STUDY), watched.visit_id) == known(
        table_of(changed, STUDY), watched.visit_id
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(sketches, min_size=2, max_size=25), st.data())
def test_visits_of_the_day_or_later_may_as_well_not_be(rows: list[Any], data: st.DataObject) -> None:
    """A visit planned for the same day is no news before it is made."""
    visits = made(rows)
    watched = data.draw(st.sampled_from(visits))
    if watched.context is None:
        return
    earlier = [each for each in visits if each.day < watched.day or each == watched]
    names = {each.context.inspector for each in earlier if each.context}
    kept = [each for each in visits if each.context is None or each.context.inspector in names]

    assert known(table_of(earlier, STUDY), watched.visit_id) == known(table_of(kept, STUDY), watched.visit_id)


def test_history_that_ends_hears_nothing_after_its_last_day() -> None:
    """An order for a whole period is made on its first day."""
    visits = made([(day, "L1", "Z1", "red", (day % 2, 0, 0)) for day in range(6)])

    ended, on_the_day = table_of(visits, STUDY, until=FIRST + 2), table_of(visits[:4], STUDY)

    assert ended.past.tolist() == [0, 0, 1, 1, 1, 1]
    assert known(ended, "3") == known(on_the_day, "3")


def city(generator: np.random.Generator, count: int, rates: dict[str, float]) -> list[Visit]:
    """Visits of a city where every establishment is as risky as its risk category says, each seen by one inspector."""
    visits = []
    names = sorted(rates)
    for number in range(count):
        place = int(generator.integers(0, count // 4))
        inspector = names[place % len(names)]
        risk = 1.0 + (place // len(names)) % 2
        rate = rates[inspector] * (1.5 if risk == 1.0 else 0.5)
        critical = int(generator.random() < rate)
        columns = {"burglary_density": float(generator.random()), "licence_age_years": NAN}
        visits.append(
            Visit(
                str(number),
                f"L{place}",
                FIRST + number * 720 // count,
                inspector,
                "Restaurant",
                risk,
                critical,
                int(generator.random() < 0.2),
                int(generator.integers(0, 5)),
                Context(inspector, "Restaurant", columns),
            )
        )
    return visits


@pytest.fixture(scope="module")
def visits() -> list[Visit]:
    """The inspector `strict` finds twice what `mild` finds, at establishments that are no worse."""
    return city(np.random.default_rng(11), 6000, {"mild": 0.15, "strict": 0.30})


@pytest.fixture(scope="module")
def table(visits: list[Visit]) -> Table:
    return table_of(visits, SMALL)


def test_strictness_is_not_taken_for_risk(table: Table) -> None:
    """Establishments of the inspector who finds twice as much score no higher; that it is he who comes, does."""
    learned = fit(table, SMALL, CHOICE)

    own, added = establishment_points(learned.card, table), inspector_points(learned.term, table)

    strict = table.who == table.inspectors.index("strict")
    spread = own.std()
    assert abs(own[strict].mean() - own[~strict].mean()) < 0.25 * spread
    assert added[strict].mean() - added[~strict].mean() > 0.5 * learned.card.per_logit
    assert auc(own + added, table.found) > auc(own, table.found)


def test_what_makes_a_difference_is_found(table: Table) -> None:
    """Three times the rate is more than one logit; shrinkage leaves most of it."""
    scales = {scale.code: scale for scale in fit(table, SMALL, CHOICE).card.scales}

    assert scales["risk_category"].points[0] - scales["risk_category"].points[-1] > 80
    assert scales["burglary_density"].points[-1] < 40


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000))
def test_points_follow_the_direction_imposed(seed: int) -> None:
    """Outcomes by lot, or against the trade's word: still no input bends its direction."""
    generator = np.random.default_rng(seed)
    table = table_of(city(generator, 600, {"a": 0.3, "b": 0.2}), SMALL)
    upset = replace(table, found=(generator.random(len(table.found)) < 0.3).astype(float))

    card = fit(upset, SMALL, CHOICE).card

    directions = {each.code: each.direction for each in SMALL.inputs}
    for scale in card.scales:
        steps = np.diff(scale.points)
        assert directions[scale.code] is not Direction.UP or (steps >= 0).all()
        assert directions[scale.code] is not Direction.DOWN or (steps <= 0).all()


def test_the_same_visits_teach_the_same(visits: list[Visit]) -> None:
    """In whatever order the file has them."""
    backwards = table_of(visits[::-1], SMALL)

    assert fit(backwards, SMALL, CHOICE) == fit(table_of(visits, SMALL), SMALL, CHOICE)


@pytest.fixture(scope="module")
def outcome(visits: list[Visit]) -> Outcome:
    return conduct(visits, SMALL, Window(day_of(FIRST + 500), day_of(FIRST + 501), day_of(FIRST + 720)))


def test_the_test_period_has_no_part_in_learning(visits: list[Visit], outcome: Outcome) -> None:
    """All its outcomes turned round teach the same scorecard, by the same choice."""
    turned = [
        each._replace(critical=int(not each.critical)) if each.day > FIRST + 500 else each for each in visits
    ]

    other = conduct(turned, SMALL, outcome.window)

    assert (other.learned, other.trials) == (outcome.learned, outcome.trials)


def test_a_later_period_may_bring_what_training_never_saw(visits: list[Visit], outcome: Outcome) -> None:
    """A new inspector, a new kind, a new area, a licence without number, columns left empty."""
    stranger = visits[-1]._replace(
        visit_id="new",
        licence="new",
        area="",
        kind="Rooftop apiary",
        risk=NAN,
        context=Context("nobody has met", "Apiary", {}),
    )

    later = conduct([*visits, stranger], SMALL, outcome.window)

    assert later.learned == outcome.learned
    assert np.isfinite([scores[-1] for scores in later.scores.values()]).all()


def test_the_scorecard_document_gives_the_points_that_were_learned(outcome: Outcome) -> None:
    """Read by hand, input by input."""
    document = scorecard_of(outcome)

    def points(row: int) -> int:
        total = document["base"]
        for each in document["inputs"]:
            value = outcome.test.values[row, outcome.test.codes.index(each["input"])]
            place = sum(value >= edge for edge in each["edges"])
            total += each["unknown"] if np.isnan(value) else each["points"][place]
        return total

    rows = range(0, len(outcome.test.found), 97)
    assert [points(row) for row in rows] == establishment_points(outcome.learned.card, outcome.test)[
        rows
    ].tolist()


def test_the_scorecard_document_says_that_it_is_no_model(outcome: Outcome) -> None:
    """Nobody should try to promote it: its inputs are no indicators that profiling tells."""
    text = yaml.safe_dump(dict(scorecard_of(outcome)), allow_unicode=True)

    assert "cannot load it" in text
    assert "次检查的分箱逻辑回归" in text
    assert "百分位分档" in text
    with pytest.raises(InvalidModel):
        check(text)


def test_too_little_is_said_to_be_too_little(visits: list[Visit]) -> None:
    with pytest.raises(TooLittleToLearn):
        conduct(visits[:50], SMALL, Window(day_of(FIRST), day_of(FIRST + 1), day_of(FIRST + 10)))


def test_a_period_without_visits_is_told(visits: list[Visit]) -> None:
    with pytest.raises(NothingToRank):
        conduct(visits, SMALL, Window(day_of(FIRST + 500), day_of(FIRST + 900), day_of(FIRST + 910)))


def test_more_inspectors_than_training_knew_are_judged_by_what_they_found_since(visits: list[Visit]) -> None:
    """Weights are fixed; a newcomer's strictness is learned as he works."""
    renamed = [
        each._replace(context=each.context._replace(inspector="newcomer"))
        if each.context and each.context.inspector == "strict" and each.day > FIRST + 500
        else each
        for each in visits
    ]

    table = table_of(renamed, SMALL)
    learned = fit(table.rows(table.days <= FIRST + 500), SMALL, CHOICE)

    late = (table.who == table.inspectors.index("newcomer")) & (table.days > FIRST + 650)
    mild = (table.who == table.inspectors.index("mild")) & (table.days > FIRST + 650)
    added = inspector_points(learned.term, table)
    assert added[late].mean() > added[mild].mean()


REFUSED: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("there twice", lambda document: document["inputs"].append(document["inputs"][0])),
    ("neither an input nor a dimension", lambda document: document["sets"].update(odd=["no_such"])),
    ("not in order", lambda document: document["inputs"][0].update(edges=[2, 1])),
    ("nothing to choose", lambda document: document.update(bins=[])),
    ("sideways", lambda document: document["inputs"][0].update(direction="sideways")),
    ("memory", lambda document: document.pop("memory")),
]


@pytest.mark.parametrize(("said", "change"), REFUSED, ids=[said for said, _ in REFUSED])
def test_a_study_that_contradicts_itself_is_refused(
    said: str, change: Callable[[dict[str, Any]], object]
) -> None:
    document = yaml.safe_load(yaml.safe_dump(DOCUMENT))
    change(document)

    with pytest.raises(InvalidModel, match=said):
        study_of(document)


def test_every_direction_is_given_a_reason() -> None:
    assert all(each.why and each.known and each.zh and each.en for each in STUDY.inputs)
