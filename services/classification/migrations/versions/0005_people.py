"""Drafts and who approved them, shadow runs, manual adjustments, objections, and answers by idempotency key."""

from alembic import op

revision = "0005"
down_revision = "0004"

_DRAFTS = (
    """
    create table draft (
        id bigint primary key generated always as identity,
        code text not null,
        text text not null check (length(text) between 1 and 1000000),
        version integer not null check (version >= 1),
        state text not null check (state in ('open', 'submitted', 'approved', 'promoted', 'withdrawn')),
        author text not null check (author <> ''),
        created_at timestamptz not null,
        edited_by text not null check (edited_by <> ''),
        edited_at timestamptz not null,
        submitted_by text check (submitted_by <> ''),
        submitted_at timestamptz,
        definition jsonb,
        sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
        cuts_from text not null default '',
        approved_by text check (approved_by <> ''),
        approved_at timestamptz,
        model_id text unique references model (id),
        offers text not null default '',
        constraint draft_submitted check (
            (state in ('submitted', 'approved', 'promoted')) = (submitted_by is not null)
            and (submitted_by is null) = (definition is null) and (definition is null) = (sha256 is null)
        ),
        constraint draft_approved check ((state in ('approved', 'promoted')) = (approved_by is not null)),
        constraint draft_second_person check (approved_by not in (author, edited_by, submitted_by)),
        constraint draft_promoted check ((state = 'promoted') = (model_id is not null))
    )
    """,
    "create unique index draft_offers on draft (offers) where offers <> ''",
    "comment on column draft.offers is 'The shipped version it offers, with its hash; offered once.'",
    "comment on table draft is 'Versions of models to be, as people write them. None goes live by itself.'",
    "comment on column draft.version is 'Counts the edits: who saves must name the one they read.'",
    "comment on column draft.definition is 'As submitted: with its cuts, which are what was approved.'",
    "alter table model add column approver text not null default ''",
    """
    create table model_event (
        number bigint primary key generated always as identity,
        at timestamptz not null,
        who text not null check (who <> ''),
        what text not null check (what <> ''),
        draft bigint references draft (id),
        model_id text not null default '',
        note text not null
    )
    """,
    "create index model_event_draft on model_event (draft)",
    "create index model_event_model on model_event (model_id) where model_id <> ''",
    "comment on table model_event is 'Who did what to drafts and models, and when. Never changed.'",
    """
    create table rollback (
        number bigint primary key generated always as identity,
        code text not null,
        to_model text not null references model (id),
        from_day date not null,
        reason text not null check (reason <> ''),
        proposed_by text not null check (proposed_by <> ''),
        proposed_at timestamptz not null,
        state text not null default 'proposed' check (state in ('proposed', 'approved', 'refused')),
        decided_by text check (decided_by <> ''),
        decided_at timestamptz,
        refuse_reason text not null default '',
        constraint rollback_decided check ((state = 'proposed') = (decided_by is null)),
        constraint rollback_refused check ((state = 'refused') = (refuse_reason <> '')),
        constraint rollback_second_person check (state <> 'approved' or decided_by <> proposed_by)
    )
    """,
    "create unique index rollback_open on rollback (code) where state = 'proposed'",
    "comment on table rollback is 'Proposals to go back to an earlier version; approved, each is one more promotion.'",
    """
    create function refuse_change() returns trigger language plpgsql as $$
    begin raise exception '% is never changed', tg_table_name using errcode = 'integrity_constraint_violation'; end $$
    """,
    *(
        f"create trigger never_changed before update or delete on {table} for each row execute function refuse_change()"
        for table in ("model", "promotion", "model_event")
    ),
)
_SHADOWS = (
    """
    create table shadow_run (
        number bigint primary key generated always as identity,
        draft bigint not null references draft (id),
        draft_version integer not null check (draft_version >= 1),
        definition jsonb not null,
        sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
        started_at timestamptz not null,
        started_by text not null check (started_by <> ''),
        stopped_at timestamptz,
        stopped_by text check (stopped_by <> ''),
        constraint shadow_run_stopped check ((stopped_at is null) = (stopped_by is null))
    )
    """,
    "create unique index shadow_run_running on shadow_run (draft) where stopped_at is null",
    "comment on table shadow_run is 'A draft as it was when it began to run beside the live models (影子运行).'",
    """
    create table shadow_verdict (
        run bigint not null references shadow_run (number),
        uscc text not null check (length(uscc) = 18),
        profile_version bigint not null,
        decided_at timestamptz not null,
        area_code text not null,
        sectors integer not null,
        live_class smallint not null check (live_class between 0 and 4),
        live_score real not null,
        draft_class smallint not null check (draft_class between 0 and 4),
        draft_score real not null,
        primary key (run, uscc)
    )
    """,
    "comment on table shadow_verdict is 'Newest verdict of each entity in a run; 0 where the model does not judge it.'",
)
_PEOPLE = (
    """
    create table objection (
        number bigint primary key generated always as identity,
        uscc text not null check (length(uscc) = 18),
        record text not null,
        indicators text[] not null check (cardinality(indicators) > 0),
        ground text not null check (ground <> ''),
        evidence text[] not null,
        filed_by text not null check (filed_by <> ''),
        filed_on date not null,
        filed_at timestamptz not null,
        due_on date not null check (due_on >= filed_on),
        state text not null default 'open' check (state in ('open', 'upheld', 'rejected')),
        decided_by text check (decided_by <> ''),
        decided_at timestamptz,
        reason text not null default '',
        must_happen text not null default '',
        rests_until date,
        constraint objection_decided check (
            (state = 'open') = (decided_by is null) and (state = 'open') = (reason = '')
            and (state = 'upheld') = (must_happen <> '') and (state = 'upheld') = (rests_until is not null)
        ),
        constraint objection_second_person check (decided_by <> filed_by)
    )
    """,
    "create index objection_open on objection (due_on, number) where state = 'open'",
    "create index objection_entity on objection (uscc)",
    "comment on table objection is 'What entities object to in their records (异议), and what became of it.'",
    """
    create table intervention (
        id bigint primary key generated always as identity,
        uscc text not null check (length(uscc) = 18),
        kind text not null check (kind in ('manual', 'resting')),
        class text check (class in ('A', 'B', 'C', 'D')),
        indicator text not null,
        objection bigint references objection (number),
        share real,
        reason text not null check (reason <> ''),
        evidence text[] not null,
        expires_on date not null,
        state text not null check (state in ('proposed', 'refused', 'in_force', 'ended')),
        proposed_by text not null check (proposed_by <> ''),
        proposed_at timestamptz not null,
        decided_by text check (decided_by <> ''),
        decided_at timestamptz,
        refuse_reason text not null default '',
        ended_by text check (ended_by <> ''),
        ended_at timestamptz,
        end_reason text not null default '',
        moved_in bigint not null,
        constraint intervention_kind check (
            (kind = 'manual') = (class is not null) and (kind = 'resting') = (indicator <> '')
            and (kind = 'resting') = (objection is not null) and (share is null or kind = 'resting')
        ),
        constraint intervention_refused check ((state = 'refused') = (refuse_reason <> '')),
        constraint intervention_decided check (
            case kind when 'manual' then (state = 'proposed') = (decided_by is null)
            else state in ('in_force', 'ended') and decided_by is null end
        ),
        constraint intervention_second_person check (state = 'refused' or decided_by <> proposed_by),
        constraint intervention_ended check (
            (state = 'ended') = (ended_by is not null) and (ended_by is null) = (end_reason = '')
        )
    )
    """,
    "create unique index intervention_manual on intervention (uscc) where kind = 'manual' and state = 'in_force'",
    """
    create unique index intervention_resting on intervention (objection, indicator)
        where kind = 'resting' and state = 'in_force'
    """,
    "create index intervention_moved on intervention (moved_in)",
    "create index intervention_in_force on intervention (expires_on) where state = 'in_force'",
    "create index intervention_entity on intervention (uscc)",
    "create index intervention_objection on intervention (objection)",
    "comment on table intervention is 'What people decided about a class: 人工调整, and items that rest.'",
    "comment on column intervention.share is 'Of an item, what is its record''s; null where the whole item rests.'",
    "comment on column intervention.moved_in is 'Generation of `standing` that first knows it as it is.'",
    """
    create function refuse_rewriting() returns trigger language plpgsql as $$
    begin
        if tg_op = 'DELETE' or old.state in ('refused', 'ended', 'upheld', 'rejected')
            or to_jsonb(new) - tg_argv::text[] <> to_jsonb(old) - tg_argv::text[] then
            raise exception '% is not rewritten', tg_table_name using errcode = 'integrity_constraint_violation';
        end if;
        return new;
    end $$
    """,
    """
    create trigger said_once before update or delete on intervention for each row execute function refuse_rewriting(
        'state', 'expires_on', 'decided_by', 'decided_at', 'refuse_reason', 'ended_by', 'ended_at', 'end_reason',
        'moved_in')
    """,
    """
    create trigger said_once before update or delete on objection for each row execute function refuse_rewriting(
        'state', 'decided_by', 'decided_at', 'reason', 'must_happen', 'rests_until')
    """,
    """
    create table idempotent_answer (
        caller text not null,
        key text not null,
        fingerprint bytea not null,
        status smallint not null,
        body bytea not null,
        stored_at timestamptz not null default now(),
        primary key (caller, key)
    )
    """,
    "create index idempotent_answer_stored_at on idempotent_answer (stored_at)",
)


def upgrade() -> None:
    """What was decided stays as it is."""
    for statement in (*_DRAFTS, *_SHADOWS, *_PEOPLE):
        op.execute(statement)


def downgrade() -> None:
    """Never: who decided what is not thrown away."""
    raise NotImplementedError("decisions name interventions that only these tables know")
