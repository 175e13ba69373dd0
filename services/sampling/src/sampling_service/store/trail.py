"""What this service knows of one entity, in order of time."""

from collections.abc import Sequence

from httpapi.operations import TrailEntry
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from sampling_service.store.reads import Reads

# A note is as `rules.assignment` writes it: what bent for the team, with the areas that helped after a colon.
_ENTRIES = text("""
    select heard_description_at as at, 'pool_described' as kind, '' as what,
           json_build_object('status', status, 'area_code', area_code, 'version', version) as says
    from member where uscc = :uscc and heard_description_at is not null
    union all
    select heard_class_at, 'pool_class', coalesce(risk_class, ''),
           json_strip_nulls(json_build_object('pool_reason', nullif(pool_reason, ''), 'change_number', change_number))
    from member where uscc = :uscc and heard_class_at is not null
    union all
    select settled_at, 'drawn', '',
           json_strip_nulls(json_build_object(
               'draw_id', draw_id,
               'stratum', split_part(stratum, ':', 1),
               'risk_class', nullif(split_part(stratum, ':', 2), '')
           ))
    from draw_entry join draw using (draw_id) where uscc = :uscc
    union all
    select created_at, 'task', '',
           json_strip_nulls(json_build_object(
               'task_id', task_id,
               'draw_id', draw_id,
               'due_on', due_on,
               'team', string_to_array(nullif(regexp_replace(note, ':[0-9A-Z,]*', ''), ''), '; '),
               'helping_areas', string_to_array(substring(note from ':([0-9A-Z,]+)'), ',')
           ))
    from task where uscc = :uscc
    union all
    select recorded_at, 'inspection_result', '',
           json_build_object('result_codes', result_codes, 'task_id', task_id, 'result_id', result_id)
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
            return [TrailEntry.model_validate(row) for row in rows]
