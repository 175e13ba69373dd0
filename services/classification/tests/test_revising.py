"""Learning from the service's own outcomes moves the live model as far as they say, to what can be loaded."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
import yaml
from classification_service.check import check
from classification_service.errors import NothingToStartFrom, TooLittleToLearn
from classification_service.learn.report import report_of
from classification_service.learn.telling import told
from classification_service.model.learning import Sample
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.rules.evaluating.ranking import auc, weighted_auc, weighted_gain
from classification_service.rules.learning.proposing import Proposal, propose
from classification_service.rules.learning.redrafting import Heading, redrafted
from classification_service.rules.learning.revising import Revision, revise, scored
from classification_service.rules.learning.steps import steps_of
from classification_service.rules.reading import model_of
from classification_service.rules.scoring import Dense, Scorer, Subjects
from hypothesis import given, settings
from hypothesis import strategies as st

FIRST = 20_400
PENALTIES, COMPLAINTS = "regulatory.penalties_36m", "social.complaints_12m"


def heading(penalty: float = 10.0, visits: int = 0) -> Heading:
    return Heading(90, date(2027, 1, 1), "learner", f"strength {penalty:g}, {visits} visits")


@pytest.fixture(scope="module")
def live(shipped: list[RiskModel]) -> RiskModel:
    """The newest general model."""
    return max((model for model in shipped if model.code == "general"), key=lambda model: model.version)


def drawn(catalogue: Catalogue, worth: Mapping[str, float], *, visits: int = 3000, seed: int = 3) -> Sample:
    """Visits of entities with penalties and complaints at random, where each is worth so many log-odds."""
    generator = np.random.default_rng(seed)
    values = np.zeros((visits, len(catalogue.indicators)))
    logits = np.full(visits, -2.0)
    for code, each in worth.items():
        counts = generator.poisson(0.5, visits)
        values[:, catalogue.positions[code]] = counts
        logits += each * np.minimum(counts, 3)
    found = (generator.random(visits) < 1 / (1 + np.exp(-logits))).astype(float)
    return Sample(
        days=FIRST + np.arange(visits) * 360 // visits,
        values=values,
        age_days=np.full(visits, 3000.0),
        found=found,
        weights=np.full(visits, 30.0),
        uniform=np.ones(visits, bool),
        inspectors=((),) * visits,
    )


def of(model: RiskModel, revision: Revision, code: str) -> list[float]:
    place = [item.indicator for item in model.items].index(code)
    return list(revision.points[place])


def test_points_move_to_what_the_outcomes_say(live: RiskModel, catalogue: Catalogue) -> None:
    """Complaints tell far more of problems here than the model thinks, beside penalties."""
    sample = drawn(catalogue, {PENALTIES: 0.3, COMPLAINTS: 1.2})
    was = of(live, Revision(tuple(_points(live)), 0.0, ()), COMPLAINTS)

    revised = revise(live, catalogue, sample, 3.0)

    now = of(live, revised, COMPLAINTS)
    assert now[1] - now[0] > 1.5 * (was[1] - was[0])


def _points(model: RiskModel) -> list[tuple[int, ...]]:
    return [tuple(int(each) for each in steps_of(item).points) for item in model.items]


def test_what_no_outcome_speaks_of_keeps_its_points(live: RiskModel, catalogue: Catalogue) -> None:
    """No visit was to an entity with an accident: it is not forgotten for that."""
    revised = revise(live, catalogue, drawn(catalogue, {PENALTIES: 0.6, COMPLAINTS: 0.4}), 10.0)

    assert of(live, revised, "regulatory.accidents_36m") == [0, 150, 250]
    assert of(live, revised, "regulatory.inspections_clean_24m") == [0, -15, -30]


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 100))
def test_steps_keep_the_direction_of_the_model(seed: int, live: RiskModel, catalogue: Catalogue) -> None:
    """Outcomes that speak against the trade move points to none, not beyond."""
    sample = drawn(catalogue, {PENALTIES: 0.9, COMPLAINTS: -0.4}, visits=800, seed=seed)

    revised = revise(live, catalogue, sample, 1.0)

    for was, now in zip(_points(live), revised.points, strict=True):
        rises, falls = (np.diff(was) >= 0).all(), (np.diff(was) <= 0).all()
        assert not rises or (np.diff(now) >= 0).all()
        assert not falls or (np.diff(now) <= 0).all()


def test_an_inspectors_strictness_is_not_taken_for_risk(live: RiskModel, catalogue: Catalogue) -> None:
    """The strict one was sent to whom people complain of; without knowing who came, complaints would seem worse."""
    sample = drawn(catalogue, {PENALTIES: 0.7, COMPLAINTS: 0.3}, visits=6000)
    complained = sample.values[:, catalogue.positions[COMPLAINTS]] > 0
    generator = np.random.default_rng(5)
    strict = generator.random(6000) < np.where(complained, 0.9, 0.1)
    found = np.where(strict & (generator.random(6000) < 0.4), 1.0, sample.found)
    sent = tuple(("strict", "other") if each else ("mild", "other") for each in strict)
    blind = replace(sample, found=found)

    unknown = of(live, revise(live, catalogue, blind, 3.0), COMPLAINTS)
    known = of(live, revise(live, catalogue, replace(blind, inspectors=sent), 3.0), COMPLAINTS)

    assert known[1] < 0.7 * unknown[1]


def test_a_visit_counts_for_all_who_might_have_been_drawn(live: RiskModel, catalogue: Catalogue) -> None:
    """Drawing the penalised ten times as often does not change what a penalty is worth; counting them alike would."""
    sample = drawn(catalogue, {PENALTIES: 0.5, COMPLAINTS: 0.5}, visits=8000)
    odds = np.where(sample.values[:, catalogue.positions[PENALTIES]] > 0, 1.0, 0.1)
    chosen = np.random.default_rng(6).random(8000) < odds
    some = replace(sample, weights=1 / odds).rows(chosen)

    everyone, weighed = (revise(live, catalogue, each, 3.0) for each in (sample, some))

    assert weighed.logit == pytest.approx(everyone.logit, rel=0.25)


def test_a_score_that_says_nothing_is_no_start(live: RiskModel, catalogue: Catalogue) -> None:
    with pytest.raises(NothingToStartFrom):
        revise(live, catalogue, drawn(catalogue, {PENALTIES: -0.5, COMPLAINTS: -0.5}), 10.0)


@pytest.fixture(scope="module")
def proposal(live: RiskModel, catalogue: Catalogue) -> Proposal:
    sample = drawn(catalogue, {PENALTIES: 0.2, COMPLAINTS: 1.2}, visits=4000)
    sent = tuple((f"officer-{row % 5}", "officer-9") for row in range(4000))
    return propose(live, catalogue, replace(sample, inspectors=sent), heading)


def test_the_draft_is_one_the_service_can_load(proposal: Proposal, live: RiskModel) -> None:
    """`creditloop model check` takes its text; only points, base and full marks are not the live model's."""
    text = yaml.safe_dump(proposal.document, allow_unicode=True, sort_keys=False)

    assert check(text)["model"] == "general@90"
    drafted, was = yaml.safe_load(text), live.definition
    assert "approver" not in drafted
    assert (drafted["overrides"], drafted["modifiers"], drafted["scale"]) == (
        *(was["overrides"], was["modifiers"], was["scale"]),
    )


