"""What would have to change: applied, it reaches what it promised, and nothing shorter does."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from classification_service.errors import InvalidModel
from classification_service.model.intervention import Intervention, InterventionKind
from classification_service.model.judgement import IndicatorsChanged
from classification_service.model.mending import Counterfactual, Mend
from classification_service.model.risk_model import Catalogue, RiskClass
from classification_service.rules.cases import Case
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.counterfactual import applied as made_with
from classification_service.rules.counterfactual import counterfactual
from classification_service.rules.counterfactual.ladders import ladders_of
from classification_service.rules.counterfactual.searching import AT_MOST, shortest
from classification_service.rules.reading import mends_of, model_of
from classification_service.rules.scoring import Scorer
from classification_service.store import packs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CODES = (
    "regulatory.penalties_36m",
    "regulatory.penalties_12m",
    "regulatory.orders_overdue",
    "regulatory.abnormal_listed_now",
    "social.commitments_now",
)
MOST = 4
"""Values run from 0 to this, so that every one can be tried."""
RISING = CODES[4]
MENDS = tuple(
    Mend(code, code == RISING, MOST if code == RISING else 0, "改", "mend", "ours", "x") for code in CODES
)


@pytest.fixture(scope="module")
def mends(catalogue: Catalogue) -> tuple[Mend, ...]:
    return packs.shipped_mends(catalogue)


def applied(case: Case, found: Counterfactual, catalogue: Catalogue) -> int:
    """The class with the changes made."""
    values = case.values.copy()
    for each in found.changes:
        values[0, catalogue.positions[each.indicator]] = each.becomes
    return int(case.judged(values).risk_class[0])


def test_a_repaired_penalty_and_the_class_it_gives(
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    shipped_set: ScorerSet,
    mends: Sequence[Mend],
    catalogue: Catalogue,
) -> None:
    """Staff tell the entity what to do; it must be worth doing."""
    case = case_of(change(regulatory_penalties_36m=1, regulatory_penalties_12m=1), shipped_set)

    found = counterfactual(case, mends, catalogue)

    assert (found.risk_class, found.target, found.reached) == ("B", "A", "A")
    assert [(each.indicator, each.was, each.becomes) for each in found.changes] == [
        ("regulatory.penalties_36m", 1, 0)
    ]
    assert found.sentence == "完成下列事项，可由B类升至A类：办理信用修复，近36个月行政处罚由1次减至0次。"
    assert found.sentence_en == "From B to A it takes: Have penalties of 36 months repaired: from 1 to 0."


def test_a_class_that_a_rule_raises_names_the_rule(
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    shipped_set: ScorerSet,
    mends: Sequence[Mend],
    catalogue: Catalogue,
) -> None:
    """The score stays above what the class allows: without the rule nobody would understand it."""
    troubled = change(
        regulatory_inspections_with_problems_24m=1,
        regulatory_problem_share_24m=0.5,
        regulatory_product_tests_failed_24m=2,
        social_certifications_now=0,
    )
    case = case_of(troubled, shipped_set)

    found = counterfactual(case, mends, catalogue)

    assert [each.indicator for each in found.changes] == ["social.certifications_now"]
    assert found.score > case.scorer.model.cuts[RiskClass[found.reached] - 1]
    assert [rule.code for rule in found.gained] == ["certified"]


def test_an_override_ends_before_anything_else_helps(
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    shipped_set: ScorerSet,
    mends: Sequence[Mend],
    catalogue: Catalogue,
) -> None:
    """On the serious list no payment of fines makes it C."""
    case = case_of(change(regulatory_serious_listed_now=1, regulatory_penalties_36m=1), shipped_set)

    found = counterfactual(case, mends, catalogue)

    assert [each.indicator for each in found.changes] == ["regulatory.serious_listed_now"]
    assert applied(case, found, catalogue) == RiskClass[found.reached] <= RiskClass.C


def test_what_cannot_be_mended_is_named_with_its_last_day(
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    shipped_set: ScorerSet,
    mends: Sequence[Mend],
    catalogue: Catalogue,
) -> None:
    """A new entity can only wait; an accident only runs out."""
    new = case_of(change(established_on_day=20_600 - 100), shipped_set)
    accident = case_of(change(regulatory_major_accidents_36m=1), shipped_set)

    found = [counterfactual(each, mends, catalogue) for each in (new, accident)]

    assert [each.reached for each in found] == ["", ""]
    assert [each.code for each in found[0].obstacles] == ["observation_year"]
    assert "up to" in found[0].obstacles[0].en
    assert [each.code for each in found[1].obstacles] == ["major_accident"]
    assert "Nothing the entity can do takes it from D to C" in found[1].sentence_en


def test_a_class_that_a_person_set_is_a_persons_to_change(
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    shipped_set: ScorerSet,
    mends: Sequence[Mend],
    catalogue: Catalogue,
) -> None:
    """No mending moves it."""
    event = change(regulatory_penalties_36m=1)
    case = case_of(event, shipped_set, people=[Intervention(4, event.uscc, InterventionKind.MANUAL, 3)])

    found = counterfactual(case, mends, catalogue)

    assert (found.reached, [each.code for each in found.obstacles]) == ("", ["manual"])


def test_the_best_class_has_none_better(
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    mends: Sequence[Mend],
    catalogue: Catalogue,
) -> None:
    """And says so."""
    found = counterfactual(case_of(change()), mends, catalogue)

    assert (found.risk_class, found.target, found.reached, found.changes, found.obstacles) == (
        "A",
        "",
        "",
        (),
        (),
    )
    assert found.sentence_en == "The class is A already; there is no better one."


def test_a_mend_of_no_indicator_is_refused(catalogue: Catalogue) -> None:
    """It would never be proposed, and nobody would know why."""
    row = {
        "indicator": "base.luck",
        "towards": "less",
        "until": 0,
        "zh": "改",
        "en": "mend",
        "citation": "ours",
    }
    document = {"version": 1, "mends": [row | {"confidence": "project-chosen"}]}

    with pytest.raises(InvalidModel, match=r"mends\.0\.indicator: unknown indicator base\.luck"):
        mends_of(document, catalogue)


points = st.lists(st.integers(-100, 500), min_size=3, max_size=3)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A small model over the five indicators, with floors, shifts and what they ignore."""
    items = [
        {
            "indicator": code,
            "dimension": draw(st.sampled_from(["one", "two"])),
            "bins": {
                "edges": sorted(draw(st.sets(st.integers(1, MOST), min_size=2, max_size=2))),
                "points": draw(points),
            },
            "missing": {"policy": "neutral"},
        }
        if draw(st.booleans())
        else {
            "indicator": code,
            "dimension": draw(st.sampled_from(["one", "two"])),
            "curve": [[0, draw(st.integers(-100, 500))], [3, draw(st.integers(-100, 500))]],
            "missing": {"policy": "neutral"},
        }
        for code in CODES
    ]
    words = {"zh": "则", "en": "rule", "citation": "ours", "confidence": "project-chosen"}
    condition = st.builds(
        lambda code, side, at: {"indicator": code, side: at},
        st.sampled_from(CODES),
        st.sampled_from(["at_least", "at_most"]),
        st.integers(0, MOST),
    )
    conditions = st.lists(condition, min_size=1, max_size=2).map(lambda some: {"all": some})
    overrides = [
        {"code": "floor", "when": draw(conditions), "floor": draw(st.sampled_from("BCD")), **words}
        for _ in range(draw(st.integers(0, 1)))
    ]
    modifiers = [
        {"code": "shift", "when": draw(conditions), "shift": draw(st.sampled_from([-1, 1])), **words}
        for _ in range(draw(st.integers(0, 1)))
    ]
    modifiers += [
        {"code": "ignore", "when": draw(conditions), "ignores": [draw(st.sampled_from(CODES))], **words}
        for _ in range(draw(st.integers(0, 1)))
    ]
    return {
        "code": "trial",
        "version": 1,
        "catalogue_version": 2,
        "zh": "试",
        "en": "trial",
        "valid_from": "2026-01-01",
        "author": "li",
        "scale": {"lowest": 0, "highest": 1000, "cuts": {"A": 250, "B": 500, "C": 750}},
        "base": draw(st.integers(0, 400)),
        "dimensions": [
            {"code": code, "zh": code, "en": code, "part": "dynamic", "aspect": "credit"}
            for code in ("one", "two")
        ],
        "items": items,
        "overrides": overrides,
        "modifiers": modifiers,
    }


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=documents(), values=st.lists(st.integers(0, MOST), min_size=5, max_size=5))
def test_applied_it_reaches_what_it_promised_and_nothing_shorter_does(
    document: dict[str, Any],
    values: list[int],
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    catalogue: Catalogue,
) -> None:
    """On random models and entities, against trying everything."""
    scorers = ScorerSet([Scorer(model_of(document, catalogue), catalogue)])
    given_values = {code.replace(".", "_"): value for code, value in zip(CODES, values, strict=True)}
    case = case_of(change(**given_values), scorers)

    found = counterfactual(case, MENDS, catalogue)

    fewest = fewest_by_trying_everything(case, catalogue)
    if found.reached:
        assert applied(case, found, catalogue) == RiskClass[found.reached] <= RiskClass[found.target]
        assert len(found.changes) == fewest
        assert all(each.becomes != each.was for each in found.changes)
    else:
        assert fewest is None
        assert not found.target or found.obstacles


