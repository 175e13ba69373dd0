"""The 23 areas of Chengdu: 20 divisions of GB/T 2260 and three function zones that have no official code.

A zone lies inside host districts. An entity has one area, its zone or its district, so totals over the 23
areas count nobody twice.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from vocabulary.code_tables import Row, by_code, document, find, table

CITY: Final = "510100"
"""成都市: the scope that covers all 23 areas."""


_BEGINNING: Final = re.compile(
    r"(?:中国)?(?:四川省?)?(?!四川)"
    r"(?:(?P<province>[^\W\d省市区县镇乡村路街道号]{2,6}(?:省|自治区))"
    r"|(?P<city>[^\W\d省市区县镇乡村路街道号]{2,5}市)(?![场政民内区]))"
)
"""How an address begins that names its province or its city; 市场 and 市政 are no city."""


class AreaType(StrEnum):
    """Whether the code is official (GB/T 2260) or ours (a function zone)."""

    GB = "GB"
    ZONE = "ZONE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area(Row):
    """One of the 23 areas; ``hosts`` are the codes of the districts a zone lies in, empty for a district."""

    type: AreaType
    hosts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    old_codes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "type", AreaType(self.type))


@cache
def areas() -> Mapping[str, Area]:
    """The 23 areas by code, in the order of the table."""
    return by_code(table("areas", "areas", Area))


def area(code: str) -> Area:
    """The area with this code; a code no longer in use gives today's area.

    Raises:
        UnknownCodeError: neither a code of today nor a former one. The city itself is not an area.
    """
    return find(areas(), "areas", current_code(code))


def current_code(code: str) -> str:
    """Today's code for a former one (510122 双流县 → 510116); any other code unchanged."""
    return _successors().get(code, code)


def covers(scope_code: str, area_code: str) -> bool:
    """Whether someone whose scope is ``scope_code`` sees ``area_code``; the city sees everything.

    A host district does not see the zones inside it: they are areas of their own.
    """
    return scope_code == CITY or current_code(scope_code) == current_code(area_code)


def area_of_address(text: str) -> str | None:
    """The code of the area an address lies in, or None where it names none.

    The longest name wins, then the first; former names count. In an address of another province or city only
    the full names of districts count, which no other place has: every city has a 高新区 and many a 新都街道.
    """
    address = re.sub(r"\s", "", text)
    pattern = _district_names() if _is_elsewhere(address) else _any_name()
    found = sorted(pattern.finditer(address), key=lambda match: (-len(match[1]), match.start()))
    return _codes_by_name()[found[0][1]] if found else None


@cache
def _successors() -> Mapping[str, str]:
    return {old: area.code for area in areas().values() for old in area.old_codes}


@cache
def _codes_by_name() -> Mapping[str, str]:
    return {name: area.code for area in areas().values() for name in (area.zh, *area.aliases)}


@cache
def _any_name() -> re.Pattern[str]:
    return _longest_first(*_codes_by_name())


@cache
def _district_names() -> re.Pattern[str]:
    return _longest_first(*(area.zh for area in areas().values() if area.type is AreaType.GB))


def _longest_first(*names: str) -> re.Pattern[str]:
    """Matches, overlapping, the longest of the names at each place."""
    return re.compile(f"(?=({'|'.join(sorted(names, key=len, reverse=True))}))")


def _is_elsewhere(address: str) -> bool:
    """Whether the address begins with a province or city that is not ours, or names another city and not 成都."""
    begins = _BEGINNING.match(address)
    if begins and (begins["province"] or begins["city"] not in _our_cities()):
        return True
    return "成都" not in address and any(
        city in address for city in document("areas")["other_cities"]["rows"]
    )


@cache
def _our_cities() -> frozenset[str]:
    """成都市 and those of its divisions that are cities themselves."""
    return frozenset({"成都市", *(area.zh for area in areas().values() if area.zh.endswith("市"))})
