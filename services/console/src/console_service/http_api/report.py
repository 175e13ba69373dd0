"""An entity's page as a workbook."""

import asyncio
import time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request
from httpapi.access import AreaRule, allow, audit_read
from httpapi.identity import STAFF, Caller
from starlette.responses import Response

from console_service.http_api.edge import Edge
from console_service.http_api.entries import answered, entry_of
from console_service.http_api.workbook import XLSX, workbook
from console_service.upstream.entity import entity_file

_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}
Staff = Annotated[
    Caller,
    allow(*STAFF, area=AreaRule.NOT_APPLICABLE, purpose="export an entity; the services limit by area"),
]


def router(edge: Edge) -> APIRouter:
    """The route of the workbook."""
    routes = APIRouter(prefix="/api/entities", tags=["entities 主体"])

    @routes.get(
        "/{uscc}/report.xlsx",
        response_class=Response,
        responses=_ANSWER,
        summary="An entity as a workbook 一户一档",
    )
    async def read_report(
        caller: Staff,
        uscc: Annotated[str, Path(pattern=r"^[0-9A-Za-z]{15,18}$")],
        request: Request,
        language: Annotated[Literal["zh", "en"], Query()] = "zh",
    ) -> Response:
        code, began_s, status = uscc.upper(), time.perf_counter(), None
        entry = entry_of(edge, request, caller, ("console", f"/entities/{code}/report.xlsx", code))
        try:
            file = await entity_file(edge.services, code, request.state.token)
            body = await asyncio.to_thread(workbook, file, language)
            status = 200
        finally:
            edge.access_log.add(answered(entry, status, began_s))
        audit_read(caller, "report", code)
        headers = {"Content-Disposition": f'attachment; filename="{code}.xlsx"'}
        return Response(body, 200, headers, media_type=XLSX)

    return routes
