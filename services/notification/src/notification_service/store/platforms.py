"""Subscriptions, and who sells where."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from notification_service.model import Platform, PlatformState

_ALL = text("select code, name, url, state from platform order by code")
_ONE = text("select code, name, url, state from platform where code = :code for update")
_ADD = text("""
    insert into platform (code, name, url, secret, state, created_at)
    values (:code, :name, :url, :secret, :state, :now)
    on conflict (code) do nothing
""")
_ROTATE = text("update platform set former_secret = secret, secret = :secret where code = :code")
_CHANGE = text("update platform set name = :name, url = :url, state = :state where code = :code")
_ADD_OPERATORS = text("""
    insert into platform_operator (platform, uscc) select :code, unnest(cast(:usccs as text[]))
    on conflict do nothing
""")
_OPERATORS = text("select platform, uscc from platform_operator where uscc = any(cast(:usccs as text[]))")


class SqlPlatforms:
    """Implements `ports.Platforms`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def subscribed(self) -> list[Platform]:
        """See `ports.Platforms`."""
        return [_platform(row) for row in await self._connection.execute(_ALL)]

    async def find(self, code: str) -> Platform | None:
        """See `ports.Platforms`."""
        row = (await self._connection.execute(_ONE, {"code": code})).one_or_none()
        return None if row is None else _platform(row)

    async def add(self, platform: Platform, secret: str, now: datetime) -> bool:
        """See `ports.Platforms`."""
        added = await self._connection.execute(_ADD, {**_columns(platform), "secret": secret, "now": now})
        return added.rowcount == 1

    async def rotate(self, code: str, secret: str) -> None:
        """See `ports.Platforms`."""
        await self._connection.execute(_ROTATE, {"code": code, "secret": secret})

    async def change(self, platform: Platform) -> None:
        """See `ports.Platforms`."""
        await self._connection.execute(_CHANGE, _columns(platform))

    async def add_operators(self, code: str, usccs: Sequence[str]) -> int:
        """See `ports.Platforms`."""
        added = await self._connection.execute(_ADD_OPERATORS, {"code": code, "usccs": list(usccs)})
        return int(added.rowcount)

    async def operators_among(self, usccs: Sequence[str]) -> AbstractSet[tuple[str, str]]:
        """See `ports.Platforms`."""
        rows = await self._connection.execute(_OPERATORS, {"usccs": list(usccs)})
        return {(row.platform, row.uscc) for row in rows}


def _columns(platform: Platform) -> dict[str, Any]:
    return {
        "code": platform.code,
        "name": platform.name,
        "url": platform.url,
        "state": platform.state.value,
    }


def _platform(row: Any) -> Platform:
    return Platform(row.code, row.name, row.url, PlatformState(row.state))
