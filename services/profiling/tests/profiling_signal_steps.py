"""What tests of signals do and look at, in memory and on PostgreSQL alike."""

from typing import Any

from profiling_service.model.signals import Suppression
from profiling_service.ports.signals import SuppressionOrder
from profiling_service.rules.profiles import RuleBook
from profiling_service.rules.windows import as_date
from profiling_service.use_cases.record import record_facts
from profiling_service.use_cases.signals import suppress

RISING = "complaints_rising"


async def alone(work: Any) -> None:
    await work()


async def record(world: Any, book: RuleBook, *news: Any) -> None:
    async with world.transaction() as tx:
        await record_facts(list(news), tx, book)


async def quieten(world: Any, family: str, *, until: int, area: str = "", uscc: str = "") -> None:
    """A suppression is in force, in either world."""
    async with world.transaction() as tx:
        if hasattr(tx, "suppressions"):
            tx.suppressions.append(Suppression(family, area, uscc, until))
        else:
            await suppress(
                SuppressionOrder(family, area, uscc, as_date(until), "known already"), "officer", tx
            )


def told(world: Any, family: str = RISING) -> list[str]:
    """Kinds of the events about signals of a family, in order."""
    return [
        event.type.rsplit(".", 1)[1]
        for event in world.events
        if "Signal" in event.type and family.encode() in event.value
    ]


def complaints(facts: Any, *days: int, **more: Any) -> list[Any]:
    return [facts("complaint_received", on=day, **more) for day in days]
