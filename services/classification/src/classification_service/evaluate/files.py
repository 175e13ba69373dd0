"""Reads inspections with outcomes, and what was known before them, from CSV files, plain or gzipped."""

import csv
import gzip
import math
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TextIO

from classification_service.errors import InvalidFile
from classification_service.model.learning import Context, Visit

INSPECTION_FIELDS = (
    "inspection_id",
    "license",
    "facility_type",
    "risk_category",
    "zip",
    "inspection_date",
    "critical_violations",
    "serious_violations",
    "minor_violations",
)
CONTEXT_FIELDS = ("inspection_id", "inspector", "facility_type")
CONTEXT_NUMBERS = (
    "licence_age_years",
    "consumption_on_premises_incidental_activity",
    "tobacco_retail_over_counter",
    "package_goods",
    "limited_business_license",
    "outdoor_patio",
    "public_place_of_amusement",
    "childrens_services_facility_license",
    "tavern",
    "regulated_business_license",
    "filling_station",
    "caterers_liquor_license",
    "mobile_food_license",
    "burglary_density",
    "garbage_complaint_density",
    "sanitation_complaint_density",
    "three_day_max_temperature_f",
)
_EPOCH = date(1970, 1, 1)
_UNKNOWN = frozenset({"", "NA", "N/A", "NULL", "nan", "NaN"})
_NO_LICENCE = frozenset({"", "0", "NA"})
Row = Mapping[str, str]


def read_visits(inspections: Path, context: Path) -> list[Visit]:
    """Every inspection of the one file, with what the other knows of it.

    Raises:
        InvalidFile: A field is missing or cannot be meant; an inspection is there twice.
    """
    contexts = {row["inspection_id"]: _context(row, at) for row, at in _rows(context, CONTEXT_FIELDS)}
    return [
        _visit(row, at, contexts.get(row["inspection_id"]))
        for row, at in _rows(inspections, INSPECTION_FIELDS)
    ]


class _Place:
    """A line of a file, to be named when something is wrong there."""

    __slots__ = ("line", "path")

    def __init__(self, path: Path, line: int) -> None:
        self.path = path
        self.line = line

    def wrong(self, field: str, problem: str) -> InvalidFile:
        return InvalidFile(self.path.name, self.line, field, problem)


def _rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[Row, _Place]]:
    with _opened(path) as lines:
        rows = csv.DictReader(lines)
        try:
            yield from _checked(path, rows, needed)
        except (UnicodeDecodeError, csv.Error, EOFError, OSError) as error:
            raise InvalidFile(path.name, rows.line_num + 1, "line", f"cannot be read: {error}") from error


def _checked(
    path: Path, rows: "csv.DictReader[str]", needed: tuple[str, ...]
) -> Iterator[tuple[Row, _Place]]:
    for field in needed:
        if field not in (rows.fieldnames or ()):
            raise InvalidFile(path.name, 1, field, "there is no such column")
    seen: set[str] = set()
    for row in rows:
        place = _Place(path, rows.line_num)
        if None in row or None in row.values():
            raise place.wrong("line", "has more or fewer values than the first line has names")
        if not row["inspection_id"] or row["inspection_id"] in seen:
            raise place.wrong("inspection_id", f"'{row['inspection_id']}' is empty or there twice")
        seen.add(row["inspection_id"])
        yield row, place


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _visit(row: Row, at: _Place, context: Context | None) -> Visit:
    licence = row["license"].strip()
    risk = row["risk_category"].removeprefix("Risk ")[:1]
    return Visit(
        visit_id=row["inspection_id"],
        licence=f"visit {row['inspection_id']}" if licence in _NO_LICENCE else licence,
        day=_day(row, at),
        area="" if row["zip"] in _UNKNOWN else row["zip"].strip()[:5],
        kind=row["facility_type"].strip(),
        risk=float(risk) if risk in {"1", "2", "3"} else math.nan,
        critical=_count(row, "critical_violations", at),
        serious=_count(row, "serious_violations", at),
        minor=_count(row, "minor_violations", at),
        context=context,
    )


def _context(row: Row, at: _Place) -> Context:
    inspector = row["inspector"].strip()
    return Context(
        inspector="" if inspector in _UNKNOWN else inspector,
        facility_type=row["facility_type"].strip().replace("_", " "),
        columns={name: _number(row, name, at) for name in CONTEXT_NUMBERS},
    )


def _day(row: Row, at: _Place) -> int:
    try:
        return (date.fromisoformat(row["inspection_date"][:10]) - _EPOCH).days
    except ValueError:
        raise at.wrong("inspection_date", f"'{row['inspection_date']}' is no day") from None


def _count(row: Row, field: str, at: _Place) -> int:
    number = _number(row, field, at)
    if not (number >= 0 and number.is_integer()):
        raise at.wrong(field, f"'{row[field]}' is no count")
    return int(number)


def _number(row: Row, field: str, at: _Place) -> float:
    text = row.get(field, "").strip()
    if text in _UNKNOWN:
        return math.nan
    try:
        number = float(text)
    except ValueError:
        raise at.wrong(field, f"'{text}' is no number") from None
    if not math.isfinite(number):
        raise at.wrong(field, f"'{text}' is no number")
    return number
