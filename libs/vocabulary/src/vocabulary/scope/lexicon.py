"""The phrases of ``packs/scope.yaml``, compiled once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto
from functools import cache
from typing import Any, Final, NamedTuple

from vocabulary.code_tables import document
from vocabulary.scope.phrases import Phrases, joined

PACK: Final = "scope"


class Kind(IntEnum):
    """What a phrase is to the grammar of a clause."""

    ACTIVITY = auto()
    GOODS = auto()
    SELL = auto()
    MAKE = auto()
    DEVELOP = auto()
    SILENT = auto()


class Word(NamedTuple):
    """A phrase's meaning: an industry (of its maker, for goods), how strongly, and the trade it is sold in."""

    kind: Kind
    code: str
    strength: float = 1.0
    trade: str = ""


Match = tuple[int, str, Word]
"""Where a phrase stands, the phrase, its meaning; a plain tuple, for there are many."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Phrases of scopes and of names, and how much each place counts."""

    scope: Phrases[Word]
    name: Phrases[Word]
    goods_endings: frozenset[str]
    clause_weights: Sequence[float]
    letter_weights: Sequence[float]


_VERBS: Final[Mapping[str, tuple[Kind, str]]] = {
    "sale": (Kind.SELL, "F"),
    "trade": (Kind.SELL, "F"),
    "wholesale": (Kind.SELL, "F51"),
    "retail": (Kind.SELL, "F52"),
    "make": (Kind.MAKE, "C"),
    "develop": (Kind.DEVELOP, "M73"),
}


@cache
def lexicon() -> Lexicon:
    """The phrases of the pack."""
    pack = document(PACK)
    weights = pack["weights"]
    return Lexicon(
        scope=Phrases(_scope_words(pack)),
        name=Phrases(_name_words(pack)),
        goods_endings=frozenset(pack["goods_endings"]["rows"][0]["phrases"].split()),
        clause_weights=tuple(weights["clauses"]),
        letter_weights=tuple(weights["letters"]),
    )


def _scope_words(pack: Mapping[str, Any]) -> dict[str, Word]:
    """Later sections win: a set phrase is silent whatever its parts mean."""
    goods = [
        (row["phrases"], Word(Kind.GOODS, row["code"], 1.0, row.get("trade", "")))
        for row in pack["goods"]["rows"]
    ]
    activities = [(row["phrases"], _activity(row)) for row in pack["activities"]["rows"]]
    verbs = [(row["phrases"], _verb(row)) for row in pack["verbs"]["rows"]]
    return joined([*goods, *activities, *verbs, *_silent(pack["silent"])])


def _name_words(pack: Mapping[str, Any]) -> dict[str, Word]:
    trades = [(row["phrases"], _activity(row)) for row in pack["names"]["rows"]]
    return joined([*trades, *_silent(pack["silent_names"])])


def _silent(section: Mapping[str, Any]) -> list[tuple[str, Word]]:
    return [(row["phrases"], Word(Kind.SILENT, "")) for row in section["rows"]]


def _activity(row: Mapping[str, Any]) -> Word:
    return Word(Kind.ACTIVITY, row["code"], float(row.get("strength", 1.0)))


def _verb(row: Mapping[str, Any]) -> Word:
    kind, code = _VERBS[row["code"]]
    return Word(kind, code, float(row.get("strength", 1.0)))
