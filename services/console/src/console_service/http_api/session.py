"""Logging in and out by password, and who is logged in."""

import time
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from httpapi.access import AreaRule, allow, public
from httpapi.field_errors import Fault, FieldError
from httpapi.identity import Caller, Role
from httpapi.problems import Forbidden, Invalid, ProblemError, TooMany, Unauthenticated
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints
from starlette.responses import JSONResponse, Response

from console_service import model
from console_service.errors import LoginRefused, LoginThrottled, WeakPassword
from console_service.http_api.cookies import DEVICE, SESSION
from console_service.http_api.edge import Edge
from console_service.http_api.entries import NOBODY_KNOWN, answered, entry_of, require_room, session_entry
from console_service.rules.sessions import ends_at
from console_service.signing_in import Attempt, Entered
from console_service.store import Accounts

Anybody = allow(*Role, area=AreaRule.NOT_APPLICABLE, purpose="know who one is, and leave")
AnybodyCaller = Annotated[Caller, Anybody]
_BEFORE = public("nobody is logged in before they log in")


class Credentials(BaseModel):
    """A built-in account's."""

    username: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    password: Annotated[SecretStr, Field(min_length=1, max_length=200)]


class OwnPassword(BaseModel):
    """Another password for the account that is logged in."""

    model_config = ConfigDict(extra="forbid")

    password: Annotated[SecretStr, Field(min_length=1, max_length=200, description="that of now")]
    new_password: Annotated[SecretStr, Field(min_length=1, max_length=200)]


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
    built_in: Annotated[bool, Field(description="whether its password is kept here")]
    must_change_password: Annotated[
        bool, Field(description="whether nothing else is done before a password of one's own is chosen")
    ]


class Left(BaseModel):
    """Somebody has logged out here."""

    next: Annotated[str, Field(description="where the browser ends its session with the issuer, too")]


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
        return await _let_in(edge, edge.accounts, body, request)

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

    @routes.delete(
        "",
        response_model=Left,
        responses={204: {"description": "there is nothing to do at an issuer"}},
        summary="Log out 退出",
    )
    async def log_out(caller: AnybodyCaller, request: Request) -> Response:  # noqa: ARG001 - it is the guard
        return await _let_out(edge, request)

    @routes.post("/password", response_model=Session, summary="Choose another password 修改密码")
    async def choose_password(caller: AnybodyCaller, body: OwnPassword, request: Request) -> Response:
        if edge.accounts is None:
            raise Forbidden("Passwords are kept by the issuer.")
        return await _chosen(edge, caller, body, request)

    return routes


async def _let_in(edge: Edge, accounts: Accounts, body: Credentials, request: Request) -> Response:
    """An attempt that is looked at is logged; one that must wait is not, or a guesser would fill the log."""
    began_s = time.perf_counter()
    require_room(edge)
    attempt = _attempt(edge, request, body.username.lower(), body.password)
    try:
        entered = await edge.desk.enter(attempt)
    except LoginThrottled as error:
        raise _too_many(error) from error
    except LoginRefused as error:
        tried = await accounts.find(attempt.username)
        log(edge, request, tried.person if tried else NOBODY_KNOWN, 401, began_s)
        raise Unauthenticated("Username or password is wrong, or the account is disabled.") from error
    log(edge, request, entered.session.person, 201, began_s)
    await leave_before(edge, request, entered.session)
    return _entered(edge, entered, 201)


def log(edge: Edge, request: Request, person: model.Person, status: int, began_s: float) -> None:
    """The log has this person's coming or going, or that they tried."""
    edge.access_log.add(answered(session_entry(edge, request, person), status, began_s))


async def leave_before(edge: Edge, request: Request, now: model.Session) -> None:
    """The session that this browser had before is over: nobody has its cookie any more, nor what it was renewed with.

    Of the same person nothing is revoked: an issuer may hold both for one, and would end the new with the old.
    """
    before = getattr(request.state, "session", None)
    if before is None:
        return
    tokens = await _left(edge, request)
    if edge.issuer and tokens and before.person.subject != now.person.subject:
        await edge.issuer.farewell(tokens)


async def _left(edge: Edge, request: Request) -> model.Tokens | None:
    """The request's session is over; what the issuer's is still known by, if there is one."""
    tokens = await edge.tokens.kept(request.state.session, request.state.cookie)
    await edge.desk.leave(request.state.session, "logout")
    return tokens


async def _let_out(edge: Edge, request: Request) -> Response:
    """The session is over here at once, and then, as far as that goes, with the issuer."""
    began_s = time.perf_counter()
    tokens = await _left(edge, request)
    further = await edge.issuer.farewell(tokens) if edge.issuer and tokens else None
    response = JSONResponse(Left(next=further).model_dump()) if further else Response(status_code=204)
    log(edge, request, request.state.session.person, response.status_code, began_s)
    SESSION.take_back(response, secure=edge.secure)
    return response


async def _chosen(edge: Edge, caller: Caller, body: OwnPassword, request: Request) -> Response:
    began_s = time.perf_counter()
    session = request.state.session
    attempt = _attempt(edge, request, session.person.username, body.password)
    entry = answered(entry_of(edge, request, caller, ("console", "/session/password", None)), 200, began_s)
    try:
        entered = await edge.desk.choose_password(
            session, attempt, body.new_password.get_secret_value(), entry
        )
    except (LoginThrottled, LoginRefused, WeakPassword) as error:
        problem = _not_chosen(error)
        if not isinstance(error, LoginThrottled):
            edge.access_log.add(answered(entry, problem.status, began_s))
        raise problem from error
    return _entered(edge, entered, 200)


def _not_chosen(error: LoginThrottled | LoginRefused | WeakPassword) -> ProblemError:
    if isinstance(error, LoginThrottled):
        return _too_many(error)
    if isinstance(error, WeakPassword):
        return weak("body.new_password", error)
    wrong = FieldError("body.password", "is not your password", "the password you log in with now")
    return Invalid("Your password of now is another.", errors=[wrong])


def weak(field: str, error: WeakPassword) -> Invalid:
    """The problem of a password that is not taken."""
    wrong = FieldError(field, "is too easily guessed", error.expected, Fault.EASILY_GUESSED)
    return Invalid("The password is not taken.", errors=[wrong])


def _attempt(edge: Edge, request: Request, username: str, password: SecretStr) -> Attempt:
    device = DEVICE.shown(request, secure=edge.secure)
    return Attempt(username, password.get_secret_value(), request.state.address, device)


def _too_many(error: LoginThrottled) -> TooMany:
    return TooMany(
        f"Too many failed logins; try again in {error.retry_after_s} s.", retry_after_s=error.retry_after_s
    )


def _entered(edge: Edge, entered: Entered, status: int) -> Response:
    response = JSONResponse(shown(entered.session).model_dump(mode="json"), status)
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
        built_in=session.locked_tokens is None,
        must_change_password=session.must_change,
    )
