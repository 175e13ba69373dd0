# ruff: noqa: ARG002 - a fake has the signatures of what it stands for
"""The hand-written fake of the unit of work, things to try it on, and the real store beside it."""

import asyncio
import copy
import sys
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from eventbus import Transaction
from localstack.postgres import databases
from notification_service import tables
from notification_service.main import migrate
from notification_service.model import (
    Attempt,
    ClaimedNotice,
    Clue,
    ClueState,
    Contact,
    Delivery,
    DeliveryKind,
    DomainEvent,
    Letter,
    Notice,
    NoticeState,
    Outcome,
    Platform,
    PlatformState,
    RecordStop,
    RepairNotice,
    Secrets,
    Severity,
    Signal,
    SignalEnd,
)
from notification_service.store import Packs, SqlUnitOfWork, read_packs
from notification_service.use_cases.events import Guidance
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

sys.path.append(str(Path(__file__).parent))

USCC = "91510104YY000001XM"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = "whsec_" + "c2VjcmV0LXNlY3JldC1zZWNyZXQtMTIzNDU2"


@dataclass
class NoticeRow:
    notice: Notice
    due: datetime | None
    state: str = "planned"
    attempts: int = 0
    text: str = ""
    error: str = ""


@dataclass
class HookRow:
    delivery_id: str
    kind: DeliveryKind
    clue_id: str
    due: datetime | None
    state: str = "pending"
    attempt: int = 0


@dataclass
class Memory:
    """Everything the fake keeps; copied when a transaction begins, so that it can be rolled back."""

    contacts: dict[str, Contact] = field(default_factory=dict)
    signals: dict[str, Signal] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    notices: dict[str, NoticeRow] = field(default_factory=dict)
    platforms: dict[str, tuple[Platform, Secrets]] = field(default_factory=dict)
    operators: set[tuple[str, str]] = field(default_factory=set)
    clues: dict[str, tuple[Clue, datetime]] = field(default_factory=dict)
    rounds: Counter[str] = field(default_factory=Counter)
    hooks: dict[str, HookRow] = field(default_factory=dict)
    attempts: list[Outcome] = field(default_factory=list)
    events: list[DomainEvent] = field(default_factory=list)


class MemoryUnitOfWork:
    """Implements `ports.UnitOfWork` in memory: one object plays all repositories."""

    def __init__(self, memory: Memory, woken: Callable[[str], None]) -> None:
        self.memory = memory
        self.woken = woken
        self.contacts = MemoryContacts(memory)
        self.signals = self.contacts
        self.notices = MemoryNotices(memory)
        self.platforms = MemoryPlatforms(memory)
        self.clues = MemoryClues(memory)

    def publish(self, *events: DomainEvent) -> None:
        self.memory.events.extend(events)

    def wake_letters(self) -> None:
        self.woken("letters")

    def wake_webhooks(self) -> None:
        self.woken("webhooks")


@dataclass
class MemoryContacts:
    memory: Memory

    async def save(self, contacts: Sequence[Contact]) -> None:
        for contact in contacts:
            known = self.memory.contacts.get(contact.uscc)
            if known is None or known.version < contact.version:
                self.memory.contacts[contact.uscc] = contact

    async def receive(self, signals: Sequence[Signal]) -> list[Signal]:
        known, ended = self.memory.signals, self.memory.ended
        new = {s.signal_id: s for s in signals if s.signal_id not in known or s.signal_id in ended}
        self.memory.ended -= new.keys() & known.keys()
        self.memory.signals |= new
        return [signal for signal in new.values() if signal.signal_id not in self.memory.ended]

    async def end(self, ends: Sequence[SignalEnd]) -> None:
        self.memory.ended |= {end.signal_id for end in ends}


