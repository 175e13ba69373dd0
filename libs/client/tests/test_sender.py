"""Sending in the background: bounded, in order, and honest at the end."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from builders import IMPATIENT, QUICK, fact, facts, ids
from creditloop_client import Client, Closed, Full, Memory, NotDelivered, Refused, Sender, Spool
from fake_ingestion import KEY, FakeIngestion, busy, drop_after, held_until, status


@pytest.fixture
def client(service: FakeIngestion) -> Iterator[Client]:
    with Client(service.url, KEY, "tax", QUICK) as made:
        yield made


def sender_of(client: Client, *, most_facts: int = 100) -> Sender:
    return Sender(client, Memory(most_facts))


def test_all_is_delivered_in_order_when_it_is_closed(service: FakeIngestion, client: Client) -> None:
    """With connections that break on the way."""
    service.acts.extend([drop_after, busy])

    with sender_of(client) as sender:
        for each in facts(50):
            sender.put(each)

    assert list(service.ledger) == ids(50)


def test_flush_waits_for_what_was_put_before(service: FakeIngestion, client: Client) -> None:
    """A source may mark its own rows as delivered then."""
    with sender_of(client) as sender:
        sender.put(fact(1))
        sender.flush()

        assert list(service.ledger) == ["f-1"]


def test_many_threads_may_put(service: FakeIngestion, client: Client) -> None:
    """Each fact counts once."""
    with sender_of(client, most_facts=5) as sender:
        threads = [
            threading.Thread(target=lambda first=first: [sender.put(fact(n)) for n in range(first, 100, 4)])
            for first in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(service.ledger) == sorted(ids(100))


def test_a_slow_service_slows_the_source_down(service: FakeIngestion, client: Client) -> None:
    """Memory is bounded: `put` blocks, or says Full after the time given, and nothing is lost by it."""
    released = threading.Event()
    service.always = held_until(released)

    with sender_of(client, most_facts=2) as sender:
        sender.put(fact(0))
        sender.put(fact(1))
        with pytest.raises(Full, match="2 wait"):
            sender.put(fact(2), timeout_s=0.02)
        released.set()
        sender.put(fact(3))

    assert list(service.ledger) == ["f-0", "f-1", "f-3"]


def test_it_outlasts_a_clients_patience(service: FakeIngestion, client: Client) -> None:
    """A source that runs for years lives through nights without the service."""
    service.always = busy

    impatient = Client(service.url, KEY, "tax", replace(QUICK, patience=IMPATIENT))
    with impatient, Sender(impatient) as sender:
        sender.put(fact(1))
        with pytest.raises(NotDelivered):
            sender.flush(timeout_s=0.5)
        service.always = None

    assert list(service.ledger) == ["f-1"]


def test_closing_in_vain_says_which_facts_are_missing(service: FakeIngestion, client: Client) -> None:
    """The source must know what to send again; the thread is not waited for."""
    service.always = busy
    sender = sender_of(client)
    for each in facts(5):
        sender.put(each)

    with pytest.raises(NotDelivered) as told:
        sender.close(timeout_s=0.1)

    assert told.value.ids == ids(5)
    with pytest.raises(Closed):
        sender.put(fact(6))
    sender.close()


def test_a_rejected_fact_is_told_and_does_not_keep_the_others(service: FakeIngestion, client: Client) -> None:
    """At the next flush, once."""
    with sender_of(client) as sender:
        for each in [fact(0), fact(1, wrong=1), fact(2)]:
            sender.put(each)
        with pytest.raises(NotDelivered, match="0 facts not delivered for sure, 1 rejected: f-1") as told:
            sender.flush()

        sender.flush()

    assert [verdict.problems[0].field for verdict in told.value.rejected] == ["data.wrong"]
    assert list(service.ledger) == ["f-0", "f-2"]


def test_verdicts_are_told_in_order_as_they_come(client: Client) -> None:
    """A source can mark each of its rows, quarantined ones too."""
    told: list[str] = []

    with Sender(
        client, heard=lambda verdicts: told.extend(f"{each.id} {each.outcome}" for each in verdicts)
    ) as sender:
        for each in [fact(0), fact(1, odd=1), fact(0)]:
            sender.put(each)

    assert told == ["f-0 accepted", "f-1 quarantined", "f-0 duplicate"]


def test_a_refusal_stops_it_and_everybody_is_told_why(service: FakeIngestion, client: Client) -> None:
    """A revoked key cannot be waited out."""
    service.always = status(401, {"title": "Unauthenticated"})
    sender = sender_of(client)
    sender.put(fact(1))

    with pytest.raises(NotDelivered) as told:
        sender.flush()

    assert told.value.ids == ["f-1"]
    assert isinstance(told.value.__cause__, Refused)
    with pytest.raises(Closed, match="401"):
        sender.put(fact(2))
    with pytest.raises(NotDelivered):
        sender.close()


def test_who_waits_for_room_is_told_that_it_never_comes(service: FakeIngestion, client: Client) -> None:
    """Blocked for ever on a sender that stopped would be a hang."""
    released = threading.Event()

    def refuse(handler: object, events: object) -> None:
        released.wait(30)
        status(403)(handler, events)  # type: ignore[arg-type]

    service.always = refuse
    sender = sender_of(client, most_facts=1)
    sender.put(fact(1))
    threading.Timer(0.05, released.set).start()

    with pytest.raises(Closed, match="403"):
        sender.put(fact(2), timeout_s=30)
    with pytest.raises(NotDelivered):
        sender.close()


def test_what_a_spool_kept_is_sent_first(service: FakeIngestion, client: Client, tmp_path: Path) -> None:
    """The service was away until the source ended; nothing is put twice."""
    service.always = busy
    sender = Sender(client, Spool(tmp_path))
    for each in facts(5):
        sender.put(each)
    with pytest.raises(NotDelivered):
        sender.close(timeout_s=0.1)
    service.always = None

    with Sender(client, Spool(tmp_path)) as again:
        again.put(fact(5))

    assert list(service.ledger) == ids(6)
