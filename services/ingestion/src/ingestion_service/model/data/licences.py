"""Administrative licences (行政许可)."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from ingestion_service.model.data.kinds import Code, Data, Document, Name, Number, Reference, Until, Words


class LicenceKind(StrEnum):
    """Kinds of administrative licence (行政许可)."""

    FOOD_PRODUCTION = "food_production"
    FOOD_OPERATION = "food_operation"
    DRUG_PRODUCTION = "drug_production"
    DRUG_OPERATION = "drug_operation"
    DEVICE_PRODUCTION = "device_production"
    DEVICE_OPERATION = "device_operation"
    DEVICE_ONLINE = "device_online"
    SPECIAL_EQUIPMENT_PRODUCTION = "special_equipment_production"
    SPECIAL_EQUIPMENT_FILLING = "special_equipment_filling"
    ELEVATOR_MAINTENANCE = "elevator_maintenance"
    KEY_INDUSTRIAL_PRODUCT = "key_industrial_product"
    ADVERTISING = "advertising"
    OTHER = "other"


class LicenceEnd(StrEnum):
    """How a licence ended: 吊销撤销, 注销, 交回, 暂停."""

    REVOKED = "revoked"
    CANCELLED = "cancelled"
    SURRENDERED = "surrendered"
    SUSPENDED = "suspended"


class LicenceGranted(Data, frozen=True):
    """An administrative licence was granted (行政许可)."""

    licence_kind: Annotated[LicenceKind, Meta(description="which licence")]
    number: Annotated[Number, Meta(description="number of the licence (许可证编号)")] = ""
    valid_until: Annotated[Until, Meta(description="last day of validity")] = None
    scope: Annotated[Words, Meta(description="what it permits")] = ""
    authority: Annotated[Name, Meta(description="name of the licensing office")] = ""


class LicenceChanged(Data, frozen=True):
    """A particular of a licence changed (许可变更)."""

    licence_fact_id: Annotated[Reference, Meta(description="fact id of the licence, of the same source")]
    field: Annotated[Code, Meta(description="what changed; free code of the source")] = ""
    after: Annotated[Words, Meta(description="the value after")] = ""


class LicenceRenewed(Data, frozen=True):
    """A licence was renewed (许可延续)."""

    licence_fact_id: Annotated[Reference, Meta(description="fact id of the licence, of the same source")]
    valid_until: Annotated[Until, Meta(description="new last day of validity")] = None


class LicenceEnded(Data, frozen=True):
    """A licence ended or was suspended (许可终止)."""

    licence_fact_id: Annotated[Reference, Meta(description="fact id of the licence, of the same source")]
    how: Annotated[LicenceEnd, Meta(description="how it ended")]
    document_number: Document = ""
