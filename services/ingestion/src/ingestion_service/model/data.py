"""What each type of fact says: the `data` of its CloudEvent, member by member.

Names are those of the protobuf messages in `proto/creditloop/ingestion/v1/events.proto`, except that days are ISO
dates without the `_day` suffix. The JSON Schemas that senders see are generated from these classes.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct
from vocabulary.penalties import PenaltyKind, SeverityGrade
from vocabulary.result_codes import ResultCode

MOST_FEN = 2**53
MOST_CHARACTERS = 50_000
Code = Annotated[str, Meta(max_length=64)]
Name = Annotated[str, Meta(max_length=500)]
Words = Annotated[str, Meta(max_length=2000)]
LongWords = Annotated[str, Meta(max_length=MOST_CHARACTERS)]
Document = Annotated[str, Meta(max_length=200, description="number of the decision document (文号)")]
Fen = Annotated[int, Meta(ge=0, le=MOST_FEN, description="fen of CNY (分)")]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Until = Annotated[
    date | None,
    Meta(description="last day, 1949-10-01 to 2200-01-01; 9999-12-31, for no end, is kept as 2200-01-01"),
]
Year = Annotated[int, Meta(ge=1949, le=2200)]
FactReference = Annotated[str, Meta(max_length=200, description="id of an earlier fact of the same source")]


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


class KeyFieldName(StrEnum):
    """Fields whose penalties count as serious unless light (总局令第107号 §8); empty for any other."""

    NONE = ""
    FOOD = "food"
    DRUG = "drug"
    MEDICAL_DEVICE = "medical_device"
    COSMETICS = "cosmetics"
    SPECIAL_EQUIPMENT = "special_equipment"
    KEY_INDUSTRIAL_PRODUCT = "key_industrial_product"


class ListName(StrEnum):
    """The abnormal list (经营异常名录) and the serious-violation list (严重违法失信名单)."""

    ABNORMAL = "abnormal"
    SERIOUS = "serious"


class RemovalReason(StrEnum):
    """Why an entity left a list (移出)."""

    CORRECTED = "corrected"
    EXPIRED = "expired"
    ANNULLED = "annulled"


class ChannelKind(StrEnum):
    """A complaint (投诉) seeks redress, a report (举报) tells of a violation."""

    COMPLAINT = "complaint"
    REPORT = "report"


class SuspensionEnd(StrEnum):
    """How a suspension ended (终止歇业)."""

    RESUMED = "resumed"
    EXPIRED = "expired"


class Data(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """What a fact says; each type of fact has its own."""


class RegistrationRecorded(Data, frozen=True):
    """Registration entered in the register (设立登记)."""

    name: Annotated[str, Meta(min_length=1, max_length=500, description="registered name (名称)")]
    entity_type: Annotated[str, Meta(max_length=64, description="市场主体类型代码, such as 1130")] = ""
    established_on: Annotated[date | None, Meta(description="date of establishment (成立日期)")] = None
    registered_capital_fen: Annotated[Fen | None, Meta(description="registered capital, fen of CNY")] = None
    area_code: Annotated[
        str, Meta(max_length=12, description="one of Chengdu's 23 areas; empty when unknown")
    ] = ""
    industry: Annotated[
        str,
        Meta(pattern="^([A-T][0-9]{0,4})?$", description="GB/T 4754-2017, such as H62; empty when unknown"),
    ] = ""
    address: Annotated[str, Meta(max_length=2000, description="住所")] = ""
    legal_person_ref: Annotated[str, Meta(max_length=200, description="pseudonym of the 法定代表人")] = ""
    business_scope: Annotated[LongWords, Meta(description="经营范围")] = ""
    platforms: Annotated[list[Name], Meta(max_length=100, description="platforms it sells on")] = []


class RegistrationChanged(Data, frozen=True):
    """A registered particular changed (变更登记)."""

    field: ChangedField
    after: Annotated[
        str,
        Meta(
            max_length=MOST_CHARACTERS,
            description="never empty; as data.<field> of a registration; capital in fen",
        ),
    ]
    before: LongWords = ""


class RegistrationCancelled(Data, frozen=True):
    """Registration cancelled by the entity (注销登记)."""

    reason: Words = ""


class RegistrationRevoked(Data, frozen=True):
    """Business licence revoked by the authority (吊销营业执照)."""

    document_number: Document = ""
    reason: Words = ""


class AnnualReportFiled(Data, frozen=True):
    """Annual report filed (年报公示)."""

    report_year: Year
    late: Annotated[bool, Meta(description="filed after 30 June of the following year")] = False


class AnnualReportMissed(Data, frozen=True):
    """Annual report not filed by 30 June (未按规定期限公示年度报告)."""

    report_year: Year


class PenaltyImposed(Data, frozen=True):
    """Administrative penalty imposed (行政处罚决定)."""

    kinds: Annotated[list[PenaltyKind], Meta(min_length=1, max_length=20, description="处罚种类")]
    document_number: Document = ""
    fine_fen: Fen = 0
    confiscated_fen: Fen = 0
    severity: Annotated[SeverityGrade, Meta(description="裁量阶次")] = SeverityGrade.ORDINARY
    key_field: KeyFieldName = KeyFieldName.NONE
    violation: Code = ""
    published_on: Annotated[date | None, Meta(description="公示日; null when it is the day it occurred")] = (
        None
    )
    restriction_until: Until = None
    authority: Name = ""


class PenaltyAnnulled(Data, frozen=True):
    """Administrative penalty annulled, withdrawn or declared invalid (处罚撤销)."""

    penalty_fact_id: Annotated[
        str, Meta(min_length=1, max_length=200, description="id of the penalty's fact")
    ]
    reason: Words = ""


class ListingEntered(Data, frozen=True):
    """Entered on a list (列入名录、名单)."""

    list: ListName
    reason: Annotated[Code, Meta(description="reason code of that list")]
    document_number: Document = ""
    restriction_until: Until = None


class ListingRemoved(Data, frozen=True):
    """Removed from a list (移出名录、名单)."""

    list: ListName
    listing_fact_id: Annotated[FactReference, Meta(description="empty: every open listing of that list")] = ""
    reason: RemovalReason = RemovalReason.CORRECTED


class ComplaintReceived(Data, frozen=True):
    """A consumer complaint (投诉) or report (举报)."""

    channel_kind: ChannelKind = ChannelKind.COMPLAINT
    category: Code = ""
    upheld: Annotated[bool, Meta(description="already found to be justified")] = False
    platform: Name = ""


class InspectionCompleted(Data, frozen=True):
    """An inspection was completed by any department (检查结果)."""

    result_codes: Annotated[list[ResultCode], Meta(min_length=1, max_length=20, description="检查结果")]
    item: Code = ""
    critical_violations: Count = 0
    serious_violations: Count = 0
    minor_violations: Count = 0
    department: Name = ""


class SuspensionDeclared(Data, frozen=True):
    """Suspension of business declared (歇业备案)."""

    until: Annotated[date, Meta(description="last day of the declared suspension")]
    reason: Words = ""


class SuspensionEnded(Data, frozen=True):
    """Suspension ended (终止歇业)."""

    reason: SuspensionEnd = SuspensionEnd.RESUMED
