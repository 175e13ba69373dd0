"""The queue of signals (预警), the most urgent first, and how many there are of each kind."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query
from httpapi import Caller, Page, PageRequest, audit_read
from httpapi.field_errors import FieldError
from httpapi.pages import PageQuery
from httpapi.problems import BadRequest
from pydantic import BaseModel, Field
from vocabulary.industries import Sector

from profiling_service.http_api.edge import Edge, Lister, area_asked
from profiling_service.http_api.signal_views import CountView, SignalView, count_view, signal_view
from profiling_service.model.entities import SECTORS
from profiling_service.model.signals import Severity
from profiling_service.ports.signals import Place, SignalFilter, SignalRow
from profiling_service.rules.windows import as_date

LATELY_DAYS = 30
"""Of what was cleared, so many days are counted: nobody asks how many there ever were. Project-chosen."""


class SeverityName(StrEnum):
    """How urgent."""

    NOTICE = "notice"
    WARNING = "warning"
    ALARM = "alarm"


class State(StrEnum):
    """What is to be done: something, nothing until a day, nothing as long as it is suppressed, nothing any more."""

    OPEN = "open"
    SNOOZED = "snoozed"
    SUPPRESSED = "suppressed"
    CLEARED = "cleared"


class AskedOfAny(BaseModel):
    """Which signals are asked for, in whatever state."""

    area: str | None = Field(None, max_length=12)
    family: str | None = Field(None, pattern=r"^[a-z_]{1,40}$")
    uscc: str | None = Field(None, pattern=r"^[0-9A-Z]{18}$")
    sector: Sector | None = Field(None, description="the family is of this sector, or the entity works in it")
    due_before: date | None = None
    assignee: str | None = Field(None, min_length=1, max_length=200, pattern=r"^[^\x00]*$")
    mine: bool = Field(False, description="only those the caller has in hand; wins over `assignee`")
    unassigned: bool = Field(False, description="only those nobody has in hand; wins over both")


class Asked(AskedOfAny):
    """Which signals are asked for."""

    open: bool | None = None
    severity: SeverityName | None = None
    state: State | None = None


def router(edge: Edge) -> APIRouter:
    """Routes that list signals."""
    routes = APIRouter(prefix="/v1/signals", tags=["signals"])
    names = {family.code: family.zh for family in edge.book.families}

    @routes.get(
        "", summary="Signals 预警", description="The most urgent first: by severity, then by the day due."
    )
    async def list_signals(
        caller: Lister, page: PageRequest, asked: Annotated[Asked, Query()]
    ) -> Page[SignalView]:
        if asked.uscc is not None:
            audit_read(caller, "signal", asked.uscc)
        rows = await edge.signals.signals(_filter(edge, asked, caller), _after(page), page.limit + 1)
        return page.page(rows, key=_key, item=lambda row: signal_view(row, names))

    @routes.get("/counts", summary="How many signals 预警数", description=_COUNTS)
    async def count_signals(caller: Lister, asked: Annotated[AskedOfAny, Query()]) -> list[CountView]:
        today = as_date((await edge.reads.business_day()).business_day)
        rows = await edge.signals.counts(
            _of_any(edge, asked, caller), caller.subject, today - timedelta(days=LATELY_DAYS)
        )
        return [count_view(row) for row in rows]

    return routes


_COUNTS = f"By state and severity, in the caller's area; of those cleared, the last {LATELY_DAYS} days."


def _key(row: SignalRow) -> tuple[int, str, str]:
    return -row.severity, row.due_on.isoformat(), row.signal_id


def _after(page: PageQuery) -> Place | None:
    """Where the page continues; None for the first.

    Raises:
        BadRequest: The cursor is not one of this list.
    """
    values = page.after(int, str, str)
    if values is None:
        return None
    try:
        return Place(-Severity(-int(values[0])), date.fromisoformat(str(values[1])), str(values[2]))
    except ValueError as error:
        expected = "next_cursor of the page before, unchanged, or no cursor for the first page"
        wrong = FieldError("query.cursor", "is not a cursor of this list", expected)
        raise BadRequest("The cursor cannot be read.", errors=[wrong]) from error


def _of_any(edge: Edge, asked: AskedOfAny, caller: Caller) -> SignalFilter:
    assignee = caller.subject if asked.mine else asked.assignee
    return SignalFilter(
        area_code=area_asked(caller, asked.area),
        family=asked.family,
        uscc=asked.uscc,
        sector=None if asked.sector is None else SECTORS[asked.sector],
        sector_families=[family.code for family in edge.book.families if family.sector is asked.sector],
        due_before=asked.due_before,
        assignee="" if asked.unassigned else assignee,
    )


def _filter(edge: Edge, asked: Asked, caller: Caller) -> SignalFilter:
    severity = None if asked.severity is None else int(Severity[asked.severity.name])
    return msgspec.structs.replace(
        _of_any(edge, asked, caller), is_open=asked.open, severity=severity, state=asked.state
    )
