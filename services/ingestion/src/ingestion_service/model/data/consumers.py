"""Complaints (投诉举报) and public opinion (舆情)."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from ingestion_service.model.data.kinds import Code, Count, Data, Fen, Name, Reference, Until


class ChannelKind(StrEnum):
    """A complaint (投诉) seeks redress, a report (举报) tells of a violation."""

    COMPLAINT = "complaint"
    REPORT = "report"


class ComplaintOutcome(StrEnum):
    """How a complaint or report was decided: 属实, 不属实, 调解成功, 调解不成, 撤回, 立案."""

    UPHELD = "upheld"
    REJECTED = "rejected"
    MEDIATED = "mediated"
    MEDIATION_FAILED = "mediation_failed"
    WITHDRAWN = "withdrawn"
    CASE_FILED = "case_filed"


class Sentiment(StrEnum):
    """The tenor of public opinion."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class ComplaintReceived(Data, frozen=True):
    """A consumer complaint (投诉) or report (举报)."""

    channel_kind: Annotated[ChannelKind, Meta(description="投诉 or 举报")] = ChannelKind.COMPLAINT
    category: Annotated[Code, Meta(description="what it is about; free code of the source")] = ""
    upheld: Annotated[bool, Meta(description="already found to be justified")] = False
    platform: Annotated[
        Name, Meta(description="platform on which the dealing took place; empty when none")
    ] = ""


class ComplaintAccepted(Data, frozen=True):
    """It was decided whether a complaint or report is taken up (投诉举报受理)."""

    complaint_fact_id: Annotated[Reference, Meta(description="fact id of the complaint, of the same source")]
    accepted: Annotated[bool, Meta(description="it is taken up (受理)")]
    due: Annotated[Until, Meta(description="last day for its decision")] = None


class ComplaintDecided(Data, frozen=True):
    """A complaint or report was decided (投诉举报处理结果)."""

    complaint_fact_id: Annotated[Reference, Meta(description="fact id of the complaint, of the same source")]
    outcome: Annotated[ComplaintOutcome, Meta(description="how it was decided")]
    refund_fen: Annotated[Fen, Meta(description="money returned to the consumer, fen of CNY")] = 0
    late: Annotated[bool, Meta(description="it was decided after its last day")] = False


class OpinionObserved(Data, frozen=True):
    """Public opinion on the entity was observed (舆情)."""

    sentiment: Annotated[Sentiment, Meta(description="its tenor")]
    topic: Annotated[Code, Meta(description="what it is about; free code of the source")] = ""
    medium: Annotated[Name, Meta(description="where it was published")] = ""
    reach: Annotated[Count, Meta(description="readers or reposts counted")] = 0
    verified: Annotated[bool, Meta(description="it was found to be true")] = False
