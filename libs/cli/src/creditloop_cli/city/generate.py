"""The whole city from a seed: its entities, and two years of facts woven into one stream in order of time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from creditloop_cli.city.history import (
    closings,
    complaints,
    inspections,
    penalties,
    registrations,
    reports,
    sectors,
)
from creditloop_cli.city.packs import RatePack, rates, words
from creditloop_cli.city.population import Population, days, populate
from creditloop_cli.city.strand import Strand
from creditloop_cli.loading.batch import Batch, cloud_event

DEFAULT_ENTITIES = 20_000
DEFAULT_SEED = 5


@dataclass(frozen=True)
class City:
    """A fictional city: who lives in it, and what happened to them."""

    population: Population
    strands: Sequence[Strand]

    @property
    def facts(self) -> int:
        """How many facts there are."""
        return sum(len(strand.entity) for strand in self.strands)

    def counts(self) -> dict[str, int]:
        """Number of facts by type, such as `penalty.imposed`."""
        found: dict[str, int] = {}
        for strand in self.strands:
            found[strand.kind] = found.get(strand.kind, 0) + len(strand.entity)
        return found

    def problem_share(self) -> dict[str, float]:
        """By code: how likely an inspection of the draw finds a problem; hidden risk, not class, decides."""
        share = rates().results["problem_share"].value
        likely = np.clip(share * self.population.risk**0.5, 0.02, 0.95)
        return dict(zip(self.population.uscc, likely.tolist(), strict=True))

    def batches(self, lanes: int = 1, size: int = 2000) -> Iterator[tuple[int, Batch]]:
        """Facts in order of time, `size` at a time, as (lane, batch of one source).

        An entity has one lane, and within a lane and a source its facts keep their order.
        """
        woven = _weave(self)
        for start in range(0, len(woven.lines), size):
            yield from woven.step(slice(start, start + size), lanes)


def generate(entities: int, seed: int, today: date, pack: RatePack | None = None) -> City:
    """A city of this many entities; its history ends on the eve of `today`, so that no fact lies in the future.

    The same arguments give the same city.
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, entities]))
    figures, vocabulary = pack or rates(), words()
    city = populate(rng, entities, days(today) - 1, figures, vocabulary)
    strands = [
        registrations.registrations(rng, city, figures, vocabulary),
        registrations.changes(rng, city, figures, vocabulary),
        *reports.reports(rng, city, figures),
        *penalties.penalties(rng, city, figures, vocabulary),
        *penalties.serious_listings(rng, city, figures, vocabulary),
        complaints.complaints(rng, city, figures, vocabulary),
        *inspections.inspections(rng, city, figures, vocabulary),
        *closings.suspensions(rng, city, figures),
        *closings.closings(rng, city),
        *sectors.sectors(rng, city, figures, vocabulary),
    ]
    return City(city, strands)


@dataclass(frozen=True)
class _Woven:
    """All facts as JSON lines in order of time."""

    lines: list[bytes]
    source: list[str]
    entity: list[int]

    def step(self, part: slice, lanes: int) -> Iterator[tuple[int, Batch]]:
        grouped: dict[tuple[int, str], list[bytes]] = {}
        rows = zip(self.lines[part], self.source[part], self.entity[part], strict=True)
        for line, source, entity in rows:
            grouped.setdefault((entity % lanes, source), []).append(line)
        for (lane, source), lines in grouped.items():
            yield lane, Batch(source, lines)


def _weave(city: City) -> _Woven:
    """All strands in order of time; at the same instant by the strands' order, then as they were given."""
    at_ms = np.concatenate([strand.at_ms for strand in city.strands])
    entity = np.concatenate([strand.entity for strand in city.strands])
    place = np.concatenate([np.full(len(s.entity), s.order) for s in city.strands])
    order = np.lexsort((place, at_ms)).tolist()
    lines = [line for strand in city.strands for line in _lines(strand, city.population.uscc)]
    sources = [strand.source for strand in city.strands for _ in range(len(strand.entity))]
    entities = entity.tolist()
    return _Woven([lines[n] for n in order], [sources[n] for n in order], [entities[n] for n in order])


def _lines(strand: Strand, codes: list[str]) -> list[bytes]:
    """The facts of a strand as CloudEvents, one JSON text each."""
    times = np.datetime_as_string(strand.at_ms.astype("datetime64[ms]"), unit="s", timezone="UTC").tolist()
    entities = strand.entity.tolist()
    kind = f"creditloop.{strand.kind}.v1"
    rows = zip(strand.fact_ids(), entities, times, strand.data, strict=True)
    return [
        cloud_event(fact_id, strand.source, kind=kind, subject=codes[entity], time=time, data=data)
        for fact_id, entity, time, data in rows
    ]
