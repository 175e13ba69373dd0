"""Snapshots on PostgreSQL and on the disk."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from classification_service.errors import Unanswerable
from classification_service.model.city import MonthlyClass, Snapshot, Stretch, Tally
from classification_service.rules.judging_city import values_of
from classification_service.store.city import reading
from classification_service.store.city.files import PartFile, SnapshotFiles, as_it_stands

_BEGIN = text("""
    insert into snapshot (kind, business_day, made_at, path) values (:kind, :day, :now, '') returning id
""")
_NAME = text("update snapshot set path = :path where id = :id")
_COMPLETE = text("""
    update snapshot set models = :models, entities = :entities, counts = cast(:counts as jsonb), sha256 = :sha256,
        is_complete = true
    where id = :id
""")
_PATH = text("select path from snapshot where id = :id")
_OPEN = text("""
    select kind, business_day, made_at, path from snapshot
    where id = :id and not is_complete and deleted_at is null for no key update
""")
_SNAPSHOTS = text("""
    select id, kind, business_day, made_at, models, entities, counts, sha256, path,
        is_complete and deleted_at is null as is_complete
    from snapshot
    where id < :before and (cast(:id as bigint) is null or id = :id)
        and ((is_complete and deleted_at is null) or not :complete)
    order by id desc limit :limit
""")
_BOUNDARIES = text("""
    select uscc from (select uscc, row_number() over (order by uscc) as place from state) as placed
    where place % :size = 0 order by uscc
""")
_STANDS = text("""
    select coalesce(max(business_day), current_date) as day,
        array(select distinct model_id from state order by 1) as models from state
""")
_PATIENTLY = text("set local statement_timeout = 0")
_MONTHLY = text("""
    select block.business_day, substr(classes, place, 1), scores[place], flags[place], sectors[place], numbers[place],
        is_decided[place], is_judged[place]
    from monthly_run run cross join lateral (
        select *, array_position(usccs, cast(:uscc as text)) as place from (
            select * from monthly_block where run_id = run.id and first_uscc <= :uscc
            order by first_uscc desc limit 1
        ) last offset 0
    ) block
    where place is not null order by block.business_day desc
""")
_RETIRE = text("""
    update snapshot set deleted_at = :now where id in (
        select id from snapshot
        where kind = 'working' and deleted_at is null
            and case when is_complete then id not in (
                    select id from snapshot where kind = 'working' and is_complete and deleted_at is null
                    order by id desc limit :kept)
                else made_at < :cut_short end
        order by id for update skip locked)
    returning path
