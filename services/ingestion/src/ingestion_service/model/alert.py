"""What somebody should look at: a silent source, a key that ends soon, a code claimed twice (告警)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlertKind(StrEnum):
    """What is wrong."""

    SOURCE_SILENT = "source_silent"
    """Nothing came for longer than its expected freshness."""
    KEY_EXPIRING = "key_expiring"
    """A key ends within 14 days and was not rotated."""
    CODE_CONTESTED = "code_contested"
    """A fact claims an old code that another entity claimed before; a person sees to it."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; closed without `closed_by`, it was over by itself.

    Attributes:
        since: The last fact, or, if none came, the registration or resumption; the start of a key's last 14 days; when
            the code was claimed again.
        about: The code contested, and the id of the fact that claims it; else empty.
    """

    id: int
    kind: AlertKind
    source: str
    key_id: str
    since: datetime
    opened_at: datetime
    closed_at: datetime | None = None
    closed_by: str | None = None
    reason: str | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at all sources found: new alerts, alerts that are over, and how many sources are silent."""

    opened: tuple[Alert, ...]
    closed: tuple[Alert, ...]
    silent: int
