"""When a review of the model is proposed, and when nothing can be said."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from classification_service.model.evidence import Evidence
from classification_service.rules.reviewing.alarms import Periods, change_of_lift, checks_of, spans_of

SCORES = {float(score): 100 for score in range(0, 1000, 50)}
EVEN = {"general@2": SCORES}
SHIFTED = {"general@2": {score: entities * (4 if score > 700 else 1) for score, entities in SCORES.items()}}
Scores = dict[str, dict[float, int]]
NOBODY: dict[str, tuple[int, int]] = {}


def year(rates: dict[str, tuple[int, int]], score: Callable[[str, bool], float] | None = None) -> Evidence:
    """Uniform visits: problems and visits by class."""
    rows = [
        (letter, place < problems) for letter, (problems, number) in rates.items() for place in range(number)
    ]
    scores = [score(letter, problem) if score else np.nan for letter, problem in rows]
    empty = np.full(len(rows), "", object)
    return Evidence(
        risk_class=np.array([letter for letter, _ in rows], object),
        score=np.array(scores, float),
        probability=np.full(len(rows), 0.03),
        uniform=np.ones(len(rows), bool),
        valid=np.ones(len(rows), bool),
        problem=np.array([problem for _, problem in rows], bool),
        pending=np.zeros(len(rows), bool),
        labels={"area": empty},
    )


GOOD = {"A": (10, 200), "B": (20, 200), "C": (60, 200), "D": (100, 200)}
FLAT = {"A": (40, 200), "B": (40, 200), "C": (50, 200), "D": (55, 200)}
BROKEN = {**GOOD, "B": (90, 200)}


def held(
    now: dict[str, tuple[int, int]], before: dict[str, tuple[int, int]], scores: Scores
) -> dict[str, bool | None]:
    periods = Periods(year(now), year(before), year(now), year(before), EVEN, scores)
    return {check.kind.value: check.holds for check in checks_of(periods)}


def test_a_model_that_holds_raises_nothing() -> None:
    """Without scores before the visits calibration says nothing, and is not taken for good news."""
    assert held(GOOD, GOOD, EVEN) == {
        "distribution": False,
        "order": False,
        "calibration": None,
        "lift": False,
    }


def test_each_kind_is_raised_by_what_it_is_for() -> None:
    """A moved city, a broken order, a lift that fell."""
    assert held(GOOD, GOOD, SHIFTED)["distribution"] is True
    assert held(BROKEN, GOOD, EVEN)["order"] is True
    assert held(FLAT, GOOD, EVEN)["lift"] is True


def test_a_new_version_is_no_drift() -> None:
    """Its scale is another; an alarm that is open stays open until both moments are of one version."""
    (check,) = [
        each
        for each in checks_of(Periods(*[year(GOOD)] * 4, EVEN, {"general@3": SHIFTED["general@2"]}))
        if each.kind == "distribution"
    ]

    assert check.holds is None


def test_the_alarm_names_the_model_that_moved() -> None:
    """General and individual businesses have scores of their own."""
    before, after = {**EVEN, "individual@1": SCORES}, {**SHIFTED, "individual@1": SCORES}

    check = checks_of(Periods(*[year(GOOD)] * 4, before, after))[0]

    assert (check.holds, "general@2" in check.zh) == (True, True)


def test_too_few_outcomes_say_nothing() -> None:
    """An open alarm stays open then, and none is opened."""
    assert held(NOBODY, NOBODY, {"general@2": {1.0: 3}}) == dict.fromkeys(
        ("distribution", "order", "calibration", "lift")
    )


def test_rates_by_score_that_changed_are_off() -> None:
    """The same scores, and twice the problems."""
    now = year({"A": (60, 200), "D": (160, 200)}, lambda letter, _: 100.0 if letter == "A" else 800.0)
    before = year({"A": (20, 200), "D": (80, 200)}, lambda letter, _: 100.0 if letter == "A" else 800.0)

    found = {
        name: next(each for each in checks_of(periods) if each.kind == "calibration")
        for name, periods in {
            "broken": Periods(now, before, now, before, EVEN, EVEN),
            "same": Periods(before, before, before, before, EVEN, EVEN),
        }.items()
    }

    assert (found["broken"].holds, found["same"].holds) == (True, False)
    assert found["broken"].figure < 0.01


def test_stricter_inspectors_do_not_move_the_lift() -> None:
    """Twice the problems in every class is the same model with other eyes."""
    stricter = {
        letter: (2 * hits if letter != "D" else 2 * hits - 1, number)
        for letter, (hits, number) in GOOD.items()
    }

    assert change_of_lift(year(stricter), year(GOOD)) == pytest.approx(0, abs=0.1)
    assert change_of_lift(year(FLAT), year(GOOD)) < -1.96


def test_spans_end_on_the_day_and_do_not_overlap() -> None:
    """A year and the year before it; both days are included."""
    spans = spans_of(date(2026, 6, 1))

    assert spans["year"] == (date(2025, 6, 2), date(2026, 6, 1))
    assert spans["year_before"] == (date(2024, 6, 2), date(2025, 6, 1))
    assert spans["half_before"][1] < spans["half"][0]
