"""Draws: commit, reveal, and the file by which anyone checks them."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from honestdraw import SeedRule, seeds
from httpapi import (
    STAFF,
    AreaAsked,
    AreaRule,
    Caller,
    Page,
    PageRequest,
    Role,
    allow,
    area_asked,
    audit_read,
    public,
    require_area,
)
from httpapi.idempotency import OncePerKey
from httpapi.problems import NotFound
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import Response
from vocabulary.areas import CITY
from vocabulary.calendar import business_date

from sampling_service.http_api.edge import DrawSettled, Edge
from sampling_service.model.draws import Draw, DrawOrder, Seed
from sampling_service.model.views import DrawView
from sampling_service.rules.draw import instant
from sampling_service.use_cases import draws

Planner = Annotated[
    Caller, allow(Role.CITY_ADMINISTRATOR, Role.AREA_OFFICER, area=AreaRule.ENTITY, purpose="draw")
]
AreaStaff = Annotated[Caller, allow(*STAFF, area=AreaRule.FILTER, purpose="follow draws")]
OneStaff = Annotated[Caller, allow(*STAFF, area=AreaRule.ENTITY, purpose="follow a draw")]
Auditor = Annotated[Caller, allow(Role.AUDITOR, area=AreaRule.CITY_ONLY, purpose="check the targeted lots")]
DrawId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
AreaCode = Annotated[str, Field(pattern=r"^[0-9A-Z]{6}$")]


class SeedRuleIn(BaseModel):
    """Which public event will be the seed; part of the commitment."""

    source: str = Field(min_length=3, max_length=500, description="the event, so that anyone can look it up")
    known_from: AwareDatetime = Field(description="nobody can know the seed before; to the second")
    format: str = Field(
        pattern=f"^({seeds.FORMAT.pattern})$",
        description="`digits N`: N digits in the order announced; `decimal N`: a figure with N decimals",
    )


class DrawOrderIn(BaseModel):
    """An order to draw. Items are merged into one visit (综合查一次)."""

    plan_id: str
    items: list[Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,63}$")]] = Field(min_length=1, max_length=20)
    area_code: AreaCode | None = Field(None, description="only this area; left out: the caller's own")
    day: date | None = Field(
        None, description="business day of the draw, today or yesterday; left out: today"
    )
    seed_rule: SeedRuleIn
    reason: str = Field("", max_length=500, description="for a re-draw: why")


class SeedIn(BaseModel):
    """The public seed, which nobody could know at the commitment."""

    public_seed: str = Field(min_length=1, max_length=80, description="in the format committed to")


class AbandonIn(BaseModel):
    """Why a draw is given up before its seed."""

    reason: str = Field(min_length=3, max_length=500)


class DrawOut(BaseModel):
    """A draw; quotas by stratum are internal."""

    model_config = ConfigDict(from_attributes=True)

    draw_id: str
    plan_id: str
    number: int
    items: list[str]
    area_code: str | None
    day: date
    state: str
    ordered_by: str
    reason: str
    commitment: dict[str, Any] = Field(description="what was promised before the seed existed")
    commitment_sha256: str = Field(description="what a witness writes down")
    quotas: list[dict[str, Any]]
    committed_at: datetime
    public_seed: str | None
    settled_by: str | None
    settled_at: datetime | None
    settle_reason: str
    drawn: int | None


class CommitmentOut(BaseModel):
    """What anyone may know of a draw from its commitment on; it holds no class."""

    model_config = ConfigDict(from_attributes=True)

    draw_id: str
    state: str = Field(description="committed, revealed or abandoned")
    commitment: dict[str, Any]
    commitment_sha256: str = Field(description="what a witness writes down before the seed is known")


class CommittedOut(BaseModel):
    """The commitment: publish it where it cannot be taken back, and wait for the seed."""

    draw_id: str
    number: int
    commitment: dict[str, Any]
    commitment_sha256: str
    population_root: str
    secret_sha256: str
    population: int
    excluded: dict[str, int]


class RevealedOut(BaseModel):
    """What was drawn, and where its file is."""

    draw_id: str
    drawn: int
    file: str


def router(edge: Edge) -> APIRouter:
    """Routes of the draws."""
    routes = APIRouter(prefix="/v1/draws", tags=["draws"])
    _writing_routes(routes, edge)
    _reading_routes(routes, edge)
    _file_routes(routes, edge)
    return routes


def _writing_routes(routes: APIRouter, edge: Edge) -> None:
    @routes.post("", summary="Commit to a draw 抽取承诺", status_code=201, response_model=CommittedOut)
    async def commit_draw(caller: Planner, order: DrawOrderIn, once: OncePerKey) -> Response:
        """Commit: population, quotas, algorithm and secret are fixed; the seed comes later (先公示后抽取)."""
        area_code = _area(caller, order.area_code)
        async with edge.unit_of_work() as tx:

            async def work() -> CommittedOut:
                wish = _wish(order, area_code, caller, edge.clock())
                now, secrets = edge.clock(), edge.secrets()
                return _committed(await draws.commit_draw(wish, edge.packs, tx, secrets=secrets, now=now))

            return await once.answer(tx.idempotency, 201, work)

    @routes.post(
        "/{draw_id}/reveal", summary="Reveal the seed and draw 公开种子并抽取", response_model=RevealedOut
    )
    async def reveal_draw(caller: Planner, draw_id: DrawId, seed: SeedIn, once: OncePerKey) -> Response:
        """Reveal: the seed decides, the file is published, visits are assigned (随机抽取、随机选派)."""
        await _visible(edge, caller, draw_id)
        async with edge.unit_of_work() as tx:

            async def work() -> RevealedOut:
                said = Seed(seed.public_seed, caller.subject)
                settled = await draws.reveal_draw(draw_id, said, edge.packs, tx, now=edge.clock())
                return RevealedOut(draw_id=draw_id, drawn=settled.drawn, file=f"/v1/draws/{draw_id}/file")

            return await once.answer(tx.idempotency, 200, work)

    @routes.post("/{draw_id}/abandon", summary="Give a draw up 作废抽取", status_code=204)
    async def abandon_draw(caller: Planner, draw_id: DrawId, why: AbandonIn, once: OncePerKey) -> Response:
        """Give a draw up before its seed; its number and commitment stay on record."""
        await _visible(edge, caller, draw_id)
        async with edge.unit_of_work() as tx:

            async def work() -> None:
                await draws.abandon_draw(draw_id, why.reason, caller.subject, tx, now=edge.clock())

            return await once.answer(tx.idempotency, 204, work)


def _reading_routes(routes: APIRouter, edge: Edge) -> None:
    @routes.get("", summary="Draws, newest first 抽取列表")
    async def list_draws(caller: AreaStaff, page: PageRequest, area: AreaAsked = None) -> Page[DrawOut]:
        """Draws, re-draws and abandoned ones included."""
        (after,) = page.after(str) or ("",)
        rows = await edge.reads.draws(area_asked(caller, area), str(after), page.limit + 1)
        return page.page(rows, key=lambda row: (row.draw_id,), item=DrawOut.model_validate)

    @routes.get("/{draw_id}", summary="One draw 抽取详情")
    async def read_draw(caller: OneStaff, draw_id: DrawId) -> DrawOut:
        """One draw."""
        return DrawOut.model_validate(await _visible(edge, caller, draw_id))


def _file_routes(routes: APIRouter, edge: Edge) -> None:
    @routes.get(
        "/{draw_id}/commitment",
        summary="What a draw is committed to 抽取承诺公示",
        dependencies=[public("a promise counts when it is public before the seed")],
    )
    async def commitment(draw_id: DrawId) -> CommitmentOut:
        """The commitment, from the moment it is made; a plan's draws are numbered without gaps (先公示后抽取)."""
        found = await edge.reads.draw(draw_id)
        if found is None:
            raise NotFound("There is no draw with this id.")
        return CommitmentOut.model_validate(found)

    @routes.get(
        "/{draw_id}/file",
        summary="The file by which anyone checks a draw 抽取公开文件",
        dependencies=[public("anyone may check a draw; the file holds no class")],
    )
    async def draw_file(draw_id: DrawId) -> Response:
        """The file by which anyone checks the draw offline: `creditloop verify-draw FILE` (抽查结果公开)."""
        body = await edge.reads.draw_file(draw_id)
        if body is None:
            raise NotFound("There is no published draw with this id.")
        return _download(body, f"{draw_id}.json")

    @routes.get("/{draw_id}/audit-file", summary="The file with classes, for audit 抽取审计文件")
    async def audit_file(caller: Auditor, draw_id: DrawId) -> Response:
        """The file with all seals opened, for auditors alone: it holds classes."""
        found = await edge.reads.draw(draw_id)
        if found is None:
            raise NotFound("There is no such draw.")
        if found.public_seed is None or found.state != "revealed" or found.settled_at is None:
            raise DrawSettled(f"{draw_id} is {found.state}: only revealed draws have files.")
        audit_read(caller, f"audit_file:{draw_id}")
        async with edge.unit_of_work() as tx:
            body = await draws.audit_file(draw_id, found.public_seed, found.settled_at, tx)
            return _download(body, f"{draw_id}-audit.json")


