"""Accounts, sessions, known browsers, failed logins, the access log."""

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    """
create table account (
    username text primary key check (username ~ '^[a-z0-9][a-z0-9._-]{1,63}$'),
    subject text not null unique check (subject <> ''),
    display_name text not null check (display_name <> ''),
    role text not null,
    area text,
    entity text,
    platform text,
    source text,
    password_hash text not null check (password_hash like '$argon2id$%'),
    disabled boolean not null default false,
    created_at timestamptz not null,
    password_set_at timestamptz not null,
    check ((entity is not null) = (role = 'enterprise')),
    check ((platform is not null) = (role = 'platform')),
    check ((source is not null) = (role = 'source_system')),
    check ((area is null) = (role in ('enterprise', 'platform', 'source_system')))
)""",
    "comment on table account is 'Built-in accounts; none are used where an OIDC issuer is configured.'",
    """
create table session (
    id_hash bytea primary key check (length(id_hash) = 32),
    username text not null,
    subject text not null,
    display_name text not null,
    role text not null,
    area text,
    entity text,
    platform text,
    source text,
    address text not null,
    locked_tokens text,
    began_at timestamptz not null,
    seen_at timestamptz not null,
    ended_at timestamptz,
    end_reason text check (end_reason in ('logout', 'password', 'disabled', 'changed', 'issuer')),
    check (seen_at >= began_at),
    check ((ended_at is null) = (end_reason is null)),
    check (ended_at is null or locked_tokens is null)
)""",
    "create index session_of_person on session (username) where ended_at is null",
    "create index session_by_age on session (seen_at)",
    "comment on column session.id_hash is 'SHA-256 of the cookie, which is kept nowhere.'",
    "comment on column session.locked_tokens is 'An issuer''s tokens, encrypted with a key made of the cookie.'",
    """
create table device (
    id_hash bytea primary key check (length(id_hash) = 32),
    username text not null,
    seen_at timestamptz not null
)""",
    "comment on table device is 'Browsers that have opened an account, told apart when logins are throttled.'",
    """
create table login_failure (
    key text primary key,
    count integer not null check (count >= 0),
    last_at timestamptz not null
)""",
    "create index login_failure_by_age on login_failure (last_at)",
    """
create table access_entry (
    number bigint generated always as identity primary key,
    at timestamptz not null,
    username text not null,
    subject text not null,
    role text not null,
    area text,
    address text not null,
    method text not null,
    service text not null,
    path text not null,
    query text not null,
    entity text,
    status integer,
    duration_ms integer not null check (duration_ms >= 0)
)""",
    "create index access_of_person on access_entry (username, number desc)",
    "create index access_of_role on access_entry (role, number desc)",
    "create index access_of_entity on access_entry (entity, number desc) where entity is not null",
    "create index access_by_time on access_entry (at)",
    "comment on table access_entry is 'Who read or changed what through the console; never changed.'",
    """
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'the access log is not changed';
end $$""",
    """
create trigger access_entry_stays before update or delete on access_entry
for each statement execute function refuse_change()""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
