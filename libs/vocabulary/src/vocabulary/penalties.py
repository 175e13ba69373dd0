"""Penalties and listings: their kinds, degrees, reasons and the fields where the law is stricter.

Only the words are here. What follows from them (publicity periods, conditions of repair) is law that changes
with its date, and belongs to the service that applies it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from vocabulary.code_tables import Row, by_code, find, table


class PenaltyKind(StrEnum):
    """Kinds of administrative penalty (行政处罚的种类)."""

    WARNING = "warning"
    CRITICISM = "criticism"
    FINE = "fine"
    CONFISCATION = "confiscation"
    PERMIT_SUSPENSION = "permit_suspension"
    QUALIFICATION_DOWNGRADE = "qualification_downgrade"
    PERMIT_REVOCATION = "permit_revocation"
    LICENCE_REVOCATION = "licence_revocation"
    BUSINESS_RESTRICTION = "business_restriction"
    BUSINESS_SUSPENSION = "business_suspension"
    CLOSURE = "closure"
    PRACTICE_BAN = "practice_ban"
    OTHER = "other"


class SeverityGrade(StrEnum):
    """How hard the discretion was used (裁量阶次), from the mildest."""

    MITIGATED = "mitigated"
    LIGHTER = "lighter"
    ORDINARY = "ordinary"
    HEAVIER = "heavier"


class KeyField(StrEnum):
    """Fields where a penalty that is not minor counts as serious."""

    FOOD = "food"
    DRUG = "drug"
    MEDICAL_DEVICE = "medical_device"
    COSMETICS = "cosmetics"
    SPECIAL_EQUIPMENT = "special_equipment"
    KEY_INDUSTRIAL_PRODUCT = "key_industrial_product"


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyName(Row):
    """A kind of penalty; ``has_period`` where the decision itself lasts for a time."""

    family: str
    has_period: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade(Row):
    """A severity grade; ``order`` rises with severity, ``is_light`` for the two that make a penalty minor."""

    order: int
    is_light: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingReason(Row):
    """A reason for a listing, in force from ``valid_from`` to the day before ``valid_to`` (None: open)."""

    clause: str
    valid_from: date
    valid_to: date | None = None

    def in_force(self, on: date) -> bool:
        """Whether a listing could be decided for this reason on that day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFieldName(Row):
    """What a key field is called."""


@cache
def penalty_kinds() -> Mapping[str, PenaltyName]:
    """The names of every ``PenaltyKind``."""
    return by_code(table("penalties", "kinds", PenaltyName))


@cache
def severity_grades() -> Mapping[str, Grade]:
    """The names of every ``SeverityGrade``, from the mildest."""
    return by_code(table("penalties", "grades", Grade))


@cache
def abnormal_listing_reasons() -> Mapping[str, ListingReason]:
    """Reasons for 列入经营异常名录, former ones too."""
    return by_code(table("penalties", "abnormal_listing_reasons", ListingReason))


@cache
def serious_violation_reasons() -> Mapping[str, ListingReason]:
    """Groups of reasons for 列入严重违法失信名单."""
    return by_code(table("penalties", "serious_violation_reasons", ListingReason))


@cache
def key_fields() -> Mapping[str, KeyFieldName]:
    """The names of every ``KeyField``."""
    return by_code(table("penalties", "key_fields", KeyFieldName))


def penalty_kind(code: str) -> PenaltyName:
    """The kind with this code.

    Raises:
        UnknownCodeError: not in the table.
    """
    return find(penalty_kinds(), "penalty kinds", code)


def severity_grade(code: str) -> Grade:
    """The grade with this code.

    Raises:
        UnknownCodeError: not in the table.
    """
    return find(severity_grades(), "severity grades", code)


def abnormal_listing_reason(code: str) -> ListingReason:
    """The reason with this code, whether or not still in force.

    Raises:
        UnknownCodeError: not in the table.
    """
    return find(abnormal_listing_reasons(), "abnormal listing reasons", code)


def serious_violation_reason(code: str) -> ListingReason:
    """The group with this code.

    Raises:
        UnknownCodeError: not in the table.
    """
    return find(serious_violation_reasons(), "serious violation reasons", code)
