"""How many visits a plan makes of classes (检查量): its strata, as sampling draws them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from vocabulary.entity_types import statuses

from classification_service.model.city import Booleans
from classification_service.model.judgement import Integers
from classification_service.model.risk_model import Flag
from classification_service.model.what_if import STRATA, Counts, Ratio

UNIFORM = "uniform"
_KEY, _OBSERVED = np.int16(Flag.KEY_SUPERVISION), np.int16(Flag.OBSERVED)
_IN_OBSERVED, _IN_KEY = STRATA.index("observed"), STRATA.index("key")
_LOWEST_RESTRAINED = 3
"""In the observation year a score alone lifts nobody to the ratios of C and D."""


class Words(NamedTuple):
    """One word of many entities, by its place among the different ones."""

    place: Integers
    words: Sequence[str]


class Judged(NamedTuple):
    """What was decided of entities, or would be.

    Attributes:
        is_overridden: whether something else than the score decided.
    """

    risk_class: Integers
    flags: Integers
    sectors: Integers
    is_overridden: Booleans


def in_population(status: Words) -> Booleans:
    """Who is counted: not cancelled, revoked or gone."""
    return ~_of_status(status, {code for code, row in statuses().items() if not row.in_population})


def visits(judged: Judged, status: Words) -> Counts:
    """How many may be drawn for a visit from each of `STRATA`.

    Key supervision by law comes first; who is under observation has a stratum of its own, but for an override.
    """
    risk_class, flags, _, is_overridden = judged
    drawn = ~_of_status(status, {code for code, row in statuses().items() if not row.drawn_on_site})
    restrained = (flags & _OBSERVED != 0) & ~is_overridden & (risk_class >= _LOWEST_RESTRAINED)
    stratum = np.where(restrained, _IN_OBSERVED, risk_class - 1)
    stratum = np.where(flags & _KEY != 0, _IN_KEY, stratum)
    return np.bincount(stratum[drawn & (risk_class > 0)], minlength=len(STRATA))


def load_of(drawn: Counts, ratios: Mapping[str, Ratio]) -> dict[str, float]:
    """Visits a year by lot: a uniform one of everybody, then of each stratum those who did not win it.

    Source: sampling's `draw.entries`: who wins the uniform lot counts there, whatever else they won.
    """
    uniform = ratios[UNIFORM].share
    load = {
        name: number * ratios[name].share * (1 - uniform) for name, number in zip(STRATA, drawn, strict=True)
    }
    return {name: round(float(each), 1) for name, each in {UNIFORM: drawn.sum() * uniform, **load}.items()}


def _of_status(status: Words, codes: set[str]) -> Booleans:
    found: Booleans = np.array([word in codes for word in status.words], bool)[status.place]
    return found
