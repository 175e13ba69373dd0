"""What-ifs: asked of snapshots, kept with who asked."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pyarrow.dataset as ds
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from vocabulary.sparse_values import unpack

from classification_service.errors import Unanswerable
from classification_service.model.city import Snapshot
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.model.what_if import Moves
from classification_service.rules.judging import InForce
from classification_service.rules.scoring import Dense, Subjects
from classification_service.rules.verdicts import verdicts
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
    select result.is_problem, result.class_at_draw, found.sparse_values, found.business_day, found.established_on
    from review_result result cross join lateral (
        select sparse_values, business_day, established_on from decisions_of(result.uscc)
        where class = result.class_at_draw
            and decided_at < (result.occurred_on::timestamp at time zone 'Asia/Shanghai')
            and sparse_values is not null and catalogue_version = :catalogue
        order by number desc limit 1
    ) as found
    where result.stratum = 'uniform' and result.in_denominator
""")
_EPOCH = date(1970, 1, 1)


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

    async def scan(
        self, snapshot: Snapshot, draft: Draft, force: InForce
    ) -> tuple[Draft, tuple[int, Moves, int], str]:
        """See `ports.WhatIfs`."""
        scan = Scan(self._snapshots.files, self._catalogue, snapshot, force.interventions)
        name = f"what-if/{snapshot.id}-{draft.scorer.model.sha256[:12]}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.parquet"

        def scanned() -> tuple[Draft, tuple[int, Moves, int]]:
            self._snapshots.files.verify(snapshot)
            cut = scan.cut(draft)
            return cut, scan.compare(cut, self._snapshots.files.path(name))

        return *await asyncio.to_thread(scanned), name

    async def discovery(self, draft: Draft) -> Mapping[str, Mapping[str, tuple[int, int]]]:
        """See `ports.WhatIfs`."""
        async with self._engine.connect() as connection:
            rows = (await connection.execute(_CONTROL, {"catalogue": self._catalogue.version})).all()
        if not rows:
            return {}
        days = np.array([(row.business_day - _EPOCH).days for row in rows])
        established = [
            np.nan if row.established_on is None else (row.established_on - _EPOCH).days for row in rows
        ]
        values = unpack([bytes(row.sparse_values) for row in rows], len(self._catalogue.indicators))
        made = verdicts(draft.scorers, Dense(values), Subjects(days - np.array(established), days))
        problem = [row.is_problem for row in rows]
        by_draft = ["ABCD"[letter - 1] for letter in made.risk_class.tolist()]
        return {
            "now": _tallied([row.class_at_draw for row in rows], problem),
            "then": _tallied(by_draft, problem),
        }

    async def keep(self, asked: tuple[str, Snapshot, RiskModel], result: Mapping[str, Any], path: str) -> int:
        """See `ports.WhatIfs`."""
        by, snapshot, model = asked
        values = {
            "at": datetime.now(UTC),
            "by": by,
            "snapshot": snapshot.id,
            "model": model.id,
            "sha256": model.sha256,
            "result": json.dumps(result, ensure_ascii=False),
            "path": path,
        }
        async with self._engine.begin() as connection:
            return int((await connection.execute(_KEEP, values)).scalar_one())

    async def kept(self, number: int) -> Mapping[str, Any] | None:
        """See `ports.WhatIfs`."""
        row = await self._row(number)
        return None if row is None else {"id": number, **row.result}

    async def movers(
        self, number: int, after: str, limit: int, groups: tuple[str | None, str | None]
    ) -> list[dict[str, Any]]:
        """See `ports.WhatIfs`."""
        row = await self._row(number)
        if row is None:
            raise Unanswerable("there is no such what-if")
        return await asyncio.to_thread(self._read_movers, row.path, after, limit, groups)

    def _read_movers(
        self, path: str, after: str, limit: int, groups: tuple[str | None, str | None]
    ) -> list[dict[str, Any]]:
        area, section = groups
        chosen = ds.field("uscc") > after
        if area is not None:
            chosen &= ds.field("area_code") == area
        if section is not None:
            chosen &= pc.starts_with(ds.field("industry"), section)
        found = ds.dataset(self._snapshots.files.path(path), format="parquet").head(limit, filter=chosen)
        rows: list[dict[str, Any]] = found.to_pylist()
        return rows

    async def _row(self, number: int) -> Any:
        async with self._engine.connect() as connection:
            return (await connection.execute(_KEPT, {"id": number})).one_or_none()


def _tallied(classes: Sequence[str], problem: Sequence[bool]) -> dict[str, tuple[int, int]]:
    """Valid results and problems by class."""
    return {
        letter: (
            classes.count(letter),
            sum(bad for each, bad in zip(classes, problem, strict=True) if each == letter),
        )
        for letter in "ABCD"
    }
