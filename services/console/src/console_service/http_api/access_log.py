"""Reading who read or changed what."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from httpapi import Page, PageRequest
from httpapi.access import AreaRule, allow
from httpapi.identity import Role
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from console_service.http_api.edge import Edge
from console_service.model import AccessFilter

_READER = allow(
    Role.AUDITOR, Role.CITY_ADMINISTRATOR, area=AreaRule.CITY_ONLY, purpose="see who read or changed what"
)
_Text = Annotated[str | None, Query(min_length=1, max_length=200)]
_Instant = Annotated[
    AwareDatetime | None, Query(description="with its offset, such as 2026-11-27T00:00:00+08:00")
]


class AccessEntry(BaseModel):
    """One request that was forwarded or refused, one login or logout, or one change of an account."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    at: datetime
    username: Annotated[
        str,
        Field(
            description="`unknown account` where a login named none, `command line` for who changed accounts there"
        ),
    ]
    subject: str
    role: Annotated[str, Field(description="empty where nobody known did it")]
    area: str | None
    address: str
    method: str
    service: str
    path: str
    query: str
    entity: Annotated[str | None, Field(description="the entity it names")]
    status: Annotated[int | None, Field(description="how it was answered; null when it was not")]
    duration_ms: int
    reason: Annotated[str | None, Field(description="why an account was changed, as whoever did it says")]


def router(edge: Edge) -> APIRouter:
    """The route of the access log."""
    routes = APIRouter(prefix="/api/access-log", tags=["access log 访问日志"])

    @routes.get("", dependencies=[_READER], summary="Who read or changed what 访问日志")
    async def read_entries(  # noqa: PLR0913 - one parameter for each filter
        page: PageRequest,
        *,
        username: _Text = None,
        role: Annotated[Role | None, Query()] = None,
        entity: _Text = None,
        since: _Instant = None,
        until: Annotated[AwareDatetime | None, Query(description="before this")] = None,
    ) -> Page[AccessEntry]:
        after = page.after(int)
        asked = AccessFilter(username, role and str(role), entity and entity.upper(), since, until)
        found = await edge.access_log.page(asked, int(after[0]) if after else None, page.limit + 1)
        return page.page(found, key=lambda entry: (entry.number,), item=AccessEntry.model_validate)

    return routes
