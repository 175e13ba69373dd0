"""What this service knows of one entity, in order of time."""

from collections.abc import Sequence

from httpapi.operations import TrailEntry
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_AREA = text("select nullif(area, '') from contact where uscc = :uscc")
_ENTRIES = text("""
    select received_at as at, 'signal' as kind, family as what,
        json_build_object('signal_id', signal_id, 'raised_on', raised_on) as says, 1 as step
    from signal where uscc = :uscc and raised_on is not null
    union all
    select planned_at, 'notice_planned', template, json_build_object('notice_id', notice_id, 'issued_on', issued_on), 2
    from notice where uscc = :uscc
    union all
    select delivered_at, 'notice_delivered', template,
        json_build_object('notice_id', notice_id, 'channel', channel), 3
    from notice join letter using (notice_id) where uscc = :uscc
    union all
    select settled_at, 'notice_' || state, template,
        json_build_object('notice_id', notice_id, 'channel', channel, 'attempts', attempts), 3
    from notice join undelivered_notice using (notice_id) where uscc = :uscc and settled_at is not null
    union all
    select created_at, 'clue_created', kind,
        json_build_object('clue_id', clue_id, 'platform', platform, 'due_on', due_on), 2
    from clue where uscc = :uscc
    union all
    select delivered_at, 'clue_delivered', kind, json_build_object('clue_id', clue_id, 'platform', platform), 3
    from clue where uscc = :uscc and delivered_at is not null
    union all
    select responded_at, 'clue_answered', kind,
        json_strip_nulls(json_build_object(
            'clue_id', clue_id, 'platform', platform, 'action', action, 'remark', nullif(remark, '')
        )), 4
    from clue where uscc = :uscc and responded_at is not null
    union all
    select withdrawn_at, 'clue_withdrawn', kind, json_build_object('clue_id', clue_id, 'platform', platform), 4
    from clue where uscc = :uscc and withdrawn_at is not null
    order by at, step
""")


class EntityTrail:
    """Implements `httpapi.operations.Trail`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def area_of(self, uscc: str) -> str | None:
        """See `httpapi.operations.Trail`."""
        async with self._engine.connect() as connection:
            return (await connection.execute(_AREA, {"uscc": uscc})).scalar_one_or_none()

    async def entries(self, uscc: str) -> Sequence[TrailEntry]:
        """See `httpapi.operations.Trail`."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(_ENTRIES, {"uscc": uscc})
            return [TrailEntry.model_validate(row) for row in rows]
