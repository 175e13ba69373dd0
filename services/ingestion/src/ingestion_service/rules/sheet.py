"""Quarantined facts as rows of a sheet, and edited rows as corrections.

A cell that shows what it was given shows nothing new, so only what a person edited is corrected.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any, Final, NamedTuple

import msgspec

from ingestion_service.model.fact import FACT_TYPES
from ingestion_service.model.quarantined import Correction, Quarantined

Cell = str | int | float | bool | None
GIVEN: Final = ("id", "source", "fact_id", "type", "reason", "state", "received_at")
"""Columns that tell which fact it is; what is written there changes nothing."""
EDITABLE: Final = ("subject", "time")
MEMBER: Final = "data."
MOST_COLUMNS: Final = 200
LEFT_OFF: Final = "未列出 left off: "
LONGEST_CELL: Final = 32_767
"""Characters. Source: Microsoft, Excel specifications and limits."""
_EXACT: Final = 2**53
"""Whole numbers up to here are exact in a spreadsheet."""
_LONGEST_NUMBER: Final = 18
"""Digits of a number that fits 64 bits; more are text."""
_SHANGHAI: Final = timezone(timedelta(hours=8))
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class Table(NamedTuple):
    """What stands in the sheet, and how many columns are left off."""

    header: list[str]
    rows: list[list[Cell]]
    columns_left_off: int = 0


def table(facts: Sequence[Quarantined]) -> Table:
    """The header, with a column for each member of data that any of them has, and one row for each fact.

    Of more members than there is room for, those that most of the facts have.
    """
    shown = [cells(fact) for fact in facts]
    members = Counter(name for row in shown for name in row if name.startswith(MEMBER))
    room = MOST_COLUMNS - len(GIVEN) - len(EDITABLE)
    kept = {name for name, _ in members.most_common(room)}
    header = [*GIVEN, *EDITABLE, *(name for name in members if name in kept)]
    return Table(header, [[row.get(name) for name in header] for row in shown], len(members) - len(kept))


def note_of_left_off(rows: int, columns: int) -> str:
    """What the last row says where the sheet is not all there is."""
    told = [f"{rows} rows"] * bool(rows) + [f"{columns} columns"] * bool(columns)
    return f"{LEFT_OFF}{', '.join(told)}"


def is_note(cell: Any) -> bool:
    """Whether a row that begins so is no fact, but our note of what was left off."""
    return isinstance(cell, str) and cell.startswith(LEFT_OFF)


def cells(fact: Quarantined) -> dict[str, Cell]:
    """What the sheet shows of a fact, by column."""
    event = _event(fact)
    given: dict[str, Cell] = {
        "id": fact.id,
        "source": fact.source,
        "fact_id": fact.fact_id,
        "type": fact.type,
        "reason": fact.reason,
        "state": fact.state.value,
        "received_at": fact.received_at.astimezone(_SHANGHAI).isoformat(timespec="seconds"),
    }
    told = {name: _cell(event.get(name)) for name in EDITABLE}
    return given | told | {f"{MEMBER}{name}": _cell(value) for name, value in _data(event).items()}


def correction(fact: Quarantined, row: Mapping[str, Any]) -> Correction | None:
    """What a person put right in this row; None when nothing.

    Args:
        fact: The fact as it is held.
        row: The row's cells by column, as a spreadsheet gives them back; columns left out change nothing.
    """
    shown = cells(fact)
    edited = {
        name: value
        for name, value in row.items()
        if (name in EDITABLE or name.startswith(MEMBER)) and not _same(shown.get(name), value)
    }
    if not edited:
        return None
    members = {name: value for name, value in edited.items() if name.startswith(MEMBER)}
    return Correction(
        subject=_text(edited["subject"]) if edited.get("subject") is not None else None,
        time=_instant(edited["time"]) if edited.get("time") is not None else None,
        data=msgspec.Raw(msgspec.json.encode(_edited_data(fact, members))) if members else None,
    )


def _edited_data(fact: Quarantined, members: Mapping[str, Any]) -> dict[str, Any]:
    """An emptied cell takes its member away."""
    data = dict(_data(_event(fact)))
    texts = _texts(fact.type)
    for column, value in members.items():
        name = column.removeprefix(MEMBER)
        if value is None or value == "":
            data.pop(name, None)
        else:
            data[name] = _value(value, is_text=name in texts)
    return data


def _event(fact: Quarantined) -> Mapping[str, Any]:
    try:
        return msgspec.json.decode(fact.original, type=dict[str, Any])
    except _UNREADABLE:
        return {}


def _data(event: Mapping[str, Any]) -> Mapping[str, Any]:
    data = event.get("data")
    return data if isinstance(data, dict) else {}


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int) and abs(value) <= _EXACT:
        return value
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text[:LONGEST_CELL]


def _same(shown: Cell, found: Any) -> bool:
    if isinstance(shown, bool) or isinstance(found, bool):
        return shown is found
    if isinstance(shown, str) or shown is None:
        return _plain(shown) == (_plain(found) if isinstance(found, str) or found is None else None)
    return bool(shown == found)


def _plain(text: str | None) -> str:
    """Spreadsheets have one kind of line end, and no difference between an empty cell and none."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n")


def _value(cell: Any, *, is_text: bool) -> Any:
    """A spreadsheet knows numbers where the fact wants text, days as instants, and lists only as text."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if is_text:
        return _text(cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= _EXACT:
        return int(cell)
    if isinstance(cell, str) and cell.lstrip()[:1] in {"[", "{"}:
        try:
            return msgspec.json.decode(cell)
        except _UNREADABLE:
            return cell
    digits = isinstance(cell, str) and cell.isascii() and cell.isdigit() and len(cell) <= _LONGEST_NUMBER
    return int(cell) if digits else cell


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _instant(cell: Any) -> str:
    """What a spreadsheet holds as an instant has no offset: it is meant as Asia/Shanghai."""
    if isinstance(cell, datetime):
        return (cell if cell.tzinfo else cell.replace(tzinfo=_SHANGHAI)).isoformat()
    return _text(cell)


@cache
def _texts(fact_type: str) -> frozenset[str]:
    """Members of the type that are texts."""
    known = FACT_TYPES.get(fact_type)
    if known is None:
        return frozenset()
    definitions = msgspec.json.schema(known.data)["$defs"]
    members = definitions[known.data.__name__]["properties"]
    return frozenset(name for name, of in members.items() if _is_text(of, definitions))


def _is_text(of: Mapping[str, Any], definitions: Mapping[str, Any]) -> bool:
    if "$ref" in of:
        return _is_text(definitions[of["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in of:
        return any(_is_text(each, definitions) for each in of["anyOf"])
    values = of.get("enum", [])
    return of.get("type") == "string" or any(isinstance(value, str) for value in values)
