"""CloudEvents, sources and benches for tests; all codes are fictional."""

import json
from datetime import UTC, datetime
from typing import Any

from ingestion_service.model.fact import Fact
from ingestion_service.model.source import Source
from ingestion_service.rules.judging import Bench, judge
from ingestion_service.store.packs import shipped_examples

USCC = "91510104YY000001XM"
OTHER_USCC = "92510107YY0000036Q"
PILOT = "91350100M0001TGQXM"
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)
LATEST_MS = int(NOW.timestamp() * 1000) + 86_400_000
PENALTIES = Source(1, "penalties", "锦江局", kafka_enabled=True)
REGISTRY = Source(2, "registry", kafka_enabled=True)

SAYS = shipped_examples()
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
