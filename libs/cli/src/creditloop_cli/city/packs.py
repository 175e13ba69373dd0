"""The city's rates and words, read from the YAML files beside this module."""

from functools import cache
from importlib.resources import files

import msgspec
import yaml


class Rate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure and where it comes from; `confidence` is `project-chosen` where we chose it."""

    value: float
    source: str
    confidence: str


Rates = dict[str, Rate]


class RatePack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often things happen in the city."""

    population: Rates
    annual_reports: Rates
    changes_yearly: Rate
    penalties: Rates
    listings: Rates
    complaints: Rates
    inspections: Rates
    closings: Rates
    results: Rates
    sectors: Rates


class Industry(msgspec.Struct, frozen=True):
    """An industry of the city: GB/T 4754 code, the word in names, its share, key field, and whether it sells online."""

    code: str
    word: str
    weight: float
    key_field: str
    online: bool


class PlatformWord(msgspec.Struct, frozen=True):
    """A fictional platform, and its share of online sellers."""

    code: str
    name: str
    weight: float


class PenaltyShape(msgspec.Struct, frozen=True):
    """Kinds of penalty that come together, and the span of the fine in yuan."""

    kinds: list[str]
    severity: str
    weight: float
    fine_yuan: tuple[int, int]


class WordPack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What names, addresses and facts are made of."""

    brands: list[str]
    seconds: list[str]
    streets: list[str]
    estates: list[str]
    platforms: list[PlatformWord]
    offices: dict[str, str]
    scopes: dict[str, str]
    industries: list[Industry]
    areas: dict[str, float]
    penalties: list[PenaltyShape]
    violations: list[str]
    complaint_categories: list[str]
    inspection_items: list[str]


@cache
def rates() -> RatePack:
    """The rates, each with its source."""
    return msgspec.convert(_document("rates.yaml"), RatePack)


@cache
def words() -> WordPack:
    """The words."""
    return msgspec.convert(_document("words.yaml"), WordPack)


def _document(name: str) -> object:
    return yaml.safe_load(files(__package__).joinpath(name).read_text(encoding="utf-8"))
