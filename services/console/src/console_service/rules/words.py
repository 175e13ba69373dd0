"""Codes, numbers and money as the page writes them, in one language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

NOTHING: Final = "—"
Packs = Mapping[str, Mapping[str, Any]]
Names = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Words:
    """What is said for a code; a code without a word stays as it is.

    Attributes:
        language: `zh` or `en`.
        packs: the console's own words: by pack and language, the word of each code.
        names: what services call things: by kind and code, the name in both languages.
    """

    language: str
    packs: Packs
    names: Names

    def say(self, zh: str, en: str) -> str:
        """One of the two; Chinese where there is no English."""
        return zh if self.language == "zh" else en or zh

    def word(self, pack: str, code: str, prefix: str = "") -> str:
        """The word of a code, which the pack may have below a prefix."""
        if not code:
            return NOTHING
        told: str = self.packs[pack][self.language].get(prefix + code, code)
        return told

    def name(self, kind: str, code: str) -> str:
        """What a service calls the thing of this code; an inspection item of others by the word of its code."""
        if found := self.names.get(kind, {}).get(code):
            return self.say(found["zh"], found.get("en", ""))
        return self.word("fact_values", code) if kind == "items" else code or NOTHING

    def bracketed(self, text: str, more: str) -> str:
        """A thing with what is added to it."""
        return self.say(f"{text}（{more}）", f"{text} ({more})")

    def listed(self, texts: Iterable[str]) -> str:
        """Several things one after another."""
        said = list(texts)
        return self.say("、", ", ").join(said) if said else NOTHING

    def sure(self, *, yes: bool) -> str:
        """Yes or no."""
        return self.say("是", "Yes") if yes else self.say("否", "No")

    def money(self, fen: Decimal) -> str:
        """Fen as yuan."""
        sign = "-" if fen < 0 else ""
        return f"{sign}{self.say('¥', 'CN¥')}{_rounded(abs(fen) / 100, 2):,}"


def percent(part: Decimal) -> str:
    """A part of one, with at most one decimal."""
    return f"{_rounded(part * 100, 1):,f}".removesuffix(".0") + "%"


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
