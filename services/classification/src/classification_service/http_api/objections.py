"""Objections to records: filed for an entity, decided by another person by the term (异议)."""

from datetime import date, datetime, timedelta
from typing import Annotated, Self

from fastapi import APIRouter, Query
from httpapi.access import AreaAsked, area_asked, audit_read
from httpapi.field_errors import Fault, FieldError
from httpapi.idempotency import OncePerKey
from httpapi.pages import Page, PageRequest
from httpapi.problems import Invalid
from pydantic import BaseModel, Field
from starlette.responses import Response

from classification_service.http_api.desk import Decider, Desk, Evidence, Filer, Number, Reason, UsccText
from classification_service.http_api.edge import ManyEntities
from classification_service.model.intervention import Filing, Objection, ObjectionState, Ruling
from classification_service.rules.objecting import rests_at_most_until
from classification_service.use_cases import objections as use_cases

_FIRST = (date(1970, 1, 1), 0)
LONGEST_AGO = timedelta(days=366)
"""Its term would be over before anybody heard of it; project-chosen."""


class ObjectionOrder(BaseModel):
    """What the entity objects to: a record, items, or both; items are read from the record where none is named."""

    uscc: UsccText
    record: str = Field("", max_length=300, description="fact objected to, source|fact_id")
    indicators: list[Annotated[str, Field(max_length=100)]] = Field([], max_length=20)
    ground: Reason
    evidence: Evidence
    filed_on: date = Field(description="day the entity filed it 提出日期")


class RulingOrder(BaseModel):
    """How it is decided."""

    upheld: bool
    reason: Reason
    must_happen: str = Field(
        "", max_length=2000, description="what the source must correct, of an upheld one"
    )
    rests_until: date | None = Field(
        None,
        description="last day the items of an upheld one rest, unless the record is corrected before; "
        "null for as long as the term allows, where a record is named",
    )


class ObjectionRow(BaseModel):
    """An objection (异议)."""

    number: int
    uscc: str
    record: str
    indicators: list[str]
    ground: str
    evidence: list[str]
    filed_by: str
    filed_on: date
    filed_at: datetime
    due_on: date = Field(description="last day to decide it 办理期限")
    state: str = Field(description="open, upheld or rejected")
    decided_by: str | None
    decided_at: datetime | None
    reason: str
    must_happen: str
    rests_until: date | None = Field(description="of an upheld one 暂不计分至")

    @classmethod
    def of(cls, objection: Objection) -> Self:
        """The objection as it is shown."""
        own = {name: getattr(objection, name) for name in Objection.__dataclass_fields__}
        lists = {"indicators": list(objection.indicators), "evidence": list(objection.evidence)}
        return cls(**own | lists)


def router(desk: Desk) -> APIRouter:
    """Routes about objections."""
    routes = APIRouter(prefix="/v1/objections", tags=["objections 异议"])
    _listing(routes, desk)
    _filing(routes, desk)
    _deciding(routes, desk)
    return routes


def _listing(routes: APIRouter, desk: Desk) -> None:
    @routes.get("", summary="Objections, those due first 异议列表")
    async def list_objections(  # noqa: PLR0913 - one parameter for each filter
        caller: ManyEntities,
        page: PageRequest,
        *,
        uscc: Annotated[UsccText | None, Query()] = None,
        state: Annotated[ObjectionState | None, Query()] = None,
        overdue: Annotated[bool, Query(description="only open ones whose term is over 逾期未办")] = False,
        area: AreaAsked = None,
    ) -> Page[ObjectionRow]:
        after = page.after(str, int)
        start = (_day(str(after[0])), int(after[1])) if after else _FIRST
        rows = await desk.people.objections(
            start,
            page.limit + 1,
            area_asked(caller, area),
            uscc=uscc,
            state=ObjectionState.OPEN if overdue else state,
            due=desk.today() if overdue else None,
        )
        audit_read(caller, "objections", uscc)
        return page.page(rows, key=lambda row: (row.due_on.isoformat(), row.number), item=ObjectionRow.of)

    @routes.get("/{number}", summary="One objection 异议详情")
    async def read_objection(caller: ManyEntities, number: Number) -> ObjectionRow:
        found = await desk.own(caller, await desk.people.objection(number))
        audit_read(caller, f"objection {number}", found.uscc)
        return ObjectionRow.of(found)


