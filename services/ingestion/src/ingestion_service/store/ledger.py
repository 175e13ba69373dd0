"""The ledger on PostgreSQL: a batch is copied to a staging table and inserted where its keys are new."""

from collections.abc import Sequence

import numpy as np
from eventbus import Transaction, copying
from sqlalchemy import text

from ingestion_service.ports import Entry
from ingestion_service.rules.counting import Entered
from ingestion_service.tables import FACT_COLUMNS

_POSTGRES_EPOCH_US = 946_684_800_000_000
_INSERT = text("""
    insert into fact select * from incoming order by source_id, fact_id on conflict do nothing
""")
_OF_THIS_BATCH = text("""
    select fact.source_id, fact.fact_id, fact.xmin = pg_current_xact_id()::xid as added
    from incoming join fact using (source_id, fact_id)
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
        """See `Ledger`. Two statements when all is new; a third tells old from new."""
        if not entries:
            return []
        await self._transaction.copy("incoming", FACT_COLUMNS, _stream(entries, at_us))
        inserted = await self._transaction.connection.execute(_INSERT)
        if inserted.rowcount == len(entries):
            return [Entered.NEW] * len(entries)
        found = await self._transaction.connection.execute(_OF_THIS_BATCH)
        ours = {
            (source_id, fact_id): Entered.NEW if added else Entered.OURS
            for source_id, fact_id, added in found
        }
        return [ours.get(entry.fact.key, Entered.KNOWN) for entry in entries]

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


def _stream(entries: Sequence[Entry], at_us: int) -> bytes:
    facts = [entry.fact for entry in entries]
    return copying.stream(
        [
            copying.int8(np.full(len(facts), at_us - _POSTGRES_EPOCH_US)),
            _instants([None if fact.reason else fact.occurred_at_ms for fact in facts]),
            copying.int4([fact.source_id for fact in facts]),
            copying.int2([fact.type_number for fact in facts]),
            copying.int2([2 if fact.reason else 1 for fact in facts]),
            copying.text([fact.uscc for fact in facts]),
            copying.text([fact.id for fact in facts]),
            copying.bytea([entry.payload for entry in entries]),
        ]
    )


def _instants(milliseconds: Sequence[int | None]) -> copying.Column:
    """A timestamptz column, which is a bigint of microseconds on the wire; None is null."""
    if None not in milliseconds:
        return copying.timestamptz([value or 0 for value in milliseconds])
    return copying.nullable_int8(
        [None if value is None else value * 1000 - _POSTGRES_EPOCH_US for value in milliseconds]
    )
