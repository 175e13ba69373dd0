"""Who has something in common with whom, for people."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from profiling_service import wire
from profiling_service.model.entities import EntityStatus
from profiling_service.model.facts import FactType, replaced
from profiling_service.model.relations import KINDS
from profiling_service.ports.relations import ClusterRow, RelatedRow
from profiling_service.rules import features

_SHOWN = "other.uscc, other.name, other.status, other.area_code, other.is_risky"
_BY_COLUMN = tuple(
    f"""
    select {kind} as kind, {_SHOWN} from entity me join entity other on other.{column} = me.{column}
    where me.{column} <> '' and me.uscc = :uscc and other.uscc <> :uscc
    """
    for kind, column in ((1, "legal_person_ref"), (2, "address_key"), (3, "contact_ref"), (4, "agent_ref"))
)
_OF = text(f"""
    select * from ({" union all ".join(_BY_COLUMN)}
        union all select 5, {_SHOWN} from entity other where other.head_uscc = :uscc
        union all select 5, {_SHOWN} from entity me join entity other on other.uscc = me.head_uscc where me.uscc = :uscc
        union all select 6, {_SHOWN} from holding mine
            join holding theirs on theirs.holder_ref = mine.holder_ref and theirs.is_held and theirs.uscc <> :uscc
            join entity other on other.uscc = theirs.uscc where mine.uscc = :uscc and mine.is_held
        union all select 6, {_SHOWN} from holding mine join entity other on other.uscc = mine.holder_ref
            where mine.uscc = :uscc and mine.is_held
        union all select 6, {_SHOWN} from holding theirs join entity other on other.uscc = theirs.uscc
            where theirs.holder_ref = :uscc and theirs.is_held
    ) found where status <> {EntityStatus.CANCELLED:d} order by is_risky desc, kind, uscc limit :limit
""")
_CLUSTERS = text("""
    select common.ref, common.entities, common.risky, common.revoked,
        case when common.kind = 2 then (
            select count(*) from entity e join related on related.uscc = e.uscc
            where e.address_key = common.ref and related.counts[9] > 0) else 0 end as young
    from relation common where common.kind = :kind and common.entities >= :at_least
    order by common.entities desc, common.ref limit :limit
""")
_ALL_FEATURES = text("select string_agg(features, ''::bytea order by number) from fact where uscc = :uscc")
_SCOPE = text("""
    select source, fact_id, payload from fact
    where uscc = :uscc and type in (:recorded, :changed) and source not in (:sampling, :repair)
    order by occurred_at desc, number desc
""")


class SqlRelations:
    """`RelatedReads` on the service's database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def of(self, uscc: str, limit: int) -> Sequence[RelatedRow]:
        """See `RelatedReads`."""
        return [RelatedRow(*row) for row in await self._rows(_OF, uscc=uscc, limit=limit)]

    async def clusters(self, kind: str, at_least: int, limit: int) -> Sequence[ClusterRow]:
        """See `RelatedReads`."""
        number = next(number for number, name in KINDS.items() if name == kind)
        rows = await self._rows(_CLUSTERS, kind=number, at_least=at_least, limit=limit)
        return [ClusterRow(*row) for row in rows]

    async def scope_of(self, uscc: str) -> str:
        """See `RelatedReads`."""
        kinds = {
            "recorded": int(FactType.REGISTRATION_RECORDED),
            "changed": int(FactType.REGISTRATION_CHANGED),
        }
        ours = {"sampling": wire.SAMPLING, "repair": wire.REPAIR}
        (everything,) = await self._rows(_ALL_FEATURES, uscc=uscc)
        gone = replaced(bytes(everything[0] or b""))
        for row in await self._rows(_SCOPE, uscc=uscc, **kinds, **ours):
            if features.key(row.source, row.fact_id) in gone:
                continue
            said = wire.particulars(row.source, bytes(row.payload))
            scope = said.get("after") if said.get("field") == "business_scope" else said.get("business_scope")
            if scope:
                return str(scope)
        return ""

    async def _rows(self, statement: Any, **values: Any) -> Sequence[Any]:
        async with self._engine.connect() as connection:
            rows: Sequence[Any] = (await connection.execute(statement, values)).all()
            return rows
