"""What the page asks of the services passes here, with the caller's own token."""

import time
from typing import Annotated
from urllib.parse import unquote

from fastapi import APIRouter, Request
from httpapi.access import AreaRule, allow
from httpapi.identity import Caller, Role
from httpapi.problems import Forbidden, NotFound
from starlette.responses import Response

from console_service.http_api.edge import Edge
from console_service.http_api.entries import answered, entry_of
from console_service.model import AccessEntry
from console_service.rules.headers import for_the_service
from console_service.rules.outsiders import may_forward
from console_service.rules.paths import SERVICES, entity_of, is_logged, is_plain
from console_service.upstream.forwarder import Outward

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
Somebody = Annotated[
    Caller, allow(*Role, area=AreaRule.NOT_APPLICABLE, purpose="ask a service, which limits by role and area")
]


def router(edge: Edge) -> APIRouter:
    """The one route that forwards; it is as wide as the services' own documents say, and is described there."""
    routes = APIRouter(include_in_schema=False)

    async def forward(caller: Somebody, service: str, request: Request) -> Response:
        began_s = time.perf_counter()
        path = _path_of(request, service)
        if not may_forward(caller.role, request.method, service, unquote(path)):
            refused = entry_of(edge, request, caller, _asked(request, service, path))
            edge.access_log.add(answered(refused, Forbidden.status, began_s))
            raise Forbidden(f"The role {caller.role} may not ask this.")
        entry = _entry(edge, request, caller, service, path)
        status: int | None = None
        try:
            answer = await edge.forwarder.forward(_outward(request, service, path), request.state.token)
            status = answer.status_code
        finally:
            if entry is not None:
                edge.access_log.add(answered(entry, status, began_s))
        return answer

    routes.add_api_route(
        "/api/{service}/v1/{path:path}", forward, methods=list(_METHODS), response_model=None
    )
    return routes


def _path_of(request: Request, service: str) -> str:
    """The path at the service, still escaped.

    Raises:
        NotFound: There is no such service, or the path would not stay below its `/v1/`.
    """
    raw = bytes(request.scope["raw_path"]).decode("latin-1")
    prefix = f"/api/{service}"
    path = raw.removeprefix(prefix)
    if service not in SERVICES or not raw.startswith(prefix + "/v1/") or not is_plain(path):
        raise NotFound("There is nothing at this address.")
    return path


def _outward(request: Request, service: str, path: str) -> Outward:
    has_body = "content-length" in request.headers or "transfer-encoding" in request.headers
    return Outward(
        method=request.method,
        service=service,
        path=path,
        query=request.scope["query_string"],
        headers=for_the_service(request.headers.items()),
        body=request.stream() if has_body else None,
    )


def _entry(edge: Edge, request: Request, caller: Caller, service: str, path: str) -> AccessEntry | None:
    """What the access log is to say of the request, if anything."""
    asked = _asked(request, service, path)
    return entry_of(edge, request, caller, asked) if is_logged(request.method, *asked) else None


def _asked(request: Request, service: str, path: str) -> tuple[str, str, str | None]:
    """Which service, by which decoded path, about which entity if any."""
    decoded = unquote(path)
    return service, decoded, entity_of(decoded, request.url.query)
