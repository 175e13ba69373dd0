"""How far the loop is, from the lanes of its services."""

import asyncio
from collections.abc import Mapping

from booksaudit.lanes import Standing, is_level, published, unread
from booksaudit.standing import read_standing, wait_until_level

from creditloop_cli.bench.target import Target
from creditloop_cli.errors import TooSlow

_LOOK_S = 0.1
_TO_THE_CLASS = {("ingestion", "profiling"), ("profiling", "classification")}
_ON_THE_WAY = ("ingestion", "profiling", "classification")


def facts_accepted(standing: Standing) -> int:
    """Facts that ingestion has accepted and committed for publication, since it was first started."""
    return published({"ingestion": standing["ingestion"]})


def events_to_the_class(standing: Standing) -> int:
    """Events published that profiling or classification has still to read before all facts are in a class."""
    return sum(
        each.published - each.read
        for each in unread(standing)
        if (each.producer, each.consumer) in _TO_THE_CLASS
    )


def inbound_unread(standing: Standing, ends: Mapping[int, int]) -> int:
    """Records of the inbound topic before these ends that ingestion has not applied, by its lanes `inbound-…`."""
    read = {lane.name: lane.next_offset for lane in standing["ingestion"]}
    return sum(max(end - read.get(f"inbound-{partition}", 0), 0) for partition, end in ends.items())


async def on_the_way_to_the_class(target: Target) -> Standing:
    """The lanes of the three services between a post and a class; the others are not asked, which would cost."""
    return await read_standing(target.services.get, _ON_THE_WAY)


async def level(target: Target, *, within_s: float) -> Standing:
    """The standing once all that was posted so far is read by ingestion, and nothing is under way beyond it.

    Raises:
        TooSlow: Something was still under way.
    """
    try:
        async with asyncio.timeout(within_s):
            await _all_taken_in(target)
    except TimeoutError as error:
        raise TooSlow(f"ingestion has not read its inbound topic after {within_s:.0f} s") from error
    standing = await wait_until_level(target.services.get, within_s)
    if not is_level(standing):
        raise TooSlow(f"events are still under way after {within_s:.0f} s: see `creditloop audit`")
    return standing


async def _all_taken_in(target: Target) -> None:
    ends = await target.inbound_ends()
    while inbound_unread(await read_standing(target.services.get, ["ingestion"]), ends):
        await asyncio.sleep(_LOOK_S)
