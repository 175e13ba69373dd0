"""Which signals to raise and which are over, from the facts in effect (智能感知).

The facts of all entities are looked at in columns; only what may be raised, and signals that held before, are looked
at one by one. A fact can raise a signal only when it is new: facts do not come back into effect.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from profiling_service.model.catalogue import Window
from profiling_service.model.entities import Entity, EntityStatus, KnownSignal
from profiling_service.model.facts import FactType
from profiling_service.model.signals import Clear, Raise, RuleKind, SignalFamily
from profiling_service.rules.columns import Facts, Mask
from profiling_service.rules.windows import as_date, as_day, first_minute

MOST_EVIDENCE = 50
"""Facts named by one signal, the newest by number: an event must stay small whatever an entity is accused of."""
Holds = Callable[[int, int], bool]
"""Whether the cause of an episode still holds, by index of the entity and episode."""


@dataclass(frozen=True, slots=True)
class View:
    """What signals are decided on.

    Attributes:
        entities: As they are, with the signals raised before.
        facts, counts: Their facts, and which count on `day`.
        statuses: State of registration of each.
        new: Facts that the entities, as they were told last, did not have.
        day: Business day.
        calendar: Whether the calendar moved, so that signals of a season may be raised.
    """

    entities: Sequence[Entity]
    facts: Facts
    counts: Mask
    statuses: npt.NDArray[np.int16]
    new: Mask
    day: int
    calendar: bool


def decide(families: Sequence[SignalFamily], view: View) -> tuple[list[Raise], list[Clear]]:
    """The signals to raise and to clear; a family no longer in the rule data is left as it is."""
    raises: list[Raise] = []
    holds: dict[str, Holds] = {}
    for family in families:
        raised, holds[family.code] = _RULES[family.rule.kind](family, view)
        raises.extend(raised)
    clears = [
        Clear(index, signal.family, signal.episode, signal.is_open)
        for index, entity in enumerate(view.entities)
        if entity.signals
        for signal in entity.signals
        if signal.holds and signal.family in holds and not holds[signal.family](index, signal.episode)
    ]
    return raises, clears


def after(
    known: Sequence[KnownSignal], raises: Iterable[Raise], clears: Iterable[Clear]
) -> tuple[KnownSignal, ...]:
    """The signals of one entity once these decisions are taken."""
    over = {(clear.family, clear.episode) for clear in clears}
    kept = [
        signal._replace(is_open=False, holds=False) if (signal.family, signal.episode) in over else signal
        for signal in known
    ]
    kept += [KnownSignal(order.family.code, order.episode, is_open=True, holds=True) for order in raises]
    return tuple(kept)


def _due(family: SignalFamily, day: int) -> int:
    if family.due_days is not None:
        return day + family.due_days
    return as_day(date(as_date(day).year, *family.rule.season[1]))


def _fact_in_effect(family: SignalFamily, view: View) -> tuple[Iterator[Raise], Holds]:
    facts, counts = view.facts, view.counts

    def holds(entity: int, number: int) -> bool:
        return bool(counts[facts.first[entity] + number - 1])

    return _of_new_facts(family, view), holds


def _of_new_facts(family: SignalFamily, view: View) -> Iterator[Raise]:
    facts, rule = view.facts, family.rule
    may = facts.of_types(rule.types) & view.counts & view.new
    if rule.days:
        may &= facts.minute >= first_minute(Window(days=rule.days), view.day)
    for row in np.flatnonzero(may).tolist():
        number = facts.number(row)
        yield Raise(int(facts.entity[row]), family, number, (number,), _due(family, view.day))


def _rising(family: SignalFamily, view: View) -> tuple[Iterator[Raise], Holds]:
    facts, rule = view.facts, family.rule
    wanted = facts.of_types(rule.types) & view.counts
    start = first_minute(Window(days=rule.days), view.day)
    earlier = first_minute(Window(days=2 * rule.days), view.day)
    recent = wanted & (facts.minute >= start)
    now = np.bincount(facts.entity[recent], minlength=facts.size)
    before = wanted & (facts.minute >= earlier) & (facts.minute < start)
    then = np.bincount(facts.entity[before], minlength=facts.size)
    rises = (now >= rule.at_least) & (now > rule.factor * then)

    def raised() -> Iterator[Raise]:
        for entity in np.flatnonzero(rises).tolist():
            episode, runs = _running_episode(view.entities[entity].signals, family.code)
            if not runs:
                rows = np.flatnonzero(recent & (facts.entity == entity))[-MOST_EVIDENCE:].tolist()
                yield Raise(entity, family, episode, tuple(map(facts.number, rows)), _due(family, view.day))

    return raised(), lambda entity, _: bool(rises[entity])


def _running_episode(known: Sequence[KnownSignal], family: str) -> tuple[int, bool]:
    """The episode that runs, or the number the next one gets."""
    last = 0
    for signal in known:
        if signal.family == family:
            if signal.holds:
                return signal.episode, True
            last = max(last, signal.episode)
    return last + 1, False


def _report_due(family: SignalFamily, view: View) -> tuple[Iterable[Raise], Holds]:
    today = as_date(view.day)
    (first, last), due_year = family.rule.season, today.year - 1
    if not first <= (today.month, today.day) <= last:
        return (), lambda _entity, _year: False
    owing = _owing(view, due_year)

    def raised() -> Iterator[Raise]:
        for entity in np.flatnonzero(owing).tolist():
            known = view.entities[entity].signals
            if not any(signal.family == family.code and signal.episode == due_year for signal in known):
                yield Raise(entity, family, due_year, (), _due(family, view.day))

    return raised() if view.calendar else (), lambda entity, year: year == due_year and bool(owing[entity])


def _owing(view: View, year: int) -> Mask:
    """Entities registered before the end of `year`, still registered, that have not filed its report."""
    facts = view.facts
    filed = np.zeros(facts.size, bool)
    filed[facts.entity[(facts.type == FactType.ANNUAL_REPORT_FILED) & (facts.value == year)]] = True
    next_year = as_day(date(year + 1, 1, 1))
    established = np.array(
        [
            next_year if entity.established_on_day is None else entity.established_on_day
            for entity in view.entities
        ]
    )
    there = (view.statuses == EntityStatus.ACTIVE) | (view.statuses == EntityStatus.SUSPENDED)
    owing: Mask = there & (established < next_year) & ~filed
    return owing


_RULES: Mapping[RuleKind, Callable[[SignalFamily, View], tuple[Iterable[Raise], Holds]]] = {
    RuleKind.FACT_IN_EFFECT: _fact_in_effect,
    RuleKind.RISING: _rising,
    RuleKind.REPORT_DUE: _report_due,
}
