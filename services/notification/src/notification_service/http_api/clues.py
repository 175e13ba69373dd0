"""Clues (违法违规线索): pulled and answered by platforms, followed by staff."""

from collections import Counter
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from httpapi.access import AreaAsked, AreaRule, allow, area_asked, require_area
from httpapi.idempotency import OncePerKey
from httpapi.identity import STAFF, Caller, Role
from httpapi.pages import Page, PageRequest
from httpapi.problems import NotFound
from pydantic import BaseModel, Field
from starlette.responses import Response

from notification_service.http_api.edge import USCC_PATTERN, Edge, EdgeUnitOfWork, faults_as_problems
from notification_service.model import Answer, Clue, ClueAction, ClueState
from notification_service.model.views import AttemptView, ClueQuery, ClueView
from notification_service.use_cases import platforms as use_cases

OwnPlatform = Annotated[
    Caller, allow(Role.PLATFORM, area=AreaRule.NOT_APPLICABLE, purpose="pull and answer its own clues")
]
StaffList = Annotated[Caller, allow(*STAFF, area=AreaRule.FILTER, purpose="follow clues and answers")]
StaffOne = Annotated[Caller, allow(*STAFF, area=AreaRule.ENTITY, purpose="follow a clue")]
Sender = Annotated[
    Caller,
    allow(Role.CITY_ADMINISTRATOR, Role.AREA_OFFICER, area=AreaRule.ENTITY, purpose="send a clue once more"),
]
ClueId = Annotated[str, Path(pattern=r"^c[a-z2-7]{26}$")]
Uscc = Annotated[str | None, Query(pattern=USCC_PATTERN, description="unified social credit code")]


class PlatformClue(BaseModel):
    """What a platform is told of one clue, and what it has answered."""

    position: Annotated[int, Field(description="place in the order of clues; ask `after` the last one seen")]
    clue_id: str
    uscc: Annotated[str, Field(description="the operator 统一社会信用代码")]
    name: str
    kind: Annotated[str, Field(description="what it is about 线索类型")]
    severity: Annotated[str, Field(description="how urgent it is: notice, warning or alarm")]
    legal_basis: Annotated[str, Field(description="clause by which the platform acts 法律依据")]
    evidence_digest: Annotated[
        str, Field(description="HMAC-SHA-256 of the evidence; proves it once its salt is shown 证据摘要")
    ]
    due_on: Annotated[date, Field(description="answer by the end of this day 反馈期限")]
    state: Annotated[str, Field(description="withdrawn: what caused it is over, nothing is to be done 撤回")]
    action: str | None
    remark: str
    created_at: datetime
    withdrawn_at: datetime | None


class PlatformClues(BaseModel):
    """Clues in order; ask again with `after=next_after`, also when there were none. A clue withdrawn comes again."""

    items: list[PlatformClue]
    next_after: int


class ClueOut(PlatformClue):
    """One clue, as staff see it."""

    platform: str
    signal_id: str
    evidence_salt: Annotated[str, Field(description="key of the digest; show it to prove the evidence")]
    area: str | None
    raised_on: date
    delivered_at: datetime | None
    responded_at: datetime | None
    webhook: Annotated[
        str | None, Field(description="pending, delivered, failed or cancelled; null if pulled")
    ]


class AttemptOut(BaseModel):
    """One attempt at a clue's webhook."""

    kind: Annotated[str, Field(description="clue.created or clue.withdrawn")]
    attempt: int
    at: datetime
    status: int | None
    error: str
    duration_ms: int


class ClueWithAttempts(ClueOut):
    """One clue with every attempt to push it."""

    attempts: list[AttemptOut]


class ClueCounts(BaseModel):
    """How many clues are in each state; `overdue` are those not answered by their day (逾期未反馈)."""

    by_state: dict[ClueState, int]


class AnswerBody(BaseModel):
    """What the platform did (处置反馈)."""

    action: ClueAction
    remark: Annotated[str, Field(max_length=2000, description="in words 说明")] = ""


class Answered(BaseModel):
    """The clue after the answer."""

    clue_id: str
    state: str
    action: str | None
    remark: str


class SentAgain(BaseModel):
    """Confirms that a webhook is due again."""

    clue_id: str


def router(edge: Edge) -> APIRouter:
    """Routes to pull, answer, follow and resend clues."""
    routes = APIRouter(tags=["clues 线索"])
    for add in (_platform_routes, _staff_routes, _resend_route):
        add(routes, edge)
    return routes


