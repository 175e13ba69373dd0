"""Relations of the whole city, counted set by set.

Groups first: what entities have in common, with how many of them there are, are risky, are revoked. Then each entity
that is in any group gets its counts; what differs from the run before is kept with the time, and those are due.
"""

from sqlalchemy import text

from profiling_service.model.entities import EntityStatus
from profiling_service.model.relations import MOST_COUNTED, MOST_IN_COMMON, YOUNG_DAYS

_CANCELLED, _REVOKED = int(EntityStatus.CANCELLED), int(EntityStatus.REVOKED)
_KINDS = (
    (1, "legal_person_ref", 2),
    (2, "address_key", 2),
    (3, "contact_ref", 2),
    (4, "agent_ref", 2),
    (5, "head_uscc", 1),
)
_GROUPS = tuple(
    f"""
    insert into relation (kind, ref, entities, risky, revoked)
    select {kind}, {column}, count(*), count(*) filter (where is_risky), count(*) filter (where status = {_REVOKED})
    from entity where {column} <> '' and status <> {_CANCELLED} group by {column} having count(*) >= {fewest}
    """
    for kind, column, fewest in _KINDS
)
_HOLDERS = f"""
    insert into relation (kind, ref, entities, risky, revoked)
    select 6, holder_ref, count(distinct e.uscc), count(distinct e.uscc) filter (where e.is_risky),
        count(distinct e.uscc) filter (where e.status = {_REVOKED})
    from holding join entity e on e.uscc = holding.uscc and e.status <> {_CANCELLED}
    where holding.is_held group by holder_ref
"""
_YOUNG = f"""
    create temp table young on commit drop as
    select uscc, near - 1 as others from (
        select e.uscc, count(*) over (
            partition by e.address_key order by e.established_on
            range between interval '{YOUNG_DAYS} days' preceding and interval '{YOUNG_DAYS} days' following) as near
        from relation place join entity e on e.address_key = place.ref
        where place.kind = 2 and e.established_on is not null and e.status <> {_CANCELLED}
    ) counted where near > 1
"""
_RISKY = f"""
    create temp table risky on commit drop as
    select uscc, legal_person_ref, address_key, contact_ref, head_uscc from entity
    where is_risky and status <> {_CANCELLED}
"""


def _in_common(kind: int, column: str) -> str:
    return f"""
        select e.uscc, risky.uscc as other from risky
        join relation common on common.kind = {kind} and common.ref = risky.{column}
            and common.entities between 2 and {MOST_IN_COMMON}
        join entity e on e.{column} = risky.{column} and e.uscc <> risky.uscc and e.status <> {_CANCELLED}
    """


_RISKY_RELATED = f"""
    create temp table risky_related on commit drop as
    select uscc, count(*) as others from (
        {_in_common(1, "legal_person_ref")} union {_in_common(2, "address_key")} union {_in_common(3, "contact_ref")}
        union select e.uscc, risky.uscc from risky join entity e on e.uscc = risky.head_uscc
        union select e.uscc, risky.uscc from risky join entity e on e.head_uscc = risky.uscc
        union select other.uscc, risky.uscc from risky join holding mine on mine.uscc = risky.uscc and mine.is_held
            join relation common on common.kind = 6 and common.ref = mine.holder_ref
                and common.entities between 2 and {MOST_IN_COMMON}
            join holding other on other.holder_ref = mine.holder_ref and other.is_held and other.uscc <> risky.uscc
        union select holding.uscc, risky.uscc from risky join holding on holding.holder_ref = risky.uscc and is_held
    ) pairs group by uscc
"""
_HELD = f"""
    create temp table held on commit drop as
    select holding.uscc, max(relation.entities) as entities,
        least(count(distinct risky.uscc), {MOST_COUNTED}) as risky_holders
    from holding join relation on relation.kind = 6 and relation.ref = holding.holder_ref
    left join risky on risky.uscc = holding.holder_ref
    where holding.is_held group by holding.uscc
"""
_OTHERS = f"least({{}}, {MOST_COUNTED})"
_NOW = f"""
    create temp table related_now on commit drop as
    select e.uscc, array[
        coalesce(person.entities, 1), coalesce(place.entities, 1), coalesce(contact.entities, 1),
        coalesce(agent.entities, 1), coalesce(branch.entities, 0),
        {
    _OTHERS.format(
        "coalesce(person.risky, 0) - case when person.ref is not null and e.is_risky then 1 else 0 end"
    )
},
        {
    _OTHERS.format(
        f"coalesce(person.revoked, 0) - case when person.ref is not null and e.status = {_REVOKED} then 1 else 0 end"
    )
},
        {
    _OTHERS.format(
        "coalesce(place.risky, 0) - case when place.ref is not null and e.is_risky then 1 else 0 end"
    )
},
        coalesce(young.others, 0), {_OTHERS.format("coalesce(branch.risky, 0)")},
        case when head.uscc is null then 0 else 1 end, {_OTHERS.format("coalesce(risky_related.others, 0)")},
        coalesce(held.entities, 0), coalesce(held.risky_holders, 0)
    ]::real[] as counts
    from entity e
    left join relation person on person.kind = 1 and person.ref = e.legal_person_ref
    left join relation place on place.kind = 2 and place.ref = e.address_key
    left join relation contact on contact.kind = 3 and contact.ref = e.contact_ref
    left join relation agent on agent.kind = 4 and agent.ref = e.agent_ref
    left join relation branch on branch.kind = 5 and branch.ref = e.uscc
    left join risky head on head.uscc = e.head_uscc
    left join young on young.uscc = e.uscc
    left join risky_related on risky_related.uscc = e.uscc
    left join held on held.uscc = e.uscc
    where e.status <> {
    _CANCELLED
} and (person.ref is not null or place.ref is not null or contact.ref is not null
        or agent.ref is not null or branch.ref is not null or head.uscc is not null or risky_related.uscc is not null
        or held.uscc is not null)
"""
_CHANGED = """
    create temp table related_changed on commit drop as
    select coalesce(now.uscc, before.uscc) as uscc, coalesce(now.counts, '{}') as counts
    from related_now now full join related before on before.uscc = now.uscc
    where now.counts is distinct from before.counts
"""
COUNTING = tuple(
    text(statement)
    for statement in (
        "select pg_advisory_xact_lock(hashtext('profiling.relations'))",
        "delete from relation",
        *_GROUPS,
        _HOLDERS,
        "analyze relation",
        _YOUNG,
        _RISKY,
        "analyze young, risky",
        _RISKY_RELATED,
        _HELD,
        "analyze risky_related, held",
        _NOW,
        "analyze related_now",
        _CHANGED,
        "delete from related using related_changed changed where related.uscc = changed.uscc",
        "insert into related select uscc, counts from related_changed where counts <> '{}'",
        "insert into related_before select uscc, clock_timestamp(), counts from related_changed",
        "insert into due select uscc from related_changed on conflict do nothing",
    )
)
"""In this order, in one transaction that holds up nobody else: afterwards `relation`, `related` and `due` say what the
city is like now."""
