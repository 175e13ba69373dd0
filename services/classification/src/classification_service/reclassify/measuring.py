"""The steps that are measured."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from eventbus import Bus
from sqlalchemy import text

from classification_service.main import alone
from classification_service.model.city import MonthlyRun, Snapshot
from classification_service.model.risk_model import Catalogue, PromotedAt, RiskModel
from classification_service.model.what_if import WhatIf
from classification_service.reclassify import agreeing
from classification_service.store import packs
from classification_service.store.city.files import SnapshotFiles
from classification_service.store.city.runs import SqlRuns
from classification_service.store.city.snapshots import Snapshots
from classification_service.store.city.what_ifs import SqlWhatIfs
from classification_service.store.heads import HeadCache
from classification_service.store.in_force import RulesInForce
from classification_service.store.unit_of_work import SqlUnitOfWork
from classification_service.use_cases.monthly_run import MonthlyRunner
from classification_service.use_cases.what_if import Asked, what_if

Say = Callable[[str], None]
_EPOCH = date(1970, 1, 1)
_PENDING = text("select count(*) from outbox")
_SHARES = (0.6, 0.85, 0.97)
"""Of A, of A and B, and of all but D: like the mixes that are published."""


@dataclass(frozen=True)
class Bench:
    """A city in a database of its own, and a folder."""

    bus: Bus
    folder: Path
    catalogue: Catalogue
    say: Say

    @cached_property
    def _snapshots(self) -> Snapshots:
        files = SnapshotFiles(self.folder, self.catalogue)
        return Snapshots(self.bus.engine, files, len(self.catalogue.indicators))

    async def try_drafts(self, drafts: Sequence[RiskModel]) -> dict[str, Any]:
        """A working copy, and what-ifs over it; the slowest counts, be it the first, or one that looks twice."""
        general, individual = drafts
        started, used = time.perf_counter(), time.process_time()
        snapshot = await self._snapshots.take()
        taken, copying = time.perf_counter() - started, time.process_time() - used
        asked = [general] * 4 + [individual, replace(general, cuts=None, shares=_SHARES)]
        answers = [await self._asked(draft, snapshot) for draft in asked]
        answer = answers[0][2]
        return {
            "whatif_s": max(wall for wall, *_ in answers),
            "whatif_of": ["general"] * 4 + ["individual", "general by shares"],
            "whatif_each_s": [wall for wall, *_ in answers],
            "whatif_cpu_s": [cpu for _, cpu, _ in answers],
            "whatif_items": [len(draft.items) for draft in drafts],
            "whatif_against": answer["against"],
            "whatif_movers": answer["movers"],
            "whatif_moving_anyway": answer["moving_anyway"],
            "whatif_back_tested": sum(each["valid"] for each in answer["discovery"].get("then", {}).values()),
            "mix": answer["mix"],
            "working_copy_s": round(taken, 1),
            "working_copy_process_cpu_s": round(copying, 1),
            "working_copy_mb": _size(self._snapshots.files.path(snapshot.path)) >> 20,
        }

    async def _asked(self, draft: RiskModel, snapshot: Snapshot) -> tuple[float, float, WhatIf]:
        """Seconds of wall and of processor, and the answer; nothing is remembered between two."""
        rules = RulesInForce(self.catalogue)
        cities = SqlWhatIfs(self.bus.engine, self._snapshots, rules, self.catalogue)
        ratios = next(iter(packs.shipped_ratios().values()))
        started, cpu = time.perf_counter(), time.process_time()
        answer = await what_if(Asked(draft, snapshot.id, ratios, "bench"), self.catalogue, cities)
        wall, used = time.perf_counter() - started, time.process_time() - cpu
        self.say(f"what-if {wall:.2f} s, {answer['movers']} movers")
        return round(wall, 2), round(used, 2), answer

    async def promote(self, draft: RiskModel, day: int) -> None:
        """The draft is in force from this day on."""
        async with self.bus.transaction() as transaction:
            work = SqlUnitOfWork(transaction, HeadCache(), RulesInForce(self.catalogue))
            now = datetime.now(UTC)
            await work.add_model(draft, now)
            await work.promote(draft, PromotedAt(day, now, "bench", "another"))
            await work.name_sets()

    async def monthly(self, day: int) -> dict[str, Any]:
        """The run, until its last event is acknowledged; then books and files are compared."""
        runs = SqlRuns(self.bus.transaction, RulesInForce(self.catalogue), self._snapshots)
        runner = MonthlyRunner(runs, alone, lambda: time.time_ns() // 1_000_000)
        before = await agreeing.given(self.bus)
        started, used = time.perf_counter(), time.process_time()
        run = await runner(_EPOCH + timedelta(days=day))
        ran = time.perf_counter() - started
        while await self._pending():
            await asyncio.sleep(0.05)
        seconds, cpu = time.perf_counter() - started, time.process_time() - used
        self.say(f"monthly run {seconds:.1f} s, {run.tally.decided} decided")
        return await self._agreed(run, before) | {
            "monthly_s": round(seconds, 1),
            "monthly_before_last_event_s": round(ran, 1),
            "monthly_process_cpu_s": round(cpu, 1),
            **{name: getattr(run.tally, name) for name in ("entities", "moved", "decided", "announced")},
        }

    async def _agreed(self, run: MonthlyRun, before: agreeing.Given) -> dict[str, Any]:
        """Whether books, states and files say the same of the run."""
        kept = await agreeing.books(self.bus, run.id, before)
        [snapshot] = await self._snapshots.some(run.snapshot_id)
        found = await asyncio.to_thread(agreeing.files, self._snapshots.files, snapshot)
        standing = await agreeing.classes(self.bus)
        is_complete = run.ended_at is not None and snapshot.is_complete
        return {
            "monthly_snapshot_complete": is_complete,
            "snapshot_mb": _size(self._snapshots.files.path(snapshot.path)) >> 20,
            "books": kept | {"file_rows": found.rows, "file_hashes_agree": found.hashes_agree},
            "books_agree": is_complete and agreeing.agree(run.tally, kept, found, standing),
        }

    async def _pending(self) -> int:
        async with self.bus.engine.connect() as connection:
            return int((await connection.execute(_PENDING)).scalar_one())


def first_and_second(months: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The first run's figures, the second's beside them; the slower is the headline."""
    first, second = months
    return first | {
        "monthly_s": max(first["monthly_s"], second["monthly_s"]),
        "monthly_each_s": [first["monthly_s"], second["monthly_s"]],
        "monthly_each_process_cpu_s": [first["monthly_process_cpu_s"], second["monthly_process_cpu_s"]],
        "monthly_snapshot_complete": all(each["monthly_snapshot_complete"] for each in months),
        "second_month": {name: second[name] for name in ("moved", "decided", "announced", "books")},
        "books_agree": all(each["books_agree"] for each in months),
    }


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.iterdir())
