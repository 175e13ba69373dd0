"""What signals are decided on, and what a cause of signals is."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from profiling_service.model.catalogue import Window
from profiling_service.model.entities import Entity, EntityStatus, KnownSignal
from profiling_service.model.facts import NO_END
from profiling_service.model.signals import NO_TAIL, SignalFamily
from profiling_service.rules.aggregates import InEffect
from profiling_service.rules.columns import Facts, Mask, Rows
from profiling_service.rules.effect import replaced
from profiling_service.rules.suppressing import NOTHING_KNOWN, Sensing
from profiling_service.rules.windows import first_minute

MOST_EVIDENCE = 50
"""Facts named by one signal, the newest by number: an event must stay small whatever an entity is accused of."""
Column = npt.NDArray[Any]
NO_ROWS: Rows = np.empty(0, np.intp)


@dataclass(frozen=True)
class View:
    """What signals are decided on.

    Attributes:
        entities: As they are, with the signals raised before.
        in_effect: Their facts, and which count on the business day.
        values: Their indicators.
        statuses: State of registration of each.
        new: Facts that the entities, as they were told last, did not have.
        calendar: Whether the calendar moved, so that signals of a season may be raised.
        usccs: Their codes; empty where nothing is suppressed.
        sensing: What is suppressed, and the bounds of peers.
    """

    entities: Sequence[Entity]
    in_effect: InEffect
    values: npt.NDArray[np.float32]
    statuses: npt.NDArray[np.int16]
    new: Mask
    calendar: bool
    usccs: Sequence[str] = ()
    sensing: Sensing = field(default=NOTHING_KNOWN)

    @property
    def facts(self) -> Facts:
        """Their facts."""
        return self.in_effect.facts

    @property
    def counts(self) -> Mask:
        """Which of them count."""
        return self.in_effect.counts

    @property
    def day(self) -> int:
        """The business day."""
        return self.in_effect.day

    @cached_property
    def said(self) -> InEffect:
        """The same facts, and which of them were not corrected or taken back, whatever ended them since."""
        return InEffect(self.facts, ~replaced(self.facts), self.day)

    @cached_property
    def revised(self) -> Mask:
        """Of which entities a new fact corrects or takes back another, so that an older one may count again."""
        revised = np.zeros(self.facts.size, bool)
        revised[self.facts.entity[self.new & (self.facts.table["replaces"] != 0)]] = True
        return revised

    @cached_property
    def there(self) -> Mask:
        """Who is registered and not revoked."""
        there: Mask = (self.statuses == EntityStatus.ACTIVE) | (self.statuses == EntityStatus.SUSPENDED)
        return there

    @cached_property
    def established(self) -> npt.NDArray[np.int64]:
        """Day of establishment of each; no day at all, the last there is, where it is not known."""
        days = [entity.established_on_day for entity in self.entities]
        return np.array([NO_END if day is None else day for day in days], np.int64)

    @cached_property
    def running(self) -> Mapping[str, Sequence[int]]:
        """By family, the entities of which an episode runs, whether or not a person has cleared it."""
        running: dict[str, list[int]] = defaultdict(list)
        for index, entity in enumerate(self.entities):
            for signal in entity.signals:
                if signal.holds:
                    running[signal.family].append(index)
        return running

    def since(self, rows: Rows, window: Window) -> Rows:
        """Those of the rows that are inside the window."""
        young: Rows = rows[self.facts.table["minute"][rows] >= first_minute(window, self.day)]
        return young

    def counted(self, rows: Rows) -> Column:
        """Number of these facts of each entity."""
        return np.bincount(self.facts.entity[rows], minlength=self.facts.size)


class Cause(Protocol):
    """One family's cause, looked at for all entities of a view."""

    def begins(self) -> Iterable[tuple[int, int]]:
        """Entity and episode of those that were not so before."""
        ...

    def holds(self, entity: int, episode: int) -> bool:
        """Whether the episode goes on."""
        ...

    def returns(self, entity: int, episode: int) -> bool:
        """Whether the episode, which facts had ended, goes on after all: what ended it never was so."""
        ...

    def measure(self, entity: int) -> float:
        """What is held against the rule's bound: a number of facts, or a value."""
        ...

    def tail(self, entity: int) -> float:
        """The chance of so many, or `NO_TAIL`."""
        ...

    def facts(self, entity: int, episode: int) -> tuple[int, ...]:
        """The numbers of the facts that show it, the newest of them."""
        ...


class Shown(NamedTuple):
    """What shows that it is so.

    Attributes:
        measures: What was held against the bound, of each entity.
        evidence: Gives the rows of the facts that show it, of all entities.
        tails: The chance of each, where the rule asks.
    """

    measures: Column
    evidence: Callable[[], Rows]
    tails: Column | None = None


class OneEpisode:
    """One episode for as long as it is so.

    Args:
        view: What is decided on.
        family: Whose cause it is.
        so: Of which entities it is so.
        shown: What shows it.
    """

    def __init__(self, view: View, family: SignalFamily, so: Mask, shown: Shown) -> None:
        self._view, self._family, self._so, self._shown = view, family, so, shown
        self._rows: Rows | None = None

    def begins(self) -> Iterable[tuple[int, int]]:
        """See `Cause`."""
        new = self._so
        if running := self._view.running.get(self._family.code):
            new = new.copy()
            new[running] = False
        for entity in np.flatnonzero(new).tolist():
            yield entity, _next_episode(self._view.entities[entity].signals, self._family.code)

    def holds(self, entity: int, episode: int) -> bool:  # noqa: ARG002 - one runs at a time
        """See `Cause`."""
        return bool(self._so[entity])

    def returns(self, entity: int, episode: int) -> bool:  # noqa: ARG002
        """See `Cause`: the next one begins."""
        return False

    def measure(self, entity: int) -> float:
        """See `Cause`."""
        return float(self._shown.measures[entity])

    def tail(self, entity: int) -> float:
        """See `Cause`."""
        tails = self._shown.tails
        return NO_TAIL if tails is None else float(tails[entity])

    def facts(self, entity: int, episode: int) -> tuple[int, ...]:  # noqa: ARG002 - one runs at a time
        """See `Cause`."""
        if self._rows is None:
            self._rows = np.sort(self._shown.evidence())
        first, last = self._view.facts.first, np.searchsorted(self._rows, self._view.facts.end(entity))
        mine = self._rows[np.searchsorted(self._rows, first[entity]) : last][-MOST_EVIDENCE:]
        return tuple(map(self._view.facts.number, mine.tolist()))


def _next_episode(known: Sequence[KnownSignal], family: str) -> int:
    return 1 + max((signal.episode for signal in known if signal.family == family), default=0)


class Never:
    """The cause of a family whose facts none of the entities has."""

    def begins(self) -> Iterable[tuple[int, int]]:
        """See `Cause`."""
        return ()

    def holds(self, entity: int, episode: int) -> bool:  # noqa: ARG002
        """See `Cause`."""
        return False

    def returns(self, entity: int, episode: int) -> bool:  # noqa: ARG002
        """See `Cause`."""
        return False

    def measure(self, entity: int) -> float:  # noqa: ARG002
        """See `Cause`."""
        return 0.0

    def tail(self, entity: int) -> float:  # noqa: ARG002
        """See `Cause`."""
        return NO_TAIL

    def facts(self, entity: int, episode: int) -> tuple[int, ...]:  # noqa: ARG002
        """See `Cause`."""
        return ()


NEVER_SO = Never()
