"""Which events are read, and the use case each goes to."""

from collections.abc import Awaitable, Callable, Sequence

from eventbus import Handler, Handlers, Transaction, Transient

from profiling_service import wire
from profiling_service.errors import StaleCopy
from profiling_service.model.facts import Fact
from profiling_service.ports import UnitOfWork
from profiling_service.rules.profiles import RuleBook
from profiling_service.use_cases.record import record_facts

Over = Callable[[Transaction], UnitOfWork]
"""Opens the service's unit of work over a transaction: one for each transaction."""

TOPICS = ("creditloop.ingestion.v1", "creditloop.sampling.v1", "creditloop.repair.v1")


def handlers(over: Over, book: RuleBook) -> Handlers:
    """Every type read; all of them are facts about an entity."""
    apply, reader = _recording(over, book), wire.FactReader(book.forms)
    return {
        wire.FACT_ACCEPTED: Handler(reader, apply),
        wire.RESULT_RECORDED: Handler(reader.inspection_result, apply),
        wire.RECORD_STOPPED: Handler(wire.record_stopped, apply),
    }


def _recording(over: Over, book: RuleBook) -> Callable[[Sequence[Fact], Transaction], Awaitable[None]]:
    async def apply(facts: Sequence[Fact], transaction: Transaction) -> None:
        try:
            await record_facts(facts, over(transaction), book)
        except StaleCopy as error:
            raise Transient(str(error)) from error

    return apply
