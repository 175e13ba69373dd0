"""The audit of all services' books, told as it goes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx
from booksaudit import audit
from booksaudit.compare import Compared
from booksaudit.pairs import PAIRS
from fastapi import APIRouter, Request
from httpapi.access import AreaRule, allow
from httpapi.identity import Role
from httpapi.problems import Overloaded
from starlette.responses import StreamingResponse

from console_service.http_api.edge import Edge

_KEEPER = allow(
    Role.AUDITOR, Role.CITY_ADMINISTRATOR, area=AreaRule.CITY_ONLY, purpose="see that nothing is lost"
)
_WAIT_S = 60.0
"""How long what is in flight may take."""


def router(edge: Edge) -> APIRouter:
    """The route of the audit."""
    routes = APIRouter(prefix="/api/live", tags=["live 实时"])

    @routes.get(
        "/audit",
        dependencies=[_KEEPER],
        response_class=StreamingResponse,
        summary="Compare the books of all services 账目核对",
        responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
    )
    async def audit_books(request: Request) -> StreamingResponse:
        """Server-sent events: `compared` for each pair of books, then `audit` with what was found, or `problem`."""
        events = _audited(edge, request.state.token)
        return StreamingResponse(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    return routes


async def _audited(edge: Edge, token: str) -> AsyncIterator[str]:
    """The audit's events; who goes away ends it."""
    told: asyncio.Queue[tuple[str, Any] | None] = asyncio.Queue()
    seen = 0

    async def read(service: str, path: str, /) -> Any:
        return (await edge.services.get(service, path, token)).raise_for_status().json()

    def compared(_pair: Compared) -> None:
        nonlocal seen
        seen += 1
        told.put_nowait(("compared", {"compared": seen, "of": len(PAIRS)}))

    async def run() -> None:
        try:
            found = await audit(read, _WAIT_S, compared)
            told.put_nowait(("audit", found.document()))
        except Overloaded as error:
            told.put_nowait(("problem", {"detail": error.detail}))
        except httpx.HTTPStatusError as error:
            answer = f"{error.request.url.path} was answered {error.response.status_code}."
            told.put_nowait(("problem", {"detail": answer}))
        finally:
            told.put_nowait(None)

    task = asyncio.create_task(run())
    try:
        while (event := await told.get()) is not None:
            yield f"event: {event[0]}\ndata: {json.dumps(event[1])}\n\n"
        await task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