""")
_HOLD = text("select id from snapshot where id = :id and is_complete and deleted_at is null for key share")
_NEWEST = 2**62
_WORKING_COPIES = 3
"""Project-chosen: two drafts can be compared on older copies while a new one is taken."""
_CUT_SHORT = timedelta(hours=1)
"""Project-chosen: what is not complete by then was cut short, and nobody goes on with it."""
BEYOND = "Z" * 19
"""Behind every code in any order of letters and digits."""


class Snapshots:
    """Implements `ports.Snapshots`.

    Args:
        files: where they lie.
        stretch: Entities in a part of a working copy. Measured: of twice those of a run's, a what-if asks numpy half as
            often, and its two threads wait less for each other.
    """

    def __init__(
        self, engine: AsyncEngine, files: SnapshotFiles, width: int, *, stretch: int = 131_072
    ) -> None:
        self._engine = engine
        self.files = files
        self._width = width
        self._stretch = stretch

    async def begin(self, connection: AsyncConnection, kind: str, day: date, now: datetime) -> int:
        """The snapshot is known, and where it will lie; it is not complete."""
        values = {"kind": kind, "day": day, "now": now}
        number = int((await connection.execute(_BEGIN, values)).scalar_one())
        await connection.execute(_NAME, {"id": number, "path": f"{kind}-{day:%Y-%m-%d}-{number}"})
        return number

    async def complete(
        self,
        connection: AsyncConnection,
        number: int,
        models: Sequence[str],
        made: tuple[Tally, Sequence[PartFile]],
        values: Sequence[PartFile] = (),
    ) -> None:
        """The manifest is written, and the snapshot does not change any more.

        Raises:
            Unanswerable: It was cleared away meanwhile, as one that nobody goes on with.
        """
        row = (await connection.execute(_OPEN, {"id": number})).one_or_none()
        if row is None:
            raise Unanswerable("the snapshot took too long and was cleared away: take one anew")
        tally, parts = made
        counts = dict(zip("ABCD", tally.counts, strict=True))
        about = {"models": list(models), "counts": counts, **_said_of(row)}
        sha256 = await asyncio.to_thread(self.files.seal, row.path, parts, about, values)
        known = {"id": number, "models": list(models), "entities": tally.entities, "sha256": sha256}
        await connection.execute(_COMPLETE, known | {"counts": json.dumps(counts)})

    async def take(self) -> Snapshot:
        """See `ports.Snapshots`; all of it is as of one instant."""
        engine = self._engine.execution_options(isolation_level="REPEATABLE READ")
        async with engine.connect() as reader:
            await reader.execute(_PATIENTLY)
            stands = (await reader.execute(_STANDS)).one()
            async with self._engine.begin() as connection:
                number = await self.begin(connection, "working", stands.day, datetime.now(UTC))
                folder = (await connection.execute(_PATH, {"id": number})).scalar_one()
            found = [await self._part(reader, folder, stretch) for stretch in await self._stretches(reader)]
            await reader.commit()
        counts = tuple(int(each) for each in sum(tally for tally, _, _ in found))
        parts, values = [part for _, part, _ in found], [beside for _, _, beside in found]
        made = (Tally(sum(part.entities for part in parts), counts=counts), parts)
        async with self._engine.begin() as connection:
            await self.complete(connection, number, stands.models, made, values)
        await self._retire()
        return (await self.some(number))[0]

    async def _retire(self) -> None:
        """Of working copies only the newest are kept, and those in use; of what was cut short nothing is."""
        now = datetime.now(UTC)
        values = {"now": now, "cut_short": now - _CUT_SHORT, "kept": _WORKING_COPIES}
        async with self._engine.begin() as connection:
            folders = list((await connection.execute(_RETIRE, values)).scalars())
        for folder in folders:
            await asyncio.to_thread(shutil.rmtree, self.files.path(folder), ignore_errors=True)

    @asynccontextmanager
    async def held(self, number: int) -> AsyncIterator[None]:
        """Its files stay until this ends.

        Raises:
            Unanswerable: They are gone.
        """
        async with self._engine.begin() as connection:
            if (await connection.execute(_HOLD, {"id": number})).one_or_none() is None:
                raise Unanswerable("the snapshot is gone: take one now")
            yield

    async def _stretches(self, reader: AsyncConnection) -> list[Stretch]:
        ends = list((await reader.execute(_BOUNDARIES, {"size": self._stretch})).scalars())
        pairs = zip(["", *ends], [*ends, BEYOND], strict=True)
        return [Stretch(number, after, up_to) for number, (after, up_to) in enumerate(pairs)]

    async def _part(
        self, reader: AsyncConnection, folder: str, stretch: Stretch
    ) -> tuple[Any, PartFile, PartFile]:
        standing = await reading.read(reader, stretch)
        counts = np.bincount(standing.risk_class, minlength=5)[1:]

        def written() -> tuple[PartFile, PartFile]:
            part = (standing, as_it_stands(standing))
            return self.files.write_copy(folder, stretch.number, part, values_of(standing, self._width))

        return counts, *await asyncio.to_thread(written)

    async def some(
        self, number: int | None = None, before: int | None = None, limit: int = 1
    ) -> list[Snapshot]:
        """See `ports.Snapshots`."""
        values = {"id": number, "before": before or _NEWEST, "limit": limit, "complete": False}
        return await self._found(values)

    async def newest(self) -> Snapshot | None:
        """See `ports.Snapshots`."""
        found = await self._found({"id": None, "before": _NEWEST, "limit": 1, "complete": True})
        return found[0] if found else None

    async def _found(self, values: dict[str, Any]) -> list[Snapshot]:
        async with self._engine.connect() as connection:
            return [Snapshot(*row) for row in await connection.execute(_SNAPSHOTS, values)]

    async def classes(
        self, number: int, after: str, limit: int, area_code: str | None
    ) -> list[dict[str, Any]]:
        """See `ports.Snapshots`."""
        found = await self.some(number)
        if not found or not found[0].is_complete:
            raise Unanswerable("there is no such snapshot, or it is not complete")
        async with self.held(number):
            await asyncio.to_thread(self.files.verify, found[0])
            return await asyncio.to_thread(self.files.classes, found[0].path, after, limit, area_code)

    async def monthly(self, uscc: str) -> list[MonthlyClass]:
        """See `ports.Snapshots`."""
        async with self._engine.connect() as connection:
            return [MonthlyClass(*row) for row in await connection.execute(_MONTHLY, {"uscc": uscc})]


def _said_of(row: Any) -> dict[str, str]:
    return {
        "kind": row.kind,
        "business_day": row.business_day.isoformat(),
        "made_at": row.made_at.isoformat(),
    }
