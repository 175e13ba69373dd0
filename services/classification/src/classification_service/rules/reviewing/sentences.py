"""What a review found, in sentences that an official may read aloud."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from classification_service.model.figures import (
    Calibration,
    Capacity,
    Estimate,
    FairnessRow,
    Finding,
    GroupRate,
    Summary,
    Trend,
)
from classification_service.rules.reviewing.discrimination import FEWEST_OF_A_KIND
from classification_service.rules.reviewing.ratios import FEWEST, is_beyond_chance

_CONVINCING = 0.05
_OFF = 0.01
_VISITS, _PROBLEMS = ("次有效检查", "valid visits"), ("个问题", "problems")


class Wording(NamedTuple):
    """How a share is told, with `{}` for it; what is asked when nothing can be told; and what was counted."""

    zh: str
    en: str
    zh_question: str
    en_question: str
    counted: tuple[str, str] = _VISITS


_OVERALL = Wording(
    *("全部主体的问题发现率约为{}", "Some {} of all entities have a problem"),
    *("全部主体的问题发现率", "how many of all entities have a problem"),
)
_CAPTURE = Wording(
    *("C、D类主体占全部问题的{}", "Entities of class C and D have {} of all problems"),
    *("C、D类主体占全部问题的多少", "which share of all problems C and D have"),
    _PROBLEMS,
)
_HIT = Wording(
    *("检查C、D类主体，约{}发现问题", "Some {} of the entities of class C and D have a problem"),
    *("检查C、D类主体有多少发现问题", "how many of C and D have a problem"),
)


def findings_of(summary: Summary) -> Summary:
    """The summary with its sentences."""
    return replace(summary, findings=tuple(_findings(summary)))


def _findings(summary: Summary) -> Iterator[Finding]:
    yield _share("overall", _weighted(summary.overall), _OVERALL)
    for rate in summary.rates["class"]:
        yield _share(f"class_{rate.group}", _weighted(rate), _of_class(rate.group))
    yield _order(summary.trend)
    yield _share("capture", summary.capture, _CAPTURE)
    yield _share("hit", summary.hit, _HIT)
    yield _lift(summary.lift)
    yield _auc(summary.auc)
    yield _calibration(summary.calibration)
    yield from _unfair(summary.fairness)
    if summary.capacity:
        yield _capacity(summary.capacity)
    yield _reported(summary)


def _weighted(rate: GroupRate) -> Estimate:
    return rate.weighted or Estimate(rate.valid)


def _of_class(letter: str) -> Wording:
    return Wording(
        f"{letter}类主体的问题发现率约为{{}}",
        f"Some {{}} of the entities of class {letter} have a problem",
        f"{letter}类主体的问题发现率",
        f"how many entities of class {letter} have a problem",
    )


def _share(code: str, estimate: Estimate, wording: Wording) -> Finding:
    zh_counted, en_counted = wording.counted
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return _too_few(code, estimate.n, wording)
    share, low, high = (f"{100 * part:.1f}%" for part in (estimate.value, estimate.low, estimate.high))
    return Finding(
        code,
        True,
        f"{wording.zh.format(share)}（95%置信区间{low}至{high}，依据{estimate.n}{zh_counted}）。",
        f"{wording.en.format(share)} (95 % interval {low} to {high}, from {estimate.n} {en_counted}).",
    )


def _too_few(code: str, n: int, asked: Wording) -> Finding:
    zh_counted, en_counted = asked.counted
    return Finding(
        code,
        False,
        f"只有{n}{zh_counted}，太少，不足以判断{asked.zh_question}（至少需要{FEWEST}，且有无问题的都要有）。",
        f"Too few: {n} {en_counted} do not tell {asked.en_question} (at least {FEWEST} are needed, with and "
        "without problems).",
    )


def _question(zh: str, en: str) -> Wording:
    return Wording("", "", zh, en)


def _order(trend: Trend) -> Finding:
    if trend.p is None:
        return _too_few(
            "order", trend.n, _question("问题是否从A到D递增", "whether problems rise from A to D")
        )
    if trend.inversions:
        return Finding(
            "order",
            True,
            f"分类次序被打破：{'、'.join(trend.inversions)}，较好的类别问题显著更多，建议复核模型。",
            f"The order of the classes is broken: {', '.join(trend.inversions)}; the better class has significantly "
            "more problems. The model should be reviewed.",
        )
    if trend.p < _CONVINCING:
        return Finding(
            "order",
            True,
            f"问题发现率从A到D显著递增（单侧p={trend.p:.2g}，均匀抽查{trend.n}次）。",
            f"Problems rise significantly from A to D (one-sided p = {trend.p:.2g}, {trend.n} uniform visits).",
        )
    return Finding(
        "order",
        True,
        f"均匀抽查{trend.n}次，尚不能证明问题发现率从A到D递增（单侧p={trend.p:.2g}）。",
        f"{trend.n} uniform visits do not show that problems rise from A to D (one-sided p = {trend.p:.2g}).",
    )


def _lift(lift: Estimate) -> Finding:
    if lift.value is None or lift.low is None or lift.high is None:
        asked = _question(
            "C、D类的问题是A、B类的几倍", "how much more often C and D have problems than A and B"
        )
        return _too_few("lift", lift.n, asked)
    return Finding(
        "lift",
        True,
        f"C、D类主体有问题的比例是A、B类的{lift.value:.1f}倍（95%置信区间{lift.low:.1f}至{lift.high:.1f}倍）。",
        f"C and D have a problem {lift.value:.1f} times as often as A and B "
        f"(95 % interval {lift.low:.1f} to {lift.high:.1f}).",
    )


def _auc(auc: Estimate) -> Finding:
    if auc.value is None:
        return Finding(
            "auc",
            False,
            f"均匀抽查中，检查前已有得分的只有{auc.n}次，或其中有问题、无问题的过少，不足以判断得分能否区分有无问题"
            f"（至少需要{FEWEST}次，有问题、无问题的各不少于{FEWEST_OF_A_KIND}次）。",
            f"Too few: {auc.n} visits of the uniform lot with a score before do not tell whether the score tells who "
            f"has a problem (at least {FEWEST} are needed, {FEWEST_OF_A_KIND} with problems and as many without).",
        )
    return Finding(
        "auc",
        True,
        f"任取一个有问题和一个无问题的主体，十次中约有{10 * auc.value:.1f}次前者得分更高（AUC={auc.value:.3f}）。",
        f"Of an entity with a problem and one without, the first has the higher score some {10 * auc.value:.1f} times "
        f"in ten (AUC {auc.value:.3f}).",
    )


def _calibration(found: Calibration) -> Finding:
    if found.p is None:
        asked = _question(
            "各分数段的问题发现率是否与上期一致", "whether rates by score are those of the earlier period"
        )
        return _too_few("calibration", min(found.n, found.reference_n), asked)
    if found.p < _OFF:
        return Finding(
            "calibration",
            True,
            f"各分数段的问题发现率与上期不符（p={found.p:.2g}），同样的得分已不代表同样的风险。",
            f"Rates by score are not those of the earlier period (p = {found.p:.2g}): a score means another risk.",
        )
    return Finding(
        "calibration",
        True,
        f"各分数段的问题发现率与上期没有显著差别（p={found.p:.2g}）。",
        f"Rates by score do not differ significantly from those of the earlier period (p = {found.p:.2g}).",
    )


def _unfair(rows: Sequence[FairnessRow]) -> Iterator[Finding]:
    """Groups burdened wrongly more often, or less, than the others, by more than the number of groups explains."""
    compared = [row for row in rows if row.false_alarm_ratio.value is not None]
    for row in compared:
        ratio = row.false_alarm_ratio
        if is_beyond_chance(ratio, len(compared)):
            yield Finding(
                f"fairness_{row.by}_{row.group}",
                True,
                f"未发现问题的主体中，{row.group}被列为C、D类的比例是其他的{ratio.value:.1f}倍"
                f"（95%置信区间{ratio.low:.1f}至{ratio.high:.1f}倍；共比较{len(compared)}个组，已按组数从严判断），"
                "请核查是否公平。",
                f"Among entities without a problem, {row.group} is in C or D {ratio.value:.1f} times as often as the "
                f"others (95 % interval {ratio.low:.1f} to {ratio.high:.1f}; {len(compared)} groups were compared, and "
                "chance allowed for): is that fair?",
            )


def _capacity(found: Capacity) -> Finding:
    missed = found.problems_missed
    if found.visits_saved is None or missed.value is None or missed.low is None or missed.high is None:
        asked = _question("A类少查节约多少、漏掉多少", "what visiting A less saves and misses")
        return _too_few("capacity", missed.n, asked)
    return Finding(
        "capacity",
        True,
        f"与同样次数、一视同仁的抽查相比，A类少查{found.visits_saved:.0f}次，约漏掉{missed.value:.1f}个问题"
        f"（95%置信区间{missed.low:.1f}至{missed.high:.1f}）。",
        f"Against as many visits spread alike, A was spared {found.visits_saved:.0f} visits, which would have found "
        f"some {missed.value:.1f} problems (95 % interval {missed.low:.1f} to {missed.high:.1f}).",
    )


def _reported(summary: Summary) -> Finding:
    return Finding(
        "reported",
        True,
        f"其他部门另报送{summary.reported_results}次检查结果，因不知如何选取对象，未计入以上数字。",
        f"Other departments reported {summary.reported_results} further results; how they chose is unknown, so that "
        "they are in none of these figures.",
    )
