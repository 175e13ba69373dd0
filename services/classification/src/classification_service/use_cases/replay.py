"""Past decisions are derived anew and held against the books."""

from classification_service.ports.governing import Replays
from classification_service.rules.replaying import Replayed, replayed

CHUNK = 5000


class Tally:
    """How many decisions were derived anew, and the first of those that came out otherwise.

    Attributes:
        without_points: decisions whose points are not kept, so that only what they come to was compared.
    """

    _SHOWN = 100

    def __init__(self) -> None:
        self.decisions = 0
        self.without_points = 0
        self.differing = 0
        self.shown: list[Replayed] = []

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
    return replayed([decision], await books.known([decision]))[0]


async def replay_sample(count: int, seed: int, books: Replays) -> Tally:
    """So many decisions at random, the same for the same seed."""
    tally = Tally()
    decisions = await books.sample(count, seed)
    for start in range(0, len(decisions), CHUNK):
        some = decisions[start : start + CHUNK]
        for each in replayed(some, await books.known(some)):
            tally.add(each)
    return tally


async def replay_all(books: Replays) -> Tally:
    """Every decision in the books."""
    tally = Tally()
    uscc, number = "", 0
    while decisions := await books.after(uscc, number, CHUNK):
        for each in replayed(decisions, await books.known(decisions)):
            tally.add(each)
        uscc, number = decisions[-1].uscc, decisions[-1].number
    return tally
