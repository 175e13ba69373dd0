"""Warnings as profiling tells them, in the words of the page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
from reading import counted, share, written

Signal = dict[str, Any]

ME = "city_administrator"
ELSEWHERE = "510105"
"""Not the area of the demo's officer, whose own journey begins with a queue nobody has touched."""

REASON = "核对数值"
SEVERITIES = {"alarm": "紧急", "warning": "重要", "notice": "提示"}
STEPS = {"remind": "提醒告知", "interview": "约谈", "order_correction": "责令改正", "inspect": "上门检查"}
STATES = {"open": "待处置", "snoozed": "已暂缓", "suppressed": "已屏蔽", "cleared": "已办结"}


def of(signal: Signal) -> str:
    """The signal as a part of an address."""
    return quote(signal["signal_id"], safe="")


def do(api: Callable[[str], httpx.Client], signal: Signal, act: str, **order: object) -> None:
    """The city administrator does this with the signal."""
    api(ME).post(f"/api/profiling/v1/signals/{of(signal)}/{act}", json=order).raise_for_status()


def families_of(ask: Callable[..., Any]) -> dict[str, Any]:
    """The families of signals by code."""
    return {each["code"]: each for each in ask("profiling/v1/signals/families")}


def names_of(ask: Callable[..., Any]) -> dict[str | None, str]:
    """Areas by code, and people by the subject of their token."""
    areas = {each["code"]: each["zh"] for each in ask("vocabulary")["areas"]}
    people = {each["ref"]: each["name"] for each in ask("sampling/v1/inspectors")}
    me = ask("session")
    return {**areas, **people, me["subject"]: me["display_name"], None: "未分派"}


def with_unit(bound: dict[str, Any], value: float) -> str:
    """A value by the unit of its indicator."""
    if bound["unit"] == "share":
        return share(value)
    return written(value) + {"year": " 年", "wan_yuan": " 万元"}.get(bound["unit"], "")


def happened(signal: Signal, family: dict[str, Any]) -> str:
    """What happened, by the kind of the family's rule."""
    number = written(signal["measure"])
    said = {
        "fact_in_effect": f"有 {number} 项情形，目前仍然有效",
        "rising": f"近期 {number} 件，明显多于前一时段",
        "unusual": f"近期 {number} 件，明显偏离自身历史水平",
        "after": f"此后又出现 {number} 条相关信息",
        "conflict": "两项信息互相矛盾",
        "report_due": "期限将至，尚未报送",
    }
    if family["kind"] in said:
        return said[family["kind"]]
    bound = family["rule"]["reaches"][0]
    value = with_unit(bound, signal["measure"])
    if family["kind"] == "above_peers":
        return f"{bound['zh']}为 {value}，明显高于同辖区同行业"
    return f"{bound['zh']}为 {value}，预警线 {with_unit(bound, bound['bound'])}"


def rule_said(family: dict[str, Any]) -> str:
    """When the family tells, with the figures of its rule."""
    rule = family["rule"]
    days, least = counted(rule["days"]), counted(rule["at_least"])
    bounds = "，且".join(
        f"{each['zh']}{'不高于' if each['at_most'] else '不低于'} {with_unit(each, each['bound'])}"
        for each in rule["reaches"]
    )
    return {
        "fact_in_effect": "发生规定情形且仍然有效即预警" + (f"（{days} 日内）" if rule["days"] else ""),
        "rising": f"{days} 日内达 {least} 件以上，且多于前 {days} 日的 {written(rule['factor'])} 倍",
        "unusual": f"{days} 日内达 {least} 件以上，按前 {counted(rule['history_days'])} 日自身水平推算，"
        f"出现概率不超过 {written((family['alpha'] or 0) * 100)}%",
        "after": f"在先的事项发生 {days} 日之后，又出现与之不符的信息",
        "reached": bounds,
    }[family["kind"]]
