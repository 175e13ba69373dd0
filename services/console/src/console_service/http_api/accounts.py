"""Built-in accounts, kept by the city administrator."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from httpapi import Page, PageRequest
from httpapi.access import AreaRule, allow
from httpapi.field_errors import Fault, FieldError
from httpapi.identity import Role
from httpapi.problems import Conflict, Invalid, NotFound
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints
from starlette.responses import Response

from console_service import model
from console_service.errors import AccountExists, UnknownAccount, WeakPassword, WrongAccount
from console_service.http_api.edge import Edge
from console_service.model import AccountChange, Person
from console_service.signing_in.admission import admissible, hashed
from console_service.store import Accounts

_KEEPER = allow(Role.CITY_ADMINISTRATOR, area=AreaRule.CITY_ONLY, purpose="keep accounts")
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Password = Annotated[SecretStr, Field(min_length=1, max_length=200)]
Username = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{1,63}$")]


class AccountTaken(Conflict):
    """Raised when there is an account of this name already, or one that acts under this subject."""

    slug, title = "account-exists", "There is such an account already"


class OwnAccount(Conflict):
    """Raised when somebody would disable their own account."""

    slug, title = "own-account", "Nobody disables their own account"


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
    """What to change; what is not said stays."""

    model_config = ConfigDict(extra="forbid")

    display_name: Name | None = None
    area: Code | None = None
    disabled: bool | None = None


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

    @routes.post("", status_code=201, dependencies=[_KEEPER], summary="Make an account 新建账号")
    async def add_account(body: NewAccount) -> Account:
        accounts = _accounts(edge)
        with _told():
            person = admissible(_person(body))
            password_hash = await hashed(person, body.password.get_secret_value(), edge.passwords)
            await accounts.add(person, password_hash, edge.clock())
        return _shown(await _find(accounts, body.username))

    @routes.patch("/{username}", dependencies=[_KEEPER], summary="Change an account 修改账号")
    async def change_account(username: Username, body: Change, request: Request) -> Account:
        if body.disabled and username == request.state.session.person.username:
            raise OwnAccount("Nobody disables their own account: another city administrator may.")
        accounts = _accounts(edge)
        account = await _find(accounts, username)
        with _told():
            area = admissible(replace(account.person, area=body.area or account.person.area)).area
            change = AccountChange(body.display_name, area if body.area else None, body.disabled)
            return _shown(await accounts.change(username, change, edge.clock()))

    @routes.post(
        "/{username}/password", status_code=204, dependencies=[_KEEPER], summary="Set a password 重置密码"
    )
    async def set_password(username: Username, body: NewPassword) -> Response:
        accounts = _accounts(edge)
        account = await _find(accounts, username)
        with _told():
            password_hash = await hashed(account.person, body.password.get_secret_value(), edge.passwords)
            await accounts.set_password(username, password_hash, edge.clock())
        return Response(status_code=204)

    return routes


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
        wrong = FieldError("body.password", "is too easily guessed", error.expected, Fault.EASILY_GUESSED)
        raise Invalid("The password is not taken.", errors=[wrong]) from error
