"""Reads inspections with outcomes, and what was known before them, from CSV files, plain or gzipped.

Columns are found by name, in any order; others are passed over.
"""

import csv
import gzip
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple, TextIO

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
_NO_LICENCE = _UNKNOWN | {"0"}
_TOO_MANY = "beyond the last column"
_GZIP = b"\x1f\x8b"
Row = Mapping[str, str]


class Read(NamedTuple):
    """What two files hold.

    Attributes:
        visits: inspections whose outcome is known, with what was known before where the other file has it.
        without_outcome: inspections without a number of critical violations: neither ranked nor history.
        context_alone: rows of what was known before, to which there is no inspection.
    """

    visits: Sequence[Visit]
    without_outcome: int
    context_alone: int


def read_visits(inspections: Path, context: Path) -> Read:
    """Every inspection of the one file, with what the other knows of it.

    Raises:
        InvalidFile: A field is missing or cannot be meant; an inspection is there twice.
    """
    contexts = {row["inspection_id"]: _context(row, at) for row, at in _rows(context, CONTEXT_FIELDS)}
    visits = [
        _visit(row, at, contexts.pop(row["inspection_id"], None))
        for row, at in _rows(inspections, INSPECTION_FIELDS)
    ]
    known = [visit for visit in visits if visit is not None]
    return Read(known, len(visits) - len(known), len(contexts))


def joined(given: Sequence[Visit], earlier: Sequence[Visit]) -> tuple[list[Visit], int]:
    """The visits given, before them what an earlier record has of the days before the first of them; and how many.

    A visit given without context takes that of the earlier record where no visit given before it has one. What the
    files given cover themselves stays as they have it.
    """
    first = min((visit.day for visit in given), default=0)
    first_known = min((visit.day for visit in given if visit.context), default=math.inf)
    ids, records = {visit.visit_id for visit in given}, {visit.visit_id: visit for visit in earlier}
    before = [visit for visit in earlier if visit.day < first and visit.visit_id not in ids]
    completed = [
        visit._replace(context=records[visit.visit_id].context)
        if visit.context is None and visit.day < first_known and visit.visit_id in records
        else visit
        for visit in given
    ]
    taken = sum(new is not old for new, old in zip(completed, given, strict=True))
    return [*before, *completed], len(before) + taken


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
        rows = csv.DictReader(lines, restkey=_TOO_MANY)
        try:
            yield from _checked(path, rows, needed)
        except (UnicodeDecodeError, csv.Error, EOFError, OSError) as error:
            raise InvalidFile(path.name, rows.line_num + 1, "line", f"cannot be read: {error}") from error


def _checked(
    path: Path, rows: "csv.DictReader[str]", needed: tuple[str, ...]
) -> Iterator[tuple[Row, _Place]]:
    rows.fieldnames = [name.strip() for name in rows.fieldnames or ()]
    for field in needed:
        if field not in rows.fieldnames:
            raise InvalidFile(path.name, 1, field, "there is no such column")
    seen: set[str] = set()
    for row in rows:
        place = _Place(path, rows.line_num)
        if _TOO_MANY in row or None in row.values():
            raise place.wrong("line", "has more or fewer values than the first line has names")
        row["inspection_id"] = row["inspection_id"].strip()
        if not row["inspection_id"] or row["inspection_id"] in seen:
            raise place.wrong("inspection_id", f"'{row['inspection_id']}' is empty or there twice")
        seen.add(row["inspection_id"])
        yield row, place


def _opened(path: Path) -> TextIO:
    """By what it holds: a name says little of a file that was sent on."""
    try:
        with path.open("rb") as file:
            is_packed = file.read(len(_GZIP)) == _GZIP
    except OSError as error:
        raise InvalidFile(path.name, 1, "line", f"cannot be read: {error.strerror}") from error
    if is_packed:
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _visit(row: Row, at: _Place, context: Context | None) -> Visit | None:
    """None where nobody knows what it found."""
    critical = _count(row, "critical_violations", at)
    if math.isnan(critical):
        return None
    licence = row["license"].strip()
    risk = row["risk_category"].strip().removeprefix("Risk ")[:1]
    return Visit(
        visit_id=row["inspection_id"],
        licence=f"visit {row['inspection_id']}" if licence in _NO_LICENCE else licence,
        day=_day(row, at),
        area="" if row["zip"].strip() in _UNKNOWN else row["zip"].strip()[:5],
        kind=row["facility_type"].strip(),
        risk=float(risk) if risk in {"1", "2", "3"} else math.nan,
        critical=int(critical),
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
        return (date.fromisoformat(row["inspection_date"].strip()[:10]) - _EPOCH).days
    except ValueError:
        raise at.wrong("inspection_date", f"'{row['inspection_date']}' is no day") from None


def _count(row: Row, field: str, at: _Place) -> float:
    """NaN where the file does not say."""
    number = _number(row, field, at)
    if number < 0 or not (math.isnan(number) or number.is_integer()):
        raise at.wrong(field, f"'{row[field]}' is no count")
    return number


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
