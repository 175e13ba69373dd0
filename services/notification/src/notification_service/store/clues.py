"""Clues, their answers and their webhooks."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from notification_service.model import (
    Clue,
    ClueAction,
    ClueState,
    Delivery,
    DeliveryKind,
    Outcome,
    Secrets,
    Severity,
)
from notification_service.store import clue_sql as sql


class SqlClues:
    """Implements `ports.Clues`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, clues: Sequence[Clue], pushed_to: AbstractSet[str], now: datetime) -> list[Clue]:
        """See `ports.Clues`.

        Positions are given one transaction at a time, so that whoever pulls by position misses no late commit.
        """
        if not clues:
            return []
        await self._connection.execute(sql.ONE_AT_A_TIME)
        await self._connection.execute(sql.LOCK_ENDINGS, {"signal_id": [clue.signal_id for clue in clues]})
        await self._connection.execute(sql.UNSEND, {"clue_id": [clue.clue_id for clue in clues], "now": now})
        inserted = await self._connection.execute(sql.ADD, {**_arrays(clues), "now": now})
        new_ids = set(inserted.scalars())
        new = [clue for clue in clues if clue.clue_id in new_ids]
        pushed = [clue.clue_id for clue in new if clue.platform in pushed_to]
        if pushed:
            await self._connection.execute(sql.ADD_WEBHOOKS, {"clue_id": pushed, "now": now})
        return new

    async def lock(self, clue_id: str) -> Clue | None:
        """See `ports.Clues`."""
        row = (await self._connection.execute(sql.LOCK, {"clue_id": clue_id})).one_or_none()
        return None if row is None else _clue(row)

    async def save_answer(self, clue: Clue, at: datetime) -> None:
        """See `ports.Clues`."""
        values = {
            "clue_id": clue.clue_id,
            "state": clue.state.value,
            "action": None if clue.action is None else clue.action.value,
            "remark": clue.remark,
            "at": at,
        }
        await self._connection.execute(sql.SAVE_ANSWER, values)

    async def withdraw(self, signal_ids: Sequence[str], now: datetime) -> int:
        """See `ports.Clues`; positions are given one transaction at a time, as in `add`."""
        await self._connection.execute(sql.ONE_AT_A_TIME)
        await self._connection.execute(sql.LOCK_WEBHOOKS, {"signal_id": list(signal_ids)})
        told = await self._connection.execute(sql.WITHDRAW, {"signal_id": list(signal_ids), "now": now})
        return int(told.rowcount)

    async def mark_overdue(self, day: date) -> int:
        """See `ports.Clues`."""
        return int((await self._connection.execute(sql.MARK_OVERDUE, {"day": day})).rowcount)

    async def claim_deliveries(self, limit: int, now: datetime, lease_until: datetime) -> list[Delivery]:
        """See `ports.Clues`."""
        values = {"limit": limit, "now": now, "lease_until": lease_until}
        return [_delivery(row) for row in await self._connection.execute(sql.CLAIM, values)]

    async def record_delivered(self, outcome: Outcome) -> None:
        """See `ports.Clues`."""
        await self._note(outcome)
        values = {"delivery_id": outcome.delivery.delivery_id, "at": outcome.at}
        await self._connection.execute(sql.DELIVERED, values)
        if outcome.delivery.kind is DeliveryKind.CREATED:
            clue_id = outcome.delivery.clue.clue_id
            await self._connection.execute(sql.CLUE_DELIVERED, {**values, "clue_id": clue_id})

    async def record_failed(self, outcome: Outcome, retry_at: datetime | None) -> None:
        """See `ports.Clues`."""
        await self._note(outcome)
        values = {
            "delivery_id": outcome.delivery.delivery_id,
            "attempt": outcome.delivery.attempt,
            "retry_at": retry_at,
            "at": outcome.at,
        }
        await self._connection.execute(sql.FAILED if retry_at is None else sql.RETRY, values)

    async def record_gone(self, outcome: Outcome) -> None:
        """See `ports.Clues`."""
        await self._note(outcome)
        values = {"platform": outcome.delivery.clue.platform, "at": outcome.at, "url": outcome.delivery.url}
        disabled = await self._connection.execute(sql.DISABLE, values)
        if disabled.rowcount:
            await self._connection.execute(sql.CANCEL, values)

    async def redeliver(self, clue_id: str, now: datetime) -> bool:
        """See `ports.Clues`."""
        done = await self._connection.execute(sql.REDELIVER, {"clue_id": clue_id, "now": now})
        return done.rowcount == 1

    async def _note(self, outcome: Outcome) -> None:
        values = {
            "delivery_id": outcome.delivery.delivery_id,
            "attempt": outcome.delivery.attempt,
            "at": outcome.at,
            "status": outcome.status,
            "error": outcome.error,
            "duration_ms": outcome.duration_ms,
        }
        await self._connection.execute(sql.NOTE, values)


def _arrays(clues: Sequence[Clue]) -> dict[str, list[Any]]:
    return {
        "clue_id": [clue.clue_id for clue in clues],
        "signal_id": [clue.signal_id for clue in clues],
        "uscc": [clue.uscc for clue in clues],
        "platform": [clue.platform for clue in clues],
        "kind": [clue.kind for clue in clues],
        "severity": [clue.severity.value for clue in clues],
        "evidence_digest": [clue.evidence_digest for clue in clues],
        "evidence_salt": [clue.evidence_salt for clue in clues],
        "legal_basis": [clue.legal_basis for clue in clues],
        "raised_on": [clue.raised_on for clue in clues],
        "due_on": [clue.due_on for clue in clues],
    }


def _clue(row: Any) -> Clue:
    return Clue(
        row.clue_id,
        row.signal_id,
        row.uscc,
        row.platform,
        row.kind,
        Severity(row.severity),
        row.evidence_digest,
        row.evidence_salt,
        row.legal_basis,
        row.raised_on,
        row.due_on,
        ClueState(row.state),
        None if row.action is None else ClueAction(row.action),
        row.remark,
    )


def _delivery(row: Any) -> Delivery:
    return Delivery(
        row.delivery_id,
        DeliveryKind(row.told),
        _clue(row),
        row.name,
        row.happened_at,
        row.url,
        Secrets(row.secret, row.former_secret),
        row.attempt,
    )
