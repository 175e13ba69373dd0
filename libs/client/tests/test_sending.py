"""Sending with a `Client` and an `AsyncClient`, alike, to a service that fails."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from builders import IMPATIENT, QUICK, fact, facts, ids
from creditloop_client import (
    AsyncClient,
    Client,
    Fact,
    Limits,
    Options,
    Outcome,
    Refused,
    Rejected,
    Unanswered,
    UnexpectedAnswer,
    Verdict,
)
from fake_ingestion import KEY, FakeIngestion, busy, drop_after, drop_before, half_recorded, status

Send = Callable[..., list[Verdict]]


def by_client(url: str, sent: Iterable[Fact], options: Options = QUICK, key: str = KEY) -> list[Verdict]:
    with Client(url, key, "tax", options) as client:
        return client.send_many(sent)


def by_async_client(
    url: str, sent: Iterable[Fact], options: Options = QUICK, key: str = KEY
) -> list[Verdict]:
    async def send() -> list[Verdict]:
        async with AsyncClient(url, key, "tax", options) as client:
            return await client.send_many(sent)

    return asyncio.run(send())


@pytest.fixture(params=[by_client, by_async_client], ids=["sync", "async"])
def send(request: pytest.FixtureRequest) -> Send:
    made: Send = request.param
    return made


def test_each_fact_has_its_verdict_in_order(service: FakeIngestion, send: Send) -> None:
    """Whoever keeps a table of what was sent can mark each row."""
    sent = [fact(0), fact(1, wrong=1), fact(2, odd=1), fact(0)]

    verdicts = send(service.url, sent)

    assert [(verdict.id, verdict.outcome) for verdict in verdicts] == [
        ("f-0", Outcome.ACCEPTED),
        ("f-1", Outcome.REJECTED),
        ("f-2", Outcome.QUARANTINED),
        ("f-0", Outcome.DUPLICATE),
    ]
    assert [verdict.delivered for verdict in verdicts] == [True, False, True, True]
    assert [verdict.why for verdict in verdicts[1:3]] == [
        "data.wrong is not known (expected: no such field)",
        "impossible_date",
    ]


def test_requests_are_bounded_by_count(service: FakeIngestion, send: Send) -> None:
    """Each is answered soon, and little is sent again."""
    send(service.url, facts(7))

    assert service.requests == [ids(7)[:3], ids(7)[3:6], ids(7)[6:]]


def test_requests_are_bounded_by_bytes(service: FakeIngestion, send: Send) -> None:
    """Proxies refuse long bodies; a fact longer than the bound goes alone."""
    long = fact(1, text="x" * 2000)

    send(service.url, [fact(0), long, fact(2), fact(3)], replace(QUICK, limits=Limits(100, 700)))

    assert service.requests == [["f-0"], ["f-1"], ["f-2", "f-3"]]


@pytest.mark.parametrize("failure", [drop_before, busy, status(429), status(502), status(504)])
def test_what_passes_is_tried_again_with_the_same_ids(
    service: FakeIngestion, send: Send, failure: Any
) -> None:
    """Nothing was recorded: the second try is accepted."""
    service.acts.extend([failure, failure])

    verdicts = send(service.url, facts(2))

    assert service.requests == [ids(2)] * 3
    assert [verdict.outcome for verdict in verdicts] == [Outcome.ACCEPTED] * 2


@pytest.mark.parametrize(("failure", "again"), [(drop_after, 3), (half_recorded, 1)])
def test_a_batch_whose_answer_was_lost_counts_once(
    service: FakeIngestion, send: Send, failure: Any, again: int
) -> None:
    """It is sent again whole; what is there already is told as a duplicate, and is delivered."""
    service.acts.append(failure)

    verdicts = send(service.url, facts(3))

    assert list(service.ledger) == ids(3)
    assert [verdict.outcome for verdict in verdicts].count(Outcome.DUPLICATE) == again
    assert all(verdict.delivered for verdict in verdicts)


@pytest.mark.parametrize("code", [401, 403, 404, 409, 500])
def test_a_refusal_is_not_tried_again(service: FakeIngestion, send: Send, code: int) -> None:
    """Another try would be refused as well."""
    service.always = status(code, {"title": "No", "detail": "Not you."})

    with pytest.raises(Refused, match=f"{code}: Not you.") as told:
        send(service.url, facts(2))

    assert told.value.status == code
    assert len(service.requests) == 1


@pytest.mark.parametrize("code", [400, 413, 422])
def test_one_fact_at_fault_does_not_keep_the_others(service: FakeIngestion, send: Send, code: int) -> None:
    """A batch refused for what is in it is sent in halves, until only that one is refused."""

    def picky(handler: Any, events: list[dict[str, Any]]) -> None:
        if any("poison" in event["data"] for event in events):
            handler.say(code, {"type": "urn:creditloop:problem:x", "title": "No", "detail": "Too much."})
        else:
            handler.answer(events)

    service.always = picky
    sent = [fact(0), fact(1), fact(2, poison=1), fact(3)]

    verdicts = send(service.url, sent, replace(QUICK, limits=Limits(10)))

    assert [verdict.delivered for verdict in verdicts] == [True, True, False, True]
    assert verdicts[2].why == f"{code}: Too much. (expected: a fact that ingestion can read)"
    assert list(service.ledger) == ["f-0", "f-1", "f-3"]


@pytest.mark.parametrize("code", [400, 413])
def test_what_something_on_the_way_refuses_is_not_a_rejected_fact(
    service: FakeIngestion, send: Send, code: int
) -> None:
    """A proxy that is set up wrongly would else turn away every fact of a spool."""
    service.always = status(code, b"<html>Request Entity Too Large</html>")

    with pytest.raises(Refused, match="Too Large"):
        send(service.url, facts(3))

    assert [len(request) for request in service.requests] == [3, 1]


def test_a_body_too_long_for_a_proxy_is_sent_in_parts(service: FakeIngestion, send: Send) -> None:
    """Its bound is not known before."""

    def narrow(handler: Any, events: list[dict[str, Any]]) -> None:
        if len(events) > 1:
            handler.say(413, b"too large")
        else:
            handler.answer(events)

    service.always = narrow

    assert all(verdict.delivered for verdict in send(service.url, facts(3)))


def test_a_source_that_may_not_send_is_refused_and_its_facts_are_not(
    service: FakeIngestion, send: Send
) -> None:
    """Suspended, or named wrongly: once that is mended the same facts are right."""
    problem = {"field": "source", "problem": "is not a source that may send here", "expected": "yours"}
    verdict = {"id": "f-0", "verdict": "rejected", "reason": "forbidden", "problems": [problem]}
    service.always = status(207, {"verdicts": [verdict]})

    with pytest.raises(Refused, match="403: source is not a source that may send here"):
        send(service.url, facts(1))


def test_patience_ends_and_says_which_facts_are_unanswered(service: FakeIngestion, send: Send) -> None:
    """A program must come to an end; the ids say what to send again."""
    service.always = busy

    with pytest.raises(Unanswered, match=r"Come back\.") as told:
        send(service.url, facts(2), replace(QUICK, patience=IMPATIENT))

    assert told.value.ids == ids(2)
    assert len(service.requests) > 2


def test_nobody_there_is_unanswered_too(send: Send) -> None:
    """A refused connection passes as soon as the service is back."""
    with pytest.raises(Unanswered, match="ConnectError"):
        send("http://127.0.0.1:9", facts(1), replace(QUICK, patience=IMPATIENT))


def test_a_wait_that_is_longer_than_patience_is_not_begun(service: FakeIngestion, send: Send) -> None:
    """Retry-After says when; there is no use in waiting for less."""
    service.always = status(503, retry_after="3600")

    with pytest.raises(Unanswered):
        send(service.url, facts(1))

    assert len(service.requests) == 1


@pytest.mark.parametrize(
    "document",
    [
        b"<html>welcome</html>",
        {"verdicts": []},
        {"verdicts": [{"id": "f-9", "verdict": "accepted"}]},
        [],
        b"1",
    ],
)
def test_an_answer_that_is_not_ingestions_is_not_taken_for_one(
    service: FakeIngestion, send: Send, document: Any
) -> None:
    """A login page with status 200 must not pass for delivery."""
    service.always = status(200, document)

    with pytest.raises(UnexpectedAnswer):
        send(service.url, facts(1))


def test_one_fact_that_is_rejected_raises_with_the_field(service: FakeIngestion) -> None:
    """Who sends one wants to know at once what to mend."""
    with Client(service.url, KEY, "tax", QUICK) as client, pytest.raises(Rejected) as told:
        client.send(fact(1, wrong=1))

    assert (told.value.field, told.value.problem, told.value.expected) == (
        "data.wrong",
        "is not known",
        "no such field",
    )


async def test_one_fact_is_sent_the_same_way_by_the_async_client(service: FakeIngestion) -> None:
    """Both clients have the same methods."""
    async with AsyncClient(service.url, KEY, "tax", QUICK) as client:
        verdict = await client.send(fact(1))
        with pytest.raises(Rejected, match=r"data\.wrong"):
            await client.send(fact(2, wrong=1))

    assert verdict.outcome is Outcome.ACCEPTED


def test_a_stream_reads_no_further_than_it_is_asked(service: FakeIngestion) -> None:
    """Millions of facts pass through bounded memory."""
    read: list[str] = []

    def remembered() -> Iterable[Fact]:
        for each in facts(9):
            read.append(each.id)
            yield each

    with Client(service.url, KEY, "tax", QUICK) as client:
        next(iter(client.stream(remembered())))

    assert len(read) == 4


async def test_the_async_client_takes_an_async_iterable(service: FakeIngestion) -> None:
    """Facts may come from a cursor that is itself awaited."""

    async def produced() -> Any:
        for each in facts(4):
            yield each

    async with AsyncClient(service.url, KEY, "tax", QUICK) as client:
        verdicts = await client.send_many(produced())

    assert [verdict.id for verdict in verdicts] == ids(4)