def fewest_by_trying_everything(case: Case, catalogue: Catalogue) -> int | None:
    """The least number of indicators whose change reaches the next better class, None for no number."""
    target = RiskClass[case.decision.risk_class] - 1
    for count in range(1, len(MENDS) + 1) if target else ():
        for chosen in combinations(MENDS, count):
            columns = [catalogue.positions[mend.indicator] for mend in chosen]
            ranges = [
                _better(mend, case.values[0, column]) for mend, column in zip(chosen, columns, strict=True)
            ]
            tried = list(product(*ranges))
            if not tried:
                continue
            rows = np.repeat(case.values, len(tried), axis=0)
            rows[:, columns] = tried
            if (case.judged(rows).risk_class <= target).any():
                return count
    return None


def _better(mend: Mend, value: float) -> list[float]:
    return [float(each) for each in range(MOST + 1) if (each > value if mend.rises else each < value)]


def test_the_smallest_step_is_taken(
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    scorer_set: ScorerSet,
    catalogue: Catalogue,
) -> None:
    """Of five penalties one repaired may be enough; none should be told to repair five."""
    case = case_of(change(regulatory_penalties_36m=5, social_complaints_12m=2), scorer_set)

    found = counterfactual(case, MENDS[:1], catalogue)

    assert (case.decision.score, found.risk_class, found.reached) == (525, "C", "B")
    assert [(each.was, each.becomes) for each in found.changes] == [(5, 4)]


