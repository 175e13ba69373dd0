"""Who many codes are, in one call: for lists that hold codes alone."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from profiling_service.http_api.edge import Edge, Lister
from profiling_service.http_api.entities import status_name


class LookupOrder(BaseModel):
    """Whose names are asked for."""

    usccs: list[Annotated[str, Field(pattern=r"^[0-9A-Z]{18}$")]] = Field(min_length=1, max_length=1000)


class EntityName(BaseModel):
    """Who a code is."""

    uscc: str
    name: str = Field(description="empty when facts came before the registration")
    status: str
    area_code: str
    address: str


def router(edge: Edge) -> APIRouter:
    """The route that looks names up."""
    routes = APIRouter(prefix="/v1/entities", tags=["entities"])

    @routes.post("/lookup", summary="Names of many entities 批量查询主体名称")
    async def look_up(caller: Lister, order: LookupOrder) -> list[EntityName]:
        """In order of code; what is not known, or of another area, is left out."""
        rows = await edge.reads.named(order.usccs, caller.area_filter())
        return [
            EntityName(
                uscc=row.uscc,
                name=row.name,
                status=status_name(row.status),
                area_code=row.area_code,
                address=row.address,
            )
            for row in rows
        ]

    return routes
