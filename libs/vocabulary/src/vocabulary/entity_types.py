"""What kind of market entity (经营主体) something is, and whether it still exists."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from vocabulary.code_tables import Row, by_code, document, find, table

_BRANCH: Final = re.compile(
    r"公司[^\W\d]*?[^司团]$|(?:分公司|支行|分行|分理处|储蓄所|营业[部厅所]|门市部?|[经营销]营?部|服务部|分[店社场厂校]"
    r"|(?:供销社|合作社|厂).*[店站点部心]|支局|邮政所|加油站|代[表办]处|办事处|联络处|网点|代销店|分院|分部|工作站)$"
)


class Family(StrEnum):
    """The four families that rules tell apart; a branch of any kind of entity is a branch."""

    ENTERPRISE = "enterprise"
    INDIVIDUAL_BUSINESS = "individual_business"
    COOPERATIVE = "cooperative"
    BRANCH = "branch"


class Status(StrEnum):
    """Registration status (登记状态)."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    ANNULLED = "annulled"
    MOVED_OUT = "moved_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityType(Row):
    """A type code of the registry and the family it belongs to."""

    family: Family

    def __post_init__(self) -> None:
        object.__setattr__(self, "family", Family(self.family))


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusName(Row):
    """A status, its other names, and what it means for counting and drawing.

    ``in_population``: counts in class mixes and rates.
    ``drawn_on_site``: may be drawn for an on-site inspection.
    """

    in_population: bool
    drawn_on_site: bool
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyName(Row):
    """What a family is called."""


@cache
def entity_types() -> Mapping[str, EntityType]:
    """Every type code we know."""
    return by_code(table("entity_types", "types", EntityType))


@cache
def statuses() -> Mapping[str, StatusName]:
    """The names and meaning of every ``Status``."""
    return by_code(table("entity_types", "statuses", StatusName))


@cache
def families() -> Mapping[str, FamilyName]:
    """The names of every ``Family``."""
    return by_code(table("entity_types", "families", FamilyName))


def entity_type(code: str) -> EntityType:
    """The type with this code.

    Raises:
        UnknownCodeError: not in the table.
    """
    return find(entity_types(), "entity types", code)


def status_name(status: Status) -> StatusName:
    """The names and meaning of a status."""
    return find(statuses(), "statuses", status)


def type_of_text(text: str) -> EntityType | None:
    """The type a registry's wording means, best effort: by the first rule all of whose words it contains."""
    wording = _plain(text)
    for code, rules in _wordings():
        if any(all(word in wording for word in words) for words in rules):
            return entity_type(code)
    return None


def is_branch_name(name: str) -> bool:
    """Whether a name is a branch's: it goes on after 公司, or ends as branches do (支行, 门市部, 营业厅 …)."""
    return _BRANCH.search(_plain(name)) is not None


def status_of_text(text: str) -> Status | None:
    """The status a registry's wording means (存续, 在营(开业), 吊销,未注销 …), or None."""
    wording = _plain(text)
    for row in statuses().values():
        if wording in {_plain(name) for name in (row.zh, *row.aliases)}:
            return Status(row.code)
    return None


@cache
def _wordings() -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    rules = document("entity_types")["wordings"]["rows"]
    return tuple((rule["code"], tuple(tuple(words.split()) for words in rule["contains"])) for rule in rules)


def _plain(text: str) -> str:
    """The text without spaces and punctuation, in half-width characters."""
    half_width = unicodedata.normalize("NFKC", text)
    return "".join(character for character in half_width if character.isalnum())
