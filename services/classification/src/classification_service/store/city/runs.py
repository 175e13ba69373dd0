"""Monthly runs on PostgreSQL: what is to do, and each stretch in one transaction."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import structlog
from eventbus import Transaction, is_transient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from classification_service import wire
from classification_service.errors import DayNotFree, MovedMeanwhile
from classification_service.model.city import Booleans, JudgedAnew, MonthlyRun, Standing, Stretch, Tally
from classification_service.model.judgement import ClassChanged
from classification_service.ports.city import Made
from classification_service.rules.cadence import most_behind
from classification_service.rules.columns import ByIndicator
from classification_service.rules.judging_city import RunRules
from classification_service.store.city import reading, writing
from classification_service.store.city.files import AsDecided, PartFile, SnapshotFiles
from classification_service.store.city.run_rules import SqlRunRules
from classification_service.store.city.snapshots import BEYOND, Snapshots
from classification_service.store.heads import HeadCache
from classification_service.store.in_force import RulesInForce
from classification_service.store.packs import shipped_cadences
from classification_service.store.unit_of_work import SqlUnitOfWork

_log = structlog.get_logger(log="monthly")
_RUN = text("""
    select run.id, run.business_day, run.begun_at, run.ended_at, run.snapshot_id, run.set_code,
        count(*) filter (where not stretch.is_done) as left, coalesce(sum(entities), 0)::bigint as entities,
        coalesce(sum(left_as_is), 0)::bigint as left_as_is,
        coalesce(sum(moved), 0)::bigint as moved, coalesce(sum(decided), 0)::bigint as decided,
        coalesce(sum(announced), 0)::bigint as announced,
        array(select coalesce(sum(counts[letter]), 0)::bigint from monthly_stretch, generate_series(1, 4) as letter
              where run_id = run.id group by letter order by letter) as counts
    from monthly_run run left join monthly_stretch stretch on stretch.run_id = run.id
    where (cast(:day as date) is null or run.business_day = :day)
        and (cast(:number as bigint) is null or run.id = :number)
    group by run.id order by run.business_day desc limit :limit
""")
_BEGIN = text("""
    insert into monthly_run (business_day, snapshot_id, set_code, begun_at) values (:day, :snapshot, :code, :now)
    returning id
""")
_STRETCHES = text("""
    insert into monthly_stretch (run_id, number, after_uscc, up_to_uscc)
    select :run, row_number() over (order by after) - 1, after, coalesce(lead(after) over (order by after), :beyond)
    from (select '' as after union all
          select uscc from (select uscc, row_number() over (order by uscc) as place from state) as placed
          where place % :size = 0) as boundary
""")
_CLAIM = text("""
    select number, after_uscc, up_to_uscc from monthly_stretch where run_id = :run and not is_done
    order by number limit 1 for update skip locked
""")
_DONE = text("""
    update monthly_stretch set is_done = true, entities = :entities, left_as_is = :left, moved = :moved,
        decided = :decided, announced = :announced, counts = :counts, file = cast(:file as jsonb)
    where run_id = :run and number = :number
""")
_FILES = text("select file from monthly_stretch where run_id = :run order by number")
_MODELS = text("select models from model_set where code = :code")
_END = text("update monthly_run set ended_at = :now where id = :run and ended_at is null")
_NEWEST = text("select max(business_day) from state")
MOST_AHEAD = timedelta(days=31)
"""A run is monthly: a day further on is a slip of the pen, after which no earlier one could be judged.

