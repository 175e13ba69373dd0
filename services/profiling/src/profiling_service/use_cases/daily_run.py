"""The calendar moves: windows slide, relations are counted, seasons begin and end."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import msgspec

from profiling_service.errors import DayGoesBack
from profiling_service.model.entities import Restatement
from profiling_service.ports import CityChunk, DailyUnitOfWork, EntityStep, RunState
from profiling_service.rules.indicators import related
from profiling_service.rules.profiles import Inputs, RuleBook, outcome
from profiling_service.use_cases.tell import News, tell

CHUNK = 2000
Work = Callable[[], Awaitable[None]]
Exclusively = Callable[[Work], Awaitable[None]]
Transactions = Callable[[], AbstractAsyncContextManager[DailyUnitOfWork]]


class DailyRun:
    """Brings the city to a business day: relations first, then entities chunk by chunk; facts flow between the steps.

    A run that was cut short goes on where it stopped when it is asked for again; whom it had still to look at, the run
    of a later day looks at.

    Args:
        transactions: Opens a unit of work.
        exclusively: Runs a piece of work while no batch of facts is applied.
        book: The rule data in force.
    """

    def __init__(self, transactions: Transactions, exclusively: Exclusively, book: RuleBook) -> None:
        self._transactions = transactions
        self._exclusively = exclusively
        self._book = book

    async def __call__(self, day: int) -> RunState:
        """Every entity's indicators hold for `day`; for the business day of a complete run nothing is done.

        Raises:
            DayGoesBack: `day` is before the business day.
        """
        state = await self._once(lambda transaction: standing(day, transaction))
        if not state.holds_for(day):
            async with self._transactions() as transaction:
                await transaction.count_relations()
            state = await self._once(lambda transaction: begin(day, transaction, self._book))
        while state.after_uscc is not None:
            state = await self._once(lambda transaction: advance(transaction, self._book))
        return state

    async def _once(self, step: Callable[[DailyUnitOfWork], Awaitable[RunState]]) -> RunState:
        states: list[RunState] = []

        async def work() -> None:
            async with self._transactions() as transaction:
                states.append(await step(transaction))

        await self._exclusively(work)
        return states[-1]


async def standing(day: int, transaction: DailyUnitOfWork) -> RunState:
    """Where the run stands, before one for `day`.

    Raises:
        DayGoesBack: `day` is before the business day, and entities are known.
    """
    state = await transaction.run_state()
    if day < state.business_day and await transaction.has_entities():
        raise DayGoesBack(day, state.business_day)
    return state


async def begin(day: int, transaction: DailyUnitOfWork, book: RuleBook) -> RunState:
    """The business day is `day`, and it is known whom to look at; relations were counted before.

    A run for that day already begun is left as it is.

    Raises:
        DayGoesBack: `day` is before the business day, and entities are known.
    """
    state = await standing(day, transaction)
    if state.holds_for(day):
        return state
    await transaction.prepare_signals(day, book)
    await transaction.collect_due(day, book.catalogue.version)
    begun = RunState(day, "", 0, 0)
    await transaction.save_run_state(begun)
    return begun


async def advance(transaction: DailyUnitOfWork, book: RuleBook, limit: int = CHUNK) -> RunState:
    """The next entities in order of code are brought to the business day."""
    state = await transaction.run_state()
    if state.after_uscc is None:
        return state
    chunk = await transaction.chunk(state.after_uscc, limit)
    changed = await _bring_forward(chunk, state.business_day, transaction, book) if chunk.entities else 0
    is_last = len(chunk.entities) < limit
    moved = msgspec.structs.replace(
        state,
        after_uscc=None if is_last else max(chunk.entities),
        entities=state.entities + len(chunk.entities),
        changed=state.changed + changed,
    )
    if chunk.entities:
        await transaction.looked_at(max(chunk.entities))
    await transaction.save_run_state(moved)
    return moved


async def _bring_forward(chunk: CityChunk, day: int, transaction: DailyUnitOfWork, book: RuleBook) -> int:
    before = list(chunk.entities.values())
    facts = [entity.facts for entity in before]
    anew = {
        index: Restatement(identity, identity)
        for index, (entity, identity) in enumerate(zip(before, chunk.identities, strict=True))
        if entity.catalogue_version != book.catalogue.version
    }
    counted = related(book.catalogue, chunk.identities, chunk.relations)
    sensing = await transaction.sensing()
    given = Inputs(before, facts, anew, counted, calendar=True, usccs=list(chunk.entities), sensing=sensing)
    result = outcome(book, day, given)
    steps = [
        EntityStep(uscc, was, is_, anew[index].after if index in anew else None, recorded_at_ms)
        for index, (uscc, was, is_, recorded_at_ms) in enumerate(
            zip(chunk.entities, before, result.after, chunk.recorded_at_ms, strict=True)
        )
    ]
    await transaction.save(steps)
    await tell(News(book.catalogue.version, day, steps, result), transaction)
    return len(result.changed)
