"""Built-in accounts, kept by the city administrator."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Path, Request
from httpapi import Page, PageRequest
from httpapi.access import AreaRule, allow
from httpapi.identity import Caller, Role
from httpapi.problems import Conflict, Invalid, NotFound
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator
from starlette.responses import Response

from console_service import model
from console_service.errors import AccountExists, UnknownAccount, WeakPassword, WrongAccount
from console_service.http_api.edge import Edge
from console_service.http_api.entries import answered, entry_of
from console_service.http_api.session import weak
from console_service.model import AccessEntry, AccountChange, Person
from console_service.rules import queries
from console_service.signing_in.admission import admissible, hashed
from console_service.store import Accounts

_KEEPER = allow(Role.CITY_ADMINISTRATOR, area=AreaRule.CITY_ONLY, purpose="keep accounts")
Keeper = Annotated[Caller, _KEEPER]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Password = Annotated[SecretStr, Field(min_length=1, max_length=200)]
Username = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{1,63}$")]


class AccountTaken(Conflict):
    """Raised when there is an account of this name already, or one that acts under this subject."""

    slug, title = "account-exists", "There is such an account already"


class OwnAccount(Conflict):
    """Raised when somebody would disable their own account, or set its password without that of now."""

    slug, title = "own-account", "Nobody does this to their own account"


class NewAccount(BaseModel):
    """An account to make."""

    model_config = ConfigDict(extra="forbid")

    username: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{1,63}$")]
    display_name: Name
    role: Role
    password: Password
    subject: Annotated[
        Code | None,
        Field(description="the name services keep, an inspector's reference; the username unless said"),
    ] = None
    area: Code | None = None
    entity: Code | None = None
    platform: Code | None = None
    source: Code | None = None


class Change(BaseModel):
    """What to change; what is not said stays. What somebody may do is changed for a reason."""

    model_config = ConfigDict(extra="forbid")

    display_name: Name | None = None
    area: Code | None = None
    disabled: bool | None = None
    reason: Annotated[
        str | None,
        StringConstraints(strip_whitespace=True, min_length=3, max_length=1000),
        Field(description="needed with area or disabled; kept in the access log"),
    ] = None

    @model_validator(mode="after")
    def _has_a_reason(self) -> Self:
        if self.reason is None and (self.area is not None or self.disabled is not None):
            raise ValueError("a change of area or disabled needs a reason")
        return self


class NewPassword(BaseModel):
    """A password to set."""

    model_config = ConfigDict(extra="forbid")

    password: Password


class Account(BaseModel):
    """A built-in account; its password is never told."""

    username: str
    subject: str
    display_name: str
    role: Role
    area: str | None
    entity: str | None
    platform: str | None
    source: str | None
    disabled: bool
    must_change_password: bool
    created_at: datetime
    password_set_at: datetime


def router(edge: Edge) -> APIRouter:
    """Routes of accounts."""
    routes = APIRouter(prefix="/api/accounts", tags=["accounts 账号"])

    @routes.get("", dependencies=[_KEEPER], summary="List accounts 账号列表")
    async def read_accounts(page: PageRequest) -> Page[Account]:
        after = page.after(str)
        found = await _accounts(edge).page(str(after[0]) if after else "", page.limit + 1)
        return page.page(found, key=lambda account: (account.person.username,), item=_shown)

    @routes.post("", status_code=201, summary="Make an account 新建账号")
    async def add_account(caller: Keeper, body: NewAccount, request: Request) -> Account:
        began_s = time.perf_counter()
        accounts = _accounts(edge)
        with _told():
            person = admissible(_person(body))
            password_hash = await hashed(person, body.password.get_secret_value(), edge.passwords)
            told = body.model_dump(exclude={"password"}, exclude_none=True)
            await accounts.add(person, password_hash, _entry(edge, request, caller, began_s, told))
        return _shown(await _find(accounts, body.username))

    @routes.patch("/{username}", summary="Change an account 修改账号")
    async def change_account(caller: Keeper, username: Username, body: Change, request: Request) -> Account:
        began_s = time.perf_counter()
        if body.disabled and username == request.state.session.person.username:
            raise OwnAccount("Nobody disables their own account: another city administrator may.")
        accounts = _accounts(edge)
        account = await _find(accounts, username)
        with _told():
            area = admissible(replace(account.person, area=body.area or account.person.area)).area
            change = AccountChange(body.display_name, area if body.area else None, body.disabled)
            told = body.model_dump(exclude={"reason"}, exclude_none=True)
            entry = replace(_entry(edge, request, caller, began_s, told), reason=body.reason)
            return _shown(await accounts.change(username, change, entry))

    @routes.post("/{username}/password", status_code=204, summary="Set a password for one login 重置密码")
    async def set_password(
        caller: Keeper, username: Username, body: NewPassword, request: Request
    ) -> Response:
        began_s = time.perf_counter()
        if username == request.state.session.person.username:
            raise OwnAccount("One's own password is changed with that of now, by /api/session/password.")
        accounts = _accounts(edge)
        account = await _find(accounts, username)
        with _told():
            password_hash = await hashed(account.person, body.password.get_secret_value(), edge.passwords)
            await accounts.set_password(username, password_hash, _entry(edge, request, caller, began_s, {}))
        return Response(status_code=204)

    return routes


def _entry(
    edge: Edge, request: Request, caller: Caller, began_s: float, told: Mapping[str, object]
) -> AccessEntry:
    """What the access log has of a change once it is made, written with it; `told` is what was asked for."""
    path = request.url.path.removeprefix("/api")
    entry = entry_of(edge, request, caller, ("console", path, None))
    query = queries.told(told.items())
    return answered(replace(entry, query=query), request.scope["route"].status_code or 200, began_s)


def _accounts(edge: Edge) -> Accounts:
    """The accounts.

    Raises:
        NotFound: People log in with an issuer here, and are kept there.
    """
    if edge.accounts is None:
        raise NotFound("People log in with an issuer here: accounts are kept there.")
    return edge.accounts


async def _find(accounts: Accounts, username: str) -> model.Account:
    account = await accounts.find(username)
    if account is None:
        raise _unknown()
    return account


def _person(body: NewAccount) -> Person:
    return Person(
        body.username,
        body.subject or body.username,
        body.display_name,
        str(body.role),
        body.area,
        body.entity,
        body.platform,
        body.source,
    )


def _shown(account: model.Account) -> Account:
    person = account.person
    return Account(
        username=person.username,
        subject=person.subject,
        display_name=person.display_name,
        role=Role(person.role),
        area=person.area,
        entity=person.entity,
        platform=person.platform,
        source=person.source,
        disabled=account.disabled,
        must_change_password=account.must_change,
        created_at=account.created_at,
        password_set_at=account.password_set_at,
    )


def _unknown() -> NotFound:
    return NotFound("There is no such account.")


@contextmanager
def _told() -> Iterator[None]:
    """What is wrong with an account is told as a problem."""
    try:
        yield
    except AccountExists as error:
        raise AccountTaken(
            "There is an account of this name, or one that acts under this subject, already."
        ) from error
    except UnknownAccount as error:
        raise _unknown() from error
    except WrongAccount as error:
        raise Invalid(error.problem) from error
    except WeakPassword as error:
        raise weak("body.password", error) from error
