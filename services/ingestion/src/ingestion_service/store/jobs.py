"""Bulk settlements on PostgreSQL."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ingestion_service.model.quarantined import (
    Action,
    BulkOrder,
    Filter,
    Job,
    Replacement,
    StillUnusable,
)
from ingestion_service.store.matching import MATCHES, bound

_COLUMNS = """id, action, filter::text as filter, replacements::text as replacements, reason, asked_by, asked_at,
    up_to, after, matched, released, discarded, unusable, problems::text as problems, ended_at"""
_BEGIN = text(f"""
    insert into quarantine_job (action, filter, replacements, reason, asked_by, asked_at, up_to, matched)
    select :action, cast(:filter as jsonb), cast(:replacements as jsonb), cast(:why as text), :asked_by, :asked_at,
           coalesce(max(quarantine.id), 0), count(*)
    from quarantine join source on source.id = source_id where {MATCHES}
    returning {_COLUMNS}
""")
_TAKE = text(f"select {_COLUMNS} from quarantine_job where id = :id for update")
_GET = text(f"select {_COLUMNS} from quarantine_job where id = :id")
_SAVE = text("""
    update quarantine_job set after = :after, released = :released, discarded = :discarded, unusable = :unusable,
        problems = cast(:problems as jsonb), ended_at = :ended_at
    where id = :id
""")
_UNFINISHED = text("select id from quarantine_job where ended_at is null order by id")


class SqlJobs:
    """`Jobs` inside one transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, order: BulkOrder) -> Job:
        """See `Jobs`."""
        values = {
            **bound(order.filter),
            "action": order.action.value,
            "filter": _json(order.filter),
            "replacements": _json(order.replacements),
            "why": order.reason,
            "asked_by": order.asked_by,
            "asked_at": order.asked_at,
        }
        return _job((await self._connection.execute(_BEGIN, values)).one())

    async def take(self, number: int) -> Job | None:
        """See `Jobs`."""
        row = (await self._connection.execute(_TAKE, {"id": number})).one_or_none()
        return None if row is None else _job(row)

    async def get(self, number: int) -> Job | None:
        """The job, not locked."""
        row = (await self._connection.execute(_GET, {"id": number})).one_or_none()
        return None if row is None else _job(row)

    async def save(self, job: Job) -> None:
        """See `Jobs`."""
        values = {
            "id": job.id,
            "after": job.after,
            "released": job.released,
            "discarded": job.discarded,
            "unusable": job.unusable,
            "problems": _json(job.problems),
            "ended_at": job.ended_at,
        }
        await self._connection.execute(_SAVE, values)

    async def unfinished(self) -> Sequence[int]:
        """See `Jobs`."""
        return [row.id for row in await self._connection.execute(_UNFINISHED)]


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _job(row: Row[Any]) -> Job:
    decode = msgspec.json.decode
    order = BulkOrder(
        action=Action(row.action),
        filter=decode(row.filter, type=Filter),
        replacements=decode(row.replacements, type=dict[str, Replacement]),
        reason=row.reason,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
    )
    return Job(
        id=row.id,
        order=order,
        up_to=row.up_to,
        after=row.after,
        matched=row.matched,
        released=row.released,
        discarded=row.discarded,
        unusable=row.unusable,
        problems=decode(row.problems, type=tuple[StillUnusable, ...]),
        ended_at=row.ended_at,
    )
