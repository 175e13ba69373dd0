"""What every pack's reader needs: selectors of facts, windows, and refusals that say what is wrong."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec, Protocol, TypeVar

from profiling_service.errors import InvalidPack
from profiling_service.model.catalogue import Selector, Window
from profiling_service.model.facts import FactType
from profiling_service.model.forms import Forms

Row = Mapping[str, Any]
Given = ParamSpec("Given")
Read = TypeVar("Read")
_WINDOW = re.compile(r"(\d+)([md])")


class Coded(Protocol):
    """Whatever has a code."""

    @property
    def code(self) -> str:
        """It."""
        ...


Row_ = TypeVar("Row_", bound=Coded)


def refusing(name: str) -> Callable[[Callable[Given, Read]], Callable[Given, Read]]:
    """Makes a reader say which pack it is that lacks a member or has one of no meaning."""

    def of(read: Callable[Given, Read]) -> Callable[Given, Read]:
        @wraps(read)
        def reading(*args: Given.args, **kwargs: Given.kwargs) -> Read:
            try:
                return read(*args, **kwargs)
            except (KeyError, ValueError, TypeError, AttributeError) as error:
                raise InvalidPack(f"{name}: {error!r}") from error

        return reading

    return of


def fact_type(name: str) -> int:
    """The number of a type of fact by its name in packs."""
    return int(FactType[name.upper()])


def selectors(texts: Sequence[str], forms: Forms) -> tuple[Selector, ...]:
    """From `type`, or `type.flag` with as many flags as must hold together."""
    return tuple(_selector(text, forms) for text in texts)


def _selector(text: str, forms: Forms) -> Selector:
    name, *flags = text.split(".")
    kind = fact_type(name)
    known = forms[kind].flags
    for flag in flags:
        require(flag in known, f"{text}: {name} has no flag {flag}, but {sorted(known)}")
    return Selector(kind, sum(known[flag] for flag in set(flags)))


def window(text: str) -> Window:
    """From such as `12m` or `90d`."""
    match = _WINDOW.fullmatch(text)
    if match is None:
        raise InvalidPack(f"window {text!r}: expected such as 12m or 90d")
    length = int(match[1])
    return Window(months=length) if match[2] == "m" else Window(days=length)


def distinct(rows: Iterable[Row_]) -> tuple[Row_, ...]:
    """The rows, none of whose codes occurs twice."""
    kept = tuple(rows)
    codes = [row.code for row in kept]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    require(bool(codes) and not twice, f"codes are missing or occur twice: {twice}")
    return kept


def one_of(allowed: Collection[str], value: str) -> str:
    """The value, which must be one of these."""
    require(value in allowed, f"{value!r} is none of {sorted(allowed)}")
    return value


def only(row: Row, *members: str) -> None:
    """The row has no other members."""
    require(set(row) <= set(members), f"{dict(row)}: not known are {sorted(set(row) - set(members))}")


def require(holds: bool, what: str) -> None:  # noqa: FBT001 - reads as a sentence
    """Refuses the pack for this unless it holds."""
    if not holds:
        raise InvalidPack(what)
