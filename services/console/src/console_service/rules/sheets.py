"""The sheets of an entity's workbook (一户一档): which columns, from which fields of the services' answers.

A field is a dotted path. What a cell says is what the page says; numbers, days and instants stay such.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from console_service.rules.particulars import told
from console_service.rules.words import Words

CHINA: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and the format in which Excel is to write it."""

    value: float
    form: str


Cell = str | Figure | date | datetime | None
Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading in both languages, where its value is, what kind of value that is, where its English."""

    zh: str
    en: str
    field: str
    kind: str = "text"
    english: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name in both languages, which list it shows, its columns."""

    zh: str
    en: str
    source: str
    columns: tuple[Column, ...]


INTERNAL: Final = (
    "内部资料，不得向主体、平台或社会公开类别与得分",
    "Internal: class and score must not be disclosed to the entity, to platforms or to the public",
)
MADE: Final = (
    Column("导出时间", "Exported at", "made.at", "instant"),
    Column("导出人", "Exported by", "made.by"),
)
ENTITY: Final = (
    Column("统一社会信用代码", "Unified social credit code", "entity.uscc"),
    Column("名称", "Name", "entity.name"),
    Column("主体类型", "Entity type", "entity.entity_type", "entity_types"),
    Column("状态", "Status", "entity.status", "statuses"),
    Column("辖区（区划代码）", "Area (code)", "entity.area_code", "area"),
    Column("行业", "Industry", "entity", "industry"),
    Column("注册资本（元）", "Registered capital (CNY)", "entity.capital_fen", "fen"),
    Column("成立日期", "Established on", "entity.established_on", "date"),
    Column("法定代表人", "Legal representative", "entity.legal_person_ref"),
    Column("入驻平台", "Platforms", "entity.platforms", "list"),
    Column("所属重点行业", "Key sectors", "entity.sectors", "sectors"),
    Column("住所", "Address", "entity.address"),
    Column("信用风险类别", "Class", "class.risk_class", "class"),
    Column("风险得分", "Score", "class.score", "number"),
    Column("标记", "Marks", "class.flags", "flags"),
    Column("模型", "Model", "class.model"),
    Column("判定时间", "Decided at", "class.decided_at", "instant"),
    Column("说明", "In words", "class.sentence_zh", english="class.sentence_en"),
)
SHEETS: Final = (
    Sheet(
        "指标明细",
        "Indicators",
        "indicators",
        (
            Column("指标", "Indicator", "zh", english="en"),
            Column("指标值", "Value", "value", "value"),
            Column("单位", "Unit", "unit", "unit"),
            Column("计分", "Points", "points", "number"),
            Column("说明", "In words", "sentence", english="sentence_en"),
        ),
    ),
    Sheet(
        "事实",
        "Facts",
        "facts",
        (
            Column("类型", "Type", "type", "fact_types"),
            Column("发生时间", "Occurred at", "occurred_at", "instant"),
            Column("记录时间", "Recorded at", "recorded_at", "instant"),
            Column("计入", "Counts", "counts", "flag"),
            Column("内容", "Particulars", "particulars", "pairs"),
            Column("来源", "Source", "source"),
            Column("事实编号", "Fact id", "fact_id"),
        ),
    ),
    Sheet(
        "预警",
        "Warnings",
        "signals",
        (
            Column("类别", "Family", "family", "families"),
            Column("级别", "Severity", "severity", "severity"),
            Column("建议措施", "Suggested step", "suggested_step", "step"),
            Column("产生日期", "Raised on", "raised_on", "date"),
            Column("办理期限", "Due on", "due_on", "date"),
            Column("状态", "State", "state", "state"),
            Column("解除日期", "Cleared on", "cleared_on", "date"),
            Column("解除理由", "Cleared because", "cleared_reason"),
            Column("证据", "Evidence", "evidence", "lines"),
            Column("编号", "Id", "signal_id"),
        ),
    ),
    Sheet(
        "检查",
        "Inspections",
        "tasks",
        (
            Column("抽取编号", "Draw", "draw_id"),
            Column("事项", "Items", "items", "items"),
            Column("检查人员", "Inspectors", "inspectors", "list"),
            Column("抽取日期", "Drawn on", "drawn_on", "date"),
            Column("期限", "Due on", "due_on", "date"),
            Column("状态", "State", "state", "task"),
            Column("检查结果", "Result", "result_codes", "values"),
            Column("检查时间", "Visited at", "occurred_at", "instant"),
            Column("备注", "Remark", "remark"),
            Column("任务编号", "Task", "task_id"),
        ),
    ),
    Sheet(
        "记录",
        "Records",
        "records",
        (
            Column("文书号", "Document number", "document_number"),
            Column("种类", "Kind", "kind", "kind"),
            Column("处罚种类", "Kinds of penalty", "penalty_kinds", "values"),
            Column("违法行为", "Violation", "violation", "fact_values"),
            Column("列入事由", "Reason of the listing", "reason", "fact_values"),
            Column("失信程度", "Gravity", "tier", "tier"),
            Column("机关", "Authority", "authority"),
            Column("罚款（元）", "Fine (CNY)", "fine_fen", "penalty_fen"),
            Column("没收（元）", "Confiscated (CNY)", "confiscated_fen", "penalty_fen"),
            Column("决定日期", "Decided on", "decided_on", "date"),
            Column("公示起", "Published on", "published_on", "date"),
            Column("可申请修复", "Repair from", "apply_from", "date"),
            Column("公示止", "Stops on", "stops_on", "date"),
            Column("状态", "State", "state", "record"),
            Column("停止日期", "Stopped on", "stopped_on", "date"),
            Column("编号", "Id", "record_id"),
        ),
    ),
    Sheet(
        "文书",
        "Notices",
        "notices",
        (
            Column("标题", "Title", "title_zh", english="title_en"),
            Column("日期", "Issued on", "issued_on", "date"),
            Column("渠道", "Channel", "channel", "channel"),
            Column("状态", "State", "state", "notice"),
            Column("送达时间", "Settled at", "settled_at", "instant"),
            Column("正文", "Text", "text"),
            Column("编号", "Id", "notice_id"),
        ),
    ),
)


