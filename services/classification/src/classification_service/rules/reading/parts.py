"""One part of a document, read member by member; what is wrong is collected and not raised."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from math import isfinite
from typing import Any

from classification_service.errors import Problem

NO_DATE = date(1970, 1, 1)


class Part:
    """A mapping within a document.

    What is missing or of a wrong kind becomes a problem, and something harmless is given in its place, so that one
    reading finds everything.

    Args:
        value: the mapping.
        place: where it stands.
        problems: where what is wrong is added.
    """

    def __init__(self, value: object, place: str, problems: list[Problem]) -> None:
        self.place = place
        self.problems = problems
        self._value: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
        self._asked: set[str] = set()
        if not isinstance(value, Mapping):
            problems.append(Problem(place, "is no mapping of names to values"))

    def __contains__(self, name: str) -> bool:
        self._asked.add(name)
        return self._value.get(name) is not None

    def wrong(self, name: str, reason: str) -> None:
        """The member is wrong for this reason; the part itself with an empty name."""
        self.problems.append(Problem(".".join(filter(None, (self.place, name))), reason))

    def text(self, name: str, default: str | None = None) -> str:
        """A text that is not empty."""
        if name not in self and default is not None:
            return default
        value = self._value.get(name)
        if isinstance(value, str) and value.strip():
            return value
        self.wrong(name, "must be a text")
        return ""

    def choice(self, name: str, among: Collection[str], default: str | None = None) -> str:
        """One of these words."""
        if name not in self and default is not None:
            return default
        value = self._value.get(name)
        if isinstance(value, str) and value in among:
            return value
        self.wrong(name, f"must be one of {', '.join(sorted(among))}")
        return min(among)

    def number(self, name: str, default: float | None = None) -> float:
        """A finite number."""
        if name not in self and default is not None:
            return default
        value: Any = self._value.get(name)
        if _is_number(value):
            return float(value)
        self.wrong(name, "must be a number")
        return 0.0

    def whole(self, name: str, default: float | None = None) -> float:
        """A whole number."""
        value = self.number(name, default)
        if not value.is_integer():
            self.wrong(name, "must be a whole number")
        return value

    def numbers(self, name: str) -> tuple[float, ...]:
        """A list of finite numbers."""
        self._asked.add(name)
        value = self._value.get(name)
        if isinstance(value, Sequence) and not isinstance(value, str) and all(map(_is_number, value)):
            return tuple(float(each) for each in value)
        self.wrong(name, "must be a list of numbers")
        return ()

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, empty when left out."""
        if name not in self:
            return ()
        value = self._value[name]
        if isinstance(value, list | tuple) and all(isinstance(each, str) and each for each in value):
            return tuple(value)
        self.wrong(name, "must be a list of texts")
        return ()

    def day(self, name: str) -> date:
        """A date without a time, as YAML's own or as ISO text."""
        self._asked.add(name)
        value = self._value.get(name)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.wrong(name, "must be a date such as 2026-03-01")
            return NO_DATE

    def part(self, name: str) -> "Part":
        """A mapping within this one."""
        self._asked.add(name)
        return Part(self._value.get(name), ".".join(filter(None, (self.place, name))), self.problems)

    def parts(self, name: str) -> Iterator["Part"]:
        """A list of mappings, empty when left out."""
        if name not in self:
            return
        value = self._value[name]
        if not isinstance(value, Sequence) or isinstance(value, str):
            self.wrong(name, "must be a list")
            return
        for index, each in enumerate(value):
            place = ".".join(filter(None, (self.place, name, str(index))))
            yield Part(each, place, self.problems)

    def is_list(self, name: str) -> bool:
        """Whether the member is a list."""
        return isinstance(self._value.get(name), list | tuple)

    def pairs(self, name: str) -> list[tuple[float, float]]:
        """A list of pairs of numbers."""
        self._asked.add(name)
        value = self._value.get(name)
        if isinstance(value, Sequence) and all(_is_pair(each) for each in value):
            return [(float(each[0]), float(each[1])) for each in value]
        self.wrong(name, "must be a list of pairs of numbers")
        return []

    def ignore(self, *names: str) -> None:
        """These are for people only."""
        self._asked.update(names)

    def end(self) -> None:
        """Whatever was not asked for has no place here: most likely it is misspelt."""
        for name in self._value:
            if str(name) not in self._asked:
                self.wrong(str(name), "has no place here")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _is_pair(value: object) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2 and all(map(_is_number, value))
