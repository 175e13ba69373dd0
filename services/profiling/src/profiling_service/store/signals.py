"""Signals as they are stored: raised, kept silent, told again, grown, over."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text

from profiling_service.model.events import SignalRaised, SignalUpdated
from profiling_service.model.signals import Suppression
from profiling_service.rules.causes.view import MOST_EVIDENCE
from profiling_service.rules.suppressing import Sensing
from profiling_service.rules.windows import as_date, as_day

LOCK = text("""
    select from signal where signal_id = any(cast(:ids as text[])) order by signal_id for no key update
""")
"""What is open, and so may be taken by people, in the order in which they lock it: nobody waits in a circle."""
MOVE = text("""
    update signal set area_code = entity.area_code, sectors = entity.sectors from entity
    where entity.uscc = signal.uscc and signal_id = any(cast(:ids as text[]))
        and (signal.area_code, signal.sectors) <> (entity.area_code, entity.sectors)
""")
OVER = text("""
    update signal set holds = false, is_open = false,
        cleared_on = coalesce(cleared_on, :day), cleared_reason = coalesce(cleared_reason, 'facts'),
        cleared_by = coalesce(cleared_by, 'facts')
    from jsonb_each(cast(:over as jsonb)) as over (signal_id, was_open)
    where signal.signal_id = over.signal_id and signal.is_open = over.was_open::boolean
""")
AGAIN = text("""
    update signal set silent = cast(:silent as boolean), is_open = not cast(:silent as boolean), holds = true,
        cleared_on = null, cleared_reason = null, cleared_by = null,
        raised_on = :day, raised_at = now(), due_on = again.due_on,
        severity = again.severity, measure = again.measure, tail = again.tail::double precision,
        evidence = again.evidence, is_late = false
    from jsonb_to_recordset(cast(:rows as jsonb)) as again (
        signal_id text, due_on date, severity smallint, measure double precision, tail text, evidence text[])
    where signal.signal_id = again.signal_id
        and case when signal.holds then signal.silent else signal.cleared_by = 'facts' end
""")
GROWN = text(f"""
    update signal set severity = grown.severity, measure = grown.measure, updated_at = now(), updates = updates + 1,
        evidence = (signal.evidence || array(
            select new.name from unnest(grown.evidence) with ordinality as new (name, place)
            where new.name <> all (signal.evidence) order by new.place))[1:{MOST_EVIDENCE}]
    from jsonb_to_recordset(cast(:rows as jsonb)) as grown (
        signal_id text, severity smallint, measure double precision, was double precision, evidence text[])
    where signal.signal_id = grown.signal_id and signal.is_open and signal.measure = grown.was
""")
SENSING = text("select sensing from business_day")
_SUPPRESSIONS = text("""
    select family, area_code, uscc, until from suppression
    where ended_at is null and until >= (select day from business_day)
""")
_BOUNDS = text("select family, industry, area_code, bound from peer_bound")


def again_rows(signals: Sequence[SignalRaised]) -> Mapping[str, Any]:
    """Values of `AGAIN`."""
    rows = [
        {
            "signal_id": signal.signal_id,
            "due_on": as_date(signal.due_on_day).isoformat(),
            "severity": signal.severity,
            "measure": signal.measure,
            "tail": str(signal.tail),
            "evidence": signal.evidence,
        }
        for signal in signals
    ]
    return {"rows": json.dumps(rows)}


def grown_rows(signals: Sequence[SignalUpdated]) -> Mapping[str, Any]:
    """Values of `GROWN`."""
    rows = [
        {
            "signal_id": signal.signal_id,
            "severity": signal.severity,
            "measure": signal.measure,
            "was": signal.was,
            "evidence": signal.evidence,
        }
        for signal in signals
    ]
    return {"rows": json.dumps(rows)}


async def read_sensing(connection: Any) -> Sensing:
    """What is suppressed on the business day or later, and the bounds of peers."""
    suppressed = (await connection.execute(_SUPPRESSIONS)).all()
    bounds = (await connection.execute(_BOUNDS)).all()
    return Sensing(
        [Suppression(row.family, row.area_code, row.uscc, as_day(row.until)) for row in suppressed],
        {(row.family, row.industry, row.area_code): row.bound for row in bounds},
    )
