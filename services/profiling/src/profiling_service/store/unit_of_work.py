"""The unit of work of arriving facts: set-based, whatever the size of the batch."""

import json
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import asyncpg
from eventbus import Transaction
from httpapi.idempotency_store import SqlIdempotencyStore
from sqlalchemy import TextClause, text

from profiling_service import wire
from profiling_service.errors import StaleCopy
from profiling_service.model.entities import BLANK, Entity, Identity
from profiling_service.model.events import DomainEvent
from profiling_service.model.facts import Statement
from profiling_service.ports import EntityStep, NumberedFact, SignalChanges
from profiling_service.rules.suppressing import Sensing
from profiling_service.rules.windows import as_date, as_day
from profiling_service.store import loading, signals, writing
from profiling_service.store.cache import EntityCache
from profiling_service.store.desk import SignalDesk
from profiling_service.tables import ANSWERS

_DAY = text("select day, after_uscc, sensing from business_day for share")
_FORGET_STEPS = text("truncate entity_step, entity_restated")
_PROFILE_MOVES = ", ".join(f"{name} = step.{name}" for name in writing.PROFILE_COLUMNS)
_AS_EXPECTED = """
    entity.uscc = step.uscc and entity.profile_version = step.expected_profile
        and entity.description_version = step.expected_description"""
_STEP = text(f"update entity set {_PROFILE_MOVES} from entity_step step where {_AS_EXPECTED}")
_RESTATE = text(f"""
    update entity set {_PROFILE_MOVES}, {", ".join(f"{name} = step.{name}" for name in writing.IDENTITY_COLUMNS)}
    from entity_restated step where {_AS_EXPECTED}
""")
_HOLD = text("""
    update holding set is_held = to_jsonb(holding.number) <@ held.numbers
    from jsonb_each(cast(:stakes as jsonb)) as held (uscc, numbers) where holding.uscc = held.uscc
""")


