"""What the use cases and the edges need from the outside world."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

from notification_service.model import (
    Attempt,
    ClaimedNotice,
    Clue,
    Contact,
    Delivery,
    DomainEvent,
    Letter,
    Notice,
    NoticeState,
    Outcome,
    Platform,
    Signal,
    SignalEnd,
)
from notification_service.model.views import (
    AttemptView,
    ClueQuery,
    ClueView,
    Count,
    NoticeQuery,
    NoticeView,
    PlatformView,
)
from notification_service.rules.localised import Language
from notification_service.rules.templates import Addressee


class Contacts(Protocol):
    """Whom letters address."""

    async def save(self, contacts: Sequence[Contact]) -> None:
        """Each description is known unless a newer one is; within one call the highest version wins."""
        ...


class Signals(Protocol):
    """The signals received, each once."""

    async def receive(self, signals: Sequence[Signal]) -> list[Signal]:
        """The signals are on the books; returns those that are open now and were not before, in order.

        One that is told anew after its end is open again.
        """
        ...

    async def end(self, ends: Sequence[SignalEnd]) -> None:
        """The signals have ended, also those that are yet to be received."""
        ...


class Notices(Protocol):
    """Planned notices and what became of them."""

    async def plan(self, notices: Sequence[Notice], now: datetime) -> None:
        """The notices are planned, but for those that are known."""
        ...

    async def claim(self, limit: int, now: datetime, lease_until: datetime) -> list[ClaimedNotice]:
        """Up to `limit` notices due at `now` are this worker's alone until `lease_until`; the oldest first."""
        ...

    async def mark_delivered(self, letters: Sequence[Letter], at: datetime) -> list[Letter]:
        """The letters are delivered; returns those that were not before, so that each is counted once."""
        ...

    async def give_up(self, attempts: Sequence[Attempt], at: datetime) -> list[Attempt]:
        """The notices have failed or are withheld; returns those that were still planned."""
        ...

    async def postpone(self, attempts: Sequence[tuple[Attempt, datetime]]) -> None:
        """Each notice is tried again at its instant, its error noted."""
        ...

    async def state_of(self, notice_id: str) -> NoticeState | None:
        """State of a notice, its row locked; None when there is none."""
        ...

    async def reopen(self, notice_id: str, now: datetime) -> None:
        """A notice given up is planned again with its attempts counted from none."""
        ...


class Platforms(Protocol):
    """Subscriptions, and who sells where."""

    async def subscribed(self) -> list[Platform]:
        """All platforms, whether they take webhooks or only pull."""
        ...

    async def find(self, code: str) -> Platform | None:
        """The platform with this code."""
        ...

    async def add(self, platform: Platform, secret: str, now: datetime) -> bool:
        """The platform is subscribed; False when the code is taken."""
        ...

    async def rotate(self, code: str, secret: str) -> None:
        """The new secret is current, the present one signs beside it."""
        ...

    async def change(self, platform: Platform) -> None:
        """Name, address and state are as given."""
        ...

    async def add_operators(self, code: str, usccs: Sequence[str]) -> int:
        """These entities sell on the platform; returns how many were new."""
        ...

    async def operators_among(self, usccs: Sequence[str]) -> AbstractSet[tuple[str, str]]:
        """Pairs of platform code and USCC, for these entities."""
        ...


