"""Registrations (设立登记) and changes of registered particulars (变更登记)."""

import numpy as np
from numpy.random import Generator
from vocabulary.areas import area

from creditloop_cli.city.packs import RatePack, WordPack
from creditloop_cli.city.population import Population
from creditloop_cli.city.sources import REGISTRY
from creditloop_cli.city.strand import Data, Strand, at_work, happenings, iso_days, midnight

_CAPITAL_WAN = (1, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 5000)
_CAPITAL_SHARE = (0.02, 0.05, 0.1, 0.17, 0.14, 0.16, 0.18, 0.08, 0.06, 0.03, 0.01)
_FEN_PER_WAN = 1_000_000
_PARTICULARS = ("legal_person_ref", "address", "registered_capital_fen", "name", "business_scope")
_PARTICULAR_SHARE = (0.18, 0.26, 0.16, 0.1, 0.3)


def registrations(rng: Generator, city: Population, rates: RatePack, words: WordPack) -> Strand:
    """One registration for each entity, on the day of its establishment."""
    names = entity_names(rng, city, words)
    addresses = _addresses(rng, city, rates.population["shared_address_share"].value, words)
    capital = rng.choice(_CAPITAL_WAN, city.size, p=_CAPITAL_SHARE) * _FEN_PER_WAN
    founded = iso_days(city.established)
    areas, scope = list(words.areas), words.scopes["default"]
    data: list[Data] = [
        {
            "name": names[entity],
            "entity_type": city.entity_type[entity],
            "established_on": founded[entity],
            **({} if city.individual[entity] else {"registered_capital_fen": int(capital[entity])}),
            "area_code": areas[city.area[entity]],
            "industry": words.industries[city.industry[entity]].code,
            "address": addresses[entity],
            "legal_person_ref": person(int(city.person[entity])),
            "business_scope": scope,
            **_platform(int(city.platform[entity]), words),
        }
        for entity in range(city.size)
    ]
    entity = np.arange(city.size)
    return Strand(REGISTRY, "registration.recorded", "R", entity, midnight(city.established), data, order=0)


def changes(rng: Generator, city: Population, rates: RatePack, words: WordPack) -> Strand:
    """Changed particulars; the area stays, the new address lies in it."""
    entity, day = happenings(rng, city, rates.changes_yearly.value, np.sqrt(city.risk))
    field = rng.choice(_PARTICULARS, len(entity), p=_PARTICULAR_SHARE).tolist()
    number = rng.integers(1, 999, len(entity)).tolist()
    areas = [area(code).zh for code in words.areas]
    data: list[Data] = [
        {"field": what, "before": "", "after": _after(what, n, areas[where], words)}
        for what, n, where in zip(field, number, city.area[entity].tolist(), strict=True)
    ]
    return Strand(REGISTRY, "registration.changed", "C", entity, at_work(rng, day), data)


def person(number: int) -> str:
    """The pseudonym of a legal representative; hubs, who represent very many entities, are negative numbers."""
    return f"PH{-number:04d}" if number < 0 else f"P{number:06d}"


def entity_names(rng: Generator, city: Population, words: WordPack) -> list[str]:
    """Names that begin with 虚构 and end in a number: obviously generated, and no two alike."""
    brand = rng.integers(0, len(words.brands), city.size).tolist()
    second = rng.integers(0, len(words.seconds), city.size).tolist()
    areas = [area(code).zh.rstrip("区县市") for code in words.areas]
    return [
        f"虚构{areas[city.area[n]]}{words.brands[brand[n]]}{words.seconds[second[n]]}"
        f"{words.industries[city.industry[n]].word}{_form(city.entity_type[n])}{n + 1:06d}"
        for n in range(city.size)
    ]


def _form(entity_type: str) -> str:
    forms = {"9500": "店", "2000": "分公司", "1200": "股份有限公司", "4540": "经营部"}
    return forms.get(entity_type, "有限公司")


def _addresses(rng: Generator, city: Population, shared: float, words: WordPack) -> list[str]:
    """Fictional addresses; a share of entities sits in estates where many are registered."""
    street = rng.integers(0, len(words.streets), city.size).tolist()
    number = rng.integers(1, 2000, city.size).tolist()
    estate = rng.integers(0, len(words.estates), city.size).tolist()
    in_estate = (rng.random(city.size) < shared).tolist()
    areas = [area(code).zh for code in words.areas]
    return [
        f"成都市{areas[city.area[n]]}{words.estates[estate[n]]}1号"
        if in_estate[n]
        else f"成都市{areas[city.area[n]]}{words.streets[street[n]]}{number[n]}号"
        for n in range(city.size)
    ]


def _platform(index: int, words: WordPack) -> Data:
    return {} if index < 0 else {"platforms": [words.platforms[index].name]}


def _after(field: str, number: int, area_name: str, words: WordPack) -> str:
    texts = {
        "legal_person_ref": person(5_000_000 + number * 997),
        "address": f"成都市{area_name}{words.streets[number % len(words.streets)]}{number}号",
        "registered_capital_fen": str((number % 50 + 1) * 10 * _FEN_PER_WAN),
        "name": f"虚构{words.brands[number % len(words.brands)]}更名{number:03d}",
        "business_scope": f"{words.scopes['default']}（变更{number}）",
    }
    return texts[field]
