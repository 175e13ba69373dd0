"""The sheets of an entity's workbook (一户一档): which columns, from which fields of the services' answers.

A field is a dotted path; money is told in fen and shown in yuan; codes stay text.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

CHINA: Final = ZoneInfo("Asia/Shanghai")
Cell = str | float | date | datetime | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading in both languages, where its value is, and what kind of value that is."""

    zh: str
    en: str
    field: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name in both languages, which list it shows, its columns."""

    zh: str
    en: str
    source: str
    columns: tuple[Column, ...]


ENTITY: Final = (
    Column("统一社会信用代码", "Unified social credit code", "entity.uscc"),
    Column("名称", "Name", "entity.name"),
    Column("状态", "Status", "entity.status"),
    Column("区划代码", "Area code", "entity.area_code"),
    Column("行业", "Industry", "entity.industry"),
    Column("主体类型", "Entity type", "entity.entity_type"),
    Column("成立日期", "Established on", "entity.established_on", "date"),
    Column("注册资本(元)", "Registered capital (CNY)", "entity.capital_fen", "fen"),
    Column("地址", "Address", "entity.address"),
    Column("风险类别", "Risk class", "class.risk_class"),
    Column("得分", "Score", "class.score", "number"),
    Column("模型", "Model", "class.model"),
    Column("判定时间", "Decided at", "class.decided_at", "instant"),
    Column("说明", "In words", "class.sentence_zh"),
)
POINTS: Final = (
    Column("指标", "Indicator", "zh"),
    Column("指标(英文)", "Indicator (English)", "en"),
    Column("取值", "Value", "value", "number"),
    Column("单位", "Unit", "unit"),
    Column("分值", "Points", "points", "number"),
    Column("说明", "In words", "sentence"),
    Column("说明(英文)", "In words (English)", "sentence_en"),
)
SHEETS: Final = (
    Sheet(
        "事实",
        "Facts",
        "facts",
        (
            Column("类型", "Type", "type"),
            Column("来源", "Source", "source"),
            Column("事实编号", "Fact id", "fact_id"),
            Column("发生时间", "Occurred at", "occurred_at", "instant"),
            Column("记录时间", "Recorded at", "recorded_at", "instant"),
            Column("计入", "Counts", "counts", "flag"),
            Column("内容", "Particulars", "particulars", "pairs"),
        ),
    ),
    Sheet(
        "预警",
        "Warnings",
        "signals",
        (
            Column("编号", "Id", "signal_id"),
            Column("类别", "Family", "family_zh"),
            Column("级别", "Severity", "severity"),
            Column("证据", "Evidence", "evidence", "list"),
            Column("建议措施", "Suggested step", "suggested_step"),
            Column("产生日期", "Raised on", "raised_on", "date"),
            Column("办理期限", "Due on", "due_on", "date"),
            Column("状态", "State", "state"),
            Column("解除日期", "Cleared on", "cleared_on", "date"),
            Column("解除理由", "Cleared because", "cleared_reason"),
        ),
    ),
    Sheet(
        "检查",
        "Inspections",
        "tasks",
        (
            Column("任务编号", "Task", "task_id"),
            Column("抽取编号", "Draw", "draw_id"),
            Column("事项", "Items", "items", "list"),
            Column("检查人员", "Inspectors", "inspectors", "list"),
            Column("抽取日期", "Drawn on", "drawn_on", "date"),
            Column("期限", "Due on", "due_on", "date"),
            Column("状态", "State", "state"),
            Column("结果代码", "Result codes", "result_codes", "list"),
            Column("检查时间", "Visited at", "occurred_at", "instant"),
            Column("备注", "Remark", "remark"),
        ),
    ),
    Sheet(
        "记录",
        "Records",
        "records",
        (
            Column("编号", "Id", "record_id"),
            Column("种类", "Kind", "kind"),
            Column("等级", "Tier", "tier"),
            Column("文书号", "Document number", "document_number"),
            Column("机关", "Authority", "authority"),
            Column("违法行为", "Violation", "violation"),
            Column("罚款(元)", "Fine (CNY)", "fine_fen", "fen"),
            Column("没收(元)", "Confiscated (CNY)", "confiscated_fen", "fen"),
            Column("决定日期", "Decided on", "decided_on", "date"),
            Column("公示起", "Published on", "published_on", "date"),
            Column("可申请修复", "Repair from", "apply_from", "date"),
            Column("公示止", "Stops on", "stops_on", "date"),
            Column("状态", "State", "state"),
            Column("停止日期", "Stopped on", "stopped_on", "date"),
        ),
    ),
    Sheet(
        "文书",
        "Notices",
        "notices",
        (
            Column("编号", "Id", "notice_id"),
            Column("标题", "Title", "title_zh"),
            Column("标题(英文)", "Title (English)", "title_en"),
            Column("日期", "Issued on", "issued_on", "date"),
            Column("渠道", "Channel", "channel"),
            Column("状态", "State", "state"),
            Column("正文", "Text", "text"),
        ),
    ),
)


def rows(columns: Sequence[Column], items: Sequence[Mapping[str, Any]]) -> Iterator[list[Cell]]:
    """The cells of each item."""
    return ([cell(column, item) for column in columns] for item in items)


def cell(column: Column, item: Mapping[str, Any]) -> Cell:
    """What stands in a column for this item; nothing for what it does not have."""
    value: Any = item
    for part in column.field.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return None if value is None else _READ[column.kind](value)


def _instant(value: str) -> datetime:
    """Excel knows no zones: the time in China."""
    return datetime.fromisoformat(value).astimezone(CHINA).replace(tzinfo=None)


def _pairs(value: Mapping[str, Any]) -> str:
    return "; ".join(f"{name}: {told}" for name, told in value.items() if told not in (None, "", []))


_READ: Final[Mapping[str, Callable[[Any], Cell]]] = {
    "text": str,
    "number": float,
    "fen": lambda value: value / 100,
    "date": date.fromisoformat,
    "instant": _instant,
    "flag": bool,
    "list": lambda value: "; ".join(map(str, value)),
    "pairs": _pairs,
}
