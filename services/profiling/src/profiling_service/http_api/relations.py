"""Relations of an entity, clusters of the city, and the industry read from a business scope (关联关系, 行业推断)."""

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from httpapi import AreaRule, Caller, Role, allow, audit_read, require_area
from httpapi.problems import NotFound
from pydantic import BaseModel, Field
from vocabulary.areas import covers
from vocabulary.scope import infer_industry, sector_evidence
from vocabulary.scope.evidence import Evidence

from profiling_service.http_api.edge import Edge, Reader, Uscc
from profiling_service.http_api.entities import status_name
from profiling_service.model.relations import KINDS

Kind = Literal["person", "address", "contact", "agent", "head", "holder"]
Viewer = Annotated[
    Caller,
    allow(Role.CITY_ADMINISTRATOR, Role.AUDITOR, area=AreaRule.CITY_ONLY, purpose="find suspicious clusters"),
]


class Related(BaseModel):
    """An entity that has something in common with another."""

    kind: Kind
    uscc: str
    name: str
    status: str
    area_code: str
    is_risky: bool = Field(description="listed, revoked or a judgment defaulter: see the catalogue's `risky`")


class Cluster(BaseModel):
    """Registered entities that have something in common (聚集), as the last daily run counted them."""

    kind: Kind
    ref: str = Field(
        description="what they have in common: a pseudonym, an address, or the code of an entity"
    )
    entities: int
    risky: int
    revoked: int
    young: int = Field(description="established within 90 days of another of them (集中设立); addresses only")


class Phrase(BaseModel):
    """Words that spoke for it."""

    where: str
    text: str
    start: int


class SectorReading(BaseModel):
    """A sector, and the words that speak for it."""

    sector: str
    evidence: list[Phrase]


class IndustryReading(BaseModel):
    """What name and business scope say of an entity's trade; never a registered fact."""

    registered: str = Field(description="GB/T 4754-2017 as registered; empty when the register names none")
    inferred: str
    confidence: float | None = Field(
        description="share of such readings that were right in a hand-checked sample"
    )
    evidence: list[Phrase]
    sectors: list[SectorReading]


def router(edge: Edge) -> APIRouter:
    """Routes about relations and industries."""
    routes = APIRouter(prefix="/v1", tags=["relations"])

    @routes.get("/entities/{uscc}/relations", summary="Who has something in common 关联主体")
    async def read_relations(
        caller: Reader, uscc: Uscc, limit: Annotated[int, Query(ge=1, le=500)] = 100
    ) -> list[Related]:
        """Of whom the caller may see; the counts of a profile are those of the whole city."""
        require_area(caller, await edge.reads.area_of(uscc))
        audit_read(caller, "relations", uscc)
        rows = await edge.relations.of(uscc, limit)
        own = caller.area_filter()
        return [
            Related(
                kind=KINDS[row.kind],
                uscc=row.uscc,
                name=row.name,
                status=status_name(row.status),
                area_code=row.area_code,
                is_risky=row.is_risky,
            )
            for row in rows
            if own is None or covers(own, row.area_code)
        ]

    @routes.get("/clusters", summary="Suspicious clusters 聚集主体")
    async def list_clusters(
        caller: Viewer,
        kind: Kind = "address",
        at_least: Annotated[int, Query(ge=2)] = 10,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> list[Cluster]:
        audit_read(caller, "clusters")
        rows = await edge.relations.clusters(kind, at_least, limit)
        return [Cluster(kind=kind, **row._asdict()) for row in rows]

    @routes.get("/entities/{uscc}/industry", summary="Industry read from the business scope 行业推断")
    async def read_industry(caller: Reader, uscc: Uscc) -> IndustryReading:
        require_area(caller, await edge.reads.area_of(uscc))
        row = await edge.reads.entity(uscc)
        if row is None:
            raise NotFound("There is no such entity.")
        audit_read(caller, "profile", uscc)
        return _read(row.industry, row.name, await edge.relations.scope_of(uscc))

    return routes


def _read(registered: str, name: str, scope: str) -> IndustryReading:
    found = infer_industry(scope, name)
    return IndustryReading(
        registered=registered,
        inferred=found.code if found else "",
        confidence=found.confidence if found else None,
        evidence=_phrases(found.evidence if found else ()),
        sectors=[
            SectorReading(sector=sector, evidence=_phrases(evidence))
            for sector, evidence in sector_evidence(scope, name).items()
        ],
    )


def _phrases(evidence: Sequence[Evidence]) -> list[Phrase]:
    return [Phrase(where=phrase.field, text=phrase.text, start=phrase.start) for phrase in evidence]
