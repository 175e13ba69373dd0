"""CloudEvents, sources and benches for tests; all codes are fictional."""

import json
from datetime import UTC, datetime
from typing import Any

from ingestion_service.model.fact import Fact
from ingestion_service.model.source import Source
from ingestion_service.rules.judging import Bench, judge

USCC = "91510104YY000001XM"
OTHER_USCC = "92510107YY0000036Q"
PILOT = "91350100M0001TGQXM"
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)
LATEST_MS = int(NOW.timestamp() * 1000) + 86_400_000
PENALTIES = Source(1, "penalties", "锦江局", kafka_enabled=True)
REGISTRY = Source(2, "registry", kafka_enabled=True)

SAYS: dict[str, dict[str, Any]] = {
    "creditloop.registration.recorded.v1": {
        "name": "成都市示范餐饮有限公司",
        "entity_type": "1130",
        "established_on": "2019-05-04",
        "registered_capital_fen": 100_000_000,
        "area_code": "510104",
        "industry": "H62",
        "platforms": ["测试平台"],
    },
    "creditloop.registration.changed.v1": {
        "field": "address",
        "before": "",
        "after": "成都市锦江区示范路1号",
    },
    "creditloop.registration.cancelled.v1": {},
    "creditloop.registration.revoked.v1": {"document_number": "D-1", "reason": ""},
    "creditloop.annual-report.filed.v1": {"report_year": 2025, "late": True},
    "creditloop.annual-report.missed.v1": {"report_year": 2024},
    "creditloop.penalty.imposed.v1": {
        "document_number": "成市监处罚〔2026〕1号",
        "kinds": ["warning", "fine"],
        "fine_fen": 4_900_000,
        "severity": "lighter",
        "key_field": "food",
        "published_on": "2026-03-03",
    },
    "creditloop.penalty.annulled.v1": {"penalty_fact_id": "P-1", "reason": "court"},
    "creditloop.listing.entered.v1": {"list": "abnormal", "reason": "unreachable"},
    "creditloop.listing.removed.v1": {"list": "abnormal", "reason": "corrected"},
    "creditloop.complaint.received.v1": {"channel_kind": "report", "category": "quality", "upheld": True},
    "creditloop.inspection.completed.v1": {"item": "I-1", "result_codes": ["no_problem"]},
    "creditloop.suspension.declared.v1": {"until": "2027-06-30"},
    "creditloop.suspension.ended.v1": {"reason": "resumed"},
}
"""One example of the data of every fact type."""

PENALTY = "creditloop.penalty.imposed.v1"


def event(fact_id: str = "P-1", **changes: Any) -> dict[str, Any]:
    """A CloudEvent of a penalty; a change to None leaves that attribute out."""
    type_ = changes.get("type", PENALTY)
    attributes = {
        "specversion": "1.0",
        "id": fact_id,
        "source": "penalties",
        "type": type_,
        "subject": USCC,
        "time": "2026-03-01T09:30:00+08:00",
        "data": SAYS.get(type_, {}),
        **changes,
    }
    return {name: value for name, value in attributes.items() if value is not None}


def line(fact_id: str = "P-1", **changes: Any) -> bytes:
    """The same as bytes."""
    return json.dumps(event(fact_id, **changes), ensure_ascii=False).encode()


def bench(*sources: Source) -> Bench:
    """A bench before which these sources may appear; without any: penalties."""
    return Bench({source.name: source for source in sources or (PENALTIES,)}, LATEST_MS)


def fact(fact_id: str = "P-1", *, source: Source = PENALTIES, **changes: Any) -> Fact:
    """A fact as the ledger takes it."""
    judged = judge([line(fact_id, source=source.name, **changes)], bench(source), "00-trace")[0]
    assert isinstance(judged, Fact), judged
    return judged
