"""The calendar moves: windows slide, relations are counted, seasons begin and end."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import msgspec

from profiling_service.errors import DayGoesBack
from profiling_service.ports import CityChunk, DailyUnitOfWork, EntityStep, RunState
from profiling_service.rules.profiles import Inputs, RuleBook, outcome
from profiling_service.use_cases.tell import News, tell

CHUNK = 2000
Work = Callable[[], Awaitable[None]]
Exclusively = Callable[[Work], Awaitable[None]]
Transactions = Callable[[], AbstractAsyncContextManager[DailyUnitOfWork]]


class DailyRun:
    """Brings the city to a business day: relations first, then entities chunk by chunk; facts flow between the steps.

    A run that was cut short goes on where it stopped when it is asked for again.

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
        state = await self._once(lambda transaction: begin(day, transaction))
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


async def begin(day: int, transaction: DailyUnitOfWork) -> RunState:
    """The business day is `day` and relations are counted; a run for that day already begun is left as it is.

    Raises:
        DayGoesBack: `day` is before the business day, and entities are known.
    """
    state = await transaction.run_state()
    if day == state.business_day and (state.after_uscc is not None or state.entities):
        return state
    if day < state.business_day and await transaction.has_entities():
        raise DayGoesBack(day, state.business_day)
    await transaction.count_relations()
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
    await transaction.save_run_state(moved)
    return moved


async def _bring_forward(chunk: CityChunk, day: int, transaction: DailyUnitOfWork, book: RuleBook) -> int:
    before = list(chunk.entities.values())
    facts = [entity.facts for entity in before]
    result = outcome(book, day, Inputs(before, facts, {}, chunk.relations, calendar=True))
    steps = [
        EntityStep(uscc, was, is_, None, recorded_at_ms)
        for uscc, was, is_, recorded_at_ms in zip(
            chunk.entities, before, result.after, chunk.recorded_at_ms, strict=True
        )
    ]
    await transaction.save([steps[index] for index in sorted({*result.changed, *result.described})])
    await tell(News(book.catalogue.version, day, steps, result), transaction)
    return len(result.changed)
