"""Reads the services' lanes, and waits until everything in flight has arrived."""

import asyncio
import time
from collections.abc import Callable, Iterable

from booksaudit.lanes import Lane, Standing, is_level
from booksaudit.pairs import READERS
from booksaudit.reading import Json, Read

_POLL_S = 0.25
Watch = Callable[[Standing], None]


def unwatched(_standing: Standing) -> None:
    """Nobody watches."""


async def read_standing(read: Read, names: Iterable[str] = tuple(READERS)) -> Standing:
    """The lanes of these services, asked in the order of the loop."""
    return {name: [_lane(row) for row in await read(name, "/v1/lanes")] for name in names}


def _lane(row: Json) -> Lane:
    return Lane(row["name"], row["seen"], row["next_sequence"], row["pending_batches"], row["next_offset"])


async def wait_until_level(read: Read, wait_s: float, watch: Watch = unwatched) -> Standing:
    """The standing once nothing is in flight, or the last one when that did not come to be in time.

    Level means: the same standing twice in a row, and level. Between the two readings there was then a moment at
    which all of it was true at once, though the services were asked one after the other and the loop has cycles.
    """
    deadline = time.monotonic() + wait_s
    before: Standing = {}
    while True:
        standing = await read_standing(read)
        watch(standing)
        if (is_level(standing) and standing == before) or time.monotonic() > deadline:
            return standing
        before = standing
        await asyncio.sleep(_POLL_S)
