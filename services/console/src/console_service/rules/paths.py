"""What a forwarded path may be, and what it names."""

import re
from typing import Final
from urllib.parse import parse_qsl, unquote

SERVICES: Final = ("ingestion", "profiling", "classification", "sampling", "repair", "notification")
_SAFE_METHODS: Final = frozenset({"GET", "HEAD"})
_RAW: Final = re.compile(r"/v1(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+)+/?")
"""Segments of RFC 3986's `pchar`, none of them empty."""

_FORBIDDEN: Final = re.compile(r"[\x00-\x1f\x7f\\]")
_ENTITY: Final = re.compile(r"/v1/(?:entities|trail)/([0-9A-Za-z]{15,18})(?:/|$)")
_CODE: Final = re.compile(r"[0-9A-Za-z]{15,18}")
_SHOWS_CLASSES: Final = re.compile(r"/v1/(?:classes|snapshots/[^/]+/classes|drafts/[^/]+/shadow/movers)")


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
    """Whether a request goes into the access log: it names an entity, changes something, or shows classes."""
    if entity is not None or method not in _SAFE_METHODS:
        return True
    return service == "classification" and bool(_SHOWS_CLASSES.match(path))
