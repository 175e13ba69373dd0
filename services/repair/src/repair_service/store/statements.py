"""The SQL of the unit of work: each statement takes a whole batch."""

from sqlalchemy import text

_STANDING = """record.record_id, record.uscc, record.kind,
    record.decided_on, record.published_on, record.occurred_at, record.recorded_at,
    record.stop_reason, record.stopped_on, record.stop_cause, record.stop_recorded_at, record.stop_citation"""

_RUN_LOCK = "hashtextextended('repair/daily-run', 0)"

BESIDE_NO_RUN = text(f"select pg_advisory_xact_lock_shared({_RUN_LOCK})")
ALONE = text(f"select pg_advisory_xact_lock({_RUN_LOCK})")

LOCK = text(f"""
    select {_STANDING} from record
    where uscc = any(cast(:entities as text[])) or record_id = any(cast(:records as text[]))
    order by record_id for update
""")

RESTATE = text("""
    update record set stop_reason = row.stop_reason, stopped_on = row.stopped_on,
        stop_cause = row.stop_cause, stop_recorded_at = row.stop_recorded_at, stop_citation = row.stop_citation,
        stop_notice_due = case when record.stop_reason is null then row.notice_due else record.stop_notice_due end
    from unnest(cast(:record_ids as text[]), cast(:reasons as text[]), cast(:days as date[]), cast(:causes as text[]),
        cast(:instants as timestamptz[]), cast(:citations as text[]), cast(:notices_due as boolean[]))
        as row (record_id, stop_reason, stopped_on, stop_cause, stop_recorded_at, stop_citation, notice_due)
    where record.record_id = row.record_id
""")

STOP_EXPIRED = text(f"""
    with due as materialized (
        select record_id from record where stop_reason is null and stops_on <= cast(:day as date)
        order by record_id limit :limit for update
    )
    update record set stop_reason = 'expired', stopped_on = record.stops_on,
        stop_cause = '', stop_recorded_at = cast(:recorded_at as timestamptz), stop_citation = record.citation,
        stop_notice_due = record.stops_on > record.published_on
    from due where record.record_id = due.record_id
    returning {_STANDING}
""")

ORDERS = text("""
    select order_id, uscc, target, kind, reason, ordered_on, ordered_at, recorded_at, superseding
    from stop_order where uscc = any(cast(:entities as text[])) or target = any(cast(:records as text[]))
    order by order_id
""")

DESCRIBE = text("""
    insert into entity (uscc, version, name, area_code)
    select said.* from unnest(cast(:usccs as text[]), cast(:versions as bigint[]), cast(:names as text[]),
        cast(:areas as text[])) as said (uscc, version, name, area_code)
    left join entity on entity.uscc = said.uscc
    where entity.uscc is null or entity.version < said.version
        and (entity.name, entity.area_code) is distinct from (said.name, said.area_code)
    order by said.uscc
    on conflict (uscc) do update set version = excluded.version, name = excluded.name, area_code = excluded.area_code
    where entity.version < excluded.version
""")

COUNT_RUN = text("""
    insert into daily_run (day, calls, penalties, abnormal_listings, serious_listings)
    values (:day, 1, :penalty, :abnormal_listing, :serious_listing)
    on conflict (day) do update set calls = daily_run.calls + 1,
        penalties = daily_run.penalties + excluded.penalties,
        abnormal_listings = daily_run.abnormal_listings + excluded.abnormal_listings,
        serious_listings = daily_run.serious_listings + excluded.serious_listings
""")
