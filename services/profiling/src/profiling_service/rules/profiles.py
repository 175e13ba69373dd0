"""What becomes of entities when facts arrive, their identity changes or the day moves: the one place that decides."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from sys import intern
from typing import Any, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from profiling_service.model.catalogue import Aggregate, Catalogue
from profiling_service.model.entities import Entity, Restatement
from profiling_service.model.signals import Clear, Raise, SignalFamily
from profiling_service.rules import columns, indicators, sense

Decision = TypeVar("Decision", Raise, Clear)
Relations = Mapping[Aggregate, Sequence[float]]


class RuleBook(msgspec.Struct, frozen=True):
    """The rule data in force."""

    catalogue: Catalogue
    families: tuple[SignalFamily, ...]


class Inputs(msgspec.Struct, frozen=True):
    """What is known of some entities.

    Attributes:
        before: As they were told last.
        facts: Packed features of all facts of each, the new ones last.
        identities: By index, what the facts make of registered particulars, where they change them.
        relations: Values of the relation indicators, when the daily run counted them.
        calendar: Whether the calendar moved.
    """

    before: Sequence[Entity]
    facts: Sequence[bytes]
    identities: Mapping[int, Restatement]
    relations: Relations = {}
    calendar: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What becomes of them.

    Attributes:
        after: The entities now, with versions moved.
        changed: Indexes of those whose profile is to be told.
        described: By index, those whose description is to be told, each with what is new in it; nothing named for one
            that is told for the first time.
        raises, clears: Signals.
    """

    after: list[Entity]
    changed: list[int]
    described: Mapping[int, tuple[str, ...]]
    raises: list[Raise]
    clears: list[Clear]


def outcome(book: RuleBook, day: int, given: Inputs) -> Outcome:
    """Everything that follows from the facts in effect on `day`.

    An entity never told before is told now, with whatever is known of it.
    """
    now = _with_identity(given)
    facts = columns.columns(given.facts)
    counts = columns.in_effect(facts, day)
    statuses = indicators.statuses(facts, counts)
    before = indicators.values_before(given.before, len(book.catalogue.indicators))
    values = _values(book.catalogue, day, given, (now, facts, counts, before))
    new = columns.beyond(facts, [entity.facts for entity in given.before])
    view = sense.View(now, facts, counts, statuses, new, day, given.calendar)
    raises, clears = sense.decide(book.families, view)
    moved = _Moved(given, now, statuses, indicators.differ(before, values))
    return Outcome(moved.entities(values, raises, clears), moved.changed, moved.described, raises, clears)


def _with_identity(given: Inputs) -> Sequence[Entity]:
    if not given.identities:
        return given.before
    now = list(given.before)
    for index, (_, identity) in given.identities.items():
        now[index] = msgspec.structs.replace(
            now[index],
            area_code=intern(identity.area_code),
            industry=intern(identity.industry),
            entity_type=intern(identity.entity_type),
            established_on_day=identity.established_on_day,
        )
    return now


def _values(
    catalogue: Catalogue,
    day: int,
    given: Inputs,
    known: tuple[Sequence[Entity], columns.Facts, columns.Mask, Any],
) -> indicators.Matrix:
    now, facts, counts, before = known
    values: indicators.Matrix = before.copy()
    indicators.ages(catalogue, [entity.established_on_day for entity in now], day, values)
    indicators.of_identity(catalogue, {index: now for index, (_, now) in given.identities.items()}, values)
    indicators.of_facts(catalogue, facts, counts, day, values)
    for aggregate, column in given.relations.items():
        values[:, catalogue.position(aggregate)] = column
    return values


class _Moved:
    """Which entities are to be told of, and their state afterwards."""

    def __init__(
        self, given: Inputs, now: Sequence[Entity], statuses: npt.NDArray[np.int16], differs: columns.Mask
    ) -> None:
        self._given = given
        self._now = now
        self._statuses = statuses.tolist()
        restated = {
            index
            for index, (entity, status) in enumerate(zip(given.before, self._statuses, strict=True))
            if entity.status != status or not entity.profile_version
        }
        judged_otherwise = {index for index in given.identities if now[index] != given.before[index]}
        self.changed = sorted(restated | judged_otherwise | set(np.flatnonzero(differs).tolist()))
        self.described = {
            index: news
            for index in sorted(restated | set(given.identities))
            if (news := self._news(index)) or not given.before[index].description_version
        }

    def _news(self, index: int) -> tuple[str, ...]:
        """What the description of an entity told before says anew."""
        before = self._given.before[index]
        if not before.description_version:
            return ()
        restated = ("status",) if before.status != self._statuses[index] else ()
        identity = self._given.identities.get(index)
        return restated + (identity.news if identity is not None else ())

    def entities(self, values: indicators.Matrix, raises: list[Raise], clears: list[Clear]) -> list[Entity]:
        """The entities as they are now."""
        changed, described = set(self.changed), self.described
        raised, cleared = _by_entity(raises), _by_entity(clears)
        told, width = values.tobytes(), values.shape[1] * 4
        return [
            Entity(
                facts,
                told[index * width : (index + 1) * width] if index in changed else entity.values,
                entity.profile_version + (index in changed),
                entity.description_version + (index in described),
                self._statuses[index],
                entity.area_code,
                entity.industry,
                entity.entity_type,
                entity.established_on_day,
                sense.after(entity.signals, raised[index], cleared[index])
                if index in raised or index in cleared
                else entity.signals,
            )
            for index, (entity, facts) in enumerate(zip(self._now, self._given.facts, strict=True))
        ]


def _by_entity(decisions: Sequence[Decision]) -> dict[int, list[Decision]]:
    grouped: dict[int, list[Decision]] = defaultdict(list)
    for decision in decisions:
        grouped[decision.entity].append(decision)
    return grouped
