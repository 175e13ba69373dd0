"""What a forwarded path may be, and what it names."""

import re
from typing import Final
from urllib.parse import parse_qsl, unquote

SERVICES: Final = ("ingestion", "profiling", "classification", "sampling", "repair", "notification")
_SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
_RAW: Final = re.compile(r"/v1(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+)+/?")
"""Segments of RFC 3986's `pchar`, none of them empty."""

_FORBIDDEN: Final = re.compile(r"[\x00-\x1f\x7f\\]")
_ENTITY: Final = re.compile(r"/v1/(?:(?:entities|trail)/|signals/[a-z_]+\|)([0-9A-Za-z]{15,18})(?:[/|]|$)")
"""A signal's id has its entity's code in its middle."""

_CODE: Final = re.compile(r"[0-9A-Za-z]{15,18}")
_TOLD: Final = {
    "profiling": re.compile(r"/v1/entities/search"),
    "classification": re.compile(
        r"/v1/(?:classes|interventions|objections|snapshots/[^/]+/classes|drafts/[^/]+/shadow/movers"
        r"|models/what-if/[^/]+/moves)"
    ),
    "sampling": re.compile(r"/v1/(?:tasks|key-pool|pools|draws/[^/]+/audit-file)"),
    "repair": re.compile(r"/v1/records/"),
    "notification": re.compile(r"/v1/(?:notices|clue-register)/"),
}
"""Reads that show classes or one entity's affairs though they name none, or seek persons."""


def is_plain(raw: str) -> bool:
    """Whether a path as it was sent stays below `/v1/`, however often somebody decodes it.

    Source: RFC 3986 section 3.3 for segments, 5.2.4 for what dots do.
    """
    if not _RAW.fullmatch(raw):
        return False
    decoded = raw
    for _ in range(3):
        decoded = unquote(decoded)
        if _FORBIDDEN.search(decoded) or not {".", ".."}.isdisjoint(decoded.split("/")):
            return False
    return True


def entity_of(path: str, query: str) -> str | None:
    """The unified social credit code that a request names in its decoded path or its query, if it names one."""
    if found := _ENTITY.match(path):
        return found[1]
    named = (value for name, value in parse_qsl(query) if name in {"uscc", "entity"})
    return next((value for value in named if _CODE.fullmatch(value)), None)


def is_logged(method: str, service: str, path: str, entity: str | None) -> bool:
    """Whether a request is logged: it names an entity, changes something, or shows classes or persons."""
    if entity is not None or method not in _SAFE_METHODS:
        return True
    told = _TOLD.get(service)
    return told is not None and told.match(path) is not None
