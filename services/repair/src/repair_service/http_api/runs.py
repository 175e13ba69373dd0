"""The daily run: publicity whose period is over stops, with no application."""

import asyncio
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter
from httpapi.access import AreaRule, allow
from httpapi.field_errors import FieldError
from httpapi.idempotency import OncePerKey
from httpapi.identity import Role
from httpapi.problems import Invalid
from pydantic import BaseModel, Field
from starlette.responses import Response
from vocabulary.calendar import business_date

from repair_service import use_cases
from repair_service.http_api.edge import Edge

_RUNNER = allow(Role.CITY_ADMINISTRATOR, area=AreaRule.CITY_ONLY, purpose="run the day")


class Day(BaseModel):
    """The business day to run for, Asia/Shanghai."""

    day: Annotated[date, Field(description="业务日期")]


class DayDone(BaseModel):
    """What the daily run did."""

    day: date
    stopped: Annotated[int, Field(description="records stopped by this call 本次停止公示")]
    stopped_on_day: Annotated[
        dict[str, int],
        Field(description="records stopped by all calls for the day, by kind of record 当日累计"),
    ]


def router(edge: Edge) -> APIRouter:
    """The route that runs a day; sent again it stops only what became known since."""
    routes = APIRouter(tags=["runs 日终处理"])
    one_at_a_time = (
        asyncio.Lock()
    )  # a run holds two connections: runs side by side would wait for each other's

    @routes.post(
        "/v1/daily-runs", response_model=DayDone, dependencies=[_RUNNER], summary="Run a day 日终处理"
    )
    async def run_day(body: Day, once: OncePerKey) -> Response:
        _require_come(body.day, business_date(edge.clock()))

        async def work() -> DayDone:
            stopped = await _stop_expired(edge, body.day)
            by_kind = dict(await edge.reader.stopped_by_run(body.day))
            return DayDone(day=body.day, stopped=stopped, stopped_on_day=by_kind)

        async with one_at_a_time, edge.open() as tx:
            return await once.answer(tx.idempotency, 200, work)

    return routes


def _require_come(day: date, today: date) -> None:
    """The day is not in the future: what a run stops stays stopped.

    Raises:
        Invalid: It is.
    """
    if day > today:
        expected = f"{today.isoformat()} or earlier"
        raise Invalid(errors=[FieldError("body.day", "lies in the future", expected)])


async def _stop_expired(edge: Edge, day: date) -> int:
    """Stops what is due, in transactions of a bounded size; a run broken off goes on where it was when sent again."""
    recorded_at_ms = _milliseconds(edge.clock())
    total = 0
    while True:
        async with edge.open() as tx:
            run = await use_cases.stop_expired(day, tx, limit=edge.run_batch, recorded_at_ms=recorded_at_ms)
        total += run.stopped
        if run.stopped < edge.run_batch:
            return total


def _milliseconds(instant: datetime) -> int:
    return int((instant - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
