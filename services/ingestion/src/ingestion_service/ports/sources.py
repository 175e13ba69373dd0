"""What is needed of sources: the register, who may send, what is wrong with them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from ingestion_service.model.alert import Alert, AlertKind
from ingestion_service.model.quality import Quality
from ingestion_service.model.source import ApiKey, Change, Freshness, LastFact, NewSource, Signature, Source


class Register(Protocol):
    """The registered sources and their keys; who changed what, and when, is kept."""

    async def add(self, source: NewSource, by: Signature) -> Source:
        """The source is registered.

        Raises:
            NameTaken: One of that name is.
        """
        ...

    async def change(self, name: str, changes: Mapping[str, Any], by: Signature) -> Source:
        """These fields of the source, named as in `Source`, have these values.

        Raises:
            UnknownSource: It is not registered.
        """
        ...

    async def changes(self, name: str, after: int, limit: int) -> Sequence[Change]:
        """Up to `limit` changes of the source with a number above `after`, oldest first."""
        ...

    async def add_key(self, key: ApiKey, by: Signature) -> None:
        """The key is known.

        Raises:
            UnknownSource: Its source is not registered.
        """
        ...

    async def rotate_key(self, key_id: str, new: ApiKey, until: datetime, by: Signature) -> datetime:
        """The new key is known and the source's old one holds until then at most; returns its end.

        Raises:
            UnknownKey: The source has none of that id, or it holds no longer.
        """
        ...

    async def revoke_key(self, source: str, key_id: str, by: Signature) -> None:
        """The source's key is no longer valid.

        Raises:
            UnknownKey: The source has none of that id, or it was revoked before.
        """
        ...

    async def sources(self) -> Mapping[str, Source]:
        """All sources by name."""
        ...

    async def keys(self) -> Mapping[str, ApiKey]:
        """All keys that are not revoked, by id."""
        ...

    async def keys_of(self, source: str) -> Sequence[ApiKey]:
        """All keys the source ever had, oldest first."""
        ...

    async def last_facts(self, name: str) -> Sequence[LastFact]:
        """When the last fact of each type came from the source, as last looked."""
        ...

    async def freshness(self) -> Mapping[str, Freshness]:
        """How fresh each source is, by name."""
        ...


class Senders(Protocol):
    """The register as it stood a moment ago."""

    async def sender(self, name: str) -> Mapping[str, Source]:
        """The one source of that name, by name; empty when it may not send."""
        ...

    async def everyone(self) -> Mapping[str, Source]:
        """Every source that may send, by name."""
        ...

    async def refresh(self) -> None:
        """The register changed: read it again."""
        ...


class Alerts(Protocol):
    """What somebody should look at."""

    async def page(
        self, *, is_open: bool | None, kind: AlertKind | None, source: str | None, after: int, limit: int
    ) -> Sequence[Alert]:
        """Up to `limit` with a number above `after`, oldest first; None does not narrow."""
        ...

    async def acknowledge(self, number: int, reason: str, by: Signature) -> Alert:
        """The alert is closed, and not opened again for the same cause.

        Raises:
            UnknownAlert: There is none of that number.
            NotOpen: It is closed already.
        """
        ...


class QualityFigures(Protocol):
    """How good what the sources send is, day by day."""

    async def compute(self, day: date, now: datetime) -> None:
        """The figures of the day (Asia/Shanghai) are those of the ledger as it is now."""
        ...

    async def read(self, first: date, last: date, source: str | None) -> Sequence[Quality]:
        """The figures of the days that were computed, by day, source and type; all types first."""
        ...
