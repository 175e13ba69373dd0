"""The books the audit compares."""

from eventbus import SqlBooks
from sqlalchemy.ext.asyncio import AsyncEngine

_OF_RUNS = """
    select kept.uscc || '|' || kept.number
    from monthly_block, unnest(usccs, numbers, is_decided) as kept (uscc, number, is_decided) where kept.is_decided
"""
"""As in the view `decided`, with no more than the keys: they are many."""
_MODELS_USED = """
    select model_id from decision
    union select unnest(models) from monthly_run join model_set on code = set_code
"""
_QUERIES = {
    "states": "select uscc || '|' || profile_version from state",
    "decisions_expected": "select uscc || '|' || generate_series(1, decision_number) from state",
    "decisions": f"select uscc || '|' || number from decision union all {_OF_RUNS}",
    "class_heads": "select uscc || '|' || change_number from state where change_number > 0",
    "reviewed": "select result_id from review_result where stratum <> 'reported'",
    "reported": "select result_id from review_result where stratum = 'reported'",
    "models_used": _MODELS_USED,
    "models_kept": f"select id from model where id in ({_MODELS_USED})",
}


def books(engine: AsyncEngine) -> SqlBooks:
    """This service's books; see the architecture page for what each is compared with."""
    return SqlBooks(engine, _QUERIES)
