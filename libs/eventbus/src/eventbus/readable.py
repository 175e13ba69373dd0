"""An event as a person reads and corrects it: protobuf's own JSON, or the JSON it came as.

A type is known when the process has loaded its generated module, which the service that handles it has.
Source: ProtoJSON format, protobuf.dev; names of fields as in the `.proto` files.
"""

from functools import lru_cache

import msgspec
from google.protobuf import descriptor_pool, json_format, message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError, Message

from eventbus.errors import Unfit

_KINDS = {
    FieldDescriptor.CPPTYPE_INT32: "a whole number",
    FieldDescriptor.CPPTYPE_INT64: "a whole number",
    FieldDescriptor.CPPTYPE_UINT32: "a whole number from 0",
    FieldDescriptor.CPPTYPE_UINT64: "a whole number from 0",
    FieldDescriptor.CPPTYPE_DOUBLE: "a number",
    FieldDescriptor.CPPTYPE_FLOAT: "a number",
    FieldDescriptor.CPPTYPE_BOOL: "true or false",
    FieldDescriptor.CPPTYPE_STRING: "text",
    FieldDescriptor.CPPTYPE_MESSAGE: "an object",
}

Document = dict[str, object]
Fault = tuple[list[str], str]
"""The way to a member, and what would be right there."""


def document_of(type_: str, value: bytes) -> Document | None:
    """The event as JSON, with fields that have no value; None when it cannot be read."""
    kind = _kind(type_)
    if kind is None:
        return _json(value)
    try:
        return json_format.MessageToDict(
            kind.FromString(value),
            preserving_proto_field_name=True,
            always_print_fields_with_no_presence=True,
        )
    except (DecodeError, ValueError):
        return None


def event_of(type_: str, document: Document, came_as: bytes) -> bytes:
    """The bytes of a corrected event; `came_as`, which it is to replace, was of the same type.

    Raises:
        Unfit: A field is not of this type or has a value that does not fit it.
    """
    kind = _kind(type_)
    if kind is None and _json(came_as) is None:
        raise Unfit("", f"payload_base64: events of type {type_!r} are not read here")
    if kind is None:
        return msgspec.json.encode(document)
    try:
        return json_format.ParseDict(document, kind()).SerializeToString()
    except json_format.ParseError as error:
        way, expected = _fault(_descriptor(type_), document)
        raise Unfit(".".join(way), expected) from error


@lru_cache(maxsize=256)
def _loaded(type_: str) -> type[Message]:
    return message_factory.GetMessageClass(_descriptor(type_))


def _descriptor(type_: str) -> Descriptor:
    return descriptor_pool.Default().FindMessageTypeByName(type_)


def _kind(type_: str) -> type[Message] | None:
    try:
        return _loaded(type_)
    except KeyError:
        return None


def _json(value: bytes) -> Document | None:
    try:
        return msgspec.json.decode(value, type=Document)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _fault(kind: Descriptor, document: Document) -> Fault:
    """The first member that does not fit its type, as far inside as it can be told."""
    for name, value in document.items():
        field = next((each for each in kind.fields if name in (each.name, each.camelcase_name)), None)
        if field is None:
            return [name], "no such field"
        if not _fits(kind, {name: value}):
            way, expected = _fault_inside(field, value)
            return [name, *way], expected
    return [], "at most one member of each choice"


def _fault_inside(field: FieldDescriptor, value: object) -> Fault:
    inner = field.message_type
    items = enumerate(value) if isinstance(value, list) else [("", value)]
    for place, item in items:
        if inner and isinstance(item, dict) and not _fits(inner, item):
            way, expected = _fault(inner, item)
            return [*([] if place == "" else [str(place)]), *way], expected
    return [], _expected(field)


def _fits(kind: Descriptor, document: Document) -> bool:
    try:
        json_format.ParseDict(document, message_factory.GetMessageClass(kind)())
    except json_format.ParseError:
        return False
    return True


def _expected(field: FieldDescriptor) -> str:
    one = "base64" if field.type == FieldDescriptor.TYPE_BYTES else _KINDS.get(field.cpp_type, "")
    if field.enum_type:
        one = "one of " + ", ".join(field.enum_type.values_by_name)
    return f"a list, each {one}" if field.is_repeated else one
