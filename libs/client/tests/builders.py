"""Facts and options for tests."""

from datetime import UTC, datetime
from typing import Any

from creditloop_client import Fact, Limits, Options, Patience

CODE = "91510104YY000001XM"
WHEN = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
IMPATIENT = Patience(total_s=0.3, first_s=0.01, longest_s=0.05)
QUICK = Options(limits=Limits(facts=3), patience=Patience(first_s=0.001, longest_s=0.01), timeout_s=5)


def fact(number: int = 1, **data: Any) -> Fact:
    return Fact("creditloop.complaint.received.v1", CODE, WHEN, data or {"category": "food"}, f"f-{number}")


def facts(count: int) -> list[Fact]:
    return [fact(number) for number in range(count)]


def ids(count: int) -> list[str]:
    return [f"f-{number}" for number in range(count)]
