"""Facts from the events of ingestion, sampling and repair."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.ingestion.v1_pb2 import FactAccepted
from contracts.repair.v1_pb2 import RecordStopped
from contracts.sampling.v1_pb2 import InspectionResultRecorded
from eventbus import Poison, Received
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError

from profiling_service.model.catalogue import HeavyPenalty
from profiling_service.model.entities import Patch
from profiling_service.model.facts import Fact, FactType, packed
from profiling_service.rules import features
from profiling_service.rules.identity import clock, patch

FACT_ACCEPTED = FactAccepted.DESCRIPTOR.full_name
RESULT_RECORDED = InspectionResultRecorded.DESCRIPTOR.full_name
RECORD_STOPPED = RecordStopped.DESCRIPTOR.full_name
SAMPLING, REPAIR = "creditloop.sampling", "creditloop.repair"
_TELLS_THE_CLASS = {"class_at_draw", "stratum", "inclusion_probability"}

_USCC_LENGTH = 18
_DAY_MS = 86_400_000
_LATEST_MS = 253_402_300_800_000  # the year 10000
_SHANGHAI_MS = 8 * 3_600_000
Seen = tuple[int, int, int]
"""Flags, value and key of a fact, see `model.facts.FEATURES`."""


class FactReader:
    """Reads `FactAccepted`; `heavy` says which penalties are heavy."""

    def __init__(self, heavy: HeavyPenalty) -> None:
        self._heavy = heavy
        self._readers: Mapping[str, tuple[int, Callable[[FactAccepted, Any], Seen]]] = {
            kind.code: (int(kind), getattr(self, f"_{kind.code}", _plain))
            for kind in FactType
            if kind is not FactType.RECORD_STOPPED
        }

    def __call__(self, received: Received) -> Fact:
        """The fact an event carries.

        Raises:
            Poison: The bytes cannot be read, or lack what every fact has.
        """
        try:
            event = FactAccepted.FromString(received.value)
            name = str(event.WhichOneof("data"))
            kind, reader = self._readers[name]
        except (DecodeError, KeyError) as error:
            raise Poison(f"not a fact we know: {error!r}") from error
        data, at, recorded_at = getattr(event, name), event.occurred_at_ms, event.recorded_at_ms
        source, fact_id = event.source, event.fact_id
        _require_storable(source, fact_id, at, recorded_at)
        flags, value, key = reader(event, data)
        return Fact(
            source,
            fact_id,
            kind,
            _uscc(event.uscc),
            at,
            recorded_at,
            packed(kind, at, flags=flags, value=value, key=key),
            received.value,
            _PATCHES[kind](at, data) if kind in _PATCHES else None,
        )

    def _penalty_imposed(self, event: FactAccepted, data: Any) -> Seen:
        flags = features.of_penalty(self._heavy, data.kinds, data.severity)
        return flags, data.fine_fen + data.confiscated_fen, features.key(event.source, event.fact_id)

    @staticmethod
    def _penalty_annulled(event: FactAccepted, data: Any) -> Seen:
        return 0, 0, features.key(event.source, data.penalty_fact_id)

    @staticmethod
    def _listing_entered(event: FactAccepted, data: Any) -> Seen:
        return features.of_listing(data.list), 0, features.key(event.source, event.fact_id)

    @staticmethod
    def _listing_removed(event: FactAccepted, data: Any) -> Seen:
        target = features.key(event.source, data.listing_fact_id) if data.listing_fact_id else 0
        return features.of_listing(data.list), 0, target

    @staticmethod
    def _registration_changed(_event: FactAccepted, data: Any) -> Seen:
        return features.of_change(data.field), 0, 0

    @staticmethod
    def _annual_report_filed(_event: FactAccepted, data: Any) -> Seen:
        return features.of_report(is_late=data.late), data.report_year, 0

    @staticmethod
    def _complaint_received(_event: FactAccepted, data: Any) -> Seen:
        return features.of_complaint(is_upheld=data.upheld), 0, 0

    @staticmethod
    def _inspection_completed(_event: FactAccepted, data: Any) -> Seen:
        violations = data.critical_violations + data.serious_violations + data.minor_violations
        return features.of_inspection(tuple(data.result_codes), violations), 0, 0

    @staticmethod
    def _suspension_declared(_event: FactAccepted, data: Any) -> Seen:
        return 0, data.until_day, 0


def _plain(_event: FactAccepted, _data: Any) -> Seen:
    return 0, 0, 0


def _registered(at: int, data: Any) -> Patch | None:
    return patch(
        clock(at, is_change=False),
        name=data.name,
        entity_type=data.entity_type,
        established_on_day=data.established_on_day if data.HasField("established_on_day") else None,
        capital_fen=data.registered_capital_fen if data.HasField("registered_capital_fen") else None,
        area_code=data.area_code,
        industry=data.industry,
        address=data.address,
        legal_person_ref=data.legal_person_ref,
        platforms=tuple(data.platforms),
    )


def _changed(at: int, data: Any) -> Patch | None:
    return features.patch_of_change(data.field, data.after, clock(at, is_change=True))


_PATCHES: Mapping[int, Callable[[int, Any], Patch | None]] = {
    int(FactType.REGISTRATION_RECORDED): _registered,
    int(FactType.REGISTRATION_CHANGED): _changed,
}


def inspection_result(received: Received) -> Fact:
    """The fact a recorded inspection result is.

    Raises:
        Poison: The bytes cannot be read.
    """
    event = _parsed(InspectionResultRecorded, received.value)
    flags = features.of_inspection(tuple(event.result_codes), 0)
    at = event.occurred_at_ms
    return Fact(
        SAMPLING,
        event.result_id,
        int(FactType.INSPECTION_COMPLETED),
        _uscc(event.uscc),
        at,
        event.recorded_at_ms,
        packed(FactType.INSPECTION_COMPLETED, at, flags=flags),
        received.value,
    )


def record_stopped(received: Received) -> Fact:
    """The fact that publicity of a record stopped: the record no longer counts.

    Raises:
        Poison: The bytes cannot be read.
    """
    event = _parsed(RecordStopped, received.value)
    at = event.stopped_on_day * _DAY_MS - _SHANGHAI_MS
    return Fact(
        REPAIR,
        event.stop_id,
        int(FactType.RECORD_STOPPED),
        _uscc(event.uscc),
        at,
        event.recorded_at_ms,
        packed(FactType.RECORD_STOPPED, at, key=features.key_of_record(event.record_id)),
        received.value,
    )


def particulars(source: str, payload: bytes) -> dict[str, Any]:
    """What a stored fact says, as JSON members named as in the contract."""
    if source == SAMPLING:
        return _members(InspectionResultRecorded.FromString(payload), _TELLS_THE_CLASS)
    if source == REPAIR:
        return _members(RecordStopped.FromString(payload), set())
    event = FactAccepted.FromString(payload)
    return _members(getattr(event, event.WhichOneof("data") or ""), set())


def _members(message: Any, hidden: set[str]) -> dict[str, Any]:
    members = MessageToDict(message, preserving_proto_field_name=True)
    return {name: value for name, value in members.items() if name not in hidden}


def _parsed(kind: Any, value: bytes) -> Any:
    try:
        return kind.FromString(value)
    except DecodeError as error:
        raise Poison(f"not a {kind.DESCRIPTOR.full_name}: {error}") from error


def _require_storable(source: str, fact_id: str, at: int, recorded_at: int) -> None:
    if "\0" in fact_id or "\0" in source:
        raise Poison("an identifier holds a zero character")
    if not -_LATEST_MS < at < _LATEST_MS or not -_LATEST_MS < recorded_at < _LATEST_MS:
        raise Poison(f"not an instant: {at}, {recorded_at}")


def _uscc(code: str) -> str:
    if len(code) != _USCC_LENGTH or not code.isascii():
        raise Poison(f"not a USCC: {code!r}")
    return code
