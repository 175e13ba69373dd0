"""What-ifs: asked of snapshots, kept with who asked."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow.compute as pc
import pyarrow.dataset as ds
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from vocabulary.sparse_values import ENTRY

from classification_service.errors import Unanswerable
from classification_service.model.city import Snapshot
from classification_service.model.risk_model import Catalogue
from classification_service.model.what_if import Found, Mover, WhatIf
from classification_service.ports.city import Tried
from classification_service.rules.back_testing import Control
from classification_service.rules.columns import by_indicator
from classification_service.rules.judging import InForce
from classification_service.rules.what_if import Draft
from classification_service.store.city.scanning import Scan
from classification_service.store.city.snapshots import Snapshots
from classification_service.store.in_force import RulesInForce

_KEEP = text("""
    insert into what_if (asked_at, asked_by, snapshot_id, model_id, sha256, result, path)
    values (:at, :by, :snapshot, :model, :sha256, cast(:result as jsonb), :path) returning id
""")
_KEPT = text("select result, path from what_if where id = :id")
_CONTROL = text("""
    select string_agg(sparse_values, ''::bytea) as packed,
        string_agg(date_send(business_day) || int4send(coalesce(age_days, -1))
            || int4send(octet_length(sparse_values)) || int4send(sectors) || boolsend(is_problem)
            || convert_to(rpad(class_at_draw, 1), 'UTF8'), ''::bytea) as numbers
    from review_outcome
    where stratum = 'uniform' and in_denominator and sparse_values is not null and catalogue_version = :catalogue
""")
_NUMBERS = np.dtype(
    [
        *(("day", ">i4"), ("age_days", ">i4"), ("bytes", ">i4"), ("sectors", ">i4")),
        *(("is_problem", "?"), ("letter", "u1")),
    ]
)
"""As the statement above puts the numbers of a result one after the other, as PostgreSQL sends them."""
_POSTGRES_EPOCH_DAYS = 10_957  # 2000-01-01
FOLDER = "what-if"
LISTED = timedelta(days=90)
"""How long it is listed who would move; what a what-if found stays. Project-chosen."""


class SqlWhatIfs:
    """Implements `ports.WhatIfs`."""

    def __init__(
        self, engine: AsyncEngine, snapshots: Snapshots, rules: RulesInForce, catalogue: Catalogue
    ) -> None:
        self._engine = engine
        self._snapshots = snapshots
        self._rules = rules
        self._catalogue = catalogue

    async def snapshot(self, number: int | None) -> Snapshot:
        """See `ports.WhatIfs`."""
        found = await self._snapshots.newest() if number is None else None
        if number is not None:
            found = next(iter(await self._snapshots.some(number)), None)
        if found is None or not found.is_complete:
            raise Unanswerable("there is no such snapshot, or it is not complete: take one first")
        return found

    async def in_force(self) -> InForce:
        """See `ports.WhatIfs`."""
        async with self._engine.begin() as connection:
            return await self._rules.read(connection)

    async def scan(self, snapshot: Snapshot, draft: Draft, force: InForce) -> Tried:
        """See `ports.WhatIfs`."""
        files, at = self._snapshots.files, datetime.now(UTC)
        name = f"{FOLDER}/{snapshot.id}-{draft.scorer.model.sha256[:12]}-{at:%Y%m%dT%H%M%S%f}.parquet"

        def scanned() -> Tried:
            files.verify(snapshot)
            scan = Scan(files, self._catalogue, snapshot, force.interventions)
            cut = scan.cut(draft)
            return Tried(cut, *scan.compare(cut, files.path(name)), name)

        async with self._snapshots.held(snapshot.id):
            tried = await asyncio.to_thread(scanned)
        await asyncio.to_thread(files.clear, FOLDER, at - LISTED)
        return tried

    async def control(self) -> Control:
        """See `ports.WhatIfs`."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(_CONTROL, {"catalogue": self._catalogue.version})).one()
        return await asyncio.to_thread(_control, row, len(self._catalogue.indicators))

    async def keep(self, asked_by: str, found: Found, listed_in: str) -> int:
        """See `ports.WhatIfs`."""
        values = {
            "at": datetime.now(UTC),
            "by": asked_by,
            "snapshot": found["snapshot_id"],
            "model": found["model"],
            "sha256": found["sha256"],
            "result": json.dumps(found, ensure_ascii=False),
            "path": listed_in,
        }
        async with self._engine.begin() as connection:
            return int((await connection.execute(_KEEP, values)).scalar_one())

    async def kept(self, number: int) -> WhatIf | None:
        """See `ports.WhatIfs`."""
        row = await self._row(number)
        return None if row is None else cast("WhatIf", {"id": number, **row.result})

    async def movers(
        self, number: int, after: str, limit: int, groups: tuple[str | None, str | None]
    ) -> list[Mover]:
        """See `ports.WhatIfs`."""
        row = await self._row(number)
        path = self._snapshots.files.path(row.path) if row else None
        if path is None or not path.exists():
            raise Unanswerable(f"there is no such what-if, or its list went after {LISTED.days} days")
        return await asyncio.to_thread(_movers_in, path, after, limit, groups)

    async def _row(self, number: int) -> Any:
        async with self._engine.connect() as connection:
            return (await connection.execute(_KEPT, {"id": number})).one_or_none()


def _movers_in(path: Path, after: str, limit: int, groups: tuple[str | None, str | None]) -> list[Mover]:
    area, section = groups
    chosen = ds.field("uscc") > after
    if area is not None:
        chosen &= ds.field("area_code") == area
    if section is not None:
        chosen &= pc.starts_with(ds.field("industry"), section)
    found = ds.dataset(path, format="parquet").head(limit, filter=chosen)
    return [Mover(**row) for row in found.to_pylist()]


def _control(row: Any, width: int) -> Control:
    numbers = np.frombuffer(row.numbers or b"", _NUMBERS)
    age_days = numbers["age_days"].astype(np.float64)
    letters = numbers["letter"].astype(np.int64) - ord("A") + 1
    return Control(
        values=by_indicator(row.packed or b"", numbers["bytes"].astype(np.int64) // ENTRY.itemsize, width),
        age_days=np.where(age_days < 0, np.nan, age_days),
        days=numbers["day"].astype(np.int64) + _POSTGRES_EPOCH_DAYS,
        risk_class=np.maximum(letters, 0),
        sectors=numbers["sectors"].astype(np.int64),
        is_problem=numbers["is_problem"],
    )
