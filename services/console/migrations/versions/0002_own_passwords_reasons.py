"""Passwords that were given must be changed; changes of accounts stand in the access log with their reason."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    "alter table account add column must_change boolean not null default false",
    "comment on column account.must_change is 'The password was given by somebody else, for one login.'",
    "alter table session add column must_change boolean not null default false",
    "alter table access_entry add column reason text check (reason <> '')",
    "comment on column access_entry.reason is 'Why an account was changed, as whoever changed it says.'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
