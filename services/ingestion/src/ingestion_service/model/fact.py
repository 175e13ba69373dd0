"""A fact as it is sent (a CloudEvent), and as the ledger takes it.

Source: CloudEvents 1.0, required context attributes `id`, `source`, `specversion`, `type`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

from msgspec import Meta, Struct, defstruct

from ingestion_service.model import data
from ingestion_service.model.verdict import Reason, Standing

LONGEST_ID = 200


class Event(Struct, frozen=True, gc=False, kw_only=True, tag_field="type"):
    """A CloudEvent of one of our types; extension attributes but `supersedes` are passed over."""

    specversion: Literal["1.0"]
    id: Annotated[
        str, Meta(min_length=1, max_length=LONGEST_ID, description="the sender's own, unique within source")
    ]
    source: Annotated[
        str, Meta(min_length=1, max_length=64, description="name under which the source is registered")
    ]
    subject: (
        Annotated[
            str, Meta(max_length=200, description="统一社会信用代码 of the entity; without one: quarantined")
        ]
        | None
    ) = None
    time: (
        Annotated[datetime, Meta(tz=True, description="when it happened; without one: quarantined")] | None
    ) = None
    supersedes: (
        Annotated[
            str,
            Meta(
                max_length=LONGEST_ID,
                description="id of the fact of the same source and entity that this one corrects and replaces",
            ),
        ]
        | None
    ) = None
    data: data.Data


class FactType(NamedTuple):
    """One type of fact: its number in the ledger, its CloudEvents type, its Chinese name, its classes."""

    number: int
    name: str
    zh: str
    data: type[data.Data]
    event: type[Event]

    @property
    def code(self) -> str:
        """Its name as profiling has it: `listing_entered` for `creditloop.listing.entered.v1`."""
        return self.name.removeprefix("creditloop.").rpartition(".")[0].replace(".", "_").replace("-", "_")


_TYPES: tuple[tuple[str, str, type[data.Data]], ...] = (
    ("creditloop.registration.recorded.v1", "设立登记", data.RegistrationRecorded),
    ("creditloop.registration.changed.v1", "变更登记", data.RegistrationChanged),
    ("creditloop.registration.cancelled.v1", "注销登记", data.RegistrationCancelled),
    ("creditloop.registration.revoked.v1", "吊销营业执照", data.RegistrationRevoked),
    ("creditloop.annual-report.filed.v1", "年报公示", data.AnnualReportFiled),
    ("creditloop.annual-report.missed.v1", "未按期年报", data.AnnualReportMissed),
    ("creditloop.penalty.imposed.v1", "行政处罚", data.PenaltyImposed),
    ("creditloop.penalty.annulled.v1", "处罚撤销", data.PenaltyAnnulled),
    ("creditloop.listing.entered.v1", "列入名录名单", data.ListingEntered),
    ("creditloop.listing.removed.v1", "移出名录名单", data.ListingRemoved),
    ("creditloop.complaint.received.v1", "投诉举报", data.ComplaintReceived),
    ("creditloop.inspection.completed.v1", "检查结果", data.InspectionCompleted),
    ("creditloop.suspension.declared.v1", "歇业备案", data.SuspensionDeclared),
    ("creditloop.suspension.ended.v1", "终止歇业", data.SuspensionEnded),
    ("creditloop.registration.moved.v1", "迁移登记", data.RegistrationMoved),
    ("creditloop.registration.restored.v1", "恢复登记", data.RegistrationRestored),
    ("creditloop.registration.annulled.v1", "撤销登记", data.RegistrationAnnulled),
    ("creditloop.registration.recoded.v1", "换发统一社会信用代码", data.RegistrationRecoded),
    ("creditloop.deregistration.announced.v1", "简易注销公告", data.DeregistrationAnnounced),
    ("creditloop.deregistration.withdrawn.v1", "撤回注销公告", data.DeregistrationWithdrawn),
    ("creditloop.stake.recorded.v1", "股东及出资", data.StakeRecorded),
    ("creditloop.stake.ended.v1", "股东退出", data.StakeEnded),
    ("creditloop.officer.appointed.v1", "主要人员任职", data.OfficerAppointed),
    ("creditloop.officer.left.v1", "主要人员离任", data.OfficerLeft),
    ("creditloop.annual-report.corrected.v1", "年报更正", data.AnnualReportCorrected),
    ("creditloop.annual-report.falsified.v1", "年报弄虚作假", data.AnnualReportFalsified),
    ("creditloop.disclosure.missed.v1", "即时信息未公示", data.DisclosureMissed),
    ("creditloop.disclosure.made.v1", "即时信息公示", data.DisclosureMade),
    ("creditloop.self-report.filed.v1", "质量安全自查报告", data.SelfReportFiled),
    ("creditloop.staffing.reported.v1", "社保参保人数", data.StaffingReported),
    ("creditloop.licence.granted.v1", "行政许可", data.LicenceGranted),
    ("creditloop.licence.changed.v1", "许可变更", data.LicenceChanged),
    ("creditloop.licence.renewed.v1", "许可延续", data.LicenceRenewed),
    ("creditloop.licence.ended.v1", "许可终止", data.LicenceEnded),
    ("creditloop.penalty.fulfilled.v1", "处罚履行", data.PenaltyFulfilled),
    ("creditloop.correction.ordered.v1", "责令改正", data.CorrectionOrdered),
    ("creditloop.correction.completed.v1", "改正情况", data.CorrectionCompleted),
    ("creditloop.interview.held.v1", "行政约谈", data.InterviewHeld),
    ("creditloop.exemption.granted.v1", "不予处罚", data.ExemptionGranted),
    ("creditloop.individual.marked.v1", "标记经营异常状态", data.IndividualMarked),
    ("creditloop.individual.restored.v1", "恢复正常记载状态", data.IndividualRestored),
    ("creditloop.defaulter.entered.v1", "失信被执行人", data.DefaulterEntered),
    ("creditloop.defaulter.removed.v1", "失信被执行人移出", data.DefaulterRemoved),
    ("creditloop.enforcement.begun.v1", "被执行人", data.EnforcementBegun),
    ("creditloop.enforcement.closed.v1", "执行结案", data.EnforcementClosed),
    ("creditloop.authority-list.entered.v1", "部门名单列入", data.AuthorityListEntered),
    ("creditloop.authority-list.removed.v1", "部门名单移出", data.AuthorityListRemoved),
    ("creditloop.equity.pledged.v1", "股权出质", data.EquityPledged),
    ("creditloop.equity.released.v1", "股权出质注销", data.EquityReleased),
    ("creditloop.equity.frozen.v1", "股权冻结", data.EquityFrozen),
    ("creditloop.equity.unfrozen.v1", "股权解冻", data.EquityUnfrozen),
    ("creditloop.mortgage.registered.v1", "动产抵押", data.MortgageRegistered),
    ("creditloop.mortgage.released.v1", "动产抵押注销", data.MortgageReleased),
    ("creditloop.insolvency.opened.v1", "破产程序", data.InsolvencyOpened),
    ("creditloop.insolvency.closed.v1", "破产程序终结", data.InsolvencyClosed),
    ("creditloop.product.tested.v1", "产品抽检", data.ProductTested),
    ("creditloop.recall.begun.v1", "召回", data.RecallBegun),
    ("creditloop.recall.completed.v1", "召回完成", data.RecallCompleted),
    ("creditloop.accident.occurred.v1", "事故", data.AccidentOccurred),
    ("creditloop.complaint.accepted.v1", "投诉举报受理", data.ComplaintAccepted),
    ("creditloop.complaint.decided.v1", "投诉举报处理结果", data.ComplaintDecided),
    ("creditloop.opinion.observed.v1", "舆情", data.OpinionObserved),
    ("creditloop.certification.granted.v1", "认证", data.CertificationGranted),
    ("creditloop.certification.ended.v1", "认证终止", data.CertificationEnded),
    ("creditloop.award.granted.v1", "荣誉", data.AwardGranted),
    ("creditloop.award.withdrawn.v1", "荣誉撤销", data.AwardWithdrawn),
    ("creditloop.commitment.signed.v1", "信用承诺", data.CommitmentSigned),
    ("creditloop.commitment.fulfilled.v1", "承诺履行", data.CommitmentFulfilled),
    ("creditloop.commitment.breached.v1", "违背承诺", data.CommitmentBreached),
    ("creditloop.equipment.registered.v1", "特种设备使用登记", data.EquipmentRegistered),
    ("creditloop.equipment.inspected.v1", "定期检验", data.EquipmentInspected),
    ("creditloop.equipment.retired.v1", "特种设备停用注销", data.EquipmentRetired),
    ("creditloop.elevator.maintained.v1", "电梯维保", data.ElevatorMaintained),
    ("creditloop.elevator.failed.v1", "电梯故障困人", data.ElevatorFailed),
    ("creditloop.advert.monitored.v1", "广告监测", data.AdvertMonitored),
    ("creditloop.price.monitored.v1", "价格监测", data.PriceMonitored),
    ("creditloop.platform.operator-reported.v1", "平台报送经营者身份", data.PlatformOperatorReported),
    ("creditloop.platform.action-taken.v1", "平台处置措施", data.PlatformActionTaken),
    ("creditloop.fact.retracted.v1", "撤回", data.FactRetracted),
)


def _event_class(name: str, of: type[data.Data]) -> type[Event]:
    made: Any = defstruct(
        f"{of.__name__}Event",
        [("data", of)],
        bases=(Event,),
        tag=name,
        frozen=True,
        gc=False,
        kw_only=True,
        namespace={"__doc__": of.__doc__},
    )
    event: type[Event] = made
    return event


FACT_TYPES: Mapping[str, FactType] = {
    name: FactType(number, name, zh, of, _event_class(name, of))
    for number, (name, zh, of) in enumerate(_TYPES, start=1)
}
"""By CloudEvents type. Numbers are stored: append, never reorder."""

TYPE_OF_NUMBER: Mapping[int, FactType] = {fact_type.number: fact_type for fact_type in FACT_TYPES.values()}
UNKNOWN_TYPE = 0
"""The number of facts quarantined from Kafka whose type is none of ours."""

PENALTY_IMPOSED = FACT_TYPES["creditloop.penalty.imposed.v1"].number
LISTING_ENTERED = FACT_TYPES["creditloop.listing.entered.v1"].number
INSPECTION_COMPLETED = FACT_TYPES["creditloop.inspection.completed.v1"].number
ENDINGS = tuple(
    FACT_TYPES[name].number
    for name in (
        "creditloop.penalty.annulled.v1",
        "creditloop.listing.removed.v1",
        "creditloop.registration.cancelled.v1",
        "creditloop.fact.retracted.v1",
    )
)
"""Facts that end a penalty or a listing; a retraction may."""


class Fact(Struct, frozen=True, gc=False, kw_only=True):
    """A fact that belongs in the ledger, accepted or quarantined.

    Attributes:
        source_id: Number of its source.
        source: Registered name of its source.
        id: The sender's id, unique within the source.
        type: CloudEvents type; `type_number` is its number in the ledger, 0 when it is none of ours.
        uscc: The entity's code, normalised; empty when it has none that could be stored.
        occurred_at_ms: When it happened, milliseconds since the epoch; 0 when not known.
        says: Its data; None when quarantined.
        supersedes: Id of the fact of the same source that it replaces; empty when none. That one may come later.
        reason: Why it is quarantined; empty when accepted.
        original: The CloudEvent's bytes as they came.
        traceparent: Trace context of the request or record that brought it.
    """

    source_id: int
    source: str
    id: str
    type: str
    type_number: int
    uscc: str
    occurred_at_ms: int
    says: data.Data | None
    supersedes: str = ""
    reason: Reason | str = ""
    original: bytes = b""
    traceparent: str = ""

    @property
    def key(self) -> tuple[int, str]:
        """What must be unique: sent twice it counts once."""
        return self.source_id, self.id

    @property
    def standing(self) -> Standing:
        """How it enters the ledger."""
        return Standing.QUARANTINED if self.reason else Standing.ACCEPTED
