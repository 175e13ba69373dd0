"""Industries (GB/T 4754-2017) and the eight sectors that have, or will have, a grading model of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from vocabulary.code_tables import Row, by_code, find, table
from vocabulary.errors import UnknownCodeError


class Sector(StrEnum):
    """The sectors the city grades on top of the general class (专业领域)."""

    FOOD_PRODUCTION = "food_production"
    DRUG_DISTRIBUTION = "drug_distribution"
    MEDICAL_DEVICES = "medical_devices"
    SPECIAL_EQUIPMENT = "special_equipment"
    ELEVATOR_MAINTENANCE = "elevator_maintenance"
    KEY_INDUSTRIAL_PRODUCTS = "key_industrial_products"
    ADVERTISING = "advertising"
    PRICE = "price"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Row):
    """A top letter (门类) with the first and last of its two-digit divisions (大类)."""

    divisions: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry(Row):
    """A division, group or class this project has a use for; the code starts with the section's letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorName(Row):
    """What a sector is called, and the industries usual in it."""

    industries: tuple[str, ...] = ()


@cache
def sections() -> Mapping[str, Section]:
    """The 20 top letters, A to T."""
    return by_code(table("industries", "sections", Section))


@cache
def industries() -> Mapping[str, Industry]:
    """The divisions, groups and classes below the letters that we name."""
    return by_code(table("industries", "industries", Industry))


@cache
def sector_names() -> Mapping[str, SectorName]:
    """The names of every ``Sector``."""
    return by_code(table("industries", "sectors", SectorName))


def sector_name(sector: Sector) -> SectorName:
    """The names of this sector."""
    return find(sector_names(), "sectors", sector)


def section_of(code: str) -> Section:
    """The section of an industry code, with its letter (``C3435``) or without (``3435``).

    Raises:
        UnknownCodeError: no such letter, or no such division.
    """
    text = code.strip().upper()
    if text[:1].isalpha():
        return find(sections(), "sections", text[:1])
    for section in sections().values():
        first, last = section.divisions
        if text[:2].isascii() and text[:2].isdigit() and first <= int(text[:2]) <= last:
            return section
    raise UnknownCodeError("sections", code)


def nearest(code: str) -> Row:
    """The most exact row we have for an industry code: itself, a parent, or its section.

    Raises:
        UnknownCodeError: not even the section is known.
    """
    section = section_of(code)
    digits = "".join(filter(str.isdigit, code))
    for length in range(len(digits), 1, -1):
        row = industries().get(section.code + digits[:length])
        if row is not None:
            return row
    return section
