"""Domain objects from and to protobuf; the only module that knows the contracts."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from contracts.classification.v1_pb2 import ClassChanged as ClassMessage
from contracts.profiling.v1_pb2 import EntityDescribed as DescriptionMessage
from contracts.sampling import v1_pb2 as sampling
from eventbus import Outgoing, Poison, Received
from google.protobuf.message import DecodeError, Message
from vocabulary.calendar import business_date

from sampling_service.model import events
from sampling_service.model.members import LETTERS, ClassNews, Description

CLASS_CHANGED: Final = "creditloop.classification.v1.ClassChanged"
ENTITY_DESCRIBED: Final = "creditloop.profiling.v1.EntityDescribed"
_PREFIX: Final = "creditloop.sampling.v1."
_EPOCH: Final = date(1970, 1, 1)
_STATUSES: Final = ("", "active", "suspended", "revoked", "cancelled")


def class_news(received: Received) -> ClassNews:
    """What classification said.

    Raises:
        Poison: It cannot be read, or has no USCC or number.
    """
    try:
        message = ClassMessage.FromString(received.value)
        letter = LETTERS[message.current]
    except (DecodeError, IndexError) as error:
        raise Poison(f"ClassChanged: {error}") from error
    _require(message.uscc, message.change_number)
    return ClassNews(
        uscc=message.uscc,
        change_number=message.change_number,
        risk_class=letter,
        under_observation=message.under_observation,
        overridden=bool(message.override_code),
        by_law=message.key_supervision_by_law,
        day=_EPOCH + timedelta(days=message.business_day),
    )


def description(received: Received) -> Description:
    """What profiling said; its day is that of the event.

    Raises:
        Poison: It cannot be read, or has no USCC or version.
    """
    try:
        message = DescriptionMessage.FromString(received.value)
        status = _STATUSES[message.status]
    except (DecodeError, IndexError) as error:
        raise Poison(f"EntityDescribed: {error}") from error
    _require(message.uscc, message.version)
    return Description(
        uscc=message.uscc,
        version=message.version,
        name=message.name,
        entity_type=message.entity_type,
        status=status,
        area_code=message.area_code,
        industry=message.industry,
        address=message.address,
        day=business_date(datetime.fromtimestamp(received.timestamp_ms / 1000, UTC)),
    )


def outgoing(event: events.Event) -> Outgoing:
    """The event the others read."""
    match event:
        case events.PoolEntered():
            entered = sampling.PoolEntered(
                uscc=event.uscc, reason=event.reason, entered_on_day=_day(event.on)
            )
            return _outgoing(event.uscc, entered)
        case events.PoolLeft():
            left = sampling.PoolLeft(uscc=event.uscc, reason=event.reason, left_on_day=_day(event.on))
            return _outgoing(event.uscc, left)
        case events.DrawPublished():
            return _outgoing(event.draw_id, _draw_published(event))
        case events.InspectionAssigned():
            return _outgoing(event.task.uscc, _inspection_assigned(event))
        case events.InspectionResultRecorded():
            return _outgoing(event.result.task.uscc, _result_recorded(event))


def _draw_published(event: events.DrawPublished) -> sampling.DrawPublished:
    return sampling.DrawPublished(
        draw_id=event.draw_id,
        number=event.number,
        plan_id=event.plan_id,
        population_root=event.population_root,
        drawn=event.drawn,
        drawn_on_day=_day(event.on),
    )


def _inspection_assigned(event: events.InspectionAssigned) -> sampling.InspectionAssigned:
    task = event.task
    return sampling.InspectionAssigned(
        task_id=task.task_id,
        draw_id=task.draw_id,
        uscc=task.uscc,
        items=task.items,
        inspector_refs=task.inspectors,
        due_on_day=_day(task.due_on),
    )


def _result_recorded(event: events.InspectionResultRecorded) -> sampling.InspectionResultRecorded:
    result, task = event.result, event.result.task
    return sampling.InspectionResultRecorded(
        result_id=result.result_id,
        task_id=task.task_id,
        uscc=task.uscc,
        item=",".join(task.items),
        result_codes=result.result_codes,
        occurred_at_ms=_milliseconds(result.occurred_at),
        recorded_at_ms=_milliseconds(result.recorded_at),
        class_at_draw=task.class_at_draw,
        stratum=task.stratum,
        inclusion_probability=task.probability,
        area_code=task.place.area_code,
        industry=task.place.industry,
        draw_id=task.draw_id,
        inspector_refs=task.inspectors,
    )


_NAMES: Final[Mapping[type[Message], str]] = {
    kind: _PREFIX + kind.DESCRIPTOR.name
    for kind in (
        sampling.PoolEntered,
        sampling.PoolLeft,
        sampling.DrawPublished,
        sampling.InspectionAssigned,
        sampling.InspectionResultRecorded,
    )
}


def _outgoing(key: str, message: Message) -> Outgoing:
    return Outgoing(_NAMES[type(message)], key, message.SerializeToString())


def _require(uscc: str, number: int) -> None:
    if len(uscc) != 18 or not uscc.isascii() or number < 1:
        raise Poison(f"not a USCC with a number from 1: {uscc!r}, {number}")


def _day(day: date) -> int:
    return (day - _EPOCH).days


def _milliseconds(instant: datetime) -> int:
    return round(instant.timestamp() * 1000)
