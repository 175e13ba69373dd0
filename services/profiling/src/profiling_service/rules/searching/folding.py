"""Texts as they are compared when people search: widths and cases alike, marks and spaces left out."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

LONGEST = 100
"""Characters of a text that are looked at; no registered name is longer."""

_COMMON = re.compile(
    "有限责任公司|股份有限公司|有限公司|分公司|公司|个体工商户|个人独资企业|有限合伙|普通合伙|合伙企业|四川省|四川|成都市|成都"
)
"""Forms of business (组织形式) and where we are: nearly every name has some, so they tell names little apart."""


class Folded(NamedTuple):
    """A text as it is compared.

    Attributes:
        text: Letters, digits and Chinese characters.
        origins: Which code point of the text as written each of them comes from.
    """

    text: str
    origins: tuple[int, ...]


def folded(written: str) -> Folded:
    """The text as it is compared; of a text so folded, itself."""
    pairs = [(mark, index) for index, each in enumerate(written[: 2 * LONGEST]) for mark in _fold(each)]
    return Folded("".join(mark for mark, _ in pairs[:LONGEST]), tuple(index for _, index in pairs[:LONGEST]))


@lru_cache(maxsize=16_384)
def _fold(character: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", character).casefold()))


def core(text: str) -> str:
    """What is left of a folded name without words that nearly all have."""
    return _COMMON.sub("", text)


def words(written: str) -> list[str]:
    """The folded words of a text as people type it, of a name those that nearly all have apart from the others."""
    apart = _COMMON.sub(lambda found: f" {found[0]} ", unicodedata.normalize("NFKC", written[: 2 * LONGEST]))
    return [word for word in (folded(part).text for part in apart.split()) if word]


def weights(text: str) -> list[float]:
    """How much each character of a folded name says."""
    weighed = [1.0] * len(text)
    for found in _COMMON.finditer(text):
        weighed[found.start() : found.end()] = [0.1] * len(found[0])
    return weighed
