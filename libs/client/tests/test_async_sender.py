"""The sender of event loops keeps the same promises."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from builders import QUICK, fact, facts, ids
from creditloop_client import AsyncClient, AsyncSender, Closed, Full, Memory, NotDelivered, Refused, Spool
from fake_ingestion import KEY, FakeIngestion, busy, drop_after, held_until, status


@pytest.fixture
async def client(service: FakeIngestion) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(service.url, KEY, "tax", QUICK) as made:
        yield made


def sender_of(client: AsyncClient, *, most_facts: int = 100) -> AsyncSender:
    return AsyncSender(client, Memory(most_facts))


async def test_all_is_delivered_in_order_when_it_is_closed(
    service: FakeIngestion, client: AsyncClient
) -> None:
    """With connections that break on the way."""
    service.acts.extend([drop_after, busy])

    async with sender_of(client, most_facts=7) as sender:
        for each in facts(50):
            await sender.put(each)

    assert list(service.ledger) == ids(50)


async def test_flush_waits_for_what_was_put_before(service: FakeIngestion, client: AsyncClient) -> None:
    """And tells what was rejected."""
    async with sender_of(client) as sender:
        await asyncio.gather(sender.put(fact(1)), sender.put(fact(2, wrong=1)))
        with pytest.raises(NotDelivered, match="1 rejected: f-2"):
            await sender.flush()

        assert list(service.ledger) == ["f-1"]


async def test_a_slow_service_slows_the_source_down(service: FakeIngestion, client: AsyncClient) -> None:
    """Other tasks go on meanwhile."""
    released = threading.Event()
    service.always = held_until(released)

    async with sender_of(client, most_facts=2) as sender:
        await sender.put(fact(0))
        await sender.put(fact(1))
        with pytest.raises(Full, match="2 wait"):
            await sender.put(fact(2), timeout_s=0.02)
        released.set()
        await sender.put(fact(3))

    assert list(service.ledger) == ["f-0", "f-1", "f-3"]


async def test_closing_in_vain_says_which_facts_are_missing(
    service: FakeIngestion, client: AsyncClient
) -> None:
    """And those in a spool are sent by the next one."""
    service.always = busy
    sender = sender_of(client)
    for each in facts(5):
        await sender.put(each)

    with pytest.raises(NotDelivered):
        await sender.flush(timeout_s=0.05)
    with pytest.raises(NotDelivered) as told:
        await sender.close(timeout_s=0.1)

    assert told.value.ids == ids(5)
    with pytest.raises(Closed):
        await sender.put(fact(6))
    await sender.close()


async def test_a_refusal_stops_it_and_everybody_is_told_why(
    service: FakeIngestion, client: AsyncClient
) -> None:
    """A revoked key cannot be waited out."""
    service.always = status(403, {"title": "Forbidden"})
    sender = sender_of(client)
    await sender.put(fact(1))

    with pytest.raises(NotDelivered) as told:
        await sender.flush()

    assert isinstance(told.value.__cause__, Refused)
    with pytest.raises(Closed, match="403"):
        await sender.put(fact(2))
    with pytest.raises(NotDelivered):
        await sender.close()


async def test_what_a_spool_kept_is_sent_first(
    service: FakeIngestion, client: AsyncClient, tmp_path: Path
) -> None:
    """Whoever put it."""
    service.always = busy
    sender = AsyncSender(client, Spool(tmp_path))
    for each in facts(5):
        await sender.put(each)
    with pytest.raises(NotDelivered):
        await sender.close(timeout_s=0.1)
    service.always = None

    async with AsyncSender(client, Spool(tmp_path)) as again:
        await again.put(fact(5))

    assert list(service.ledger) == ids(6)
