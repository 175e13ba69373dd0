"""Letters into a folder and webhooks to platforms, with the crashes between."""

import asyncio
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from notification_service.model import Attempt, Delivery, Outcome, Secrets
from notification_service.rules.retries import RetrySchedule
from notification_service.use_cases import events, platforms
from notification_service.worker.alarm import Alarm
from notification_service.worker.letters import LetterWorker, Pace, Surroundings
from notification_service.worker.outbox_folder import OutboxFolder, write_all
from notification_service.worker.webhook_sender import HttpWebhookSender, signed_headers, webhook_client
from notification_service.worker.webhooks import WebhookWorker
from standardwebhooks import Webhook

SCHEDULE = RetrySchedule((0.0, 0.0), 0.0)
DAY = "2026-03-02.jsonl"


class Crash(BaseException):
    """The process dies here."""


def letter_worker(store: Any, packs: Any, channel: Any, make: Any) -> LetterWorker:
    around = Surroundings(store.open, lambda: make.now, lambda: 0.0, SCHEDULE, Pace(100, 0.0, 0.01))
    return LetterWorker(around, packs.renderer, channel, Alarm())


async def plan(store: Any, packs: Any, make: Any, count: int) -> None:
    async with store.open() as tx:
        dues = [make.repair_notice(f"R-{number}") for number in range(count)]
        await events.heed(dues, tx, packs.guidance, make.now)


def letters_in(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / DAY).read_text(encoding="utf-8").splitlines()]


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


async def test_letters_stand_in_the_file_of_their_day(
    memory: Any, packs: Any, make: Any, tmp_path: Path
) -> None:
    """Whoever prints or mails them takes a day's file, one letter to a line."""
    await plan(memory, packs, make, 3)

    done = await letter_worker(memory, packs, OutboxFolder(tmp_path), make).deliver_batch()

    found = letters_in(tmp_path)
    assert done == 3
    assert names_in(tmp_path) == [DAY]
    assert all(letter["text"].startswith("信用修复告知书") for letter in found)
    assert {letter["notice_id"] for letter in found} == set(memory.memory.notices)
    assert len(memory.memory.events) == 3


async def test_a_crash_between_writing_and_marking_counts_once(
    memory: Any, packs: Any, make: Any, tmp_path: Path
) -> None:
    """The letter is looked up before it is written again; file and events have it once."""
    await plan(memory, packs, make, 2)

    class Dying(OutboxFolder):
        async def deliver(self, letters: Any) -> list[Attempt]:
            await super().deliver(letters)
            raise Crash

    with pytest.raises(Crash):
        await letter_worker(memory, packs, Dying(tmp_path), make).deliver_batch()
    await letter_worker(memory, packs, OutboxFolder(tmp_path), make).deliver_batch()

    assert len(letters_in(tmp_path)) == 2
    assert len(memory.memory.events) == 2


async def test_a_torn_line_is_healed(memory: Any, packs: Any, make: Any, tmp_path: Path) -> None:
    """A power cut in the middle of a line must not swallow the next letter's line."""
    (tmp_path / DAY).write_text('{"notice_id":"nhalf')
    await plan(memory, packs, make, 1)

    await letter_worker(memory, packs, OutboxFolder(tmp_path), make).deliver_batch()

    lines = (tmp_path / DAY).read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2
    assert json.loads(lines[1])["template"] == "repair_notice@2"


