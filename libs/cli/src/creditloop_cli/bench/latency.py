"""Latency from posting a fact to its class being visible over the API, for probes inside a steady load."""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta

from creditloop_cli.bench.stream import SOURCE, City
from creditloop_cli.bench.target import Addressed, Target

_EVERY_S = 0.05
_LOOK_S = 0.01
_PATIENCE_S = 60.0

# A serious-violation listing decides the class by itself, so its effect is visible whatever else is known.
_PROBE = (
    '{"specversion":"1.0","id":"%s","source":"' + SOURCE + '","subject":"%s","time":"%sT00:00:00Z",'
    '"type":"creditloop.listing.entered.v1","data":{"list":"serious","reason":"food_safety","document_number":"（虚构）"}}'
)


async def probe(target: Target, town: City, run: str) -> list[float]:
    """Post one probe about each entity, one after another at a steady pace, and time each.

    Nothing else may be posted about these entities: one that was class D before would seem to be so at once.

    Returns:
        Milliseconds from just before the post to the first answer that shows class D.

    Raises:
        TimeoutError: A probe's class was not visible a minute after the last was posted.
    """
    waiting: dict[str, float] = {}
    latencies: list[float] = []
    posting = asyncio.create_task(_post_all(target, _probes(town, run), waiting))
    async with asyncio.timeout(len(town.codes) * _EVERY_S + _PATIENCE_S):
        while not posting.done() or waiting:
            await _look(target, waiting, latencies)
            await asyncio.sleep(_LOOK_S)
    await posting
    return latencies


def _probes(town: City, run: str) -> list[Addressed]:
    when = town.today - timedelta(days=1)
    return [
        (code, (_PROBE % (f"{run}-p{number}", code, when)).encode()) for number, code in enumerate(town.codes)
    ]


async def _post_all(target: Target, probes: Sequence[Addressed], waiting: dict[str, float]) -> None:
    async with asyncio.TaskGroup() as posts:
        for code, fact in probes:
            waiting[code] = time.perf_counter()
            posts.create_task(target.post([(code, fact)]))
            await asyncio.sleep(_EVERY_S)


async def _look(target: Target, waiting: dict[str, float], latencies: list[float]) -> None:
    asked = list(waiting)
    if not asked:
        return
    found = await target.classes(asked)
    now = time.perf_counter()
    visible = [code for code in asked if found.get(code) == "D"]
    latencies.extend((now - waiting.pop(code)) * 1000 for code in visible)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie, nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
