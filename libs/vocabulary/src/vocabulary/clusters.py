"""Firms that hang together: by one person or one address, and the many that appear at once.

Pure: a firm is its place in a sequence, what it shares with others are any hashable keys.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, TypeVar

MOST_SHARING: Final = 50
"""A key that more firms share (a market hall, a bank's head) joins nobody: it says nothing about two of them."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Component:
    """Firms joined by shared keys, directly or through others.

    ``density`` is the share of its pairs of firms that share a key directly: 1 where everyone shares with everyone.
    """

    firms: tuple[int, ...]
    density: float


@dataclass(frozen=True, slots=True)
class Founding:
    """What is known of a firm's beginning: the day (a number of days), what it shares, the parts of its scope."""

    day: int
    keys: tuple[Hashable, ...]
    scope: frozenset[str]


@dataclass(frozen=True, slots=True)
class ShellRule:
    """``least`` firms at one key within ``days`` days, each with a scope that is at least ``alike`` the first one's.

    How alike two scopes are is the number of parts they share, divided by the number of parts in either (Jaccard).
    """

    least: int = 3
    days: int = 7
    alike: float = 0.8


@dataclass(frozen=True, slots=True)
class Shells:
    """Firms that look like shells founded in one go, and the key they share."""

    key: Hashable
    firms: tuple[int, ...]


def sharing(keys: Sequence[Iterable[Key]]) -> Mapping[Key, Sequence[int]]:
    """For each key the firms that have it, in order."""
    found: dict[Key, list[int]] = defaultdict(list)
    for firm, own in enumerate(keys):
        for key in dict.fromkeys(own):
            found[key].append(firm)
    return found


def components(keys: Sequence[Iterable[Hashable]], most: int = MOST_SHARING) -> Sequence[Component]:
    """The components of two firms or more, the largest first; linear but for ``most``, by union-find.

    Keys that more than ``most`` firms share join nobody.
    """
    edges = [firms for firms in sharing(keys).values() if 1 < len(firms) <= most]
    root = _roots(len(keys), edges)
    members: dict[int, list[int]] = defaultdict(list)
    for firm in range(len(keys)):
        members[root[firm]].append(firm)
    own: dict[int, list[Sequence[int]]] = defaultdict(list)
    for firms in edges:
        own[root[firms[0]]].append(firms)
    found = [_component(firms, own[head]) for head, firms in members.items() if len(firms) > 1]
    return sorted(found, key=lambda component: (-len(component.firms), component.firms))


def fresh_shells(firms: Sequence[Founding], rule: ShellRule | None = None) -> Sequence[Shells]:
    """Groups by the rule; a firm is in one group of a key at most, the earliest."""
    rule = rule or ShellRule()
    found: list[Shells] = []
    for key, sharers in sharing([firm.keys for firm in firms]).items():
        if len(sharers) >= rule.least:
            by_day = sorted(sharers, key=lambda firm: firms[firm].day)
            found += [Shells(key, group) for group in _groups(by_day, firms, rule)]
    return found


def _groups(by_day: Sequence[int], firms: Sequence[Founding], rule: ShellRule) -> Iterator[tuple[int, ...]]:
    """From each firm not yet taken, those that follow within the days and are alike."""
    taken: set[int] = set()
    for place, first in enumerate(by_day):
        if first in taken:
            continue
        group = [first]
        for other in by_day[place + 1 :]:
            if firms[other].day - firms[first].day > rule.days:
                break
            if other not in taken and _alike(firms[first].scope, firms[other].scope) >= rule.alike:
                group.append(other)
        if len(group) >= rule.least:
            taken.update(group)
            yield tuple(group)


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Two scopes that say nothing are not alike."""
    either = len(one | other)
    return len(one & other) / either if either else 0.0


def _roots(count: int, edges: Iterable[Sequence[int]]) -> Sequence[int]:
    """For each firm the least of its component, by union-find with halved paths."""
    parent = list(range(count))

    def root(firm: int) -> int:
        while parent[firm] != firm:
            parent[firm] = parent[parent[firm]]
            firm = parent[firm]
        return firm

    for firms in edges:
        first = root(firms[0])
        for other in firms[1:]:
            second = root(other)
            first, second = min(first, second), max(first, second)
            parent[second] = first
    return [root(firm) for firm in range(count)]


def _component(firms: Sequence[int], edges: Sequence[Sequence[int]]) -> Component:
    direct = {pair for sharers in edges for pair in combinations(sharers, 2)}
    return Component(tuple(firms), 2 * len(direct) / (len(firms) * (len(firms) - 1)))
