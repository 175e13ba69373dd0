"""One login per role for the console (控制台账号), made anew with every demo."""

import asyncio
import os
import secrets
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
from httpapi.identity import Role
from localstack import Stack
from localstack.services import CONSOLE
from vocabulary.areas import CITY

from creditloop_cli.city.packs import words
from creditloop_cli.city.sources import REGISTRY
from creditloop_cli.errors import CommandError
from creditloop_cli.services import Json, Services

AREA = "510104"
"""锦江区, the area of the demo's officer and of its inspector."""

_SEED = (sys.executable, "-m", "console_service.accounts", "put")
_PASSWORD_BYTES = 12


class Login(NamedTuple):
    """An account of the console; what its role does not need is None.

    Attributes:
        subject: Who its tokens speak of.
    """

    username: str
    password: str
    role: Role
    display_name: str
    subject: str
    area: str | None = None
    entity: str | None = None
    platform: str | None = None
    source: str | None = None


class Known(NamedTuple):
    """Who of the city the logins are.

    Attributes:
        inspector: An inspector's reference and name.
        entity: The code and name of an entity that has records and letters.
    """

    inspector: tuple[str, str]
    entity: tuple[str, str]


class NotSeeded(CommandError):
    """Raised when the console refused the demo's accounts."""


async def seed(stack: Stack, services: Services) -> list[Login]:
    """The console has a login per role, whose passwords are kept in the stack's state, readable by its owner alone."""
    made = list(logins(Known(await _inspector(services), await _entity(services))))
    await _put(stack.database_url(CONSOLE), made)
    file = kept_file(stack.layout.state)
    file.touch(mode=0o600)
    file.write_bytes(msgspec.json.format(msgspec.json.encode([each._asdict() for each in made])))
    return made


def kept_file(state: Path) -> Path:
    """Where the logins of a stack's demo are kept."""
    return state / "console-logins.json"


def logins(known: Known) -> Iterator[Login]:
    """A login for every role, each with a password of its own."""
    inspector, inspector_name = known.inspector
    entity, entity_name = known.entity
    platform = words().platforms[0]
    for role, name, more in (
        (Role.CITY_ADMINISTRATOR, "市级管理员", {}),
        (Role.AREA_OFFICER, "锦江区监管人员", {"area": AREA}),
        (Role.INSPECTOR, inspector_name, {"area": AREA, "subject": inspector}),
        (Role.REPAIR_OFFICER, "信用修复专员", {"area": CITY}),
        (Role.MODEL_MANAGER, "模型管理员", {}),
        (Role.APPROVER, "审批人", {}),
        (Role.AUDITOR, "审计员", {}),
        (Role.ENTERPRISE, entity_name, {"entity": entity}),
        (Role.PLATFORM, platform.name, {"platform": platform.code}),
        (Role.SOURCE_SYSTEM, "虚构市登记机关", {"source": REGISTRY}),
    ):
        username = role.replace("_", "-")
        yield Login(
            username, secrets.token_urlsafe(_PASSWORD_BYTES), role, name, **{"subject": username, **more}
        )


async def _inspector(services: Services) -> tuple[str, str]:
    """The inspector of the area with most visits still to make; its first where none has any."""
    pool = {each["ref"]: each for each in await services.get("sampling", "/v1/inspectors")}
    names = {ref: str(each["name"]) for ref, each in pool.items() if each["area_code"] == AREA}
    visits = [each async for each in services.pages("sampling", "/v1/tasks", state="assigned")]
    open_visits = Counter(ref for visit in visits for ref in visit["inspectors"] if ref in names)
    ref = max(sorted(names), key=open_visits.__getitem__)
    return ref, names[ref]


async def _entity(services: Services) -> tuple[str, str]:
    """The entity with most records among those that got a letter."""
    told = {each["uscc"] async for each in services.pages("notification", "/v1/notices", state="delivered")}
    records = [each async for each in services.pages("repair", "/v1/records")]
    return most_recorded(records, told)


def most_recorded(records: Sequence[Json], told: set[str]) -> tuple[str, str]:
    """Code and name of the entity with most records among these, or among all where none of these has any."""
    names = {each["uscc"]: each["name"] for each in records}
    count = Counter(each["uscc"] for each in records)
    code = max(sorted(count), key=lambda uscc: (uscc in told, count[uscc]))
    return code, names[code]


async def _put(database_url: str, made: Sequence[Login]) -> None:
    """The console keeps these accounts; passwords go by its standard input, where no list of processes shows them.

    Raises:
        NotSeeded: It refused them.
    """
    told = msgspec.json.Encoder().encode_lines([_account(each) for each in made])
    console = await asyncio.create_subprocess_exec(
        *_SEED,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "DATABASE_URL": database_url},
    )
    said, _ = await console.communicate(told)
    if console.returncode:
        raise NotSeeded(f"the console refused the demo's accounts: {said.decode().strip()[-500:]}")


def _account(login: Login) -> Mapping[str, str | bool]:
    """The account of a login; its password is there to be kept, and not for one login as an administrator's is."""
    told = {name: str(value) for name, value in login._asdict().items() if value is not None}
    return {**told, "must_change": False}
