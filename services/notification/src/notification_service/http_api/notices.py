"""Notices (告知书、提示函): followed by staff, read by the entity they address."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from httpapi.access import AreaAsked, AreaRule, allow, area_asked, audit_read, require_area
from httpapi.idempotency import OncePerKey
from httpapi.identity import STAFF, Caller, Role
from httpapi.pages import Page, PageQuery, PageRequest
from httpapi.problems import NotFound
from pydantic import BaseModel, Field
from starlette.responses import Response

from notification_service.http_api.edge import USCC_PATTERN, Edge, EdgeUnitOfWork, faults_as_problems
from notification_service.model import NoticeState
from notification_service.model.views import NoticeQuery, NoticeView
from notification_service.rules.localised import Language
from notification_service.rules.templates import Addressee
from notification_service.use_cases import letters as use_cases

StaffList = Annotated[Caller, allow(*STAFF, area=AreaRule.FILTER, purpose="follow notices")]
StaffOne = Annotated[Caller, allow(*STAFF, area=AreaRule.ENTITY, purpose="read a notice")]
Sender = Annotated[
    Caller,
    allow(
        Role.CITY_ADMINISTRATOR, Role.AREA_OFFICER, area=AreaRule.ENTITY, purpose="send a notice once more"
    ),
]
OwnEntity = Annotated[
    Caller, allow(Role.ENTERPRISE, area=AreaRule.NOT_APPLICABLE, purpose="read its own notices")
]
NoticeId = Annotated[str, Path(pattern=r"^n[a-z2-7]{26}$")]


class MyNotice(BaseModel):
    """One letter, as its addressee sees it."""

    notice_id: str
    template: Annotated[str, Field(description="what it is 文书种类")]
    title_zh: str
    title_en: str
    issued_on: date
    state: str
    text: Annotated[str | None, Field(description="the letter 正文; null until it was handed over")]


class NoticeOut(MyNotice):
    """One notice, as staff see it."""

    uscc: str
    name: str
    area: str | None
    version: int
    channel: str
    origin_id: Annotated[str, Field(description="what caused it, in the sender's terms")]
    attempts: int
    last_error: str
    planned_at: datetime
    settled_at: datetime | None


class NoticeInBoth(NoticeOut):
    """One notice with its English rendering."""

    text_en: str


class SentAgain(BaseModel):
    """Confirms that a notice is planned again."""

    notice_id: str


def router(edge: Edge) -> APIRouter:
    """Routes to list, read and resend notices."""
    routes = APIRouter(tags=["notices 告知与提示"])
    for add in (_list_routes, _one_routes):
        add(routes, edge)
    return routes


def _list_routes(routes: APIRouter, edge: Edge) -> None:
    @routes.get("/v1/notices", summary="List notices, newest first 文书台账")
    async def list_notices(  # noqa: PLR0913 - one parameter for each filter
        caller: StaffList,
        page: PageRequest,
        *,
        uscc: Annotated[str | None, Query(pattern=USCC_PATTERN)] = None,
        state: NoticeState | None = None,
        template: Annotated[str | None, Query(max_length=64)] = None,
        area: AreaAsked = None,
    ) -> Page[NoticeOut]:
        query = NoticeQuery(
            limit=page.limit + 1,
            before=_before(page),
            uscc=uscc,
            state=state,
            template=template,
            area=area_asked(caller, area),
        )
        views = await edge.reader.notices(query)
        return page.page(views, key=lambda view: (view.sequence,), item=lambda view: _for_staff(view, edge))

    @routes.get("/v1/my/notices", summary="My notices 我的文书")
    async def my_notices(caller: OwnEntity, page: PageRequest) -> Page[MyNotice]:
        query = NoticeQuery(limit=page.limit + 1, before=_before(page), uscc=caller.entity or "")
        views = await edge.reader.notices(query)
        return page.page(views, key=lambda view: (view.sequence,), item=lambda view: _for_entity(view, edge))


def _one_routes(routes: APIRouter, edge: Edge) -> None:
    Tx = Annotated[EdgeUnitOfWork, Depends(edge.transaction, scope="function")]  # noqa: N806 - a type

    @routes.get("/v1/notices/{notice_id}", summary="One notice with its text in both languages 文书全文")
    async def read_notice(caller: StaffOne, notice_id: NoticeId) -> NoticeInBoth:
        view = await edge.reader.notice(notice_id)
        require_area(caller, None if view is None else view.area, what="notice")
        if view is None:
            raise NotFound("There is no such notice.")
        audit_read(caller, "notice", view.uscc)
        return NoticeInBoth(**_for_staff(view, edge).model_dump(), text_en=_english(view, edge))

    @routes.post(
        "/v1/notices/{notice_id}/redeliveries",
        status_code=202,
        response_model=SentAgain,
        summary="Send a failed notice once more 重新送达文书",
    )
    async def send_again(caller: Sender, notice_id: NoticeId, tx: Tx, once: OncePerKey) -> Response:
        view = await edge.reader.notice(notice_id)
        require_area(caller, None if view is None else view.area, what="notice")

        async def work() -> SentAgain:
            await use_cases.send_notice_again(notice_id, tx, edge.clock())
            return SentAgain(notice_id=notice_id)

        with faults_as_problems():
            return await once.answer(tx.idempotency, 202, work)


def _before(page: PageQuery) -> int | None:
    after = page.after(int)
    return None if after is None else int(after[0])


def _for_entity(view: NoticeView, edge: Edge) -> MyNotice:
    title = edge.catalogue.title(view.template, view.version)
    return MyNotice.model_validate({**asdict(view), "title_zh": title.zh, "title_en": title.en})


def _for_staff(view: NoticeView, edge: Edge) -> NoticeOut:
    title = edge.catalogue.title(view.template, view.version)
    return NoticeOut.model_validate({**asdict(view), "title_zh": title.zh, "title_en": title.en})


def _english(view: NoticeView, edge: Edge) -> str:
    return edge.renderer.render(
        view.template,
        view.version,
        number=view.notice_id,
        addressee=Addressee(view.uscc, view.name, view.area or ""),
        issued_on=view.issued_on,
        params=view.params,
        language=Language.EN,
    )
