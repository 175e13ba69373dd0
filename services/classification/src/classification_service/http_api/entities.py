"""One entity's class, with its reasons, now and as of any moment."""

from datetime import date, datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query
from httpapi.access import audit_read, require_area
from httpapi.field_errors import FieldError
from httpapi.identity import Caller
from httpapi.pages import Page, PageRequest
from httpapi.problems import Invalid, NotFound, Unexpected
from pydantic import BaseModel, Field

from classification_service.http_api.edge import Edge, OneEntity, Uscc, flag_names
from classification_service.model.explanation import Applied, CurrentState, Decision, Explanation, Line
from classification_service.rules.explaining import CLASS_NAMES, explain

_NEWEST = 2**31 - 1
AsOf = Annotated[
    datetime | None, Query(description="the decision in force at this instant, with its offset 截至时刻")
]


class IndicatorLine(BaseModel):
    """One indicator's part in the score (指标得分)."""

    code: str
    zh: str = Field(description="name in Chinese 指标名称")
    en: str = Field(description="name in English")
    unit: str = Field(description="year 年, wan_yuan 万元, count 个/次 or yes_no 是/否")
    value: float | None = Field(description="value as of the decision, null when unknown 指标值")
    points: float = Field(description="points given 得分")
    treatment: str = Field(description="counted, missing:<policy> 缺失处理, or ignored:<modifier> 暂不计分")
    sentence: str = Field(description="to be read aloud, in Chinese")

    @classmethod
    def of(cls, line: Line) -> Self:
        """The line as it is shown."""
        return cls(**{name: getattr(line, name) for name in Line.__dataclass_fields__})


class AppliedRule(BaseModel):
    """A floor, override or modifier that held (直接判定与修正)."""

    code: str
    kind: str = Field(description="override 直接判定 or modifier 修正")
    zh: str
    en: str
    citation: str = Field(description="source of the rule 依据")
    confidence: str = Field(description="how sure the source is; project-chosen where it is our choice")
    floor: str | None = Field(description="the best class still possible, null for none")
    decided: bool = Field(description="true when this, and not the score, gave the class")

    @classmethod
    def of(cls, applied: Applied) -> Self:
        """The rule as it is shown."""
        return cls(**{name: getattr(applied, name) for name in Applied.__dataclass_fields__})


class DecisionSummary(BaseModel):
    """One decision (分类决定)."""

    number: int = Field(description="number within the entity, from 1")
    decided_at: datetime = Field(description="when it was made 决定时间")
    business_day: date = Field(description="day its indicators hold for 业务日期")
    recorded_at: datetime = Field(description="when the newest fact used became known 记录时间")
    profile_version: int
    risk_class: str = Field(description="A, B, C or D 信用风险类别")
    score: float = Field(description="0 to 1000, higher is riskier 风险得分")
    score_class: str = Field(description="class by the score alone")
    override_code: str = Field(description="what decided in place of the score; empty when the score decided")
    flags: list[str]
    cause: str = Field(description="the newest fact used, source|fact_id; empty when the calendar moved it")
    previous_class: str = Field(description="class before; empty for the first")
    model: str = Field(description="model code and version 模型版本")

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """The decision as it is listed."""
        own = {name: getattr(decision, name) for name in _SUMMARY}
        return cls(**own, flags=flag_names(decision.flags), model=decision.model_id)


class ExplainedClass(DecisionSummary):
    """A class with every reason, frozen as of its decision (分类结果及说明)."""

    uscc: str
    class_zh: str
    class_en: str
    model_sha256: str
    base: float = Field(description="points every entity starts with 基础分")
    cap: float = Field(description="points that keep the score within 0 to 1000 封顶调整")
    indicators: list[IndicatorLine]
    rules: list[AppliedRule]
    coverage: float = Field(description="share of applicable indicators that were known 指标覆盖率")
    sentence_zh: str = Field(description="to be read aloud 说明")
    current_profile_version: int = Field(description="the profile's newest version seen")

    @classmethod
    def explained(cls, decision: Decision, state: CurrentState, why: Explanation, sha256: str) -> Self:
        """The decision with its reasons."""
        zh, en = CLASS_NAMES[decision.risk_class]
        return cls(
            **DecisionSummary.of(decision).model_dump(),
            uscc=decision.uscc,
            class_zh=zh,
            class_en=en,
            model_sha256=sha256,
            base=why.base,
            cap=why.cap,
            indicators=[IndicatorLine.of(line) for line in why.lines],
            rules=[AppliedRule.of(applied) for applied in why.applied],
            coverage=round(why.coverage, 4),
            sentence_zh=why.sentence,
            current_profile_version=state.profile_version,
        )


_SUMMARY = DecisionSummary.model_fields.keys() - {"flags", "model"}


def router(edge: Edge) -> APIRouter:
    """Routes about one entity."""
    routes = APIRouter(prefix="/v1/entities/{uscc}", tags=["classes 分类"])

    @routes.get("/class", summary="Class with its reasons 分类结果及说明")
    async def read_class(caller: OneEntity, uscc: Uscc, as_of: AsOf = None) -> ExplainedClass:
        _require_offset(as_of)
        state = await _visible(edge, caller, uscc)
        audit_read(caller, "class", uscc)
        decision = await edge.classes.decision(uscc, as_of)
        if decision is None:
            raise NotFound("This entity had no class yet at that instant.")
        return _explained(edge, decision, state)

    @routes.get("/decisions", summary="All decisions, newest first 历次分类决定")
    async def list_decisions(caller: OneEntity, uscc: Uscc, page: PageRequest) -> Page[DecisionSummary]:
        await _visible(edge, caller, uscc)
        audit_read(caller, "decisions", uscc)
        before = page.after(int) or (_NEWEST,)
        rows = await edge.classes.decisions(uscc, int(before[0]), page.limit + 1)
        return page.page(rows, key=lambda row: (row.number,), item=DecisionSummary.of)

    return routes


async def _visible(edge: Edge, caller: Caller, uscc: str) -> CurrentState:
    state = await edge.classes.state(uscc)
    require_area(caller, (state.area_code or None) if state else None)
    if state is None:
        raise NotFound("There is no such entity.")
    return state


def _explained(edge: Edge, decision: Decision, state: CurrentState) -> ExplainedClass:
    model = edge.models.get(decision.model_id)
    if model is None:
        raise Unexpected
    why = explain(decision, model, edge.catalogue)
    return ExplainedClass.explained(decision, state, why, model.sha256)


def _require_offset(as_of: datetime | None) -> None:
    if as_of is not None and as_of.tzinfo is None:
        wrong = FieldError("query.as_of", "has no offset", "an instant such as 2026-03-01T00:00:00Z")
        raise Invalid(errors=[wrong])
