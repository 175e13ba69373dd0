"""The report of a study for people: figures, charts, the scorecard, what was imposed, and what to beware of."""

from collections.abc import Iterator, Sequence
from html import escape

import numpy as np

from classification_service.model.learning import Direction, Input, Scale
from classification_service.rules.charting.bars import bar_chart
from classification_service.rules.charting.lines import Axis, Line, line_chart
from classification_service.rules.charting.pages import both, figure, heading, page, paragraph, table
from classification_service.rules.evaluating.judging import Ranking
from classification_service.rules.evaluating.ranking import calibration, gain
from classification_service.rules.learning.applying import chance
from classification_service.rules.learning.studying import Outcome, day_of

ORDERS = {
    "with_inspector": ("评分卡＋检查人员", "Scorecard, inspector known"),
    "likely_inspector": ("评分卡＋可能的检查人员", "Scorecard, inspector guessed from who came to the area"),
    "without_inspector": ("评分卡（仅主体本身）", "Scorecard, establishment alone"),
    "plain_logistic": ("基线：普通逻辑回归", "Baseline: plain logistic, inspector known"),
    "plain_logistic_without_inspector": (
        "基线：普通逻辑回归（无检查人员）",
        "Baseline: plain logistic, no inspector",
    ),
    "past_critical_violations": ("基线：历史严重问题数", "Baseline: past critical violations"),
    "as_visited": ("实际检查顺序", "As the city visited"),
}
DIRECTIONS = {
    Direction.UP: "只升不降 never falls",
    Direction.DOWN: "只降不升 never rises",
    Direction.FREE: "不限 free",
}
CAVEATS = (
    (
        "检查人员为市方给出的颜色代码，可能是事后按严厉程度归并的，其作用或被高估；无检查人员的结果不受此影响。",
        (
            "Inspectors are colours given by the city, perhaps grouped in hindsight by strictness, so that their worth "
            "may be overstated; the order without the inspector is free of it."
        ),
    ),
    (
        "主体本身的评分不含严厉程度；跨检查人员比较时，其AUC必然低于含检查人员者。",
        "The establishment's own score holds no strictness: over all inspectors its AUC is lower than with them.",
    ),
    (
        "检验期内的历史逐日更新：每次检查按前一日已知的情况排序，故整个次序在检验期首日并不可得；普通逻辑回归不用历史，应同时与历史截至训练期末的数字比较。",
        (
            "History goes on in the test period, up to the eve of each visit: the whole order could not have been made "
            "on its first day. The plain logistic has no history: compare it with the frozen figures too."
        ),
    ),
    (
        "只看到被检查的主体；未被检查的主体不在其中。",
        "Only what was inspected is seen; what was not inspected is not in it.",
    ),
    (
        "这是评分卡，不是可载入本系统的模型：其指标不在指标目录中。",
        "This is a scorecard and no model that the service can load: its inputs are no indicators of the catalogue.",
    ),
)
Charted = tuple[str, ...]
_GAINS: Charted = (
    "with_inspector",
    "without_inspector",
    "plain_logistic",
    "past_critical_violations",
    "as_visited",
)


def report_of(outcome: Outcome) -> str:
    """The whole report as HTML."""
    return page("信用风险模型学习报告 Model learning report", list(_parts(outcome)))


def _parts(outcome: Outcome) -> Iterator[str]:
    yield heading("由检查结果学习的评分卡：评估报告", "Scorecard learned from outcomes: evaluation", 1)
    yield paragraph(*_window(outcome))
    yield heading("排序效果", "How well it ranks")
    yield _rankings(outcome)
    yield '<div class="charts">' + _gains(outcome) + _calibration(outcome) + "</div>"
    yield heading("按时间先后的验证", "Validation in the order of time")
    yield _folds(outcome)
    yield heading("评分卡", "The scorecard")
    yield _card(outcome)
    yield '<div class="charts">' + "".join(_points(outcome)) + "</div>"
    yield heading("检查人员的严厉程度（不具名）", "Strictness of inspectors, without names")
    yield _strictness(outcome)
    yield heading("注意事项", "Caveats")
    yield "".join(paragraph(*words) for words in CAVEATS)


def _window(outcome: Outcome) -> tuple[str, str]:
    train, test, until = outcome.train, outcome.test, outcome.window.train_until
    first, last = day_of(test.days.min()), day_of(test.days.max())
    taught, ranked, found = len(train.found), len(test.found), int(test.found.sum())
    zh = (
        f"训练：截至{until}的{taught}次检查；检验：{first}至{last}的{ranked}次检查，"
        f"其中{found}次发现严重问题。权重在训练期内定下，检验期只看，不用于选择。"
    )
    en = (
        f"Learned from {taught} visits until {until}; ranked {ranked} visits from {first} to {last}, "
        f"{found} of which found something critical. Weights are fixed by the training period alone."
    )
    return zh, en


