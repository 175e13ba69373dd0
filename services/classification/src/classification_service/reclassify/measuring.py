"""The steps that are measured."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from eventbus import Bus, copying
from sqlalchemy import text

from classification_service.main import alone
from classification_service.model.city import JudgedAnew, Standing, Tally
from classification_service.model.risk_model import Catalogue, PromotedAt, RiskModel
from classification_service.model.what_if import Ratio
from classification_service.reclassify.fiction import DAY, Fiction, chunks
from classification_service.rules.choosing import ScorerSet
from classification_service.rules.judging import NO_INTERVENTIONS
from classification_service.rules.judging_city import Run, judged_anew, values_of
from classification_service.store.city import arrays
from classification_service.store.city.files import SnapshotFiles
from classification_service.store.city.runs import SqlRuns
from classification_service.store.city.snapshots import Snapshots
from classification_service.store.city.what_ifs import SqlWhatIfs
from classification_service.store.heads import HeadCache
from classification_service.store.in_force import RulesInForce
from classification_service.store.unit_of_work import SqlUnitOfWork
from classification_service.use_cases.monthly_run import MonthlyRunner
from classification_service.use_cases.what_if import Asked, what_if

CHUNK = 65_536
NATIONAL_PART = 4
THREADS = 2
Say = Callable[[str], None]
_EPOCH = date(1970, 1, 1)
_STATE = (
    *(
        "uscc",
        "previous_version",
        "profile_version",
        "business_day",
        "recorded_at",
        "score",
        "class",
        "flags",
    ),
    *("decision_number", "change_number", "override_code", "area_code", "industry", "entity_type", "status"),
    *(
        "model_id",
        "previous_decision",
        "sectors",
        "sparse_values",
        "catalogue_version",
        "established_on",
        "set_code",
    ),
)
_PENDING = text("select count(*) from outbox")
_BOOKS = text("""
    select (select count(*) from state) as entities,
        (select sum(cardinality(usccs)) from monthly_block) as snapshot_rows,
        (select count(*) from monthly_block, unnest(is_decided) as decided where decided) as decisions,
        (select count(*) from decision) as decisions_row_by_row,
        (select count(*) from (select unnest(usccs) as uscc, unnest(numbers) as number from monthly_block) kept
         join state on state.uscc = kept.uscc and state.decision_number = kept.number) as states_agree,
        (select count(*) from state where decision_number > 1) as moved_on
