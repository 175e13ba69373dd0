"""The facts of any number of entities as columns, and which of them count."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from profiling_service.model.facts import FEATURES, WIDTH, FactType, Flag

Mask = npt.NDArray[np.bool_]
_MIX = np.uint64(0x9E3779B97F4A7C15)
_NEVER = np.iinfo(np.int32).min


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of `size` entities, side by side.

    Attributes:
        size: Number of entities.
        entity: For each fact the index of its entity, ascending.
        first: For each entity the index of its first fact.
        type, flags, minute, value, key: See `model.facts.FEATURES`.
    """

    size: int
    entity: npt.NDArray[np.intp]
    first: npt.NDArray[np.intp]
    type: npt.NDArray[np.uint8]
    flags: npt.NDArray[np.uint16]
    minute: npt.NDArray[np.int32]
    value: npt.NDArray[np.int64]
    key: npt.NDArray[np.uint64]

    def of_types(self, types: Sequence[int]) -> Mask:
        """Which facts are of one of these types."""
        found: Mask = self.type == types[0]
        for kind in types[1:]:
            found |= self.type == kind
        return found

    def number(self, row: int) -> int:
        """The number of a fact within its entity, from 1."""
        return int(row - self.first[self.entity[row]]) + 1


def columns(packed: Sequence[bytes]) -> Facts:
    """The facts of entities as columns, from each entity's packed features."""
    table: npt.NDArray[Any] = np.frombuffer(b"".join(packed), FEATURES)
    counts = np.fromiter(map(len, packed), np.intp, len(packed)) // WIDTH
    return Facts(
        size=len(packed),
        entity=np.repeat(np.arange(len(packed), dtype=np.intp), counts),
        first=np.cumsum(counts) - counts,
        **{name: np.ascontiguousarray(table[name]) for name in ("type", "flags", "minute", "value", "key")},
    )


def beyond(facts: Facts, packed: Sequence[bytes]) -> Mask:
    """Which facts come after those that are packed here of each entity."""
    known = np.fromiter(map(len, packed), np.intp, len(packed)) // WIDTH
    new: Mask = np.arange(len(facts.type)) >= (facts.first + known)[facts.entity]
    return new


def in_effect(facts: Facts, day: int) -> Mask:
    """Which facts count on `day`: not annulled, removed, stopped by repair, or over.

    A removal that names no listing ends every listing of its list up to its own minute. A suspension is over after
    its last day, or with the first end declared at or after it.
    """
    counts = ~_named_as_ended(facts)
    for flag in (Flag.ABNORMAL, Flag.SERIOUS):
        removals = (facts.type == FactType.LISTING_REMOVED) & (facts.key == 0) & _has(facts, flag)
        listings = (facts.type == FactType.LISTING_ENTERED) & _has(facts, flag)
        counts &= ~_ended_later(facts, removals, listings)
    suspensions = facts.type == FactType.SUSPENSION_DECLARED
    if suspensions.any():
        counts &= ~_ended_later(facts, facts.type == FactType.SUSPENSION_ENDED, suspensions)
        counts &= ~(suspensions & (facts.value < day))
    return counts


def _has(facts: Facts, flag: int) -> Mask:
    flagged: Mask = (facts.flags & np.uint16(flag)) != 0
    return flagged


def _named_as_ended(facts: Facts) -> Mask:
    """Facts that another fact of the same entity names as annulled, removed or stopped."""
    ending = facts.of_types((FactType.PENALTY_ANNULLED, FactType.LISTING_REMOVED, FactType.RECORD_STOPPED))
    ending &= facts.key != 0
    if not ending.any():
        return np.zeros(len(facts.type), bool)
    own = facts.of_types((FactType.PENALTY_IMPOSED, FactType.LISTING_ENTERED))
    within = facts.key + facts.entity.astype(np.uint64) * _MIX
    named: Mask = own & np.isin(within, within[ending])
    return named


def _ended_later(facts: Facts, ends: Mask, begins: Mask) -> Mask:
    """Facts of `begins` for which the same entity has one of `ends` at or after them."""
    if not ends.any() or not begins.any():
        return np.zeros(len(facts.type), bool)
    last = np.full(facts.size, _NEVER, np.int32)
    np.maximum.at(last, facts.entity[ends], facts.minute[ends])
    ended: Mask = begins & (last[facts.entity] >= facts.minute)
    return ended
