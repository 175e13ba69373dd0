"""A class in sentences, Chinese and English, that a member of staff may read aloud."""

from collections.abc import Sequence
from datetime import date

from classification_service.model.explanation import Account, Applied, DecidedByPeople, Decision, Line
from classification_service.model.risk_model import Flag

_REASONS_READ = 3


def sentences_of(
    decision: Decision, account: Account, people: Sequence[DecidedByPeople], names: tuple[str, str]
) -> tuple[str, str]:
    """Class, score, what weighs most, the rules that held, and what people decided."""
    zh, en = names
    day, letter = decision.business_day, decision.risk_class
    chinese = [
        f"截至{day_zh(day)}，该主体信用风险类别为{letter}类（{zh}），{_score_zh(account)}",
        *_reasons_zh(account),
        *(f"{each.zh}。" for each in people),
    ]
    english = [
        f"As of {day_en(day)} the credit-risk class is {letter} ({en}), {_score_en(account)}",
        *_reasons_en(account),
        *(f"{each.en}." for each in people),
    ]
    if decision.flags & Flag.CANCELLED:
        chinese.append("登记已注销，本次分类不再变动。")
        english.append("Its registration was cancelled: the class is final.")
    if decision.override_code:
        chinese.append(f"仅按得分应为{decision.score_class}类。")
        english.append(f"By the score alone it would be {decision.score_class}.")
    return "".join(chinese), " ".join(english)


def sector_sentences(
    names: tuple[str, str], level: tuple[str, str], account: Account, day: date
) -> tuple[str, str]:
    """The same of a class in a sector, whose levels have names of their own."""
    (zh, en), (level_zh, level_en) = names, level
    chinese = [f"截至{day_zh(day)}，该主体在{zh}行业的等级为{level_zh}，{_score_zh(account)}"]
    english = [f"As of {day_en(day)} the level in {en} is {level_en}, {_score_en(account)}"]
    if account.general is not None:
        chinese.append(f"其中通用信用类别计{account.general:g}分。")
        english.append(f"The general class gives {account.general:g} of them.")
    return "".join([*chinese, *_reasons_zh(account)]), " ".join([*english, *_reasons_en(account)])


def day_zh(day: date) -> str:
    """A day in Chinese."""
    return f"{day.year}年{day.month}月{day.day}日"


def day_en(day: date) -> str:
    """A day in English."""
    return f"{day.day} {day:%B} {day.year}"


def _score_zh(account: Account) -> str:
    ends = f"{account.lowest:g}至{account.highest:g}分"
    base = f"，其中基础分{account.base:g}分" if account.base else ""
    return f"风险得分{account.score:g}分（{ends}，分数越高风险越高）{base}。"


def _score_en(account: Account) -> str:
    base = f", {account.base:g} of which everybody has" if account.base else ""
    ends = f"{account.lowest:g} to {account.highest:g}, more is riskier"
    return f"with {account.score:g} points ({ends}){base}."


def _reasons_zh(account: Account) -> list[str]:
    said = []
    if worst := _worst(account.lines):
        said.append(f"主要风险项：{'；'.join(line.sentence for line in worst)}。")
    said += [
        f"{each.zh}一项满分{each.full:g}分，超出的{-each.cut:g}分不计。"
        for each in account.parts.dimensions
        if each.cut < 0 and each.full is not None
    ]
    return said + [_rule_zh(rule) for rule in account.applied]


def _reasons_en(account: Account) -> list[str]:
    said = []
    if worst := _worst(account.lines):
        said.append(f"What weighs most: {'; '.join(line.sentence_en for line in worst)}.")
    said += [
        f"Of “{each.en}” no more than {each.full:g} points count; {-each.cut:g} are left out."
        for each in account.parts.dimensions
        if each.cut < 0 and each.full is not None
    ]
    return said + [_rule_en(rule) for rule in account.applied]


def _rule_zh(rule: Applied) -> str:
    return f"{rule.zh}（至{day_zh(rule.last_day)}止）。" if rule.last_day else f"{rule.zh}。"


def _rule_en(rule: Applied) -> str:
    return f"{rule.en} (up to {day_en(rule.last_day)})." if rule.last_day else f"{rule.en}."


def _worst(lines: Sequence[Line]) -> list[Line]:
    giving = (line for line in lines if line.points > 0)
    return sorted(giving, key=lambda line: (-line.points, line.code))[:_REASONS_READ]
