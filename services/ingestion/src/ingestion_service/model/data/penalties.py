"""Penalties (行政处罚), orders (责令改正) and what comes in their stead."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta
from vocabulary.penalties import PenaltyKind, SeverityGrade

from ingestion_service.model.data.kinds import (
    CHECK,
    Check,
    Code,
    Data,
    Document,
    FactReference,
    Fen,
    Name,
    Reference,
    RequiredCode,
    Until,
    Why,
)


class KeyFieldName(StrEnum):
    """Fields whose penalties count as serious unless light (总局令第107号 §8); empty for any other."""

    NONE = ""
    FOOD = "food"
    DRUG = "drug"
    MEDICAL_DEVICE = "medical_device"
    COSMETICS = "cosmetics"
    SPECIAL_EQUIPMENT = "special_equipment"
    KEY_INDUSTRIAL_PRODUCT = "key_industrial_product"


class Fulfilment(StrEnum):
    """What of a penalty was fulfilled: the payment, the correction or both."""

    PAID = "paid"
    CORRECTED = "corrected"
    BOTH = "both"


class CorrectionOutcome(StrEnum):
    """How an order to correct was answered (改正情况)."""

    CORRECTED = "corrected"
    REFUSED = "refused"
    OVERDUE = "overdue"


class ExemptionKind(StrEnum):
    """Why no penalty or a lesser one was imposed: 轻微不罚, 首违不罚, 无过错不罚, 减轻 (行政处罚法 §§32, 33)."""

    MINOR = "minor"
    FIRST_OFFENCE = "first_offence"
    NO_FAULT = "no_fault"
    MITIGATED = "mitigated"


class PenaltyImposed(Data, frozen=True):
    """Administrative penalty imposed (行政处罚决定)."""

    kinds: Annotated[list[PenaltyKind], Meta(min_length=1, max_length=20, description="处罚种类")]
    document_number: Document = ""
    fine_fen: Fen = 0
    confiscated_fen: Fen = 0
    severity: Annotated[SeverityGrade, Meta(description="裁量阶次")] = SeverityGrade.ORDINARY
    key_field: Annotated[
        KeyFieldName, Meta(description="key field whose penalties count as serious; empty for any other")
    ] = KeyFieldName.NONE
    violation: Annotated[Code, Meta(description="code of the violation; free code of the source")] = ""
    published_on: Annotated[
        date | None,
        Meta(description="公示日; null when it is the day it occurred", extra={CHECK: Check.PAST_DAY}),
    ] = None
    restriction_until: Until = None
    authority: Annotated[Name, Meta(description="name of the deciding office")] = ""
    fulfil_by: Annotated[Until, Meta(description="last day for fulfilling it (履行期限)")] = None


class PenaltyAnnulled(Data, frozen=True):
    """Administrative penalty annulled, withdrawn or declared invalid (处罚撤销)."""

    penalty_fact_id: Annotated[
        str, Meta(min_length=1, max_length=200, description="id of the penalty's fact")
    ]
    reason: Why = ""


class PenaltyFulfilled(Data, frozen=True):
    """An administrative penalty was fulfilled (处罚履行)."""

    penalty_fact_id: Annotated[Reference, Meta(description="fact id of the penalty, of the same source")]
    what: Annotated[Fulfilment, Meta(description="what of it was fulfilled")] = Fulfilment.PAID


class CorrectionOrdered(Data, frozen=True):
    """A correction was ordered (责令改正)."""

    matter: Annotated[Code, Meta(description="what is to be corrected; free code of the source")] = ""
    document_number: Document = ""
    due: Annotated[Until, Meta(description="last day for the correction")] = None
    authority: Annotated[Name, Meta(description="name of the deciding office")] = ""


class CorrectionCompleted(Data, frozen=True):
    """An order to correct was answered (改正情况)."""

    order_fact_id: Annotated[Reference, Meta(description="fact id of the order, of the same source")]
    outcome: Annotated[CorrectionOutcome, Meta(description="how it was answered")] = (
        CorrectionOutcome.CORRECTED
    )


class InterviewHeld(Data, frozen=True):
    """The entity was summoned to an interview (行政约谈)."""

    matter: Annotated[Code, Meta(description="what it was about; free code of the source")] = ""
    document_number: Document = ""
    authority: Annotated[Name, Meta(description="name of the office that held it")] = ""


class ExemptionGranted(Data, frozen=True):
    """A violation was found and no penalty, or a lesser one, imposed (不予处罚; 首违不罚、轻微不罚)."""

    kind: Annotated[ExemptionKind, Meta(description="why")]
    violation: Annotated[Code, Meta(description="code of the violation; free code of the source")] = ""
    document_number: Document = ""


class IndividualMarked(Data, frozen=True):
    """An individual business was marked as abnormal (标记经营异常状态; 个体工商户)."""

    reason: Annotated[RequiredCode, Meta(description="why; code of the source")]
    document_number: Document = ""


class IndividualRestored(Data, frozen=True):
    """An individual business is recorded as normal again (恢复正常记载状态; 个体工商户)."""

    mark_fact_id: Annotated[
        FactReference, Meta(description="fact id of the mark, of the same source; empty: every open mark")
    ] = ""
