"""Puts entities as they stand by now in the place of what was read of them before."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from vocabulary.sparse_values import ENTRY

from classification_service.model.city import Booleans, Standing
from classification_service.model.judgement import Integers

_PLAIN = (
    *("profile_version", "score", "risk_class", "flags", "decision_number", "change_number", "sectors"),
    *("business_day", "established_on", "recorded_at_us", "catalogue_version", "counts", "places"),
)


def rows_of(standing: Standing, fresh: Standing) -> Integers:
    """Where the entities of `fresh` are in `standing`, which has all of them, both in the same order."""
    order = np.argsort(standing.usccs)
    found: Integers = order[np.searchsorted(standing.usccs, fresh.usccs, sorter=order)]
    return found


def spliced(standing: Standing, fresh: Standing) -> tuple[Standing, Booleans]:
    """The chunk with these entities as they are in `fresh`, and which they are."""
    rows = rows_of(standing, fresh)
    plain: dict[str, Any] = {
        name: _put(getattr(standing, name), rows, getattr(fresh, name)) for name in _PLAIN
    }
    whole = replace(
        standing,
        **plain,
        label=_put(standing.label, rows, fresh.label + np.int32(len(standing.labels))),
        labels=[*standing.labels, *fresh.labels],
        packed=_packed(standing, rows, fresh),
    )
    return whole, np.isin(np.arange(len(standing.usccs)), rows)


def _put(old: Integers, rows: Integers, new: Integers) -> Integers:
    found = old.copy()
    found[rows] = new
    return found


def _packed(standing: Standing, rows: Integers, fresh: Standing) -> bytes:
    """What lies between the entities that are replaced stays as it is."""
    begins, ends = _bounds(standing)
    edges = [0, *(edge for row in rows.tolist() for edge in (begins[row], ends[row])), len(standing.packed)]
    kept = [standing.packed[begin:end] for begin, end in list(pairwise(edges))[::2]]
    new = [fresh.packed[begin:end] for begin, end in zip(*_bounds(fresh), strict=True)]
    return b"".join(piece for pair in zip(kept, [*new, b""], strict=True) for piece in pair)


def _bounds(standing: Standing) -> tuple[list[int], list[int]]:
    sizes = np.maximum(standing.counts, 0).astype(np.int64) * ENTRY.itemsize
    ends = np.cumsum(sizes)
    return (ends - sizes).tolist(), ends.tolist()
