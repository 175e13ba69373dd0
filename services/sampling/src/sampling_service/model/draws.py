"""Draws and the entities drawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from honestdraw import Population, Quota, SeedRule


@dataclass(frozen=True, slots=True)
class Scope:
    """Who is looked at for a draw, and what leaves them out.

    Attributes:
        area_code: only this area; None is the whole city.
        items: already drawn for one of these this year: out.
        on_site: entities in suspension are out.
        visit_cap: with so many visits this year: out.
    """

    area_code: str | None
    year: int
    items: tuple[str, ...]
    on_site: bool
    visit_cap: int


@dataclass(frozen=True, slots=True)
class Eligible:
    """Who may be drawn, and how many may not, by reason."""

    population: Population
    excluded: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DrawOrder:
    """A wish to draw: plan, items merged into one visit in order of code, area (None: the city) and business day.

    Attributes:
        seed_rule: which public event will be the seed.
    """

    plan_id: str
    items: tuple[str, ...]
    area_code: str | None
    day: date
    by: str
    seed_rule: SeedRule
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Draw:
    """A numbered draw, from commitment to reveal; secret and sealing key stay inside until then.

    Attributes:
        state: `committed`, `revealed` or `abandoned`.
        about: what the commitment says of the draw.
    """

    draw_id: str
    plan_id: str
    number: int
    items: tuple[str, ...]
    area_code: str | None
    day: date
    state: str
    by: str
    reason: str
    about: Mapping[str, Any]
    commitment: Mapping[str, Any]
    commitment_sha256: str
    excluded: Mapping[str, int]
    quotas: tuple[Quota, ...]
    secret: bytes
    sealing_key: bytes
    committed_at: datetime


class Seed(NamedTuple):
    """The public seed, and who entered it."""

    text: str
    by: str


class Entry(NamedTuple):
    """One drawn entity.

    Attributes:
        stratum: lot under which it is recorded: `uniform`, `key`, `class:X` or `unclassified`.
        class_at_draw: its class in the population committed to; empty when unclassified.
        probability: with which it was drawn and recorded under that stratum, in (0, 1].
    """

    uscc: str
    stratum: str
    class_at_draw: str
    probability: float


class Settled(NamedTuple):
    """What a reveal fixed.

    Attributes:
        randomness: what every lot of the draw, of entities and of teams, follows from.
    """

    state: str
    seed: Seed | None
    at: datetime
    drawn: int
    file: bytes
    randomness: bytes
    reason: str = ""
