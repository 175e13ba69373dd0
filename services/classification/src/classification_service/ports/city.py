"""What the use cases about the whole city, and their routes, need from the outside."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date
from typing import Any, NamedTuple, Protocol

from classification_service.model.city import (
    Booleans,
    JudgedAnew,
    MonthlyClass,
    MonthlyRun,
    Snapshot,
    Standing,
    Stretch,
)
from classification_service.model.city import Tally as Counted
from classification_service.model.judgement import ClassChanged, Judgement
from classification_service.model.what_if import Found, Mover, Moves, WhatIf
from classification_service.rules.back_testing import Control
from classification_service.rules.columns import ByIndicator
from classification_service.rules.judging import InForce
from classification_service.rules.judging_city import RunRules
from classification_service.rules.what_if import Draft


class Made(NamedTuple):
    """What a stretch will leave beside its states, not yet in the books: rows of blocks, and the part on the disk."""

    columns: Sequence[str]
    blocks: bytes
    file: Mapping[str, Any]


class StretchWork(Protocol):
    """One stretch of a monthly run, in one transaction.

    Raises:
        MovedMeanwhile: Each of them may, when another transaction stands in the way; nothing may be committed.
    """

    async def claim(self) -> Stretch | None:
        """The next stretch that is not done and that nobody else has, None when there is none."""
        ...

    async def rules(self) -> RunRules:
        """What judges, not held: see `hold`."""
        ...

    async def read(self, stretch: Stretch) -> Standing:
        """Its entities as they stand, not locked."""
        ...

    async def make(
        self, stretch: Stretch, judged: tuple[Standing, JudgedAnew, Booleans], values: ByIndicator
    ) -> Made:
        """The part of the snapshot is on the disk; the decisions named are to be kept in blocks."""
        ...

    async def hold(self, generation: int) -> None:
        """The rules stay as they are until the transaction ends.

        Raises:
            MovedMeanwhile: They are of a later generation by now.
        """
        ...

    async def write(self, standing: Standing, anew: JudgedAnew, mine: Booleans) -> Sequence[str]:
        """The states of those of them that moved are in the books; gives those that are no more as they were read."""
        ...

    async def anew(self, usccs: Sequence[str]) -> Standing:
        """These entities as they stand now, locked.

        Raises:
            MovedMeanwhile: Another transaction is at work on one of them.
        """
        ...

    async def save(self, judgement: Judgement) -> None:
        """See `UnitOfWork`."""
        ...

    async def announce(self, changes: Sequence[ClassChanged]) -> None:
        """The others will know these class changes."""
        ...

    async def done(self, stretch: Stretch, tally: Counted, made: Made) -> None:
        """The stretch is done, and what was made of it is in the books."""
        ...


class Runs(Protocol):
    """The books of monthly runs."""

    async def begin(self, day: date) -> MonthlyRun:
        """The run of that day, begun now unless it was before.

        Raises:
            DayNotFree: Nobody is judged yet, the city is judged for a later day already, or the day is far ahead.
        """
        ...

    def work(self, run: MonthlyRun) -> AbstractAsyncContextManager[StretchWork]:
        """A transaction for one stretch."""
        ...

    async def end(self, day: date) -> MonthlyRun:
        """The run as it is now: ended, with its snapshot complete, when no stretch is left."""
        ...

    async def runs(self, limit: int = 120) -> Sequence[MonthlyRun]:
        """All runs, newest first."""
        ...

    async def judged_until(self) -> date | None:
        """The newest business day of any entity, None where none is judged."""
        ...

    async def one(self, number: int) -> MonthlyRun | None:
        """The run with this number."""
        ...


class Snapshots(Protocol):
    """Snapshots of the city."""

    async def take(self) -> Snapshot:
        """A working copy of the city as it stands."""
        ...

    async def some(
        self, number: int | None = None, before: int | None = None, limit: int = 1
    ) -> Sequence[Snapshot]:
        """The one with this number, or those with a lower number than `before`, newest first."""
        ...

    async def newest(self) -> Snapshot | None:
        """The newest that is complete."""
        ...

    async def classes(
        self, number: int, after: str, limit: int, area_code: str | None
    ) -> Sequence[dict[str, Any]]:
        """Its entities after this USCC, in order of USCC.

        Raises:
            Unanswerable: There is no such snapshot, or it is not complete.
        """
        ...

    async def monthly(self, uscc: str) -> Sequence[MonthlyClass]:
        """An entity's class month by month, newest first."""
        ...


class Tried(NamedTuple):
    """What came of a draft over a snapshot.

    Attributes:
        draft: with its cuts.
        movers: how many are otherwise classed; they are listed in the file of this name.
    """

    draft: Draft
    entities: int
    moves: Moves
    movers: int
    listed_in: str


class WhatIfs(Protocol):
    """What is asked about drafts, and its answers."""

    async def snapshot(self, number: int | None) -> Snapshot:
        """The complete snapshot of this number, or the newest.

        Raises:
            Unanswerable: There is none.
        """
        ...

    async def in_force(self) -> InForce:
        """The models, and what people decided, as they are in force now."""
        ...

    async def scan(self, snapshot: Snapshot, draft: Draft, force: InForce) -> Tried:
        """What the draft makes of the snapshot's entities; its files stay meanwhile.

        Raises:
            Unanswerable: The snapshot went, has other indicators, or its scores cannot be cut.
        """
        ...

    async def control(self) -> Control:
        """The control group, with what was decided on before each visit: what the visit found does not enter."""
        ...

    async def keep(self, asked_by: str, found: Found, listed_in: str) -> int:
        """The answer is in the books; its number."""
        ...

    async def kept(self, number: int) -> WhatIf | None:
        """An earlier answer."""
        ...

    async def movers(
        self, number: int, after: str, limit: int, groups: tuple[str | None, str | None]
    ) -> Sequence[Mover]:
        """Who is otherwise classed, in order of USCC, of an area and a section where these are given.

        Raises:
            Unanswerable: There is no such answer, or its list went after its term.
        """
        ...
