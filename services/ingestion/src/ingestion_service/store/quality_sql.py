"""Statements that compute the figures of quality of one day from the ledger."""

from sqlalchemy import text

from ingestion_service.model.fact import FACT_TYPES, LISTING_ENTERED, PENALTY_IMPOSED
from ingestion_service.model.quality import Contradiction


def _number(name: str) -> int:
    known = FACT_TYPES.get(f"creditloop.{name}.v1")
    return -2 if known is None else known.number


RECORDED = _number("registration.recorded")
CANCELLED = _number("registration.cancelled")
RESTORED = _number("registration.restored")
ANNULLED = _number("penalty.annulled")
REMOVED = _number("listing.removed")
FILED = _number("annual-report.filed")
MISSED = _number("annual-report.missed")
OF_THE_LIVING = ", ".join(
    str(_number(name))
    for name in ("registration.changed", "annual-report.filed", "inspection.completed", "suspension.declared")
)

CAME = text(
    """
    create temp table came on commit drop as
    select fact.source_id, fact.type, fact.fact_id, fact.uscc, fact.standing, fact.occurred_at,
           coalesce(quarantine.received_at, fact.recorded_at) as received_at, quarantine.id is null as as_it_came
    from fact left join quarantine
         on quarantine.source_id = fact.source_id and quarantine.fact_id = fact.fact_id
    where fact.recorded_at >= '{start}' and fact.recorded_at < '{stop}'
      and coalesce(quarantine.received_at, fact.recorded_at) >= '{start}'
    union all
    select fact.source_id, fact.type, fact.fact_id, fact.uscc, fact.standing, fact.occurred_at,
           quarantine.received_at, false
    from quarantine join fact on fact.source_id = quarantine.source_id and fact.fact_id = quarantine.fact_id
    where quarantine.received_at >= '{start}' and quarantine.received_at < '{stop}' and fact.recorded_at >= '{stop}'
""".replace("'{start}'", "cast(:start as timestamptz)").replace("'{stop}'", "cast(:stop as timestamptz)")
)
ANALYSE = text("analyze came")
MEASURE = text("""
    with measured as (
        select source_id, case when grouping(type) = 1 then -1 else type end as type, count(*) as received,
               count(*) filter (where as_it_came) as accepted, count(*) filter (where standing = 1) as usable,
               count(occurred_at) as dated,
               count(*) filter (where received_at - occurred_at <= cast(:timely as interval)) as timely,
               percentile_cont(array[0.5, 0.95]) within group (
                   order by extract(epoch from received_at - occurred_at)) as lags
        from came group by grouping sets ((source_id, type), (source_id))),
    repeated as (
        select source_id, case when grouping(type) = 1 then -1 else type end as type, sum(facts) as duplicates
        from repeated_fact where recorded_at >= :start and recorded_at < :stop
        group by grouping sets ((source_id, type), (source_id)))
    insert into quality_day (day, source_id, type, received, duplicates, accepted, usable, dated, timely,
                             lag_median_s, lag_p95_s)
    select cast(:day as date), source_id, type, coalesce(received, 0), coalesce(duplicates, 0), coalesce(accepted, 0),
           coalesce(usable, 0), coalesce(dated, 0), coalesce(timely, 0), round(lags[1]), round(lags[2])
    from measured full join repeated using (source_id, type)
""")
SAMPLE = text("""
    select source_id, came.type, payload from (
        select source_id, type, fact_id,
               row_number() over (partition by source_id, type order by hashtext(fact_id), fact_id) as place
        from came where standing = 1) as came join fact using (source_id, fact_id)
    where place <= :most and payload is not null
""")
COMPLETE = text("""
    update quality_day set examined = given.examined, members = given.members, filled = given.filled
    from unnest(cast(:source_ids as integer[]), cast(:types as smallint[]), cast(:examined as integer[]),
                cast(:members as integer[]), cast(:filled as integer[]))
         as given (source_id, type, examined, members, filled)
    where day = cast(:day as date) and quality_day.source_id = given.source_id and quality_day.type = given.type
""")
CONTRADICTED = text("""
    create temp table contradicted (source_id integer, type smallint, fact_id text, what text) on commit drop
""")
FOUND_IN_SQL = [
    text(f"""
        insert into contradicted select source_id, type, fact_id, '{Contradiction.LISTING_UNKNOWN}' from came
        where standing = 1 and type = {REMOVED}
          and not exists (select from fact where fact.uscc = came.uscc and fact.standing = 1
                          and fact.type = {LISTING_ENTERED})
    """),
    text(f"""
        with unknown as materialized (
            select source_id, type, fact_id, uscc from came
            where standing = 1 and type <> {RECORDED}
              and not exists (select from fact where fact.uscc = came.uscc and fact.standing = 1
                              and fact.type = {RECORDED}))
        insert into contradicted select source_id, type, fact_id, '{Contradiction.UNREGISTERED}' from unknown
        where not exists (
            with recursive earlier (code) as (
                select old_code from code_alias where code_alias.uscc = unknown.uscc
                union
                select old_code from earlier join code_alias on code_alias.uscc = earlier.code)
            select from earlier join fact on fact.uscc = earlier.code
            where fact.standing = 1 and fact.type = {RECORDED})
    """),
    text(f"""
        insert into contradicted select source_id, type, fact_id, '{Contradiction.AFTER_CANCELLATION}' from came
        where standing = 1 and type in ({OF_THE_LIVING})
          and exists (select from fact as ended
                      where ended.uscc = came.uscc and ended.standing = 1 and ended.type = {CANCELLED}
                        and ended.occurred_at < came.occurred_at
                        and not exists (select from fact as again
                                        where again.uscc = came.uscc and again.standing = 1
                                          and again.type in ({RECORDED}, {RESTORED})
                                          and again.occurred_at >= ended.occurred_at
                                          and again.occurred_at <= came.occurred_at))
    """),
]
ANNULMENTS = text(f"""
    select source_id, came.type, fact_id, payload from came join fact using (source_id, fact_id)
    where came.standing = 1 and came.type = {ANNULLED}
""")
PENALTY_UNKNOWN = text(f"""
    insert into contradicted
    select given.source_id, {ANNULLED}, given.fact_id, '{Contradiction.PENALTY_UNKNOWN}'
    from unnest(cast(:source_ids as integer[]), cast(:fact_ids as text[]), cast(:penalties as text[]))
         as given (source_id, fact_id, penalty)
    where not exists (select from fact where fact.source_id = given.source_id and fact.fact_id = given.penalty
                      and fact.type = {PENALTY_IMPOSED})
""")
REPORTS = text(f"""
    select came.source_id, came.type, came.fact_id, own.payload, other.payload as other
    from came join fact as own using (source_id, fact_id)
    join fact as other on other.uscc = came.uscc and other.standing = 1
         and other.type = case came.type when {FILED} then {MISSED} else {FILED} end
    where came.standing = 1 and came.type in ({FILED}, {MISSED})
""")
FILED_AND_MISSED = text(f"""
    insert into contradicted
    select distinct given.source_id, given.type, given.fact_id, '{Contradiction.FILED_AND_MISSED}'
    from unnest(cast(:source_ids as integer[]), cast(:types as smallint[]), cast(:fact_ids as text[]))
         as given (source_id, type, fact_id)
""")
CONTRADICT = text("""
    with counted as (
        select source_id, case when grouping(type) = 1 then -1 else type end as type, what, count(*) as facts
        from contradicted group by grouping sets ((source_id, type, what), (source_id, what))),
    together as (
        select source_id, case when grouping(type) = 1 then -1 else type end as type,
               count(distinct fact_id) as facts
        from contradicted group by grouping sets ((source_id, type), (source_id)))
    update quality_day set contradicting = together.facts,
        contradictions = (select jsonb_object_agg(what, counted.facts) from counted
                          where counted.source_id = together.source_id and counted.type = together.type)
    from together
    where day = cast(:day as date) and quality_day.source_id = together.source_id
      and quality_day.type = together.type
""")
