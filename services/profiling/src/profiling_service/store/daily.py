"""The unit of work of the daily run: the city in order of code, chunk by chunk."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import numpy as np
from eventbus import Transaction
from sqlalchemy import text

from profiling_service.model.relations import COUNTS
from profiling_service.ports import CityChunk, RunState
from profiling_service.rules.peers import comparing
from profiling_service.rules.profiles import RuleBook
from profiling_service.rules.windows import as_date, as_day
from profiling_service.store import loading, peers, relations
from profiling_service.store.unit_of_work import Profiles, Store

_STATE = text("select day, after_uscc, entities, changed from business_day for update")
_SAVE_STATE = text("""
    update business_day set day = :day, after_uscc = :after_uscc, entities = :entities, changed = :changed
""")
_PATIENTLY = text("set local statement_timeout = 0")
"""What looks at the whole city takes as long as it takes."""
_HAS_ENTITIES = text("select exists (select from entity)")
_BEGUN = text("insert into business_day_before values (:day, clock_timestamp()) on conflict do nothing")
_COLLECT = text("""
    insert into due select uscc from entity where next_look <= :day or catalogue_version <> :version
    on conflict do nothing
""")
_DUE = text("select count(*) from due")
_LOOKED_AT = text("delete from due where uscc <= :up_to")
_CHUNK = text(f"""
    select {loading.COLUMNS}, {loading.PARTICULARS}, related.counts
    from due join entity e on e.uscc = due.uscc {loading.FACTS}
    left join related on related.uscc = e.uscc
    where due.uscc > :after_uscc order by due.uscc limit :limit for update of e
""")


class DailyStore(Store):
    """`DailyUnitOfWork` on one transaction."""

    async def run_state(self) -> RunState:
        """See `DailyUnitOfWork`."""
        row = (await self.transaction.connection.execute(_STATE)).one()
        self._day = as_day(row.day)
        return RunState(self._day, row.after_uscc, row.entities, row.changed)

    async def save_run_state(self, state: RunState) -> None:
        """See `DailyUnitOfWork`."""
        self._day = state.business_day
        values = {
            "day": as_date(state.business_day),
            "after_uscc": state.after_uscc,
            "entities": state.entities,
            "changed": state.changed,
        }
        await self.transaction.connection.execute(_SAVE_STATE, values)

    async def has_entities(self) -> bool:
        """See `DailyUnitOfWork`."""
        return bool((await self.transaction.connection.execute(_HAS_ENTITIES)).scalar_one())

    async def count_relations(self) -> None:
        """See `DailyUnitOfWork`."""
        await self.transaction.connection.execute(_PATIENTLY)
        for statement in relations.COUNTING:
            await self.transaction.connection.execute(statement)

    async def prepare_signals(self, day: int, book: RuleBook) -> None:
        """See `DailyUnitOfWork`."""
        connection, version = self.transaction.connection, book.catalogue.version
        await connection.execute(_PATIENTLY)
        await peers.prepare(connection, day, version, comparing(book.families))

    async def collect_due(self, day: int, catalogue_version: int) -> int:
        """See `DailyUnitOfWork`; counting relations has named some already."""
        await self.transaction.connection.execute(_PATIENTLY)
        await self.transaction.connection.execute(_BEGUN, {"day": as_date(day)})
        values = {"day": day, "version": catalogue_version}
        await self.transaction.connection.execute(_COLLECT, values)
        return int((await self.transaction.connection.execute(_DUE)).scalar_one())

    async def looked_at(self, up_to: str) -> None:
        """See `DailyUnitOfWork`."""
        await self.transaction.connection.execute(_LOOKED_AT, {"up_to": up_to})

    async def chunk(self, after_uscc: str, limit: int) -> CityChunk:
        """See `DailyUnitOfWork`."""
        values = {"after_uscc": after_uscc, "limit": limit}
        rows = (await self.transaction.connection.execute(_CHUNK, values)).all()
        none = [np.nan] * len(COUNTS)
        counts = np.array([row.counts or none for row in rows], np.float64).reshape(len(rows), len(COUNTS))
        return CityChunk(
            loading.entities(rows),
            list(loading.identities(rows).values()),
            [row.recorded_at_ms for row in rows],
            {name: counts[:, index].tolist() for index, name in enumerate(COUNTS)},
        )


def daily_transactions(
    open_transaction: Callable[[], AbstractAsyncContextManager[Transaction]], profiles: Profiles
) -> Callable[[], AbstractAsyncContextManager[DailyStore]]:
    """Opens units of work for the daily run."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[DailyStore]:
        async with open_transaction() as transaction:
            yield DailyStore(transaction, profiles.cache, profiles.now_ms)

    return opened