Project-chosen.
"""
_EPOCH = date(1970, 1, 1)
_LOCK = text("lock table monthly_run in share row exclusive mode")


class StretchWork(SqlUnitOfWork):
    """Implements `ports.StretchWork`: one stretch of a run, in one transaction."""

    def __init__(
        self,
        transaction: Transaction,
        rules: tuple[RulesInForce, SqlRunRules],
        run: MonthlyRun,
        files: tuple[SnapshotFiles, str],
    ) -> None:
        super().__init__(transaction, HeadCache(), rules[0])
        self._run_rules = rules[1]
        self._run = run
        self._files, self._folder = files

    async def claim(self) -> Stretch | None:
        """See `ports.StretchWork`."""
        row = (await self._transaction.connection.execute(_CLAIM, {"run": self._run.id})).one_or_none()
        return Stretch(*row) if row else None

    async def rules(self) -> RunRules:
        """See `ports.StretchWork`."""
        return await self._run_rules.of(self._transaction.connection, self._run.set_code)

    async def hold(self, generation: int) -> None:
        """See `ports.StretchWork`."""
        await self._run_rules.hold(self._transaction.connection, generation)

    async def read(self, stretch: Stretch) -> Standing:
        """See `ports.StretchWork`."""
        return await reading.read(self._transaction.connection, stretch)

    async def anew(self, usccs: Sequence[str]) -> Standing:
        """See `ports.StretchWork`."""
        found = await reading.anew(self._transaction.connection, list(usccs))
        if len(found.usccs) != len(usccs):
            raise MovedMeanwhile(len(usccs) - len(found.usccs))
        return found

    async def write(self, standing: Standing, anew: JudgedAnew, mine: Booleans) -> Sequence[str]:
        """See `ports.StretchWork`."""
        return await writing.update_states(self._transaction, standing, anew, anew.moved & mine)

    async def make(
        self, stretch: Stretch, judged: tuple[Standing, JudgedAnew, Booleans], values: ByIndicator
    ) -> Made:
        """See `ports.StretchWork`."""

        def made() -> Made:
            standing, anew, decided = judged
            file = self._files.write(self._folder, stretch.number, (standing, _decided(anew)), values)
            columns, blocks = writing.blocks(self._run.id, standing, anew, decided)
            return Made(columns, blocks, file._asdict())

        return await asyncio.to_thread(made)

    async def announce(self, changes: Sequence[ClassChanged]) -> None:
        """See `ports.StretchWork`."""
        self._transaction.publish(*await asyncio.to_thread(lambda: list(map(wire.class_changed, changes))))

    async def done(self, stretch: Stretch, tally: Tally, made: Made) -> None:
        """See `ports.StretchWork`."""
        await self._transaction.copy("monthly_block", made.columns, made.blocks)
        values = tally._asdict() | {
            "counts": list(tally.counts),
            "file": json.dumps(made.file),
            "run": self._run.id,
            "number": stretch.number,
        }
        await self._transaction.connection.execute(_DONE, values)


def _decided(anew: JudgedAnew) -> AsDecided:
    return AsDecided(
        *(anew.score, anew.risk_class, anew.flags, anew.sectors, anew.decision_number),
        override=anew.override,
        overrides=anew.overrides,
        model=anew.model,
        models=anew.models,
        of_day=anew.of_day,
        judged=anew.judged,
    )


class SqlRuns:
    """Implements `ports.Runs`."""

    def __init__(
        self,
        transactions: Callable[[], AbstractAsyncContextManager[Transaction]],
        rules: RulesInForce,
        snapshots: Snapshots,
        *,
        stretch: int = 65_536,
    ) -> None:
        self._transactions = transactions
        self._rules = rules
        self._run_rules = SqlRunRules(rules)
        self._snapshots = snapshots
        self._stretch = stretch
        self._most_behind = most_behind(shipped_cadences())

    async def begin(self, day: date) -> MonthlyRun:
        """See `ports.Runs`."""
        async with self._transactions() as transaction:
            connection = transaction.connection
            await connection.execute(_LOCK)
            if (found := await _run(connection, day)) is not None:
                return found
            _require_possible(day, await _judged_until(connection), self._most_behind)
            now = datetime.now(UTC)
            snapshot = await self._snapshots.begin(connection, "monthly", day, now)
            code = (await self._rules.read(connection)).scorers.on((day - _EPOCH).days).code
            values = {"day": day, "snapshot": snapshot, "code": code, "now": now}
            run = (await connection.execute(_BEGIN, values)).scalar_one()
            stretches = {"run": run, "size": self._stretch, "beyond": BEYOND}
            await connection.execute(_STRETCHES, stretches)
            begun = await _run(connection, day)
        if begun is None:
            raise LookupError(day)
        return begun

    @asynccontextmanager
    async def work(self, run: MonthlyRun) -> AsyncIterator[StretchWork]:
        """See `ports.Runs`."""
        rules, files = (self._rules, self._run_rules), (self._snapshots.files, _folder(run))
        try:
            async with self._transactions() as transaction:
                yield StretchWork(transaction, rules, run, files)
        except Exception as error:
            if not is_transient(error):
                raise
            _log.warning("stretch put off", business_day=str(run.business_day), exc_info=error)
            raise MovedMeanwhile from error

    async def end(self, day: date) -> MonthlyRun:
        """See `ports.Runs`."""
        async with self._transactions() as transaction:
            connection = transaction.connection
            await connection.execute(_LOCK)
            run = await _run(connection, day)
            if run is None:
                raise LookupError(day)
            if run.left or run.ended_at:
                return run
            rows = (await connection.execute(_FILES, {"run": run.id})).scalars()
            parts = [PartFile(**each) for each in rows]
            models = (await connection.execute(_MODELS, {"code": run.set_code})).scalar_one()
            await self._snapshots.complete(connection, run.snapshot_id, models, (run.tally, parts))
            await connection.execute(_END, {"run": run.id, "now": datetime.now(UTC)})
            ended = await _run(connection, day)
        return ended or run

    async def runs(self, limit: int = 120) -> Sequence[MonthlyRun]:
        """See `ports.Runs`."""
        async with self._transactions() as transaction:
            values = {"day": None, "number": None, "limit": limit}
            return [_as_run(row) for row in await transaction.connection.execute(_RUN, values)]

    async def judged_until(self) -> date | None:
        """See `ports.Runs`."""
        async with self._transactions() as transaction:
            return await _judged_until(transaction.connection)

    async def one(self, number: int) -> MonthlyRun | None:
        """See `ports.Runs`."""
        async with self._transactions() as transaction:
            values = {"day": None, "number": number, "limit": 1}
            row = (await transaction.connection.execute(_RUN, values)).one_or_none()
        return None if row is None else _as_run(row)


def _folder(run: MonthlyRun) -> str:
    return f"monthly-{run.business_day:%Y-%m-%d}-{run.snapshot_id}"


async def _run(connection: AsyncConnection, day: date) -> MonthlyRun | None:
    row = (await connection.execute(_RUN, {"day": day, "number": None, "limit": 1})).one_or_none()
    return None if row is None else _as_run(row)


def _as_run(row: Any) -> MonthlyRun:
    figures = (row.entities, row.left_as_is, row.moved, row.decided, row.announced)
    tally = Tally(*figures, tuple(row.counts) or (0, 0, 0, 0))
    own = (row.id, row.business_day, row.begun_at, row.ended_at, row.snapshot_id, row.set_code, row.left)
    return MonthlyRun(*own, tally)


async def _judged_until(connection: AsyncConnection) -> date | None:
    found: date | None = (await connection.execute(_NEWEST)).scalar_one()
    return found


def _require_possible(day: date, newest: date | None, behind: timedelta) -> None:
    """A month is kept as it was judged: not long before the newest day judged, and not far ahead of it.

    It may come some days late; who was judged for a later day by then is left as it is.

    Raises:
        DayNotFree: It is another day, or nobody is judged yet.
    """
    if newest is None:
        reason = "nobody is judged yet, and an empty month would stand for good: ask when somebody is"
        raise DayNotFree(reason, day, "business_day")
    first, last = newest - behind, newest + MOST_AHEAD
    if not first <= day <= last:
        reason = f"the city is judged until {newest}: a run is for a day from {first} to {last}"
        raise DayNotFree(reason, first, "business_day")
