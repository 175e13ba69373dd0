"""Advertising (广告), prices (价格) and platforms (平台)."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from ingestion_service.model.data.kinds import Code, Data, Month, Name, RequiredName, Why, Words


class AdvertMedium(StrEnum):
    """Where an advertisement was published."""

    TV = "tv"
    RADIO = "radio"
    PRINT = "print"
    OUTDOOR = "outdoor"
    INTERNET = "internet"
    OTHER = "other"


class AdvertCategory(StrEnum):
    """What an advertisement is for."""

    DRUG = "drug"
    MEDICAL_DEVICE = "medical_device"
    HEALTH_FOOD = "health_food"
    SPECIAL_MEDICAL_FOOD = "special_medical_food"
    FOOD = "food"
    COSMETICS = "cosmetics"
    MEDICAL = "medical"
    FINANCE = "finance"
    EDUCATION = "education"
    REAL_ESTATE = "real_estate"
    OTHER = "other"


class AdvertFinding(StrEnum):
    """What the monitoring of an advertisement found: 合规, 违法, 严重违法."""

    COMPLIANT = "compliant"
    VIOLATION = "violation"
    SERIOUS_VIOLATION = "serious_violation"


class PriceFinding(StrEnum):
    """What the monitoring of prices found: 合规, 未明码标价, 价格欺诈, 哄抬价格, 不执行政府定价或指令."""

    COMPLIANT = "compliant"
    UNMARKED = "unmarked"
    FRAUD = "fraud"
    GOUGING = "gouging"
    ORDER_IGNORED = "order_ignored"


class PlatformAction(StrEnum):
    """What a platform did against an operator: 警示, 暂停服务, 终止服务, 下架."""

    WARNING = "warning"
    SUSPENSION = "suspension"
    TERMINATION = "termination"
    DELISTING = "delisting"


class AdvertMonitored(Data, frozen=True):
    """An advertisement of the entity was monitored (广告监测)."""

    medium: Annotated[AdvertMedium, Meta(description="where it was published")]
    category: Annotated[AdvertCategory, Meta(description="what it is for")]
    finding: Annotated[AdvertFinding, Meta(description="what was found")]


class PriceMonitored(Data, frozen=True):
    """Prices of the entity were monitored (价格监测)."""

    finding: Annotated[PriceFinding, Meta(description="what was found")]
    livelihood: Annotated[bool, Meta(description="the goods are of daily need (民生商品)")] = False
    goods: Annotated[Code, Meta(description="the goods; free code of the source")] = ""


class PlatformOperatorReported(Data, frozen=True):
    """A platform reported an operator's identity (平台报送经营者身份; 电子商务法 §28).

    Each does in January and July.
    """

    platform: Annotated[RequiredName, Meta(description="name of the platform")]
    month: Annotated[Month, Meta(description="month of the report")]
    shop: Annotated[Name, Meta(description="name of the shop on it")] = ""
    url: Annotated[Words, Meta(description="address of the shop")] = ""
    registered: Annotated[bool, Meta(description="the operator was found to have a registration")] = True


class PlatformActionTaken(Data, frozen=True):
    """A platform acted against an operator (平台处置措施)."""

    platform: Annotated[RequiredName, Meta(description="name of the platform")]
    action: Annotated[PlatformAction, Meta(description="what it did")]
    reason: Why = ""
