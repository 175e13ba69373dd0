"""The unit of work of the daily run: the city in order of code, chunk by chunk."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import numpy as np
from eventbus import Transaction
from sqlalchemy import text

from profiling_service.model.catalogue import Aggregate
from profiling_service.ports import CityChunk, RunState
from profiling_service.rules.windows import as_date, as_day
from profiling_service.store import loading
from profiling_service.store.unit_of_work import Profiles, Store

_STATE = text("select day, after_uscc, entities, changed from business_day for update")
_SAVE_STATE = text("""
    update business_day set day = :day, after_uscc = :after_uscc, entities = :entities, changed = :changed
""")
_HAS_ENTITIES = text("select exists (select from entity)")
_FORGET_RELATIONS = text("delete from relation")
_COUNT_RELATIONS = tuple(
    text(f"""
        insert into relation (kind, ref, entities)
        select {kind}, {column}, count(*) from entity where {column} <> '' and status <> 4
        group by {column} having count(*) > 1
    """)
    for kind, column in ((1, "legal_person_ref"), (2, "address"))
)
_CHUNK = text(f"""
    select {loading.COLUMNS},
        case when e.legal_person_ref <> '' then coalesce(person.entities, 1) end as of_person,
        case when e.address <> '' then coalesce(place.entities, 1) end as at_address
    from entity e {loading.FACTS}
    left join relation person on person.kind = 1 and person.ref = e.legal_person_ref
    left join relation place on place.kind = 2 and place.ref = e.address
    where e.uscc > :after_uscc order by e.uscc limit :limit for update of e
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
        await self.transaction.connection.execute(_FORGET_RELATIONS)
        for statement in _COUNT_RELATIONS:
            await self.transaction.connection.execute(statement)

    async def chunk(self, after_uscc: str, limit: int) -> CityChunk:
        """See `DailyUnitOfWork`."""
        values = {"after_uscc": after_uscc, "limit": limit}
        rows = (await self.transaction.connection.execute(_CHUNK, values)).all()
        return CityChunk(
            loading.entities(rows),
            [row.recorded_at_ms for row in rows],
            {
                Aggregate.SAME_PERSON: _floats([row.of_person for row in rows]),
                Aggregate.SAME_ADDRESS: _floats([row.at_address for row in rows]),
            },
        )


def _floats(counts: list[int | None]) -> list[float]:
    return [np.nan if count is None else float(count) for count in counts]


def daily_transactions(
    open_transaction: Callable[[], AbstractAsyncContextManager[Transaction]], profiles: Profiles
) -> Callable[[], AbstractAsyncContextManager[DailyStore]]:
    """Opens units of work for the daily run."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[DailyStore]:
        async with open_transaction() as transaction:
            yield DailyStore(transaction, profiles.cache, profiles.now_ms)

    return opened
