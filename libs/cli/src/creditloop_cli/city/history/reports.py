"""Annual reports (年报): filed in the season, missed, filed late, and the listings that follow (列入经营异常名录)."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.random import Generator

from creditloop_cli.city.packs import RatePack
from creditloop_cli.city.population import WINDOW_DAYS, Flags, Ints, Population, days
from creditloop_cli.city.sources import BUREAU, PUBLICITY
from creditloop_cli.city.strand import Data, Strand, at_work, day_of, numbered, still_open

SEASON_DAYS = 181


@dataclass(frozen=True)
class Season:
    """The months in which the report of one year is due: January to June of the next (`企业信息公示暂行条例`)."""

    report_year: int

    @property
    def first(self) -> int:
        """1 January, in days since 1970-01-01."""
        return days(date(self.report_year + 1, 1, 1))

    @property
    def last(self) -> int:
        """30 June."""
        return days(date(self.report_year + 1, 6, 30))


@dataclass(frozen=True)
class Outcome:
    """What became of one season; `entity` are those who had to report, the other columns are parallel to it."""

    season: Season
    entity: Ints
    missed: Flags
    late_on: Ints
    listed_on: Ints


def reports(rng: Generator, city: Population, rates: RatePack) -> list[Strand]:
    """All strands about annual reports within the window."""
    seasons = [Season(day_of(city.today).year - back) for back in (3, 2, 1)]
    outcomes = [
        _outcome(rng, city, season, rates)
        for season in seasons
        if season.last >= city.today - WINDOW_DAYS and season.first <= city.today
    ]
    return [strand for outcome in outcomes for strand in _strands(rng, city, outcome)]


def _outcome(rng: Generator, city: Population, season: Season, rates: RatePack) -> Outcome:
    """An entity reports from the year after its establishment."""
    share = {name: rate.value for name, rate in rates.annual_reports.items()}
    entity = np.flatnonzero((city.established < season.first) & (city.closed > season.first))
    base = np.where(
        city.individual[entity], share["missed_share_individual"], share["missed_share_enterprise"]
    )
    missed = rng.random(len(entity)) < np.minimum(base * np.sqrt(city.risk[entity]) * 1.15, 0.9)
    late = rng.random(len(entity)) < share["late_share_of_missed"]
    listed = rng.random(len(entity)) < share["listed_share_of_missed"]
    late_on = season.last + 2 + rng.integers(0, 300, len(entity))
    listed_on = season.last + 3 + rng.integers(0, 11, len(entity))
    never = city.today + 1
    return Outcome(season, entity, missed, np.where(late, late_on, never), np.where(listed, listed_on, never))


def _strands(rng: Generator, city: Population, outcome: Outcome) -> list[Strand]:
    season, year = outcome.season, outcome.season.report_year
    filed_on = season.first + (SEASON_DAYS * rng.beta(2.2, 1.6, len(outcome.entity))).astype(np.int64)
    missed_on = np.full(len(outcome.entity), season.last + 1, dtype=np.int64)
    in_time = _Telling("filed", f"A{year}", {"report_year": year, "late": False})
    missed = _Telling("missed", f"M{year}", {"report_year": year})
    late = _Telling("filed", f"L{year}", {"report_year": year, "late": True})
    return [
        in_time.strand(rng, city, outcome.entity, filed_on, which=~outcome.missed),
        missed.strand(rng, city, outcome.entity, missed_on, which=outcome.missed),
        late.strand(rng, city, outcome.entity, outcome.late_on, which=outcome.missed),
        *_listings(rng, city, outcome),
    ]


@dataclass(frozen=True)
class _Telling:
    """One way a report is told of; the same data for every entity."""

    verb: str
    prefix: str
    data: Data

    def strand(self, rng: Generator, city: Population, entity: Ints, day: Ints, *, which: Flags) -> Strand:
        """The facts of those that still exist on their day."""
        told = which & still_open(city, entity, day)
        at_ms = at_work(rng, day[told])
        data = [self.data] * len(at_ms)
        kind = f"annual-report.{self.verb}"
        return Strand(PUBLICITY, kind, self.prefix, entity[told], at_ms, data, order=1)


def _listings(rng: Generator, city: Population, outcome: Outcome) -> list[Strand]:
    """Listed within ten working days of the season's end; removed soon after the missing report was filed."""
    listed = outcome.missed & (outcome.listed_on < outcome.late_on)
    listed &= still_open(city, outcome.entity, outcome.listed_on)
    entity, year = outcome.entity[listed], outcome.season.report_year
    ids = numbered(f"LA{year}", len(entity))
    data = [
        {
            "list": "abnormal",
            "reason": "annual_report_missed",
            "document_number": f"虚构异字〔{year + 1}〕{n}号",
        }
        for n in range(1, len(entity) + 1)
    ]
    at_ms = at_work(rng, outcome.listed_on[listed])
    entered = Strand(BUREAU, "listing.entered", "", entity, at_ms, data, order=2, ids=ids)
    removed_on = outcome.late_on[listed] + 3
    out = np.flatnonzero(still_open(city, entity, removed_on))
    gone = [{"list": "abnormal", "listing_fact_id": ids[n], "reason": "corrected"} for n in out.tolist()]
    removed_at = at_work(rng, removed_on[out])
    return [
        entered,
        Strand(BUREAU, "listing.removed", f"XA{year}", entity[out], removed_at, gone, order=3),
    ]