def _filing(routes: APIRouter, desk: Desk) -> None:
    @routes.post(
        "", status_code=201, response_model=ObjectionRow, summary="File an objection for an entity 登记异议"
    )
    async def file(caller: Filer, body: ObjectionOrder, once: OncePerKey) -> Response:
        await desk.open_to_decide(caller, body.uscc)
        filing = _filing_of(body, desk.today())
        async with desk.open() as tx:

            async def work() -> ObjectionRow:
                who = desk.who(caller)
                made = await use_cases.file_objection(filing, who, desk.terms, desk.catalogue, tx)
                return ObjectionRow.of(made)

            return await once.answer(tx.idempotency, 201, work)


def _deciding(routes: APIRouter, desk: Desk) -> None:
    @routes.post(
        "/{number}/decide", response_model=ObjectionRow, summary="Decide an objection, as another 处理异议"
    )
    async def decide(caller: Decider, number: Number, body: RulingOrder, once: OncePerKey) -> Response:
        objection = await desk.own(caller, await desk.people.objection(number))
        _require_consistent(body, desk.today())
        _require_last_day(body, objection, desk)
        ruling = Ruling(body.upheld, body.reason, body.must_happen, body.rests_until)
        async with desk.open() as tx:

            async def work() -> ObjectionRow:
                who = desk.who(caller)
                kept = await use_cases.decide_objection(number, ruling, who, desk.terms, tx)
                return ObjectionRow.of(kept)

            return await once.answer(tx.idempotency, 200, work)


def _filing_of(order: ObjectionOrder, today: date) -> Filing:
    wrong = []
    if not order.record and not order.indicators:
        expected = "a record, indicators, or both"
        wrong.append(FieldError("body.record", "names nothing objected to", expected, Fault.MISSING))
    if order.filed_on > today:
        wrong.append(_late("body.filed_on", "lies in the future", today))
    if order.filed_on < (first := today - LONGEST_AGO):
        day = first.isoformat()
        wrong.append(
            FieldError("body.filed_on", "lies too long ago", f"{day} or later", Fault.TOO_EARLY, day)
        )
    if wrong:
        raise Invalid(errors=wrong)
    items, evidence = tuple(order.indicators), tuple(order.evidence)
    return Filing(order.uscc, order.record, items, order.ground, evidence, order.filed_on)


def _require_consistent(order: RulingOrder, today: date) -> None:
    wrong = []
    if order.upheld == (not order.must_happen):
        expected = "what the source must correct, where it is upheld, and nothing else"
        wrong.append(
            FieldError("body.must_happen", "does not go with the decision", expected, Fault.CONTRADICTORY)
        )
    if order.rests_until is not None and (not order.upheld or order.rests_until < today):
        expected = f"{today.isoformat()} or later, where it is upheld"
        wrong.append(
            FieldError("body.rests_until", "does not go with the decision", expected, Fault.CONTRADICTORY)
        )
    if wrong:
        raise Invalid(errors=wrong)


def _require_last_day(order: RulingOrder, objection: Objection, desk: Desk) -> None:
    """Where no record is named nothing tells that it was corrected; and nothing rests for ever."""
    last = rests_at_most_until(objection, desk.today(), desk.terms)
    if order.upheld and not objection.record and order.rests_until is None:
        reason = "is needed: no record is named whose correction would end it"
    elif order.rests_until is not None and order.rests_until > last:
        reason = "is too far ahead"
    else:
        return
    raise Invalid(errors=[_late("body.rests_until", reason, last)])


def _late(field: str, problem: str, last: date) -> FieldError:
    return FieldError(field, problem, f"{last.isoformat()} or earlier", Fault.TOO_LATE, last.isoformat())


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        wrong = FieldError("query.cursor", "is not a cursor of this list", "next_cursor of the page before")
        raise Invalid(errors=[wrong]) from None
