"""Who may call a route, and how the caller's area limits what they see: declared on it, never open unsaid.

    Reader = Annotated[Caller, allow(Role.AREA_OFFICER, Role.AUDITOR, area=AreaRule.FILTER)]

    @router.get("/v1/entities")
    async def entities(caller: Reader, page: PageRequest) -> Page[EntityOut]: ...

A route with no declaration, or with two, stops the service at start (`assert_every_route_declares`).
A route that declares ENTITY or FILTER, and answers without asking the caller's area, fails with 500.

A thing outside the caller's area answers 404 with the same words as a thing that does not exist: whether we
know something of an entity is itself knowledge, and it stays inside the area.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, NoReturn

import structlog
from fastapi import Depends, FastAPI, Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts

from httpapi.api_key import PREFIX, SourceKeys, caller_of_key
from httpapi.identity import AreaQuestion, Caller, Role
from httpapi.problems import Forbidden, NotFound, Unauthenticated
from httpapi.tokens import Verifier

_log = structlog.get_logger(log="access")


class AreaRule(StrEnum):
    """How a caller's area limits what a route shows or changes."""

    ENTITY = "entity"
    """One thing: the handler asks `require_area`, `require_entity`, `caller.may_see` or `caller.owns`."""
    FILTER = "filter"
    """Many things: the handler limits its query by `caller.area_filter()`."""
    CITY_ONLY = "city_only"
    """Only staff whose area is the whole city get in."""
    NOT_APPLICABLE = "not_applicable"
    """Nothing here belongs to an area, or the caller is limited otherwise: a platform to its own."""


@dataclass(frozen=True, slots=True)
class Access:
    """What a route declares: either roles with an area rule, or the reason it is open to anyone."""

    roles: frozenset[Role] = frozenset()
    area: AreaRule = AreaRule.NOT_APPLICABLE
    purpose: str = ""
    public_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """How a service tells who calls: tokens of people, and keys of source systems where it takes any."""

    verifier: Verifier
    source_keys: SourceKeys | None = None


class AreaNeverAskedError(RuntimeError):
    """Raised when a handler declared that area limits it, and answered without asking the caller's area."""


class UndeclaredRouteError(RuntimeError):
    """Raised at start when a route does not declare exactly one access rule."""


def allow(*roles: Role, area: AreaRule, purpose: str = "") -> Any:
    """Declares who may call the route; gives the handler its `Caller`.

    Raises:
        ValueError: no role is named.
    """
    if not roles:
        raise ValueError("name the roles that may call this route")
    access = Access(frozenset(roles), area, purpose)
    if area in {AreaRule.ENTITY, AreaRule.FILTER}:
        return Depends(_AreaGuard(access), scope="function")
    return Depends(_Guard(access))


def public(reason: str) -> Any:
    """Declares that anyone may call the route, and why.

    Raises:
        ValueError: no reason is given.
    """
    if not reason:
        raise ValueError("say why this route is open to anyone")
    return Depends(_PublicGuard(Access(public_reason=reason)))


@dataclass(frozen=True, eq=False)
class _Declaration:
    access: Access


class _Guard(_Declaration):
    async def __call__(self, request: Request) -> Caller:
        return await _admit(request, self.access)


class _AreaGuard(_Declaration):
    async def __call__(self, request: Request) -> AsyncIterator[Caller]:
        caller = await _admit(request, self.access)
        yield caller
        if not caller.question.asked:
            raise AreaNeverAskedError(f"{request.method} {request.url.path}")


class _PublicGuard(_Declaration):
    async def __call__(self) -> None:
        return None


async def _admit(request: Request, access: Access) -> Caller:
    caller = replace(await _identify(request), question=AreaQuestion())
    request.state.caller = caller
    if caller.role not in access.roles:
        _refuse(caller, request, f"The role {caller.role} may not call this.")
    if access.area is AreaRule.CITY_ONLY and not caller.sees_whole_city:
        _refuse(caller, request, "Only staff of the whole city may call this.")
    return caller


