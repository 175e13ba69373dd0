"""The models in the books."""

from datetime import date
from typing import Annotated, Any, Self

from fastapi import APIRouter, Path
from httpapi.access import audit_read
from httpapi.problems import NotFound
from pydantic import BaseModel, Field

from classification_service.http_api.edge import AnyStaff, Edge
from classification_service.model.risk_model import RiskModel

ModelId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_-]*@[0-9]+$", description="code and version")]


class ModelSummary(BaseModel):
    """One version of a model (模型版本)."""

    id: str
    valid_from: date
    author: str
    sha256: str = Field(description="of the canonical form: JSON, sorted keys, no spaces")
    kind: str = Field(description="general 通用, individual 个体工商户 or sector 行业")
    sector: str = Field(description="code of the sector; empty for the others")
    zh: str
    en: str
    cuts: list[float] = Field(description="greatest scores of A, B and C, inclusive")
    indicators: int

    @classmethod
    def of(cls, model: RiskModel) -> Self:
        """The model as it is listed."""
        return cls(
            id=model.id,
            valid_from=model.valid_from,
            author=model.author,
            sha256=model.sha256,
            kind=model.kind,
            sector=model.sector,
            zh=model.zh,
            en=model.en,
            cuts=list(model.cuts or ()),
            indicators=len(model.items),
        )


class ModelDetail(ModelSummary):
    """A version with everything in it."""

    definition: dict[str, Any]


class ModelList(BaseModel):
    """All versions."""

    items: list[ModelSummary]


def router(edge: Edge) -> APIRouter:
    """Routes about models."""
    routes = APIRouter(prefix="/v1/models", tags=["models 模型"])

    @routes.get("", summary="All versions 模型列表")
    async def list_models(caller: AnyStaff) -> ModelList:
        audit_read(caller, "models")
        return ModelList(items=[ModelSummary.of(model) for model in await edge.models.all()])

    @routes.get("/{model_id}", summary="One version, in full 模型内容")
    async def read_model(caller: AnyStaff, model_id: ModelId) -> ModelDetail:
        model = await edge.models.get(model_id)
        if model is None:
            raise NotFound("There is no such model.")
        audit_read(caller, f"model {model_id}")
        return ModelDetail(**ModelSummary.of(model).model_dump(), definition=dict(model.definition))

    return routes
