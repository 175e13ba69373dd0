"""How far the loop is, from the lanes of its services."""

from creditloop_cli.audit.lanes import Standing, is_level, published, unread
from creditloop_cli.audit.standing import read_standing, wait_until_level
from creditloop_cli.bench.target import Target
from creditloop_cli.errors import TooSlow

_TO_THE_CLASS = {("ingestion", "profiling"), ("profiling", "classification")}


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


async def standing(target: Target) -> Standing:
    """The lanes of every service."""
    return await read_standing(target.services)


async def level(target: Target, *, within_s: float) -> None:
    """Return once nothing is under way between any two services.

    Raises:
        TooSlow: Something was still under way.
    """
    if not is_level(await wait_until_level(target.services, within_s)):
        raise TooSlow(f"events are still under way after {within_s:.0f} s: see `creditloop audit`")
