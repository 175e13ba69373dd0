"""The service's side: messages as facts, recorded and brought forward in memory, and values by code."""

import os
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest
from contracts.repair.v1_pb2 import RecordStopped
from contracts.sampling.v1_pb2 import InspectionResultRecorded
from eventbus import Received
from hypothesis import HealthCheck, settings
from profiling_service import wire
from profiling_service.model.entities import Entity
from profiling_service.model.facts import Fact
from profiling_service.rules.profiles import RuleBook
from profiling_service.use_cases.daily_run import DailyRun, Work
from profiling_service.use_cases.record import record_facts
from vocabulary.sparse_values import unpack

from profiling_reference.facts import Message

RELATED = "relation."
_TIMES = int(os.environ.get("CREDITLOOP_EXAMPLES", "1"))
_SECONDS = 300


def examples(number: int) -> Callable[[Any], Any]:
    """So many random examples, as often as `CREDITLOOP_EXAMPLES` says, and as much more time."""
    chosen = settings(
        max_examples=number * _TIMES,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    return lambda test: pytest.mark.timeout(_SECONDS * _TIMES)(chosen(test))


class Desk:
    """One city in memory.

    Attributes:
        tx: The unit of work, of `conftest`.
        book: The rule data in force.
    """

    def __init__(self, tx: Any, book: RuleBook) -> None:
        self.tx = tx
        self.book = book
        self._read = wire.FactReader(book.forms)

    def fact(self, message: Message) -> Fact:
        """The message as the service reads it."""
        name, value = message.DESCRIPTOR.full_name, message.SerializeToString()
        received = Received("t", 0, 0, name, "s", 1, message.uscc, value, 0, "")
        if isinstance(message, RecordStopped):
            return wire.record_stopped(received)
        if isinstance(message, InspectionResultRecorded):
            return self._read.inspection_result(received)
        return self._read(received)

    async def record(self, messages: Sequence[Message], batch: int = 1000) -> None:
        """The messages arrive in this order, so many at a time."""
        for start in range(0, len(messages), batch):
            facts = [self.fact(message) for message in messages[start : start + batch]]
            await record_facts(facts, self.tx, self.book)

    async def run(self, day: date) -> None:
        """The daily run brings whoever is due to this day."""
        await DailyRun(self._transaction, _alone, self.book)((day - date(1970, 1, 1)).days)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Any]:
        yield self.tx

    def profile(self, uscc: str) -> dict[str, float | None]:
        """What was told of an entity last."""
        return told(self.tx.known[uscc], self.book)


DeskOn = Callable[[date], Desk]


def told(entity: Entity, book: RuleBook) -> dict[str, float | None]:
    """Values by code, None where not known, and the `status`."""
    (values,) = unpack([entity.values], book.catalogue.width).tolist()
    codes = [indicator.code for indicator in book.catalogue.indicators]
    known = {code: None if value != value else value for code, value in zip(codes, values, strict=True)}
    return known | {"status": entity.status}


def unrelated(profile: dict[str, float | None]) -> dict[str, float | None]:
    """Without what only a count over the whole city tells."""
    return {code: value for code, value in profile.items() if not code.startswith(RELATED)}


def once_each(messages: Iterable[Message]) -> list[Message]:
    """As the bus hands them on: what came before is left out."""
    seen: dict[tuple[str, bytes], Message] = {}
    for message in messages:
        seen.setdefault(
            (message.DESCRIPTOR.full_name, message.SerializeToString(deterministic=True)), message
        )
    return list(seen.values())


async def _alone(work: Work) -> None:
    await work()
