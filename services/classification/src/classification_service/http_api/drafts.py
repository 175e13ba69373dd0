"""Drafts of models: written, submitted, approved by another person, promoted at a date (模型草案)."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Self

from fastapi import APIRouter, Header, Query
from httpapi.access import audit_read
from httpapi.field_errors import FieldError
from httpapi.idempotency import OncePerKey
from httpapi.pages import Page, PageRequest
from httpapi.problems import BadRequest, NotFound
from pydantic import BaseModel, Field
from starlette.responses import Response

from classification_service.http_api.desk import Approver, Because, Desk, Number, Writer
from classification_service.http_api.edge import AnyStaff
from classification_service.http_api.steps import StepRow, Trail
from classification_service.model.governing import Checked, Difference, Draft, DraftState
from classification_service.model.risk_model import RiskModel
from classification_service.rules.differing import differences
from classification_service.rules.drafting import Versions, checked
from classification_service.rules.reading import located
from classification_service.use_cases import drafts as use_cases

_NEWEST = 2**63 - 1


class DraftText(BaseModel):
    """A model as YAML; comments stay."""

    text: str = Field(min_length=1, max_length=200_000, pattern=r"^[^\x00]*$")


CutsFrom = Annotated[
    int | None,
    Field(
        ge=1,
        lt=2**63,
        description="the what-if of this very text whose cuts it takes, where it says shares 试算编号",
    ),
]


class Submission(BaseModel):
    """The version of the draft that is submitted."""

    version: int = Field(ge=1)
    what_if_id: CutsFrom = None


class Approval(BaseModel):
    """A second person's word about the document they read."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of the draft as it was read")
    note: str = Field("", max_length=2000)


class PromotionOrder(BaseModel):
    """From which business day the version judges."""

    day: date


class ProblemRow(BaseModel):
    """Something wrong in a text."""

    line: int = Field(description="from 1; 0 where there is none")
    place: str
    reason: str


class DraftRow(BaseModel):
    """A draft without its text."""

    id: int
    code: str = Field(description="of the model, empty while the text cannot be read")
    version: int = Field(description="counts the edits; save with If-Match of it")
    state: DraftState
    author: str
    created_at: datetime
    edited_by: str
    edited_at: datetime
    submitted_by: str | None
    submitted_at: datetime | None
    sha256: str | None = Field(description="of the document as submitted, with its cuts")
    cuts_from: str
    approved_by: str | None
    approved_at: datetime | None
    model_id: str | None = Field(description="the version it became")
    offers: str = Field(
        description="the shipped version it offers, with the SHA-256 of what judges in it; empty for a person's own"
    )

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """The draft as it is listed."""
        return cls(**{name: getattr(draft, name) for name in DraftRow.model_fields})


class DraftDetail(DraftRow):
    """A draft with its text and everything wrong in it."""

    text: str
    problems: list[ProblemRow]

    @classmethod
    def with_problems(cls, draft: Draft, found: Checked) -> Self:
        """The draft as its editor sees it."""
        rows = [ProblemRow(line=each.line, place=each.place, reason=each.reason) for each in found.problems]
        return cls(**DraftRow.of(draft).model_dump(), text=draft.text, problems=rows)


class DifferenceRow(BaseModel):
    """One place a draft says otherwise; what is said as JSON, null where nothing is."""

    place: str = Field(description="items by indicator, rules by code")
    was: str | None
    is_: str | None = Field(serialization_alias="is")

    @classmethod
    def of(cls, difference: Difference) -> Self:
        """The difference as it is shown."""
        return cls(place=difference.place, was=difference.was, is_=difference.is_)


class DiffAnswer(BaseModel):
    """What a draft says otherwise than the version promoted last; promoted itself, than the one it took over from."""

    against: str | None = Field(description="that version, null for a new code")
    differences: list[DifferenceRow]


IfMatch = Annotated[str | None, Header(alias="If-Match", max_length=40)]


def router(desk: Desk) -> APIRouter:
    """Routes about drafts."""
    routes = APIRouter(prefix="/v1/drafts", tags=["drafts 模型草案"])
    _reading(routes, desk)
    _tracing(routes, desk)
    _writing(routes, desk)
    _submitting(routes, desk)
    _deciding(routes, desk)
    _promoting(routes, desk)
    return routes


def _reading(routes: APIRouter, desk: Desk) -> None:
    @routes.get("", summary="Drafts, newest first 草案列表")
    async def list_drafts(
        caller: AnyStaff, page: PageRequest, state: Annotated[DraftState | None, Query()] = None
    ) -> Page[DraftRow]:
        audit_read(caller, "drafts")
        before = page.after(int) or (_NEWEST,)
        rows = await desk.people.drafts(int(before[0]), page.limit + 1, state)
        return page.page(rows, key=lambda row: (row.id,), item=DraftRow.of)

    @routes.get("/{number}", summary="One draft, with everything wrong in it 草案详情")
    async def read_draft(caller: AnyStaff, number: Number, response: Response) -> DraftDetail:
        draft = await _found(desk, number)
        audit_read(caller, f"draft {number}")
        response.headers["ETag"] = f'"{draft.version}"'
        found = await asyncio.to_thread(checked, draft.text, desk.catalogue, await _books(draft, desk))
        return DraftDetail.with_problems(draft, found)


