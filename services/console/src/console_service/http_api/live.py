"""The stages of the loop, told as they turn by server-sent events.

Source: WHATWG HTML, section 9.2, server-sent events.
"""

import json
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Request
from httpapi.access import AreaRule, allow
from httpapi.identity import STAFF, Caller
from starlette.responses import Response, StreamingResponse

from console_service.http_api.edge import Edge

_EVENTS = "text/event-stream"
_LOOKED_AGAIN_S = 30.0
_STREAM: dict[int | str, dict[str, Any]] = {200: {"content": {_EVENTS: {"schema": {"type": "string"}}}}}
Watcher = Annotated[Caller, allow(*STAFF, area=AreaRule.NOT_APPLICABLE, purpose="see how the loop turns")]


def router(edge: Edge) -> APIRouter:
    """Routes of what is live."""
    routes = APIRouter(prefix="/api/live", tags=["live 实时"])

    @routes.get("/stages", responses=_STREAM, summary="The six stages as they turn 六个环节")
    async def watch_stages(caller: Watcher, request: Request) -> Response:  # noqa: ARG001 - it is the guard
        return _streamed(_stages(edge, request.state.cookie))

    return routes


def _streamed(content: AsyncIterator[bytes]) -> Response:
    return StreamingResponse(content, headers={"X-Accel-Buffering": "no"}, media_type=_EVENTS)


async def _stages(edge: Edge, cookie: str) -> AsyncIterator[bytes]:
    """Event `stages` after every reading, for as long as the session lasts; looking does not prolong it."""
    looked_at = time.monotonic()
    async with aclosing(edge.watch.look()) as readings:
        async for figures in readings:
            if time.monotonic() - looked_at > _LOOKED_AGAIN_S:
                looked_at = time.monotonic()
                if await edge.desk.who(cookie) is None:
                    return
            yield _event(
                "stages", {"at": edge.clock().isoformat(), "stages": [asdict(each) for each in figures]}
            )


def _event(name: str, document: object) -> bytes:
    return f"event: {name}\ndata: {json.dumps(document, ensure_ascii=False)}\n\n".encode()
