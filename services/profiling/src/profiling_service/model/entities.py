"""An entity: its identity, and the small part of its state that every fact needs."""

from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple

import msgspec
from vocabulary.industries import Sector

FieldValue = str | int | tuple[str, ...] | None


class EntityStatus(IntEnum):
    """State of registration (登记状态), numbered as in the contract."""

    UNSPECIFIED = 0
    ACTIVE = 1
    SUSPENDED = 2
    REVOKED = 3
    CANCELLED = 4


FIELDS = (
    "name",
    "entity_type",
    "established_on_day",
    "capital_fen",
    "area_code",
    "industry",
    "address",
    "legal_person_ref",
    "platforms",
    "contact_ref",
    "agent_ref",
    "head_uscc",
    "inferred_industry",
    "scope_sectors",
)
TOLD = {
    "name": "name",
    "entity_type": "entity_type",
    "established_on_day": "established_on_day",
    "area_code": "area_code",
    "industry": "best_industry",
    "address": "address",
    "platforms": "platforms",
}
"""What other services are told of an identity, and the attribute it is."""

NEVER = -(2**63)
SECTORS: Mapping[Sector, int] = {sector: 1 << index for index, sector in enumerate(Sector)}
"""The bit of each sector in `Identity.scope_sectors` and `Entity.sectors`; the order of `Sector` is kept."""


class Patch(msgspec.Struct, frozen=True, gc=False):
    """What one fact says of some registered particulars.

    Attributes:
        clock: When it was so; a greater clock wins, field by field, whichever fact came first.
        values: Index into `FIELDS`, and the value.
    """

    clock: int
    values: tuple[tuple[int, FieldValue], ...]


class Identity(msgspec.Struct, frozen=True):
    """Registered particulars; empty or None when not known.

    Attributes:
        inferred_industry: What the business scope says where the register names no industry (GB/T 4754-2017).
        scope_sectors: Bits of `SECTORS` that the business scope speaks for.
        clocks: For each of `FIELDS`, the clock of the fact that said its value.
    """

    name: str = ""
    entity_type: str = ""
    established_on_day: int | None = None
    capital_fen: int | None = None
    area_code: str = ""
    industry: str = ""
    address: str = ""
    legal_person_ref: str = ""
    platforms: tuple[str, ...] = ()
    contact_ref: str = ""
    agent_ref: str = ""
    head_uscc: str = ""
    inferred_industry: str = ""
    scope_sectors: int = 0
    clocks: tuple[int, ...] = (NEVER,) * len(FIELDS)

    @property
    def best_industry(self) -> str:
        """The registered industry, or the inferred one."""
        return self.industry or self.inferred_industry


class Restatement(NamedTuple):
    """What facts make of registered particulars."""

    before: Identity
    after: Identity

    @property
    def news(self) -> tuple[str, ...]:
        """The names of those that are told and differ."""
        return tuple(
            name
            for name, attribute in TOLD.items()
            if getattr(self.before, attribute) != getattr(self.after, attribute)
        )

    @property
    def changes(self) -> bool:
        """Whether anything became otherwise."""
        return self.before != self.after


class KnownSignal(NamedTuple):
    """One episode of a signal that was raised about the entity.

    Attributes:
        family: Code of the family.
        episode: Number of the fact, report year, or running number, as the family's rule says.
        is_open: Neither facts nor a person have cleared it.
        holds: What caused it is still so; a person may have cleared it nevertheless.
        silent: It was kept and never told: it is suppressed, or was to its end.
        severity, measure: As told last, see `model.signals`.
        settled: A person cleared it.
    """

    family: str
    episode: int
    is_open: bool
    holds: bool
    silent: bool = False
    severity: int = 1
    measure: float = 1.0
    settled: bool = False


class Entity(msgspec.Struct, frozen=True, gc=False):
    """What is kept in memory of an entity.

    Attributes:
        facts: Features of all its facts in order of number, `facts.WIDTH` bytes each.
        values: Indicator values last told, as `vocabulary.sparse_values`; empty before the first.
        catalogue_version: Version of the catalogue they are in the order of.
        next_look: First day on which the calendar may change them.
        profile_version: Version of those values, 0 before the first.
        description_version: Version of the description last told, 0 before the first.
        status: An `EntityStatus`.
        sectors: Bits of `SECTORS` that industry and business scope speak for.
        is_risky: Whether it counts as risky for those it is related to.
        signals: Every episode ever raised.
    """

    facts: bytes = b""
    values: bytes = b""
    catalogue_version: int = 0
    next_look: int = 0
    profile_version: int = 0
    description_version: int = 0
    status: int = 0
    area_code: str = ""
    industry: str = ""
    entity_type: str = ""
    established_on_day: int | None = None
    sectors: int = 0
    is_risky: bool = False
    signals: tuple[KnownSignal, ...] = ()


BLANK = Entity()
NO_IDENTITY = Identity()
NOTHING_STATED = Restatement(NO_IDENTITY, NO_IDENTITY)
