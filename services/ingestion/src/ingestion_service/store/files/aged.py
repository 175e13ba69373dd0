"""Files on PostgreSQL that are no longer needed."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_LONG_AGO = "now() - cast(:kept_days as integer) * interval '1 day'"
_UNUSED = f"""
    not exists (
        select from file_job where file_id = file.id and (ended_at is null or ended_at > {_LONG_AGO})
    )
"""
_LOCK = text(f"""
    select id from file
    where (state = 'complete' and created_at < {_LONG_AGO} and {_UNUSED})
       or (state = 'receiving' and created_at < now() - cast(:unfinished_days as integer) * interval '1 day')
    order by created_at for update skip locked limit :limit
""")
_RETIRE = text(f"""
    update file set state = 'deleted' where id = any(cast(:ids as uuid[])) and {_UNUSED} returning id
""")
_WANTED = text("select id from file where id = any(cast(:ids as uuid[])) and state <> 'deleted'")


class SqlAgedFiles:
    """`AgedFiles`; each call is one transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def retire(self, unfinished_days: int, kept_days: int, limit: int) -> Collection[UUID]:
        """See `AgedFiles`. Locked first: a job added meanwhile is seen only by a statement that begins after."""
        values = {"unfinished_days": unfinished_days, "kept_days": kept_days, "limit": limit}
        async with self._engine.begin() as connection:
            ids = list((await connection.execute(_LOCK, values)).scalars())
            retired = await connection.execute(_RETIRE, {"ids": ids, "kept_days": kept_days})
            return list(retired.scalars())

    async def wanted(self, ids: Collection[UUID]) -> Collection[UUID]:
        """See `AgedFiles`."""
        async with self._engine.connect() as connection:
            return set((await connection.execute(_WANTED, {"ids": list(ids)})).scalars())
