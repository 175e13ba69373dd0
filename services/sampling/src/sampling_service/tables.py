"""Tables that are named in Python; the whole schema, constraints first, is in `migrations`."""

from collections.abc import Mapping
from typing import Final

from httpapi.idempotency_store import idempotency_table
from sqlalchemy import MetaData

metadata = MetaData()
idempotent_answer = idempotency_table(metadata)

MEMBER_TYPES: Final[Mapping[str, str]] = {
    "uscc": "text",
    "change_number": "bigint",
    "risk_class": "text",
    "under_observation": "boolean",
    "overridden": "boolean",
    "by_law": "boolean",
    "version": "bigint",
    "name": "text",
    "entity_type": "text",
    "status": "text",
    "area_code": "text",
    "industry": "text",
    "address": "text",
    "pool_reason": "text",
    "pool_since": "date",
    "code": "smallint",
}
"""Columns of `member` that a batch writes, with their types; all but the last are the fields of `Member`, in order."""
MEMBER_COLUMNS: Final = tuple(MEMBER_TYPES)

TASK_COLUMNS: Final = (
    *("task_id", "draw_id", "uscc", "year", "items", "inspectors", "note"),
    *("area_code", "drawn_on", "due_on", "state"),
)
ENTRY_COLUMNS: Final = (
    *("draw_id", "uscc", "stratum", "class_at_draw", "probability", "area_code", "industry"),
)
