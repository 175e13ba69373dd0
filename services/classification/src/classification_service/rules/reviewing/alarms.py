"""When a review of the model is proposed."""

from datetime import date, timedelta
from math import log, sqrt
from typing import NamedTuple

from classification_service.model.alarms import AlarmKind, Check
from classification_service.model.evidence import Evidence
from classification_service.rules.reviewing.calibration import calibration_of
from classification_service.rules.reviewing.capture import lift_of
from classification_service.rules.reviewing.drift import ACT, Scores, drifts_of, greatest
from classification_service.rules.reviewing.ratios import Z_95, log_of
from classification_service.rules.reviewing.trend import trend_of

QUARTER, HALF_YEAR, YEAR = timedelta(days=91), timedelta(days=182), timedelta(days=365)
"""The spans that are compared. Project-chosen."""
_FALLEN = -Z_95
_OFF = 0.01


class Periods(NamedTuple):
    """What a run looks at: outcomes of four spans that end on its day, and scores at two moments."""

    year: Evidence
    year_before: Evidence
    half: Evidence
    half_before: Evidence
    scores_before: Scores
    scores: Scores


def spans_of(day: date) -> dict[str, tuple[date, date]]:
    """First and last day of each span of outcomes, by name."""
    return {
        "year": (day - YEAR + timedelta(days=1), day),
        "year_before": (day - 2 * YEAR + timedelta(days=1), day - YEAR),
        "half": (day - HALF_YEAR + timedelta(days=1), day),
        "half_before": (day - 2 * HALF_YEAR + timedelta(days=1), day - HALF_YEAR),
    }


def checks_of(periods: Periods) -> list[Check]:
    """One check for each kind of alarm, by what was drawn alone."""
    return [
        _distribution(periods),
        _order(periods.year.drawn),
        _calibration(periods),
        _lift(periods.half.drawn, periods.half_before.drawn),
    ]


def _distribution(periods: Periods) -> Check:
    """Of the version that moved most; None while a new version is younger than the quarter."""
    drifts = drifts_of(periods.scores_before, periods.scores)
    index = greatest(drifts)[0]
    model = next((each.after for each in drifts if index is not None and each.psi == index), "")
    return Check(
        AlarmKind.DISTRIBUTION,
        None if index is None else index >= ACT,
        index or 0.0,
        ACT,
        f"{model}的得分分布一季度内明显偏移（PSI={index or 0:.2f}），建议复核模型。",
        f"The scores of {model} moved within a quarter (PSI {index or 0:.2f}): review the model.",
    )


def _order(drawn: Evidence) -> Check:
    trend = trend_of(drawn)
    pairs = ", ".join(trend.inversions)
    return Check(
        AlarmKind.ORDER,
        None if trend.p is None else bool(trend.inversions),
        float(len(trend.inversions)),
        1.0,
        f"分类次序被打破：{pairs}，建议复核模型。",
        f"A better class has significantly more problems ({pairs}): review the model.",
    )


def _calibration(periods: Periods) -> Check:
    found = calibration_of(periods.year.drawn, periods.year_before.drawn)
    p = 1.0 if found.p is None else found.p
    return Check(
        AlarmKind.CALIBRATION,
        None if found.p is None else p < _OFF,
        p,
        _OFF,
        f"各分数段的问题发现率与上一年不符（p={p:.2g}），建议复核模型。",
        f"Rates by score are not those of the year before (p = {p:.2g}): review the model.",
    )


def _lift(now: Evidence, before: Evidence) -> Check:
    """The change of a ratio within one period each: inspectors who grew stricter everywhere do not move it."""
    z = change_of_lift(now, before)
    fallen = 0.0 if z is None else z
    return Check(
        AlarmKind.LIFT,
        None if z is None else fallen < _FALLEN,
        fallen,
        _FALLEN,
        f"C、D类与A、B类的差别比上半年显著缩小（z={fallen:.1f}），建议复核模型。",
        f"C and D stand out less than in the half-year before (z = {fallen:.1f}): review the model.",
    )


def change_of_lift(now: Evidence, before: Evidence) -> float | None:
    """The standardised change of the logarithm of the lift; None when either has too few outcomes.

    Source: two independent estimates, each with the spread of D. Katz et al., 1978.
    """
    first, second = lift_of(before), lift_of(now)
    logs = log_of(first), log_of(second)
    if logs[0] is None or logs[1] is None:
        return None
    spreads = [
        _spread(log_of_value, high)
        for log_of_value, high in zip(logs, (first.high, second.high), strict=True)
    ]
    return (logs[1] - logs[0]) / sqrt(sum(spread**2 for spread in spreads))


def _spread(middle: float | None, high: float | None) -> float:
    return (log(high or 1.0) - (middle or 0.0)) / Z_95
