"""Two languages, and the words for codes in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from notification_service.errors import TemplateFault

OTHER: Final = "other"


class Language(StrEnum):
    """Languages a letter can be rendered in; the Chinese one is the letter, the other explains it."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Localised:
    """One text in both languages."""

    zh: str
    en: str

    @classmethod
    def read(cls, entry: Any, where: str) -> "Localised":
        """The text a YAML entry holds.

        Raises:
            TemplateFault: a language is missing or empty.
        """
        if not isinstance(entry, dict) or not entry.get("zh") or not entry.get("en"):
            raise TemplateFault(f"{where}: needs zh and en")
        return cls(str(entry["zh"]), str(entry["en"]))

    def text(self, language: Language) -> str:
        """The text in one language."""
        return self.zh if language is Language.ZH else self.en


Words = Mapping[str, Mapping[str, Localised]]
"""Word list → code → words."""


def read_words(document: Any) -> Words:
    """The word lists of `packs/words.yaml`.

    Raises:
        TemplateFault: a list has no `other`, or a word lacks a language.
    """
    lists = {
        name: {code: Localised.read(entry, f"{name}.{code}") for code, entry in entries.items()}
        for name, entries in document.items()
    }
    for name, words in lists.items():
        if OTHER not in words:
            raise TemplateFault(f"words {name}: needs an entry named other")
    return lists


def word(words: Words, name: str, code: str, language: Language) -> str:
    """The words for a code; a code the list does not know gets the list's `other`."""
    known = words[name]
    return known.get(code, known[OTHER]).text(language)


def written_day(day: date, language: Language) -> str:
    """A day as letters write it: 2026年3月5日, or 5 March 2026."""
    if language is Language.ZH:
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
