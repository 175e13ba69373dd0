"""The entities of the city, column by column."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from vocabulary.areas import AreaType, area
from vocabulary.uscc import synthesise

from creditloop_cli.city.packs import RatePack, WordPack

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WINDOW_DAYS = 730
OLDEST_DAYS = 18 * 365
NEVER = 2**31
_ENTERPRISE_TYPES = ("1130", "1151", "1150", "1200", "4540")
_BRANCH, _INDIVIDUAL = "2000", "9500"
_CITY_OFFICE = "510100"


@dataclass(frozen=True)
class Population:
    """All entities; every column has one row per entity. Days are days since 1970-01-01.

    Attributes:
        today: The last business day of the city's history.
        risk: Hidden risk, average 1: it drives events and results, and no service is ever told.
        established: Day of establishment.
        closed: Day after which nothing happens any more; NEVER while open.
        industry, area: Indices into the word pack's industries and areas.
        platform: Index of the platform it sells on, or -1.
    """

    today: int
    uscc: list[str]
    risk: Floats
    established: Ints
    closed: Ints
    revoked: Flags
    individual: Flags
    entity_type: list[str]
    industry: Ints
    area: Ints
    person: Ints
    platform: Ints

    @property
    def size(self) -> int:
        """Number of entities."""
        return len(self.uscc)

    @property
    def window_start(self) -> Ints:
        """First day on which something may happen to each entity in the two years looked at."""
        return np.maximum(self.established + 30, self.today - WINDOW_DAYS)

    @property
    def window_end(self) -> Ints:
        """Last such day; before the first where nothing may happen."""
        return np.minimum(self.closed - 1, self.today)


def days(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def weights(values: list[float]) -> Floats:
    """The values as shares of their sum."""
    found = np.array(values, dtype=np.float64)
    shares: Floats = found / found.sum()
    return shares


def populate(rng: Generator, entities: int, today: int, rates: RatePack, words: WordPack) -> Population:
    """The entities of a city of this size."""
    share = {name: rate.value for name, rate in rates.population.items()}
    individual = rng.random(entities) < share["individual_share"]
    established = _established(rng, entities, today, share["new_share"])
    industry = rng.choice(len(words.industries), entities, p=weights([i.weight for i in words.industries]))
    area_index = rng.choice(len(words.areas), entities, p=weights(list(words.areas.values())))
    spread = share["risk_spread"]
    closed, revoked = _closings(rng, established, today, rates)
    return Population(
        today=today,
        uscc=_codes(individual, area_index, list(words.areas)),
        risk=np.exp(rng.normal(-(spread**2) / 2, spread, entities)),
        established=established,
        closed=closed,
        revoked=revoked,
        individual=individual,
        entity_type=_types(rng, individual, share["branch_share"]),
        industry=industry,
        area=area_index,
        person=_persons(rng, entities, share["hub_person_share"]),
        platform=_platforms(rng, industry, share["platform_share"], words),
    )


def _established(rng: Generator, entities: int, today: int, new_share: float) -> Ints:
    old = today - WINDOW_DAYS // 2 - (rng.beta(1.1, 2.2, entities) * OLDEST_DAYS).astype(np.int64)
    new = today - 1 - rng.integers(0, WINDOW_DAYS // 2 - 1, entities)
    return np.where(rng.random(entities) < new_share, new, old).astype(np.int64)


def _closings(rng: Generator, established: Ints, today: int, rates: RatePack) -> tuple[Ints, Flags]:
    """The day each entity closes, and whether by revocation."""
    share = {name: rate.value for name, rate in rates.closings.items()}
    draw = rng.random(len(established))
    revoked = draw < share["revoked_share"]
    closing = draw < share["revoked_share"] + share["cancelled_share"]
    earliest = np.maximum(established + 200, today - WINDOW_DAYS + 30)
    span = np.maximum(today - earliest, 1)
    day = earliest + (rng.random(len(established)) * span).astype(np.int64)
    closes = closing & (day < today)
    return np.where(closes, day, NEVER).astype(np.int64), revoked & closes


def _types(rng: Generator, individual: Flags, branch_share: float) -> list[str]:
    enterprise = rng.choice(_ENTERPRISE_TYPES, len(individual), p=[0.55, 0.25, 0.1, 0.03, 0.07])
    branch = rng.random(len(individual)) < branch_share
    chosen = np.where(individual, _INDIVIDUAL, np.where(branch, _BRANCH, enterprise))
    return [str(each) for each in chosen]


def _persons(rng: Generator, entities: int, hub_share: float) -> Ints:
    """Who represents each entity: mostly one or two entities a person, and a few hubs with very many."""
    ordinary = rng.integers(0, max(int(entities * 2.5), 1), entities)
    hubs = max(int(entities * hub_share / 15), 1)
    is_hub = rng.random(entities) < hub_share
    return np.where(is_hub, -1 - rng.integers(0, hubs, entities), ordinary).astype(np.int64)


def _platforms(rng: Generator, industry: Ints, share: float, words: WordPack) -> Ints:
    online = np.array([each.online for each in words.industries])[industry]
    chosen = rng.choice(len(words.platforms), len(industry), p=weights([p.weight for p in words.platforms]))
    sells = online & (rng.random(len(industry)) < share * 2)
    return np.where(sells, chosen, -1).astype(np.int64)


def _codes(individual: Flags, area_index: Ints, areas: list[str]) -> list[str]:
    """Synthetic codes; entities of a zone carry the city's office, as zones have no official code."""
    offices = [code if area(code).type is AreaType.GB else _CITY_OFFICE for code in areas]
    rows = zip(individual.tolist(), area_index.tolist(), strict=True)
    return [
        synthesise("9", "2" if one_person else "1", offices[index], serial)
        for serial, (one_person, index) in enumerate(rows, start=1)
    ]
