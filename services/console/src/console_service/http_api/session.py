"""Logging in and out by password, and who is logged in."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from httpapi.access import AreaRule, allow, public
from httpapi.identity import Caller, Role
from httpapi.problems import Forbidden, TooMany, Unauthenticated
from pydantic import BaseModel, Field, SecretStr, StringConstraints
from starlette.responses import JSONResponse, Response

from console_service import model
from console_service.errors import LoginRefused, LoginThrottled
from console_service.http_api.cookies import DEVICE, SESSION
from console_service.http_api.edge import Edge
from console_service.rules.sessions import ends_at

Anybody = allow(*Role, area=AreaRule.NOT_APPLICABLE, purpose="know who one is, and leave")
AnybodyCaller = Annotated[Caller, Anybody]
_BEFORE = public("nobody is logged in before they log in")


class Credentials(BaseModel):
    """A built-in account's."""

    username: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    password: Annotated[SecretStr, Field(min_length=1, max_length=200)]


class Session(BaseModel):
    """Who is logged in, and until when."""

    username: str
    subject: Annotated[str, Field(description="the name services keep; an inspector's reference")]
    display_name: str
    role: Role
    area: str | None
    entity: str | None
    platform: str | None
    source: str | None
    expires_at: Annotated[datetime, Field(description="if nothing more is done until then")]


class Named(BaseModel):
    """An issuer by the name people know."""

    name: str


class Methods(BaseModel):
    """How one may log in here."""

    password: bool
    oidc: Named | None


def router(edge: Edge) -> APIRouter:
    """Routes of the session."""
    routes = APIRouter(prefix="/api/session", tags=["session 登录"])

    @routes.get("/methods", dependencies=[_BEFORE], summary="How one may log in 登录方式")
    async def read_methods() -> Methods:
        named = Named(name=edge.issuer_name) if edge.issuer else None
        return Methods(password=edge.accounts is not None, oidc=named)

    @routes.post("", status_code=201, response_model=Session, dependencies=[_BEFORE], summary="Log in 登录")
    async def log_in(body: Credentials, request: Request) -> Response:
        if edge.accounts is None:
            raise Forbidden("Passwords are not taken here: log in with the issuer.")
        return await _let_in(edge, body, request)

    @routes.get(
        "",
        response_model=Session,
        responses={204: {"description": "nobody is"}},
        dependencies=[_BEFORE],
        summary="Who is logged in 当前会话",
    )
    async def read_session(request: Request) -> Session | Response:
        session = getattr(request.state, "session", None)
        return Response(status_code=204) if session is None else shown(session)

    @routes.delete("", status_code=204, summary="Log out 退出")
    async def log_out(caller: AnybodyCaller, request: Request) -> Response:  # noqa: ARG001 - it is the guard
        await edge.desk.leave(request.state.session, "logout")
        response = Response(status_code=204)
        SESSION.take_back(response, secure=edge.secure)
        return response

    return routes


async def _let_in(edge: Edge, body: Credentials, request: Request) -> Response:
    device = request.cookies.get(DEVICE.name, "")
    try:
        entered = await edge.desk.enter(
            body.username.lower(), body.password.get_secret_value(), request.state.address, device
        )
    except LoginThrottled as error:
        raise TooMany(
            f"Too many failed logins; try again in {error.retry_after_s} s.",
            retry_after_s=error.retry_after_s,
        ) from error
    except LoginRefused as error:
        raise Unauthenticated("Username or password is wrong, or the account is disabled.") from error
    response = JSONResponse(shown(entered.session).model_dump(mode="json"), 201)
    SESSION.give(response, entered.cookie, secure=edge.secure)
    if entered.device:
        DEVICE.give(response, entered.device, secure=edge.secure)
    return response


def shown(session: model.Session) -> Session:
    """The session as the page is told of it."""
    person = session.person
    return Session(
        username=person.username,
        subject=person.subject,
        display_name=person.display_name,
        role=Role(person.role),
        area=person.area,
        entity=person.entity,
        platform=person.platform,
        source=person.source,
        expires_at=ends_at(session),
    )
