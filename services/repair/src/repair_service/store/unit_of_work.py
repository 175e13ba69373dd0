"""The unit of work on PostgreSQL: one statement for each call, whatever the size of the batch."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from eventbus import Transaction
from httpapi.idempotency_store import SqlIdempotencyStore
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection
from vocabulary.uscc import USCC

from repair_service import wire
from repair_service.model import (
    DailyRun,
    Description,
    Event,
    Opened,
    RecordId,
    RecordKind,
    RecordStopped,
    Standing,
    Stop,
    StopOrder,
    StopReason,
)
from repair_service.store import columns, statements
from repair_service.tables import idempotent_answer

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class SqlUnitOfWork:
    """One transaction; what is published goes to the outbox."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.records = SqlRecords(transaction)
        self.orders = SqlOrders(transaction)
        self.descriptions = SqlDescriptions(transaction.connection)
        self.daily_runs = SqlDailyRuns(transaction.connection)
        self.idempotency = SqlIdempotencyStore(transaction.connection, idempotent_answer)

    def publish(self, *events: Event) -> None:
        """See `UnitOfWork`."""
        self._transaction.publish(*map(wire.outgoing, events))


class SqlRecords:
    """The table `record`.

    A batch of facts takes rows entity by entity, the daily run by day: a lock keeps one from waiting for the other in a
    circle. Batches do not exclude each other.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    async def lock(self, entities: Collection[USCC], records: Collection[RecordId]) -> Sequence[Standing]:
        """See `Records`."""
        await self._connection.execute(statements.BESIDE_NO_RUN)
        given = {"entities": list(entities), "records": list(records)}
        rows = await self._connection.execute(statements.LOCK, given)
        return [_standing(row) for row in rows]

    async def add(self, opened: Iterable[Opened]) -> None:
        """See `Records`."""
        await self._transaction.copy("record", *columns.of_records(list(opened)))

    async def restate(self, standings: Iterable[Standing]) -> None:
        """See `Records`."""
        told = [stopped for each in standings if (stopped := each.stopped) is not None]
        values = {
            "record_ids": [each.record_id for each in told],
            "reasons": [each.stop.reason for each in told],
            "days": [each.stop.on for each in told],
            "causes": [each.stop.cause for each in told],
            "instants": [_instant(each.stop.recorded_at_ms) for each in told],
            "citations": [each.stop.citation for each in told],
            "notices_due": [each.notice_due for each in told],
        }
        await self._connection.execute(statements.RESTATE, values)

    async def stop_expired(self, day: date, *, limit: int, recorded_at_ms: int) -> Sequence[RecordStopped]:
        """See `Records`."""
        values = {"day": day, "limit": limit, "recorded_at": _instant(recorded_at_ms)}
        await self._connection.execute(statements.ALONE)
        rows = await self._connection.execute(statements.STOP_EXPIRED, values)
        return [stopped for row in rows if (stopped := _standing(row).stopped) is not None]


class SqlOrders:
    """The table `stop_order`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of(self, entities: Collection[USCC], records: Collection[RecordId]) -> Sequence[StopOrder]:
        """See `Orders`."""
        given = {"entities": list(entities), "records": list(records)}
        rows = await self._transaction.connection.execute(statements.ORDERS, given)
        return [_order(row) for row in rows]

    async def add(self, orders: Iterable[StopOrder]) -> None:
        """See `Orders`."""
        await self._transaction.copy("stop_order", *columns.of_orders(list(orders)))


class SqlDescriptions:
    """The table `entity`.

    A description that says nothing new here is not written, and leaves the older version standing: events of one entity
    come in order, so none between the two is still to come.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def replace(self, descriptions: Iterable[Description]) -> None:
        """See `Descriptions`."""
        newest: dict[USCC, Description] = {}
        for said in descriptions:
            known = newest.get(said.uscc)
            if known is None or known.version < said.version:
                newest[said.uscc] = said
        rows = newest.values()
        values = {
            "usccs": [said.uscc for said in rows],
            "versions": [said.version for said in rows],
            "names": [said.name for said in rows],
            "areas": [said.area_code for said in rows],
        }
        await self._connection.execute(statements.DESCRIBE, values)


class SqlDailyRuns:
    """The table `daily_run`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def count(self, run: DailyRun) -> None:
        """See `DailyRuns`."""
        counted = {kind.value: run.by_kind.get(kind.value, 0) for kind in RecordKind}
        await self._connection.execute(statements.COUNT_RUN, {"day": run.day, **counted})


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        record_id=RecordId(row.record_id),
        uscc=USCC(row.uscc),
        kind=RecordKind(row.kind),
        decided_on=row.decided_on,
        published_on=row.published_on,
        occurred_at_ms=_milliseconds(row.occurred_at),
        recorded_at_ms=_milliseconds(row.recorded_at),
        stop=None if row.stop_reason is None else _stop(row),
    )


def _stop(row: Row[Any]) -> Stop:
    return Stop(
        reason=StopReason(row.stop_reason),
        on=row.stopped_on,
        cause=row.stop_cause,
        recorded_at_ms=_milliseconds(row.stop_recorded_at),
        citation=row.stop_citation,
    )


def _order(row: Row[Any]) -> StopOrder:
    return StopOrder(
        order_id=row.order_id,
        uscc=USCC(row.uscc),
        target=row.target and RecordId(row.target),
        kind=row.kind and RecordKind(row.kind),
        reason=StopReason(row.reason),
        ordered_on=row.ordered_on,
        ordered_at_ms=_milliseconds(row.ordered_at),
        recorded_at_ms=_milliseconds(row.recorded_at),
        superseding=row.superseding,
    )


def _instant(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _milliseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // _MILLISECOND