async def _visible(edge: Edge, caller: Caller, draw_id: str) -> DrawView:
    found = await edge.reads.draw(draw_id)
    require_area(caller, None if found is None else found.area_code or CITY, what="draw")
    if found is None:
        raise NotFound("There is no such draw.")
    return found


def _area(caller: Caller, wanted: str | None) -> str | None:
    """The area to draw in: that of the order, else the caller's; None is the city."""
    if wanted is None:
        return caller.area_filter()
    require_area(caller, wanted, what="area")
    return None if wanted == CITY else wanted


def _wish(order: DrawOrderIn, area_code: str | None, caller: Caller, now: datetime) -> DrawOrder:
    rule = order.seed_rule
    return DrawOrder(
        plan_id=order.plan_id,
        items=tuple(sorted(set(order.items))),
        area_code=area_code,
        day=order.day or business_date(now),
        by=caller.subject,
        seed_rule=SeedRule(rule.source, instant(rule.known_from), rule.format),
        reason=order.reason,
    )


def _committed(draw: Draw) -> CommittedOut:
    return CommittedOut(
        draw_id=draw.draw_id,
        number=draw.number,
        commitment=dict(draw.commitment),
        commitment_sha256=draw.commitment_sha256,
        population_root=draw.commitment["population_root"],
        secret_sha256=draw.commitment["secret_sha256"],
        population=draw.commitment["population"],
        excluded=dict(draw.excluded),
    )


def _download(body: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type="application/json", headers=headers)