def _tracing(routes: APIRouter, desk: Desk) -> None:
    @routes.get("/{number}/diff", summary="What a draft changes 草案与现行版本比较")
    async def read_diff(caller: AnyStaff, number: Number) -> DiffAnswer:
        draft = await _found(desk, number)
        audit_read(caller, f"diff of draft {number}")
        async with desk.open() as tx:
            other = await use_cases.before(draft, desk.who(caller), tx)
        rows = list(map(DifferenceRow.of, await asyncio.to_thread(_differences, draft, other)))
        return DiffAnswer(against=other.id if other else None, differences=rows)

    @routes.get("/{number}/trail", summary="Who did what to a draft 草案留痕")
    async def read_trail(caller: AnyStaff, number: Number) -> Trail:
        await _found(desk, number)
        audit_read(caller, f"trail of draft {number}")
        return Trail(items=[StepRow.of(each) for each in await desk.people.draft_trail(number)])


def _writing(routes: APIRouter, desk: Desk) -> None:
    @routes.post("", status_code=201, response_model=DraftDetail, summary="Begin a draft 新建草案")
    async def create(caller: Writer, body: DraftText, once: OncePerKey) -> Response:
        async with desk.open() as tx:

            async def work() -> DraftDetail:
                made = await use_cases.create_draft(body.text, desk.who(caller), desk.catalogue, tx)
                return DraftDetail.with_problems(*made)

            return await once.answer(tx.idempotency, 201, work)

    @routes.put("/{number}", response_model=DraftDetail, summary="Save a draft's text 保存草案")
    async def save(
        caller: Writer, number: Number, body: DraftText, once: OncePerKey, if_match: IfMatch = None
    ) -> Response:
        read = (number, _version(if_match))
        async with desk.open() as tx:

            async def work() -> DraftDetail:
                kept = await use_cases.edit_draft(read, body.text, desk.who(caller), desk.catalogue, tx)
                return DraftDetail.with_problems(*kept)

            return await once.answer(tx.idempotency, 200, work)


def _submitting(routes: APIRouter, desk: Desk) -> None:
    @routes.post(
        "/{number}/submit", response_model=DraftRow, summary="Submit a draft for approval 草案提交审批"
    )
    async def submit(caller: Writer, number: Number, body: Submission, once: OncePerKey) -> Response:
        read = (number, body.version)
        async with desk.open() as tx:

            async def work() -> DraftRow:
                who = desk.who(caller)
                tried = body.what_if_id
                return DraftRow.of(await use_cases.submit_draft(read, tried, who, desk.catalogue, tx))

            return await once.answer(tx.idempotency, 200, work)

    @routes.post("/{number}/withdraw", response_model=DraftRow, summary="Give a draft up 撤回草案")
    async def withdraw(caller: Writer, number: Number, body: Because, once: OncePerKey) -> Response:
        async with desk.open() as tx:

            async def work() -> DraftRow:
                who = desk.who(caller)
                return DraftRow.of(await use_cases.withdraw_draft(number, who, body.reason, tx))

            return await once.answer(tx.idempotency, 200, work)


def _deciding(routes: APIRouter, desk: Desk) -> None:
    @routes.post(
        "/{number}/approve",
        response_model=DraftRow,
        summary="Approve a draft, as another person 草案审批通过",
    )
    async def approve(caller: Approver, number: Number, body: Approval, once: OncePerKey) -> Response:
        async with desk.open() as tx:

            async def work() -> DraftRow:
                read, who = (number, body.sha256), desk.who(caller)
                return DraftRow.of(await use_cases.approve_draft(read, body.note, who, tx))

            return await once.answer(tx.idempotency, 200, work)

    @routes.post("/{number}/return", response_model=DraftRow, summary="Return a draft with a reason 退回草案")
    async def give_back(caller: Approver, number: Number, body: Because, once: OncePerKey) -> Response:
        async with desk.open() as tx:

            async def work() -> DraftRow:
                who = desk.who(caller)
                return DraftRow.of(await use_cases.return_draft(number, who, body.reason, tx))

            return await once.answer(tx.idempotency, 200, work)


def _promoting(routes: APIRouter, desk: Desk) -> None:
    @routes.post(
        "/{number}/promote", response_model=DraftRow, summary="Let a draft judge from a day on 草案上线"
    )
    async def promote(caller: Writer, number: Number, body: PromotionOrder, once: OncePerKey) -> Response:
        async with desk.open() as tx:

            async def work() -> DraftRow:
                who = desk.who(caller)
                draft, _ = await use_cases.promote_draft(number, body.day, who, desk.catalogue, tx)
                return DraftRow.of(draft)

            return await once.answer(tx.idempotency, 200, work)


async def _books(draft: Draft, desk: Desk) -> Versions:
    """What the draft must agree with: nothing where it is done with, and may be in the books itself."""
    if draft.state in {DraftState.PROMOTED, DraftState.WITHDRAWN}:
        return Versions({}, {})
    async with desk.open() as tx:
        return await tx.drafts.versions()


def _differences(draft: Draft, live: RiskModel | None) -> Sequence[Difference]:
    document = draft.definition or located(draft.text, "draft").document
    return differences(live.definition if live else {}, document)


async def _found(desk: Desk, number: int) -> Draft:
    draft = await desk.people.draft(number)
    if draft is None:
        raise NotFound("There is no such draft.")
    return draft


def _version(if_match: str | None) -> int:
    """The version that was read.

    Raises:
        BadRequest: none is named.
    """
    named = (if_match or "").strip().removeprefix("W/").strip('"')
    if not named.isdecimal() or len(named) > 9:
        wrong = FieldError("header.if-match", "names no version", 'the ETag of the draft read, such as "3"')
        raise BadRequest(errors=[wrong])
    return int(named)
