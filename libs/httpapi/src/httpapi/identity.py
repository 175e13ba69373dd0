"""Who calls: their role, and how far their area reaches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from vocabulary.areas import CITY, covers, current_code

from httpapi.problems import Forbidden, Unauthenticated


class Role(StrEnum):
    """What a caller is to the system; each caller has exactly one role per token."""

    CITY_ADMINISTRATOR = "city_administrator"
    AREA_OFFICER = "area_officer"
    INSPECTOR = "inspector"
    REPAIR_OFFICER = "repair_officer"
    MODEL_MANAGER = "model_manager"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ENTERPRISE = "enterprise"
    PLATFORM = "platform"
    SOURCE_SYSTEM = "source_system"


OUTSIDERS = frozenset({Role.ENTERPRISE, Role.PLATFORM, Role.SOURCE_SYSTEM})
"""Roles that must never receive a class or a score."""

STAFF = frozenset(Role) - OUTSIDERS
"""Roles of the bureau's own people."""

CITY_WIDE = frozenset({Role.CITY_ADMINISTRATOR, Role.MODEL_MANAGER, Role.APPROVER, Role.AUDITOR})
"""Staff roles whose area is the whole city when their token names none; the other staff must name one."""


class AreaQuestion:
    """Remembers whether a request's handler let the caller's area limit its answer."""

    __slots__ = ("asked",)

    def __init__(self) -> None:
        self.asked = False


@dataclass(frozen=True, slots=True)
class Caller:
    """The one who makes a request, as their credentials prove.

    Attributes:
        subject: a stable name of the person or system.
        role: what they are to us.
        area: area code a member of staff is responsible for; the city's code reaches every area.
        entity: unified social credit code an enterprise acts for.
        platform: identifier of the platform company.
        source: identifier of the source system.
        key_id: id of the key a source system proved itself with.
    """

    subject: str
    role: Role
    area: str | None = None
    entity: str | None = None
    platform: str | None = None
    source: str | None = None
    key_id: str | None = field(default=None, compare=False)
    question: AreaQuestion = field(default_factory=AreaQuestion, compare=False, repr=False)

    @property
    def is_staff(self) -> bool:
        """Whether the caller is one of the bureau's own people."""
        return self.role in STAFF

    @property
    def sees_whole_city(self) -> bool:
        """Whether the caller is staff whose area is the whole city."""
        return self.is_staff and self.area == CITY

    def may_see(self, area_code: str | None) -> bool:
        """Whether the caller's area reaches `area_code`; a thing of unknown area is the city's alone."""
        self.question.asked = True
        if self.sees_whole_city:
            return True
        if not self.is_staff or self.area is None or area_code is None:
            return False
        return covers(self.area, area_code)

    def area_filter(self) -> str | None:
        """The area code a list must be limited to, or None when the caller sees the whole city.

        Raises:
            Forbidden: the caller is no member of staff, so no area says what they may see.
        """
        self.question.asked = True
        if self.sees_whole_city:
            return None
        if not self.is_staff or self.area is None:
            raise Forbidden("Only staff with an area may list by area.")
        return self.area

    def owns(self, uscc: str) -> bool:
        """Whether the caller is the enterprise with this unified social credit code."""
        self.question.asked = True
        return self.role is Role.ENTERPRISE and self.entity == uscc


@dataclass(frozen=True, slots=True)
class ClaimNames:
    """Which claim of a token holds what; a dotted name reaches inside (Keycloak: realm_access.roles)."""

    role: str = "role"
    area: str = "area"
    entity: str = "entity"
    platform: str = "platform"
    source: str = "source"


def caller_from_claims(claims: Mapping[str, object], names: ClaimNames) -> Caller:
    """The caller a verified token speaks of.

    Raises:
        Unauthenticated: the token has no subject, not exactly one role of ours, or lacks what its role needs.
    """
    subject = _text(claims, "sub")
    if subject is None:
        raise Unauthenticated("The token names no subject.")
    role = _role(_claim(claims, names.role))
    area = _text(claims, names.area) or (CITY if role in CITY_WIDE else None)
    caller = Caller(
        subject,
        role,
        area=current_code(area) if area and role in STAFF else None,
        entity=_text(claims, names.entity) if role is Role.ENTERPRISE else None,
        platform=_text(claims, names.platform) if role is Role.PLATFORM else None,
        source=_text(claims, names.source) if role is Role.SOURCE_SYSTEM else None,
    )
    _require_what_role_needs(caller)
    return caller


def _require_what_role_needs(caller: Caller) -> None:
    if caller.is_staff:
        needed, name = caller.area, "area"
    elif caller.role is Role.ENTERPRISE:
        needed, name = caller.entity, "entity"
    elif caller.role is Role.PLATFORM:
        needed, name = caller.platform, "platform"
    else:
        needed, name = caller.source, "source"
    if needed is None:
        raise Unauthenticated(f"A token of role {caller.role} must name its {name}.")


def _role(claim: object) -> Role:
    named = claim if isinstance(claim, list) else [claim]
    known = [Role(value) for value in named if isinstance(value, str) and value in set(Role)]
    if len(known) != 1:
        raise Unauthenticated("The token must name exactly one role of this system.")
    return known[0]


def _text(claims: Mapping[str, object], name: str) -> str | None:
    value = _claim(claims, name)
    return value if isinstance(value, str) and value else None


def _claim(claims: Mapping[str, object], name: str) -> object:
    if name in claims:
        return claims[name]
    value: object = claims
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
