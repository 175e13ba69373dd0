"""Reads the services' lanes, and waits until everything in flight has arrived."""

import asyncio
import time
from collections.abc import Callable, Iterable

from localstack.services import SERVICES

from creditloop_cli.audit.lanes import Lane, Standing, is_level
from creditloop_cli.errors import NotUp
from creditloop_cli.services import Services

_POLL_S = 0.25
Watch = Callable[[Standing], None]


def unwatched(_standing: Standing) -> None:
    """Nobody watches."""


async def read_standing(services: Services, names: Iterable[str] = SERVICES) -> Standing:
    """The lanes of these services, asked in the order of the loop."""
    return {name: [_lane(row) for row in await services.get(name, "/v1/lanes")] for name in names}


def _lane(row: dict[str, object]) -> Lane:
    seen, sequences = row["seen"], row["next_sequence"]
    if not isinstance(seen, dict) or not isinstance(sequences, list):
        raise NotUp("a service answers /v1/lanes in a form this command does not know")
    pending, next_offset = (int(str(row[name])) for name in ("pending_batches", "next_offset"))
    return Lane(str(row["name"]), seen, sequences, pending, next_offset)


async def wait_until_level(services: Services, wait_s: float, watch: Watch = unwatched) -> Standing:
    """The standing once nothing is in flight, or the last one when that did not come to be in time.

    Level means: the same standing twice in a row, and level. Between the two readings there was then a moment at
    which all of it was true at once, though the services were asked one after the other and the loop has cycles.
    """
    deadline = time.monotonic() + wait_s
    before: Standing = {}
    while True:
        standing = await read_standing(services)
        watch(standing)
        if (is_level(standing) and standing == before) or time.monotonic() > deadline:
            return standing
        before = standing
        await asyncio.sleep(_POLL_S)
