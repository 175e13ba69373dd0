"""Nothing but routing: event type → how it is read and applied."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eventbus import Handler, Handlers, Transaction
from vocabulary.dishonesty import DISHONESTY

from repair_service import use_cases, wire
from repair_service.model import Description, Fact
from repair_service.ports import UnitOfWork
from repair_service.rules import Law

TOPICS = ("creditloop.ingestion.v1", "creditloop.profiling.v1")


@dataclass(frozen=True, slots=True)
class Desk:
    """What the handlers need: a unit of work over the batch's transaction, and the law."""

    unit_of_work: Callable[[Transaction], UnitOfWork]
    law: Law

    async def record_facts(self, told: Sequence[Sequence[Fact]], transaction: Transaction) -> None:
        """See `use_cases.record_facts`."""
        facts = [fact for each in told for fact in each]
        await use_cases.record_facts(facts, self.unit_of_work(transaction), self.law)

    async def describe_entities(self, said: Sequence[Description], transaction: Transaction) -> None:
        """See `use_cases.describe_entities`."""
        await use_cases.describe_entities(said, self.unit_of_work(transaction))


def handlers(desk: Desk) -> Handlers:
    """What the stage does with each type of event; it passes over the others unread."""
    return {
        wire.FACT_ACCEPTED: Handler(wire.fact_accepted, desk.record_facts, about={DISHONESTY}),
        wire.ENTITY_DESCRIBED: Handler(wire.entity_described, desk.describe_entities),
    }
