"""What keeps the services running, as the pages of 系统运行 write it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from reading import NOTHING, counted, moment

Told = dict[str, Any]


SERVICES = {
    "ingestion": "信息归集",
    "profiling": "精准画像",
    "classification": "科学分类",
    "sampling": "双随机抽查",
    "repair": "信用修复",
    "notification": "告知与共治",
}
ROLES = {
    "city_administrator": "市级管理员",
    "area_officer": "辖区监管人员",
    "inspector": "检查人员",
    "repair_officer": "信用修复人员",
    "model_manager": "模型管理员",
    "approver": "审批人员",
    "auditor": "审计人员",
    "enterprise": "经营主体",
    "platform": "平台企业",
    "source_system": "数据来源单位",
}


def flow_told(service: str, flow: Told) -> list[str]:
    """A service as the list shows it, without the box that opens it and without its speed."""
    lanes = flow["lanes"]
    known = all(lane["lag"] is not None for lane in lanes if lane["topic"])
    lag, pending = sum(lane["lag"] or 0 for lane in lanes), sum(lane["pending_batches"] for lane in lanes)
    waiting = [lane["oldest_pending_at"] for lane in lanes if lane["oldest_pending_at"]]
    return [
        SERVICES[service],
        ("有积压" if lag + pending else "正常") if known else "读数未知",
        counted(sum(lane["read"] for lane in lanes)),
        counted(lag) if known else NOTHING,
        counted(sum(lane["published"] for lane in lanes)),
        counted(pending),
        moment(min(waiting)) if waiting else NOTHING,
        counted(flow["open_dead_letters"]),
    ]


def lane_told(lane: Told) -> list[str]:
    """A lane of a service."""
    return [
        lane["name"],
        lane["topic"] or NOTHING,
        counted(lane["read"]),
        counted(lane["lag"]),
        counted(lane["published"]),
        counted(lane["pending_batches"]),
        moment(lane["oldest_pending_at"]) if lane["oldest_pending_at"] else NOTHING,
    ]


def access_told(entry: Told) -> list[str]:
    """One entry of the access log."""
    at = datetime.fromisoformat(entry["at"]).astimezone(ZoneInfo("Asia/Shanghai"))
    asked = f"{entry['path']}?{entry['query']}" if entry["query"] else entry["path"]
    return [
        at.strftime("%Y-%m-%d %H:%M:%S"),
        entry["username"],
        ROLES[entry["role"]],
        "查看" if entry["method"] in {"GET", "HEAD"} else "更改",
        f"{SERVICES.get(entry['service'], entry['service'])} {asked}",
        entry["entity"] or NOTHING,
        "成功" if entry["status"] < 400 else f"拒绝 {entry['status']}",
        f"{counted(entry['duration_ms'])} 毫秒",
        entry["address"],
    ]
