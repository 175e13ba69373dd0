"""Short pieces of texts as numbers: what the index keeps of an entity, and what a question asks it for.

A name is kept in characters and pairs of neighbours, an address in pairs, a code in threes. A text that differs by one
wrong, missing, added or swapped character keeps most of its pieces: asked are those that the slip cannot have touched,
place by place. So every question is "has all of these", which an inverted index answers quickly, common as some may be.
"""

from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Final, NamedTuple
from zlib import crc32


class Field(StrEnum):
    """What of an entity a question is about; the letters begin its pieces."""

    NAME = "n"
    ADDRESS = "a"
    CODE = "c"


_WIDTH: Final = {Field.NAME: 2, Field.ADDRESS: 2, Field.CODE: 3}
_SHORTEST_WITH_SLIP: Final = {Field.NAME: 3, Field.ADDRESS: 4, Field.CODE: 6}
"""Shorter texts are asked as they are: with a slip they might be nearly anything."""
_SHORT: Final = 8
"""Of a text up to here it is asked more exactly where a character is missing or too many: the rest is common."""

_LONG: Final = {Field.NAME: 12, Field.ADDRESS: 8, Field.CODE: 18}
"""A longer text leaves enough without any three characters beside each other: every slip lies in one such stretch."""


class Ask(NamedTuple):
    """An entity is asked for of which `field` has all of these pieces."""

    field: Field
    pieces: frozenset[int]


def kept(uscc: str, name: str, address: str, area_code: str) -> set[int]:
    """What the index keeps of an entity; name and address are folded."""
    texts = ((Field.NAME, name), (Field.ADDRESS, address), (Field.CODE, uscc.casefold()))
    pieces = {number for field, text in texts for number in _pieces(field, text)}
    return pieces | {_number(Field.NAME, character) for character in name} | {of_area(area_code)}


def of_area(area_code: str) -> int:
    """What is kept of an entity's area."""
    return crc32(f"={area_code}".encode()) - 2**31


def exactly(field: Field, *texts: str) -> Iterator[Ask]:
    """Who has all of these texts in the field."""
    pieces = {number for text in texts for number in _pieces(field, text)}
    if field is Field.NAME:
        pieces |= {_number(field, text) for text in texts if len(text) == 1}
    if pieces:
        yield Ask(field, frozenset(pieces))


def nearly(field: Field, text: str, places: Collection[int] | None = None) -> Iterator[Ask]:
    """Who has it with one wrong, missing, added or swapped character, in one of these places or anywhere."""
    if len(text) < _SHORTEST_WITH_SLIP[field]:
        return
    asked = range(len(text)) if places is None else places
    if len(text) > _LONG[field]:
        for start in sorted({place - place % 2 for place in asked}):
            yield Ask(field, frozenset(_untouched(field, text, start, start + 3)))
        return
    for place in asked:
        yield from _nearly_at(field, text, place)


def _nearly_at(field: Field, text: str, place: int) -> Iterator[Ask]:
    swapped = text[:place] + text[place : place + 2][::-1] + text[place + 2 :]
    yield Ask(field, frozenset(_pieces(field, swapped)))
    yield Ask(field, frozenset(_untouched(field, text, place, place + 1)))
    if len(text) <= _SHORT:
        yield Ask(field, frozenset(_untouched(field, text, place, place)))
        yield from exactly(field, text[:place] + text[place + 1 :])


def _pieces(field: Field, text: str) -> set[int]:
    width = _WIDTH[field]
    return {_number(field, text[start : start + width]) for start in range(len(text) - width + 1)}


def _untouched(field: Field, text: str, start: int, end: int) -> set[int]:
    """The pieces without those that reach into or across this stretch, and characters of names no piece is left of."""
    width, pieces, covered = _WIDTH[field], set(), set(range(start, end))
    for first in range(len(text) - width + 1):
        places = range(first, first + width)
        if not _reaches(places, start, end):
            pieces.add(_number(field, text[first : first + width]))
            covered.update(places)
    if field is Field.NAME:
        pieces |= {_number(field, mark) for place, mark in enumerate(text) if place not in covered}
    return pieces


def _reaches(places: Collection[int], start: int, end: int) -> bool:
    """Whether one of the places lies in the stretch, or the gap before `start` between two of them."""
    return any(start <= place < end for place in places) or (start in places and start - 1 in places)


def _number(field: Field, piece: str) -> int:
    return crc32((field.value + piece).encode()) - 2**31
