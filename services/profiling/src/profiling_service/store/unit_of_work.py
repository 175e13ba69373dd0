"""The unit of work of arriving facts: set-based, whatever the size of the batch."""

import json
import time
from collections.abc import Callable, Collection, Mapping, Sequence

import asyncpg
from eventbus import Transaction
from httpapi.idempotency_store import SqlIdempotencyStore
from sqlalchemy import text

from profiling_service import wire
from profiling_service.errors import SignalAlreadyCleared, StaleCopy, UnknownSignal
from profiling_service.model.entities import BLANK, Entity, Identity
from profiling_service.model.events import DomainEvent, SignalCleared, SignalRaised
from profiling_service.ports import EntityStep, NumberedFact
from profiling_service.rules.windows import as_date, as_day
from profiling_service.store import loading, writing
from profiling_service.store.cache import EntityCache
from profiling_service.tables import ANSWERS

_DAY = text("select day, after_uscc from business_day for share")
_FORGET_STEPS = text("truncate entity_step, entity_restated")
_PROFILE_MOVES = """
    profile_version = step.profile_version, description_version = step.description_version,
    status = step.status, business_day = step.business_day, indicator_values = step.indicator_values"""
_AS_EXPECTED = """
    entity.uscc = step.uscc and entity.profile_version = step.expected_profile
        and entity.description_version = step.expected_description"""
_STEP = text(f"update entity set {_PROFILE_MOVES} from entity_step step where {_AS_EXPECTED}")
_RESTATE = text(f"""
    update entity set {_PROFILE_MOVES}, {", ".join(f"{name} = step.{name}" for name in writing.IDENTITY_COLUMNS)}
    from entity_restated step where {_AS_EXPECTED}
""")
_OVER = text("""
    update signal set holds = false, is_open = false,
        cleared_on = coalesce(cleared_on, :day), cleared_reason = coalesce(cleared_reason, 'facts'),
        cleared_by = coalesce(cleared_by, 'facts')
    from jsonb_each(cast(:over as jsonb)) as over (signal_id, was_open)
    where signal.signal_id = over.signal_id and signal.is_open = over.was_open::boolean
""")
_CLOSE = text("""
    update signal set is_open = false, cleared_on = :day, cleared_reason = :reason, cleared_by = :by
    where signal_id = :id and is_open returning uscc, family
""")
_KNOWN = text("select 1 from signal where signal_id = :id")


class Store:
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
        self._has_steps = False
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
            self._cache.hold_for(tuple(row))
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

    async def fact_names(self, wanted: Collection[tuple[str, int]]) -> dict[tuple[str, int], str]:
        """See `UnitOfWork`."""
        usccs, numbers = zip(*wanted, strict=True)
        values = {"usccs": ",".join(usccs), "numbers": ",".join(map(str, numbers))}
        rows = await self.transaction.connection.execute(loading.FACT_NAMES, values)
        return {(row.uscc, row.number): row.name for row in rows}

    async def add_facts(self, facts: Sequence[NumberedFact]) -> None:
        """See `UnitOfWork`."""
        await self._copy_new("fact", writing.FACT_COLUMNS, writing.facts(facts, self._now_ms()))

    async def save(self, steps: Sequence[EntityStep]) -> None:
        """See `UnitOfWork`."""
        day = await self.business_day()
        await self._insert([step for step in steps if not step.before.profile_version], day)
        await self._update([step for step in steps if step.before.profile_version and step.moves], day)
        self._staged.update({step.uscc: step.after for step in steps})
        self._staged_identities |= {
            step.uscc: loading.packed(step.identity) for step in steps if step.identity is not None
        }

    async def save_signals(self, raised: Sequence[SignalRaised], over: Mapping[str, bool], day: int) -> None:
        """See `UnitOfWork`."""
        if raised:
            await self._copy_new("signal", writing.SIGNAL_COLUMNS, writing.signals(raised))
        if over:
            values = {"over": json.dumps(over), "day": as_date(day)}
            done = await self.transaction.connection.execute(_OVER, values)
            _require(done.rowcount, len(over), "signals")

    def publish(self, events: Sequence[DomainEvent]) -> None:
        """See `UnitOfWork`."""
        self.transaction.publish(*map(wire.encode, events))

    async def close_signal(self, signal_id: str, reason: str, by: str, day: int) -> SignalCleared:
        """See `SignalUnitOfWork`."""
        execute = self.transaction.connection.execute
        values = {"id": signal_id, "reason": reason, "by": by, "day": as_date(day)}
        row = (await execute(_CLOSE, values)).one_or_none()
        if row is None:
            is_known = (await execute(_KNOWN, {"id": signal_id})).one_or_none()
            raise SignalAlreadyCleared(signal_id) if is_known else UnknownSignal(signal_id)
        self.transaction.after_commit(lambda: self._cache.entities.forget(row.uscc))
        return SignalCleared(signal_id, row.uscc, row.family, reason, day)

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
