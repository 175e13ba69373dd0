"""Who is logged in."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncEngine

from console_service.model import Session
from console_service.rules.sessions import IDLE, LONGEST, NOTED_EVERY
from console_service.store.rows import PERSON, person_of, values_of

_KEPT = timedelta(days=30)
_OF_ACCOUNT = text(f"""
    with allowed as (
        select {PERSON}, must_change from account
        where username = :username and password_hash = :password_hash and not disabled for share
    )
    insert into session (id_hash, {PERSON}, must_change, address, began_at, seen_at)
    select :id_hash, {PERSON}, must_change, :address, :now, :now from allowed
""")
_OF_ISSUER = text(f"""
    insert into session (id_hash, {PERSON}, address, locked_tokens, began_at, seen_at)
    values (:id_hash, {", ".join(f":{name}" for name in PERSON.split(", "))}, :address, :locked, :now, :now)
""")


class Sessions:
    """The sessions; each request looks here, so that one that was ended is over at once."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def begin(self, session: Session, password_hash: str, address: str) -> bool:
        """Whether the session began; not, when the account was disabled or its password changed meanwhile."""
        values = {
            "username": session.person.username,
            "password_hash": password_hash,
            "id_hash": session.id_hash,
            "address": address,
            "now": session.began_at,
        }
        async with self._engine.begin() as connection:
            return (await connection.execute(_OF_ACCOUNT, values)).rowcount == 1

    async def begin_from_issuer(self, session: Session, address: str) -> None:
        """The session of somebody whom an issuer vouches for began."""
        values = {
            **values_of(session.person),
            "id_hash": session.id_hash,
            "address": address,
            "locked": session.locked_tokens,
            "now": session.began_at,
        }
        async with self._engine.begin() as connection:
            await connection.execute(_OF_ISSUER, values)

    async def find(self, id_hash: bytes, now: datetime) -> Session | None:
        """The session, unless it has ended."""
        statement = text(f"""
            select id_hash, {PERSON}, began_at, seen_at, locked_tokens, must_change from session
            where id_hash = :id_hash and ended_at is null and seen_at > :idle_since and began_at > :began_after
        """)
        values = {"id_hash": id_hash, "idle_since": now - IDLE, "began_after": now - LONGEST}
        async with self._engine.connect() as connection:
            row = (await connection.execute(statement, values)).first()
        return None if row is None else _session_of(row)

    async def see(self, session: Session, now: datetime) -> None:
        """That something was done in it is written down, to the minute."""
        if now - session.seen_at < NOTED_EVERY:
            return
        await self._write(
            "update session set seen_at = greatest(seen_at, :now) where id_hash = :id_hash and ended_at is null",
            {"id_hash": session.id_hash, "now": now},
        )

    async def keep_tokens(self, id_hash: bytes, locked: str) -> None:
        """The issuer's newest tokens are kept."""
        await self._write(
            "update session set locked_tokens = :locked where id_hash = :id_hash and ended_at is null",
            {"id_hash": id_hash, "locked": locked},
        )

    async def end(self, id_hash: bytes, reason: str, now: datetime) -> None:
        """The session is over; one that is over already stays as it is."""
        await self._write(
            "update session set ended_at = :now, end_reason = :reason, locked_tokens = null "
            "where id_hash = :id_hash and ended_at is null",
            {"id_hash": id_hash, "reason": reason, "now": now},
        )

    async def purge(self, now: datetime) -> None:
        """Sessions over for a month are forgotten."""
        await self._write("delete from session where seen_at < :before", {"before": now - _KEPT})

    async def _write(self, statement: str, values: Mapping[str, object]) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(text(statement), values)


def _session_of(row: Row[Any]) -> Session:
    return Session(row.id_hash, person_of(row), row.began_at, row.seen_at, row.locked_tokens, row.must_change)
