"""Suspensions (歇业), cancellations (注销) and revocations (吊销)."""

import numpy as np
from numpy.random import Generator

from creditloop_cli.city.packs import RatePack
from creditloop_cli.city.population import NEVER, Population
from creditloop_cli.city.sources import REGISTRY
from creditloop_cli.city.strand import Strand, at_work, iso_days, still_open


def closings(rng: Generator, city: Population) -> list[Strand]:
    """The last fact of each entity that closes."""
    cancelled = np.flatnonzero((city.closed < NEVER) & ~city.revoked)
    revoked = np.flatnonzero(city.revoked)
    why = [{"reason": "决议解散（虚构）"}] * len(cancelled)
    decision = [
        {"document_number": f"虚构吊字{n}号", "reason": "长期未开业（虚构）"}
        for n in range(1, len(revoked) + 1)
    ]
    cancelled_at, revoked_at = at_work(rng, city.closed[cancelled]), at_work(rng, city.closed[revoked])
    return [
        Strand(REGISTRY, "registration.cancelled", "Z", cancelled, cancelled_at, why, order=9),
        Strand(REGISTRY, "registration.revoked", "V", revoked, revoked_at, decision, order=9),
    ]


def suspensions(rng: Generator, city: Population, rates: RatePack) -> list[Strand]:
    """Declared for some months; most resume by declaration, the others are still suspended."""
    chosen = rng.random(city.size) < rates.closings["suspended_share"].value
    day = city.window_start + (rng.random(city.size) * 600).astype(np.int64)
    entity = np.flatnonzero(chosen & still_open(city, np.arange(city.size), day))
    until = iso_days(day[entity] + 365)
    data = [{"until": last, "reason": "公共卫生事件（虚构）"} for last in until]
    declared = Strand(REGISTRY, "suspension.declared", "S", entity, at_work(rng, day[entity]), data)
    resumes = day[entity] + rng.integers(60, 365, len(entity))
    back = np.flatnonzero(still_open(city, entity, resumes))
    ended = [{"reason": "resumed"}] * len(back)
    at_ms = at_work(rng, resumes[back])
    return [declared, Strand(REGISTRY, "suspension.ended", "E", entity[back], at_ms, ended)]
