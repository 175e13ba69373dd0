"""Prints the figures as JSON; what is under way goes to standard error."""

import argparse
import asyncio
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eventbus import Bus

from classification_service.main import bus_of, register
from classification_service.model.risk_model import Catalogue, RiskModel
from classification_service.reclassify import founding
from classification_service.reclassify.fiction import DAY, Fiction, next_version
from classification_service.reclassify.measuring import Bench, first_and_second
from classification_service.reclassify.national import Country
from classification_service.rules.choosing import ScorerSet
from classification_service.settings import Settings
from classification_service.store import packs
from classification_service.store.in_force import RulesInForce
from classification_service.store.schema import migrate

_ITEMS = 60
_OUTCOMES, _ADJUSTMENTS = 100_000, 2_000
"""About so many results of visits, and classes set by people, in a city of 4 million; fewer in a smaller one."""
_FULL = 4_000_000
_A_MONTH = 30


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)  # noqa: T201 - a command


async def _measure(asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    settings = Settings()  # type: ignore[call-arg]  # the environment gives them
    catalogue = packs.shipped_catalogue()
    fiction = Fiction(catalogue, asked.seed)
    load_before = os.getloadavg()[0]
    await migrate(settings.database_url)
    async with bus_of(settings, topic=asked.topic) as bus:
        in_force, figures = await _city(bus, asked, folder, fiction)
    country = Country(folder, catalogue, fiction, _say)
    _say(f"{asked.national} entities are written to partitions")
    size = await asyncio.to_thread(country.found, asked.national)
    _say(f"{size >> 20} MB; scoring begins")
    figures |= await asyncio.to_thread(country.score, in_force)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return (
        _asked_for(asked)
        | figures
        | {
            "national_mb": size >> 20,
            "peak_rss_process_gb": round(peak, 2),
            "load_average_before": round(load_before, 2),
            "load_average": round(os.getloadavg()[0], 2),
        }
    )


def _asked_for(asked: argparse.Namespace) -> dict[str, Any]:
    return {
        "ran": {
            "entities": asked.entities,
            "national": asked.national,
            "seed": asked.seed,
            "processors": os.cpu_count(),
            "events_during_runs": False,
            "table_before_first_month": "vacuumed, checkpointed",
            "table_before_second_month": "as the first left it",
        }
    }


async def _city(
    bus: Bus, asked: argparse.Namespace, folder: Path, fiction: Fiction
) -> tuple[ScorerSet, dict[str, Any]]:
    catalogue = fiction.catalogue
    await register(bus, packs.shipped_models(catalogue), catalogue)
    async with bus.engine.begin() as connection:
        live = (await RulesInForce(catalogue).read(connection)).scorers.on(DAY)
    _say(f"{asked.entities} entities are founded")
    await founding.found(bus, fiction, live, asked.entities)
    every = (max(_FULL // each, 2) for each in (_OUTCOMES, _ADJUSTMENTS))
    visited, adjusted = await founding.have_a_past(bus, *every)
    await founding.tidy(bus)
    bench, months = Bench(bus, folder, catalogue, _say), []
    drafts = _next([scorer.model for scorer in live.whole], catalogue, asked.seed)
    figures = await bench.try_drafts(drafts) | {"outcomes": visited, "adjustments": adjusted}
    for day in (DAY, DAY + _A_MONTH):
        for draft in drafts:
            await bench.promote(draft, day)
        _say("a monthly run begins")
        months.append(await bench.monthly(day))
        drafts = _next(drafts, catalogue, asked.seed + day)
    async with bus.engine.begin() as connection:
        last = (await RulesInForce(catalogue).read(connection)).scorers.on(DAY + _A_MONTH)
    return last, figures | first_and_second(months)


def _next(models: Sequence[RiskModel], catalogue: Catalogue, seed: int) -> list[RiskModel]:
    """The next versions of the models of the whole entity: every entity is judged by another one."""
    items = (_ITEMS, 0)
    return [
        next_version(model.definition, catalogue, most, seed)
        for model, most in zip(models, items, strict=True)
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entities", type=int, default=_FULL)
    parser.add_argument("--national", type=int, default=60_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--topic", required=True, help="whose events nobody reads")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="reclassify-", dir=os.environ.get("SNAPSHOTS_DIR")))
    try:
        print(json.dumps(asyncio.run(_measure(asked, folder))))  # noqa: T201 - its answer
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
