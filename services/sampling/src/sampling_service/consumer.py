"""Nothing but routing: event type → (decode, use case)."""

from collections.abc import Callable, Sequence
from typing import Final

from eventbus import Handler, Handlers, Transaction

from sampling_service import wire
from sampling_service.model.members import ClassNews, Description
from sampling_service.ports import UnitOfWork
from sampling_service.use_cases import pools

TOPICS: Final = ("creditloop.classification.v1", "creditloop.profiling.v1")


def handlers(unit_of_work: Callable[[Transaction], UnitOfWork]) -> Handlers:
    """What is done with which event; other types are passed over unread."""

    async def follow_classes(news: Sequence[ClassNews], transaction: Transaction) -> None:
        await pools.follow_classes(news, unit_of_work(transaction))

    async def follow_descriptions(news: Sequence[Description], transaction: Transaction) -> None:
        await pools.follow_descriptions(news, unit_of_work(transaction))

    return {
        wire.CLASS_CHANGED: Handler(wire.class_news, follow_classes),
        wire.ENTITY_DESCRIBED: Handler(wire.description, follow_descriptions),
    }
