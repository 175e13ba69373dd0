"""Failed logins, and the browsers that have opened an account before."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from console_service.errors import LoginThrottled
from console_service.rules.throttling import FORGOTTEN_AFTER, OWN_KINDS, Failures, kind_of, wait_s

_DEVICE_KEPT = timedelta(days=90)


class Logins:
    """Attempts to log in; they are counted where a restart does not forget them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def knows(self, device: bytes, username: str) -> bool:
        """Whether this browser has opened this account before."""
        statement = text("select 1 from device where id_hash = :device and username = :username")
        async with self._engine.connect() as connection:
            found = await connection.execute(statement, {"device": device, "username": username})
            return found.first() is not None

    async def remember(self, device: bytes, username: str, now: datetime) -> None:
        """This browser is known to have opened this account."""
        statement = text("""
            insert into device (id_hash, username, seen_at) values (:device, :username, :now)
            on conflict (id_hash) do update set username = excluded.username, seen_at = excluded.seen_at
        """)
        async with self._engine.begin() as connection:
            await connection.execute(statement, {"device": device, "username": username, "now": now})

    async def attempt(self, keys: Sequence[str], now: datetime) -> None:
        """The attempt is counted as failed before it is looked at, so that many at once are not many guesses.

        Raises:
            LoginThrottled: It is not looked at; then it is not counted either.
        """
        forgotten = now - FORGOTTEN_AFTER
        values = {"keys": list(keys), "now": now, "forgotten": forgotten}
        async with self._engine.begin() as connection:
            await connection.execute(_MAKE, values)
            rows = await connection.execute(_LOCK, values)
            known = [Failures(row.key, row.failures, row.last_at) for row in rows]
            if wait := wait_s((each for each in known if each.last_at > forgotten), now):
                raise LoginThrottled(wait)
            await connection.execute(_COUNT, values)

    async def succeeded(self, keys: Sequence[str]) -> None:
        """What was counted for the attempt is taken back."""
        own = [key for key in keys if kind_of(key) in OWN_KINDS]
        shared = [key for key in keys if kind_of(key) not in OWN_KINDS]
        async with self._engine.begin() as connection:
            await connection.execute(_FORGET, {"keys": own})
            await connection.execute(_TAKE_BACK, {"keys": shared})

    async def purge(self, now: datetime) -> None:
        """Failures that are held against nobody any more, and browsers long unseen, are forgotten."""
        async with self._engine.begin() as connection:
            await connection.execute(
                text("delete from login_failure where last_at < :before"), {"before": now - FORGOTTEN_AFTER}
            )
            await connection.execute(
                text("delete from device where seen_at < :before"), {"before": now - _DEVICE_KEPT}
            )


_MAKE = text("""
    insert into login_failure (key, count, last_at)
    select key, 0, :now from unnest(cast(:keys as text[])) as asked (key) order by key
    on conflict (key) do nothing
""")
_LOCK = text(
    "select key, count as failures, last_at from login_failure where key = any(:keys) order by key for update"
)
_COUNT = text("""
    update login_failure set count = case when last_at > :forgotten then count + 1 else 1 end, last_at = :now
    where key = any(:keys)
""")
_FORGET = text("delete from login_failure where key = any(:keys)")
_TAKE_BACK = text("update login_failure set count = greatest(count - 1, 0) where key = any(:keys)")
