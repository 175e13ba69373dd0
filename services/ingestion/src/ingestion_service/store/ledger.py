"""The ledger on PostgreSQL: a batch is copied straight into it, and only where that fails sorted out.

Nearly every batch is new as a whole, and COPY writes whole pages where `insert … on conflict` writes row by row.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
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
    update fact set standing = 1, payload = given.payload, uscc = given.uscc, type = given.type,
        occurred_at = to_timestamp(given.occurred_ms / 1000.0),
        recorded_at = timestamptz 'epoch' + cast(:at_us as bigint) * interval '1 microsecond'
    from unnest(cast(:source_ids as integer[]), cast(:fact_ids as text[]), cast(:payloads as bytea[]),
                cast(:codes as text[]), cast(:types as smallint[]), cast(:occurred_ms as bigint[]))
         as given (source_id, fact_id, payload, uscc, type, occurred_ms)
    where fact.source_id = given.source_id and fact.fact_id = given.fact_id and standing = 2
""")
_CODES_OF = text("""
    select source_id, fact_id, uscc
    from unnest(cast(:source_ids as integer[]), cast(:fact_ids as text[])) as given (source_id, fact_id)
    join fact using (source_id, fact_id) where standing = 1
""")
_NOTE_REPEATED = text("""
    insert into repeated_fact (recorded_at, source_id, type, facts)
    select timestamptz 'epoch' + cast(:at_us as bigint) * interval '1 microsecond', *
    from unnest(cast(:source_ids as integer[]), cast(:types as smallint[]), cast(:facts as integer[]))
    on conflict do nothing
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

    async def accept(self, entries: Sequence[Entry], at_us: int) -> None:
        """See `Ledger`.

        Raises:
            LookupError: The ledger lacks one as quarantined: it and the quarantine disagree.
        """
        facts = [entry.fact for entry in entries]
        values = {
            "payloads": [entry.payload for entry in entries],
            "codes": [fact.uscc for fact in facts],
            "types": [fact.type_number for fact in facts],
            "occurred_ms": [fact.occurred_at_ms for fact in facts],
            "source_ids": [fact.source_id for fact in facts],
            "fact_ids": [fact.id for fact in facts],
            "at_us": at_us,
        }
        done = await self._transaction.connection.execute(_ACCEPT, values)
        if done.rowcount != len(facts):
            raise LookupError(f"{len(facts) - done.rowcount} facts are not quarantined in the ledger")

    async def codes_of(self, keys: Collection[tuple[int, str]]) -> Mapping[tuple[int, str], str]:
        """See `Ledger`."""
        given = sorted(keys)
        values = {"source_ids": [key[0] for key in given], "fact_ids": [key[1] for key in given]}
        rows = await self._transaction.connection.execute(_CODES_OF, values)
        return {(row.source_id, row.fact_id): row.uscc for row in rows}

    async def note_repeated(self, facts: Mapping[tuple[int, int], int], at_us: int) -> None:
        """See `Ledger`."""
        values = {
            "at_us": at_us,
            "source_ids": [source_id for source_id, _ in facts],
            "types": [type_number for _, type_number in facts],
            "facts": list(facts.values()),
        }
        await self._transaction.connection.execute(_NOTE_REPEATED, values)


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
