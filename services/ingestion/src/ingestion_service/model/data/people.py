"""Who holds stakes (股东) and who holds posts (主要人员)."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from ingestion_service.model.data.kinds import Data, Fen, Pseudonym, Reference, Share, Why


class HolderKind(StrEnum):
    """Who holds a stake (股东): a person (自然人) or an entity."""

    PERSON = "person"
    ENTITY = "entity"


class Post(StrEnum):
    """Posts that are recorded (主要人员): 董事, 监事, 经理, 财务负责人, 联络员, 登记代理人."""

    DIRECTOR = "director"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    FINANCE = "finance"
    LIAISON = "liaison"
    AGENT = "agent"


class StakeRecorded(Data, frozen=True):
    """A shareholder and its contribution were recorded (股东及出资)."""

    holder_ref: Annotated[
        Pseudonym, Meta(description="pseudonym of the holder; the same holder has the same")
    ]
    holder_kind: Annotated[
        HolderKind, Meta(description="whether a person (自然人) or an entity holds it")
    ] = HolderKind.PERSON
    share_ppm: Annotated[
        Share, Meta(description="share of the capital, parts per million; 0 when unknown")
    ] = 0
    subscribed_fen: Annotated[
        Fen, Meta(description="contribution subscribed (认缴), fen of CNY; 0 when unknown")
    ] = 0
    paid_fen: Annotated[
        Fen, Meta(description="contribution paid (实缴), fen of CNY; 0 when none or unknown")
    ] = 0


class StakeEnded(Data, frozen=True):
    """A shareholder left (股东退出)."""

    stake_fact_id: Annotated[Reference, Meta(description="fact id of the stake, of the same source")]
    reason: Why = ""


class OfficerAppointed(Data, frozen=True):
    """A principal officer took up a post (主要人员任职)."""

    person_ref: Annotated[
        Pseudonym, Meta(description="pseudonym of the person; the same person has the same")
    ]
    post: Annotated[Post, Meta(description="the post taken up")]


class OfficerLeft(Data, frozen=True):
    """A principal officer left a post (主要人员离任)."""

    appointment_fact_id: Annotated[
        Reference, Meta(description="fact id of the appointment, of the same source")
    ]
    reason: Why = ""
