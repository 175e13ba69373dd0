"""What repair does: one function for each thing, load → decide → save → publish; none commits."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from repair_service import rules
from repair_service.model import DailyRun, Description, Fact
from repair_service.ports import UnitOfWork
from repair_service.rules import Law


async def record_facts(facts: Sequence[Fact], tx: UnitOfWork, law: Law) -> None:
    """Penalties and listings have their records, stopped where a fact says so; facts already known change nothing."""
    entities, records = rules.concerned(facts)
    known = await tx.records.lock(entities, records)
    changes = rules.settle(facts, known, await tx.orders.of(entities, records), law)
    if changes.orders:
        await tx.orders.add(changes.orders)
    if changes.opened:
        await tx.records.add(changes.opened)
    if changes.restated:
        await tx.records.restate(changes.restated)
    tx.publish(*changes.events)


async def stop_expired(day: date, tx: UnitOfWork, *, limit: int, recorded_at_ms: int) -> DailyRun:
    """Up to `limit` records whose period is over on `day` are stopped, with no application (届满自动停止公示)."""
    stopped = await tx.records.stop_expired(day, limit=limit, recorded_at_ms=recorded_at_ms)
    run = DailyRun(day, len(stopped), dict(Counter(str(record.kind) for record in stopped)))
    await tx.daily_runs.count(run)
    tx.publish(*stopped)
    return run


async def describe_entities(descriptions: Sequence[Description], tx: UnitOfWork) -> None:
    """Repair knows the newest name, state and area of these entities."""
    await tx.descriptions.replace(descriptions)