def test_the_draft_gives_what_was_learned(proposal: Proposal, catalogue: Catalogue) -> None:
    """Point for point, by the service's own scorer."""
    model = model_of(proposal.document, catalogue)
    sample = proposal.sample

    points = (
        Scorer(model, catalogue).score(Dense(sample.values), Subjects(sample.age_days, sample.days)).points
    )

    place = [item.indicator for item in model.items].index(COMPLAINTS)
    counts = sample.values[:, catalogue.positions[COMPLAINTS]]
    told_points = of(proposal.model, proposal.revision, COMPLAINTS)
    assert points[counts == 1][:, 1 + place].tolist() == [told_points[1]] * int((counts == 1).sum())


def test_the_last_period_judges_and_has_no_part_in_choosing(
    proposal: Proposal, live: RiskModel, catalogue: Catalogue
) -> None:
    """Its outcomes turned round: the same choice, another judgement."""
    first = proposal.judged_by.first_day
    sample = proposal.sample
    turned = replace(sample, found=np.where(sample.days >= first, 1 - sample.found, sample.found))

    other = propose(live, catalogue, turned, heading)

    assert (other.penalty, other.chosen_by) == (proposal.penalty, proposal.chosen_by)
    assert proposal.is_better
    assert not other.is_better
    assert proposal.judged_by.live == pytest.approx(
        auc(scored(live, catalogue, proposal.judged).score, proposal.judged.found)
    )


def test_the_report_names_no_inspector_and_shows_what_changes(proposal: Proposal) -> None:
    page = report_of(proposal)

    assert "officer" not in page
    assert COMPLAINTS in page
    assert page.count("<svg") == 2
    assert told(proposal, "text")["inspectors"] == 6


def test_too_few_outcomes_teach_nothing(live: RiskModel, catalogue: Catalogue) -> None:
    with pytest.raises(TooLittleToLearn):
        propose(live, catalogue, drawn(catalogue, {PENALTIES: 0.5}, visits=150), heading)


def test_full_marks_that_items_no_longer_reach_go_elsewhere(
    shipped: list[RiskModel], catalogue: Catalogue
) -> None:
    """The whole scale stays given out, whatever was learned: else no draft of it could be loaded."""
    for live in (model for model in shipped if model.code in {"general", "individual"}):
        nothing = Revision(tuple((each[0],) * len(each) for each in _points(live)), 1.0, ())

        model = model_of(redrafted(live, nothing, heading()), catalogue)

        full = sum(each.full or 0 for each in model.dimensions)
        assert not model.dimensions or model.base + full == model.highest


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.integers(1, 4)), min_size=2, max_size=30))
def test_a_weight_is_as_many_alike_visits(rows: list[tuple[int, bool, int]]) -> None:
    score, found, weights = (np.array(each, float) for each in zip(*rows, strict=True))
    times = weights.astype(int)

    expected = auc(np.repeat(score, times), np.repeat(found, times))

    assert weighted_auc(score, found, weights) == pytest.approx(expected, nan_ok=True)
    assert weighted_gain(score, found, weights)[0][-1] == pytest.approx(1.0)
