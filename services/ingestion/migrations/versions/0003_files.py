"""Mappings of sources' files, the files, and the jobs that check and load them."""

from typing import Any

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = """
create table mapping (
    source_id integer not null references source (id),
    name text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
    version integer not null check (version > 0),
    body bytea not null,
    created_by text not null,
    created_at timestamptz not null default now(),
    primary key (source_id, name, version)
);
comment on table mapping is 'How a source''s files become facts. A change is a new version; none is changed.';
comment on column mapping.body is 'The mapping as JSON.';

create table file (
    id uuid primary key,
    source_id integer not null references source (id),
    mapping text not null,
    name text not null,
    size bigint not null check (size > 0),
    sha256 bytea check (length(sha256) = 32),
    state text not null default 'receiving' check (state in ('receiving', 'complete', 'deleted')),
    created_by text not null,
    created_at timestamptz not null default now(),
    check (state <> 'complete' or sha256 is not null)
);
create index file_of_source on file (source_id, created_at);
comment on table file is 'Files announced. How much of one is there, only its length on disk says.';

create table file_job (
    id bigint generated always as identity primary key,
    file_id uuid not null references file (id),
    kind text not null check (kind in ('check', 'load')),
    mapping_version integer not null,
    every_row boolean not null,
    by text not null,
    state text not null default 'waiting'
        check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
    cancel_asked boolean not null default false,
    owner text,
    alive_at timestamptz,
    begun_at timestamptz,
    begun_rows bigint not null default 0,
    ended_at timestamptz,
    position bigint not null default 0,
    share double precision not null default 0 check (share between 0 and 1),
    accepted bigint not null default 0,
    duplicate bigint not null default 0,
    quarantined bigint not null default 0,
    rejected bigint not null default 0,
    reasons bytea not null default '{}',
    listing_bytes bigint not null default 0,
    listed bigint not null default 0,
    problem bytea,
    created_at timestamptz not null default now(),
    check ((state in ('done', 'failed', 'cancelled')) = (ended_at is not null)),
    check ((state = 'failed') = (problem is not null)),
    check (state <> 'running' or (owner is not null and alive_at is not null))
);
create unique index file_job_at_work on file_job (file_id) where state in ('waiting', 'running');
create index file_job_open on file_job (id) where state in ('waiting', 'running');
create index file_job_of_file on file_job (file_id, id);
comment on table file_job is 'Checks and loads. A running one whose owner was not alive for a while is taken over.';
comment on column file_job.position is 'The last row done with; moves in the transaction that records the rows.';
comment on column file_job.listing_bytes is 'How much of the listing on disk belongs to rows up to position.';
"""


def upgrade() -> None:
    """Each statement as it stands: the driver takes one at a time."""
    connection = op.get_bind()
    for statement in TABLES.split(";\n"):
        if statement.strip():
            connection.exec_driver_sql(statement)


def downgrade() -> Any:
    raise NotImplementedError("files are not taken back")
