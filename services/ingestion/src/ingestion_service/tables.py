"""What the store's SQL names: columns, staging, queries of the audit's books.

The tables themselves are created by `migrations/`; their constraints carry the invariants.
"""

from httpapi.idempotency_store import idempotency_table
from sqlalchemy import MetaData

from ingestion_service.model.fact import ENDINGS, INSPECTION_COMPLETED, LISTING_ENTERED, PENALTY_IMPOSED

FACT_COLUMNS = (
    "recorded_at",
    "occurred_at",
    "source_id",
    "type",
    "standing",
    "uscc",
    "fact_id",
    "payload",
)

STAGING = "create temp table if not exists incoming (like fact) on commit delete rows"
"""Run on every connection. Batches not new as a whole are copied here, then inserted where new, in order of key, so
that such writers never deadlock."""

IDEMPOTENT_ANSWERS = idempotency_table(MetaData())

_KEY = "select source.name || '|' || fact_id from {table} join source on source.id = source_id"

BOOKS = {
    "received": _KEY.format(table="fact"),
    "accepted": _KEY.format(table="fact") + " where standing = 1",
    "verdicts": (_KEY.format(table="fact") + " where standing = 1 union " + _KEY.format(table="quarantine")),
    "dishonesty": _KEY.format(table="fact")
    + f" where standing = 1 and type in ({PENALTY_IMPOSED}, {LISTING_ENTERED})",
    "inspections": _KEY.format(table="fact")
    + f" where standing = 1 and type = {INSPECTION_COMPLETED} and source.name <> 'creditloop.sampling'",
    "endings": _KEY.format(table="fact")
    + f" where standing = 1 and type in ({', '.join(map(str, ENDINGS))})",
}
"""The audit's books: `source|fact_id`."""
