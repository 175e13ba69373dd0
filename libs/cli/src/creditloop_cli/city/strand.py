"""Strands: facts of one type, before they are woven into one stream in order of time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator

from creditloop_cli.city.population import Floats, Ints, Population

DAY_MS = 86_400_000
CHINA_MS = 8 * 3_600_000
_OPENS_S, _OPEN_FOR_S = 9 * 3600, 8 * 3600

Value = str | int | bool | list[str]
Data = Mapping[str, Value]


@dataclass(frozen=True)
class Strand:
    """Facts of one type; `entity`, `at_ms` and `data` are parallel.

    Attributes:
        source: The registered source that sends them.
        kind: CloudEvents type without the prefix `creditloop.` and the version, such as `penalty.imposed`.
        prefix: Of the fact ids, unique within the source.
        order: Facts of an entity at the same instant come in this order.
        ids: The fact ids, where another fact refers to them; else numbered.
    """

    source: str
    kind: str
    prefix: str
    entity: Ints
    at_ms: Ints
    data: Sequence[Data]
    order: int = 5
    ids: Sequence[str] = field(default=())

    def fact_ids(self) -> Sequence[str]:
        """One id for each fact, the same in every run with the same seed."""
        return self.ids or numbered(self.prefix, len(self.entity))


def numbered(prefix: str, count: int) -> list[str]:
    """`count` ids of one prefix."""
    return [f"{prefix}-{number:06d}" for number in range(1, count + 1)]


def at_work(rng: Generator, day: Ints) -> Ints:
    """An instant within office hours of each day, milliseconds UTC on whole seconds."""
    seconds = _OPENS_S + rng.integers(0, _OPEN_FOR_S, len(day))
    return day * DAY_MS - CHINA_MS + seconds * 1000


def midnight(day: Ints) -> Ints:
    """The first instant of each day in Chengdu, milliseconds UTC."""
    return day * DAY_MS - CHINA_MS


def iso_days(day: Ints) -> list[str]:
    """ISO dates of days since 1970-01-01."""
    return [str(each) for each in day.astype("datetime64[D]")]


def day_of(day: int) -> date:
    """The date of days since 1970-01-01."""
    return date(1970, 1, 1) + timedelta(days=day)


def happenings(rng: Generator, city: Population, yearly: float, risk: Floats) -> tuple[Ints, Ints]:
    """Entity and day of events that happen `yearly` times to an entity of risk 1 while its window is open."""
    start, end = city.window_start, city.window_end
    length = np.maximum(end - start + 1, 0)
    count = rng.poisson(yearly * risk * length / 365.25)
    entity = np.repeat(np.arange(city.size), count)
    day = start[entity] + (rng.random(len(entity)) * length[entity]).astype(np.int64)
    return entity, day


def still_open(city: Population, entity: Ints, day: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether each day is on or before today and the entity has not closed by then."""
    open_: np.ndarray[tuple[int], np.dtype[np.bool_]] = day <= city.window_end[entity]
    return open_


def pick(rng: Generator, choices: Sequence[str], count: int) -> list[str]:
    """`count` even choices."""
    return [choices[index] for index in rng.integers(0, len(choices), count).tolist()]


Maker = Callable[[Generator, Population], list[Strand]]
