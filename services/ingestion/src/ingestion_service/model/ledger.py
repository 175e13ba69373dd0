"""What is read back from the ledger."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ingestion_service.model.verdict import Standing


@dataclass(frozen=True, slots=True)
class LedgerFact:
    """A fact as the ledger has it; `contents` is its FactAccepted as plain values, None when quarantined.

    `sent_under` is the old code it came under, if it did.
    """

    fact_type: str
    standing: Standing
    uscc: str
    occurred_at: datetime | None
    recorded_at: datetime
    contents: dict[str, Any] | None
    quarantine_id: int | None
    reason: str | None
    state: str | None
    sent_under: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """How many facts of one source and type were recorded on one day (Asia/Shanghai), by standing."""

    day: date
    source: str
    fact_type: str
    standing: Standing
    facts: int
