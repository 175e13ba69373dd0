"""What keeps the services running, as the pages of 系统运行 write it."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from reading import NOTHING, counted, moment, words

Told = dict[str, Any]


DOCUMENTS = Path(__file__).resolve().parents[2] / "docs" / "generated"
WORDS = words("floors/operations/text.ts")
SERVICES = {
    service: WORDS[service]
    for service in ("ingestion", "profiling", "classification", "sampling", "repair", "notification")
}
ROLES = words("i18n/words.ts", "useRoles")
LOOKS = (
    r"/v1/(entities|classes)/lookup",
    r"/v1/dead-letters/[^/]+/check",
    "/v1/drafts/check",
    "/v1/models/what-if",
    "/v1/replays",
    r"/v1/sources/[^/]+/mappings/[^/]+/suggest",
)
"""What is asked by POST and changes nothing."""


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


def letter_told(letter: Told) -> list[str]:
    """A dead letter as the list shows it."""
    settled = (
        [WORDS[letter["settled_as"]], letter["settled_by"], moment(letter["settled_at"])]
        if letter["settled_as"]
        else []
    )
    return [
        moment(letter["created_at"]),
        letter["type"],
        letter["key"] or NOTHING,
        letter["error"],
        *([" · ".join(settled)] if settled else []),
    ]


def only_read(entry: Told) -> bool:
    """Whether a request changed nothing."""
    looked = entry["method"] == "POST" and any(re.fullmatch(look, entry["path"]) for look in LOOKS)
    return looked or entry["method"] in {"GET", "HEAD"}


def act_told(entry: Told) -> str:
    """What somebody did."""
    if entry["service"] == "console" and entry["path"] in {"/session", "/oidc/callback"}:
        return "登录、退出"
    return "查看" if only_read(entry) else "更改"


def outcome_told(status: int | None) -> str:
    """How a request ended."""
    if status is None:
        return "无响应"
    return "成功" if status < 400 else f"{'拒绝' if status < 500 else '失败'} {status}"


def call_told(entry: Told) -> str | None:
    """What a request asked for, in the Chinese of its service's own document."""
    paths: dict[str, Any] = json.loads((DOCUMENTS / f"{entry['service']}.openapi.json").read_text())["paths"]
    prefix = "/api" if entry["service"] == "console" else ""
    of_all = sorted(paths, key=lambda each: each.count("{"))
    for path in of_all:
        fits = re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path))
        if path.endswith(("/{record_id}", "/{source}/{fact_id}")):
            fits = fits.removesuffix("[^/]+") + ".+"
        if entry["method"].lower() in paths[path] and re.fullmatch(fits, prefix + entry["path"]):
            summary: str = paths[path][entry["method"].lower()]["summary"]
            return re.sub(r"^[\x00-\x7f]+", "", summary).rstrip(")")
    return None


def access_told(entry: Told) -> list[str]:
    """One entry of the access log."""
    at = datetime.fromisoformat(entry["at"]).astimezone(ZoneInfo("Asia/Shanghai"))
    asked = f"{entry['path']}?{entry['query']}" if entry["query"] else entry["path"]
    where = " · ".join(filter(None, (WORDS[entry["service"]], call_told(entry))))
    return [
        at.strftime("%Y-%m-%d %H:%M:%S"),
        entry["username"],
        ROLES.get(entry["role"], ""),
        act_told(entry),
        f"{where} {asked}" + (f" 理由：{entry['reason']}" if entry["reason"] else ""),
        entry["entity"] or NOTHING,
        outcome_told(entry["status"]),
        f"{counted(entry['duration_ms'])} 毫秒",
        entry["address"],
    ]
