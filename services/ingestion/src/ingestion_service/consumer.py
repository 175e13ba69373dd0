"""Facts from Kafka: CloudEvents in structured or binary mode, taken as those of HTTP are."""

import re
import time
from collections.abc import Callable, Mapping, Sequence

from eventbus import Handler, Handlers, Poison, Received, StageOptions, Transaction

from ingestion_service.model.fact import Fact
from ingestion_service.model.source import Source
from ingestion_service.model.verdict import Outcome, Verdict
from ingestion_service.ports import UnitOfWork
from ingestion_service.rules.composing import compose
from ingestion_service.rules.judging import Arrival, Bench, judge_read, keep_rejected
from ingestion_service.rules.reading import Unreadable, Unusable, read
from ingestion_service.use_cases.record import record_facts

INBOUND = "cloudevents"
_NEVER = 2**31
_ATTRIBUTE = "ce_"
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

Senders = Callable[[], Mapping[str, Source]]
"""The sources taken from Kafka, by name, as last read."""


def stage_options(topic: str) -> StageOptions:
    """Strangers' rubbish does not mean that our code is broken: it never stops the stage."""
    return StageOptions(foreign={topic}, foreign_type=INBOUND, dead_letters_in_a_row=_NEVER)


def handlers(
    senders: Senders,
    latest_ms: Callable[[], int],
    unit_of_work: Callable[[Transaction], UnitOfWork],
    on_recorded: Callable[[Sequence[Outcome], float], None] = lambda _told, _took_s: None,
) -> Handlers:
    """What is done with each record of the inbound topic.

    Args:
        senders: The sources whose facts may come from Kafka.
        latest_ms: The last instant at which something may already have happened.
        unit_of_work: Over the transaction of a batch.
        on_recorded: Told of each committed batch: what became of its facts, and in how many seconds.
    """

    def decode(received: Received) -> Arrival:
        line = structured(received)
        arrival = Arrival(read(line), line, _traceparent(received))
        _require_key(arrival, senders())
        return arrival

    async def apply(arrivals: Sequence[Arrival], transaction: Transaction) -> None:
        began_s = time.monotonic()
        bench = Bench(senders(), latest_ms())
        facts = [
            _kept(arrival, judged, bench.senders)
            for arrival, judged in zip(arrivals, judge_read(arrivals, bench), strict=True)
        ]
        told = await record_facts(facts, time.time_ns() // 1000, unit_of_work(transaction))
        transaction.after_commit(lambda: on_recorded(told, time.monotonic() - began_s))

    return {INBOUND: Handler(decode, apply)}


def structured(received: Received) -> bytes:
    """The CloudEvent of a record in structured mode, whichever mode it came in.

    Raises:
        Poison: An attribute is not text.
    """
    names = [name for name, _ in received.headers]
    if "ce_id" not in names and "ce_specversion" not in names:
        return received.value
    try:
        attributes = {
            name.removeprefix(_ATTRIBUTE): (value or b"").decode()
            for name, value in received.headers
            if name.startswith(_ATTRIBUTE)
        }
    except UnicodeDecodeError as error:
        raise Poison("a CloudEvents attribute is not UTF-8") from error
    return compose(attributes, received.value)


def _traceparent(received: Received) -> str:
    """The record's trace context; strangers may write anything there."""
    return received.traceparent if _TRACEPARENT.fullmatch(received.traceparent) else ""


def _require_key(arrival: Arrival, senders: Mapping[str, Source]) -> None:
    item = arrival.item
    if isinstance(item, Unreadable):
        source, fact_id, problem = item.source, item.id, item.problem
        if fact_id is None or source is None:
            raise Poison(f"not a CloudEvent with id and source: {problem.field} {problem.problem}")
    else:
        source = (item.event if isinstance(item, Unusable) else item).source
    if source not in senders:
        raise Poison("its source is not registered for Kafka, or is suspended")


def _kept(arrival: Arrival, judged: Fact | Verdict, senders: Mapping[str, Source]) -> Fact:
    if isinstance(judged, Fact):
        return judged
    fact = keep_rejected(arrival, judged, senders)
    if fact is None:
        raise Poison("its source was suspended meanwhile")
    return fact
