"""Rows as what they mean."""

from typing import Any, Final

from sqlalchemy import Row

from console_service.model import Account, Person

PERSON: Final = "username, subject, display_name, role, area, entity, platform, source"


def person_of(row: Row[Any]) -> Person:
    """The person in a row that has the columns of `PERSON`."""
    return Person(
        username=row.username,
        subject=row.subject,
        display_name=row.display_name,
        role=row.role,
        area=row.area,
        entity=row.entity,
        platform=row.platform,
        source=row.source,
    )


def values_of(person: Person) -> dict[str, str | None]:
    """The values of those columns."""
    return {name: getattr(person, name) for name in PERSON.split(", ")}


def account_of(row: Row[Any]) -> Account:
    """The account in a row."""
    return Account(
        person_of(row),
        row.password_hash,
        row.disabled,
        row.must_change,
        row.created_at,
        row.password_set_at,
    )
