"""What becomes of entities when facts arrive, their identity changes or the day moves: the one place that decides."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from sys import intern
from typing import NamedTuple, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt
from vocabulary.sparse_values import pack

from profiling_service.model.catalogue import Catalogue
from profiling_service.model.entities import Entity, KnownSignal, Restatement
from profiling_service.model.facts import FactType
from profiling_service.model.forms import Forms
from profiling_service.model.signals import Clear, Decisions, Grow, Raise, SignalFamily
from profiling_service.rules import columns, indicators, sense
from profiling_service.rules.agenda import Agenda, next_look
from profiling_service.rules.aggregates import InEffect
from profiling_service.rules.effect import in_effect
from profiling_service.rules.suppressing import NOTHING_KNOWN, Sensing

Decision = TypeVar("Decision", Raise, Grow, Clear)
Relations = Mapping[str, Sequence[float]]


class RuleBook(msgspec.Struct, frozen=True):
    """The rule data in force, what follows from it for the calendar, and the hashes of the forms and of all packs."""

    forms: Forms
    catalogue: Catalogue
    families: tuple[SignalFamily, ...]
    agenda: Agenda
    forms_sha256: str = ""
    sha256: str = ""


class Inputs(msgspec.Struct, frozen=True):
    """What is known of some entities.

    Attributes:
        before: As they were told last.
        facts: Packed features of all facts of each, the new ones last.
        identities: By index, what the facts make of registered particulars, where they change them.
        relations: Counts of relations by name, when the daily run counted them.
        calendar: Whether the calendar moved.
        usccs: Their codes, by which signals are suppressed.
        sensing: What is suppressed, and the bounds of peers.
    """

    before: Sequence[Entity]
    facts: Sequence[bytes]
    identities: Mapping[int, Restatement]
    relations: Relations = {}
    calendar: bool = False
    usccs: Sequence[str] = ()
    sensing: Sensing = NOTHING_KNOWN


class Outcome(msgspec.Struct, frozen=True):
    """What becomes of them.

    Attributes:
        after: The entities now, with versions moved.
        changed: Indexes of those whose profile is to be told.
        described: By index, those whose description is to be told, each with what is new in it; nothing named for one
            that is told for the first time.
        raises, grows, clears: Signals.
        stakes: By index of those to whose stakes something happened, the numbers of the facts of those held now.
    """

    after: list[Entity]
    changed: list[int]
    described: Mapping[int, tuple[str, ...]]
    raises: list[Raise]
    grows: list[Grow]
    clears: list[Clear]
    stakes: Mapping[int, Sequence[int]] = {}


def outcome(book: RuleBook, day: int, given: Inputs) -> Outcome:
    """Everything that follows from the facts in effect on `day`.

    An entity never told before is told now, with whatever is known of it.
    """
    now = _with_identity(given)
    facts = columns.columns(given.facts)
    view = InEffect(facts, in_effect(facts, book.forms, day), day)
    before = indicators.values_before(given.before, book.catalogue)
    values = _values(book.catalogue, given, now, view, before)
    look = next_look(book.agenda, view, indicators.days_established(now))
    statuses = indicators.statuses(view)
    new = columns.beyond(facts, [entity.facts for entity in given.before])
    seen = sense.View(now, view, values, statuses, new, given.calendar, given.usccs, given.sensing)
    made = sense.decide(book.families, seen)
    look = np.minimum(look, sense.next_look(book.families, seen))
    if not given.relations:
        look[indicators.uncounted(book.catalogue, before, values)] = day + 1
    look = _not_later(look, given.before, day)
    moved = _Moved(given, now, statuses, indicators.differ(before, values))
    after = moved.entities(
        _Profiles(book.catalogue.version, values, look, indicators.risky(book.catalogue, values)),
        made,
    )
    return Outcome(
        after,
        moved.changed,
        moved.described,
        made.raises,
        made.grows,
        made.clears,
        _stakes(view, new),
    )


def _not_later(look: npt.NDArray[np.int64], before: Sequence[Entity], day: int) -> npt.NDArray[np.int64]:
    """A look still ahead stays where it is: one too early costs a look, one moved costs a write with every fact."""
    stands = np.array([entity.next_look for entity in before], np.int64)
    return np.where((stands > day) & (stands < look), stands, look)


def _with_identity(given: Inputs) -> Sequence[Entity]:
    if not given.identities:
        return given.before
    now = list(given.before)
    for index, (_, identity) in given.identities.items():
        now[index] = msgspec.structs.replace(
            now[index],
            area_code=intern(identity.area_code),
            industry=intern(identity.best_industry),
            entity_type=intern(identity.entity_type),
            established_on_day=identity.established_on_day,
            sectors=identity.scope_sectors | indicators.sectors_of(identity.best_industry),
        )
    return now


def _values(
    catalogue: Catalogue, given: Inputs, now: Sequence[Entity], view: InEffect, before: indicators.Matrix
) -> indicators.Matrix:
    values: indicators.Matrix = before.copy()
    indicators.ages(catalogue, indicators.days_established(now), view.day, values)
    indicators.of_identity(catalogue, {index: is_ for index, (_, is_) in given.identities.items()}, values)
    indicators.sectors(catalogue, now, view, values)
    indicators.of_facts(catalogue, view, values)
    for name, position in catalogue.related().items():
        if name in given.relations:
            values[:, position] = given.relations[name]
    return values


def _stakes(view: InEffect, new: columns.Mask) -> Mapping[int, Sequence[int]]:
    facts = view.facts
    if not facts.has(FactType.STAKE_RECORDED):
        return {}
    rows = facts.rows_of(_OF_STAKES)
    replacing = np.flatnonzero((facts.table["replaces"] != 0) & new)
    touched = np.unique(facts.entity[np.concatenate([rows[new[rows]], replacing])])
    held = view.of_type(FactType.STAKE_RECORDED)
    return {
        entity: [facts.number(row) for row in held[facts.entity[held] == entity].tolist()]
        for entity in touched.tolist()
    }


_OF_STAKES = (FactType.STAKE_RECORDED, FactType.STAKE_ENDED)


class _Profiles(NamedTuple):
    """What is known of the entities' profiles: values by row, and the day to look at each again."""

    catalogue_version: int
    values: indicators.Matrix
    look: npt.NDArray[np.int64]
    is_risky: columns.Mask


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

    def entities(self, profiles: _Profiles, made: Decisions) -> list[Entity]:
        """The entities as they are now."""
        changed, described = set(self.changed), self.described
        signals = _signals(self._now, made)
        told = dict(zip(self.changed, pack(profiles.values[self.changed]), strict=True))
        look, version, risky = profiles.look.tolist(), profiles.catalogue_version, profiles.is_risky.tolist()
        return [
            Entity(
                facts,
                told[index] if index in changed else entity.values,
                version if index in changed else entity.catalogue_version,
                look[index],
                entity.profile_version + (index in changed),
                entity.description_version + (index in described),
                self._statuses[index],
                entity.area_code,
                entity.industry,
                entity.entity_type,
                entity.established_on_day,
                entity.sectors,
                risky[index],
                signals.get(index, entity.signals),
            )
            for index, (entity, facts) in enumerate(zip(self._now, self._given.facts, strict=True))
        ]


def _signals(entities: Sequence[Entity], made: Decisions) -> dict[int, tuple[KnownSignal, ...]]:
    """By index, the signals of entities of which anything was decided."""
    raised, grown, cleared = _by_entity(made.raises), _by_entity(made.grows), _by_entity(made.clears)
    return {
        index: sense.after(
            entities[index].signals, raised.get(index, ()), grown.get(index, ()), cleared.get(index, ())
        )
        for index in {*raised, *grown, *cleared}
    }


def _by_entity(decisions: Sequence[Decision]) -> dict[int, list[Decision]]:
    grouped: dict[int, list[Decision]] = defaultdict(list)
    for decision in decisions:
        grouped[decision.entity].append(decision)
    return grouped
