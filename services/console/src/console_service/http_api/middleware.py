"""Turns the session's cookie into the token that every guard and every service takes; nothing else is taken here."""

from typing import Any, Final
from urllib.parse import unquote

from httpapi.problems import (
    Conflict,
    Forbidden,
    ProblemError,
    Unauthenticated,
    problem_response,
)
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console_service.errors import IssuerSilent
from console_service.http_api.cookies import SESSION
from console_service.http_api.edge import Edge, LoginSilent
from console_service.http_api.entries import note_refusal
from console_service.model import Session
from console_service.rules.addresses import origin_of
from console_service.rules.queries import without

_CREDENTIALS: Final = frozenset({b"authorization", b"x-api-key"})
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OPEN: Final = frozenset(
    {
        ("GET", "/api/session"),
        ("POST", "/api/session"),
        ("GET", "/api/session/methods"),
        ("GET", "/api/oidc/start"),
        ("GET", "/api/oidc/callback"),
    }
)
_ABOUT_ONESELF: Final = _OPEN | {("DELETE", "/api/session"), ("POST", "/api/session/password")}
_OURS: Final = "x-creditloop-console"
_ACCOUNT: Final = "x-creditloop-account"
_ACCOUNT_SAID: Final = "account"
"""The same as a parameter of the query, for what cannot set a header: an `EventSource`, a link."""

_BY_ITSELF: Final = "x-creditloop-background"

_POLICY: Final = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Source: CSP Level 3. Styles are written by the components; pictures and workers are made by the charts."""

_HTTPS_ONLY: Final = (b"strict-transport-security", b"max-age=31536000")
"""Source: RFC 6797. Of this name alone: others below it may not have https yet."""

_SECURITY: Final = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class AnotherAccount(Conflict):
    """Raised when a page that somebody opened would act in the name of who logged in later in the same browser."""

    slug, title = "another-account", "Another account is logged in"


class PasswordNeeded(Forbidden):
    """Raised when somebody with a password that was given to them has not chosen their own yet."""

    slug, title = "password-needed", "A password of one's own must be chosen first"


class SessionCookie:
    """The request goes on with its session's token, or without any; a changing one only if our page sent it."""

    def __init__(self, app: ASGIApp, edge: Edge) -> None:
        self._app = app
        self._edge = edge

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers what is wrong."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            passed = await self._identified(scope) if scope["path"].startswith("/api/") else scope
        except ProblemError as problem:
            await problem_response(problem)(scope, receive, send)
            return
        await self._app(passed, receive, self._noting_refusals(passed, send))

    def _noting_refusals(self, scope: Scope, send: Send) -> Send:
        """What a role or an area may not ask stands in the access log, whatever it was and whoever refused it."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == Forbidden.status:
                note_refusal(self._edge, Request(scope))
            await send(message)

        return sent

    async def _identified(self, scope: Scope) -> Scope:
        """The request as it goes on; in its query nothing is left that was said to us alone."""
        said, query = without(_ACCOUNT_SAID, scope["query_string"])
        scope = {**scope, "query_string": query}
        request = Request(scope)
        cookie = SESSION.shown(request, secure=self._edge.secure)
        _require_ours(request, cookie)
        session = await self._edge.desk.who(cookie)
        token = await self._token(session, cookie) if session else None
        if token is None and (request.method, scope["path"]) not in _OPEN:
            raise Unauthenticated("You are not logged in, or your session has ended: log in again.")
        if session:
            _require_meant(request, session, unquote(request.headers.get(_ACCOUNT, "")) or said)
        if session and token and not _is_by_itself(request):
            await self._edge.desk.see(session)
        state = {**scope.get("state", {}), "address": self._address(request)}
        if token:
            state |= {"session": session, "token": token, "cookie": cookie}
        return {**scope, "state": state, "headers": _with_token(scope["headers"], token)}

    async def _token(self, session: Session, cookie: str) -> str | None:
        try:
            token = await self._edge.tokens.token(session, cookie)
        except IssuerSilent as error:
            raise LoginSilent(
                "The login service does not answer; try again shortly.", retry_after_s=5
            ) from error
        if token is None:
            await self._edge.desk.leave(session, "issuer")
        return token

    def _address(self, request: Request) -> str:
        peer = request.client.host if request.client else "unknown"
        return origin_of(peer, request.headers.get("x-forwarded-for", ""), self._edge.proxies)


class SecurityHeaders:
    """Every answer says that nothing foreign may run, frame or guess it; what is under `/api` is kept by nobody.

    Where cookies go by https only, everything does.
    """

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._told = (*_SECURITY, _HTTPS_ONLY) if secure else _SECURITY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, and adds the headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        unkept = scope["path"].startswith("/api/")

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*_kept(message["headers"], unkept=unkept), *self._told]}
            await send(message)

        await self._app(scope, receive, sent)


def _kept(headers: Any, *, unkept: bool) -> list[tuple[bytes, bytes]]:
    said = {*dict(_SECURITY), _HTTPS_ONLY[0]}
    kept = [(name, value) for name, value in headers if name.lower() not in said]
    if unkept and not any(name.lower() == b"cache-control" for name, _ in kept):
        kept.append((b"cache-control", b"no-store"))
    return kept


def _require_ours(request: Request, cookie: str) -> None:
    """A changing request that a browser sent with its cookie came from our page: no other can set this header.

    Source: OWASP, Cross-Site Request Forgery Prevention, custom request headers.
    """
    if cookie and request.method not in _SAFE and request.headers.get(_OURS) != "1":
        raise Forbidden(
            "A change with the session's cookie must come with the header X-Creditloop-Console: 1."
        )


def _require_meant(request: Request, session: Session, meant: str | None) -> None:
    """The request is meant for this session's account, and may be made before its person chose a password.

    Raises:
        Forbidden: It changes something, and says not for whom it is meant.
        AnotherAccount: The page was opened by somebody else.
        PasswordNeeded: The password was given to them, and this is not the way to another.
    """
    asked = (request.method, request.scope["path"])
    if not meant and request.method not in _SAFE and asked not in _ABOUT_ONESELF:
        raise Forbidden("A change with the session's cookie must say with X-Creditloop-Account whose it is.")
    if meant not in {None, "", session.person.username} and asked not in _OPEN:
        raise AnotherAccount(
            f"This browser is logged in as {session.person.username} now, and not as {meant}."
        )
    if session.must_change and asked not in _ABOUT_ONESELF:
        raise PasswordNeeded("Choose a password of your own first: the one you have was given to you.")


def _is_by_itself(request: Request) -> bool:
    """Whether a page asks without anybody at it: what it watches, and what it refreshes."""
    return _BY_ITSELF in request.headers or request.scope["path"].startswith("/api/live/")


def _with_token(headers: Any, token: str | None) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in headers if name not in _CREDENTIALS]
    return [*kept, (b"authorization", b"Bearer " + token.encode())] if token else kept
