"""Facts from the events of ingestion, sampling and repair."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.ingestion.v1_pb2 import FactAccepted, InspectionCompleted
from contracts.repair.v1_pb2 import RecordStopped
from contracts.sampling.v1_pb2 import InspectionResultRecorded
from eventbus import Poison, Received
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError

from profiling_service.model.entities import Patch
from profiling_service.model.facts import Fact, FactType, Statement, key_of, packed
from profiling_service.model.forms import Forms
from profiling_service.rules import features
from profiling_service.rules.identity import clock, inferred, patch, patch_of_change

FACT_ACCEPTED = FactAccepted.DESCRIPTOR.full_name
RESULT_RECORDED = InspectionResultRecorded.DESCRIPTOR.full_name
RECORD_STOPPED = RecordStopped.DESCRIPTOR.full_name
SAMPLING, REPAIR = "creditloop.sampling", "creditloop.repair"
_TELLS_THE_CLASS = {"class_at_draw", "stratum", "inclusion_probability"}

_USCC_LENGTH = 18
_DAY_MS = 86_400_000
_LATEST_MS = 253_402_300_800_000  # the year 10000
_SHANGHAI_MS = 8 * 3_600_000


class FactReader:
    """Reads `FactAccepted`, each type as its form says."""

    def __init__(self, forms: Forms) -> None:
        self._readers: Mapping[str, tuple[int, features.Reader]] = {
            FactType(kind).code: (kind, features.reader(form)) for kind, form in forms.items()
        }

    def __call__(self, received: Received) -> Fact:
        """The fact an event carries.

        Raises:
            Poison: The bytes cannot be read, or lack what every fact has.
        """
        try:
            event = FactAccepted.FromString(received.value)
            name = str(event.WhichOneof("data"))
            kind, read = self._readers[name]
        except (DecodeError, KeyError) as error:
            raise Poison(f"not a fact we know: {error!r}") from error
        data, at, recorded_at = getattr(event, name), event.occurred_at_ms, event.recorded_at_ms
        source, fact_id = event.source, event.fact_id
        _require_storable(source, fact_id, at, recorded_at)
        key, replaced = features.key(source, fact_id), _replaced(event, kind, data)
        return Fact(
            source,
            fact_id,
            kind,
            _uscc(event.uscc),
            at,
            recorded_at,
            packed(kind, at, key, read(source, data), features.key(source, replaced) if replaced else 0),
            received.value,
            _PATCHES[kind](at, data) if kind in _PATCHES else None,
            data.holder_ref.replace("\0", "") if kind == FactType.STAKE_RECORDED else "",
        )

    def inspection_result(self, received: Received) -> Fact:
        """The fact a recorded inspection result is.

        Raises:
            Poison: The bytes cannot be read.
        """
        event = _parsed(InspectionResultRecorded, received.value)
        kind, read = self._readers[FactType.INSPECTION_COMPLETED.code]
        at = event.occurred_at_ms
        seen = read(SAMPLING, InspectionCompleted(result_codes=event.result_codes))
        return Fact(
            SAMPLING,
            event.result_id,
            kind,
            _uscc(event.uscc),
            at,
            event.recorded_at_ms,
            packed(kind, at, features.key(SAMPLING, event.result_id), seen),
            received.value,
        )


def _replaced(event: FactAccepted, kind: int, data: Any) -> str:
    """The id of the fact it corrects or takes back, of the same source; empty for none."""
    return str(data.fact_id if kind == FactType.FACT_RETRACTED else event.supersedes)


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
        contact_ref=data.contact_ref,
        agent_ref=data.agent_ref,
        head_uscc=data.head_uscc,
        **inferred(data.business_scope, data.name, data.industry),
    )


def _changed(at: int, data: Any) -> Patch | None:
    return patch_of_change(data.field, data.after, clock(at, is_change=True))


def _moved(at: int, data: Any) -> Patch | None:
    return patch(clock(at, is_change=True), area_code=data.to_area)


_PATCHES: Mapping[int, Callable[[int, Any], Patch | None]] = {
    int(FactType.REGISTRATION_RECORDED): _registered,
    int(FactType.REGISTRATION_CHANGED): _changed,
    int(FactType.REGISTRATION_MOVED): _moved,
}


def statement(features: bytes, payload: bytes) -> Statement | None:
    """What a stored fact of a type of `STATING` says of registered particulars, if anything."""
    event = FactAccepted.FromString(payload)
    name = str(event.WhichOneof("data"))
    said = _PATCHES[FactType[name.upper()]](event.occurred_at_ms, getattr(event, name))
    return None if said is None else Statement(key_of(features), said)


def record_stopped(received: Received) -> Fact:
    """The fact that publicity of a record stopped: the record no longer counts.

    Raises:
        Poison: The bytes cannot be read.
    """
    event = _parsed(RecordStopped, received.value)
    at = event.stopped_on_day * _DAY_MS - _SHANGHAI_MS
    stopped = (0, 0, features.key_of_record(event.record_id), 0)
    return Fact(
        REPAIR,
        event.stop_id,
        int(FactType.RECORD_STOPPED),
        _uscc(event.uscc),
        at,
        event.recorded_at_ms,
        packed(FactType.RECORD_STOPPED, at, features.key(REPAIR, event.stop_id), stopped),
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
    """As JSON: of members without a value only yes and no, since a product that did not pass is no silence."""
    members = MessageToDict(message, preserving_proto_field_name=True)
    flags = {field.name: False for field in message.DESCRIPTOR.fields if _says_no(field)}
    return {name: value for name, value in {**flags, **members}.items() if name not in hidden}


def _says_no(field: FieldDescriptor) -> bool:
    """Whether absence is a no; of what may be absent the contract says what that means."""
    return field.type == FieldDescriptor.TYPE_BOOL and not field.has_presence


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
