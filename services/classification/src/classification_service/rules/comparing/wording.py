"""A comparison in sentences."""

from classification_service.model.comparison import Comparison
from classification_service.rules.explaining.sentences import day_en, day_zh

_READ = 3


def sentences_of(compared: Comparison) -> tuple[str, str]:
    """Class and score before and after, what of it model, facts and people did, and the reasons that weigh most."""
    return "".join(_chinese(compared)), " ".join(_english(compared))


def _chinese(compared: Comparison) -> list[str]:
    was, now = compared.before, compared.after
    stayed = was.risk_class == now.risk_class
    moved = f"仍为{now.risk_class}类" if stayed else f"由{was.risk_class}类变为{now.risk_class}类"
    first = f"第{compared.number_before}号决定（{day_zh(compared.day_before)}）"
    second = f"第{compared.number_after}号决定（{day_zh(compared.day_after)}）"
    said = [f"从{first}到{second}，该主体{moved}，得分由{was.score:g}变为{now.score:g}。"]
    if _other_model(compared):
        models = f"模型由{compared.model_before}换为{compared.model_after}"
        said.append(f"{models}，因此得分变化{_model(compared):+g}，事实变化带来{_facts(compared):+g}。")
    if _other_people(compared):
        said.append(f"人工调整和异议带来{_people(compared):+g}分。")
    said += [f"{each.sentence}。" for each in compared.indicators[:_READ]]
    said += [f"{'开始' if each.change == 'began' else '不再'}适用：{each.zh}。" for each in compared.rules]
    return said + [
        f"{each.zh}行业等级由{each.before or '无'}变为{each.after or '无'}。" for each in compared.sectors
    ]


def _english(compared: Comparison) -> list[str]:
    was, now = compared.before, compared.after
    stayed = was.risk_class == now.risk_class
    moved = f"stayed {now.risk_class}" if stayed else f"went from {was.risk_class} to {now.risk_class}"
    first = f"decision {compared.number_before} ({day_en(compared.day_before)})"
    second = f"decision {compared.number_after} ({day_en(compared.day_after)})"
    said = [f"From {first} to {second} the class {moved}, the score from {was.score:g} to {now.score:g}."]
    if _other_model(compared):
        models = f"{compared.model_after} judges in place of {compared.model_before}"
        said.append(f"{models}: that is {_model(compared):+g} points; the facts are {_facts(compared):+g}.")
    if _other_people(compared):
        said.append(f"What people decided is {_people(compared):+g} points.")
    said += [f"{each.sentence_en}." for each in compared.indicators[:_READ]]
    said += [
        f"{'Now' if each.change == 'began' else 'No longer'} holds: {each.en}." for each in compared.rules
    ]
    return said + [
        f"In {each.en}: from {each.before or 'none'} to {each.after or 'none'}." for each in compared.sectors
    ]


def _other_model(compared: Comparison) -> bool:
    return compared.model_before != compared.model_after or _model(compared) != 0


def _other_people(compared: Comparison) -> bool:
    return compared.people_before != compared.people_after or _people(compared) != 0


def _model(compared: Comparison) -> float:
    return compared.by_model.score - compared.before.score


def _facts(compared: Comparison) -> float:
    return compared.by_facts.score - compared.by_model.score


def _people(compared: Comparison) -> float:
    return compared.after.score - compared.by_facts.score
