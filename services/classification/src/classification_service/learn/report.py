"""The report of a proposal for people: whether it ranks better, what it changes, and what to beware of."""

from collections.abc import Iterator, Sequence
from html import escape

import numpy as np

from classification_service.learn.telling import day_of
from classification_service.model.judgement import Vector
from classification_service.model.risk_model import Bins, Item
from classification_service.rules.charting.bars import bar_chart
from classification_service.rules.charting.lines import Axis, Line, line_chart
from classification_service.rules.charting.pages import both, figure, heading, page, paragraph, table
from classification_service.rules.evaluating.ranking import weighted_gain
from classification_service.rules.learning.proposing import Period, Proposal
from classification_service.rules.learning.steps import steps_of

CAVEATS = (
    (
        "这是草案：由他人审批后方可启用，系统从不自行启用；规则（直接判定、观察期等）、切分点和缺失值的计分均沿用现行模型。",
        (
            "This is a draft: another person approves it before use, and it never promotes itself. Rules, cuts and "
            "what is unknown are those of the model in force."
        ),
    ),
    (
        "每次抽查按被抽中概率的倒数加权，以均匀抽查为基准；其他部门报送的结果抽取概率不明，不参与学习。",
        (
            "Each visit is weighed by 1/odds of having been drawn, the control group being the reference; what other "
            "departments report has no known odds and teaches nothing."
        ),
    ),
    (
        "检查人员的严厉程度作为干扰项单独估计，不进入模型；未记录检查人员的检查不作此调整。",
        (
            "Strictness of inspectors is fitted beside the points and is no part of the model; where nobody knows who "
            "came, nothing is adjusted."
        ),
    ),
    (
        "检查结果少的指标基本保持现行分值；请先做what-if，再与现行模型并行运行。",
        "Indicators with few outcomes keep nearly their points. Ask a what-if, then run it beside the live model.",
    ),
)


def report_of(proposal: Proposal) -> str:
    """The whole report as HTML."""
    return page("由本局检查结果修订的风险模型 Revision learned from outcomes", list(_parts(proposal)))


def _parts(proposal: Proposal) -> Iterator[str]:
    yield heading("由检查结果修订的模型（草案）", "A revision learned from outcomes (draft)", 1)
    yield paragraph(*_about(proposal))
    yield heading("与现行模型比较", "Beside the model in force")
    yield paragraph(*_verdict(proposal))
    yield _periods(proposal)
    yield '<div class="charts">' + _gains(proposal) + "</div>"
    yield heading("变动的分值", "Points that change")
    yield _changes(proposal)
    if proposal.revision.strictness:
        yield heading("检查人员的严厉程度（不具名）", "Strictness of inspectors, without names")
        yield _strictness(proposal.revision.strictness)
    yield heading("注意事项", "Caveats")
    yield "".join(paragraph(*words) for words in CAVEATS)


def _about(proposal: Proposal) -> tuple[str, str]:
    sample = proposal.sample
    visits, problems, alike = len(sample.found), int(sample.found.sum()), int(sample.uniform.sum())
    zh = (
        f"依据{visits}次有效抽查（其中均匀抽查{alike}次，发现问题{problems}次），加权后相当于{proposal.worth:.0f}次等概率检查；"
        f"在{proposal.model.id}的分值上修订，约束强度{proposal.penalty:g}。"
        f"另有{sample.without_evidence}次检查因检查前的决定不在手边而未用。"
    )
    en = (
        f"From {visits} valid drawn visits ({alike} in the control group, {problems} with a problem), worth "
        f"{proposal.worth:.0f} alike ones; it moves the points of {proposal.model.id}, held with strength "
        f"{proposal.penalty:g}. {sample.without_evidence} visits are left out: the decision before them is not at hand."
    )
    return zh, en


def _verdict(proposal: Proposal) -> tuple[str, str]:
    period = proposal.judged_by
    gain = period.learned - period.live
    interval = f"{period.low:+.3f}–{period.high:+.3f}"
    better = ("优于", "better than") if proposal.is_better else ("不优于", "no better than")
    zh = (
        f"在未参与选择的最后一期，修订的排序{better[0]}现行模型：AUC {period.learned:.3f}，现行{period.live:.3f}，"
        f"相差{gain:+.3f}（95%区间{interval}）。"
    )
    en = (
        f"In the last period, which had no part in choosing, the revision ranks {better[1]} the model in force: AUC "
        f"{period.learned:.3f} against {period.live:.3f}, {gain:+.3f} (95 % {interval})."
    )
    return zh, en


def _periods(proposal: Proposal) -> str:
    names = (
        "期间 period",
        "检查 visits",
        "问题 problems",
        "现行 live AUC",
        "修订 learned AUC",
        "均匀抽查 uniform: live",
        "learned",
    )
    rows = [
        *(_period(period, ("用于选择", "chosen by")) for period in proposal.chosen_by),
        _period(proposal.judged_by, ("用于检验", "judged by")),
    ]
    return table(names, rows)


def _period(period: Period, part: tuple[str, str]) -> Sequence[str]:
    return (
        f"{day_of(period.first_day)} – {day_of(period.last_day)}<br>{both(*part)}",
        f"{period.visits} ({period.uniform})",
        str(period.problems),
        *(
            f"{value:.3f}" if np.isfinite(value) else "–"
            for value in (period.live, period.learned, period.live_uniform, period.learned_uniform)
        ),
    )


def _gains(proposal: Proposal) -> str:
    part = proposal.judged
    lines = [
        Line(name, _gain(proposal.scores[code], part.found, part.weights), dashed=code == "live")
        for code, name in (("learned", "修订 learned"), ("live", "现行 in force"))
    ]
    axes = Axis("已检查比例 share of entities", 0, 1), Axis("已发现比例 share found", 0, 1)
    return figure(
        "最后一期：按得分从高到低检查，多早发现问题",
        "Last period: how early problems are found, highest score first",
        line_chart("增益曲线 gain", *axes, lines),
    )


def _gain(score: Vector, found: Vector, weights: Vector) -> list[tuple[float, float]]:
    made, caught = weighted_gain(score, found, weights)
    at = np.linspace(0, 1, 101)
    return list(zip(at.tolist(), np.interp(at, made, caught).tolist(), strict=True))


def _changes(proposal: Proposal) -> str:
    names = ("指标 indicator", "现行 in force", "修订 revised")
    rows = [
        (escape(item.indicator), _scale(item, was), _scale(item, points))
        for item, points in zip(proposal.model.items, proposal.revision.points, strict=True)
        if (was := tuple(int(each) for each in steps_of(item).points)) != points
    ]
    return table(names, rows) if rows else paragraph("分值没有变动。", "No points change.")


def _scale(item: Item, points: Sequence[int]) -> str:
    if isinstance(item.scale, Bins):
        edges = item.scale.edges
        starts = [f"&lt; {edges[0]:g}" if edges else "", *(f"≥ {edge:g}" for edge in edges)]
    else:
        starts = [f"{at:g}" for at in item.scale.at]
    return " · ".join(f"{start}: {each}" for start, each in zip(starts, points, strict=True))


def _strictness(effects: Sequence[float]) -> str:
    odds = sorted(float(np.exp(each)) for each in effects)
    bars = [(str(index + 1), each, f"×{each:.2f}") for index, each in enumerate(odds)]
    return figure(
        "每位检查人员发现问题的几率是平均的几倍，由低到高；已从分值中剔除。",
        "The odds of each finding a problem over those of all, ascending; taken out of the points.",
        bar_chart("严厉程度 strictness", bars),
    )
