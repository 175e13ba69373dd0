"""The books the audit compares with those of the other services."""

from collections.abc import Sequence

from eventbus import SqlBooks
from sqlalchemy.ext.asyncio import AsyncEngine

from profiling_service.model.entities import EntityStatus
from profiling_service.model.signals import SignalFamily
from profiling_service.wire import REPAIR, SAMPLING


def books(engine: AsyncEngine, families: Sequence[SignalFamily]) -> SqlBooks:
    """What was recorded from whom, and what was told."""
    notifying = ", ".join(f"'{family.code}'" for family in families if family.notifies)
    return SqlBooks(
        engine,
        {
            "recorded_from_ingestion": "select source || '|' || fact_id from fact "
            f"where source not in ('{SAMPLING}', '{REPAIR}')",
            "recorded_from_sampling": f"select fact_id from fact where source = '{SAMPLING}'",
            "recorded_from_repair": f"select fact_id from fact where source = '{REPAIR}'",
            "profiles": "select uscc || '|' || profile_version from entity",
            "recorded": "select uscc || '|' || number from fact",
            "counted": "select uscc || '|' || generate_series(1, (select max(number) from fact "
            "where fact.uscc = entity.uscc)) from entity",
            "descriptions": "select uscc || '|' || description_version from entity",
            "addressed": f"select uscc || '|' || (status = {EntityStatus.CANCELLED:d}) || '|' || area_code "
            "|| '|' || name from entity",
            "signals_kept": "select uscc || '|' || row_number() over (partition by uscc) from signal",
            "signals_counted": "select uscc || '|' || generate_series(1, signals) from entity",
            "signals": f"select signal_id from signal where not silent and family in ({notifying or 'null'})",
        },
    )
