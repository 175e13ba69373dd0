"""All decisions read in one way, wherever they were made; what a run or a snapshot was is never changed."""

from alembic import op

revision = "0007"
down_revision = "0006"

_ROW = """
    select uscc, number, decided_at, business_day, recorded_at, profile_version, model_id, sparse_values,
        catalogue_version, indicator_values, points, score, class, score_class, override_code, flags, cause,
        previous_class, sectors, set_code, established_on, status, interventions, null::bigint as run_id
    from decision
"""
_OF_BLOCK = """
    select {uscc}, {number}, block.decided_at, block.business_day, {recorded_at}, {profile_version},
        block.models[{model} + 1], substr(block.packed, {start} + 1, {size}), block.catalogue_version,
        null::real[], null::real[], {score}, {class}, {score_class}, block.overrides[{override} + 1], {flags},
        'monthly-run|' || to_char(block.business_day, 'YYYY-MM-DD'), {previous_class}, {sectors}, block.set_code,
        nullif({established_on}, '-infinity'), block.statuses[{status} + 1], '', block.run_id
"""
_ARRAYS = {
    "uscc": "usccs",
    "number": "numbers",
    "recorded_at": "recorded_at",
    "profile_version": "profile_versions",
    "model": "model",
    "start": "starts",
    "size": "sizes",
    "score": "scores",
    "override": "override",
    "flags": "flags",
    "sectors": "sectors",
    "established_on": "established_on",
    "status": "status",
    "is_decided": "is_decided",
}
_TEXTS = {"class": "classes", "score_class": "score_classes", "previous_class": "previous_classes"}
_EACH = {name: f"kept.{name}" for name in (*_ARRAYS, *_TEXTS)}
_UNPACKED = f"""
    {_OF_BLOCK.format(**_EACH)}
    from monthly_block block cross join lateral unnest(
        {", ".join(f"block.{array}" for array in _ARRAYS.values())},
        {", ".join(f"string_to_array(block.{letters}, null)" for letters in _TEXTS.values())}
    ) as kept ({", ".join((*_ARRAYS, *_TEXTS))})
    where kept.is_decided
"""
_AT_PLACE = {name: f"block.{array}[place]" for name, array in _ARRAYS.items()} | {
    name: f"substr(block.{letters}, place, 1)" for name, letters in _TEXTS.items()
}
_BLOCKS_OF = """
    from monthly_run run
    cross join lateral (
        select * from monthly_block where run_id = run.id and first_uscc <= code order by first_uscc desc limit 1
    ) block
    cross join lateral (select array_position(block.usccs, code) as place offset 0) found
"""
_READING = (
    f"create view decided as {_ROW} union all {_UNPACKED}",
    """
    comment on view decided is
        'All decisions, of events and of runs; those of runs have no points, which follow from values and models.'
    """,
    f"""
    create function decisions_of(code text) returns setof decided language sql stable as $$
        {_ROW} where uscc = code
        union all {_OF_BLOCK.format(**_AT_PLACE)} {_BLOCKS_OF} where block.is_decided[place]
    $$
    """,
    "comment on function decisions_of is 'All decisions on one entity: of each run, only its block is looked into.'",
    f"""
    create function decisions_between(after text, up_to text) returns setof decided language sql stable as $$
        {_ROW} where uscc > after and uscc <= up_to
        union all {_UNPACKED} and block.first_uscc <= up_to and block.last_uscc > after
            and kept.uscc > after and kept.uscc <= up_to
    $$
    """,
    """
    create function standing_on(day date)
    returns table (uscc text, number integer, score real, class text, flags smallint, model_id text)
    language sql stable as $$
        with base as (
            select run.id, run.business_day, run.begun_at from monthly_run run
            where run.ended_at is not null and run.business_day <= day order by run.business_day desc limit 1
        ),
        kept as materialized (
            select one.uscc, one.number, one.score, one.class, one.flags, block.models[one.model + 1] as model_id,
                one.of_day <= base.business_day as holds
            from base join monthly_block block on block.run_id = base.id cross join lateral unnest(
                block.usccs, block.numbers, block.scores, string_to_array(block.classes, null), block.flags,
                block.model, block.of_days
            ) as one (uscc, number, score, class, flags, model, of_day)
        ),
        since as (
            select each.uscc, each.number, each.score, each.class, each.flags, each.model_id from decided each
            where each.business_day <= day and coalesce(each.run_id, 0) is distinct from (select id from base)
                and each.decided_at >= coalesce((select begun_at - interval '1 hour' from base), '-infinity')
            union all
            select each.uscc, each.number, each.score, each.class, each.flags, each.model_id
            from kept cross join lateral decisions_of(kept.uscc) each
            where not kept.holds and each.business_day <= day
        ),
        newest as materialized (
            select distinct on (since.uscc) since.* from since order by since.uscc, since.number desc
        )
        select newest.* from newest where not exists (
            select from kept where kept.uscc = newest.uscc and kept.holds and kept.number >= newest.number
        )
        union all
        select kept.uscc, kept.number, kept.score, kept.class, kept.flags, kept.model_id from kept
        where kept.holds and not exists (
            select from newest where newest.uscc = kept.uscc and newest.number > kept.number
        )
    $$
    """,
    """
    comment on function standing_on is
        'Who was classed how at the end of a business day: as the last run left them, and what was decided since. '
        'The hour is for clocks that differ, and for what was decided before a run began and committed after.'
    """,
)
_NEVER_CHANGED = (
    *(
        f"create trigger never_changed before update or delete on {table} for each row execute function refuse_change()"
        for table in ("decision", "monthly_block", "what_if")
    ),
    *(
        f"create trigger never_changed before update or delete on {table} for each row when ({over}) "
        "execute function refuse_change()"
        for table, over in {
            "monthly_run": "old.ended_at is not null",
            "monthly_stretch": "old.is_done",
        }.items()
    ),
    "create trigger never_deleted before delete on snapshot for each row execute function refuse_change()",
    """
    create trigger never_changed before update on snapshot for each row
        when (old.is_complete and to_jsonb(old) - 'deleted_at' is distinct from to_jsonb(new) - 'deleted_at')
        execute function refuse_change()
    """,
)


def upgrade() -> None:
    """Nothing of what is there moves."""
    for statement in (*_READING, *_NEVER_CHANGED):
        op.execute(statement)


def downgrade() -> None:
    """Never: nothing of what was decided may be changed again."""
    raise NotImplementedError("what was decided is never changed")
