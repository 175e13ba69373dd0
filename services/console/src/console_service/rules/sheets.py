"""The sheets of an entity's workbook (一户一档): which columns, from which fields of the services' answers.

A field is a dotted path; how a kind of value is told is in `cells`.
"""

from dataclasses import dataclass
from typing import Final


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
    Column("模型", "Model", "class.model", "model"),
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
        "归集信息",
        "Facts",
        "facts",
        (
            Column("类型", "Type", "type", "fact_types"),
            Column("发生时间", "Occurred at", "occurred_at", "instant"),
            Column("获知时间", "Known", "recorded_at", "instant"),
            Column("计入", "Counts", "counts", "flag"),
            Column("内容", "Particulars", "particulars", "pairs"),
            Column("来源", "Source", "source"),
            Column("信息编号", "Fact id", "fact_id"),
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
        "检查任务",
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
        "失信记录",
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
