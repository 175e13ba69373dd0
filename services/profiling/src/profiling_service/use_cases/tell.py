"""Tells the other services what came of a decision, and keeps the signals it raised."""

from collections.abc import Iterator, Sequence

import msgspec

from profiling_service.model.entities import NO_IDENTITY, Identity
from profiling_service.model.events import (
    DomainEvent,
    EntityDescribed,
    IndicatorsChanged,
)
from profiling_service.model.facts import Fact
from profiling_service.ports import EntityStep, UnitOfWork
from profiling_service.rules.profiles import Outcome
from profiling_service.use_cases.tell_signals import tell_signals


class News(msgspec.Struct, frozen=True):
    """What was decided, on what day, and for each step the fact that caused it; without facts, the calendar did."""

    catalogue_version: int
    day: int
    steps: Sequence[EntityStep]
    outcome: Outcome
    causes: Sequence[Fact] = ()

    def cause(self, index: int) -> str:
        """The newest fact of a step as `source|fact_id`, or empty."""
        if not self.causes:
            return ""
        fact = self.causes[index]
        return f"{fact.source}|{fact.fact_id}"


async def tell(news: News, transaction: UnitOfWork) -> None:
    """Changed profiles, descriptions and signals are published, each kind together, and the signals are stored."""
    identities = await _identities(news, transaction)
    events: list[DomainEvent] = [*_profiles(news), *_descriptions(news, identities)]
    made = news.outcome
    if made.raises or made.grows or made.clears or any(step.moves_signals for step in news.steps):
        events += await tell_signals(news.day, news.steps, made, identities, transaction)
    transaction.publish(events)


async def _identities(news: News, transaction: UnitOfWork) -> dict[str, Identity]:
    """Identities of those described and of those warned about."""
    steps, outcome = news.steps, news.outcome
    wanted = {*outcome.described, *(order.entity for order in outcome.raises)}
    known = {steps[index].uscc: steps[index].identity or NO_IDENTITY for index in wanted}
    missing = [
        steps[index].uscc
        for index in wanted
        if steps[index].identity is None and steps[index].before.profile_version
    ]
    return known | await transaction.identities(missing) if missing else known


def _descriptions(news: News, identities: dict[str, Identity]) -> Iterator[EntityDescribed]:
    for index, differs in news.outcome.described.items():
        step = news.steps[index]
        yield EntityDescribed(
            step.uscc, step.after.description_version, step.after.status, identities[step.uscc], differs
        )


def _profiles(news: News) -> list[IndicatorsChanged]:
    return [
        IndicatorsChanged(
            step.uscc,
            step.after.profile_version,
            news.catalogue_version,
            step.after.values,
            news.day,
            step.recorded_at_ms,
            news.cause(index),
            step.after.status,
            step.after.area_code,
            step.after.industry,
            step.after.entity_type,
            step.after.established_on_day,
        )
        for index, step in ((index, news.steps[index]) for index in news.outcome.changed)
    ]
