"""Reads the YAML tables under ``packs/`` into frozen rows, each with its source and confidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import yaml

from vocabulary.errors import InvalidTableError, UnknownCodeError


class Confidence(StrEnum):
    """How we know a row: read in a regulation, on a page, in public code, or remembered; or chosen by us."""

    REGULATION = "regulation"
    PAGE = "page"
    CODE = "code"
    ARTICLE = "article"
    CALCULATED = "calculated"
    MEMORY_HIGH = "memory-high"
    MEMORY_MEDIUM = "memory-medium"
    MEMORY_LOW = "memory-low"
    PROJECT_CHOSEN = "project-chosen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table: its code, its names, and how we know it."""

    code: str
    zh: str
    en: str
    source: str
    confidence: Confidence


RowType = TypeVar("RowType", bound=Row)


@cache
def document(pack: str) -> Mapping[str, Any]:
    """The parsed pack ``packs/<pack>.yaml``; read once."""
    text = files("vocabulary").joinpath("packs", f"{pack}.yaml").read_text(encoding="utf-8")
    parsed: Mapping[str, Any] = yaml.safe_load(text)
    return parsed


def table(pack: str, key: str, row_type: type[RowType]) -> tuple[RowType, ...]:
    """The rows of one section, in file order; a row inherits the section's source and confidence.

    Raises:
        InvalidTableError: the section or a column is missing, a column or confidence is unknown, or a code
            occurs twice.
    """
    try:
        section = document(pack)[key]
        inherited = {"source": section["source"], "confidence": section["confidence"]}
        rows = tuple(row_type(**_frozen({**inherited, **row})) for row in section["rows"])
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidTableError(pack, key, str(error)) from error
    if len({row.code for row in rows}) != len(rows):
        raise InvalidTableError(pack, key, "a code occurs twice")
    return rows


def by_code(rows: Sequence[RowType]) -> Mapping[str, RowType]:
    """The rows under their codes."""
    return {row.code: row for row in rows}


def find(rows: Mapping[str, RowType], name: str, code: str) -> RowType:
    """The row with this code.

    Raises:
        UnknownCodeError: ``name`` has no such code.
    """
    row = rows.get(code)
    if row is None:
        raise UnknownCodeError(name, code)
    return row


def _frozen(row: Mapping[str, Any]) -> dict[str, Any]:
    columns: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
    }
    return columns | {"confidence": Confidence(columns["confidence"])}
