"""Which accounts are taken: those that services would let in."""

import re
from collections.abc import Sequence

from httpapi import ClaimNames
from httpapi.identity import caller_from_claims
from httpapi.problems import Unauthenticated
from vocabulary.areas import CITY, areas, current_code
from vocabulary.uscc import is_valid

from console_service.errors import WeakPassword, WrongAccount
from console_service.model import AccessEntry, GivenAccount, Person
from console_service.rules.passwords import expected_of
from console_service.signing_in.passwords import Passwords
from console_service.store import Accounts

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


def admissible(person: Person) -> Person:
    """The person as stored: with today's code of their area, and the city's where their role means it.

    Raises:
        WrongAccount: Services would not let them in.
    """
    if not _USERNAME.fullmatch(person.username):
        raise WrongAccount("A username has 2 to 64 characters: a-z, 0-9, dot, hyphen, underscore.")
    claims = {"sub": person.subject, "role": person.role, **_claims(person)}
    try:
        caller = caller_from_claims(claims, ClaimNames())
    except Unauthenticated as error:
        raise WrongAccount(error.detail) from error
    if caller.entity and not is_valid(caller.entity):
        raise WrongAccount(f"{caller.entity} is no valid unified social credit code.")
    _require_area(caller.area)
    scope = (caller.area, caller.entity, caller.platform, caller.source)
    if {name for name in _claims(person) if name not in _named(caller.role)}:
        raise WrongAccount(f"An account of role {caller.role} names only {', '.join(_named(caller.role))}.")
    return Person(person.username, caller.subject, person.display_name, str(caller.role), *scope)


async def hashed(person: Person, password: str, passwords: Passwords) -> str:
    """The hash of a password that is taken for this account.

    Raises:
        WeakPassword: It is not taken.
    """
    require_strong(person.username, password)
    return await passwords.hash(password)


def require_strong(username: str, password: str) -> None:
    """The password is one we take for this account.

    Raises:
        WeakPassword: It is not.
    """
    if expected := expected_of(password, username):
        raise WeakPassword(expected)


async def put_accounts(
    wanted: Sequence[tuple[Person, str, bool]], accounts: Accounts, passwords: Passwords, entry: AccessEntry
) -> None:
    """All these accounts are there, each with this password; one that was there before is as given now.

    The third of each is whether its password is for one login only.

    Raises:
        WrongAccount: Services would not let one of them in; nothing is changed.
        WeakPassword: A password is not taken; nothing is changed.
    """
    people = [(admissible(person), password, must_change) for person, password, must_change in wanted]
    ready = [
        GivenAccount(person, await hashed(person, password, passwords), must_change)
        for person, password, must_change in people
    ]
    await accounts.put(ready, entry)


def _require_area(area: str | None) -> None:
    """The area is the city or one of its own.

    Raises:
        WrongAccount: It is not.
    """
    if area is not None and area != CITY and current_code(area) not in areas():
        raise WrongAccount(f"{area} is no area: {CITY} is the whole city, or one of {', '.join(areas())}.")


def _claims(person: Person) -> dict[str, str]:
    named = {
        "area": person.area,
        "entity": person.entity,
        "platform": person.platform,
        "source": person.source,
    }
    return {name: value for name, value in named.items() if value}


def _named(role: str) -> tuple[str, ...]:
    return {"enterprise": ("entity",), "platform": ("platform",), "source_system": ("source",)}.get(
        role, ("area",)
    )