@dataclass
class MemoryNotices:
    memory: Memory

    async def plan(self, notices: Sequence[Notice], now: datetime) -> None:
        for notice in notices:
            self.memory.notices.setdefault(notice.notice_id, NoticeRow(notice, now))

    async def claim(self, limit: int, now: datetime, lease_until: datetime) -> list[ClaimedNotice]:
        due = [row for row in self.memory.notices.values() if row.due and row.due <= now][:limit]
        for row in due:
            row.due, row.attempts = lease_until, row.attempts + 1
        return [self._claimed(row) for row in due]

    def _claimed(self, row: NoticeRow) -> ClaimedNotice:
        contact = self.memory.contacts.get(row.notice.uscc)
        known = (contact.name, contact.area, contact.cancelled) if contact else ("", "", False)
        return ClaimedNotice(row.notice, row.attempts, *known)

    async def mark_delivered(self, letters: Sequence[Letter], at: datetime) -> list[Letter]:
        done = [letter for letter in letters if self.memory.notices[letter.notice_id].state == "planned"]
        for letter in done:
            row = self.memory.notices[letter.notice_id]
            row.state, row.due, row.text, row.error = "delivered", None, letter.text, ""
        return done

    async def give_up(self, attempts: Sequence[Attempt], at: datetime) -> list[Attempt]:
        done = [a for a in attempts if self.memory.notices[a.letter.notice_id].state == "planned"]
        for attempt in done:
            row = self.memory.notices[attempt.letter.notice_id]
            row.state, row.due, row.error = "withheld" if attempt.withheld else "failed", None, attempt.error
        return done

    async def postpone(self, attempts: Sequence[tuple[Attempt, datetime]]) -> None:
        for attempt, retry_at in attempts:
            row = self.memory.notices[attempt.letter.notice_id]
            if row.state == "planned":
                row.due, row.error = retry_at, attempt.error

    async def state_of(self, notice_id: str) -> NoticeState | None:
        row = self.memory.notices.get(notice_id)
        return NoticeState(row.state) if row else None

    async def reopen(self, notice_id: str, now: datetime) -> None:
        row = self.memory.notices[notice_id]
        row.state, row.due, row.attempts = "planned", now, 0


@dataclass
class MemoryPlatforms:
    memory: Memory

    async def subscribed(self) -> list[Platform]:
        return [platform for platform, _ in self.memory.platforms.values()]

    async def find(self, code: str) -> Platform | None:
        found = self.memory.platforms.get(code)
        return found[0] if found else None

    async def add(self, platform: Platform, secret: str, now: datetime) -> bool:
        if platform.code in self.memory.platforms:
            return False
        self.memory.platforms[platform.code] = (platform, Secrets(secret))
        return True

    async def rotate(self, code: str, secret: str) -> None:
        platform, held = self.memory.platforms[code]
        self.memory.platforms[code] = (platform, Secrets(secret, held.current))

    async def change(self, platform: Platform) -> None:
        self.memory.platforms[platform.code] = (platform, self.memory.platforms[platform.code][1])

    async def add_operators(self, code: str, usccs: Sequence[str]) -> int:
        new = {(code, uscc) for uscc in usccs} - self.memory.operators
        self.memory.operators |= new
        return len(new)

    async def operators_among(self, usccs: Sequence[str]) -> AbstractSet[tuple[str, str]]:
        return {pair for pair in self.memory.operators if pair[1] in usccs}


