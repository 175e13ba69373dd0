"""What a fact says, pair by pair, as the page tells it: the twin of the page's `kit/factText.ts`.

`tests/fact_texts.json` holds both to the same examples.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from console_service.rules.words import Words, percent

_EPOCH = date(1970, 1, 1)


def told(particulars: Mapping[str, Any], words: Words, kind: str) -> list[tuple[str, str]]:
    """What each particular is called and what it says; what machines alone need is left out.

    `kind` is the type of the fact: a field or a code may mean something else there.
    """
    own = _Told(words, kind)
    hidden = words.packs["fact_fields"]["hidden"]
    pairs = (
        _pair(code, value, particulars, own)
        for code, value in particulars.items()
        if code not in hidden and value is not None
    )
    return [(name, says) for name, says in pairs if says]


@dataclass(frozen=True, slots=True)
class _Told:
    """The words of facts of a type."""

    words: Words
    kind: str

    def field(self, code: str) -> str:
        """The word of a field: its own in this type of fact, or the one it has in all."""
        return self._first("fact_fields", f"{self.kind}.{code}", code)

    def meant(self, field: str, code: str) -> str:
        """The word of a code: its own in this type and field, in this field, or the one it has in all."""
        return self._first("fact_values", f"{self.kind}.{field}_{code}", f"{field}_{code}", code)

    def is_one(self, which: str, code: str) -> bool:
        """Whether a field, or a type of fact, is told in that way."""
        return code in self.words.packs["fact_fields"][which]

    def _first(self, pack: str, *codes: str) -> str:
        known = self.words.packs[pack][self.words.language]
        return self.words.word(pack, next((code for code in codes if code in known), codes[-1]))


def _pair(code: str, value: Any, particulars: Mapping[str, Any], told: _Told) -> tuple[str, str]:
    if code.endswith("_day") and _is_number(value):
        return told.field(code.removesuffix("_day")), str(_EPOCH + timedelta(days=value))
    if code.endswith("_fen"):
        return told.field(code), _money(value, told.words)
    if code.endswith("_ppm"):
        return told.field(code), percent(Decimal(value) / 1_000_000)
    if code == "field" and told.is_one("changes", told.kind):
        return told.field(code), told.field(str(value))
    if code in {"after", "before"} and (changed := particulars.get("field")):
        return told.field(code), _changed(str(changed), str(value), told)
    return told.field(code), _written(code, value, told)


def _changed(field: str, value: str, told: _Told) -> str:
    return _money(value, told.words) if field.endswith("_fen") else _written(field, value, told)


def _written(code: str, value: Any, told: _Told) -> str:
    if isinstance(value, bool):
        return _answered(code, told.words, yes=value)
    if isinstance(value, list):
        return told.words.listed(_written(code, each, told) for each in value)
    text = _text(value)
    if told.is_one("areas", code):
        return told.words.name("areas", text)
    if code == "entity_type":
        return told.words.name("entity_types", text)
    if code == "item":
        return told.words.listed(told.words.name("items", each) for each in text.split(","))
    is_free = told.is_one("free", code) or code.endswith(("_ref", "_refs", "_id"))
    return text if is_free else told.meant(code, text)


def _answered(code: str, words: Words, *, yes: bool) -> str:
    """Yes and no have words of their own where no is an answer; elsewhere no goes without saying."""
    answer = f"{code}_{yes}".lower()
    word = words.word("fact_values", answer)
    if word != answer:
        return word
    return words.sure(yes=True) if yes else ""


def _money(fen: Any, words: Words) -> str:
    """Money; what is no number stays as it came."""
    try:
        return words.money(Decimal(str(fen)))
    except InvalidOperation:
        return str(fen)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any) -> str:
    """A number without the decimals that JSON may give a whole one."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
