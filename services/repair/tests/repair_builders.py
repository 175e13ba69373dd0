"""Facts for tests, with what matters to the test named and the rest plain."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from repair_service.model import (
    Listing,
    Penalty,
    RecordId,
    RecordKind,
    StopOrder,
    StopReason,
)
from vocabulary.penalties import KeyField, PenaltyKind, SeverityGrade
from vocabulary.uscc import USCC, synthesise

FIRM = synthesise("9", "1", "510104", 7)
OTHER_FIRM = synthesise("9", "1", "510107", 8)
STALL = synthesise("9", "2", "510104", 9)
WAN_FEN = 1_000_000
"""10,000 CNY in fen."""

FINE, WARNING = PenaltyKind.FINE, PenaltyKind.WARNING
LIGHT, HEAVY = SeverityGrade.LIGHTER, SeverityGrade.HEAVIER
FOOD = KeyField.FOOD


def at(day: date, *, hour: int = 4) -> int:
    return int(datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp() * 1000)


def penalty(
    number: str = "P-1", on: date = date(2026, 3, 1), *kinds: PenaltyKind, uscc: USCC = FIRM, **more: Any
) -> Penalty:
    plain = {
        "published_on": on,
        "recorded_at_ms": at(on, hour=5),
        "document_number": f"No. {number}",
        "kinds": frozenset(kinds or {FINE}),
    }
    return Penalty(
        record_id=RecordId(f"penalties|{number}"),
        uscc=uscc,
        decided_on=on,
        occurred_at_ms=at(on),
        **{**plain, **more},
    )


def listing(
    number: str = "L-1",
    on: date = date(2026, 3, 1),
    kind: RecordKind = RecordKind.ABNORMAL_LISTING,
    *,
    uscc: USCC = FIRM,
    **more: Any,
) -> Listing:
    return Listing(
        record_id=RecordId(f"lists|{number}"),
        uscc=uscc,
        kind=kind,
        decided_on=on,
        occurred_at_ms=at(on),
        recorded_at_ms=at(on, hour=5),
        **{"reason": "annual_report_missed", **more},
    )


def serious(number: str = "S-1", on: date = date(2026, 3, 1), **more: Any) -> Listing:
    return listing(number, on, RecordKind.SERIOUS_LISTING, **{"reason": "food_safety", **more})


def stop_order(number: str, on: date, reason: StopReason, *, uscc: USCC = FIRM, **more: Any) -> StopOrder:
    return StopOrder(
        order_id=f"orders|{number}",
        uscc=uscc,
        reason=reason,
        ordered_on=on,
        ordered_at_ms=at(on),
        recorded_at_ms=at(on, hour=5),
        **{"target": None, "kind": None, **more},
    )


def annulment(on: date, of: str = "P-1", *, uscc: USCC = FIRM) -> StopOrder:
    target = RecordId(f"penalties|{of}")
    return stop_order(f"annul-{of}", on, StopReason.ANNULLED, uscc=uscc, target=target)


def retraction(on: date, of: str = "penalties|P-1", *, uscc: USCC = FIRM) -> StopOrder:
    return stop_order(f"retract-{of}", on, StopReason.ANNULLED, uscc=uscc, target=RecordId(of))


def supersession(on: date, by: str, of: str) -> StopOrder:
    """What a fact, known by `source|fact_id`, says beside itself by superseding another."""
    order = stop_order("", on, StopReason.ANNULLED, target=RecordId(of), superseding=True)
    return replace(order, order_id=by)


def removal(on: date, of: str | None = None, kind: RecordKind = RecordKind.ABNORMAL_LISTING) -> StopOrder:
    target = RecordId(f"lists|{of}") if of else None
    return stop_order(f"remove-{of}-{on}", on, StopReason.REMOVED, target=target, kind=kind)


def cancellation(on: date, *, uscc: USCC = FIRM) -> StopOrder:
    return stop_order(f"cancel-{uscc}", on, StopReason.CANCELLED_ENTITY, uscc=uscc)
