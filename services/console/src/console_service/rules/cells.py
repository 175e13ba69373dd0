"""The cells of an entity's workbook: what the page says; numbers, days and instants stay such."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from console_service.rules.particulars import told
from console_service.rules.sheets import Column
from console_service.rules.words import Words

CHINA: Final = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and the format in which Excel is to write it."""

    value: float
    form: str


Cell = str | Figure | date | datetime | None
Item = Mapping[str, Any]


def heading(column: Column, words: Words) -> str:
    """What stands above a column; Excel knows no zones, so the heading of instants tells theirs."""
    said = words.say(column.zh, column.en)
    return words.bracketed(said, words.say("北京时间", "China time")) if column.kind == "instant" else said


def rows(columns: Sequence[Column], items: Sequence[Item], words: Words) -> Iterator[list[Cell]]:
    """The cells of each item."""
    return ([cell(column, item, words) for column in columns] for item in items)


def cell(column: Column, item: Item, words: Words) -> Cell:
    """What stands in a column for this item; nothing for what it does not have."""
    value = _at(column.field, item)
    if column.english and words.language == "en":
        value = _at(column.english, item) or value
    return None if value in (None, "", []) else _READ[column.kind](value, words, item)


def _at(field: str, item: Item) -> Any:
    value: Any = item
    for part in field.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _figure(value: float, most: int = 2, end: str = "") -> Figure:
    """A number with as many decimals as it needs, `most` at most."""
    shown = value * 100 if end == "%" else value
    decimals = len(f"{shown:.{most}f}".rstrip("0").partition(".")[2])
    return Figure(value, "#,##0" + ("." + "0" * decimals if decimals else "") + end)


def _value(value: float, words: Words, item: Item) -> Cell:
    """The value of an indicator, as its unit is written."""
    if item.get("unit") == "yes_no":
        return words.sure(yes=bool(value))
    return _figure(value, 1, "%") if item.get("unit") == "share" else _figure(value)


def _unit(unit: str, words: Words, _item: Item) -> Cell:
    """The word after the number; where the page says none, none."""
    return None if (said := words.word("units", unit)) == unit else said


def _fen(value: int, _words: Words, _item: Item) -> Cell:
    return Figure(value / 100, "#,##0.00")


def _model(model: str, words: Words, _item: Item) -> Cell:
    """A version of a model by its name and number."""
    name, number = words.name("models", model), model.partition("@")[2]
    if name == model or not number:
        return name
    return words.say(f"{name}（第 {number} 版）", f"{name}, version {number}")


def _industry(entity: Item, words: Words, _item: Item) -> Cell:
    code = entity.get("industry") or entity.get("inferred_industry")
    if not code:
        return None
    said = f"{code} {words.name('sections', code[:1])}"
    if entity.get("industry"):
        return said
    return words.bracketed(said, words.word("identity", "industry_inferred"))


def _record_state(state: str, words: Words, record: Item) -> Cell:
    told_as = "hidden" if "published_on" in record and record["published_on"] is None else state
    return words.word("supervision", told_as, "record_")


def _instant(value: str, _words: Words, _item: Item) -> Cell:
    return datetime.fromisoformat(value).astimezone(CHINA).replace(tzinfo=None)


def _pairs(value: Item, words: Words, item: Item) -> Cell:
    pairs = told(value, words, item["type"])
    return "\n".join(words.say(f"{what}：{says}", f"{what}: {says}") for what, says in pairs)


_Reader = Callable[[Any, Words, Item], Cell]


def _word(pack: str, prefix: str = "") -> _Reader:
    return lambda code, words, _item: words.word(pack, code, prefix)


def _each(say: _Reader) -> _Reader:
    return lambda codes, words, item: words.listed(str(say(code, words, item)) for code in codes)


def _name(kind: str) -> _Reader:
    return lambda code, words, _item: words.name(kind, code)


_READ: Final[Mapping[str, _Reader]] = {
    "text": lambda value, _words, _item: str(value),
    "number": lambda value, _words, _item: _figure(value),
    "value": _value,
    "unit": _unit,
    "fen": _fen,
    "penalty_fen": lambda value, words, record: (
        _fen(value, words, record) if record.get("kind") == "penalty" else None
    ),
    "date": lambda value, _words, _item: date.fromisoformat(value),
    "instant": _instant,
    "flag": lambda value, words, _item: words.sure(yes=value),
    "list": _each(lambda value, _words, _item: str(value)),
    "lines": lambda values, _words, _item: "\n".join(map(str, values)),
    "pairs": _pairs,
    "area": lambda code, words, _item: words.bracketed(words.name("areas", code), code),
    "industry": _industry,
    "model": _model,
    "class": lambda code, words, _item: words.bracketed(code, words.word("identity", code, "class_")),
    "flags": _each(_word("identity", "flag_")),
    "sectors": _each(_name("sectors")),
    "items": _each(_name("items")),
    "values": _each(_word("fact_values")),
    "record": _record_state,
    **{kind: _name(kind) for kind in ("entity_types", "families")},
    **{pack: _word(pack) for pack in ("statuses", "fact_types", "fact_values")},
    **{
        kind: _word("supervision", f"{kind}_")
        for kind in ("severity", "step", "state", "task", "kind", "tier", "notice", "channel")
    },
}