class Clues(Protocol):
    """Clues, their answers and their webhooks."""

    async def add(self, clues: Sequence[Clue], pushed_to: AbstractSet[str], now: datetime) -> list[Clue]:
        """The clues exist, with a webhook due for those whose platform is in `pushed_to`; returns the new ones.

        One that was withdrawn comes anew, and no webhook of its withdrawal is sent any more.
        """
        ...

    async def lock(self, clue_id: str) -> Clue | None:
        """The clue, its row locked."""
        ...

    async def save_answer(self, clue: Clue, at: datetime) -> None:
        """State, action and remark are as given."""
        ...

    async def withdraw(self, signal_ids: Sequence[str], now: datetime) -> int:
        """Clues of these signals that are not answered are withdrawn and pulled anew; webhooks pending are cancelled.

        A platform that may have had the webhook of a clue gets another that withdraws it; returns how many do.
        """
        ...

    async def mark_overdue(self, day: date) -> int:
        """Clues due before `day` and not answered are overdue; returns how many were not before."""
        ...

    async def claim_deliveries(self, limit: int, now: datetime, lease_until: datetime) -> list[Delivery]:
        """Up to `limit` webhooks due at `now` are this worker's alone until `lease_until`."""
        ...

    async def record_delivered(self, outcome: Outcome) -> None:
        """The webhook arrived; the clue it tells of is delivered unless it is further already."""
        ...

    async def record_failed(self, outcome: Outcome, retry_at: datetime | None) -> None:
        """The attempt is noted; the webhook is due again at `retry_at`, or given up where that is None."""
        ...

    async def record_gone(self, outcome: Outcome) -> None:
        """The attempt is noted; the platform takes no more webhooks, and those pending for it are cancelled."""
        ...

    async def redeliver(self, clue_id: str, now: datetime) -> bool:
        """The clue's webhook is due now, attempts counted from none; False when its platform takes none."""
        ...


class UnitOfWork(Protocol):
    """One transaction: all of it happens or none."""

    @property
    def contacts(self) -> Contacts:
        """Whom letters address."""
        ...

    @property
    def signals(self) -> Signals:
        """The signals received."""
        ...

    @property
    def notices(self) -> Notices:
        """Planned notices."""
        ...

    @property
    def platforms(self) -> Platforms:
        """Subscriptions."""
        ...

    @property
    def clues(self) -> Clues:
        """Clues and webhooks."""
        ...

    def publish(self, *events: DomainEvent) -> None:
        """The events are told to other services if the transaction commits."""
        ...

    def wake_letters(self) -> None:
        """If the transaction commits, whoever delivers letters looks for work soon."""
        ...

    def wake_webhooks(self) -> None:
        """If the transaction commits, whoever delivers webhooks looks for work at once."""
        ...


class OpenUnitOfWork(Protocol):
    """Begins a transaction that commits when its block ends well, and rolls back when it raises."""

    def __call__(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A new transaction."""
        ...


class Renderer(Protocol):
    """Turns templates into letters."""

    def render(  # noqa: PLR0913 - a letter has these six parts
        self,
        code: str,
        version: int,
        *,
        number: str,
        addressee: Addressee,
        issued_on: date,
        params: Mapping[str, str],
        language: Language = Language.ZH,
    ) -> str:
        """The letter, as plain text.

        Raises:
            TemplateFault: a required parameter is missing or empty, or there is no such version.
        """
        ...


class Channel(Protocol):
    """A way for letters to reach entities."""

    async def deliver(self, letters: Sequence[Letter]) -> list[Attempt]:
        """Each letter has reached the channel, once however often it is given, or its attempt says why not."""
        ...


class WebhookSender(Protocol):
    """Makes one attempt at one webhook."""

    async def send(self, delivery: Delivery) -> Outcome:
        """What came of it; an answer that did not come is an outcome, never an exception."""
        ...


class Reader(Protocol):
    """What people and platforms may look up; each call reads committed data by itself."""

    async def notices(self, query: NoticeQuery) -> Sequence[NoticeView]:
        """Up to `query.limit` notices, the newest first."""
        ...

    async def notice(self, notice_id: str) -> NoticeView | None:
        """One notice."""
        ...

    async def clues(self, query: ClueQuery) -> Sequence[ClueView]:
        """Up to `query.limit` clues after a position, in order of position."""
        ...

    async def clue(self, clue_id: str) -> ClueView | None:
        """One clue."""
        ...

    async def attempts(self, clue_id: str) -> Sequence[AttemptView]:
        """The attempts at a clue's webhook, in order."""
        ...

    async def platforms(self) -> Sequence[PlatformView]:
        """All subscriptions, by code."""
        ...

    async def counts(self, area: str | None) -> Sequence[Count]:
        """How many notices by template and clues by platform are in each state, in one area or in all."""
        ...

    async def clue_counts(self, area: str | None) -> Sequence[Count]:
        """Of `counts` those of clues: few, where notices are very many."""
        ...

    async def area_of(self, uscc: str) -> str | None:
        """The entity's area; None when it is not known here."""
        ...
