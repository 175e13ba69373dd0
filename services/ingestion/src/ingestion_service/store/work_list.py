"""The work list on PostgreSQL without the facts' contents: a page of it may be ten thousand of any size."""

from sqlalchemy import Row, text

from ingestion_service.model.quarantined import Filter, Head, State
from ingestion_service.store.matching import MATCHES, bound
from ingestion_service.store.quarantine import QuarantineList

_HEADS = text(f"""
    select quarantine.id, source.name as source, quarantine.fact_id, quarantine.type, quarantine.subject,
           quarantine.reason, quarantine.state, quarantine.received_at, settled_by, settled_at, note,
           octet_length(original) as original_bytes
    from quarantine join source on source.id = quarantine.source_id
    where quarantine.id > :after and {MATCHES} order by quarantine.id limit :limit
""")


class WorkList(QuarantineList):
    """`QuarantineReads`."""

    async def heads(self, of: Filter, after: int, limit: int) -> list[Head]:
        """See `QuarantineReads`."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(_HEADS, {**bound(of), "after": after, "limit": limit})
            return [_head(row) for row in rows]


def _head(row: Row[tuple[object, ...]]) -> Head:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Head(**{**values, "state": State(values["state"])})
