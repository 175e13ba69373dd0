"""The unit of work on PostgreSQL: one statement for each call, whatever the size of the batch."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from eventbus import Transaction
from httpapi.idempotency_store import SqlIdempotencyStore
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection
from vocabulary.uscc import USCC

from repair_service import wire
from repair_service.model import (
    DailyRun,
    Description,
    Event,
    Opened,
    Penalty,
    RecordId,
    RecordKind,
    RecordStopped,
    Standing,
    Stop,
    StopOrder,
    StopReason,
    Subject,
)
from repair_service.store import statements
from repair_service.tables import idempotent_answer

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class SqlUnitOfWork:
    """One transaction; what is published goes to the outbox."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.records = SqlRecords(transaction.connection)
        self.orders = SqlOrders(transaction.connection)
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

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock(self, entities: Collection[USCC]) -> Sequence[Standing]:
        """See `Records`."""
        await self._connection.execute(text(statements.BESIDE_NO_RUN))
        rows = await self._connection.execute(text(statements.LOCK), {"entities": list(entities)})
        return [_standing(row) for row in rows]

    async def add(self, opened: Iterable[Opened]) -> None:
        """See `Records`."""
        await self._send(statements.ADD_RECORDS, [_record_row(new) for new in opened])

    async def restate(self, standings: Iterable[Standing]) -> None:
        """See `Records`."""
        rows = [{"record_id": standing.record_id, **_stop_row(standing)} for standing in standings]
        await self._send(statements.RESTATE, rows)

    async def stop_expired(self, day: date, *, limit: int, recorded_at_ms: int) -> Sequence[RecordStopped]:
        """See `Records`."""
        values = {"day": day, "limit": limit, "recorded_at": _instant(recorded_at_ms)}
        await self._connection.execute(text(statements.ALONE))
        rows = await self._connection.execute(text(statements.STOP_EXPIRED), values)
        return [
            RecordStopped(standing.record_id, standing.uscc, standing.kind, standing.stop)
            for standing in map(_standing, rows)
            if standing.stop is not None
        ]

    async def _send(self, statement: str, rows: list[dict[str, Any]]) -> None:
        await self._connection.execute(text(statement), {"rows": _json(rows)})


class SqlOrders:
    """The table `stop_order`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, entities: Collection[USCC]) -> Sequence[StopOrder]:
        """See `Orders`."""
        rows = await self._connection.execute(text(statements.ORDERS), {"entities": list(entities)})
        return [_order(row) for row in rows]

    async def add(self, orders: Iterable[StopOrder]) -> None:
        """See `Orders`."""
        rows = [_order_row(order) for order in orders]
        await self._connection.execute(text(statements.ADD_ORDERS), {"rows": _json(rows)})


class SqlDescriptions:
    """The table `entity`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def replace(self, descriptions: Iterable[Description]) -> None:
        """See `Descriptions`."""
        newest: dict[str, Description] = {}
        for said in descriptions:
            if said.uscc not in newest or newest[said.uscc].version < said.version:
                newest[said.uscc] = said
        rows = sorted(newest.values(), key=lambda said: said.uscc)
        columns = {
            "usccs": [said.uscc for said in rows],
            "versions": [said.version for said in rows],
            "names": [said.name for said in rows],
            "types": [said.entity_type for said in rows],
            "statuses": [said.status for said in rows],
            "areas": [said.area_code for said in rows],
        }
        await self._connection.execute(text(statements.DESCRIBE), columns)


class SqlDailyRuns:
    """The table `daily_run`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def count(self, run: DailyRun) -> None:
        """See `DailyRuns`."""
        counted = {kind.value: run.by_kind.get(kind.value, 0) for kind in RecordKind}
        await self._connection.execute(text(statements.COUNT_RUN), {"day": run.day, **counted})


def _standing(row: Row[Any]) -> Standing:
    return Standing(
        record_id=RecordId(row.record_id),
        uscc=USCC(row.uscc),
        kind=RecordKind(row.kind),
        starts_on=row.starts_on,
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
    )


def _record_row(new: Opened) -> dict[str, Any]:
    subject, ruled = new.opening.subject, new.opening.ruling
    return {
        "record_id": subject.record_id,
        "uscc": subject.uscc,
        "kind": subject.kind,
        "tier": ruled.tier,
        "rule": ruled.rule,
        "citation": ruled.citation,
        "conditions": ruled.conditions,
        "decided_on": subject.decided_on,
        "published_on": ruled.published_on,
        "apply_from": ruled.apply_from,
        "stops_on": ruled.stops_on,
        "document_number": subject.document_number,
        "restriction_until": subject.restriction_until,
        "occurred_at": _instant(subject.occurred_at_ms),
        "recorded_at": _instant(subject.recorded_at_ms),
        "notice_id": new.notice.notice_id if new.notice else None,
        **_particulars(subject),
        **_stop_row(new.standing),
    }


def _particulars(subject: Subject) -> dict[str, Any]:
    if not isinstance(subject, Penalty):
        return {
            "authority": "",
            "penalty_kinds": [],
            "fine_fen": 0,
            "confiscated_fen": 0,
            "violation": "",
            "reason": subject.reason,
        }
    return {
        "authority": subject.authority,
        "penalty_kinds": sorted(subject.kinds),
        "fine_fen": subject.fine_fen,
        "confiscated_fen": subject.confiscated_fen,
        "grade": subject.grade,
        "key_field": subject.key_field,
        "violation": subject.violation,
        "reason": "",
    }


def _stop_row(standing: Standing) -> dict[str, Any]:
    if standing.stop is None:
        return {}
    return {
        "stop_id": RecordStopped(standing.record_id, standing.uscc, standing.kind, standing.stop).stop_id,
        "stop_reason": standing.stop.reason,
        "stopped_on": standing.stop.on,
        "stop_cause": standing.stop.cause,
        "stop_recorded_at": _instant(standing.stop.recorded_at_ms),
        "stop_citation": standing.stop.citation,
    }


def _order_row(order: StopOrder) -> dict[str, Any]:
    return {
        "order_id": order.order_id,
        "uscc": order.uscc,
        "target": order.target,
        "kind": order.kind,
        "reason": order.reason,
        "ordered_on": order.ordered_on,
        "ordered_at": _instant(order.ordered_at_ms),
        "recorded_at": _instant(order.recorded_at_ms),
    }


def _json(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, default=lambda value: value.isoformat(), ensure_ascii=False)


def _instant(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _milliseconds(instant: datetime) -> int:
    return (instant - _EPOCH) // _MILLISECOND