@dataclass
class MemoryClues:
    memory: Memory

    async def add(self, clues: Sequence[Clue], pushed_to: AbstractSet[str], now: datetime) -> list[Clue]:
        known = self.memory.clues
        new = [
            each
            for each in clues
            if each.clue_id not in known or known[each.clue_id][0].state is ClueState.WITHDRAWN
        ]
        for clue in new:
            self.memory.rounds[clue.clue_id] += 1
            for row in self._hooks_of(clue.clue_id):
                if row.kind is DeliveryKind.WITHDRAWN and row.state == "pending":
                    row.state, row.due = "cancelled", None
            self.memory.clues[clue.clue_id] = (clue, now)
            if clue.platform in pushed_to:
                self._push(DeliveryKind.CREATED, clue.clue_id, now)
        return new

    def _push(self, kind: DeliveryKind, clue_id: str, now: datetime) -> HookRow:
        row = HookRow(f"msg_{kind.value}_{self._round(clue_id)}", kind, clue_id, now)
        return self.memory.hooks.setdefault(row.delivery_id, row)

    def _hooks_of(self, clue_id: str) -> list[HookRow]:
        return [row for row in self.memory.hooks.values() if row.clue_id == clue_id]

    def _round(self, clue_id: str) -> str:
        return f"{clue_id}_{self.memory.rounds[clue_id]}"

    async def withdraw(self, signal_ids: Sequence[str], now: datetime) -> int:
        finished = {ClueState.ANSWERED, ClueState.WITHDRAWN}
        told = 0
        for clue, _ in list(self.memory.clues.values()):
            if clue.signal_id in signal_ids and clue.state not in finished:
                self.memory.clues[clue.clue_id] = (replace(clue, state=ClueState.WITHDRAWN), now)
                told += self._take_back(clue, now)
        return told

    def _take_back(self, clue: Clue, now: datetime) -> bool:
        hooks = self._hooks_of(clue.clue_id)
        tried = {noted.delivery.delivery_id for noted in self.memory.attempts}
        maybe_known = False
        for row in hooks:
            if row.kind is DeliveryKind.CREATED:
                maybe_known |= row.attempt > 0 or row.delivery_id in tried
            elif row.state == "delivered":
                maybe_known = False
        for row in hooks:
            if row.state == "pending":
                row.state, row.due = "cancelled", None
        platform = self.memory.platforms[clue.platform][0]
        if not hooks or not maybe_known or platform.state is not PlatformState.ACTIVE or not platform.url:
            return False
        self._push(DeliveryKind.WITHDRAWN, clue.clue_id, now)
        return True

    async def lock(self, clue_id: str) -> Clue | None:
        found = self.memory.clues.get(clue_id)
        return found[0] if found else None

    async def save_answer(self, clue: Clue, at: datetime) -> None:
        self._put(clue)

    def _put(self, clue: Clue) -> None:
        self.memory.clues[clue.clue_id] = (clue, self.memory.clues[clue.clue_id][1])

    async def mark_overdue(self, day: date) -> int:
        open_states = {ClueState.CREATED, ClueState.DELIVERED, ClueState.ACKNOWLEDGED}
        late = [c for c, _ in self.memory.clues.values() if c.due_on < day and c.state in open_states]
        for clue in late:
            self._put(replace(clue, state=ClueState.OVERDUE))
        return len(late)

    async def claim_deliveries(self, limit: int, now: datetime, lease_until: datetime) -> list[Delivery]:
        due = [row for row in self.memory.hooks.values() if self._is_due(row, now)][:limit]
        for row in due:
            row.due, row.attempt = lease_until, row.attempt + 1
        return [self._delivery(row) for row in due]

    def _is_due(self, row: HookRow, now: datetime) -> bool:
        platform = self._platform(row)[0]
        active = platform.state is PlatformState.ACTIVE and platform.url is not None
        return active and row.due is not None and row.due <= now

    def _platform(self, row: HookRow) -> tuple[Platform, Secrets]:
        return self.memory.platforms[self.memory.clues[row.clue_id][0].platform]

    def _delivery(self, row: HookRow) -> Delivery:
        clue, happened_at = self.memory.clues[row.clue_id]
        platform, secrets = self._platform(row)
        contact = self.memory.contacts.get(clue.uscc)
        name = contact.name if contact else ""
        return Delivery(
            row.delivery_id, row.kind, clue, name, happened_at, platform.url or "", secrets, row.attempt
        )

    async def record_delivered(self, outcome: Outcome) -> None:
        row = self._noted(outcome)
        row.state, row.due = "delivered", None
        if row.kind is DeliveryKind.WITHDRAWN:
            return
        clue = self.memory.clues[row.clue_id][0]
        if clue.state is ClueState.CREATED:
            self._put(replace(clue, state=ClueState.DELIVERED))

    def _noted(self, outcome: Outcome) -> HookRow:
        self.memory.attempts.append(outcome)
        return self.memory.hooks[outcome.delivery.delivery_id]

    async def record_failed(self, outcome: Outcome, retry_at: datetime | None) -> None:
        row = self._noted(outcome)
        if row.state == "pending" and row.attempt == outcome.delivery.attempt:
            row.due, row.state = retry_at, "pending" if retry_at else "failed"

    async def record_gone(self, outcome: Outcome) -> None:
        platform, secrets = self._platform(self._noted(outcome))
        self.memory.platforms[platform.code] = (replace(platform, state=PlatformState.DISABLED), secrets)
        for row in self.memory.hooks.values():
            if self._platform(row)[0].code == platform.code and row.state == "pending":
                row.state, row.due = "cancelled", None

    async def redeliver(self, clue_id: str, now: datetime) -> bool:
        platform = self.memory.platforms[self.memory.clues[clue_id][0].platform][0]
        if platform.state is not PlatformState.ACTIVE or platform.url is None:
            return False
        row = self._push(DeliveryKind.CREATED, clue_id, now)
        row.state, row.due, row.attempt = "pending", now, 0
        return True


