"""A draft beside the live models: start, stop, compare (影子运行)."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from fastapi import APIRouter, Query
from httpapi.access import AreaRule, allow, audit_read
from httpapi.field_errors import Fault, FieldError
from httpapi.idempotency import OncePerKey
from httpapi.identity import STAFF, Caller
from httpapi.pages import Page, PageRequest
from httpapi.problems import Invalid, NotFound
from pydantic import BaseModel, Field
from starlette.responses import Response

from classification_service.http_api.desk import Desk, Number, Writer
from classification_service.http_api.drafts import CutsFrom
from classification_service.model.governing import Mover, Moves, ShadowRun
from classification_service.model.risk_model import RiskClass
from classification_service.use_cases import drafts as use_cases

Comparer = Annotated[
    Caller, allow(*STAFF, area=AreaRule.FILTER, purpose="compare a draft with the live models")
]


class Action(StrEnum):
    """What to do with the run."""

    START = "start"
    STOP = "stop"


class ShadowOrder(BaseModel):
    """Start or stop; with the what-if whose cuts it takes where the draft says shares and is not submitted."""

    action: Action
    what_if_id: CutsFrom = None


class RunRow(BaseModel):
    """A run of a draft, as it was when the run began."""

    number: int
    draft: int
    draft_version: int
    sha256: str
    started_at: datetime
    started_by: str
    stopped_at: datetime | None
    stopped_by: str | None

    @classmethod
    def of(cls, run: ShadowRun) -> Self:
        """The run as it is shown."""
        return cls(**{name: getattr(run, name) for name in ShadowRun.__dataclass_fields__})


class ComparedBy(StrEnum):
    """What entities are counted by."""

    NONE = "none"
    AREA = "area"
    SECTOR = "sector"


class Cell(BaseModel):
    """So many go from the live class to the draft's; empty where the model does not judge them."""

    live_class: str
    draft_class: str
    entities: int


class Group(BaseModel):
    """The migration matrix of a group (迁移矩阵)."""

    group: str = Field(description="code of area or sector; empty for all")
    entities: int
    moving: int = Field(description="whose class would be another")
    matrix: list[Cell]


class Comparison(BaseModel):
    """What the draft's newest run made of the entities whose news came meanwhile."""

    run: RunRow
    groups: list[Group]


class MoverRow(BaseModel):
    """An entity whose class the draft would change."""

    uscc: str
    area_code: str
    live_class: str
    live_score: float
    draft_class: str
    draft_score: float
    decided_at: datetime

    @classmethod
    def of(cls, mover: Mover) -> Self:
        """The entity as it is listed."""
        own = {name: getattr(mover, name) for name in Mover.__dataclass_fields__}
        letters = {name: _letter(own[name]) for name in ("live_class", "draft_class")}
        return cls(**own | letters)


def router(desk: Desk) -> APIRouter:
    """Routes about shadow runs."""
    routes = APIRouter(prefix="/v1/drafts/{number}/shadow", tags=["drafts 模型草案"])
    _ordering(routes, desk)
    _comparing(routes, desk)
    return routes


def _ordering(routes: APIRouter, desk: Desk) -> None:
    @routes.post("", response_model=RunRow, summary="Start or stop a draft's shadow 影子运行启停")
    async def order_run(caller: Writer, number: Number, body: ShadowOrder, once: OncePerKey) -> Response:
        _require_fit(body)
        async with desk.open() as tx:

            async def work() -> RunRow:
                who = desk.who(caller)
                if body.action is Action.STOP:
                    return RunRow.of(await use_cases.stop_shadow(number, who, tx))
                tried = body.what_if_id
                return RunRow.of(await use_cases.start_shadow(number, tried, who, desk.catalogue, tx))

            return await once.answer(tx.idempotency, 200, work)


def _comparing(routes: APIRouter, desk: Desk) -> None:
    @routes.get("", summary="A draft's shadow against the live models 影子运行比较")
    async def compare(
        caller: Comparer, number: Number, by: Annotated[ComparedBy, Query()] = ComparedBy.NONE
    ) -> Comparison:
        run = await _run(desk, number)
        audit_read(caller, f"shadow of draft {number}")
        moves = await desk.people.shadow_moves(run.number, by, caller.area_filter())
        names = list(dict.fromkeys(each.group for each in moves))
        return Comparison(run=RunRow.of(run), groups=[_group(name, moves) for name in names])

    @routes.get("/movers", summary="Whom a draft's shadow moves 影子运行类别变化主体")
    async def list_movers(caller: Comparer, number: Number, page: PageRequest) -> Page[MoverRow]:
        run = await _run(desk, number)
        audit_read(caller, f"movers of draft {number}")
        after = page.after(str) or ("",)
        rows = await desk.people.movers(run.number, str(after[0]), page.limit + 1, caller.area_filter())
        return page.page(rows, key=lambda row: (row.uscc,), item=MoverRow.of)


def _letter(number: int) -> str:
    return RiskClass(number).name if number else ""


def _require_fit(order: ShadowOrder) -> None:
    if order.action is Action.STOP and order.what_if_id is not None:
        wrong = FieldError(
            "body.what_if_id", "says nothing to a run that stops", "no what-if", Fault.CONTRADICTORY
        )
        raise Invalid(errors=[wrong])


async def _run(desk: Desk, number: int) -> ShadowRun:
    run = await desk.people.shadow_run(number)
    if run is None:
        raise NotFound("There is no run of this draft.")
    return run


def _group(name: str, moves: Sequence[Moves]) -> Group:
    mine = [each for each in moves if each.group == name]
    return Group(
        group=name,
        entities=sum(each.entities for each in mine),
        moving=sum(each.entities for each in mine if each.live_class != each.draft_class),
        matrix=[
            Cell(
                live_class=_letter(each.live_class),
                draft_class=_letter(each.draft_class),
                entities=each.entities,
            )
            for each in mine
        ],
    )
