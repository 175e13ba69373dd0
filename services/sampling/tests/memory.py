"""A hand-written unit of work in memory, and makers of what tests need."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from honestdraw import Population, SeedRule
from sampling_service.model.draws import Draw, DrawOrder, Eligible, Entry, Scope, Seed, Settled
from sampling_service.model.events import Event
from sampling_service.model.members import ClassNews, Description, Member
from sampling_service.model.tasks import Assignment, Inspector, Place, Result, Task
from sampling_service.ports import UnitOfWork
from sampling_service.rules import eligibility
from sampling_service.use_cases.draws import Secrets

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SECRETS = Secrets(bytes(range(32)), bytes(range(32, 64)))
REVEAL = NOW + timedelta(minutes=1)
RULE = SeedRule("a made-up index at its close", "2026-11-23T04:01:00Z", "decimal 2")
SEED = Seed("3401.23", "officer")
AREA = "510104"
NEIGHBOUR = "510105"


def uscc(number: int) -> str:
    """A made-up code; not a real one's."""
    return f"91510104YY{number:08d}"


def news(number: int, letter: str = "A", **more: object) -> ClassNews:
    """What classification says; change number 1 unless told."""
    base = ClassNews(
        uscc(number), 1, letter, under_observation=False, overridden=False, by_law=False, day=TODAY
    )
    return base._replace(**more)


def described(number: int, **more: object) -> Description:
    """What profiling says; an active entity of the area unless told."""
    base = Description(uscc(number), 1, f"Firm {number}", "1100", "active", AREA, "F52", "1 Road", TODAY)
    return base._replace(**more)


def inspector(ref: str, area_code: str = AREA, **more: object) -> Inspector:
    """An inspector with a valid licence."""
    return Inspector(ref, area_code, date(2030, 1, 1), **more)


def order(*items: str, area_code: str | None = None, day: date = TODAY) -> DrawOrder:
    """An order under the shipped plan."""
    return DrawOrder("plan-2026", items or ("publicity",), area_code, day, "officer", RULE)


def exclusion(member: Member, scope: Scope, visits: int, same_item: bool) -> str | None:  # noqa: FBT001
    """Why the member cannot be drawn for the scope, or None; the first reason that holds."""
    holds = {
        eligibility.NOT_DESCRIBED: member.version == 0,
        eligibility.CANCELLED: member.status == "cancelled",
        eligibility.REVOKED: member.status == "revoked",
        eligibility.SUSPENDED: member.status == "suspended" and scope.on_site,
        eligibility.DRAWN_THIS_YEAR: same_item,
        eligibility.VISIT_CAP: visits >= scope.visit_cap,
    }
    return next((reason for reason, is_so in holds.items() if is_so), None)


@dataclass
class MemoryMembers:
    """Implements `ports.Members`."""

    tasks: "MemoryTasks"
    rows: dict[str, Member] = field(default_factory=dict)

    async def lock(self, usccs: Collection[str]) -> Mapping[str, Member]:
        for each in usccs:
            self.rows.setdefault(each, Member(each))
        return {each: self.rows[each] for each in usccs}

    async def save(self, members: Collection[Member]) -> None:
        self.rows.update({member.uscc: member for member in members})

    async def eligible(self, scope: Scope) -> Eligible:
        kept, excluded = [], Counter[str]()
        for member in sorted(self.rows.values(), key=lambda member: member.uscc):
            if scope.area_code in {None, member.area_code}:
                reason = exclusion(member, scope, *self.tasks.history(member.uscc, scope))
                excluded.update([reason] if reason else [])
                kept += [] if reason else [member]
        keys = "".join(member.uscc for member in kept).encode()
        return Eligible(Population(keys, bytes(member.code for member in kept)), dict(excluded))

    async def places(self, usccs: Sequence[str]) -> Mapping[str, Place]:
        return {each: Place(self.rows[each].area_code, self.rows[each].industry) for each in usccs}


