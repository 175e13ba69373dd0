"""Which signals to raise, which have grown and which are over, from the facts in effect (智能感知).

The facts of all entities are looked at in columns, family by family; only what may be raised, and signals that held
before, are looked at one by one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec
import numpy as np
import numpy.typing as npt

from profiling_service.model.catalogue import Window
from profiling_service.model.entities import Entity, KnownSignal
from profiling_service.model.signals import Clear, Decisions, Grow, Raise, RuleKind, SignalFamily
from profiling_service.rules.agenda import NEVER
from profiling_service.rules.causes import CAUSES, Cause, View, counts, seasons
from profiling_service.rules.windows import as_date, as_day

__all__ = ["View", "after", "decide", "next_look", "watched"]

Causes = Mapping[str, tuple[SignalFamily, Cause]]
GROWN = 2.0
"""A signal is told of again when its measure is so many times what was told last, or when it is more severe."""


def decide(families: Sequence[SignalFamily], view: View) -> Decisions:
    """What becomes of signals; a family no longer in the rule data is left as it is."""
    causes = {family.code: (family, CAUSES[family.rule.kind](family, view)) for family in families}
    made = Decisions([], [], [])
    for family, cause in causes.values():
        for entity, episode in cause.begins():
            order = _raise(family, cause, view, (entity, episode))
            silent = _is_suppressed(family.code, entity, view)
            made.raises.append(msgspec.structs.replace(order, silent=True) if silent else order)
    for index, entity_ in enumerate(view.entities):
        if entity_.signals:
            _go_on(index, entity_, causes, view, made)
    return made


def _go_on(index: int, entity: Entity, causes: Causes, view: View, made: Decisions) -> None:
    """What becomes of the signals of one entity that held before."""
    for known in entity.signals:
        if known.family not in causes:
            continue
        family, cause = causes[known.family]
        if not known.holds:
            if not known.settled and cause.returns(index, known.episode):
                made.raises.append(_return(known, family, cause, view, index))
        elif not cause.holds(index, known.episode):
            made.clears.append(Clear(index, known.family, known.episode, known.is_open))
        elif (known.silent or (known.is_open and _has_grown(known, family, cause.measure(index)))) and (
            not _is_suppressed(known.family, index, view)
        ):
            of = (index, known.episode)
            if known.silent:
                order = _raise(family, cause, view, of)
                made.raises.append(msgspec.structs.replace(order, again=True))
            else:
                made.grows.append(_grow(family, cause, of, known.measure))


def _return(known: KnownSignal, family: SignalFamily, cause: Cause, view: View, entity: int) -> Raise:
    """The episode goes on as it was: what was told before is told, whatever is suppressed, because its end was told."""
    silent = known.silent and _is_suppressed(family.code, entity, view)
    order = _raise(family, cause, view, (entity, known.episode))
    return msgspec.structs.replace(order, again=True, silent=silent)


def _has_grown(known: KnownSignal, family: SignalFamily, measure: float) -> bool:
    return measure >= GROWN * known.measure > 0 or family.severity_at(measure) > known.severity


def _is_suppressed(family: str, entity: int, view: View) -> bool:
    if not view.sensing.suppresses:
        return False
    return view.sensing.is_suppressed(family, view.usccs[entity], view.entities[entity].area_code, view.day)


def _raise(family: SignalFamily, cause: Cause, view: View, of: tuple[int, int]) -> Raise:
    entity, episode = of
    measure = cause.measure(entity)
    return Raise(
        entity,
        family,
        episode,
        cause.facts(entity, episode),
        _due(family, view.day),
        family.severity_at(measure),
        measure,
        cause.tail(entity),
    )


def _grow(family: SignalFamily, cause: Cause, of: tuple[int, int], was: float) -> Grow:
    measure = cause.measure(of[0])
    return Grow(of[0], family, of[1], cause.facts(*of), family.severity_at(measure), measure, was)


def _due(family: SignalFamily, day: int) -> int:
    if family.due_days is not None:
        return day + family.due_days
    return as_day(date(as_date(day).year, *family.rule.season[1]))


def after(
    known: Sequence[KnownSignal], raises: Iterable[Raise], grows: Iterable[Grow], clears: Iterable[Clear]
) -> tuple[KnownSignal, ...]:
    """The signals of one entity once these decisions are taken."""
    kept = {(signal.family, signal.episode): signal for signal in known}
    for clear in clears:
        key = (clear.family, clear.episode)
        kept[key] = kept[key]._replace(is_open=False, holds=False)
    for grow in grows:
        key = (grow.family.code, grow.episode)
        kept[key] = kept[key]._replace(severity=grow.severity, measure=grow.measure)
    for order in raises:
        said = (not order.silent, True, order.silent, order.severity, order.measure)
        kept[order.family.code, order.episode] = KnownSignal(order.family.code, order.episode, *said)
    return tuple(sorted(kept.values(), key=lambda signal: signal[:2]))


def watched(families: Sequence[SignalFamily]) -> Iterator[tuple[Window, frozenset[int]]]:
    """Windows that families look at by themselves, with the types of fact that leave them."""
    for family in families:
        types = frozenset(selector.type for selector in family.rule.of)
        yield from ((window, types) for window in family.rule.windows)


def next_look(families: Sequence[SignalFamily], view: View) -> npt.NDArray[np.int64]:
    """For each entity the first day after the business day on which a signal may begin or end that no window moves."""
    look = np.full(view.facts.size, NEVER, np.int64)
    for family in families:
        if family.rule.kind is RuleKind.REPORT_DUE:
            seasons.look_again(family, view, look)
        elif family.rule.kind is RuleKind.UNUSUAL:
            counts.look_again(family, view, look)
    return look
