"""Certifications (认证), awards (荣誉) and credit commitments (信用承诺)."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from ingestion_service.model.data.kinds import (
    Data,
    FactReference,
    Number,
    Reference,
    RequiredCode,
    Until,
    Why,
)


class CertificationEnd(StrEnum):
    """How a certification ended: 撤销, 暂停, 到期."""

    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    EXPIRED = "expired"


class AwardLevel(StrEnum):
    """Who gave an award: the district, the city, the province or the state."""

    DISTRICT = "district"
    CITY = "city"
    PROVINCIAL = "provincial"
    NATIONAL = "national"


class CommitmentKind(StrEnum):
    """What a credit commitment (信用承诺) is about."""

    REGISTRATION = "registration"
    LICENCE = "licence"
    REPAIR = "repair"
    ANNUAL_REPORT = "annual_report"
    INDUSTRY = "industry"
    OTHER = "other"


class CertificationGranted(Data, frozen=True):
    """A certification was granted (认证)."""

    scheme: Annotated[
        RequiredCode, Meta(description="scheme of certification, such as `ccc`; free code of the source")
    ]
    number: Annotated[Number, Meta(description="number of the certificate")] = ""
    valid_until: Annotated[Until, Meta(description="last day of validity")] = None


class CertificationEnded(Data, frozen=True):
    """A certification ended or was suspended (认证终止)."""

    certification_fact_id: Annotated[
        Reference, Meta(description="fact id of the certification, of the same source")
    ]
    how: Annotated[CertificationEnd, Meta(description="how it ended")] = CertificationEnd.WITHDRAWN


class AwardGranted(Data, frozen=True):
    """An award was granted (荣誉)."""

    award: Annotated[RequiredCode, Meta(description="the award; free code of the source")]
    level: Annotated[AwardLevel, Meta(description="level of the granting office")] = AwardLevel.DISTRICT
    valid_until: Annotated[Until, Meta(description="last day of validity")] = None


class AwardWithdrawn(Data, frozen=True):
    """An award was withdrawn (荣誉撤销)."""

    award_fact_id: Annotated[Reference, Meta(description="fact id of the award, of the same source")]
    reason: Why = ""


class CommitmentSigned(Data, frozen=True):
    """A credit commitment was signed (信用承诺)."""

    kind: Annotated[CommitmentKind, Meta(description="what it is about")]
    until: Annotated[Until, Meta(description="last day for its fulfilment")] = None


class CommitmentFulfilled(Data, frozen=True):
    """A credit commitment was fulfilled (承诺履行)."""

    commitment_fact_id: Annotated[
        Reference, Meta(description="fact id of the commitment, of the same source")
    ]


class CommitmentBreached(Data, frozen=True):
    """A credit commitment was breached (违背承诺)."""

    commitment_fact_id: Annotated[
        FactReference,
        Meta(
            description="fact id of the commitment, of the same source; empty when the source does not tell which"
        ),
    ] = ""
    kind: Annotated[CommitmentKind, Meta(description="what it was about")] = CommitmentKind.OTHER
    reason: Why = ""
