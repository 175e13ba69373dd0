"""Inspections (检查) with their results, and the listings of entities that could not be reached (失联)."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from vocabulary.result_codes import ResultCode

from creditloop_cli.city.packs import RatePack, WordPack
from creditloop_cli.city.population import Flags, Ints, Population
from creditloop_cli.city.sources import BUREAU
from creditloop_cli.city.strand import Data, Strand, at_work, day_of, happenings, numbered, pick, still_open

_PROBLEMS = (ResultCode.CORRECTED, ResultCode.PENDING, ResultCode.NOT_PUBLICISED, ResultCode.FALSE_PUBLICITY)
_PROBLEM_SHARE = (0.55, 0.25, 0.15, 0.05)


def inspections(rng: Generator, city: Population, rates: RatePack, words: WordPack) -> list[Strand]:
    """Inspections, and the abnormal listings that follow from them."""
    entity, day = happenings(rng, city, rates.inspections["yearly"].value, np.sqrt(city.risk))
    result = _results(rng, city, entity, rates)
    item = pick(rng, words.inspection_items, len(entity))
    minor = rng.integers(1, 5, len(entity)).tolist()
    office = words.offices["bureau"]
    data: list[Data] = [
        {
            "item": what,
            "result_codes": [code],
            "minor_violations": count if code in _PROBLEMS else 0,
            "department": office,
        }
        for what, code, count in zip(item, result.tolist(), minor, strict=True)
    ]
    at_ms = at_work(rng, day)
    done = Strand(BUREAU, "inspection.completed", "I", entity, at_ms, data)
    return [done, *_unreachable(rng, city, (entity, day), result == ResultCode.UNREACHABLE, rates)]


def _results(rng: Generator, city: Population, entity: Ints, rates: RatePack) -> NDArray[np.str_]:
    """A result for each inspection: problems follow the hidden risk, the rest does not."""
    share = {name: rate.value for name, rate in rates.inspections.items()}
    draw, problem = rng.random(len(entity)), rng.random(len(entity))
    kinds = rng.choice([str(code) for code in _PROBLEMS], len(entity), p=_PROBLEM_SHARE)
    likely = np.minimum(share["problem_share"] * city.risk[entity] ** 0.6, 0.95)
    found = np.where(problem < likely, kinds, str(ResultCode.NO_PROBLEM))
    absent = share["unreachable_share"] + share["no_such_activity_share"]
    found = np.where(draw < absent, str(ResultCode.NO_SUCH_ACTIVITY), found)
    return np.where(draw < share["unreachable_share"], str(ResultCode.UNREACHABLE), found)


def _unreachable(
    rng: Generator, city: Population, inspected: tuple[Ints, Ints], which: Flags, rates: RatePack
) -> list[Strand]:
    """Listed within ten working days, removed months later when the address was put right."""
    listed = which & (rng.random(len(which)) < rates.listings["unreachable_listed_share"].value)
    entity, day = inspected[0][listed], inspected[1][listed] + rng.integers(3, 14, int(listed.sum()))
    open_ = still_open(city, entity, day)
    entity, day = entity[open_], day[open_]
    ids = numbered("LU", len(entity))
    data = [
        {
            "list": "abnormal",
            "reason": "unreachable",
            "document_number": f"虚构失字〔{day_of(on).year}〕{n}号",
        }
        for n, on in enumerate(day.tolist(), 1)
    ]
    entered = Strand(BUREAU, "listing.entered", "", entity, at_work(rng, day), data, order=6, ids=ids)
    removed_on = day + rng.integers(40, 400, len(entity))
    removed = rng.random(len(entity)) < rates.listings["abnormal_removed_share"].value
    out = np.flatnonzero(removed & still_open(city, entity, removed_on))
    gone = [{"list": "abnormal", "listing_fact_id": ids[n], "reason": "corrected"} for n in out.tolist()]
    at_ms = at_work(rng, removed_on[out])
    return [entered, Strand(BUREAU, "listing.removed", "XU", entity[out], at_ms, gone, order=7)]
