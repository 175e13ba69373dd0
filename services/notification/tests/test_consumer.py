"""News of every kind is heeded together."""

from typing import Any

from contracts.profiling import v1_pb2 as profiling
from contracts.repair import v1_pb2 as repair
from eventbus import Received
from eventbus.micro_batch import StageOptions, Work
from google.protobuf.message import Message
from notification_service import consumer


def received(message: Message) -> Received:
    name = message.DESCRIPTOR.full_name
    return Received("t", 0, 0, name, "s", 1, "u", message.SerializeToString(), 0, "")


def test_a_batch_that_mixes_all_kinds_is_one_run(packs: Any, make: Any) -> None:
    """Descriptions, signals and notices alternate: a statement for each run of one type would cost most of the work."""
    described = profiling.EntityDescribed(uscc="u", version=1)
    due = repair.RepairNoticeDue(notice_id="n", uscc="u", kind="penalty", citation="c", issued_on_day=20514)
    ended = profiling.SignalCleared(signal_id="g", uscc="u", family="listed", cleared_on_day=20514)
    notifier = consumer.Notifier(dict, packs.guidance, lambda: make.now)  # type: ignore[arg-type]
    handlers = consumer.handlers(notifier)
    work = Work({}, handlers, StageOptions())
    for message in (described, due, described, ended, due):
        event = received(message)
        work.add(handlers[event.type], handlers[event.type].decode(event), event, ("t", 0))  # type: ignore[arg-type]

    (run,) = work.runs

    assert run.apply == notifier.heed
    assert len(run.items) == 5