def _rankings(outcome: Outcome) -> str:
    names = (
        "排序 order",
        "AUC",
        "95%",
        "同一检查人员内 within inspector",
        "前半检查 first half: visits",
        "violations",
        "历史截至训练期末 history frozen: AUC",
        "first half",
    )
    return table(names, [_row(name, outcome.rankings[name], outcome.frozen.get(name)) for name in ORDERS])


def _row(name: str, each: Ranking, frozen: Ranking | None) -> Sequence[str]:
    return (
        both(*ORDERS[name]),
        f"{each.auc:.3f}",
        f"{each.auc_low:.3f}–{each.auc_high:.3f}",
        f"{each.within_inspector_auc:.3f}",
        f"{each.first_half_share:.1%}",
        f"{each.first_half_violations_share:.1%}",
        f"{frozen.auc:.3f}" if frozen else "–",
        f"{frozen.first_half_share:.1%}" if frozen else "–",
    )


def _gains(outcome: Outcome) -> str:
    lines = []
    for name in _GAINS:
        made, caught = gain(outcome.scores[name], outcome.test.found)
        at = np.linspace(0, 1, 101)
        points = list(zip(at.tolist(), np.interp(at, made, caught).tolist(), strict=True))
        lines.append(Line(ORDERS[name][0], points, dashed=name == "as_visited"))
    axes = Axis("已检查比例 share of visits", 0, 1), Axis("已发现比例 share found", 0, 1)
    chart = line_chart("增益曲线 gain", *axes, lines)
    return figure(
        "增益：按此顺序检查，多早发现严重问题", "Gain: how early critical violations are found", chart
    )


def _calibration(outcome: Outcome) -> str:
    chances = chance(outcome.learned, outcome.scores["with_inspector"])
    points = calibration(chances, outcome.test.found, 10)
    high = max(0.1, *(max(point) for point in points))
    lines = [
        Line("十等份 tenths", points, dots=True),
        Line("理想 ideal", [(0, 0), (high, high)], dashed=True),
    ]
    axes = Axis("预测概率 expected", 0, high, "{:.1%}"), Axis("实际比例 found", 0, high, "{:.1%}")
    chart = line_chart("校准 calibration", *axes, lines)
    return figure("校准：预测概率与实际发现率", "Calibration: what was expected and what was found", chart)


def _folds(outcome: Outcome) -> str:
    names = (
        "自 from",
        "次数 visits",
        "含检查人员 with",
        "仅主体 without",
        "人员内 within",
        "树模型 boosted trees",
    )
    rows = [
        (
            str(day_of(fold.first_day)),
            str(fold.visits),
            f"{fold.with_inspector:.3f}",
            f"{fold.without_inspector:.3f}",
            f"{fold.within_inspector:.3f}",
            f"{challenger:.3f}",
        )
        for fold, challenger in zip(outcome.trials[0].folds, outcome.challenger, strict=True)
    ]
    return table(names, rows)


def _inputs(outcome: Outcome) -> Iterator[tuple[Input, Scale]]:
    inputs = {each.code: each for each in outcome.study.inputs}
    return ((inputs[scale.code], scale) for scale in outcome.learned.card.scales if scale.edges)


def _card(outcome: Outcome) -> str:
    names = (
        "指标 input",
        "分值 points by bin",
        "未知 unknown",
        "方向 direction",
        "何时已知 known",
        "理由 why",
    )
    rows = [
        (
            both(each.zh, each.en),
            "<br>".join(f"{escape(name)}:&nbsp;{points}" for name, points in _bins(scale)),
            str(scale.missing),
            DIRECTIONS[each.direction],
            escape(each.known),
            escape(each.why),
        )
        for each, scale in _inputs(outcome)
    ]
    return table(names, rows)


def _bins(scale: Scale) -> list[tuple[str, int]]:
    starts = [f"< {scale.edges[0]:g}", *(f"≥ {edge:g}" for edge in scale.edges)]
    return list(zip(starts, scale.points, strict=True))


def _points(outcome: Outcome) -> Iterator[str]:
    for each, scale in _inputs(outcome):
        bars = [
            (name, float(points), str(points))
            for name, points in (*_bins(scale), ("未知 unknown", scale.missing))
        ]
        yield figure(each.zh, each.en, bar_chart(each.en, bars))


def _strictness(outcome: Outcome) -> str:
    train = outcome.train
    rates = sorted(
        float(train.found[train.who == index].mean())
        for index in range(1, len(train.inspectors))
        if (train.who == index).any()
    )
    spread = [(f"{index + 1}", rate, f"{rate:.1%}") for index, rate in enumerate(rates)]
    chart = bar_chart("发现率 rate of critical findings", spread)
    return figure(
        "训练期内各检查人员的严重问题发现率，由低到高；建模时作为干扰项剔除。",
        "Rates of critical findings in training, ascending; fitted beside the points as a nuisance, and taken out.",
        chart,
    )
