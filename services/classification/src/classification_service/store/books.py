"""The books the audit compares."""

from eventbus import SqlBooks
from sqlalchemy.ext.asyncio import AsyncEngine

_MODELS_USED = """
    select model_id from decision
    union select unnest(models) from monthly_run join model_set on code = set_code
"""
_QUERIES = {
    "states": "select uscc || '|' || profile_version from state",
    "decisions_expected": "select uscc || '|' || generate_series(1, decision_number) from state",
    "decisions": "select uscc || '|' || number from decided",
    "class_heads": "select uscc || '|' || change_number from state where change_number > 0",
    "reviewed": "select result_id from review_result where stratum <> 'reported'",
    "reported": "select result_id from review_result where stratum = 'reported'",
    "models_used": _MODELS_USED,
    "models_kept": f"select id from model where id in ({_MODELS_USED})",
}


def books(engine: AsyncEngine) -> SqlBooks:
    """This service's books; see the architecture page for what each is compared with."""
    return SqlBooks(engine, _QUERIES)
