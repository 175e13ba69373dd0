"""What profiling tells, as protobuf."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.profiling import v1_pb2 as out
from eventbus import Outgoing

from profiling_service.model.events import (
    DomainEvent,
    EntityDescribed,
    IndicatorsChanged,
    SignalCleared,
    SignalRaised,
    SignalUpdated,
)


def encode(event: DomainEvent) -> Outgoing:
    """The event as the bus takes it."""
    return _ENCODERS[type(event)](event)


def _indicators_changed(event: IndicatorsChanged) -> Outgoing:
    message = out.IndicatorsChanged(
        uscc=event.uscc,
        profile_version=event.profile_version,
        catalogue_version=event.catalogue_version,
        business_day=event.business_day,
        recorded_at_ms=event.recorded_at_ms,
        cause=event.cause,
        status=event.status,  # type: ignore[arg-type]
        area_code=event.area_code,
        industry=event.industry,
        entity_type=event.entity_type,
        established_on_day=event.established_on_day,
        sparse_values=event.values,
    )
    return Outgoing(_INDICATORS_CHANGED, event.uscc, message.SerializeToString())


def _entity_described(event: EntityDescribed) -> Outgoing:
    identity = event.identity
    message = out.EntityDescribed(
        uscc=event.uscc,
        version=event.version,
        name=identity.name,
        entity_type=identity.entity_type,
        status=event.status,  # type: ignore[arg-type]
        area_code=identity.area_code,
        industry=identity.best_industry,
        industry_is_inferred=not identity.industry and bool(identity.inferred_industry),
        established_on_day=identity.established_on_day,
        address=identity.address,
        platforms=identity.platforms,
        changed=[_NUMBERS[name] for name in event.news],
    )
    return Outgoing(_ENTITY_DESCRIBED, event.uscc, message.SerializeToString())


def _signal_raised(event: SignalRaised) -> Outgoing:
    message = out.SignalRaised(
        signal_id=event.signal_id,
        uscc=event.uscc,
        family=event.family,
        severity=event.severity,  # type: ignore[arg-type]
        evidence=event.evidence,
        suggested_step=event.suggested_step,
        area_code=event.area_code,
        due_on_day=event.due_on_day,
        raised_on_day=event.raised_on_day,
        platforms=event.platforms,
    )
    return Outgoing(_SIGNAL_RAISED, event.uscc, message.SerializeToString())


def _signal_updated(event: SignalUpdated) -> Outgoing:
    message = out.SignalUpdated(
        signal_id=event.signal_id,
        uscc=event.uscc,
        family=event.family,
        severity=event.severity,  # type: ignore[arg-type]
        evidence=event.evidence,
        measure=event.measure,
        area_code=event.area_code,
        updated_on_day=event.updated_on_day,
    )
    return Outgoing(_SIGNAL_UPDATED, event.uscc, message.SerializeToString())


def _signal_cleared(event: SignalCleared) -> Outgoing:
    message = out.SignalCleared(
        signal_id=event.signal_id,
        uscc=event.uscc,
        family=event.family,
        reason=event.reason,
        cleared_on_day=event.cleared_on_day,
    )
    return Outgoing(_SIGNAL_CLEARED, event.uscc, message.SerializeToString())


_INDICATORS_CHANGED = out.IndicatorsChanged.DESCRIPTOR.full_name
_ENTITY_DESCRIBED = out.EntityDescribed.DESCRIPTOR.full_name
_SIGNAL_RAISED = out.SignalRaised.DESCRIPTOR.full_name
_SIGNAL_UPDATED = out.SignalUpdated.DESCRIPTOR.full_name
_SIGNAL_CLEARED = out.SignalCleared.DESCRIPTOR.full_name
_NUMBERS: Mapping[str, int] = {field.name: field.number for field in out.EntityDescribed.DESCRIPTOR.fields}
_ENCODERS: Mapping[type, Callable[[Any], Outgoing]] = {
    IndicatorsChanged: _indicators_changed,
    EntityDescribed: _entity_described,
    SignalRaised: _signal_raised,
    SignalUpdated: _signal_updated,
    SignalCleared: _signal_cleared,
}
