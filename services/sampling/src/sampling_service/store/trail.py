"""What this service knows of one entity, in order of time."""

from collections.abc import Sequence

from httpapi.operations import TrailEntry
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from sampling_service.store.reads import Reads

_ENTRIES = text("""
    select heard_description_at as at, 'pool_described' as kind, 'version ' || version as what,
           status || ' in ' || area_code as detail
    from member where uscc = :uscc and heard_description_at is not null
    union all
    select heard_class_at, 'pool_class', 'class ' || coalesce(nullif(risk_class, ''), 'none'),
           'change ' || change_number || coalesce('; key supervision: ' || nullif(pool_reason, ''), '')
    from member where uscc = :uscc and heard_class_at is not null
    union all
    select settled_at, 'drawn', draw_entry.draw_id, 'as ' || stratum
    from draw_entry join draw using (draw_id) where uscc = :uscc
    union all
    select created_at, 'task', task_id, 'due ' || due_on || case when note = '' then '' else '; ' || note end
    from task where uscc = :uscc
    union all
    select recorded_at, 'inspection_result', array_to_string(result_codes, ','), result_id
    from result join task using (task_id) where uscc = :uscc
    order by at, kind
""")


class EntityTrail:
    """Implements `httpapi.operations.Trail`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def area_of(self, uscc: str) -> str | None:
        """See `httpapi.operations.Trail`."""
        return await Reads(self._engine).area_of(uscc)

    async def entries(self, uscc: str) -> Sequence[TrailEntry]:
        """See `httpapi.operations.Trail`."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(_ENTRIES, {"uscc": uscc})
            return [TrailEntry(at=row.at, kind=row.kind, what=row.what, detail=row.detail) for row in rows]