def test_what_the_score_leaves_is_said(
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    mends: Sequence[Mend],
    catalogue: Catalogue,
) -> None:
    """Complaints are others' and run out by themselves."""
    case = case_of(change(social_complaints_12m=9, social_complaints_upheld_12m=3))

    found = counterfactual(case, mends, catalogue)

    assert [each.code for each in found.obstacles] == ["score"]
    assert f"the score would still be {case.decision.score:g}, A has 250 at most" in found.sentence_en


def everything(catalogue: Catalogue, mends: Sequence[Mend]) -> dict[str, float]:
    """An entity in whose record all that can be mended is to be mended."""
    units = {each.code: each.unit for each in catalogue.indicators}
    falling = [mend.indicator for mend in mends if not mend.rises]
    return {code.replace(".", "_"): 1 if units[code] == "yes_no" else 9 for code in falling}


@pytest.mark.parametrize("kept_by", ["accident", "person"])
def test_where_nothing_mended_leads_there_nothing_is_searched(
    kept_by: str,
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    shipped_set: ScorerSet,
    mends: Sequence[Mend],
    catalogue: Catalogue,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Thirty indicators have a thousand million lists; whoever asks must be answered, and others meanwhile."""
    tried: list[int] = []
    by = {"accident": {"regulatory_major_accidents_36m": 1}, "person": {}}[kept_by]
    event = change(**everything(catalogue, mends) | by)
    people = [Intervention(4, event.uscc, InterventionKind.MANUAL, 4)] if kept_by == "person" else []
    case = case_of(event, shipped_set, people=people)
    monkeypatch.setattr(Case, "judged", _counting(tried))

    found = counterfactual(case, mends, catalogue)

    assert (found.risk_class, found.reached) == ("D", "")
    assert {"accident": "major_accident", "person": "manual"}[kept_by] in {
        each.code for each in found.obstacles
    }
    assert sum(tried) < 10


def test_where_all_lists_are_too_many_what_is_needed_is_found_all_the_same(
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    mends: Sequence[Mend],
    catalogue: Catalogue,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is said that fewer changes may do; each one that is named is needed."""
    tried: list[int] = []
    falling = [mend for mend in mends if not mend.rises][:20]
    scorers = ScorerSet([Scorer(model_of(each_keeps_it_d(falling), catalogue), catalogue)])
    case = case_of(change(**everything(catalogue, falling)), scorers)
    with monkeypatch.context() as counted:
        counted.setattr(Case, "judged", _counting(tried))
        found = counterfactual(case, mends, catalogue)

    assert (found.risk_class, found.is_complete, len(found.changes)) == ("D", False, 20)
    assert sum(tried) < 2 * AT_MOST
    assert applied(case, found, catalogue) == RiskClass[found.reached] <= RiskClass[found.target]
    for left_out in found.changes:
        fewer = replace(found, changes=tuple(each for each in found.changes if each is not left_out))
        assert applied(case, fewer, catalogue) > RiskClass[found.target]
    assert "未逐一试算全部组合" in found.sentence


def each_keeps_it_d(mends: Sequence[Mend]) -> dict[str, Any]:
    """A model by which each of these alone keeps an entity in D."""
    words = {"zh": "则", "en": "rule", "citation": "ours", "confidence": "project-chosen"}
    rules = [
        {
            "code": f"floor_{number}",
            "when": {"all": [{"indicator": mend.indicator, "at_least": 1}]},
            "floor": "D",
            **words,
        }
        for number, mend in enumerate(mends)
    ]
    item = {
        "indicator": "social.complaints_12m",
        "bins": {"edges": [1], "points": [0, 10]},
        "missing": {"policy": "neutral"},
    }
    head = {"code": "trial", "version": 1, "catalogue_version": 2, "zh": "试", "en": "trial"}
    scale = {"lowest": 0, "highest": 1000, "cuts": {"A": 250, "B": 500, "C": 750}}
    body = {"base": 0, "dimensions": [], "items": [item], "overrides": rules, "modifiers": []}
    return head | body | {"valid_from": "2026-01-01", "author": "li", "scale": scale}


def _counting(tried: list[int]) -> Callable[[Case, Any], Any]:
    judged = Case.judged

    def counting(case: Case, values: Any) -> Any:
        tried.append(len(values))
        return judged(case, values)

    return counting


def test_a_persons_class_that_is_better_than_the_target_stands_in_nobodys_way(
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    mends: Sequence[Mend],
    catalogue: Catalogue,
    shipped_set: ScorerSet,
) -> None:
    """What keeps the class is the accident; that a person's favour must end would mislead."""
    event = change(regulatory_major_accidents_36m=1)
    case = case_of(event, shipped_set, people=[Intervention(4, event.uscc, InterventionKind.MANUAL, 1)])

    found = counterfactual(case, mends, catalogue)

    assert (found.reached, "manual" in {each.code for each in found.obstacles}) == ("", False)
    assert found.obstacles


def test_a_cancelled_entity_is_told_that_its_class_is_final(
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    mends: Sequence[Mend],
    catalogue: Catalogue,
) -> None:
    """No repair moves it any more."""
    case = case_of(change(regulatory_penalties_36m=1, status="cancelled"))

    found = counterfactual(case, mends, catalogue)

    assert (found.changes, [each.code for each in found.obstacles]) == ((), ["cancelled"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=documents(), values=st.lists(st.integers(0, MOST), min_size=5, max_size=5))
def test_cut_short_it_still_reaches_what_it_promised(
    document: dict[str, Any],
    values: list[int],
    change: Callable[..., IndicatorsChanged],
    case_of: Callable[..., Case],
    catalogue: Catalogue,
) -> None:
    """On random models and entities."""
    scorers = ScorerSet([Scorer(model_of(document, catalogue), catalogue)])
    given_values = {code.replace(".", "_"): value for code, value in zip(CODES, values, strict=True)}
    case = case_of(change(**given_values), scorers)
    target = RiskClass[case.decision.risk_class] - 1

    found = shortest(case, ladders_of(case, MENDS, catalogue), target, at_most=1) if target else None

    if found and found.steps:
        assert int(case.judged(made_with(case, found.steps)).risk_class[0]) <= target
