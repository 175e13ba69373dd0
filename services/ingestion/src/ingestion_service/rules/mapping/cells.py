"""Reads one cell: what it says as text, number, day, instant, amount, flag or code.

A cell is text from a CSV; from the other formats it may also be a number, a day, a flag or a list. What is empty is
None. Days that the calendar does not have are passed on as they are: judging quarantines them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Final, NamedTuple

from ingestion_service.errors import CellRefused
from ingestion_service.model.mapping import CodeTable, Unit, Unmapped
from ingestion_service.rules.mapping.members import Kind

Read = Callable[[object], object]
SHANGHAI: Final = timezone(timedelta(hours=8))
_MOST_EXACT: Final = 2**53
_DAY = r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
_A_DAY: Final = re.compile(rf"{_DAY}|(\d{{4}})(\d{{2}})(\d{{2}})", re.ASCII)
_AN_INSTANT: Final = re.compile(
    rf"{_DAY}[ T]?(\d{{1,2}}):(\d{{2}})(?::(\d{{2}})(\.\d{{1,9}})?)?\s*([zZ]|[+-]\d{{2}}:\d{{2}})?", re.ASCII
)
_WHOLE: Final = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.0+)?", re.ASCII)
_AMOUNT: Final = re.compile(r"[+-]?(\d{1,16}|\d{1,3}(,\d{3}){1,5})(\.\d{1,8})?", re.ASCII)
_SEVERAL: Final = re.compile(r"[、，,；;|]")
_FLAGS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("true", "1", "y", "yes", "是", "有", "√"), True),
    **dict.fromkeys(("false", "0", "n", "no", "否", "无", "×"), False),
}
_EXCEL_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
_FEN_IN: Final = {Unit.FEN: 1, Unit.YUAN: 100, Unit.WAN_YUAN: 1_000_000}
_MOST_NAMED: Final = 20


class Manner(NamedTuple):
    """How the cells of one place are to be read; see `Mapping`."""

    trim: bool = True
    empty: frozenset[str] = frozenset()
    codes: tuple[str, ...] = ()
    table: CodeTable | None = None
    dates: tuple[str, ...] = ()
    unit: Unit = Unit.FEN
    separator: str | None = None
    is_list: bool = False


def reader(kind: Kind, manner: Manner) -> Read:
    """Reads cells of this kind in this manner; raises CellRefused where it cannot."""
    text = _text_reader(manner)
    of_kind = _OF_KIND[kind](manner, text)
    translate = _translated(manner.table, text, of_kind) if manner.table else of_kind
    return _several(manner, translate) if manner.is_list else translate


def _text_reader(manner: Manner) -> Callable[[object], str | None]:
    trim, empty = manner.trim, manner.empty

    def text(cell: object) -> str | None:
        if type(cell) is not str:
            cell = _as_text(cell)
        if trim:
            cell = cell.strip()
        if not cell or cell in empty:
            return None
        if "\ufffd" in cell:
            raise CellRefused("holds a character that cannot be read", "text in the encoding of the file")
        if cell in _EXCEL_ERRORS:
            raise CellRefused("is an error of the spreadsheet", "a value")
        return cell

    return text


def _as_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return _number_as_text(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, list | tuple):
        return "、".join(_as_text(each) for each in cell)
    raise CellRefused("is neither text nor a number nor a day", "a single value")


def _number_as_text(number: float) -> str:
    if not isfinite(number):
        return ""
    if abs(number) > _MOST_EXACT:
        raise CellRefused("is a number too long to be exact", "text: format the column as text")
    return str(int(number)) if number == int(number) else repr(number)


# -- kinds --------------------------------------------------------------------------------------------------------

_Text = Callable[[object], str | None]


def _text(_manner: Manner, text: _Text) -> Read:
    return text


def _code(manner: Manner, text: _Text) -> Read:
    codes = frozenset(manner.codes)

    def read(cell: object) -> object:
        found = text(cell)
        if found is None or found in codes:
            return found
        raise CellRefused("is none of the known values", f"one of {named(manner.codes)}")

    return read


def _whole(_manner: Manner, text: _Text) -> Read:
    def read(cell: object) -> object:
        found = text(cell)
        if found is None:
            return None
        if not _WHOLE.fullmatch(found):
            raise CellRefused("is not a whole number", "digits, such as 2025")
        return int(Decimal(found.replace(",", "")))

    return read


def _amount(manner: Manner, text: _Text) -> Read:
    factor = _FEN_IN[manner.unit]

    def read(cell: object) -> object:
        found = text(cell)
        if found is None:
            return None
        if not _AMOUNT.fullmatch(found):
            raise CellRefused("is not an amount", f"a number, in {manner.unit}, such as 1234.5")
        try:
            fen = Decimal(found.replace(",", "")) * factor
        except InvalidOperation as error:
            raise CellRefused("is not an amount", f"a number, in {manner.unit}") from error
        if fen != int(fen):
            raise CellRefused("is finer than a fen", f"whole fen, given in {manner.unit}")
        return int(fen)

    return read


def _flag(_manner: Manner, text: _Text) -> Read:
    def read(cell: object) -> object:
        found = text(cell)
        if found is None:
            return None
        flag = _FLAGS.get(found.lower())
        if flag is None:
            raise CellRefused("is neither yes nor no", "是 or 否, true or false, 1 or 0")
        return flag

    return read


def _day(manner: Manner, text: _Text) -> Read:
    def read(cell: object) -> object:
        if isinstance(cell, datetime | date):
            return cell.isoformat()[:10]
        found = _no_number(cell, text)
        if found is None:
            return None
        if match := _A_DAY.fullmatch(found):
            return _iso(match.groups())
        parsed = _parsed(found, manner.dates) or _instant_of(found)
        if parsed is None:
            raise CellRefused("is not a day", f"a day as {forms(manner.dates, '2026-03-01, 2026年3月1日')}")
        return parsed[:10]

    return read


def _instant(manner: Manner, text: _Text) -> Read:
    def read(cell: object) -> object:
        if isinstance(cell, datetime):
            return (cell if cell.tzinfo else cell.replace(tzinfo=SHANGHAI)).isoformat()
        if isinstance(cell, date):
            return f"{cell.isoformat()}T00:00:00+08:00"
        found = _no_number(cell, text)
        if found is None:
            return None
        if match := _A_DAY.fullmatch(found):
            return f"{_iso(match.groups())}T00:00:00+08:00"
        parsed = _instant_of(found) or _parsed(found, manner.dates)
        if parsed is None:
            raise CellRefused(
                "is not an instant", f"a day or an instant as {forms(manner.dates, '2026-03-01 09:30:00')}"
            )
        return parsed

    return read


_OF_KIND: Final[Mapping[Kind, Callable[[Manner, _Text], Read]]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.WHOLE: _whole,
    Kind.AMOUNT: _amount,
    Kind.FLAG: _flag,
    Kind.DAY: _day,
    Kind.INSTANT: _instant,
}


def _no_number(cell: object, text: _Text) -> str | None:
    if isinstance(cell, int | float):
        raise CellRefused("is a number, not a day", "a cell formatted as a date, or text such as 2026-03-01")
    return text(cell)


def _iso(groups: Sequence[str | None]) -> str:
    year, month, day = (each for each in groups if each is not None)
    return f"{year}-{month:0>2}-{day:0>2}"


def _instant_of(found: str) -> str | None:
    match = _AN_INSTANT.fullmatch(found)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    zone = offset.upper() if offset else "+08:00"
    return f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}:{second or '00'}{fraction or ''}{zone}"


def _parsed(found: str, dates: Sequence[str]) -> str | None:
    for form in dates:
        try:
            parsed = datetime.strptime(found, form)  # noqa: DTZ007 - the zone is added below
        except ValueError:
            continue
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=SHANGHAI)).isoformat()
    return None


def forms(dates: Sequence[str], usual: str) -> str:
    """The forms a day may have, for people."""
    return ", ".join([*dates, usual])


def named(words: Sequence[str]) -> str:
    """Some words, and how many more there are."""
    shown = ", ".join(word or "(empty)" for word in words[:_MOST_NAMED])
    more = len(words) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown


# -- tables and lists ---------------------------------------------------------------------------------------------


def _translated(codes: CodeTable, text: _Text, otherwise: Read) -> Read:
    table, unmapped = codes.table, codes.unmapped

    def read(cell: object) -> object:
        found = text(cell)
        if found is None:
            return None
        code = table.get(found)
        if code is not None:
            return otherwise(code) if code else None
        if unmapped is Unmapped.LEAVE:
            return otherwise(found)
        if unmapped is Unmapped.EMPTY:
            return None
        raise CellRefused("is no word of the table of codes", f"one of {named(list(table))}")

    return read


def _several(manner: Manner, one: Read) -> Read:
    separator = manner.separator

    def read(cell: object) -> object:
        if isinstance(cell, str):
            parts: Sequence[object] = cell.split(separator) if separator else _SEVERAL.split(cell)
        else:
            parts = cell if isinstance(cell, list | tuple) else [cell]
        items = [item for part in parts if (item := one(part)) is not None]
        return items or None

    return read
