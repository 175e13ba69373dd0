"""The types of fact and their JSON Schemas, for those who build a source."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from httpapi import public
from httpapi.problems import NotFound
from pydantic import BaseModel
from starlette.responses import JSONResponse

from ingestion_service.http_api.edge import Edge
from ingestion_service.model.fact import FACT_TYPES
from ingestion_service.rules.schemas import schema_of

_OPEN = public("the contract is not a secret")


class FactTypeOut(BaseModel):
    """One type of fact; `says` tells what it states."""

    type: str
    zh: str
    says: str
    schema_path: str


def fact_types_router(edge: Edge) -> APIRouter:
    """Routes that publish the contract."""
    router = APIRouter(prefix="/v1/fact-types", tags=["fact types 信息类型"])

    @router.get("", dependencies=[_OPEN], summary="Types of fact (信息类型)")
    async def list_fact_types() -> list[FactTypeOut]:
        return [
            FactTypeOut(
                type=known.name,
                zh=known.zh,
                says=(known.data.__doc__ or "").strip(),
                schema_path=f"/v1/fact-types/{known.name}/schema",
            )
            for known in FACT_TYPES.values()
        ]

    @router.get("/{fact_type}/schema", dependencies=[_OPEN], summary="JSON Schema of a type (数据模式)")
    async def read_schema(fact_type: Annotated[str, Path(max_length=200)]) -> JSONResponse:
        known = FACT_TYPES.get(fact_type)
        if known is None:
            raise NotFound("There is no such fact type.")
        schema: dict[str, Any] = schema_of(known, edge.examples[known.name])
        return JSONResponse(schema, media_type="application/schema+json")

    return router
