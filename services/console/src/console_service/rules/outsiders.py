"""What enterprises, platforms and source systems may ask through the console: this list, and nothing else.

Each service refuses them by itself. The console refuses once more, by a list of its own, so that one mistake in a
service cannot hand a class to them. A test holds the list against the roles that the services' documents declare.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple


class Allowed(NamedTuple):
    """One operation: `*` stands for one segment, `**` for one or more."""

    method: str
    service: str
    path: str


_FILES = (
    Allowed("GET", "ingestion", "/v1/sources/*/mappings"),
    Allowed("GET", "ingestion", "/v1/sources/*/mappings/*"),
    Allowed("PUT", "ingestion", "/v1/sources/*/mappings/*"),
    Allowed("POST", "ingestion", "/v1/sources/*/mappings/*/suggest"),
    Allowed("POST", "ingestion", "/v1/files"),
    Allowed("GET", "ingestion", "/v1/files"),
    Allowed("DELETE", "ingestion", "/v1/files/*"),
    Allowed("GET", "ingestion", "/v1/files/*"),
    Allowed("POST", "ingestion", "/v1/files/*/check"),
    Allowed("POST", "ingestion", "/v1/files/*/load"),
    Allowed("POST", "ingestion", "/v1/files/*/cancel"),
    Allowed("GET", "ingestion", "/v1/files/*/events"),
    Allowed("GET", "ingestion", "/v1/files/*/rows"),
    Allowed("GET", "ingestion", "/v1/files/*/report.xlsx"),
    Allowed("HEAD", "ingestion", "/v1/files/*/content"),
    Allowed("PATCH", "ingestion", "/v1/files/*/content"),
    Allowed("PUT", "ingestion", "/v1/files/*/content"),
)

OUTSIDERS: Mapping[str, tuple[Allowed, ...]] = {
    "enterprise": (
        Allowed("GET", "notification", "/v1/my/notices"),
        Allowed("GET", "repair", "/v1/my/records"),
    ),
    "platform": (
        Allowed("GET", "notification", "/v1/clues"),
        Allowed("POST", "notification", "/v1/clues/*/answer"),
    ),
    "source_system": (
        Allowed("POST", "ingestion", "/v1/facts"),
        Allowed("GET", "ingestion", "/v1/facts/*/**"),
        Allowed("GET", "ingestion", "/v1/fact-types"),
        Allowed("GET", "ingestion", "/v1/fact-types/*/schema"),
        *_FILES,
    ),
}


def may_forward(role: str, method: str, service: str, path: str) -> bool:
    """Whether somebody of this role may ask this of a service through the console; `path` is decoded."""
    if role not in OUTSIDERS:
        return True
    return any(
        (method, service) == (allowed.method, allowed.service) and pattern_of(allowed.path).fullmatch(path)
        for allowed in OUTSIDERS[role]
    )


def pattern_of(path: str) -> re.Pattern[str]:
    """What a path of the list matches."""
    escaped = re.escape(path).replace(r"\*\*", ".+").replace(r"\*", "[^/]+")
    return re.compile(escaped)
