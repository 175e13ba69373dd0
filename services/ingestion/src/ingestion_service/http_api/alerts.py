"""Alerts: silent sources, keys that end soon, codes claimed twice; acknowledged with a reason (告警)."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from httpapi import STAFF, AreaRule, Caller, Page, PageRequest, Role, allow
from httpapi.problems import Conflict, NotFound
from pydantic import BaseModel, ConfigDict, Field

from ingestion_service.errors import NotOpen, UnknownAlert
from ingestion_service.model.alert import Alert, AlertKind
from ingestion_service.model.source import Signature
from ingestion_service.ports.sources import Alerts

_READER = allow(*STAFF, area=AreaRule.CITY_ONLY, purpose="watch what comes in")
Acknowledger = Annotated[
    Caller,
    allow(Role.CITY_ADMINISTRATOR, Role.AREA_OFFICER, area=AreaRule.CITY_ONLY, purpose="watch what comes in"),
]


class AlertOut(BaseModel):
    """One alert (告警); closed without `closed_by`, it was over by itself."""

    id: int
    kind: AlertKind
    source: str
    key_id: str | None
    about: str | None = Field(description="the code contested, and the id of the fact that claims it")
    since: datetime
    opened_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    reason: str | None


class AcknowledgeIn(BaseModel):
    """Why nobody needs to look any more."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=3, max_length=1000, pattern=r"^[^\x00]*$")


class ClosedBefore(Conflict):
    """Raised when an alert is closed already."""

    slug, title = "alert-closed", "This alert is closed already"


def alerts_router(alerts: Alerts, now: Callable[[], datetime]) -> APIRouter:
    """Routes of alerts."""
    router = APIRouter(prefix="/v1/alerts", tags=["alerts 告警"])

    @router.get("", dependencies=[_READER], summary="Alerts (告警清单)")
    async def list_alerts(
        page: PageRequest,
        state: Literal["open", "closed", "all"] = "open",
        kind: AlertKind | None = None,
        source: Annotated[str | None, Query(max_length=64, pattern=r"^[^\x00]*$")] = None,
    ) -> Page[AlertOut]:
        after = page.after(int) or (0,)
        is_open = None if state == "all" else state == "open"
        rows = await alerts.page(
            is_open=is_open, kind=kind, source=source, after=int(after[0]), limit=page.limit + 1
        )
        return page.page(rows, key=lambda row: (row.id,), item=_out)

    @router.post("/{number}/acknowledge", summary="Acknowledge an alert (确认告警)")
    async def acknowledge(
        caller: Acknowledger, number: Annotated[int, Path(ge=1, lt=2**63)], order: AcknowledgeIn
    ) -> AlertOut:
        """It is closed, and not opened again for the same silence or expiry."""
        try:
            return _out(await alerts.acknowledge(number, order.reason, Signature(caller.subject, now())))
        except UnknownAlert as error:
            raise NotFound("There is no such alert.") from error
        except NotOpen as error:
            raise ClosedBefore from error

    return router


def _out(alert: Alert) -> AlertOut:
    return AlertOut(
        id=alert.id,
        kind=alert.kind,
        source=alert.source,
        key_id=alert.key_id or None,
        about=alert.about or None,
        since=alert.since,
        opened_at=alert.opened_at,
        closed_at=alert.closed_at,
        closed_by=alert.closed_by,
        reason=alert.reason,
    )