@dataclass
class MemoryDraws:
    """Implements `ports.Draws`."""

    rows: dict[str, Draw] = field(default_factory=dict)
    populations: dict[str, Population] = field(default_factory=dict)
    settled: dict[str, Settled] = field(default_factory=dict)
    entries: dict[str, Sequence[Entry]] = field(default_factory=dict)

    async def serialise(self) -> None:
        pass

    async def open_over(self, area_code: str | None) -> str | None:
        return next(
            (
                draw.draw_id
                for draw in self.rows.values()
                if draw.state == "committed"
                and (None in {draw.area_code, area_code} or draw.area_code == area_code)
            ),
            None,
        )

    async def last_number(self, plan_id: str) -> int:
        return max((draw.number for draw in self.rows.values() if draw.plan_id == plan_id), default=0)

    async def add(self, draw: Draw, population: Population) -> None:
        self.rows[draw.draw_id] = draw
        self.populations[draw.draw_id] = population

    async def lock(self, draw_id: str) -> Draw | None:
        return self.rows.get(draw_id)

    async def randomness(self, draw_ids: Collection[str]) -> Mapping[str, bytes]:
        return {draw_id: self.settled[draw_id].randomness for draw_id in draw_ids}

    async def population(self, draw_id: str) -> Population:
        return self.populations[draw_id]

    async def settle(self, draw_id: str, settled: Settled) -> None:
        self.rows[draw_id] = replace(self.rows[draw_id], state=settled.state)
        self.settled[draw_id] = settled

    async def add_entries(self, draw_id: str, entries: Sequence[Entry], places: Mapping[str, Place]) -> None:
        assert places.keys() >= {entry.uscc for entry in entries}
        self.entries[draw_id] = entries


@dataclass
class MemoryInspectors:
    """Implements `ports.Inspectors`."""

    tasks: "MemoryTasks"
    rows: dict[str, Inspector] = field(default_factory=dict)

    async def all(self) -> Sequence[Inspector]:
        return [self.rows[ref] for ref in sorted(self.rows)]

    async def put(self, inspectors: Sequence[Inspector]) -> None:
        self.rows.update({each.ref: each for each in inspectors})

    async def areas(self, refs: Collection[str]) -> Mapping[str, str]:
        return {ref: self.rows[ref].area_code for ref in refs if ref in self.rows}

    async def loads(self) -> Mapping[str, int]:
        open_tasks = (task for task in self.tasks.rows.values() if task.state == "assigned")
        return Counter(ref for task in open_tasks for ref in task.inspectors)


@dataclass
class MemoryTasks:
    """Implements `ports.Tasks`."""

    rows: dict[str, Task] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)

    def history(self, code: str, scope: Scope) -> tuple[int, bool]:
        """Visits of the year, and whether one was for the same item."""
        found = [task for task in self.rows.values() if task.uscc == code and task.year == scope.year]
        return len(found), any(set(task.items) & set(scope.items) for task in found)

    async def add(self, tasks: Sequence[Task]) -> None:
        self.rows.update({task.task_id: task for task in tasks})

    async def last_teams(self, usccs: Sequence[str]) -> Mapping[str, frozenset[str]]:
        tasks = sorted(self.rows.values(), key=lambda task: (task.drawn_on, task.draw_id))
        return {t.uscc: frozenset(t.inspectors) for t in tasks if t.uscc in set(usccs) and t.inspectors}

    async def lock(self, task_ids: Collection[str]) -> Mapping[str, Task]:
        return {each: self.rows[each] for each in task_ids if each in self.rows}

    async def lock_waiting(self, area_code: str | None) -> Sequence[Task]:
        waiting = [task for task in self.rows.values() if task.state == "waiting"]
        return [task for task in waiting if area_code in {None, task.place.area_code}]

    async def assign(self, assignments: Sequence[Assignment]) -> None:
        for each in assignments:
            task = self.rows[each.task_id]
            self.rows[each.task_id] = replace(
                task, inspectors=each.inspectors, note=each.note, state="assigned"
            )

    async def record(self, results: Sequence[Result]) -> None:
        for each in results:
            assert each.result_id not in self.results
            self.results[each.result_id] = each
            self.rows[each.task.task_id] = replace(self.rows[each.task.task_id], state="done")


class Recorded(UnitOfWork, Protocol):
    """A unit of work that remembers what it published."""

    published: list[Event]


class MemoryUnitOfWork:
    """Implements `ports.UnitOfWork`."""

    def __init__(self) -> None:
        self.tasks = MemoryTasks()
        self.members = MemoryMembers(self.tasks)
        self.draws = MemoryDraws()
        self.inspectors = MemoryInspectors(self.tasks)
        self.published: list[Event] = []

    def publish(self, *events: Event) -> None:
        self.published.extend(events)
