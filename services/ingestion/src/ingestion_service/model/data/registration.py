"""A registration's life (登记): recorded, changed, moved, ended, restored; and suspensions of business (歇业)."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, field

from ingestion_service.model.data.kinds import (
    CHECK,
    MOST_CHARACTERS,
    AreaCode,
    Check,
    Data,
    Document,
    FactReference,
    Fen,
    LongWords,
    Name,
    Until,
    Why,
)


class ChangedField(StrEnum):
    """Registered particulars that can change (登记事项)."""

    NAME = "name"
    ADDRESS = "address"
    AREA_CODE = "area_code"
    INDUSTRY = "industry"
    LEGAL_PERSON_REF = "legal_person_ref"
    REGISTERED_CAPITAL_FEN = "registered_capital_fen"
    ENTITY_TYPE = "entity_type"
    BUSINESS_SCOPE = "business_scope"
    CONTACT_REF = "contact_ref"
    AGENT_REF = "agent_ref"
    HEAD_USCC = "head_uscc"


class SuspensionEnd(StrEnum):
    """How a suspension ended (终止歇业)."""

    RESUMED = "resumed"
    EXPIRED = "expired"


class MoveDirection(StrEnum):
    """Where a registration moved (迁移登记): within the city, out of it or into it."""

    WITHIN = "within"
    OUT = "out"
    IN = "in"


class RestorationBasis(StrEnum):
    """On what a registration was restored (恢复登记)."""

    REVOCATION_ANNULLED = "revocation_annulled"
    CANCELLATION_ANNULLED = "cancellation_annulled"
    COURT = "court"
    OTHER = "other"


class RegistrationRecorded(Data, frozen=True):
    """Registration entered in the register (设立登记)."""

    name: Annotated[str, Meta(min_length=1, max_length=500, description="registered name (名称)")]
    entity_type: Annotated[str, Meta(max_length=64, description="市场主体类型代码, such as 1130")] = ""
    established_on: Annotated[
        date | None,
        Meta(description="date of establishment (成立日期)", extra={CHECK: Check.ESTABLISHMENT}),
    ] = None
    registered_capital_fen: Annotated[Fen | None, Meta(description="registered capital, fen of CNY")] = None
    area_code: Annotated[
        AreaCode,
        Meta(description="one of Chengdu's 23 areas; empty when unknown", extra={CHECK: Check.AREA}),
    ] = ""
    industry: Annotated[
        str,
        Meta(
            pattern=r"^([A-T][0-9]{0,4})?$(?!\n)",
            description="GB/T 4754-2017, such as H62; empty when unknown",
        ),
    ] = ""
    address: Annotated[str, Meta(max_length=2000, description="住所")] = ""
    legal_person_ref: Annotated[str, Meta(max_length=200, description="pseudonym of the 法定代表人")] = ""
    business_scope: Annotated[LongWords, Meta(description="经营范围")] = ""
    platforms: Annotated[list[Name], Meta(max_length=100, description="platforms it sells on")] = field(
        default_factory=list
    )
    head_uscc: Annotated[
        str, Meta(max_length=18, description="code of the entity it is a branch of (隶属企业)")
    ] = ""
    contact_ref: Annotated[str, Meta(max_length=200, description="pseudonym of the 联络员")] = ""
    agent_ref: Annotated[str, Meta(max_length=200, description="pseudonym of the 代理机构")] = ""


class RegistrationChanged(Data, frozen=True):
    """A registered particular changed (变更登记)."""

    field: Annotated[ChangedField, Meta(description="what changed")]
    after: Annotated[
        str,
        Meta(
            max_length=MOST_CHARACTERS,
            description="never empty; as data.<field> of a registration; capital in fen",
        ),
    ]
    before: Annotated[
        LongWords, Meta(description="the value before, as text; empty when the source does not tell")
    ] = ""


class RegistrationCancelled(Data, frozen=True):
    """Registration cancelled by the entity (注销登记)."""

    reason: Why = ""


class RegistrationRevoked(Data, frozen=True):
    """Business licence revoked by the authority (吊销营业执照)."""

    document_number: Document = ""
    reason: Why = ""


class SuspensionDeclared(Data, frozen=True):
    """Suspension of business declared (歇业备案)."""

    until: Annotated[date, Meta(description="last day of the declared suspension", extra={CHECK: Check.DAY})]
    reason: Why = ""


class SuspensionEnded(Data, frozen=True):
    """Suspension ended (终止歇业)."""

    reason: Annotated[SuspensionEnd, Meta(description="how it ended")] = SuspensionEnd.RESUMED


class RegistrationMoved(Data, frozen=True):
    """Registration moved to another registry (迁移登记)."""

    direction: Annotated[MoveDirection, Meta(description="`within` the city, `out` of it or `in` to it")]
    from_area: Annotated[
        AreaCode,
        Meta(description="area it left; one of the city's where it moved within; empty when unknown"),
    ] = ""
    to_area: Annotated[
        AreaCode,
        Meta(
            description="area that supervises it now; one of the city's where it moved within; empty when unknown"
        ),
    ] = ""
    authority: Annotated[Name, Meta(description="registry that took it over")] = ""


class RegistrationRestored(Data, frozen=True):
    """A cancelled or revoked registration is in force again (恢复登记)."""

    basis: Annotated[RestorationBasis, Meta(description="on what it was restored")] = (
        RestorationBasis.REVOCATION_ANNULLED
    )
    document_number: Document = ""
    reason: Why = ""


class RegistrationAnnulled(Data, frozen=True):
    """A registration obtained by false statements was annulled (撤销登记; 虚假登记, 市场主体登记管理条例 §40)."""

    document_number: Document = ""
    reason: Why = ""


class RegistrationRecoded(Data, frozen=True):
    """The entity was given another unified social credit code (换发统一社会信用代码); the fact's subject is it."""

    old_code: Annotated[
        str, Meta(min_length=1, max_length=64, description="the code it had before, as the register wrote it")
    ]
    reason: Why = ""


class DeregistrationAnnounced(Data, frozen=True):
    """A simplified deregistration was announced (简易注销公告; 市场主体登记管理条例 §33)."""

    until: Annotated[Until, Meta(description="last day for objections")] = None


class DeregistrationWithdrawn(Data, frozen=True):
    """The announcement of a deregistration was withdrawn, or fell to an objection (撤回注销公告)."""

    announcement_fact_id: Annotated[
        FactReference,
        Meta(description="fact id of the announcement, of the same source; empty: the one open"),
    ] = ""
    reason: Why = ""
