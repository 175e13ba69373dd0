"""What the use cases need of the world."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from honestdraw import Population

from sampling_service.model.draws import Draw, Eligible, Entry, Scope, Settled
from sampling_service.model.events import Event
from sampling_service.model.members import Member
from sampling_service.model.tasks import Assignment, Inspector, Place, Result, Task
from sampling_service.model.views import DrawView, KeyMember, PoolCount, TaskCount, TaskQuery, TaskView


class Members(Protocol):
    """The object pool."""

    async def lock(self, usccs: Collection[str]) -> Mapping[str, Member]:
        """These members, blank where new, locked in order of USCC until the transaction ends."""
        ...

    async def save(self, members: Collection[Member]) -> None:
        """These locked members are as given."""
        ...

    async def eligible(self, scope: Scope) -> Eligible:
        """Who may be drawn, in ascending order of USCC, and how many may not by reason."""
        ...

    async def places(self, usccs: Sequence[str]) -> Mapping[str, Place]:
        """Where these members are."""
        ...


class Draws(Protocol):
    """The draws."""

    async def serialise(self) -> None:
        """Nobody else commits to or settles a draw until the transaction ends."""
        ...

    async def open_over(self, area_code: str | None) -> str | None:
        """A committed draw, not yet revealed, over this area, a part of it or all of the city; its id."""
        ...

    async def last_number(self, plan_id: str) -> int:
        """The number of the plan's latest draw, 0 before the first."""
        ...

    async def add(self, draw: Draw, population: Population) -> None:
        """A new draw with its population."""
        ...

    async def lock(self, draw_id: str) -> Draw | None:
        """The draw, locked."""
        ...

    async def randomness(self, draw_ids: Collection[str]) -> Mapping[str, bytes]:
        """What the lots of these revealed draws followed from."""
        ...

    async def population(self, draw_id: str) -> Population:
        """Whom the draw committed to."""
        ...

    async def settle(self, draw_id: str, settled: Settled) -> None:
        """The draw is revealed or abandoned."""
        ...

    async def add_entries(self, draw_id: str, entries: Sequence[Entry], places: Mapping[str, Place]) -> None:
        """Who was drawn."""
        ...


class Inspectors(Protocol):
    """The inspector pool."""

    async def all(self) -> Sequence[Inspector]:
        """Every inspector."""
        ...

    async def put(self, inspectors: Sequence[Inspector]) -> None:
        """These inspectors are as given, conflicts included; others stay."""
        ...

    async def areas(self, refs: Collection[str]) -> Mapping[str, str]:
        """The areas of those of these inspectors that exist."""
        ...

    async def loads(self) -> Mapping[str, int]:
        """Visits each has still to make."""
        ...


class Tasks(Protocol):
    """The visits."""

    async def add(self, tasks: Sequence[Task]) -> None:
        """New visits."""
        ...

    async def last_teams(self, usccs: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """Who visited each of these last."""
        ...

    async def lock(self, task_ids: Collection[str]) -> Mapping[str, Task]:
        """Those of these tasks that exist, locked in order of id."""
        ...

    async def lock_waiting(self, area_code: str | None) -> Sequence[Task]:
        """Tasks without a team, of one area or all."""
        ...

    async def assign(self, assignments: Sequence[Assignment]) -> None:
        """These waiting tasks have their teams."""
        ...

    async def record(self, results: Sequence[Result]) -> None:
        """These locked tasks are done, with these results."""
        ...


class UnitOfWork(Protocol):
    """One transaction."""

    @property
    def members(self) -> Members:
        """The object pool."""
        ...

    @property
    def draws(self) -> Draws:
        """The draws."""
        ...

    @property
    def inspectors(self) -> Inspectors:
        """The inspector pool."""
        ...

    @property
    def tasks(self) -> Tasks:
        """The visits."""
        ...

    def publish(self, *events: Event) -> None:
        """Tell the others, if the transaction commits."""
        ...


class Reader(Protocol):
    """What people look up, outside any transaction of theirs."""

    async def pools(self, area_code: str | None) -> Sequence[PoolCount]:
        """Counts by area and class of everyone not cancelled; an empty class is not classified yet."""
        ...

    async def key_pool(self, area_code: str | None, after: str, limit: int) -> Sequence[KeyMember]:
        """The key-supervision pool in order of USCC."""
        ...

    async def draws(self, area_code: str | None, after: str, limit: int) -> Sequence[DrawView]:
        """Draws in order of id; an area sees its own."""
        ...

    async def draw(self, draw_id: str) -> DrawView | None:
        """One draw."""
        ...

    async def draw_file(self, draw_id: str) -> bytes | None:
        """The published file of a revealed draw."""
        ...

    async def tasks(self, query: TaskQuery) -> Sequence[TaskView]:
        """Visits in order of id."""
        ...

    async def task_counts(self, query: TaskQuery, today: date) -> Sequence[TaskCount]:
        """How many visits there are in each state; of those done, this year's."""
        ...

    async def task(self, task_id: str) -> TaskView | None:
        """One visit."""
        ...
