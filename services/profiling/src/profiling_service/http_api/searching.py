"""Finding an entity by what people remember of it (主体检索)."""

from typing import Annotated

from fastapi import APIRouter, Query
from httpapi import audit_read
from pydantic import BaseModel, Field

from profiling_service.http_api.edge import Edge, Lister, area_asked
from profiling_service.http_api.entities import status_name
from profiling_service.model.searching import Hit, MatchedBy
from profiling_service.use_cases.search import search


class FoundEntity(BaseModel):
    """An entity that was found, and what of it matched."""

    uscc: str
    name: str = Field(description="empty when facts came before the registration")
    status: str
    area_code: str
    industry: str
    entity_type: str
    address: str
    legal_person_ref: str
    matched_by: MatchedBy
    ranges: list[tuple[int, int]] = Field(
        description="matching stretches [start, end) of that text as it is here, in code points"
    )
    is_exact: bool = Field(description="false when some of what was asked for is missing, or stands apart")


class SearchAnswer(BaseModel):
    """What was found, best first; what was stored in the last second or two may not be among it."""

    items: list[FoundEntity]


def router(edge: Edge) -> APIRouter:
    """The route of searching; it comes before those of one entity."""
    routes = APIRouter(prefix="/v1", tags=["entities"])

    @routes.get("/entities/search", summary="Search by name, code, person or address 主体检索")
    async def search_entities(
        caller: Lister,
        q: Annotated[
            str,
            Query(
                min_length=1,
                max_length=100,
                description="part of a name, address or code, also with one slip; or the beginning of a person's "
                "reference",
            ),
        ],
        area: Annotated[str | None, Query(max_length=12)] = None,
        limit: Annotated[int, Query(ge=1, le=50)] = 20,
    ) -> SearchAnswer:
        audit_read(caller, "search")
        hits = await search(q, area_asked(caller, area), limit, edge.search)
        return SearchAnswer(items=[_shown(hit) for hit in hits])

    return routes


def _shown(hit: Hit) -> FoundEntity:
    entity, match = hit
    return FoundEntity(
        **{**entity._asdict(), "status": status_name(entity.status)},
        matched_by=match.by,
        ranges=list(match.ranges),
        is_exact=match.asked >= 1,
    )
