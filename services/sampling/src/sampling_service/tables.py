"""Tables that are named in Python; the whole schema, constraints first, is in `migrations`."""

from typing import Final

from httpapi.idempotency_store import idempotency_table
from sqlalchemy import MetaData

metadata = MetaData()
idempotent_answer = idempotency_table(metadata)

MEMBER_COLUMNS: Final = (
    *("uscc", "change_number", "risk_class", "under_observation", "overridden", "by_law"),
    *("version", "name", "entity_type", "status", "area_code", "industry", "address"),
    *("pool_reason", "pool_since", "code"),
)
"""Columns of `member` that a batch writes, in the order of the staging table."""

ON_CONNECT: Final = (
    f"""
    create temp table if not exists member_staged
        on commit delete rows as select {", ".join(MEMBER_COLUMNS)} from member with no data
    """,
)
"""Run on every new database connection; the schema must be there."""

TASK_COLUMNS: Final = (
    *("task_id", "draw_id", "uscc", "year", "items", "inspectors", "note"),
    *("area_code", "drawn_on", "due_on", "state"),
)
ENTRY_COLUMNS: Final = (
    *("draw_id", "uscc", "stratum", "class_at_draw", "probability", "area_code", "industry"),
)
