"""The ledger on PostgreSQL: a batch is copied straight into it, and only where that fails sorted out.

Nearly every batch is new as a whole, and COPY writes whole pages where `insert … on conflict` writes row by row.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from asyncpg.exceptions import DeadlockDetectedError, UniqueViolationError
from eventbus import Transaction, copying
from sqlalchemy import Row, text

from ingestion_service.ports import Entry
from ingestion_service.rules.counting import Entered
from ingestion_service.tables import FACT_COLUMNS

_POSTGRES_EPOCH_US = 946_684_800_000_000
_USCC_LENGTH = 18
_INSERT = text("""
    insert into fact select * from incoming order by source_id, fact_id on conflict do nothing
    returning source_id, fact_id
""")
_OF_THIS_BATCH = text("""
    select fact.source_id, fact.fact_id from incoming join fact using (source_id, fact_id)
    where fact.recorded_at = incoming.recorded_at
""")
_ACCEPT = text("""
    update fact set standing = 1, payload = :payload, uscc = :uscc, type = :type,
        occurred_at = to_timestamp(cast(:occurred_ms as bigint) / 1000.0),
        recorded_at = timestamptz 'epoch' + cast(:at_us as bigint) * interval '1 microsecond'
    where source_id = :source_id and fact_id = :fact_id and standing = 2
""")


class SqlLedger:
    """A `Ledger` inside one transaction of the bus."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def enter(self, entries: Sequence[Entry], at_us: int) -> Sequence[Entered]:
        """See `Ledger`."""
        if not entries:
            return []
        stream = _stream(entries, at_us)
        if await self._copy(stream):
            return [Entered.NEW] * len(entries)
        return await self._sort_out(entries, stream)

    async def _copy(self, stream: bytes) -> bool:
        """Whether all were new and now are there; otherwise none is.

        Another writer may be at the same facts in another order, and either wait for the other: then one of them
        gives way here, and waits in order of key instead. Over a connection that broke nothing can be taken back.
        """
        savepoint = await self._transaction.connection.begin_nested()
        try:
            await self._transaction.copy("fact", FACT_COLUMNS, stream)
        except (UniqueViolationError, DeadlockDetectedError):
            await savepoint.rollback()
            return False
        await savepoint.commit()
        return True

    async def _sort_out(self, entries: Sequence[Entry], stream: bytes) -> Sequence[Entered]:
        """Two statements where all turns out new; a third tells old from new."""
        await self._transaction.copy("incoming", FACT_COLUMNS, stream)
        connection = self._transaction.connection
        new = _keys(await connection.execute(_INSERT))
        if len(new) == len(entries):
            return [Entered.NEW] * len(entries)
        ours = _keys(await connection.execute(_OF_THIS_BATCH))
        told = dict.fromkeys(ours, Entered.OURS) | dict.fromkeys(new, Entered.NEW)
        return [told.get(entry.fact.key, Entered.KNOWN) for entry in entries]

    async def accept(self, entry: Entry, at_us: int) -> None:
        """See `Ledger`.

        Raises:
            LookupError: The ledger has no such quarantined fact: it and the quarantine disagree.
        """
        fact = entry.fact
        values = {
            "payload": entry.payload,
            "uscc": fact.uscc,
            "type": fact.type_number,
            "occurred_ms": fact.occurred_at_ms,
            "at_us": at_us,
            "source_id": fact.source_id,
            "fact_id": fact.id,
        }
        done = await self._transaction.connection.execute(_ACCEPT, values)
        if done.rowcount != 1:
            raise LookupError(f"no quarantined fact {fact.key} in the ledger")


def _keys(rows: Iterable[Row[Any]]) -> set[tuple[int, str]]:
    return {(row.source_id, row.fact_id) for row in rows}


def _stream(entries: Sequence[Entry], at_us: int) -> bytes:
    facts = [entry.fact for entry in entries]
    return copying.stream(
        [
            copying.int8(np.full(len(facts), at_us - _POSTGRES_EPOCH_US)),
            _instants([None if fact.reason else fact.occurred_at_ms for fact in facts]),
            copying.int4([fact.source_id for fact in facts]),
            copying.int2([fact.type_number for fact in facts]),
            copying.int2([2 if fact.reason else 1 for fact in facts]),
            _codes([fact.uscc for fact in facts]),
            copying.text([fact.id for fact in facts]),
            copying.bytea([entry.payload for entry in entries]),
        ]
    )


def _codes(codes: Sequence[str]) -> copying.Column:
    """A text column of USCCs; only quarantined facts have any that are not of 18 ASCII characters."""
    if all(len(code) == _USCC_LENGTH for code in codes) and "".join(codes).isascii():
        return copying.fixed_text(codes, _USCC_LENGTH)
    return copying.text(codes)


def _instants(milliseconds: Sequence[int | None]) -> copying.Column:
    """A timestamptz column, which is a bigint of microseconds on the wire; None is null."""
    if None not in milliseconds:
        return copying.timestamptz([value or 0 for value in milliseconds])
    return copying.nullable_int8(
        [None if value is None else value * 1000 - _POSTGRES_EPOCH_US for value in milliseconds]
    )
