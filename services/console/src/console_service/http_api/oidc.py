"""Logging in with an OIDC issuer: the browser goes there and comes back with a code."""

import time
from typing import Annotated
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Query, Request
from httpapi.access import public
from httpapi.problems import NotFound
from starlette.responses import RedirectResponse, Response

from console_service.errors import IssuerSilent, SignInRefused
from console_service.http_api.cookies import BEGUN, SESSION
from console_service.http_api.edge import Edge, LoginSilent
from console_service.http_api.entries import LogIsFull, require_room
from console_service.http_api.session import leave_before, log
from console_service.rules.sessions import is_own_path
from console_service.signing_in import IssuerClient
from console_service.signing_in.secrets import new_cookie

_log = structlog.get_logger(log="login")
_BEFORE = public("nobody is logged in before they log in")
_Text = Annotated[str, Query(max_length=4096)]


def router(edge: Edge) -> APIRouter:
    """The two routes that a browser goes through."""
    routes = APIRouter(prefix="/api/oidc", tags=["session 登录"])

    @routes.get(
        "/start", status_code=302, dependencies=[_BEFORE], summary="Log in with the issuer 统一身份登录"
    )
    async def start(after: Annotated[str, Query(alias="next", max_length=2000)] = "/") -> Response:
        issuer = _issuer(edge)
        bound = after if is_own_path(after) else "/"
        secret = new_cookie()
        try:
            response = RedirectResponse(await issuer.address_to_start(secret, bound), 302)
        except IssuerSilent as error:
            raise LoginSilent(
                "The login service does not answer; try again shortly.", retry_after_s=5
            ) from error
        BEGUN.give(response, f"{secret}.{bound.encode().hex()}", secure=edge.secure)
        return response

    @routes.get(
        "/callback", status_code=302, dependencies=[_BEFORE], summary="Come back from the issuer 登录回调"
    )
    async def callback(
        request: Request, code: _Text = "", state: _Text = "", iss: Annotated[str | None, Query()] = None
    ) -> Response:
        issuer = _issuer(edge)
        try:
            response = await _let_in(edge, issuer, request, (code, state, iss))
        except (SignInRefused, IssuerSilent, LogIsFull) as error:
            _log.warning("not let in", error=repr(error), told=request.query_params.get("error"))
            what = "refused" if isinstance(error, SignInRefused) else "silent"
            response = RedirectResponse(f"/login?{urlencode({'problem': what})}", 302)
        BEGUN.take_back(response, secure=edge.secure)
        return response

    return routes


async def _let_in(
    edge: Edge, issuer: IssuerClient, request: Request, told: tuple[str, str, str | None]
) -> Response:
    began_s = time.perf_counter()
    code, state, iss = told
    secret, bound = _begun(BEGUN.shown(request, secure=edge.secure))
    issuer.require_ours(state, iss, secret, bound)
    if not code:
        raise SignInRefused("The issuer did not let this login in.")
    require_room(edge)
    person, tokens = await issuer.person(code, secret)
    entered = await edge.desk.enter_from_issuer(person, tokens, request.state.address)
    log(edge, request, person, 302, began_s)
    await leave_before(edge, request, entered.session)
    response = RedirectResponse(bound, 302)
    SESSION.give(response, entered.cookie, secure=edge.secure)
    return response


def _begun(cookie: str) -> tuple[str, str]:
    secret, _, bound = cookie.partition(".")
    try:
        return secret, bytes.fromhex(bound).decode()
    except ValueError:
        return "", "/"


def _issuer(edge: Edge) -> IssuerClient:
    if edge.issuer is None:
        raise NotFound("No issuer is configured here.")
    return edge.issuer