def heading(column: Column, words: Words) -> str:
    """What stands above a column; Excel knows no zones, so the heading of instants tells theirs."""
    said = words.say(column.zh, column.en)
    return words.bracketed(said, words.say("北京时间", "China time")) if column.kind == "instant" else said


def rows(columns: Sequence[Column], items: Sequence[Item], words: Words) -> Iterator[list[Cell]]:
    """The cells of each item."""
    return ([cell(column, item, words) for column in columns] for item in items)


def cell(column: Column, item: Item, words: Words) -> Cell:
    """What stands in a column for this item; nothing for what it does not have."""
    value = _at(column.field, item)
    if column.english and words.language == "en":
        value = _at(column.english, item) or value
    return None if value in (None, "", []) else _READ[column.kind](value, words, item)


def _at(field: str, item: Item) -> Any:
    value: Any = item
    for part in field.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _figure(value: float, most: int = 2, end: str = "") -> Figure:
    """A number with as many decimals as it needs, `most` at most."""
    shown = value * 100 if end == "%" else value
    decimals = len(f"{shown:.{most}f}".rstrip("0").partition(".")[2])
    return Figure(value, "#,##0" + ("." + "0" * decimals if decimals else "") + end)


def _value(value: float, words: Words, item: Item) -> Cell:
    """The value of an indicator, as its unit is written."""
    if item.get("unit") == "yes_no":
        return words.sure(yes=bool(value))
    return _figure(value, 1, "%") if item.get("unit") == "share" else _figure(value)


def _unit(unit: str, words: Words, _item: Item) -> Cell:
    """The word after the number; where the page says none, none."""
    return None if (said := words.word("units", unit)) == unit else said


def _fen(value: int, _words: Words, _item: Item) -> Cell:
    return Figure(value / 100, "#,##0.00")


def _industry(entity: Item, words: Words, _item: Item) -> Cell:
    code = entity.get("industry") or entity.get("inferred_industry")
    if not code:
        return None
    said = f"{code} {words.name('sections', code[:1])}"
    if entity.get("industry"):
        return said
    return words.bracketed(said, words.word("identity", "industry_inferred"))


def _record_state(state: str, words: Words, record: Item) -> Cell:
    told_as = "hidden" if "published_on" in record and record["published_on"] is None else state
    return words.word("supervision", told_as, "record_")


def _instant(value: str, _words: Words, _item: Item) -> Cell:
    return datetime.fromisoformat(value).astimezone(CHINA).replace(tzinfo=None)


def _pairs(value: Item, words: Words, _item: Item) -> Cell:
    return "\n".join(words.say(f"{what}：{says}", f"{what}: {says}") for what, says in told(value, words))


_Reader = Callable[[Any, Words, Item], Cell]


def _word(pack: str, prefix: str = "") -> _Reader:
    return lambda code, words, _item: words.word(pack, code, prefix)


def _each(say: _Reader) -> _Reader:
    return lambda codes, words, item: words.listed(str(say(code, words, item)) for code in codes)


def _name(kind: str) -> _Reader:
    return lambda code, words, _item: words.name(kind, code)


_READ: Final[Mapping[str, _Reader]] = {
    "text": lambda value, _words, _item: str(value),
    "number": lambda value, _words, _item: _figure(value),
    "value": _value,
    "unit": _unit,
    "fen": _fen,
    "penalty_fen": lambda value, words, record: (
        _fen(value, words, record) if record.get("kind") == "penalty" else None
    ),
    "date": lambda value, _words, _item: date.fromisoformat(value),
    "instant": _instant,
    "flag": lambda value, words, _item: words.sure(yes=value),
    "list": _each(lambda value, _words, _item: str(value)),
    "lines": lambda values, _words, _item: "\n".join(map(str, values)),
    "pairs": _pairs,
    "area": lambda code, words, _item: words.bracketed(words.name("areas", code), code),
    "industry": _industry,
    "class": lambda code, words, _item: words.bracketed(code, words.word("identity", code, "class_")),
    "flags": _each(_word("identity", "flag_")),
    "sectors": _each(_name("sectors")),
    "items": _each(_name("items")),
    "values": _each(_word("fact_values")),
    "record": _record_state,
    **{kind: _name(kind) for kind in ("entity_types", "families")},
    **{pack: _word(pack) for pack in ("statuses", "fact_types", "fact_values")},
    **{
        kind: _word("supervision", f"{kind}_")
        for kind in ("severity", "step", "state", "task", "kind", "tier", "notice", "channel")
    },
}
