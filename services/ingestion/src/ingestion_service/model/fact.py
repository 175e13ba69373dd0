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
    """A CloudEvent of one of our types; extension attributes are passed over."""

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
    data: data.Data


class FactType(NamedTuple):
    """One type of fact: its number in the ledger, its CloudEvents type, its Chinese name, its classes."""

    number: int
    name: str
    zh: str
    data: type[data.Data]
    event: type[Event]


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
ENDINGS = tuple(
    FACT_TYPES[name].number
    for name in (
        "creditloop.penalty.annulled.v1",
        "creditloop.listing.removed.v1",
        "creditloop.registration.cancelled.v1",
    )
)
"""Facts that end a penalty or a listing."""


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
