"""Past decisions are derived anew and held against the books."""

import asyncio
from collections.abc import Sequence

from classification_service.model.explanation import Decision
from classification_service.ports.governing import Replays
from classification_service.rules.replaying import Replayed, replayed

CHUNK = 5000
FIRST = ("", 0)
"""Before every decision."""


class Tally:
    """How many decisions were derived anew, the first of those that came out otherwise, and the last looked at.

    Attributes:
        without_points: decisions whose points are not kept, so that only what they come to was compared.
    """

    _SHOWN = 100

    def __init__(self) -> None:
        self.decisions = 0
        self.without_points = 0
        self.differing = 0
        self.shown: list[Replayed] = []
        self.last: tuple[str, int] | None = None

    def add(self, each: Replayed) -> None:
        """Counts one."""
        self.decisions += 1
        self.without_points += not each.decision.points
        if each.differs:
            self.differing += 1
            self.shown += [each][: self._SHOWN - len(self.shown)]


async def replay_one(uscc: str, number: int, books: Replays) -> Replayed | None:
    """The decision derived anew; None where there is none."""
    decision = await books.one(uscc, number)
    if decision is None:
        return None
    return (await _derived([decision], books))[0]


async def replay_sample(count: int, seed: int, books: Replays) -> Tally:
    """So many decisions at random, the same for the same seed."""
    tally = Tally()
    decisions = await books.sample(count, seed)
    for start in range(0, len(decisions), CHUNK):
        some = decisions[start : start + CHUNK]
        for each in await _derived(some, books):
            tally.add(each)
    return tally


async def replay_after(last: tuple[str, int], count: int, books: Replays) -> Tally:
    """So many decisions that follow this one; `last` of the tally is None where there are no more."""
    tally = Tally()
    tally.last = last
    while tally.last and (wanted := min(CHUNK, count - tally.decisions)):
        decisions = await books.after(*tally.last, wanted)
        for each in await _derived(decisions, books):
            tally.add(each)
        more = len(decisions) == wanted
        tally.last = (decisions[-1].uscc, decisions[-1].number) if more else None
    return tally


async def _derived(decisions: Sequence[Decision], books: Replays) -> Sequence[Replayed]:
    """Derived anew in a thread: the process goes on applying events meanwhile."""
    return await asyncio.to_thread(replayed, decisions, await books.known(decisions))