def test_all_of_a_batch_is_written_though_the_system_takes_it_in_pieces(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A disk that is nearly full takes less than it was given: half a batch must not pass for the whole."""
    whole = os.write
    monkeypatch.setattr(os, "write", lambda handle, content: whole(handle, content[:7]))
    content = "信用修复告知书".encode() * 10

    with (tmp_path / "letters").open("wb", buffering=0) as file:
        write_all(file.fileno(), content)

    assert (tmp_path / "letters").read_bytes() == content


async def test_a_cancelled_entity_gets_no_letter(memory: Any, packs: Any, make: Any, tmp_path: Path) -> None:
    """It is struck off the register: nobody is there to read it. The notice says so, and other services are told."""
    await plan(memory, packs, make, 1)
    async with memory.open() as tx:
        await events.heed([make.contact(cancelled=True)], tx, packs.guidance, make.now)

    for _ in range(2):
        await letter_worker(memory, packs, OutboxFolder(tmp_path), make).deliver_batch()

    (row,) = memory.memory.notices.values()
    assert row.state == "withheld"
    assert "注销" in row.error
    assert [type(event).__name__ for event in memory.memory.events] == ["NoticeFailed"]
    assert names_in(tmp_path) == []


def test_a_webhook_may_take_as_long_as_its_sender_says() -> None:
    """httpx gives up after 5 s by itself: a clue that arrived would count as failed and be sent again."""
    assert webhook_client().timeout == httpx.Timeout(None)


async def test_a_folder_that_cannot_be_written_is_an_attempt_that_failed(
    memory: Any, packs: Any, make: Any, tmp_path: Path
) -> None:
    """The reason is kept with the notice for the officer who mends the folder."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    await plan(memory, packs, make, 1)

    for _ in range(SCHEDULE.attempts):
        await letter_worker(memory, packs, OutboxFolder(blocked), make).deliver_batch()

    (row,) = memory.memory.notices.values()
    assert row.state == "failed"
    assert "file" in row.error
    assert type(memory.memory.events[0]).__name__ == "NoticeFailed"


async def test_a_letter_that_cannot_be_rendered_does_not_hold_up_the_others(
    memory: Any, packs: Any, make: Any, tmp_path: Path
) -> None:
    """One notice of a version that is gone must not stop a city's letters."""
    await plan(memory, packs, make, 2)
    rows = list(memory.memory.notices.values())
    object.__setattr__(rows[0].notice, "version", 99)

    await letter_worker(memory, packs, OutboxFolder(tmp_path), make).deliver_batch()

    assert [row.state for row in memory.memory.notices.values()] == ["planned", "delivered"]
    assert len(memory.memory.events) == 1


async def test_a_worker_sleeps_until_it_is_woken_or_stopped(
    memory: Any, packs: Any, make: Any, tmp_path: Path
) -> None:
    """A clue must not wait for the next poll, and a stop not for the poll's end."""
    alarm, stop = Alarm(), asyncio.Event()
    around = Surroundings(memory.open, lambda: make.now, lambda: 0.0, SCHEDULE, Pace(100, 60, 3600))
    worker = LetterWorker(around, packs.renderer, OutboxFolder(tmp_path), alarm)
    running = asyncio.create_task(worker.run(stop))
    await plan(memory, packs, make, 1)

    alarm.ring()
    async with asyncio.timeout(5):
        while not memory.memory.events:
            await asyncio.sleep(0)
        stop.set()
        await running

    assert len(memory.memory.events) == 1


class Receiver:
    """Plays the platform: answers as told, and notes whether a transaction was open meanwhile."""

    def __init__(self, store: Any, make: Any, *statuses: int | None) -> None:
        self._store, self._make, self._statuses = store, make, list(statuses)
        self.open_during_call: list[int] = []

    async def send(self, delivery: Delivery) -> Outcome:
        self.open_during_call.append(self._store.open_now)
        status = self._statuses.pop(0)
        return Outcome(delivery, status, "" if status == 200 else "no", self._make.now, 1)


async def test_no_transaction_is_open_while_a_platform_is_called(memory: Any, packs: Any, make: Any) -> None:
    """A slow platform must not hold locks, nor a database connection."""
    async with memory.open() as tx:
        await platforms.subscribe_platform(make.platform(), make.secret, tx, make.now, private_allowed=True)
        await events.heed([make.signal()], tx, packs.guidance, make.now)
    receiver = Receiver(memory, make, 500, 200)
    around = Surroundings(memory.open, lambda: make.now, lambda: 0.0, SCHEDULE, Pace(4, 60, 0.01))
    worker = WebhookWorker(around, receiver, Alarm())

    rounds = [await worker.deliver_batch() for _ in range(3)]

    assert rounds == [1, 1, 0]
    assert receiver.open_during_call == [0, 0]
    assert [attempt.status for attempt in memory.memory.attempts] == [500, 200]


def test_both_secrets_sign_while_a_rotation_lasts(make: Any) -> None:
    """Either secret verifies the same message, by the public library."""
    new = "whsec_" + "bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3"
    now = datetime.now(UTC)

    headers = signed_headers("msg_1", now, "{}", Secrets(new, make.secret))

    for secret in (new, make.secret):
        assert Webhook(secret).verify("{}", headers) == {}


async def test_a_private_address_is_not_called(packs: Any, make: Any, memory: Any) -> None:
    """Also when a public-looking name leads there: the resolved address is judged."""
    async with memory.open() as tx:
        await platforms.subscribe_platform(
            make.platform(url="http://localhost:9/hook"), make.secret, tx, make.now, private_allowed=True
        )
        await events.heed([make.signal()], tx, packs.guidance, make.now)
        (delivery,) = await tx.clues.claim_deliveries(1, make.now, make.now)

    async with webhook_client() as client:
        guarded = HttpWebhookSender(client, lambda: make.now, private_allowed=False, timeout_s=5)
        outcome = await guarded.send(delivery)

    assert outcome.status is None
    assert "UnsafeAddress" in outcome.error
