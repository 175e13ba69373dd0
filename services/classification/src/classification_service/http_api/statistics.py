"""How many entities are in each class."""

from collections import Counter
from enum import StrEnum
from itertools import groupby

from fastapi import APIRouter
from httpapi.access import AreaAsked, area_asked, audit_read
from pydantic import BaseModel, Field

from classification_service.http_api.edge import Edge, ManyEntities
from classification_service.model.explanation import ClassCount


class Grouping(StrEnum):
    """What entities are counted by."""

    AREA = "area"
    INDUSTRY = "industry"
    NONE = "none"


class ClassMix(BaseModel):
    """The classes of one group (分类占比)."""

    group: str = Field(description="area code, industry letter, or empty 分组")
    entities: int
    counts: dict[str, int] = Field(description="entities by class")
    shares: dict[str, float] = Field(description="shares by class, 0 to 1")
    under_observation: int = Field(description="of these, inside the observation year 观察期")
    models: dict[str, int] = Field(description="entities by the model that judged them 模型版本")


class Statistics(BaseModel):
    """Class mixes; entities that are cancelled or revoked are not counted."""

    by: Grouping
    groups: list[ClassMix]
    excluded: str = "cancelled 注销, revoked 吊销, annulled 撤销, moved out 迁出"


def router(edge: Edge) -> APIRouter:
    """The route of the statistics."""
    routes = APIRouter(prefix="/v1/statistics", tags=["statistics 统计"])

    @routes.get("/classes", summary="Class mix 分类占比")
    async def class_mix(
        caller: ManyEntities, by: Grouping = Grouping.NONE, area: AreaAsked = None
    ) -> Statistics:
        counts = await edge.classes.counts(by, area_asked(caller, area))
        audit_read(caller, "class_statistics")
        groups = groupby(counts, key=lambda count: count.group)
        return Statistics(by=by, groups=[_mix(group, list(rows)) for group, rows in groups])

    return routes


def _mix(group: str, rows: list[ClassCount]) -> ClassMix:
    counts, models = Counter(dict.fromkeys("ABCD", 0)), Counter[str]()
    for row in rows:
        counts[row.risk_class] += row.entities
        models[row.model_id] += row.entities
    total = counts.total()
    return ClassMix(
        group=group,
        entities=total,
        counts=counts,
        shares={letter: round(count / total, 4) for letter, count in counts.items()},
        under_observation=sum(row.under_observation for row in rows),
        models=models,
    )
