"""What a fact says, pair by pair, as the page tells it: the twin of the page's `kit/factText.ts`.

`tests/fact_texts.json` holds both to the same examples.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from console_service.rules.words import Words, percent

_EPOCH = date(1970, 1, 1)


def told(particulars: Mapping[str, Any], words: Words) -> list[tuple[str, str]]:
    """What each particular is called and what it says; what machines alone need is left out."""
    hidden = words.packs["fact_fields"]["hidden"]
    pairs = (
        _pair(code, value, particulars, words)
        for code, value in particulars.items()
        if code not in hidden and value is not None
    )
    return [(name, says) for name, says in pairs if says]


def _pair(code: str, value: Any, particulars: Mapping[str, Any], words: Words) -> tuple[str, str]:
    if code.endswith("_day") and _is_number(value):
        return _field(code.removesuffix("_day"), words), str(_EPOCH + timedelta(days=value))
    if code.endswith("_fen"):
        return _field(code, words), _money(value, words)
    if code.endswith("_ppm"):
        return _field(code, words), percent(Decimal(value) / 1_000_000)
    if code == "field" and "after" in particulars:
        return _field("changed_field", words), _field(str(value), words)
    if code in {"after", "before"} and (changed := particulars.get("field")):
        return _field(code, words), _changed(str(changed), str(value), words)
    return _field(code, words), _written(code, value, words)


def _changed(field: str, value: str, words: Words) -> str:
    return _money(value, words) if field.endswith("_fen") else _written(field, value, words)


def _written(code: str, value: Any, words: Words) -> str:
    if isinstance(value, bool):
        return _answered(code, words, yes=value)
    if isinstance(value, list):
        return words.listed(_written(code, each, words) for each in value)
    text = _text(value)
    if code in words.packs["fact_fields"]["areas"]:
        return words.name("areas", text)
    if code == "entity_type":
        return words.name("entity_types", text)
    if code == "item":
        return words.listed(words.name("items", each) for each in text.split(","))
    is_free = code in words.packs["fact_fields"]["free"] or code.endswith(("_ref", "_refs", "_id"))
    return text if is_free else _meant(code, text, words)


def _meant(field: str, code: str, words: Words) -> str:
    """The word of a code: that of `field_code` where there is one, since the code means another thing there."""
    own = f"{field}_{code}"
    return words.word("fact_values", own if own in words.packs["fact_values"][words.language] else code)


def _answered(code: str, words: Words, *, yes: bool) -> str:
    """Yes and no have words of their own where no is an answer; elsewhere no goes without saying."""
    answer = f"{code}_{yes}".lower()
    word = words.word("fact_values", answer)
    if word != answer:
        return word
    return words.sure(yes=True) if yes else ""


def _field(code: str, words: Words) -> str:
    return words.word("fact_fields", code)


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
