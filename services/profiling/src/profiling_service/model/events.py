"""What profiling tells the other services; the wire writes it as protobuf."""

import msgspec

from profiling_service.model.entities import Identity
from profiling_service.model.signals import NO_TAIL


class IndicatorsChanged(msgspec.Struct, frozen=True, gc=False):
    """One or more indicators, or a particular they are judged with, changed; `values` as `vocabulary.sparse_values`."""

    uscc: str
    profile_version: int
    catalogue_version: int
    values: bytes
    business_day: int
    recorded_at_ms: int
    cause: str
    status: int
    area_code: str
    industry: str
    entity_type: str
    established_on_day: int | None


class EntityDescribed(msgspec.Struct, frozen=True):
    """An entity became known, or what is told of its identity changed.

    Attributes:
        news: Names of what differs from the version before, of `Identity` or `status`; empty: anything may.
    """

    uscc: str
    version: int
    status: int
    identity: Identity
    news: tuple[str, ...]


class SignalRaised(msgspec.Struct, frozen=True):
    """A warning was raised."""

    signal_id: str
    uscc: str
    family: str
    episode: int
    severity: int
    suggested_step: str
    evidence: tuple[str, ...]
    area_code: str
    due_on_day: int
    raised_on_day: int
    platforms: tuple[str, ...]
    measure: float = 1.0
    tail: float = NO_TAIL


class SignalUpdated(msgspec.Struct, frozen=True):
    """An open warning has grown; `was` is the measure told last."""

    signal_id: str
    uscc: str
    family: str
    severity: int
    evidence: tuple[str, ...]
    measure: float
    was: float
    area_code: str
    updated_on_day: int


class SignalCleared(msgspec.Struct, frozen=True):
    """A warning ended: by `facts`, or for a person's reason."""

    signal_id: str
    uscc: str
    family: str
    reason: str
    cleared_on_day: int


DomainEvent = IndicatorsChanged | EntityDescribed | SignalRaised | SignalUpdated | SignalCleared
