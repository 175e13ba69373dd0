"""What would have to change, in sentences."""

from collections.abc import Sequence

from classification_service.model.mending import Change, Obstacle
from classification_service.model.risk_model import Indicator
from classification_service.rules.counterfactual.ladders import Ladder
from classification_service.rules.explaining.lines import value_in_en, value_in_zh

_NOT_ALL_TRIED = (
    "可改正事项较多，未逐一试算全部组合。",
    " There is so much to mend that not every list of changes was tried.",
)


def change_of(indicator: Indicator, ladder: Ladder, step: int) -> Change:
    """The change to this rung, in the words of its mend."""
    mend, was, becomes = ladder.mend, round(ladder.was, 4), round(ladder.rungs[step], 4)
    in_zh = {"from": value_in_zh(indicator, was), "to": value_in_zh(indicator, becomes)}
    in_en = {"from": value_in_en(indicator, was), "to": value_in_en(indicator, becomes)}
    return Change(
        indicator=indicator.code,
        zh=indicator.zh,
        en=indicator.en,
        was=was,
        becomes=ladder.rungs[step],
        how_zh=_filled(mend.zh, in_zh),
        how_en=_filled(mend.en, in_en),
        citation=mend.citation,
        confidence=mend.confidence,
    )


def sentences_of(
    letters: tuple[str, str, str],
    changes: Sequence[Change],
    obstacles: Sequence[Obstacle],
    *,
    is_complete: bool,
) -> tuple[str, str]:
    """Class, target and class reached, and what it takes or why it cannot be."""
    now, target, reached = letters
    if not target:
        return f"该主体已为{now}类，没有更好的类别。", f"The class is {now} already; there is no better one."
    zh, en = ("", "") if is_complete else _NOT_ALL_TRIED
    if changes:
        how_zh = "；".join(each.how_zh for each in changes)
        how_en = "; ".join(each.how_en for each in changes)
        return (
            f"完成下列事项，可由{now}类升至{reached}类：{how_zh}。{zh}",
            f"From {now} to {reached} it takes: {how_en}.{en}",
        )
    why_zh, why_en = "；".join(each.zh for each in obstacles), "; ".join(each.en for each in obstacles)
    return (
        f"该主体目前无法通过自身整改由{now}类升至{target}类：{why_zh}。{zh}",
        f"Nothing the entity can do takes it from {now} to {target}: {why_en}.{en}",
    )


def _filled(template: str, values: dict[str, str]) -> str:
    return template.replace("{from}", values["from"]).replace("{to}", values["to"])
