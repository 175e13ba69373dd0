"""Tells the other services what came of a decision, and keeps the signals it raised."""

from collections.abc import Iterator, Sequence

import msgspec

from profiling_service.model.entities import NO_IDENTITY, Identity
from profiling_service.model.events import (
    DomainEvent,
    EntityDescribed,
    IndicatorsChanged,
    SignalCleared,
    SignalRaised,
)
from profiling_service.model.facts import Fact
from profiling_service.model.signals import signal_id
from profiling_service.ports import EntityStep, UnitOfWork
from profiling_service.rules.profiles import Outcome

BY_FACTS = "facts"


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
    if news.outcome.raises or news.outcome.clears:
        events += await _signals(news, identities, transaction)
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


async def _signals(
    news: News, identities: dict[str, Identity], transaction: UnitOfWork
) -> list[SignalRaised | SignalCleared]:
    raised = await _raised(news, identities, transaction)
    over, cleared = {}, []
    for clear in news.outcome.clears:
        uscc = news.steps[clear.entity].uscc
        identifier = signal_id(clear.family, uscc, clear.episode)
        over[identifier] = clear.was_open
        if clear.was_open:
            cleared.append(SignalCleared(identifier, uscc, clear.family, BY_FACTS, news.day))
    await transaction.save_signals(raised, over, news.day)
    return [*raised, *cleared]


async def _raised(news: News, identities: dict[str, Identity], transaction: UnitOfWork) -> list[SignalRaised]:
    orders = [(order, news.steps[order.entity]) for order in news.outcome.raises]
    wanted = [(step.uscc, number) for order, step in orders for number in order.facts]
    names = await transaction.fact_names(wanted) if wanted else {}
    return [
        SignalRaised(
            signal_id=signal_id(order.family.code, step.uscc, order.episode),
            uscc=step.uscc,
            family=order.family.code,
            episode=order.episode,
            severity=order.family.severity,
            suggested_step=order.family.suggested_step,
            evidence=tuple(names[step.uscc, number] for number in order.facts),
            area_code=step.after.area_code,
            due_on_day=order.due_on_day,
            raised_on_day=news.day,
            platforms=identities[step.uscc].platforms,
        )
        for order, step in orders
    ]
