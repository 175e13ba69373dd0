"""What the console says about others holds against what they say of themselves."""

import json
from pathlib import Path
from typing import Any

import pytest
from console_service.rules.outsiders import OUTSIDERS, may_forward, pattern_of
from console_service.rules.paths import SERVICES
from console_service.tables import metadata
from localstack.postgres import databases

DOCUMENTS = Path(__file__).parents[3] / "docs" / "generated"


def operations() -> list[tuple[str, str, str, dict[str, Any]]]:
    found = []
    for service in SERVICES:
        document = json.loads((DOCUMENTS / f"{service}.openapi.json").read_text())
        for path, methods in document["paths"].items():
            found += [(method.upper(), service, path, said) for method, said in methods.items()]
    return found


def a_path(template: str) -> str:
    return "/".join("x1" if part.startswith("{") else part for part in template.split("/"))


@pytest.mark.parametrize("role", sorted(OUTSIDERS))
def test_outsiders_may_ask_exactly_what_the_services_declare_for_them(role: str) -> None:
    """A route that a service opens to an outsider is opened here by somebody who thought about it."""
    declared = {(m, s, p) for m, s, p, said in operations() if role in said.get("x-roles", [])}
    refused = {(m, s, p) for m, s, p in declared if not may_forward(role, m, s, a_path(p))}

    assert not refused


@pytest.mark.parametrize("role", sorted(OUTSIDERS))
def test_outsiders_may_ask_nothing_that_is_not_theirs(role: str) -> None:
    foreign = {
        (method, service, path)
        for method, service, path, said in operations()
        if role not in said.get("x-roles", [role] if "x-public" in said else [])
        and may_forward(role, method, service, a_path(path))
    }

    assert not foreign


def test_every_line_of_the_list_is_an_operation_that_is_there() -> None:
    there = {(method, service, a_path(path)) for method, service, path, _ in operations()}
    dead = [
        line
        for lines in OUTSIDERS.values()
        for line in lines
        if not any((m, s) == line[:2] and pattern_of(line.path).fullmatch(p) for m, s, p in there)
        and "**" not in line.path
    ]

    assert not dead


def test_nothing_of_classification_is_open_to_outsiders() -> None:
    assert not [line for lines in OUTSIDERS.values() for line in lines if line.service == "classification"]


async def test_tables_are_as_queries_name_them(empty_database: str) -> None:
    async with databases.connected(empty_database) as connection:
        rows = await connection.fetch(
            "select table_name, column_name from information_schema.columns where table_schema = 'public'"
        )
    there = {
        (row["table_name"], row["column_name"]) for row in rows if row["table_name"] != "alembic_version"
    }

    assert there == {
        (table.name, column.name) for table in metadata.tables.values() for column in table.columns
    }
