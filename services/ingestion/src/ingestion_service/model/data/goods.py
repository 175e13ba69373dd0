"""Goods and safety: tests (抽检), recalls (召回), accidents (事故)."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from ingestion_service.model.data.kinds import Code, Count, Data, Number, Reference


class GoodsField(StrEnum):
    """Fields of goods that are tested and recalled."""

    FOOD = "food"
    DRUG = "drug"
    MEDICAL_DEVICE = "medical_device"
    COSMETICS = "cosmetics"
    SPECIAL_EQUIPMENT = "special_equipment"
    KEY_INDUSTRIAL_PRODUCT = "key_industrial_product"
    OTHER = "other"


class AccidentKind(StrEnum):
    """Kinds of accident (事故)."""

    FOOD_SAFETY = "food_safety"
    WORK_SAFETY = "work_safety"
    SPECIAL_EQUIPMENT = "special_equipment"
    DRUG = "drug"
    FIRE = "fire"
    ENVIRONMENT = "environment"
    OTHER = "other"


class AccidentSeverity(StrEnum):
    """Severity of an accident: 一般, 较大, 重大, 特别重大 (生产安全事故报告和调查处理条例 §3)."""

    ORDINARY = "ordinary"
    MAJOR = "major"
    GRAVE = "grave"
    EXTREME = "extreme"


class ProductTested(Data, frozen=True):
    """A product was sampled and tested (产品抽检)."""

    field: Annotated[GoodsField, Meta(description="field of the product")]
    passed: Annotated[bool, Meta(description="it satisfied its standard")]
    product: Annotated[Code, Meta(description="the product; free code of the source")] = ""
    serious: Annotated[bool, Meta(description="it failed in what matters for health or safety")] = False
    report_number: Annotated[Number, Meta(description="number of the test report")] = ""


class RecallBegun(Data, frozen=True):
    """A recall of products began (召回)."""

    field: Annotated[GoodsField, Meta(description="field of the product")]
    product: Annotated[Code, Meta(description="the product; free code of the source")] = ""
    ordered: Annotated[bool, Meta(description="it was ordered by the authority (责令召回)")] = False
    level: Annotated[int, Meta(ge=1, le=3, description="level of the recall, 1 (gravest) to 3")] = 3


class RecallCompleted(Data, frozen=True):
    """A recall was completed (召回完成)."""

    recall_fact_id: Annotated[Reference, Meta(description="fact id of the recall, of the same source")]


class AccidentOccurred(Data, frozen=True):
    """An accident occurred (事故)."""

    kind: Annotated[AccidentKind, Meta(description="kind of accident")]
    severity: Annotated[AccidentSeverity, Meta(description="severity")] = AccidentSeverity.ORDINARY
    deaths: Annotated[Count, Meta(description="people killed")] = 0
    injuries: Annotated[Count, Meta(description="people injured")] = 0
    responsible: Annotated[bool, Meta(description="the entity was found responsible")] = False
