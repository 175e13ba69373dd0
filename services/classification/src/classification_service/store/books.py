"""The books the audit compares."""

from eventbus import SqlBooks
from sqlalchemy.ext.asyncio import AsyncEngine

_QUERIES = {
    "states": "select uscc || '|' || profile_version from state",
    "decisions_expected": "select uscc || '|' || generate_series(1, decision_number) from state",
    "decisions": "select uscc || '|' || number from decision",
    "class_heads": "select uscc || '|' || change_number from state where change_number > 0",
    "reviewed": "select result_id from review_result",
    "models_used": "select distinct model_id from decision",
    "models_kept": "select id from model where id in (select model_id from decision)",
}


def books(engine: AsyncEngine) -> SqlBooks:
    """This service's books; see the architecture page for what each is compared with."""
    return SqlBooks(engine, _QUERIES)