class Store(SignalDesk):
    """`UnitOfWork` on one transaction.

    Args:
        transaction: The bus's transaction.
        cache: Copies of committed states; None reads from the database only.
        now_ms: The clock for when a fact was used.
    """

    def __init__(self, transaction: Transaction, cache: EntityCache, now_ms: Callable[[], int]) -> None:
        self.transaction = transaction
        self._cache = cache
        self._now_ms = now_ms
        self._staged: dict[str, Entity] = {}
        self._staged_identities: dict[str, bytes] = {}
        self._day: int | None = None
        self._sensing: int | None = None
        self._has_steps = False
        self.forget = cache.entities.forget
        transaction.after_commit(self._remember)

    def _remember(self) -> None:
        self._cache.entities.put(self._staged)
        self._cache.identities.put(self._staged_identities)

    @property
    def idempotency(self) -> SqlIdempotencyStore:
        """Answers kept in this transaction."""
        return SqlIdempotencyStore(self.transaction.connection, ANSWERS)

    async def business_day(self) -> int:
        """See `UnitOfWork`."""
        if self._day is None:
            row = (await self.transaction.connection.execute(_DAY)).one()
            self._cache.hold_for((row.day, row.after_uscc))
            self._sensing = row.sensing
            self._day = as_day(row.day)
        return self._day

    async def entities(self, usccs: Sequence[str]) -> list[Entity]:
        """See `UnitOfWork`; what is not in memory is read with one statement."""
        staged, cached = self._staged, self._cache.entities.get
        known = [staged.get(uscc) or cached(uscc) for uscc in usccs]
        missing = [uscc for uscc, entity in zip(usccs, known, strict=True) if entity is None]
        if not missing:
            return [entity or BLANK for entity in known]
        rows = (
            await self.transaction.connection.execute(loading.ENTITIES, {"usccs": ",".join(missing)})
        ).all()
        read = loading.entities(rows)
        return [
            entity if entity is not None else read.get(uscc, BLANK)
            for uscc, entity in zip(usccs, known, strict=True)
        ]

    async def identities(self, usccs: Collection[str]) -> dict[str, Identity]:
        """See `UnitOfWork`; what is not in memory is read with one statement."""
        staged, cached = self._staged_identities, self._cache.identities.get
        packed = {uscc: staged.get(uscc) or cached(uscc) for uscc in usccs}
        found = {uscc: loading.unpacked(copy) for uscc, copy in packed.items() if copy}
        if missing := [uscc for uscc, copy in packed.items() if not copy]:
            values = {"usccs": ",".join(missing)}
            rows = await self.transaction.connection.execute(loading.IDENTITIES, values)
            read = loading.identities(rows)
            self._staged_identities |= {uscc: loading.packed(identity) for uscc, identity in read.items()}
            found |= read
        return found

    async def statements(self, usccs: Collection[str]) -> dict[str, list[Statement]]:
        """See `UnitOfWork`."""
        rows = await self.transaction.connection.execute(loading.STATEMENTS, {"usccs": ",".join(usccs)})
        return loading.statements(rows)

    async def fact_names(self, wanted: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """See `UnitOfWork`."""
        usccs, numbers = zip(*wanted, strict=True)
        values = {"usccs": ",".join(usccs), "numbers": ",".join(map(str, numbers))}
        rows = await self.transaction.connection.execute(loading.FACT_NAMES, values)
        return {(row.uscc, row.number): row.name for row in rows}

    async def add_facts(self, facts: Sequence[NumberedFact]) -> None:
        """See `UnitOfWork`."""
        await self._copy_new("fact", writing.FACT_COLUMNS, writing.facts(facts, self._now_ms()))
        if stakes := [item for item in facts if item.fact.holder]:
            await self._copy_new("holding", writing.HOLDING_COLUMNS, writing.holdings(stakes))

    async def save_holdings(self, stakes: Mapping[str, Sequence[int]]) -> None:
        """See `UnitOfWork`."""
        await self.transaction.connection.execute(_HOLD, {"stakes": json.dumps(stakes)})

    async def save(self, steps: Sequence[EntityStep]) -> None:
        """See `UnitOfWork`."""
        day = await self.business_day()
        await self._insert([step for step in steps if not step.before.profile_version], day)
        await self._update([step for step in steps if step.before.profile_version and step.moves], day)
        if restated := [step.uscc for step in steps if step.identity is not None]:
            await self._copy_new("search_due", writing.SEARCH_DUE_COLUMNS, writing.search_due(restated))
        self._staged.update({step.uscc: step.after for step in steps})
        self._staged_identities |= {
            step.uscc: loading.packed(step.identity) for step in steps if step.identity is not None
        }

    async def save_signals(self, changes: SignalChanges, day: int) -> None:
        """See `UnitOfWork`."""
        await self._lock(changes)
        if changes.moved:
            await self.transaction.connection.execute(signals.MOVE, {"ids": changes.moved})
        if changes.raised or changes.silent:
            sectors = {uscc: entity.sectors for uscc, entity in self._staged.items()}
            rows = writing.signals(changes.raised, changes.silent, sectors)
            await self._copy_new("signal", writing.SIGNAL_COLUMNS, rows)
        for again, silent in ((changes.again, False), (changes.silent_again, True)):
            if again:
                values = {**signals.again_rows(again), "day": as_date(day), "silent": silent}
                await self._change(signals.AGAIN, values, len(again))
        if changes.grown:
            await self._change(signals.GROWN, signals.grown_rows(changes.grown), len(changes.grown))
        if changes.over:
            values = {"over": json.dumps(changes.over), "day": as_date(day)}
            await self._change(signals.OVER, values, len(changes.over))

    async def _lock(self, changes: SignalChanges) -> None:
        ids = [*(signal.signal_id for signal in changes.grown), *changes.over, *changes.moved]
        if ids:
            await self.transaction.connection.execute(signals.LOCK, {"ids": ids})

    async def sensing(self) -> Sensing:
        """See `UnitOfWork`; read when another version of it is in memory."""
        connection = self.transaction.connection
        if self._sensing is None:
            self._sensing = int((await connection.execute(signals.SENSING)).scalar_one())
        kept = self._cache.sensing
        if kept is None or kept[0] != self._sensing:
            kept = self._cache.sensing = (self._sensing, await signals.read_sensing(connection))
        return kept[1]

    async def _change(self, statement: TextClause, values: Mapping[str, Any], expected: int) -> None:
        done = await self.transaction.connection.execute(statement, values)
        _require(done.rowcount, expected, "signals")

    def publish(self, events: Sequence[DomainEvent]) -> None:
        """See `UnitOfWork`."""
        self.transaction.publish(*map(wire.encode, events))

    async def _insert(self, steps: Sequence[EntityStep], day: int) -> None:
        if steps:
            await self._copy_new("entity", writing.NEW_COLUMNS, writing.new_entities(steps, day))

    async def _copy_new(self, table: str, columns: Sequence[str], data: bytes) -> None:
        try:
            await self.transaction.copy(table, columns, data)
        except asyncpg.UniqueViolationError as error:
            raise StaleCopy(f"{table}: {error}") from error

    async def _update(self, steps: Sequence[EntityStep], day: int) -> None:
        if not steps:
            return
        if self._has_steps:
            await self.transaction.connection.execute(_FORGET_STEPS)
        self._has_steps = True
        restated = [step for step in steps if step.identity is not None]
        same = [step for step in steps if step.identity is None]
        done = 0
        if same:
            await self.transaction.copy("entity_step", writing.STEP_COLUMNS, writing.steps(same, day))
            done += (await self.transaction.connection.execute(_STEP)).rowcount
        if restated:
            await self.transaction.copy(
                "entity_restated", writing.RESTATED_COLUMNS, writing.restated(restated, day)
            )
            done += (await self.transaction.connection.execute(_RESTATE)).rowcount
        _require(done, len(steps), "entities")


def _require(done: int, expected: int, what: str) -> None:
    if done != expected:
        raise StaleCopy(f"{done} of {expected} {what} were as expected")


def _wall_clock_ms() -> int:
    return time.time_ns() // 1_000_000


class Profiles:
    """Opens units of work over the bus's transactions; one transaction has one, however many runs of events it applies.

    Args:
        cache: Copies of committed states, shared by all.
        now_ms: The clock for when a fact was used.
    """

    def __init__(self, cache: EntityCache, now_ms: Callable[[], int] = _wall_clock_ms) -> None:
        self.cache = cache
        self.now_ms = now_ms
        self._open: Store | None = None

    def reset(self) -> None:
        """Every copy is forgotten: stored state may have moved without them."""
        self.cache.clear()
        self._open = None

    def over(self, transaction: Transaction) -> Store:
        """The unit of work over this transaction."""
        if self._open is None or self._open.transaction is not transaction:
            self._open = Store(transaction, self.cache, self.now_ms)
        return self._open
