"""Profiles by the full catalogue: values as bytes, the day of the next look, further particulars, counted relations."""

from alembic import op

revision = "0002"
down_revision = "0001"

_STATEMENTS = (
    """
    alter table entity
        add column told bytea not null default '',
        add column catalogue_version integer not null default 0,
        add column next_look integer not null default 0,
        add column contact_ref text not null default '',
        add column agent_ref text not null default '',
        add column head_uscc text not null default '',
        add column inferred_industry text not null default '',
        add column scope_sectors integer not null default 0,
        add column address_key text not null default '',
        add column sectors integer not null default 0,
        add column is_risky boolean not null default false,
        drop column indicator_values
    """,
    """
    update entity set clocks = clocks || decode(repeat('0000000000000080', 5), 'hex'), address_key = address
    """,
    """
    alter table entity alter column told drop default, alter column catalogue_version drop default,
        alter column next_look drop default, alter column contact_ref drop default,
        alter column agent_ref drop default, alter column head_uscc drop default,
        alter column inferred_industry drop default, alter column scope_sectors drop default,
        alter column address_key drop default, alter column sectors drop default, alter column is_risky drop default
    """,
    "comment on column entity.clocks is 'When each particular was so: little-endian int64, see model.entities.FIELDS.'",
    "comment on column entity.told is 'Indicator values last told: those not zero, see vocabulary.sparse_values.'",
    "comment on column entity.catalogue_version is 'The catalogue that orders them; of another, they are told anew.'",
    "comment on column entity.next_look is 'First day on which the calendar may change them, days since 1970-01-01.'",
    "comment on column entity.address_key is 'The address as it is compared with others.'",
    "comment on column entity.sectors is 'Bits of sectors, by industry and business scope.'",
    "comment on column entity.is_risky is 'Counts as risky for those related to it.'",
    "alter table fact drop constraint fact_type_check, drop constraint fact_features_check",
    "alter table fact add constraint fact_type_check check (type between 1 and 255)",
    """
    create table holding (
        uscc text collate "C" not null,
        number integer not null,
        holder_ref text not null,
        is_held boolean not null default true,
        primary key (uscc, number)
    )
    """,
    "create index holding_of_holder on holding using hash (holder_ref) where is_held",
    "comment on table holding is 'Stakes by number of their fact: a shareholder as named, or an entity by its code.'",
    "create index entity_by_person on entity using hash (legal_person_ref) where legal_person_ref <> ''",
    "create index entity_by_address on entity using hash (address_key) where address_key <> ''",
    "create index entity_by_contact on entity using hash (contact_ref) where contact_ref <> ''",
    "create index entity_by_agent on entity using hash (agent_ref) where agent_ref <> ''",
    "create index entity_by_head on entity using hash (head_uscc) where head_uscc <> ''",
    "drop table relation",
    """
    create table relation (
        kind smallint not null check (kind between 1 and 6),
        ref text not null,
        entities integer not null check (entities > 0),
        risky integer not null,
        revoked integer not null,
        primary key (kind, ref)
    )
    """,
    """
    comment on table relation is
        'Groups by the last daily run: 1 legal representative, 2 address, 3 contact, 4 agent, 5 head, 6 holder.'
    """,
    """
    create table related (
        uscc text collate "C" primary key,
        counts real[] not null
    )
    """,
    "comment on table related is 'Relations of entities that have any, by the last daily run: model.relations.COUNTS.'",
    """
    create table related_before (
        uscc text collate "C" not null,
        decided_at timestamptz not null,
        counts real[] not null,
        primary key (uscc, decided_at)
    )
    """,
    "comment on table related_before is 'What related became and when; empty counts: none any more. Never changed.'",
    'create table due (uscc text collate "C" primary key)',
    "comment on table due is 'Entities the daily run at work has to look at.'",
    """
    create table business_day_before (
        day date primary key,
        begun_at timestamptz not null
    )
    """,
    "comment on table business_day_before is 'When each business day began. Never changed.'",
    "insert into business_day_before select day, '-infinity' from business_day",
    """
    create table rule_data (
        one boolean primary key default true check (one),
        forms_sha256 text not null,
        rules_sha256 text not null
    )
    """,
    "comment on table rule_data is 'By which forms features were made, and by which rules looks were set.'",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("values told by the full catalogue cannot be told by the first")
