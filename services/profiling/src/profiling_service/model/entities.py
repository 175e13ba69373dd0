"""An entity: its identity, and the small part of its state that every fact needs."""

from enum import IntEnum
from typing import NamedTuple

import msgspec

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
)
TOLD = ("name", "entity_type", "established_on_day", "area_code", "industry", "address", "platforms")
"""What other services are told of an identity."""

NEVER = -(2**63)


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
    clocks: tuple[int, ...] = (NEVER,) * len(FIELDS)


class Restatement(NamedTuple):
    """What facts make of registered particulars."""

    before: Identity
    after: Identity

    @property
    def news(self) -> tuple[str, ...]:
        """The names of those that are told and differ."""
        return tuple(name for name in TOLD if getattr(self.before, name) != getattr(self.after, name))


class KnownSignal(NamedTuple):
    """One episode of a signal that was raised about the entity.

    Attributes:
        family: Code of the family.
        episode: Number of the fact, report year, or running number, as the family's rule says.
        is_open: Neither facts nor a person have cleared it.
        holds: What caused it is still so; a person may have cleared it nevertheless.
    """

    family: str
    episode: int
    is_open: bool
    holds: bool


class Entity(msgspec.Struct, frozen=True, gc=False):
    """What is kept in memory of an entity.

    Attributes:
        facts: Features of all its facts in order of number, `facts.WIDTH` bytes each.
        values: Indicator values last told, little-endian float32; empty before the first.
        profile_version: Version of those values, 0 before the first.
        description_version: Version of the description last told, 0 before the first.
        status: An `EntityStatus`.
        signals: Every episode ever raised.
    """

    facts: bytes = b""
    values: bytes = b""
    profile_version: int = 0
    description_version: int = 0
    status: int = 0
    area_code: str = ""
    industry: str = ""
    entity_type: str = ""
    established_on_day: int | None = None
    signals: tuple[KnownSignal, ...] = ()


BLANK = Entity()
NO_IDENTITY = Identity()
