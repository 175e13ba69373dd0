"""Licences, tests of products, elevators, advertisements, prices and commitments: what the sectors are looked at by."""

from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from creditloop_cli.city.packs import RatePack, WordPack
from creditloop_cli.city.population import Ints, Population
from creditloop_cli.city.sources import APPROVALS, EQUIPMENT, MONITORING, PUBLICITY, QUALITY
from creditloop_cli.city.strand import Data, Strand, at_work, happenings, iso_days, numbered, still_open

_LICENCES = {
    "H62": "food_operation",
    "C13": "food_production",
    "C14": "food_production",
    "F525": "drug_operation",
    "F515": "drug_operation",
    "C358": "device_production",
    "C3435": "elevator_maintenance",
    "L725": "advertising",
}
_FIVE_YEARS = 1826
_FIELDS = {"food": "food", "drug": "drug", "medical_device": "medical_device"}
_OTHER_FIELDS = {"key_industrial_product": "key_industrial_product", "special_equipment": "special_equipment"}


def sectors(rng: Generator, city: Population, rates: RatePack, words: WordPack) -> list[Strand]:
    """Every strand of the sectors."""
    return [
        *_licences(rng, city, rates, words),
        _tests(rng, city, rates, words),
        *_elevators(rng, city, rates),
        _adverts(rng, city, rates, words),
        _prices(rng, city, rates),
        _commitments(rng, city, rates),
    ]


def _of_industries(city: Population, words: WordPack, codes: Sequence[str]) -> Ints:
    wanted = [index for index, industry in enumerate(words.industries) if industry.code in codes]
    return np.flatnonzero(np.isin(city.industry, wanted))


def _licences(rng: Generator, city: Population, rates: RatePack, words: WordPack) -> list[Strand]:
    """Granted soon after establishment for five years, and renewed each time, but for some that let them lapse."""
    entity = _of_industries(city, words, list(_LICENCES))
    granted = city.established[entity] + rng.integers(5, 30, len(entity))
    entity, granted = entity[granted <= city.window_end[entity]], granted[granted <= city.window_end[entity]]
    ids = numbered("L", len(entity))
    until = iso_days(granted + _FIVE_YEARS)
    data: list[Data] = [
        {
            "licence_kind": _LICENCES[words.industries[industry].code],
            "number": f"虚构许可{number}号",
            "valid_until": last,
        }
        for number, (industry, last) in enumerate(
            zip(city.industry[entity].tolist(), until, strict=True), start=1
        )
    ]
    first = Strand(APPROVALS, "licence.granted", "L", entity, at_work(rng, granted), data, ids=ids)
    return [first, *_renewals(rng, city, (entity, granted, ids), rates.sectors["licence_lapses_share"].value)]


def _renewals(
    rng: Generator, city: Population, held: tuple[Ints, Ints, Sequence[str]], lapses: float
) -> list[Strand]:
    entity, granted, ids = held
    strands = []
    for term in (1, 2, 3):
        day = granted + term * _FIVE_YEARS - 40
        goes_on = np.flatnonzero(still_open(city, entity, day) & (rng.random(len(entity)) >= lapses))
        until = iso_days(day[goes_on] + 40 + _FIVE_YEARS)
        data: list[Data] = [
            {"licence_fact_id": ids[row], "valid_until": last}
            for row, last in zip(goes_on.tolist(), until, strict=True)
        ]
        at_ms = at_work(rng, day[goes_on])
        strands.append(
            Strand(APPROVALS, "licence.renewed", f"LR{term}", entity[goes_on], at_ms, data, order=6)
        )
    return strands


