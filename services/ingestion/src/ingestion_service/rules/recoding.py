"""Which old codes are learned (换码): links from a code to the next, of which none is ever on a circle."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from vocabulary.uscc import UsccVerdict, check, normalise

from ingestion_service.model.code import Alias
from ingestion_service.model.data import RegistrationRecoded
from ingestion_service.model.fact import Fact

LONGEST_CHAIN: Final = 16
"""Codes an entity may have had, one after the other; project-chosen."""
_NO_CODES: Final = frozenset({UsccVerdict.WRONG_LENGTH, UsccVerdict.WRONG_ALPHABET})


class Learned(NamedTuple):
    """What becomes of codes told.

    Attributes:
        links: New links, one for each old code.
        gone: Codes that are an entity's code of today again.
        contested: Codes that another entity claimed before; they teach nothing.
    """

    links: Sequence[Alias]
    gone: Sequence[str]
    contested: Sequence[Alias]


def aliases(facts: Sequence[Fact]) -> list[Alias]:
    """The codes that facts of re-coding tell; left out is what has the form of no code, and what tells nothing new."""
    found = [
        Alias(normalise(fact.says.old_code), fact.uscc, *fact.key)
        for fact in facts
        if isinstance(fact.says, RegistrationRecoded)
    ]
    return [
        alias for alias in found if alias.old_code != alias.uscc and check(alias.old_code) not in _NO_CODES
    ]


def end_of(code: str, links: Mapping[str, str]) -> str:
    """The code to which links lead from this one; itself where none does."""
    for _ in range(LONGEST_CHAIN):
        if (following := links.get(code)) is None:
            break
        code = following
    return code


def learned(told: Sequence[Alias], known: Mapping[str, str]) -> Learned:
    """What these change, in order, given all links that can be reached from their codes.

    Who goes back to an earlier code has that one as its code of today.
    """
    links, new, gone, contested = dict(known), dict[str, Alias](), set[str](), list[Alias]()
    for alias in told:
        ends = end_of(alias.uscc, links)
        if alias.old_code in links:
            if end_of(alias.old_code, links) != ends:
                contested.append(alias)
            continue
        if ends == alias.old_code:
            del links[alias.uscc]
            new.pop(alias.uscc, None)
            gone.add(alias.uscc)
        links[alias.old_code] = alias.uscc
        new[alias.old_code] = alias
    return Learned(list(new.values()), sorted(gone), contested)