def _platform_routes(routes: APIRouter, edge: Edge) -> None:
    Tx = Annotated[EdgeUnitOfWork, Depends(edge.transaction, scope="function")]  # noqa: N806 - a type

    @routes.get("/v1/clues", summary="Pull own clues in order 拉取线索")
    async def pull_clues(
        caller: OwnPlatform,
        after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> PlatformClues:
        views = await edge.reader.clues(ClueQuery(limit=limit, after=after, platform=caller.platform or ""))
        last = views[-1].position if views else after
        return PlatformClues(items=[_for_platform(view) for view in views], next_after=last)

    @routes.post("/v1/clues/{clue_id}/answer", response_model=Answered, summary="Answer a clue 反馈处置")
    async def answer_clue(
        caller: OwnPlatform, clue_id: ClueId, body: AnswerBody, tx: Tx, once: OncePerKey
    ) -> Response:
        answer = Answer(clue_id, caller.platform or "", body.action, body.remark, edge.clock())

        async def work() -> Answered:
            return _answered(await use_cases.answer_clue(answer, tx))

        with faults_as_problems():
            return await once.answer(tx.idempotency, 200, work)


def _staff_routes(routes: APIRouter, edge: Edge) -> None:
    @routes.get("/v1/clue-register", summary="List clues 线索台账")
    async def list_clues(  # noqa: PLR0913 - one parameter for each filter
        caller: StaffList,
        page: PageRequest,
        *,
        uscc: Uscc = None,
        state: ClueState | None = None,
        platform: Annotated[str | None, Query(max_length=40)] = None,
        area: AreaAsked = None,
    ) -> Page[ClueOut]:
        after = page.after(int) or (0,)
        query = ClueQuery(
            limit=page.limit + 1,
            after=int(after[0]),
            uscc=uscc,
            state=state,
            platform=platform,
            area=area_asked(caller, area),
        )
        return page.page(await edge.reader.clues(query), key=lambda view: (view.position,), item=_for_staff)

    @routes.get("/v1/clue-register/counts", summary="How many clues by state 线索数")
    async def count_clues(caller: StaffList, area: AreaAsked = None) -> ClueCounts:
        counts = Counter(dict.fromkeys(ClueState, 0))
        for count in await edge.reader.clue_counts(area_asked(caller, area)):
            counts[ClueState(count.state)] += count.count
        return ClueCounts(by_state=counts)

    @routes.get("/v1/clue-register/{clue_id}", summary="One clue with its attempts 线索详情")
    async def read_clue(caller: StaffOne, clue_id: ClueId) -> ClueWithAttempts:
        view = await edge.reader.clue(clue_id)
        require_area(caller, None if view is None else view.area, what="clue")
        if view is None:
            raise NotFound("There is no such clue.")
        attempts = [_attempt(attempt) for attempt in await edge.reader.attempts(clue_id)]
        return ClueWithAttempts(**_for_staff(view).model_dump(), attempts=attempts)


def _resend_route(routes: APIRouter, edge: Edge) -> None:
    Tx = Annotated[EdgeUnitOfWork, Depends(edge.transaction, scope="function")]  # noqa: N806 - a type

    @routes.post(
        "/v1/clues/{clue_id}/redeliveries",
        status_code=202,
        response_model=SentAgain,
        summary="Push a clue once more 重新推送线索",
    )
    async def send_again(caller: Sender, clue_id: ClueId, tx: Tx, once: OncePerKey) -> Response:
        view = await edge.reader.clue(clue_id)
        require_area(caller, None if view is None else view.area, what="clue")

        async def work() -> SentAgain:
            await use_cases.send_clue_again(clue_id, tx, edge.clock())
            return SentAgain(clue_id=clue_id)

        with faults_as_problems():
            return await once.answer(tx.idempotency, 202, work)


def _for_platform(view: ClueView) -> PlatformClue:
    return PlatformClue.model_validate(asdict(view))


def _for_staff(view: ClueView) -> ClueOut:
    return ClueOut.model_validate(asdict(view))


def _attempt(view: AttemptView) -> AttemptOut:
    return AttemptOut.model_validate(asdict(view))


def _answered(clue: Clue) -> Answered:
    action = None if clue.action is None else clue.action.value
    return Answered(clue_id=clue.clue_id, state=clue.state.value, action=action, remark=clue.remark)
