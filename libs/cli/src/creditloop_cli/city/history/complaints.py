"""Complaints and reports (投诉举报), with a few entities whose complaints have been rising of late."""

import numpy as np
from numpy.random import Generator

from creditloop_cli.city.packs import RatePack, WordPack
from creditloop_cli.city.population import Ints, Population
from creditloop_cli.city.sources import HOTLINE
from creditloop_cli.city.strand import Data, Strand, at_work, happenings, pick

_RISING_DAYS = 60


def complaints(rng: Generator, city: Population, rates: RatePack, words: WordPack) -> Strand:
    """All complaints, those of rising entities among them."""
    steady = happenings(rng, city, rates.complaints["yearly"].value, city.risk)
    rising = _rising(rng, city, rates.complaints["rising_share"].value)
    entity, day = np.concatenate([steady[0], rising[0]]), np.concatenate([steady[1], rising[1]])
    upheld = rng.random(len(entity)) < rates.complaints["upheld_share"].value
    kinds = np.where(rng.random(len(entity)) < 0.8, "complaint", "report").tolist()
    category = pick(rng, words.complaint_categories, len(entity))
    platforms = [each.name for each in words.platforms] + [""]
    data: list[Data] = [
        {"channel_kind": kind, "category": what, "upheld": justified, "platform": platforms[where]}
        for kind, what, justified, where in zip(
            kinds, category, upheld.tolist(), city.platform[entity].tolist(), strict=True
        )
    ]
    return Strand(HOTLINE, "complaint.received", "T", entity, at_work(rng, day), data)


def _rising(rng: Generator, city: Population, share: float) -> tuple[Ints, Ints]:
    """Four to eight complaints within the last two months, for entities open throughout."""
    open_ = (city.window_start < city.today - _RISING_DAYS) & (city.window_end == city.today)
    chosen = np.flatnonzero(open_ & (rng.random(city.size) < share * np.sqrt(city.risk)))
    entity = np.repeat(chosen, rng.integers(4, 9, len(chosen)))
    return entity, city.today - rng.integers(0, _RISING_DAYS, len(entity))
