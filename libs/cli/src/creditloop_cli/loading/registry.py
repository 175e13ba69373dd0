"""The registry's CSV as it is found: each row becomes the fact that a registration was recorded; nothing is added.

Quoting is that of RFC 4180 (fields with commas or quotes stand in double quotes, quotes inside are doubled) and
lines end in CR LF; read so, the public copy has exactly 30,421 rows of ten fields.
"""

import csv
import gzip
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import TextIOWrapper
from pathlib import Path
from typing import IO, cast

from vocabulary.areas import area_of_address
from vocabulary.entity_types import type_of_text
from vocabulary.money import parse_capital
from vocabulary.uscc import UsccVerdict, check

from creditloop_cli.errors import WrongUse
from creditloop_cli.loading.batch import Batch, cloud_event

SOURCE = "registry"
KIND = "creditloop.registration.recorded.v1"
COLUMNS = (
    "企业名称",
    "统一社会信用代码",
    "注册日期",
    "企业类型",
    "法人代表编号",
    "注册资金",
    "经营范围",
    "所在省份",
    "地区",
    "注册地址",
)
_NOT_AVAILABLE = frozenset({"", "N/A"})
_LONGEST_FIELD = 1 << 20
_LONGEST_CODE = 200
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its fields as read, and its text exactly as it stands in the file."""

    fields: Sequence[str]
    raw: str

    def __getitem__(self, column: str) -> str:
        """The field of a column, stripped; empty where it is missing or not available."""
        index = COLUMNS.index(column)
        text = self.fields[index].strip() if index < len(self.fields) else ""
        return "" if text in _NOT_AVAILABLE else text


def read_rows(path: Path) -> Iterator[Row]:
    """All rows of a `.csv` or `.csv.gz` file, one at a time.

    Raises:
        WrongUse: The file is not there, or its columns are not those of the registry.
    """
    with open_text(path) as file:
        remembering = _Remembering(file)
        csv.field_size_limit(_LONGEST_FIELD)
        reader = csv.reader(remembering)
        try:
            header = next(reader, [])
            if tuple(header) != COLUMNS:
                raise WrongUse(
                    f"{path} is not the registry's CSV: its first line must name {','.join(COLUMNS)}"
                )
            remembering.take()
            for fields in reader:
                yield Row(fields, remembering.take())
        except (csv.Error, UnicodeDecodeError, EOFError, OSError) as error:
            raise WrongUse(f"{path}, line {reader.line_num}: {error}") from error


@contextmanager
def open_text(path: Path) -> Iterator[IO[str]]:
    """The file as UTF-8 text with its line ends kept, unpacked where it is gzip.

    Raises:
        WrongUse: It cannot be opened.
    """
    try:
        raw = path.open("rb")
    except OSError as error:
        raise WrongUse(f"cannot read {path}: {error.strerror}") from error
    with raw:
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        binary = cast("IO[bytes]", gzip.GzipFile(fileobj=raw)) if packed else raw
        with TextIOWrapper(binary, encoding="utf-8-sig", newline="") as text:
            yield text


class _Remembering:
    """The lines of a file, with the text since the last `take`: a row may span several lines."""

    def __init__(self, lines: IO[str]) -> None:
        self._lines = lines
        self._text: list[str] = []

    def __iter__(self) -> "_Remembering":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._text.append(line)
        return line

    def take(self) -> str:
        text = "".join(self._text)
        self._text.clear()
        return text.rstrip("\r\n")


def fact_of(row: Row) -> bytes:
    """The row as a CloudEvent. What is not known is left out; the code goes as found, for ingestion to judge.

    Where the code is not plainly valid the row's own text goes with the fact, as an extension attribute, so that
    what is quarantined keeps its original.
    """
    code = row.fields[1][:_LONGEST_CODE] if len(row.fields) > 1 else ""
    founded = row["注册日期"] if _is_day(row["注册日期"]) else ""
    clear = check(code) is UsccVerdict.VALID and len(row.fields) == len(COLUMNS) and founded
    kept = {} if clear else {"originalrow": row.raw}
    time = f"{founded}T00:00:00+08:00" if founded else ""
    data = _data(row, founded)
    return cloud_event(row_id(row), SOURCE, kind=KIND, subject=code, time=time, data=data, **kept)


def row_id(row: Row) -> str:
    """The fact's id: the same text is the same fact, however often and from whatever file it is loaded."""
    return f"row-{hashlib.sha256(row.raw.encode()).hexdigest()[:32]}"


def _data(row: Row, founded: str) -> dict[str, str | int]:
    capital = parse_capital(row["注册资金"])
    known: dict[str, str | int | None] = {
        "name": row["企业名称"] or "（名称缺）",
        "entity_type": _type_code(row["企业类型"]),
        "established_on": founded,
        "registered_capital_fen": capital.fen if capital and capital.currency == "CNY" else None,
        "area_code": area_of_address(row["注册地址"]) or "",
        "address": row["注册地址"],
        "legal_person_ref": row["法人代表编号"],
        "business_scope": row["经营范围"],
    }
    return {name: value for name, value in known.items() if value not in (None, "")}


@lru_cache(maxsize=1024)
def _type_code(wording: str) -> str:
    """A registry uses a few wordings very often."""
    kind = type_of_text(wording)
    return kind.code if kind else ""


def batches(path: Path, size: int) -> Iterator[tuple[int, Batch]]:
    """The file's facts, `size` at a time, on any lane: each row is another entity's."""
    lines: list[bytes] = []
    lane = 0
    for row in read_rows(path):
        lines.append(fact_of(row))
        if len(lines) == size:
            yield lane, Batch(SOURCE, lines)
            lines, lane = [], lane + 1
    if lines:
        yield lane, Batch(SOURCE, lines)


def _is_day(text: str) -> bool:
    """Whether the text is an ISO date."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
