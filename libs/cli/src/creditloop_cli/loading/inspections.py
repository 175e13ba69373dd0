"""The City of Chicago's food inspections with outcomes: a licence becomes an entity, an inspection a fact.

The entity's code is synthetic and made from the licence alone (registering department Y, office 000000, which no real
code has); its name says what it is. Nothing is added that the files do not say.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec
import yaml
from vocabulary.uscc import USCC, synthesise

from creditloop_cli.errors import WrongUse
from creditloop_cli.loading.batch import Batch, cloud_event
from creditloop_cli.loading.registry import open_text

SOURCE = "chicago"
_DAYS_PER_YEAR = 365.0
_ITEM = "food_canvass"
_DEPARTMENT = "City of Chicago"
_INSPECTION_COLUMNS = frozenset(
    {"inspection_id", "license", "inspection_date", "result", "critical_violations", "serious_violations"}
)
_CONTEXT_COLUMNS = frozenset({"inspection_id", "license", "inspection_date", "licence_age_years"})


class _Meaning(msgspec.Struct, frozen=True):
    code: str
    why: str


class _Mapping(msgspec.Struct, frozen=True):
    source: str
    confidence: str
    results: dict[str, _Meaning]


@dataclass(frozen=True, slots=True)
class Inspection:
    """One row of the file of inspections."""

    id: str
    licence: str
    day: date
    result: str
    critical: int
    serious: int
    minor: int


def licence_code(licence: str) -> USCC:
    """The synthetic code of a licence; the same licence always has the same."""
    return synthesise("Y", "1", "000000", int(licence))


def result_code(result: str) -> str:
    """The national result that a Chicago result means.

    Raises:
        WrongUse: The mapping does not know it.
    """
    meaning = _mapping().results.get(result)
    if meaning is None:
        raise WrongUse(f"unknown inspection result {result!r}: known are {', '.join(_mapping().results)}")
    return meaning.code


def batches(inspections: Path, context: Path, size: int) -> Iterator[tuple[int, Batch]]:
    """The facts of both files in order of time, on one lane; a licence is registered before it is inspected."""
    rows = sorted(read_inspections(inspections), key=lambda row: (row.day, row.id))
    lines = list(_facts(rows, licensed_since(context)))
    for start in range(0, len(lines), size):
        yield 0, Batch(SOURCE, lines[start : start + size])


def read_inspections(path: Path) -> list[Inspection]:
    """All rows of the file.

    Raises:
        WrongUse: The file or one of its rows cannot be read.
    """
    return [
        Inspection(
            row["inspection_id"],
            row["license"],
            date.fromisoformat(row["inspection_date"]),
            row["result"],
            int(row["critical_violations"]),
            int(row["serious_violations"]),
            int(row.get("minor_violations") or 0),
        )
        for row in _rows(path, _INSPECTION_COLUMNS)
    ]


def licensed_since(path: Path) -> dict[str, date]:
    """The day each licence of the context file was first given, by its age at the earliest inspection there."""
    since: dict[str, date] = {}
    for row in _rows(path, _CONTEXT_COLUMNS):
        age = timedelta(days=round(float(row["licence_age_years"]) * _DAYS_PER_YEAR))
        first = date.fromisoformat(row["inspection_date"]) - age
        since[row["license"]] = min(first, since.get(row["license"], first))
    return since


def _facts(rows: list[Inspection], since: Mapping[str, date]) -> Iterator[bytes]:
    """A licence is registered on its first day where that is known, else when it is first inspected."""
    firsts = {row.licence: row.day for row in reversed(rows)}
    licences = sorted(firsts, key=lambda licence: (since.get(licence, firsts[licence]), licence))
    registered = [
        (since.get(licence, firsts[licence]), 0, _registration(licence, since, firsts))
        for licence in licences
    ]
    inspected = [(row.day, 1, _inspection(row)) for row in rows]
    yield from (line for _, _, line in sorted(registered + inspected, key=lambda fact: fact[:2]))


def _registration(licence: str, since: Mapping[str, date], firsts: Mapping[str, date]) -> bytes:
    known = since.get(licence)
    data = {"name": f"Chicago licence {licence}", **({"established_on": known.isoformat()} if known else {})}
    time = f"{(known or firsts[licence]).isoformat()}T00:00:00+08:00"
    kind = "creditloop.registration.recorded.v1"
    return cloud_event(
        f"licence-{licence}", SOURCE, kind=kind, subject=licence_code(licence), time=time, data=data
    )


def _inspection(row: Inspection) -> bytes:
    data = {
        "item": _ITEM,
        "result_codes": [result_code(row.result)],
        "critical_violations": row.critical,
        "serious_violations": row.serious,
        "minor_violations": row.minor,
        "department": _DEPARTMENT,
    }
    time, kind = f"{row.day.isoformat()}T12:00:00+08:00", "creditloop.inspection.completed.v1"
    return cloud_event(
        f"inspection-{row.id}", SOURCE, kind=kind, subject=licence_code(row.licence), time=time, data=data
    )


def _rows(path: Path, columns: frozenset[str]) -> Iterator[dict[str, str]]:
    with open_text(path) as file:
        reader = csv.DictReader(file)
        missing = columns - set(reader.fieldnames or ())
        if missing:
            raise WrongUse(f"{path} has no column {', '.join(sorted(missing))}")
        try:
            yield from reader
        except (csv.Error, ValueError, EOFError, OSError) as error:
            raise WrongUse(f"{path}, line {reader.line_num}: {error}") from error


@cache
def _mapping() -> _Mapping:
    text = files(__package__).joinpath("inspection_results.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), _Mapping)
