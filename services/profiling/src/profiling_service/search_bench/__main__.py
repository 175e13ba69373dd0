"""Prints the figures as JSON; what is under way goes to standard error."""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np
from eventbus import Bus
from sqlalchemy import text

from profiling_service.main import bus_of
from profiling_service.search_bench.fiction import Someone, city
from profiling_service.search_bench.founding import found, tidy
from profiling_service.search_bench.questions import KINDS
from profiling_service.settings import MIGRATIONS, Settings
from profiling_service.store.migrations import upgrade
from profiling_service.store.searching import SqlSearch, refresh
from profiling_service.use_cases.search import search

_LIMIT = 20
_WARM = 3
_SIZES = text("""
    select pg_relation_size('search') / 1048576 as table_mb,
        pg_relation_size('search_by_pieces') / 1048576 as pieces_mb,
        pg_total_relation_size('search') / 1048576 as all_mb
""")


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)  # noqa: T201 - a command


async def _measure(asked: argparse.Namespace) -> dict[str, Any]:
    settings = Settings(kafka_bootstrap_servers="nobody:9092")  # type: ignore[call-arg]  # the environment gives the rest
    await upgrade(settings.database_url, MIGRATIONS)
    bus = bus_of(settings)
    _say(f"{asked.entities} entities are founded")
    someones = list(city(asked.entities, asked.seed))
    await found(bus, someones)
    _say("they become searchable")
    figures: dict[str, Any] = {"ran": vars(asked) | {"processors": os.cpu_count(), "limit": _LIMIT}}
    figures |= await _searchable(bus)
    _say("questions are asked")
    figures |= await _questions(bus, someones, asked)
    await bus.engine.dispose()
    return figures


async def _searchable(bus: Bus) -> dict[str, Any]:
    """How long the background step takes for all, and how large it becomes."""
    begun, done = time.perf_counter(), 0
    while more := await refresh(bus.engine):
        done += more
    seconds = time.perf_counter() - begun
    await tidy(bus)
    async with bus.engine.connect() as connection:
        sizes = (await connection.execute(_SIZES)).mappings().one()
    return {"searchable_per_s": round(done / seconds), **sizes}


async def _questions(bus: Bus, someones: Sequence[Someone], asked: argparse.Namespace) -> dict[str, Any]:
    """How long answers take, by kind of question; and how often who was meant is among the first ten."""
    chance, reads = Random(asked.seed + 1), SqlSearch(bus.engine)
    took: dict[str, list[float]] = {kind: [] for kind in KINDS}
    met: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    for number in range(-_WARM, asked.questions // len(KINDS)):
        for kind, typed_about in KINDS.items():
            meant = chance.choice(someones)
            area_code = meant.area_code if number % 2 else None
            begun = time.perf_counter()
            hits = await search(typed_about(meant, chance), area_code, _LIMIT, reads)
            if number >= 0:
                took[kind].append((time.perf_counter() - begun) * 1000)
                met[kind].append(meant.uscc in {hit.entity.uscc for hit in hits[:10]})
    return {
        **_percentiles([each for times in took.values() for each in times]),
        "by_kind": {
            kind: _percentiles(took[kind]) | {"among_first_ten": round(float(np.mean(met[kind])), 3)}
            for kind in KINDS
        },
    }


def _percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    p50, p99, most = np.percentile(milliseconds, [50, 99, 100]).round(1).tolist()
    return {"p50_ms": p50, "p99_ms": p99, "slowest_ms": most}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entities", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    print(json.dumps(asyncio.run(_measure(parser.parse_args()))))  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
