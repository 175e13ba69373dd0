"""Which of the city's sectors (专业领域) an entity belongs to, by its scope, its name and its licences.

A licence is proof; scope and name are what the entity says it does. Membership is an inference with its evidence: it
tells whom a sector's model or campaign should look at, and a person can see why.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from vocabulary.code_tables import Row, by_code, document, table
from vocabulary.industries import Sector
from vocabulary.scope.evidence import Evidence, Field
from vocabulary.scope.lexicon import Kind, lexicon
from vocabulary.scope.phrases import Phrases
from vocabulary.scope.reading import clauses, readable

PACK: Final = "scope_sectors"
_MOST_CLAUSES: Final = 1000
_RETAIL, _WHOLESALE = "F52", "F51"


class SupervisedSector(StrEnum):
    """Sectors that supervision tells apart; ``graded_as`` says which grading model (``Sector``) covers one."""

    FOOD_PRODUCTION = "food_production"
    FOOD_SALE = "food_sale"
    CATERING = "catering"
    DRUG_RETAIL = "drug_retail"
    DRUG_WHOLESALE = "drug_wholesale"
    MEDICAL_DEVICE = "medical_device"
    SPECIAL_EQUIPMENT = "special_equipment"
    ELEVATOR_MAINTENANCE = "elevator_maintenance"
    KEY_INDUSTRIAL_PRODUCT = "key_industrial_product"
    ADVERTISING = "advertising"
    PRICE = "price"


class Role(StrEnum):
    """What must stand in the clause for a phrase to count."""

    ACTIVITIES = "activities"
    MADE = "made"
    SOLD = "sold"
    SOLD_RETAIL = "sold_retail"
    SOLD_WHOLESALE = "sold_wholesale"
    SERVICED = "serviced"
    UPKEPT = "upkept"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisedSectorName(Row):
    """What a sector is called, its grading model, and the phrases that say membership."""

    graded: str = ""
    activities: str = ""
    made: str = ""
    sold: str = ""
    sold_retail: str = ""
    sold_wholesale: str = ""
    serviced: str = ""
    upkept: str = ""
    names: str = ""
    licences: str = ""


Meaning = tuple[tuple[SupervisedSector, Role], ...]


@cache
def supervised_sectors() -> Mapping[str, SupervisedSectorName]:
    """Every ``SupervisedSector`` with its names."""
    return by_code(table(PACK, "sectors", SupervisedSectorName))


def graded_as(sector: SupervisedSector) -> Sector | None:
    """The sector whose grading model covers this one, or None where none does."""
    graded = supervised_sectors()[sector].graded
    return Sector(graded) if graded else None


def sectors(scope: str, name: str = "", licence_kinds: Iterable[str] = ()) -> frozenset[SupervisedSector]:
    """The sectors that scope, name and the kinds of licences held (as worded) put an entity into."""
    return frozenset(sector_evidence(scope, name, licence_kinds))


def sector_evidence(
    scope: str, name: str = "", licence_kinds: Iterable[str] = ()
) -> Mapping[SupervisedSector, Sequence[Evidence]]:
    """The same, each with every phrase that says so, licences first."""
    found: dict[SupervisedSector, list[Evidence]] = {}
    said = (*_of_licences(licence_kinds), *_of_name(name), *_of_scope(scope))
    for sector, evidence in said:
        found.setdefault(sector, []).append(evidence)
    return found


_Said = Iterable[tuple[SupervisedSector, Evidence]]


def _of_licences(kinds: Iterable[str]) -> _Said:
    for kind in kinds:
        for sector, alternatives in _licence_words():
            if any(all(word in kind for word in words) for words in alternatives):
                yield sector, Evidence(Field.LICENCE, kind, 0)


def _of_name(name: str) -> _Said:
    for start, text, told in _name_phrases().find(name):
        for sector in told:
            yield sector, Evidence(Field.NAME, text, start)


def _of_scope(scope: str) -> _Said:
    for offset, clause in clauses(readable(scope), _MOST_CLAUSES):
        found = _scope_phrases().find(clause)
        if found:
            roles = _roles_open_in(clause)
            for start, text, meaning in found:
                for sector, role in meaning:
                    if role in roles:
                        place = offset + start
                        yield sector, Evidence(Field.SCOPE, scope[place : place + len(text)], place)


def _roles_open_in(clause: str) -> frozenset[Role]:
    """What may be claimed of goods in a clause, by the verbs in it."""
    roles = {Role.ACTIVITIES}
    for _, _, word in lexicon().scope.find(clause):
        if word.kind is Kind.MAKE:
            roles.add(Role.MADE)
        if word.kind is Kind.SELL or word.code[:1] == "F":
            roles |= _selling(word.code)
    for _, _, service in _service_verbs().find(clause):
        roles |= {Role.SERVICED, Role.UPKEPT} if service == "upkeep" else {Role.SERVICED}
    return frozenset(roles)


def _selling(code: str) -> set[Role]:
    """批发兼零售 is both; 销售 alone is neither."""
    modes = {_RETAIL: {Role.SOLD_RETAIL}, _WHOLESALE: {Role.SOLD_WHOLESALE}}
    return {Role.SOLD} | modes.get(code[:3], set())


@cache
def _scope_phrases() -> Phrases[Meaning]:
    meanings: dict[str, Meaning] = {}
    for row in supervised_sectors().values():
        for role in Role:
            for phrase in getattr(row, role).split():
                meanings[phrase] = (*meanings.get(phrase, ()), (SupervisedSector(row.code), role))
    return Phrases(dict.fromkeys(_silent(), ()) | meanings)


@cache
def _name_phrases() -> Phrases[tuple[SupervisedSector, ...]]:
    meanings: dict[str, tuple[SupervisedSector, ...]] = dict.fromkeys(_silent(), ())
    for row in supervised_sectors().values():
        for phrase in row.names.split():
            meanings[phrase] = (*meanings.get(phrase, ()), SupervisedSector(row.code))
    return Phrases(meanings)


@cache
def _service_verbs() -> Phrases[str]:
    rows: Sequence[Mapping[str, Any]] = document(PACK)["service_verbs"]["rows"]
    return Phrases({phrase: row["code"] for row in rows for phrase in row["phrases"].split()})


def _silent() -> list[str]:
    phrases: str = document(PACK)["silent"]["rows"][0]["phrases"]
    return phrases.split()


@cache
def _licence_words() -> Sequence[tuple[SupervisedSector, Sequence[Sequence[str]]]]:
    return tuple(
        (SupervisedSector(row.code), tuple(words.split("+") for words in row.licences.split()))
        for row in supervised_sectors().values()
    )
