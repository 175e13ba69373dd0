"""What a line that somebody typed may mean: part of a name, of an address, of a code, or a person's reference."""

import re
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from vocabulary.addresses import normalise_address
from vocabulary.uscc import ALPHABET, LENGTH, normalise

from profiling_service.rules.searching.folding import core, folded, weights, words
from profiling_service.rules.searching.grams import Ask, Field, exactly, nearly

_SHORTEST_CODE, _SHORTEST_PERSON = 4, 3
_NUMBERED_PLACE = re.compile(r"\d(?:号|栋|幢|座|楼|层|室|单元|组|队)|[路街道巷段]\d")


class Question(NamedTuple):
    """What is asked for.

    Attributes:
        words: Its words as parts of a folded name; where we are and forms of business are words of their own.
        name, address: It as a folded name, and as a canonical and folded address.
        code: It as part of a code, empty when it cannot be one.
        person: It as the beginning of a person's reference, empty when too short.
    """

    words: tuple[str, ...]
    name: str
    address: str
    code: str
    person: str

    def exact(self) -> list[Ask]:
        """Those that have it as it is, or all of its words."""
        rare = [word for word in map(core, self.words) if word]
        return _unique(
            exactly(Field.NAME, self.name),
            exactly(Field.NAME, *self.words),
            exactly(Field.NAME, *rare),
            exactly(Field.ADDRESS, self.address),
            exactly(Field.CODE, self.code.casefold()),
        )

    def near(self) -> list[Ask]:
        """Those that have it but for one slip, which is not in a word that stands there whole and every name has.

        Nobody is asked for by pieces when it is nearly as long as a code: `near_codes` are fewer.
        """
        if self.near_codes():
            return []
        name = "" if _is_an_address(self.name) else self.name
        telling = [place for place, weight in enumerate(weights(name)) if weight == 1]
        return _unique(
            nearly(Field.NAME, name, telling),
            nearly(Field.NAME, core(name)),
            nearly(Field.ADDRESS, self.address),
            nearly(Field.CODE, self.code.casefold()),
        )

    def near_codes(self) -> set[str]:
        """Every whole code that is one slip away, when it is nearly as long as one."""
        code, places = self.code, range(len(self.code))
        if len(code) == LENGTH:
            wrong = {code[:at] + letter + code[at + 1 :] for at in places for letter in ALPHABET}
            return wrong | {code[:at] + code[at : at + 2][::-1] + code[at + 2 :] for at in places}
        if len(code) == LENGTH - 1:
            return {code[:at] + letter + code[at:] for at in range(LENGTH) for letter in ALPHABET}
        return {code[:at] + code[at + 1 :] for at in places} if len(code) == LENGTH + 1 else set()


def question(typed: str) -> Question:
    """What this may mean."""
    written = typed.replace("\0", "").strip()
    return Question(
        tuple(words(written)),
        folded(written).text,
        folded(normalise_address(written)).text,
        _code(written),
        written if len(written) >= _SHORTEST_PERSON else "",
    )


def _is_an_address(text: str) -> bool:
    """Whether it has a number as addresses have them; names have theirs elsewhere."""
    return _NUMBERED_PLACE.search(text) is not None


def _code(written: str) -> str:
    code = "".join(normalise(written).replace("-", "").split())
    fits = _SHORTEST_CODE <= len(code) <= LENGTH + 1 and code.isascii() and code.isalnum()
    return code if fits and any(map(str.isdigit, code)) else ""


def _unique(*asks: Iterable[Ask]) -> list[Ask]:
    return list(dict.fromkeys(chain.from_iterable(asks)))
