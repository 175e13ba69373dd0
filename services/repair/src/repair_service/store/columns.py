"""New records and orders as columns of one COPY stream, in the order of the tables."""

from collections.abc import Sequence
from datetime import date

from eventbus import copying

from repair_service.model import Listing, Opened, Penalty, Stop, StopOrder, Subject

Copied = tuple[Sequence[str], bytes]
"""The names of the columns, and the stream."""

_EPOCH = date(1970, 1, 1).toordinal()
_POSTGRES_EPOCH_MS = 946_684_800_000


def of_records(opened: Sequence[Opened]) -> Copied:
    """The rows of `record`."""
    subjects = [new.opening.subject for new in opened]
    return _copied({**_subjects(subjects), **_particulars(subjects), **_rulings(opened), **_stops(opened)})


def of_orders(orders: Sequence[StopOrder]) -> Copied:
    """The rows of `stop_order`."""
    return _copied(
        {
            "order_id": copying.text([order.order_id for order in orders]),
            "uscc": copying.text([order.uscc for order in orders]),
            "target": copying.text([order.target for order in orders]),
            "kind": copying.text([order.kind for order in orders]),
            "reason": copying.text([order.reason for order in orders]),
            "ordered_on": _days([order.ordered_on for order in orders]),
            "ordered_at": copying.timestamptz([order.ordered_at_ms for order in orders]),
            "recorded_at": copying.timestamptz([order.recorded_at_ms for order in orders]),
            "superseding": copying.boolean([order.superseding for order in orders]),
        }
    )


def _copied(columns: dict[str, copying.Column]) -> Copied:
    return tuple(columns), copying.stream(list(columns.values()))


def _subjects(subjects: Sequence[Subject]) -> dict[str, copying.Column]:
    return {
        "record_id": copying.text([subject.record_id for subject in subjects]),
        "uscc": copying.text([subject.uscc for subject in subjects]),
        "kind": copying.text([subject.kind for subject in subjects]),
        "decided_on": _days([subject.decided_on for subject in subjects]),
        "document_number": copying.text([subject.document_number for subject in subjects]),
        "restriction_until": _days([subject.restriction_until for subject in subjects]),
        "occurred_at": copying.timestamptz([subject.occurred_at_ms for subject in subjects]),
        "recorded_at": copying.timestamptz([subject.recorded_at_ms for subject in subjects]),
    }


def _particulars(subjects: Sequence[Subject]) -> dict[str, copying.Column]:
    """What only a penalty has, or only a listing."""
    penalties = [subject if isinstance(subject, Penalty) else None for subject in subjects]
    return {
        "authority": copying.text([each.authority if each else "" for each in penalties]),
        "penalty_kinds": copying.text_array([sorted(each.kinds) if each else () for each in penalties]),
        "fine_fen": copying.int8([each.fine_fen if each else 0 for each in penalties]),
        "confiscated_fen": copying.int8([each.confiscated_fen if each else 0 for each in penalties]),
        "grade": copying.text([each.grade if each else None for each in penalties]),
        "key_field": copying.text([each.key_field if each else None for each in penalties]),
        "violation": copying.text([each.violation if each else "" for each in penalties]),
        "reason": copying.text([each.reason if isinstance(each, Listing) else "" for each in subjects]),
    }


def _rulings(opened: Sequence[Opened]) -> dict[str, copying.Column]:
    rulings = [new.opening.ruling for new in opened]
    return {
        "tier": copying.text([ruled.tier for ruled in rulings]),
        "rule": copying.text([ruled.rule for ruled in rulings]),
        "citation": copying.text([ruled.citation for ruled in rulings]),
        "conditions": copying.text_array([ruled.conditions for ruled in rulings]),
        "published_on": _days([ruled.published_on for ruled in rulings]),
        "apply_from": _days([ruled.apply_from for ruled in rulings]),
        "stops_on": _days([ruled.stops_on for ruled in rulings]),
        "notice_due": copying.boolean([new.notice is not None for new in opened]),
    }


def _stops(opened: Sequence[Opened]) -> dict[str, copying.Column]:
    """How those end that are stopped from the start; most are open, and these columns are null of themselves."""
    stops = [new.standing.stop for new in opened]
    if not any(stops):
        return {}
    return {
        "stop_reason": copying.text([None if stop is None else stop.reason for stop in stops]),
        "stopped_on": _days([None if stop is None else stop.on for stop in stops]),
        "stop_cause": copying.text([None if stop is None else stop.cause for stop in stops]),
        "stop_recorded_at": copying.nullable_int8([_microseconds(stop) for stop in stops]),
        "stop_citation": copying.text([None if stop is None else stop.citation for stop in stops]),
        "stop_notice_due": copying.boolean(
            [(told := new.standing.stopped) is not None and told.notice_due for new in opened]
        ),
    }


def _microseconds(stop: Stop | None) -> int | None:
    """The instant as PostgreSQL sends it; `copying.timestamptz` takes no nulls."""
    return None if stop is None else (stop.recorded_at_ms - _POSTGRES_EPOCH_MS) * 1000


def _days(days: Sequence[date | None]) -> copying.Column:
    return copying.date([None if day is None else day.toordinal() - _EPOCH for day in days])
