"""The models in the books."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Path
from httpapi.access import audit_read
from httpapi.problems import NotFound
from pydantic import BaseModel, Field

from classification_service.http_api.edge import AnyStaff, Edge
from classification_service.model.governing import Live, WentLive
from classification_service.model.risk_model import RiskModel

ModelId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_-]*@[0-9]+$", description="code and version")]


class LiveRow(BaseModel):
    """When a version went live (上线)."""

    from_day: date
    how: WentLive = Field(description="shipped, approved as a draft, or rolled_back to")
    at: datetime
    by: str = Field(description="who promoted it, or proposed to go back to it")
    approved_by: str = Field(description="the second person; empty for what was shipped")

    @classmethod
    def of(cls, live: Live) -> Self:
        """The promotion as it is listed."""
        return cls(**{name: getattr(live, name) for name in cls.model_fields})


class ModelSummary(BaseModel):
    """One version of a model (模型版本)."""

    id: str
    valid_from: date
    valid_to: date | None = Field(description="the last day it may judge, null where its text names none")
    author: str = Field(description="as its text says")
    drafted_by: str = Field(description="who began the draft it was; empty for what was shipped")
    approver: str = Field(description="who approved that draft; empty likewise")
    went_live: list[LiveRow] = Field(description="oldest first; of two for a day the later holds")
    sha256: str = Field(description="of the canonical form: JSON, sorted keys, no spaces")
    kind: str = Field(description="general 通用, individual 个体工商户 or sector 行业")
    sector: str = Field(description="code of the sector; empty for the others")
    zh: str
    en: str
    cuts: list[float] = Field(description="greatest scores of A, B and C, inclusive")
    indicators: int

    @classmethod
    def of(cls, model: RiskModel, lives: Sequence[Live]) -> Self:
        """The model as it is listed."""
        own = [each for each in lives if each.model_id == model.id]
        return cls(
            id=model.id,
            valid_from=model.valid_from,
            valid_to=model.valid_to,
            author=model.author,
            drafted_by=own[0].drafted_by if own else "",
            approver=model.approver,
            went_live=[LiveRow.of(each) for each in own],
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

    @routes.get("", summary="All versions of the models 模型列表")
    async def list_models(caller: AnyStaff) -> ModelList:
        audit_read(caller, "models")
        lives = await edge.desk.people.lives()
        return ModelList(items=[ModelSummary.of(model, lives) for model in await edge.models.all()])

    @routes.get("/{model_id}", summary="One version of a model, in full 模型内容")
    async def read_model(caller: AnyStaff, model_id: ModelId) -> ModelDetail:
        model = await edge.models.get(model_id)
        if model is None:
            raise NotFound("There is no such model.")
        audit_read(caller, f"model {model_id}")
        summary = ModelSummary.of(model, await edge.desk.people.lives())
        return ModelDetail(**summary.model_dump(), definition=dict(model.definition))

    return routes
