"""One entity's class, with its reasons, now and as of any moment; what would change it, and what did."""

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from httpapi.access import audit_read
from httpapi.field_errors import Fault, FieldError
from httpapi.pages import Page, PageRequest
from httpapi.problems import Invalid, NotFound, Unexpected

from classification_service.http_api.edge import Edge, OneEntity, Uscc
from classification_service.http_api.entities.answers import DecisionSummary, ExplainedClass
from classification_service.http_api.entities.changes import ComparisonAnswer, CounterfactualAnswer
from classification_service.model.explanation import CurrentState, Decision
from classification_service.rules.cases import Case
from classification_service.rules.comparing import compare
from classification_service.rules.counterfactual import counterfactual
from classification_service.rules.explaining import explain
from classification_service.rules.replaying import numbers_of

_NEWEST = 2**31 - 1
AsOf = Annotated[
    datetime | None, Query(description="the decision in force at this instant, with its offset 截至时刻")
]
Number = Annotated[int, Path(ge=1, le=_NEWEST, description="number within the entity, from 1 决定编号")]
Earlier = Annotated[int, Query(alias="from", ge=1, le=_NEWEST, description="number of the earlier decision")]
Later = Annotated[int, Query(alias="to", ge=1, le=_NEWEST, description="number of the later decision")]


def router(edge: Edge) -> APIRouter:
    """Routes about one entity."""
    routes = APIRouter(prefix="/v1/entities/{uscc}", tags=["classes 分类"])
    _add_class(routes, edge)
    _add_decisions(routes, edge)
    return routes


def _add_class(routes: APIRouter, edge: Edge) -> None:
    @routes.get("/class", summary="Class with its reasons 分类结果及说明")
    async def read_class(caller: OneEntity, uscc: Uscc, as_of: AsOf = None) -> ExplainedClass:
        _require_offset(as_of)
        state = await edge.desk.visible(caller, uscc)
        audit_read(caller, "class", uscc)
        return await _explained(edge, await _decided(edge, uscc, as_of), state)

    @routes.get("/class/counterfactual", summary="What would reach the next better class 如何改善")
    async def read_counterfactual(caller: OneEntity, uscc: Uscc, as_of: AsOf = None) -> CounterfactualAnswer:
        _require_offset(as_of)
        await edge.desk.visible(caller, uscc)
        audit_read(caller, "counterfactual", uscc)
        case = await _case(edge, await _decided(edge, uscc, as_of))
        found = await asyncio.to_thread(counterfactual, case, edge.mends, edge.catalogue)
        return CounterfactualAnswer.model_validate(found)


def _add_decisions(routes: APIRouter, edge: Edge) -> None:
    @routes.get("/decisions", summary="All decisions on an entity, newest first 历次分类决定")
    async def list_decisions(caller: OneEntity, uscc: Uscc, page: PageRequest) -> Page[DecisionSummary]:
        await edge.desk.visible(caller, uscc)
        audit_read(caller, "decisions", uscc)
        before = page.after(int) or (_NEWEST,)
        rows = await edge.classes.decisions(uscc, int(before[0]), page.limit + 1)
        return page.page(rows, key=lambda row: (row.number,), item=DecisionSummary.of)

    @routes.get("/decisions/compare", summary="What changed between two decisions, and why 两次决定对比")
    async def compare_decisions(
        caller: OneEntity, uscc: Uscc, earlier: Earlier, later: Later
    ) -> ComparisonAnswer:
        if later <= earlier:
            wrong = FieldError("query.to", "is not later than from", "a greater number", Fault.CONTRADICTORY)
            raise Invalid(errors=[wrong])
        await edge.desk.visible(caller, uscc)
        audit_read(caller, f"decisions {earlier} and {later}", uscc)
        cases = [await _case(edge, await _numbered(edge, uscc, each)) for each in (earlier, later)]
        return ComparisonAnswer.model_validate(compare(cases[0], cases[1], edge.catalogue))

    @routes.get("/decisions/{number}", summary="One decision with its reasons 某次决定及说明")
    async def read_decision(caller: OneEntity, uscc: Uscc, number: Number) -> ExplainedClass:
        state = await edge.desk.visible(caller, uscc)
        audit_read(caller, f"decision {number}", uscc)
        return await _explained(edge, await _numbered(edge, uscc, number), state)


async def _decided(edge: Edge, uscc: str, as_of: datetime | None) -> Decision:
    decision = await edge.classes.decision(uscc, as_of)
    if decision is None:
        raise NotFound("This entity had no class yet at that instant.")
    return decision


async def _numbered(edge: Edge, uscc: str, number: int) -> Decision:
    decision = await edge.classes.numbered(uscc, number)
    if decision is None:
        raise NotFound(f"This entity has no decision {number}.")
    return decision


async def _case(edge: Edge, decision: Decision) -> Case:
    scorers = await edge.models.judging(decision)
    if scorers is None:
        raise Unexpected
    known = await edge.desk.replays.known([decision])
    return Case.of(decision, scorers, [known.interventions[number] for number in numbers_of(decision)])


async def _explained(edge: Edge, decision: Decision, state: CurrentState) -> ExplainedClass:
    case = await _case(edge, decision)
    why = explain(case, edge.catalogue)
    return ExplainedClass.explained(decision, state, why, case.scorer.model.sha256)


def _require_offset(as_of: datetime | None) -> None:
    if as_of is not None and as_of.tzinfo is None:
        wrong = FieldError(
            "query.as_of", "has no offset", "an instant such as 2026-03-01T00:00:00Z", Fault.NO_MOMENT
        )
        raise Invalid(errors=[wrong])
