"""Penalties (行政处罚), the few that are annulled, and serious-violation listings (严重违法失信名单)."""

import numpy as np
from numpy.random import Generator

from creditloop_cli.city.packs import RatePack, WordPack
from creditloop_cli.city.population import Ints, Population, weights
from creditloop_cli.city.sources import BUREAU
from creditloop_cli.city.strand import (
    Data,
    Strand,
    at_work,
    day_of,
    happenings,
    iso_days,
    numbered,
    pick,
    still_open,
)

_REASONS = {
    "food": "food_safety",
    "drug": "drug_device_cosmetics",
    "medical_device": "drug_device_cosmetics",
    "special_equipment": "quality_special_equipment",
    "key_industrial_product": "quality_special_equipment",
    "": "consumer_rights",
}
_FEN = 100


def penalties(rng: Generator, city: Population, rates: RatePack, words: WordPack) -> list[Strand]:
    """Penalties imposed, and annulled."""
    entity, day = happenings(rng, city, rates.penalties["yearly"].value, city.risk)
    ids = numbered("P", len(entity))
    data = _decisions(rng, city, entity, day, words)
    imposed = Strand(BUREAU, "penalty.imposed", "", entity, at_work(rng, day), data, ids=ids)
    annulled_on = day + rng.integers(30, 120, len(entity))
    annulled = rng.random(len(entity)) < rates.penalties["annulled_share"].value
    chosen = np.flatnonzero(annulled & still_open(city, entity, annulled_on))
    reasons = [{"penalty_fact_id": ids[n], "reason": "复议撤销（虚构）"} for n in chosen.tolist()]
    at_ms = at_work(rng, annulled_on[chosen])
    return [imposed, Strand(BUREAU, "penalty.annulled", "PA", entity[chosen], at_ms, reasons)]


def _decisions(rng: Generator, city: Population, entity: Ints, day: Ints, words: WordPack) -> list[Data]:
    """The particulars of penalties: shape by weight, fine within the shape's span, small fines more often."""
    shape = rng.choice(len(words.penalties), len(entity), p=weights([s.weight for s in words.penalties]))
    size = rng.random(len(entity)) ** 2
    published = iso_days(np.minimum(day + rng.integers(0, 20, len(entity)), city.today))
    until = iso_days(day + rng.integers(30, 240, len(entity)))
    violation = pick(rng, words.violations, len(entity))
    forms = [words.penalties[index] for index in shape.tolist()]
    rows = zip(entity.tolist(), forms, size.tolist(), strict=True)
    return [
        {
            "document_number": f"虚构罚字〔{day_of(int(day[n])).year}〕{n + 1}号",
            "kinds": form.kinds,
            **_money(form.kinds, form.fine_yuan, share),
            "severity": form.severity,
            "key_field": words.industries[city.industry[who]].key_field,
            "violation": violation[n],
            "published_on": published[n],
            **({"restriction_until": until[n]} if "business_suspension" in form.kinds else {}),
            "authority": words.offices["bureau"],
        }
        for n, (who, form, share) in enumerate(rows)
    ]


def _money(kinds: list[str], span: tuple[int, int], share: float) -> dict[str, int]:
    fine = round((span[0] + (span[1] - span[0]) * share) / 100) * 100
    confiscated = fine // 3 if "confiscation" in kinds else 0
    return {"fine_fen": fine * _FEN, "confiscated_fen": confiscated * _FEN}


def serious_listings(rng: Generator, city: Population, rates: RatePack, words: WordPack) -> list[Strand]:
    """Listed once at most, and removed on application after a year at the earliest (总局令第44号 §16)."""
    entity, day = happenings(rng, city, rates.listings["serious_yearly"].value, city.risk)
    entity, first = np.unique(entity, return_index=True)
    day = day[first]
    ids = numbered("LS", len(entity))
    data = [
        {
            "list": "serious",
            "reason": _REASONS[words.industries[index].key_field],
            "document_number": f"虚构严字〔{day_of(on).year}〕{n}号",
        }
        for n, (index, on) in enumerate(zip(city.industry[entity].tolist(), day.tolist(), strict=True), 1)
    ]
    entered = Strand(BUREAU, "listing.entered", "", entity, at_work(rng, day), data, order=6, ids=ids)
    removed_on = day + 366 + rng.integers(0, 200, len(entity))
    removed = rng.random(len(entity)) < rates.listings["serious_removed_share"].value
    out = np.flatnonzero(removed & still_open(city, entity, removed_on))
    gone = [{"list": "serious", "listing_fact_id": ids[n], "reason": "corrected"} for n in out.tolist()]
    at_ms = at_work(rng, removed_on[out])
    return [entered, Strand(BUREAU, "listing.removed", "XS", entity[out], at_ms, gone, order=7)]
