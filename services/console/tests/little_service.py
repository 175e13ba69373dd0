"""One small service that stands for all six: guarded as they are, and remembers what it was asked."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, FastAPI, Request
from httpapi import AreaRule, Caller, Role, Verifier, allow, create_app, require_area
from httpapi.identity import STAFF
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse

JINJIANG, WUHOU = "510104", "510107"
SHOP = "91510104MA00000001"
Anyone = Annotated[Caller, allow(*Role, area=AreaRule.NOT_APPLICABLE)]
Staff = Annotated[Caller, allow(*STAFF, area=AreaRule.ENTITY)]


@dataclass
class Asked:
    """What the service was asked, request by request."""

    requests: list[dict[str, object]] = field(default_factory=list)
    first_chunk: asyncio.Event = field(default_factory=asyncio.Event)
    metrics: str = ""
    flow: dict[str, object] = field(default_factory=lambda: {"lanes": [], "open_dead_letters": 0})
    flow_read: int = 0
    items: dict[str, list[dict[str, object]]] = field(default_factory=dict)


def little_service(verifier: Verifier, asked: Asked) -> FastAPI:
    """A service with what the console asks of the six, and what only shows how requests come through."""
    router = APIRouter()
    _add_entities(router)
    _add_lists(router, asked)
    _add_streams(router, asked)
    _add_echo(router, asked)
    return create_app(
        "little",
        "1",
        verifier=verifier,
        routers=[router],
        unlimited=["/v1/files/*"],
        metrics=lambda: asked.metrics.encode(),  # noqa: PLW0108 - the text is another one later
    )


def _add_entities(router: APIRouter) -> None:
    @router.get("/v1/entities/{uscc}/class")
    async def read_class(uscc: str, caller: Staff) -> dict[str, str]:
        require_area(caller, JINJIANG)
        return {"uscc": uscc, "class": "B"}

    @router.get("/v1/classes")
    async def classes(caller: Anyone) -> dict[str, object]:
        """A service with a fault: it guards nothing."""
        return {"items": [{"uscc": SHOP, "class": "B"}], "next_cursor": None}

    @router.get("/v1/entities/{uscc}")
    async def entity(uscc: str, caller: Staff) -> dict[str, object]:
        require_area(caller, JINJIANG)
        return {
            "uscc": uscc,
            "name": "=1/1:\u202e店",
            "area_code": JINJIANG,
            "capital_fen": 100,
            "established_on": "2021-03-01",
        }


def _add_lists(router: APIRouter, asked: Asked) -> None:
    @router.get("/v1/entities/{uscc}/facts")  # noqa: FAST003 - whose does not matter
    @router.get("/v1/signals")
    @router.get("/v1/tasks")
    @router.get("/v1/records")
    @router.get("/v1/notices")
    async def lists(caller: Staff, request: Request) -> dict[str, object]:
        require_area(caller, JINJIANG)
        return {"items": asked.items.get(request.url.path.rpartition("/")[2], []), "next_cursor": None}

    @router.get("/v1/items")
    @router.get("/v1/signals/families")
    async def names(caller: Anyone, request: Request) -> list[dict[str, object]]:
        return asked.items.get(request.url.path.rpartition("/")[2], [])

    @router.get("/v1/models")
    async def models(caller: Anyone) -> dict[str, object]:
        return {"items": asked.items.get("models", [])}


def _add_streams(router: APIRouter, asked: Asked) -> None:
    @router.get("/v1/flow")
    async def flow(
        caller: Annotated[Caller, allow(Role.AUDITOR, area=AreaRule.CITY_ONLY)],
    ) -> dict[str, object]:
        asked.flow_read += 1
        return asked.flow

    @router.get("/v1/stream")
    async def stream(caller: Anyone) -> Response:
        async def content() -> AsyncIterator[bytes]:
            yield b"first\n"
            await asyncio.wait_for(asked.first_chunk.wait(), 10)
            yield b"second\n"

        return StreamingResponse(content(), media_type="text/event-stream")

    @router.get("/v1/moved")
    async def moved(caller: Anyone, request: Request) -> Response:
        return RedirectResponse(str(request.base_url) + "v1/echo", 307)


def _add_echo(router: APIRouter, asked: Asked) -> None:
    @router.api_route("/v1/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"])
    async def echo(path: str, caller: Anyone, request: Request) -> Response:
        size = 0
        try:
            async for chunk in request.stream():
                size += len(chunk)
        except ClientDisconnect:
            return Response(status_code=400)
        told = {
            "method": request.method,
            "path": f"/v1/{path}",
            "query": request.url.query,
            "headers": dict(request.headers),
            "size": size,
            "subject": caller.subject,
            "role": str(caller.role),
            "area": caller.area,
        }
        asked.requests.append(told)
        headers = {"ETag": '"7"', "Set-Cookie": "inner=1", "Connection": "x-hop", "X-Hop": "1"}
        return JSONResponse(told, 201 if request.method == "POST" else 200, headers)
