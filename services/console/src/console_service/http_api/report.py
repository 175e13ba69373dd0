"""An entity's page as a workbook."""

import asyncio
import re
import time
from datetime import datetime
from typing import Annotated, Any, Literal
from unicodedata import category
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from httpapi.access import AreaRule, allow, audit_read
from httpapi.identity import STAFF, Caller
from starlette.responses import Response

from console_service.http_api.edge import Edge
from console_service.http_api.entries import answered, entry_of
from console_service.http_api.vocabulary import vocabulary
from console_service.http_api.workbook import XLSX, workbook
from console_service.rules.cells import CHINA
from console_service.rules.words import Names, Words
from console_service.store.packs import shipped_words
from console_service.upstream.entity import EntityFile, entity_file

_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}
}
_NOT_IN_A_FILE_NAME = re.compile(r'[/\\:*?"<>|]')
_LONGEST_NAME = 50
"""Characters: file systems take 255 bytes, and some characters are four."""
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
        summary="An entity as a workbook 导出一户一档",
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
            made = {"at": edge.clock().isoformat(), "by": request.state.session.person.display_name}
            words = Words(language, shipped_words(), _names(file))
            body = await asyncio.to_thread(workbook, file, words, made)
            status = 200
        finally:
            edge.access_log.add(answered(entry, status, began_s))
        audit_read(caller, "report", code)
        headers = {"Content-Disposition": _attachment(file.entity.get("name") or "", code, edge.clock())}
        return Response(body, 200, headers, media_type=XLSX)

    return routes


def _attachment(name: str, code: str, now: datetime) -> str:
    """The file is called 名称_统一社会信用代码_日期; what can read ASCII only gets it without the name (RFC 6266)."""
    ascii_name = f"{code}_{now.astimezone(CHINA):%Y-%m-%d}.xlsx"
    seen = "".join(each for each in name if not category(each).startswith("C"))
    stem = _NOT_IN_A_FILE_NAME.sub("", seen)[:_LONGEST_NAME].strip(" .")
    told = f"{stem}_{ascii_name}" if stem else ascii_name
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(told, safe='')}"


def _names(file: EntityFile) -> Names:
    """What the services call things, by kind and code."""
    kinds = {**vocabulary().model_dump(exclude={"city"}), **file.names}
    return {kind: {each.get("code") or each["id"]: each for each in told} for kind, told in kinds.items()}
