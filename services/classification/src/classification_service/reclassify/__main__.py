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
from pathlib import Path
from typing import Any

from classification_service.main import bus_of, register
from classification_service.reclassify.fiction import DAY, Fiction, next_general
from classification_service.reclassify.measuring import Bench
from classification_service.reclassify.national import Country
from classification_service.rules.what_if import draft_of
from classification_service.settings import Settings
from classification_service.store import packs
from classification_service.store.in_force import RulesInForce
from classification_service.store.schema import migrate

_ITEMS = 60


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)  # noqa: T201 - a command


async def _measure(asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    settings = Settings()  # type: ignore[call-arg]  # the environment gives them
    catalogue = packs.shipped_catalogue()
    fiction = Fiction(catalogue, asked.seed)
    await migrate(settings.database_url)
    async with bus_of(settings) as bus:
        await register(bus, packs.shipped_models(catalogue), catalogue)
        async with bus.engine.begin() as connection:
            live = (await RulesInForce(catalogue).read(connection)).scorers.on(DAY)
        definition = live.general.model.definition
        draft = next_general(definition, catalogue, _ITEMS, asked.seed)
        bench = Bench(bus, folder, catalogue, live, draft, fiction, _say)
        _say(f"{asked.entities} entities are founded")
        await bench.found(asked.entities)
        figures = await bench.try_draft()
        await bench.promote()
        _say("the monthly run begins")
        figures |= await bench.monthly()
        _say(f"monthly run: {figures['monthly_s']} s")
    country = Country(folder, catalogue, fiction, _say)
    _say(f"{asked.national} entities are written to partitions")
    size = await asyncio.to_thread(country.found, asked.national)
    _say(f"{size >> 20} MB; scoring begins")
    figures |= await asyncio.to_thread(country.score, draft_of(live, draft, catalogue))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return figures | {"peak_rss_gb": round(peak, 2), "load_average": os.getloadavg()[0]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entities", type=int, default=4_000_000)
    parser.add_argument("--national", type=int, default=60_000_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="reclassify-", dir=os.environ.get("SNAPSHOTS_DIR")))
    try:
        print(json.dumps(asyncio.run(_measure(asked, folder))))  # noqa: T201 - its answer
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