def _tests(rng: Generator, city: Population, rates: RatePack, words: WordPack) -> Strand:
    fields = [{**_FIELDS, **_OTHER_FIELDS}.get(industry.key_field, "") for industry in words.industries]
    tested = np.array([bool(field) for field in fields])[city.industry]
    entity, day = happenings(
        rng, city, rates.sectors["product_tests_yearly"].value, np.where(tested, 1.0, 0.0)
    )
    failed = rng.random(len(entity)) < rates.sectors["product_failed_share"].value * np.sqrt(
        city.risk[entity]
    )
    serious = failed & (rng.random(len(entity)) < 0.2)
    data: list[Data] = [
        {"field": fields[industry], "product": f"虚构产品{industry}", "passed": not fails, "serious": bad}
        for industry, fails, bad in zip(
            city.industry[entity].tolist(), failed.tolist(), serious.tolist(), strict=True
        )
    ]
    return Strand(QUALITY, "product.tested", "Q", entity, at_work(rng, day), data)


def _elevators(rng: Generator, city: Population, rates: RatePack) -> list[Strand]:
    """Pieces in use, inspected every year, but for some whose day has passed."""
    owner = np.flatnonzero(rng.random(city.size) < rates.sectors["elevator_owner_share"].value)
    entity = np.repeat(owner, rng.integers(1, 5, len(owner)))
    day = city.window_start[entity]
    entity, day = entity[day <= city.window_end[entity]], day[day <= city.window_end[entity]]
    refs = [f"虚构梯{number:05d}" for number in range(1, len(entity) + 1)]
    due = iso_days(day + 365)
    registered: list[Data] = [
        {"equipment_ref": ref, "kind": "elevator", "next_due": last}
        for ref, last in zip(refs, due, strict=True)
    ]
    strands = [Strand(EQUIPMENT, "equipment.registered", "EQ", entity, at_work(rng, day), registered)]
    kept = rng.random(len(entity)) >= rates.sectors["inspection_missed_share"].value
    for year in (1, 2):
        again = day + year * 350
        rows = np.flatnonzero(kept & still_open(city, entity, again))
        until = iso_days(again[rows] + 365)
        inspected: list[Data] = [
            {"equipment_ref": refs[row], "passed": bool(row % 40), "next_due": last}
            for row, last in zip(rows.tolist(), until, strict=True)
        ]
        at_ms = at_work(rng, again[rows])
        strands.append(
            Strand(EQUIPMENT, "equipment.inspected", f"EI{year}", entity[rows], at_ms, inspected, order=6)
        )
    return strands


def _adverts(rng: Generator, city: Population, rates: RatePack, words: WordPack) -> Strand:
    makers = np.zeros(city.size)
    makers[_of_industries(city, words, ["L725", "F525", "F5292"])] = 1.0
    entity, day = happenings(rng, city, rates.sectors["adverts_yearly"].value, makers)
    bad = rng.random(len(entity)) < rates.sectors["advert_violation_share"].value * np.sqrt(city.risk[entity])
    category = [
        "drug" if words.industries[i].code == "F525" else "other" for i in city.industry[entity].tolist()
    ]
    data: list[Data] = [
        {"medium": "internet", "category": what, "finding": "violation" if wrong else "compliant"}
        for what, wrong in zip(category, bad.tolist(), strict=True)
    ]
    return Strand(MONITORING, "advert.monitored", "AD", entity, at_work(rng, day), data)


def _prices(rng: Generator, city: Population, rates: RatePack) -> Strand:
    entity, day = happenings(rng, city, rates.sectors["prices_yearly"].value, np.ones(city.size))
    bad = rng.random(len(entity)) < rates.sectors["price_violation_share"].value * np.sqrt(city.risk[entity])
    data: list[Data] = [
        {"finding": "unmarked" if wrong else "compliant", "livelihood": bool(row % 3 == 0)}
        for row, wrong in enumerate(bad.tolist())
    ]
    return Strand(MONITORING, "price.monitored", "PR", entity, at_work(rng, day), data)


def _commitments(rng: Generator, city: Population, rates: RatePack) -> Strand:
    signs = rng.random(city.size) < rates.sectors["commitment_share"].value
    day = city.window_start + rng.integers(0, 300, city.size)
    entity = np.flatnonzero(signs & still_open(city, np.arange(city.size), day))
    data: list[Data] = [{"kind": "annual_report"}] * len(entity)
    return Strand(PUBLICITY, "commitment.signed", "CM", entity, at_work(rng, day[entity]), data)