class MemoryStore:
    """Opens fake transactions that roll back when their block raises; knows whether one is open."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.open_now = 0
        self.wakes: list[str] = []

    @asynccontextmanager
    async def open(self) -> AsyncIterator[MemoryUnitOfWork]:
        working = copy.deepcopy(self.memory)
        self.open_now += 1
        try:
            yield MemoryUnitOfWork(working, self.wakes.append)
        finally:
            self.open_now -= 1
        self.memory = working


class SqlStore:
    """Opens real transactions, outside any bus; keeps what they would publish."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.published: list[Any] = []
        self.wakes: list[str] = []

    def letters(self) -> None:
        self.wakes.append("letters")

    def webhooks(self) -> None:
        self.wakes.append("webhooks")

    @asynccontextmanager
    async def open(self) -> AsyncIterator[SqlUnitOfWork]:
        async with self.engine.begin() as connection:
            transaction = Transaction(connection)
            yield SqlUnitOfWork(transaction, self)
        self.published.extend(transaction.outgoing)
        transaction.committed()


class Make:
    """Plain examples of everything, each detail changeable by name."""

    uscc, now, secret, salt = USCC, NOW, SECRET, b"0123456789abcdef"

    def contact(self, uscc: str = USCC, **changes: Any) -> Contact:
        contact = Contact(uscc, "川味小馆", "510104", cancelled=False, version=1)
        return replace(contact, **changes)

    def repair_notice(self, number: str = "R-1", **changes: Any) -> RepairNotice:
        due = RepairNotice(
            number,
            USCC,
            "penalty",
            "成锦市监罚〔2026〕1号",
            date(2026, 6, 2),
            date(2027, 3, 2),
            ("duties_done", "no_repeat"),
            "市场监督管理信用修复管理办法第九条",
            date(2026, 3, 2),
        )
        return replace(due, **changes)

    def stop(self, number: str = "S-1", **changes: Any) -> RecordStop:
        stop = RecordStop(number, USCC, "penalty", "expired", date(2026, 3, 2), "管理办法第九条")
        return replace(stop, **changes)

    def signal(self, number: str = "G-1", **changes: Any) -> Signal:
        signal = Signal(
            number,
            USCC,
            "complaints_rising",
            Severity.WARNING,
            ("12315|C-1", "12315|C-2"),
            date(2026, 3, 2),
            ("好食外卖",),
        )
        return replace(signal, **changes)

    def signal_end(self, number: str = "G-1", **changes: Any) -> SignalEnd:
        return replace(SignalEnd(number, USCC, "complaints_rising", date(2026, 3, 5)), **changes)

    def platform(self, code: str = "haoshi", **changes: Any) -> Platform:
        return replace(Platform(code, "好食外卖", "https://haoshi.example/hooks"), **changes)


@pytest.fixture
def make() -> Make:
    return Make()


class TriedPacks(Packs):
    """The packs as they are shipped, with salts that are no surprise."""

    @property
    def guidance(self) -> Guidance:
        return Guidance(self.catalogue, self.kinds, lambda: Make.salt)


@pytest.fixture(scope="session")
def packs() -> TriedPacks:
    shipped = read_packs()
    return TriedPacks(shipped.catalogue, shipped.renderer, shipped.kinds, shipped.schedules)


@pytest.fixture
def memory() -> MemoryStore:
    return MemoryStore()


@pytest.fixture(scope="session")
def migrated(postgres_admin_url: str) -> Iterator[str]:
    """The URL of a database with this service's tables, made once for the run."""
    name = f"notification_{uuid.uuid4().hex[:12]}"
    asyncio.run(databases.create(postgres_admin_url, name))
    url = databases.url_of(postgres_admin_url, name)
    migrate(url)
    yield url
    asyncio.run(databases.drop(postgres_admin_url, name))


@pytest.fixture
async def sql(migrated: str) -> SqlStore:
    """The real store, emptied; every connection ends with its transaction."""
    engine = create_async_engine(migrated, poolclass=NullPool)
    names = ", ".join([*tables.metadata.tables, "lane", "outbox", "dead_letter"])
    async with engine.begin() as connection:
        await connection.execute(text(f"truncate {names} restart identity"))
    return SqlStore(engine)


@pytest.fixture(params=["memory", "sql"])
def store(request: pytest.FixtureRequest) -> Any:
    """The fake and the real store: both must pass the same suite."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def later() -> Callable[[float], datetime]:
    """The instant some seconds after the examples' now."""
    return lambda seconds: NOW + timedelta(seconds=seconds)