def _refuse(caller: Caller, request: Request, detail: str) -> NoReturn:
    _log.warning("refused", subject=caller.subject, role=caller.role, path=request.url.path)
    raise Forbidden(detail)


async def _identify(request: Request) -> Caller:
    identity: Identity = request.app.state.identity
    credentials = _credentials(request)
    if not credentials.startswith(PREFIX):
        return await identity.verifier.verify(credentials)
    if identity.source_keys is None:
        raise Unauthenticated("API keys are not taken here.")
    return await caller_of_key(credentials, identity.source_keys, datetime.now(UTC))


def _credentials(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    key = request.headers.get("x-api-key", "").strip()
    if key.startswith(PREFIX):
        return key
    raise Unauthenticated("Send a token as Authorization: Bearer, or a source system's key as X-API-Key.")


def require_area(caller: Caller, area_code: str | None, *, what: str = "entity") -> None:
    """The caller's area reaches `area_code`.

    Raises:
        NotFound: it does not; the answer is that for a thing that does not exist, and the refusal is logged.
    """
    if not caller.may_see(area_code):
        _log.warning("outside_area", subject=caller.subject, role=caller.role, area=caller.area, what=what)
        raise NotFound(f"There is no such {what}.")


AreaAsked = Annotated[
    str | None,
    Query(pattern=r"^[0-9A-Z]{6}$", description="only this area, within the caller's own 区划"),
]
"""The parameter `area` of a list or a figure, for `area_asked`."""


def area_asked(caller: Caller, area: str | None) -> str | None:
    """The area code a list or figure must be limited to: the one asked for, else all that is the caller's.

    Raises:
        NotFound: the caller's area does not reach it.
        Forbidden: the caller is no member of staff.
    """
    own = caller.area_filter()
    if area is not None:
        require_area(caller, area, what="area")
    return own if area is None else area


def require_entity(caller: Caller, uscc: str, area_code: str | None) -> None:
    """The caller may see this entity: staff by its area, an enterprise because it is its own, others never.

    Raises:
        NotFound: the caller may not; see `require_area`.
    """
    if not caller.owns(uscc):
        require_area(caller, area_code)


def audit_read(caller: Caller, what: str, uscc: str | None = None) -> None:
    """The log `access` says who read a class or personal data of which entity."""
    _log.info("read", subject=caller.subject, role=caller.role, area=caller.area, what=what, uscc=uscc)


def declared_access(route: RouteContext) -> Access | None:
    """What the route declares, or None when it declares nothing or contradicts itself."""
    dependant = getattr(route, "dependant", None)
    if not isinstance(dependant, Dependant):
        return None
    declared = list(dict.fromkeys(_declarations(dependant)))
    return declared[0] if len(declared) == 1 else None


def _declarations(dependant: Dependant) -> Iterator[Access]:
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, _Declaration):
            yield dependency.call.access
        yield from _declarations(dependency)


@dataclass(frozen=True, slots=True)
class RouteAccess:
    """One route of a service with what it declares (None: nothing, or a contradiction)."""

    path: str
    methods: tuple[str, ...]
    access: Access | None = field(default=None)


def route_accesses(app: FastAPI) -> list[RouteAccess]:
    """Every route of the application, mounts and included routers too, with its declaration."""
    return [
        RouteAccess(str(route.path), tuple(sorted(route.methods or ())), declared_access(route))
        for route in iter_route_contexts(app.routes)
    ]


def undeclared_routes(app: FastAPI) -> list[str]:
    """Method and path of every route that does not declare exactly one access rule."""
    return [
        f"{','.join(route.methods) or 'ANY'} {route.path}"
        for route in route_accesses(app)
        if route.access is None
    ]


def assert_every_route_declares(app: FastAPI) -> None:
    """Every route of `app` declares who may call it.

    Raises:
        UndeclaredRouteError: some do not; each is named.
    """
    if undeclared := undeclared_routes(app):
        raise UndeclaredRouteError("no single access declaration: " + "; ".join(undeclared))
