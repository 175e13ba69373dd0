"""Reports and disclosure (年报、即时信息公示、自查报告)."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from ingestion_service.model.data.kinds import (
    Code,
    Count,
    Data,
    Document,
    FactReference,
    Fen,
    Month,
    Until,
    Year,
)


class SelfReportKind(StrEnum):
    """Reports on quality and safety that an entity files about itself (自查报告)."""

    DEVICE_ANNUAL = "device_annual"
    FOOD_CHECK = "food_check"
    DRUG_CHECK = "drug_check"
    KEY_PRODUCT = "key_product"
    SPECIAL_EQUIPMENT = "special_equipment"


class AnnualReportFiled(Data, frozen=True):
    """Annual report filed (年报公示)."""

    report_year: Annotated[Year, Meta(description="the year reported on")]
    late: Annotated[bool, Meta(description="filed after 30 June of the following year")] = False
    employees: Annotated[Count | None, Meta(description="people employed (从业人数)")] = None
    assets_fen: Annotated[Fen | None, Meta(description="total assets (资产总额), fen of CNY")] = None
    liabilities_fen: Annotated[Fen | None, Meta(description="total liabilities (负债总额), fen of CNY")] = (
        None
    )
    revenue_fen: Annotated[Fen | None, Meta(description="revenue (营业总收入), fen of CNY")] = None


class AnnualReportMissed(Data, frozen=True):
    """Annual report not filed by 30 June (未按规定期限公示年度报告)."""

    report_year: Annotated[Year, Meta(description="the year that should have been reported on")]


class AnnualReportCorrected(Data, frozen=True):
    """A filed annual report was corrected by its entity (年报更正)."""

    report_year: Annotated[Year, Meta(description="the year reported on")]


class AnnualReportFalsified(Data, frozen=True):
    """An annual report was found to conceal or falsify (年报弄虚作假; 隐瞒真实情况、弄虚作假)."""

    report_year: Annotated[Year, Meta(description="the year reported on")]
    document_number: Document = ""


class DisclosureMissed(Data, frozen=True):
    """Information due at once was not disclosed in time (即时信息未公示; 企业信息公示暂行条例 §10)."""

    item: Annotated[Code, Meta(description="what should have been disclosed; free code of the source")] = ""
    due: Annotated[Until, Meta(description="last day on which it was in time")] = None


class DisclosureMade(Data, frozen=True):
    """Information due at once was disclosed (即时信息公示)."""

    item: Annotated[Code, Meta(description="what was disclosed; free code of the source")] = ""
    missed_fact_id: Annotated[
        FactReference,
        Meta(
            description="fact id of the disclosure missed, of the same source; empty: the missed ones of that item"
        ),
    ] = ""


class SelfReportFiled(Data, frozen=True):
    """A report on quality and safety was filed by the entity on itself (质量安全自查报告)."""

    kind: Annotated[SelfReportKind, Meta(description="which report")]
    report_year: Annotated[Year, Meta(description="the year reported on")]
    late: Annotated[bool, Meta(description="it was filed after its last day")] = False


class StaffingReported(Data, frozen=True):
    """The number of people insured through the entity in a month (社保参保人数)."""

    insured: Annotated[Count, Meta(description="people insured")]
    month: Annotated[Month, Meta(description="that month")]
