"""Which column is probably what? A proposal that a person looks through, with how sure it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import chain
from typing import NamedTuple

from ingestion_service.model import mapping as model
from ingestion_service.model.mapping import Unit
from ingestion_service.rules.mapping.members import Kind, Member, members_of

_SURE, _LIKELY, _POSSIBLE, _LEAST = 0.95, 0.75, 0.6, 0.5
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
_IN_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_NOISE = re.compile(r"[\s_\-./:：*]+")
_USUAL: Mapping[str, Sequence[str]] = {
    "subject": ("统一社会信用代码", "社会信用代码", "信用代码", "行政相对人代码", "uscc", "credit code"),
    "time": (
        "发生时间",
        "发生日期",
        "决定日期",
        "处罚决定日期",
        "登记日期",
        "检查日期",
        "列入日期",
        "投诉时间",
        "日期",
        "date",
    ),
    "id": ("编号", "流水号", "序号", "主键", "记录编号", "record id"),
    "data.name": ("名称", "企业名称", "市场主体名称", "单位名称"),
    "data.address": ("住所", "地址", "经营场所", "注册地址"),
    "data.area_code": ("区划代码", "行政区划", "行政区划代码"),
    "data.industry": ("行业", "行业代码", "行业门类"),
    "data.established_on": ("成立日期", "注册日期", "设立日期"),
    "data.registered_capital_fen": ("注册资本", "注册资金"),
    "data.business_scope": ("经营范围",),
    "data.entity_type": ("市场主体类型", "企业类型"),
    "data.document_number": ("文号", "决定书文号", "处罚决定书文号", "行政处罚决定书文号"),
    "data.kinds": ("处罚种类", "处罚类别"),
    "data.fine_fen": ("罚款", "罚款金额"),
    "data.confiscated_fen": ("没收", "没收金额", "没收违法所得"),
    "data.published_on": ("公示日期", "公开日期"),
    "data.authority": ("处罚机关", "决定机关", "作出机关"),
    "data.violation": ("违法行为", "违法行为类型"),
    "data.reason": ("原因", "事由", "列入原因"),
    "data.report_year": ("年度", "报告年度", "年报年度"),
    "data.department": ("检查部门", "部门"),
    "data.item": ("检查事项", "事项"),
    "data.result_codes": ("检查结果", "结果"),
    "data.category": ("类别", "分类"),
    "data.platform": ("平台", "平台名称"),
    "data.until": ("截止日期", "歇业截止日期"),
}
"""What columns are usually called, beyond what the schema says of a member."""


class Guess(NamedTuple):
    """A column that is probably of this place; 1 would be certainty."""

    column: str
    place: str
    confidence: float


class Suggestion(NamedTuple):
    """A mapping to look through, how it came about, and which required places no column seems to be."""

    mapping: model.Mapping
    guesses: Sequence[Guess]
    missing: Sequence[str]
    unused: Sequence[str]

    @property
    def confidence(self) -> float:
        """How sure it is as a whole: what is required and was not found counts as nothing."""
        found = [guess.confidence for guess in self.guesses]
        return round(sum(found) / max(len(found) + len(self.missing), 1), 2)


def suggest(fact_type: str, header: Sequence[str]) -> Suggestion:
    """A proposal for a file with this header.

    Raises:
        KeyError: There is no such fact type.
    """
    members = members_of(fact_type)
    guesses = list(_best(header, members))
    by_place = {guess.place: guess.column for guess in guesses}
    built = _built_id(by_place)
    mapping = model.Mapping(
        fact_type,
        {guess.column: guess.place for guess in guesses},
        id=built,
        units={place: unit for place, column in by_place.items() if (unit := _unit(column, members[place]))},
    )
    given = {*by_place, *(["id"] if built else [])}
    missing = [member.place for member in members.values() if member.required and member.place not in given]
    used = {guess.column for guess in guesses}
    return Suggestion(
        mapping, guesses, missing, [column for column in header if column and column not in used]
    )


def _best(header: Sequence[str], members: Mapping[str, Member]) -> Iterator[Guess]:
    """Each column and each place at most once, the surest first."""
    columns = [column for column in dict.fromkeys(header) if column]
    found = [
        Guess(column, member.place, score)
        for column in columns
        for member in members.values()
        if (score := _score(column, member)) >= _LEAST
    ]
    taken: set[str] = set()
    for guess in sorted(found, key=lambda each: -each.confidence):
        if guess.column not in taken and guess.place not in taken:
            taken |= {guess.column, guess.place}
            yield guess


def _score(column: str, member: Member) -> float:
    plain = _plain(column)
    scores = (_alike(plain, _plain(word)) for word in _words(member))
    return round(max(scores, default=0.0), 2)


def _words(member: Member) -> Iterator[str]:
    name = member.place.removeprefix("data.")
    bare = re.sub(r"_(fen|on)$", "", name)
    return chain(_USUAL.get(member.place, ()), _CHINESE.findall(member.description), (name, bare))


def _alike(column: str, word: str) -> float:
    if not column or not word:
        return 0.0
    if column == word:
        return _SURE
    shorter, longer = sorted((column, word), key=len)
    if shorter in longer and len(shorter) > 1:
        return _POSSIBLE + (_LIKELY - _POSSIBLE) * len(shorter) / len(longer)
    ratio = SequenceMatcher(None, column, word).ratio()
    return _POSSIBLE * ratio if ratio >= 0.85 else 0.0


def _plain(name: str) -> str:
    return _NOISE.sub("", _IN_BRACKETS.sub("", name)).lower()


def _unit(column: str, member: Member) -> Unit | None:
    if member.kind is not Kind.AMOUNT:
        return None
    if "万" in column:
        return Unit.WAN_YUAN
    return Unit.FEN if "分" in column or "fen" in column.lower() else Unit.YUAN


def _built_id(by_place: Mapping[str, str]) -> model.BuiltId | None:
    """Without a column of ids: the document and whom it concerns, or whom and when."""
    if "id" in by_place or "subject" not in by_place:
        return None
    second = by_place.get("data.document_number") or by_place.get("time")
    return model.BuiltId([second, by_place["subject"]]) if second else None
