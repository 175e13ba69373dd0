"""A comparison in sentences."""

from classification_service.model.comparison import Comparison, Stage
from classification_service.model.risk_model import RiskModel
from classification_service.rules.explaining.sentences import day_en, day_zh

_READ = 3


def sentences_of(compared: Comparison, models: tuple[RiskModel, RiskModel]) -> tuple[str, str]:
    """Class and score before and after, what of it model, facts and people did, and the reasons that weigh most."""
    return "".join(_chinese(compared, models)), " ".join(_english(compared, models))


def _chinese(compared: Comparison, models: tuple[RiskModel, RiskModel]) -> list[str]:
    was, now = compared.before, compared.after
    first = f"第{compared.number_before}号决定（{day_zh(compared.day_before)}）"
    second = f"第{compared.number_after}号决定（{day_zh(compared.day_after)}）"
    score = f"仍为{now.score:g}分" if was.score == now.score else f"由{was.score:g}分变为{now.score:g}分"
    said = [f"从{first}到{second}，该主体{_class_zh(was, now)}，风险得分{score}。"]
    if _other_model(compared):
        old, new = (f"{each.zh}第{each.version}版" for each in models)
        said.append(f"模型由{old}换为{new}，风险得分因此{_more_zh(compared.before, compared.by_model)}，")
        said.append(f"因事实变化{_more_zh(compared.by_model, compared.by_facts)}。")
    if _other_people(compared):
        kept = compared.by_facts
        said.append(f"因人工调整和异议，该主体{_class_zh(kept, now)}，风险得分{_more_zh(kept, now)}。")
    said += [f"{each.sentence}。" for each in compared.indicators[:_READ]]
    said += [f"{'开始' if each.change == 'began' else '不再'}适用：{each.zh}。" for each in compared.rules]
    return said + [
        f"{each.zh}行业等级由{_grade_zh(each.before)}变为{_grade_zh(each.after)}。"
        for each in compared.sectors
    ]


def _class_zh(was: Stage, now: Stage) -> str:
    if was.risk_class == now.risk_class:
        return f"仍为{now.risk_class}类"
    return f"由{was.risk_class}类变为{now.risk_class}类"


def _more_zh(was: Stage, now: Stage) -> str:
    more = now.score - was.score
    return "不变" if more == 0 else f"{'增加' if more > 0 else '减少'}{abs(more):g}分"


def _grade_zh(letter: str) -> str:
    return f"{letter}类" if letter else "未纳入"


def _english(compared: Comparison, models: tuple[RiskModel, RiskModel]) -> list[str]:
    was, now = compared.before, compared.after
    first = f"decision {compared.number_before} ({day_en(compared.day_before)})"
    second = f"decision {compared.number_after} ({day_en(compared.day_after)})"
    score = f"the score from {was.score:g} to {now.score:g}"
    said = [f"From {first} to {second} the class {_class_en(was, now)}, {score}."]
    if _other_model(compared):
        old, new = (f"{each.en}, version {each.version}," for each in models)
        model, facts = compared.by_model, compared.by_facts
        said.append(f"{new} judges in place of {old} {_more_en(compared.before, model)};")
        said.append(f"the facts made it {_more_en(model, facts)}.")
    if _other_people(compared):
        kept = compared.by_facts
        said.append(f"By what people decided the class {_class_en(kept, now)}, {_more_en(kept, now)}.")
    said += [f"{each.sentence_en}." for each in compared.indicators[:_READ]]
    said += [
        f"{'Now' if each.change == 'began' else 'No longer'} holds: {each.en}." for each in compared.rules
    ]
    return said + [
        f"In {each.en}: from {each.before or 'none'} to {each.after or 'none'}." for each in compared.sectors
    ]


def _class_en(was: Stage, now: Stage) -> str:
    if was.risk_class == now.risk_class:
        return f"stayed {now.risk_class}"
    return f"went from {was.risk_class} to {now.risk_class}"


def _more_en(was: Stage, now: Stage) -> str:
    more = now.score - was.score
    return "no other score" if more == 0 else f"{abs(more):g} points {'more' if more > 0 else 'less'}"


def _other_model(compared: Comparison) -> bool:
    return compared.model_before != compared.model_after or compared.by_model.score != compared.before.score


def _other_people(compared: Comparison) -> bool:
    moved = compared.after != compared.by_facts
    return moved or compared.people_before != compared.people_after
