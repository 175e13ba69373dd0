"""Facts as protobuf. Days of JSON become days since 1970-01-01."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from contracts.ingestion.v1_pb2 import FactAccepted
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.json_format import MessageToDict
from msgspec.inspect import EnumType
from vocabulary import dishonesty

from ingestion_service.model.data import Data
from ingestion_service.model.fact import Fact
from ingestion_service.rules.members import MEMBERS, Member

Writer = Callable[[FactAccepted, Any], None]

FACT_ACCEPTED = FactAccepted.DESCRIPTOR.full_name
_EPOCH = date(1970, 1, 1).toordinal()


def fact_accepted(fact: Fact, recorded_at_ms: int) -> bytes:
    """The FactAccepted of an accepted fact.

    Raises:
        KeyError: The fact says nothing: it is quarantined.
    """
    message = FactAccepted()  # keyword arguments would cost a fifth more
    message.source = fact.source
    message.fact_id = fact.id
    message.fact_type = fact.type
    message.uscc = fact.uscc
    message.occurred_at_ms = fact.occurred_at_ms
    message.recorded_at_ms = recorded_at_ms
    if fact.supersedes:
        message.supersedes = fact.supersedes
    _WRITERS[type(fact.says)](message, fact.says)
    return message.SerializeToString()


def about(fact: Fact) -> str:
    """What readers may pass an accepted fact over by."""
    return dishonesty.about(fact.type, superseding=bool(fact.supersedes))


def as_json(payload: bytes) -> dict[str, Any]:
    """A stored FactAccepted as plain JSON values, members named as in the contract."""
    message = FactAccepted.FromString(payload)
    found: dict[str, Any] = MessageToDict(message, preserving_proto_field_name=True)
    return found


def _writer(of: type[Data], alternative: str, message: Descriptor) -> Writer:
    """The function that writes such data, its assignments spelled out one by one: nothing is as fast.

    Source: `dataclasses` makes `__init__` in the same way.
    """
    lines = [_assigning(member, message.fields_by_name) for member in MEMBERS[of].values()]
    if all(line.startswith("if ") for line in lines):
        lines.insert(0, "into.SetInParent()")
    body = "\n    ".join([f"into = message.{alternative}", *lines])
    made: dict[str, Any] = {}
    exec(f"def write(message, says):\n    {body}", {}, made)  # noqa: S102 - made of our own names alone
    writer: Writer = made["write"]
    return writer


def _assigning(member: Member, fields: Mapping[str, FieldDescriptor]) -> str:
    """The statement by which a member comes into the message; what it leaves out is the field's default."""
    field = fields[f"{member.name}_day" if member.is_day else member.name]
    value, into = f"says.{member.name}", f"into.{field.name}"
    written = f"{value}.toordinal() - {_EPOCH}" if member.is_day else value
    assigned = f"{into}.extend({written})" if field.is_repeated else f"{into} = {written}"
    if member.nullable:
        return f"if {value} is not None: {assigned}"
    always = member.required or (isinstance(member.kind, EnumType) and all(member.kind.cls))
    return assigned if always else f"if {value}: {assigned}"


_ALTERNATIVES = {
    field.message_type.name: (field.name, field.message_type)
    for field in FactAccepted.DESCRIPTOR.oneofs_by_name["data"].fields
    if field.message_type is not None
}
"""The members of the oneof by name of their message, which is that of the class of data."""
_WRITERS: Mapping[type[Any], Writer] = {of: _writer(of, *_ALTERNATIVES[of.__name__]) for of in MEMBERS}
