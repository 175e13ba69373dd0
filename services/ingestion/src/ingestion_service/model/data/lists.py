"""Lists an entity is entered on, our own (名录、名单) and those of courts and other departments."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from ingestion_service.model.data.kinds import (
    CaseNumber,
    Code,
    Court,
    Data,
    Document,
    FactReference,
    Fen,
    Name,
    Reference,
    Until,
    Why,
)


class ListName(StrEnum):
    """The abnormal list (经营异常名录) and the serious-violation list (严重违法失信名单)."""

    ABNORMAL = "abnormal"
    SERIOUS = "serious"


class RemovalReason(StrEnum):
    """Why an entity left a list (移出)."""

    CORRECTED = "corrected"
    EXPIRED = "expired"
    ANNULLED = "annulled"


class EnforcementOutcome(StrEnum):
    """How an enforcement was closed (执行结案): 执行完毕, 终结执行, 和解."""

    PERFORMED = "performed"
    TERMINATED = "terminated"
    SETTLED = "settled"


class AuthorityListName(StrEnum):
    """Lists that other departments keep (部门名单)."""

    TAX_MAJOR_VIOLATION = "tax_major_violation"
    TAX_ARREARS = "tax_arrears"
    TAX_GRADE_D = "tax_grade_d"
    TAX_NON_NORMAL = "tax_non_normal"
    SOCIAL_INSURANCE_SERIOUS = "social_insurance_serious"
    WAGE_ARREARS = "wage_arrears"
    CUSTOMS_DISHONEST = "customs_dishonest"
    ENVIRONMENT_SERIOUS = "environment_serious"
    WORK_SAFETY_SERIOUS = "work_safety_serious"
    FIRE_SERIOUS = "fire_serious"
    CONSTRUCTION_SERIOUS = "construction_serious"
    TRANSPORT_SERIOUS = "transport_serious"
    STATISTICS_SERIOUS = "statistics_serious"
    FINANCE_SERIOUS = "finance_serious"
    OTHER = "other"


class ListingEntered(Data, frozen=True):
    """Entered on a list (列入名录、名单)."""

    list: Annotated[ListName, Meta(description="which list")]
    reason: Annotated[Code, Meta(description="reason code of that list")]
    document_number: Document = ""
    restriction_until: Until = None


class ListingRemoved(Data, frozen=True):
    """Removed from a list (移出名录、名单)."""

    list: Annotated[ListName, Meta(description="which list")]
    listing_fact_id: Annotated[FactReference, Meta(description="empty: every open listing of that list")] = ""
    reason: Annotated[RemovalReason, Meta(description="why")] = RemovalReason.CORRECTED


class DefaulterEntered(Data, frozen=True):
    """Entered on the list of dishonest judgment debtors (失信被执行人)."""

    case_number: CaseNumber = ""
    court: Court = ""
    amount_fen: Annotated[Fen, Meta(description="amount not performed, fen of CNY; 0 when unknown")] = 0


class DefaulterRemoved(Data, frozen=True):
    """Removed from the list of dishonest judgment debtors (失信被执行人移出)."""

    defaulter_fact_id: Annotated[
        FactReference, Meta(description="fact id of the entry, of the same source; empty: every open entry")
    ] = ""
    reason: Why = ""


class EnforcementBegun(Data, frozen=True):
    """Enforcement of a judgment against the entity began (被执行人)."""

    case_number: CaseNumber = ""
    court: Court = ""
    amount_fen: Annotated[Fen, Meta(description="amount to be performed, fen of CNY; 0 when unknown")] = 0


class EnforcementClosed(Data, frozen=True):
    """Enforcement of a judgment was closed (执行结案)."""

    enforcement_fact_id: Annotated[
        Reference, Meta(description="fact id of the enforcement, of the same source")
    ]
    outcome: Annotated[EnforcementOutcome, Meta(description="how it was closed")] = (
        EnforcementOutcome.PERFORMED
    )


class AuthorityListEntered(Data, frozen=True):
    """Entered on a list of another department (部门名单列入)."""

    list: Annotated[AuthorityListName, Meta(description="which list")]
    document_number: Document = ""
    authority: Annotated[Name, Meta(description="name of the department")] = ""
    restriction_until: Annotated[Until, Meta(description="last day of a restriction")] = None


class AuthorityListRemoved(Data, frozen=True):
    """Removed from a list of another department (部门名单移出)."""

    entry_fact_id: Annotated[Reference, Meta(description="fact id of the entry, of the same source")]
    reason: Why = ""
