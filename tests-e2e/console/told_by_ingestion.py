"""What ingestion tells, as the pages of 信息归集 write it."""

import json
import re
from collections.abc import Callable
from typing import Any

from reading import NOTHING, moment, words

Ask = Callable[..., Any]
Told = dict[str, Any]


VERDICTS = {"accepted": "可接受", "duplicate": "重复", "quarantined": "隔离", "rejected": "拒绝"}
JOBS = {"check": "试运行", "load": "入库", "done": "完成"}
REASONS = words("i18n/reasons.ts")
WORDS = words("floors/collection/text.ts")


def duration(text: str | None) -> str | None:
    """A duration of one unit, in words."""
    units = {"D": "天", "H": "小时", "M": "分钟"}
    found = re.fullmatch(r"PT?(\d+)([DHM])", text or "")
    return f"{found[1]} {units[found[2]]}" if found else None


def size(count: int) -> str:
    """Bytes as people write them."""
    return f"{count} B" if count < 1024 else f"{count / 1024:.1f} KB"


def problem(told: Told) -> str:
    """What is wrong with a row: of what is quarantined in the words of the quarantine."""
    return str(REASONS.get(told["problem"], told["problem"]))


def source_told(told: Told, type_names: dict[str, str]) -> list[str]:
    """A source as the list shows it."""
    last = "从未到数" if told["last_fact_at"] is None else moment(told["last_fact_at"])
    return [
        told["name"],
        told["owner"],
        "、".join(type_names[each] for each in told["fact_types"]) or "不限",
        duration(told["expected_freshness"]) or "未约定",
        last + (" 逾期未报" if told["late"] and told["last_fact_at"] else ""),
        "HTTP、Kafka" if told["kafka_enabled"] else "HTTP",
        f"{len(told['expiring_keys'])} 把即将到期" if told["expiring_keys"] else "正常",
        "已停用" if told["suspended"] else "使用中",
    ]


def standing_told(ask: Ask, name: str, type_names: dict[str, str]) -> list[list[str]]:
    """What a source is, and when each type last came."""
    told = ask(f"ingestion/v1/sources/{name}")
    listed = source_told(told, type_names)
    return [
        ["主管单位", told["owner"]],
        ["联系人", told["contact"] or NOTHING],
        ["报送事项", listed[2]],
        ["应报频度", listed[3]],
        ["状态", listed[7]],
        *([type_names[each["type"]], moment(each["at"])] for each in told["last_facts"]),
    ]


def keys_told(ask: Ask, name: str) -> list[list[str]]:
    """The keys of a source."""
    return [
        [
            key["key_id"],
            moment(key["created_at"]),
            moment(key["expires_at"]) if key["expires_at"] else "长期",
            key["last_used_on"] or "未使用",
            "已吊销" if key["revoked_at"] else "",
        ]
        for key in ask(f"ingestion/v1/sources/{name}/keys")
    ]


def changes_told(ask: Ask, name: str) -> list[list[str]]:
    """Who changed what of a source."""

    def value(one: Any) -> str:
        return NOTHING if one is None else json.dumps(one, ensure_ascii=False, separators=(",", ":"))

    return [
        [moment(each["at"]), each["by"], each["field"], value(each["before"]), value(each["after"])]
        for each in ask(f"ingestion/v1/sources/{name}/changes?limit=20")["items"]
    ]


def state_told(job: Told) -> str:
    """How far a job is."""
    return f"{JOBS[job['kind']]} · {JOBS[job['state']]}"


def held_told(told: Told, type_names: dict[str, str]) -> list[str]:
    """A quarantined fact as the work list shows it."""
    return [
        moment(told["received_at"]),
        told["source"],
        type_names[told["type"]],
        told["subject"] or NOTHING,
        REASONS[told["reason"]],
        " · ".join(filter(None, [WORDS[f"state_{told['state']}"], told["settled_by"]])),
    ]
