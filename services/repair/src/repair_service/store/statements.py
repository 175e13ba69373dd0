"""The SQL of the unit of work: each statement takes a whole batch."""

_STANDING = """record.record_id, record.uscc, record.kind,
    coalesce(record.published_on, record.decided_on) as starts_on, record.occurred_at, record.recorded_at,
    record.stop_reason, record.stopped_on, record.stop_cause, record.stop_recorded_at, record.stop_citation"""

_RUN_LOCK = "hashtextextended('repair/daily-run', 0)"

BESIDE_NO_RUN = f"select pg_advisory_xact_lock_shared({_RUN_LOCK})"
ALONE = f"select pg_advisory_xact_lock({_RUN_LOCK})"

LOCK = f"""
    select {_STANDING} from record
    where uscc = any(cast(:entities as text[])) order by record_id for update
"""

ADD_RECORDS = """
    insert into record (record_id, uscc, kind, tier, rule, citation, conditions, decided_on, published_on, apply_from,
        stops_on, document_number, authority, penalty_kinds, fine_fen, confiscated_fen, grade, key_field, violation,
        reason, restriction_until, occurred_at, recorded_at, notice_id, stop_id, stop_reason, stopped_on, stop_cause,
        stop_recorded_at, stop_citation)
    select * from jsonb_to_recordset(cast(:rows as jsonb)) as row (record_id text, uscc text, kind text, tier text,
        rule text, citation text, conditions text[], decided_on date, published_on date, apply_from date,
        stops_on date, document_number text, authority text, penalty_kinds text[], fine_fen bigint,
        confiscated_fen bigint, grade text, key_field text, violation text, reason text, restriction_until date,
        occurred_at timestamptz, recorded_at timestamptz, notice_id text, stop_id text, stop_reason text,
        stopped_on date, stop_cause text, stop_recorded_at timestamptz, stop_citation text)
    order by record_id
"""

RESTATE = """
    update record set stop_id = row.stop_id, stop_reason = row.stop_reason, stopped_on = row.stopped_on,
        stop_cause = row.stop_cause, stop_recorded_at = row.stop_recorded_at, stop_citation = row.stop_citation
    from jsonb_to_recordset(cast(:rows as jsonb)) as row (record_id text, stop_id text, stop_reason text,
        stopped_on date, stop_cause text, stop_recorded_at timestamptz, stop_citation text)
    where record.record_id = row.record_id
"""

STOP_EXPIRED = f"""
    with due as materialized (
        select record_id from record where stop_reason is null and stops_on <= cast(:day as date)
        order by record_id limit :limit for update
    )
    update record set stop_id = record.record_id || '|stop-1', stop_reason = 'expired', stopped_on = record.stops_on,
        stop_cause = '', stop_recorded_at = cast(:recorded_at as timestamptz), stop_citation = record.citation
    from due where record.record_id = due.record_id
    returning {_STANDING}
"""

ORDERS = """
    select order_id, uscc, target, kind, reason, ordered_on, ordered_at, recorded_at from stop_order
    where uscc = any(cast(:entities as text[])) order by order_id
"""

ADD_ORDERS = """
    insert into stop_order (order_id, uscc, target, kind, reason, ordered_on, ordered_at, recorded_at)
    select * from jsonb_to_recordset(cast(:rows as jsonb)) as row (order_id text, uscc text, target text, kind text,
        reason text, ordered_on date, ordered_at timestamptz, recorded_at timestamptz)
    order by order_id
"""

DESCRIBE = """
    insert into entity (uscc, version, name, entity_type, status, area_code)
    select * from unnest(cast(:usccs as text[]), cast(:versions as bigint[]), cast(:names as text[]),
        cast(:types as text[]), cast(:statuses as text[]), cast(:areas as text[]))
    on conflict (uscc) do update set version = excluded.version, name = excluded.name,
        entity_type = excluded.entity_type, status = excluded.status, area_code = excluded.area_code
    where entity.version < excluded.version
"""

COUNT_RUN = """
    insert into daily_run (day, calls, penalties, abnormal_listings, serious_listings)
    values (:day, 1, :penalty, :abnormal_listing, :serious_listing)
    on conflict (day) do update set calls = daily_run.calls + 1,
        penalties = daily_run.penalties + excluded.penalties,
        abnormal_listings = daily_run.abnormal_listings + excluded.abnormal_listings,
        serious_listings = daily_run.serious_listings + excluded.serious_listings
"""
