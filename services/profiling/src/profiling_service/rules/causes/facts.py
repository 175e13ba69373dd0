"""One episode for each fact of a kind, until it no longer counts or its matter has ended."""

from collections.abc import Iterable

import numpy as np

from profiling_service.model.catalogue import Window
from profiling_service.model.signals import NO_TAIL, Matter, SignalFamily
from profiling_service.rules.causes.view import View
from profiling_service.rules.columns import Mask, Rows

_NEVER = np.iinfo(np.int32).min


class FactInEffect:
    """The number of a fact is its episode.

    A fact raises when it is new, or when it counts again, because what had ended it was corrected or taken back, and
    was never raised before.
    """

    def __init__(self, family: SignalFamily, view: View) -> None:
        self._family, self._view = family, view
        self._over: Mask | None = None

    def begins(self) -> Iterable[tuple[int, int]]:
        """See `Cause`."""
        view, rule = self._view, self._family.rule
        rows = view.in_effect.select(rule.of)
        rows = rows[view.new[rows] | view.revised[view.facts.entity[rows]]]
        if len(rows) and rule.days:
            rows = view.since(rows, Window(days=rule.days))
        if len(rows) and rule.over_with:
            rows = rows[~self._is_over()[rows]]
        for row in rows.tolist():
            entity, episode = int(view.facts.entity[row]), view.facts.number(row)
            if view.new[row] or not self._is_known(entity, episode):
                yield entity, episode

    def holds(self, entity: int, episode: int) -> bool:
        """See `Cause`."""
        row = self._view.facts.first[entity] + episode - 1
        counts = bool(self._view.counts[row])
        return counts and not (self._family.rule.over_with and self._is_over()[row])

    def returns(self, entity: int, episode: int) -> bool:
        """See `Cause`."""
        return self.holds(entity, episode)

    def measure(self, entity: int) -> float:  # noqa: ARG002 - one fact is one fact
        """See `Cause`."""
        return 1.0

    def tail(self, entity: int) -> float:  # noqa: ARG002
        """See `Cause`."""
        return NO_TAIL

    def facts(self, entity: int, episode: int) -> tuple[int, ...]:  # noqa: ARG002
        """See `Cause`."""
        return (episode,)

    def _is_known(self, entity: int, episode: int) -> bool:
        known = self._view.entities[entity].signals
        return any(said[:2] == (self._family.code, episode) for said in known)

    def _is_over(self) -> Mask:
        """Facts after which one came that ends their matter; those of other kinds are not asked for.

        What has come has come, though it may have lapsed or ended since.
        """
        if self._over is None:
            over = np.zeros(len(self._view.facts), bool)
            rows = self._view.in_effect.select(self._family.rule.of)
            enders = self._view.said.select(self._family.rule.over_with)
            if len(rows) and len(enders):
                over[rows] = _ended(self._view, self._family.rule.matter, rows, enders)
            self._over = over
        return self._over


def _ended(view: View, matter: Matter, rows: Rows, enders: Rows) -> Mask:
    facts = view.facts
    if matter is Matter.NAMED:
        return facts.named(rows, enders)
    if matter is Matter.ANY:
        mine, theirs = facts.entity[rows].astype(np.uint64), facts.entity[enders].astype(np.uint64)
    else:
        mine, theirs = facts.within("group", rows), facts.within("group", enders)
    keys, place = np.unique(theirs, return_inverse=True)
    last = np.full(len(keys), _NEVER, np.int32)
    np.maximum.at(last, place, facts.table["minute"][enders])
    at = np.minimum(np.searchsorted(keys, mine), len(keys) - 1)
    ended: Mask = (keys[at] == mine) & (facts.table["minute"][rows] < last[at])
    return ended