""")
_EVENTS = text("select sum(next) from lane, unnest(next_sequence) as next")


@dataclass(frozen=True, slots=True)
class Bench:
    """A city in a database of its own, and a folder.

    Attributes:
        draft: the version that is tried, and then comes into force.
    """

    bus: Bus
    folder: Path
    catalogue: Catalogue
    live: ScorerSet
    draft: RiskModel
    fiction: Fiction
    say: Say

    @property
    def _snapshots(self) -> Snapshots:
        files = SnapshotFiles(self.folder, self.catalogue)
        return Snapshots(self.bus.engine, files, len(self.catalogue.indicators))

    async def found(self, entities: int) -> None:
        """The city is there, judged by the models in force."""
        for number, first, size in chunks(entities, CHUNK):
            standing = self.fiction.chunk(number, size, first)
            run = Run(DAY - 20, 0, self.live, NO_INTERVENTIONS)
            anew = judged_anew(standing, values_of(standing, self.live.width), run)
            async with self.bus.transaction() as transaction:
                await transaction.copy("state", _STATE, _states(standing, anew))
        async with self.bus.engine.connect() as connection:
            driver = await connection.execution_options(isolation_level="AUTOCOMMIT")
            for statement in (
                "set statement_timeout = 0",
                "vacuum analyze state",
                "checkpoint",
                "reset statement_timeout",
            ):
                await driver.execute(text(statement))

    async def try_draft(self) -> dict[str, Any]:
        """A working copy, and what-ifs over it: the first warms the page cache, the slowest of the others counts."""
        started = time.perf_counter()
        snapshot = await self._snapshots.take()
        taken = time.perf_counter() - started
        rules = RulesInForce(self.catalogue)
        cities = SqlWhatIfs(self.bus.engine, self._snapshots, rules, self.catalogue)
        ratios = {
            name: Ratio(share, "", "")
            for name, share in zip((*"ABCD", "key"), (0.01, 0.05, 0.3, 0.6, 1), strict=True)
        }
        times, used = [], []
        for _ in range(4):
            started, cpu = time.perf_counter(), time.process_time()
            answer = await what_if(Asked(self.draft, snapshot.id, ratios, "bench"), self.catalogue, cities)
            times.append(round(time.perf_counter() - started, 2))
            used.append(round(time.process_time() - cpu, 2))
            self.say(f"what-if {times[-1]} s, {answer['movers']} movers")
        return {
            "whatif_s": max(times[1:]),
            "whatif_each_s": times,
            "whatif_cpu_s": used,
            "whatif_items": len(self.draft.items),
            "whatif_movers": answer["movers"],
            "mix": answer["mix"],
            "working_copy_s": round(taken, 1),
            "snapshot_mb": _size(self._snapshots.files.path(snapshot.path)) >> 20,
        }

    async def promote(self) -> None:
        """The draft is in force."""
        async with self.bus.transaction() as transaction:
            work = SqlUnitOfWork(transaction, HeadCache(), RulesInForce(self.catalogue))
            now = datetime.now(UTC)
            await work.add_model(self.draft, now)
            await work.promote(self.draft, PromotedAt(DAY, now, "bench", "another"))
            await work.name_sets()

    async def monthly(self) -> dict[str, Any]:
        """The run, until its last event is acknowledged; then the books are compared."""
        runs = SqlRuns(self.bus.transaction, RulesInForce(self.catalogue), self._snapshots)
        runner = MonthlyRunner(runs, alone, lambda: time.time_ns() // 1_000_000)
        before = await self._events()
        started, used = time.perf_counter(), time.process_time()
        run = await runner(_EPOCH + timedelta(days=DAY))
        ran = time.perf_counter() - started
        while await self._pending():
            await asyncio.sleep(0.05)
        seconds = time.perf_counter() - started
        async with self.bus.transaction() as transaction:
            books = (await transaction.connection.execute(_BOOKS)).one()._asdict()
        found = {name: int(number or 0) for name, number in books.items()}
        found["events"] = await self._events() - before
        return {
            "monthly_s": round(seconds, 1),
            "monthly_before_last_event_s": round(ran, 1),
            "monthly_process_cpu_s": round(time.process_time() - used, 1),
            **{name: getattr(run.tally, name) for name in ("entities", "moved", "decided", "announced")},
            "monthly_snapshot_complete": run.ended_at is not None,
            "books": found,
            "books_agree": _agree(run.tally, found),
        }

    async def _events(self) -> int:
        async with self.bus.engine.connect() as connection:
            return int((await connection.execute(_EVENTS)).scalar_one() or 0)

    async def _pending(self) -> int:
        async with self.bus.engine.connect() as connection:
            return int((await connection.execute(_PENDING)).scalar_one())


def _agree(tally: Tally, books: dict[str, int]) -> bool:
    return (
        books["entities"] == books["snapshot_rows"] == books["states_agree"] == tally.entities
        and books["decisions"] == tally.decided
        and books["moved_on"] == tally.decided
        and books["events"] == tally.announced
    )


def _size(folder: Path) -> int:
    return sum(each.stat().st_size for each in folder.iterdir())


def _states(standing: Standing, anew: JudgedAnew) -> bytes:
    ends = (np.cumsum(standing.counts) * 6).tolist()
    values = [standing.packed[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    label = standing.label.tolist()
    letters = np.frombuffer(b" ABCD", np.uint8)[anew.risk_class].view("S1")

    def words(field: str) -> copying.Variable:
        named = standing.of_label(field)
        return copying.code([named[each] for each in label])

    size = len(label)
    return copying.stream(
        [
            arrays.fixed(standing.usccs),
            copying.int8(np.zeros(size)),
            copying.int8(standing.profile_version),
            copying.date(standing.business_day.tolist()),
            arrays.fixed(standing.recorded_at_us.astype(">i8")),
            copying.float4(anew.score),
            arrays.fixed(letters),
            copying.int2(anew.flags),
            copying.int4(np.ones(size)),
            copying.int4(np.ones(size)),
            copying.code([anew.overrides[each] for each in anew.override.tolist()]),
            *(words(field) for field in ("area_code", "industry", "entity_type", "status")),
            copying.code([anew.models[each] for each in anew.model.tolist()]),
            copying.int4(np.zeros(size)),
            copying.int4(anew.sectors),
            copying.bytea(values),
            copying.int4(standing.catalogue_version),
            copying.date(standing.established_on.tolist()),
            copying.text([anew.set_code] * size),
        ]
    )
