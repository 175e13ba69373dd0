"""Alerts on PostgreSQL: a look at all sources opens and closes them in a few set-based statements.

The hot path knows nothing of this. A look brings `last_fact` forward from what the ledger recorded since the one
before, which the ledger's BRIN index finds by page ranges; released facts count from when they were received.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncEngine

from ingestion_service.errors import NotOpen, UnknownAlert
from ingestion_service.model.alert import Alert, AlertKind, Seen
from ingestion_service.model.source import EXPIRES_SOON, Signature
from ingestion_service.store.register import HEARD_SINCE

_COMMITS_LATE = timedelta(minutes=1)
"""A batch keeps its instant over all attempts, so it may be seen only this much later; above the writer's patience."""
_BRING_FORWARD = text("""
    with reached as (
        select coalesce(max(least(at, now())) - cast(:late as interval), '-infinity') as at from last_fact)
    insert into last_fact (source_id, type, at)
    select fact.source_id, fact.type, max(coalesce(quarantine.received_at, fact.recorded_at))
    from fact join source on source.id = fact.source_id
         left join quarantine on quarantine.source_id = fact.source_id and quarantine.fact_id = fact.fact_id
         and quarantine.settled_at >= (select at - interval '1 day' from reached)
    where fact.recorded_at >= (select at from reached)
    group by fact.source_id, fact.type
    on conflict (source_id, type) do update set at = excluded.at where last_fact.at < excluded.at
""")
_SILENT = f"""
    silent as (
        select id, since from (
            select source.id, expected_freshness_s, {HEARD_SINCE} as since
            from source where expected_freshness_s is not null and state = 'active') as expected
        where since + expected_freshness_s * interval '1 second' < cast(:now as timestamptz))
"""
_EXPIRING = """
    expiring as (
        select source_id, key_id, expires_at, expires_at - cast(:soon as interval) as since
        from api_key join source on source.id = source_id
        where revoked_at is null and expires_at - cast(:soon as interval) <= cast(:now as timestamptz)
          and source.state = 'active'
          and not exists (select from source_change
                          where source_change.source_id = api_key.source_id and field = 'key_rotated'
                            and before = to_jsonb(key_id)))
"""
_SHOWN = """alert.id, kind, source.name as source, key_id, since, opened_at, closed_at, closed_by, reason,
    about"""
_OPEN = text(f"""
    with {_SILENT}, {_EXPIRING}, opened as (
        insert into alert (kind, source_id, key_id, since, opened_at)
        select 'source_silent', id, '', since, cast(:now as timestamptz) from silent
        union all
        select 'key_expiring', source_id, key_id, since, cast(:now as timestamptz) from expiring
        where expires_at > cast(:now as timestamptz)
        on conflict (kind, source_id, key_id, about, since) do update set closed_at = null
        where alert.closed_at is not null and alert.closed_by is null returning *)
    select {_SHOWN.replace("alert.", "opened.")} from opened join source on source.id = source_id order by 1
""")
_CLOSE = text(f"""
    with {_SILENT}, {_EXPIRING}
    update alert set closed_at = cast(:now as timestamptz) from source
    where source.id = alert.source_id and closed_at is null and kind in ('source_silent', 'key_expiring')
      and not exists (select from silent where kind = 'source_silent'
                      and silent.id = alert.source_id and silent.since = alert.since)
      and not exists (select from expiring where kind = 'key_expiring'
                      and expiring.key_id = alert.key_id and expiring.since = alert.since)
    returning {_SHOWN}
""")
_COUNT_SILENT = text(f"with {_SILENT} select count(*) from silent")
_PAGE = text(f"""
    select {_SHOWN} from alert join source on source.id = source_id
    where alert.id > :after and (cast(:open as boolean) is null or (closed_at is null) = :open)
      and (cast(:kind as text) is null or kind = :kind)
      and (cast(:source as text) is null or source.name = :source)
    order by alert.id limit :limit
""")
_TAKE = text("select closed_at from alert where id = :id for update")
_ACKNOWLEDGE = text(f"""
    update alert set closed_at = :at, closed_by = :by, reason = :reason from source
    where alert.id = :id and source.id = source_id returning {_SHOWN}
""")
_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('ingestion/alerts', 0))")


class SqlAlerts:
    """`Alerts`; each call is one transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def look(self, now: datetime) -> Seen:
        """Who is silent now is known and alerted once; what is over is closed."""
        values = {"now": now, "soon": EXPIRES_SOON}
        async with self._engine.begin() as connection:
            await connection.execute(text("set local statement_timeout = 0"))
            await connection.execute(_ONE_AT_A_TIME)
            await connection.execute(_BRING_FORWARD, {"late": _COMMITS_LATE})
            closed = _alerts(await connection.execute(_CLOSE, values))
            opened = _alerts(await connection.execute(_OPEN, values))
            silent: int = (await connection.execute(_COUNT_SILENT, {"now": now})).scalar_one()
        return Seen(opened, closed, silent)

    async def page(
        self, *, is_open: bool | None, kind: AlertKind | None, source: str | None, after: int, limit: int
    ) -> Sequence[Alert]:
        """See `Alerts`."""
        values = {"open": is_open, "kind": kind, "source": source, "after": after, "limit": limit}
        async with self._engine.connect() as connection:
            return _alerts(await connection.execute(_PAGE, values))

    async def acknowledge(self, number: int, reason: str, by: Signature) -> Alert:
        """See `Alerts`."""
        async with self._engine.begin() as connection:
            held = (await connection.execute(_TAKE, {"id": number})).one_or_none()
            if held is None:
                raise UnknownAlert(str(number))
            if held.closed_at is not None:
                raise NotOpen(str(number))
            values = {"id": number, "reason": reason, "by": by.by, "at": by.at}
            return _alerts(await connection.execute(_ACKNOWLEDGE, values))[0]


def _alerts(rows: Iterable[Row[Any]]) -> tuple[Alert, ...]:
    return tuple(
        Alert(
            id=row.id,
            kind=AlertKind(row.kind),
            source=row.source,
            key_id=row.key_id,
            since=row.since,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            closed_by=row.closed_by,
            reason=row.reason,
            about=row.about,
        )
        for row in rows
    )
