"""An event as a person reads and corrects it: protobuf's own JSON, or the JSON it came as.

A type is known when the process has loaded its generated module, which the service that handles it has.
Source: ProtoJSON format, protobuf.dev; names of fields as in the `.proto` files.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec
from google.protobuf import descriptor_pool, json_format, message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError, Message

from eventbus.errors import Unfit

_INSIDE = re.compile(r"Failed to parse (\w+) field: ")
_STRANGE = re.compile(r'has no field named "([^"]*)"')
_NO_SUCH_FIELD = "no such field"
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
        raise _unfit(_descriptor(type_), str(error)) from error


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


def _unfit(kind: Descriptor, message: str) -> Unfit:
    """Protobuf tells the way to the field, and repeats its value, which is not for whoever reads a log."""
    way = _INSIDE.findall(message)
    strange = _STRANGE.search(message)
    if strange:
        return Unfit(".".join([*way, strange[1]]), _NO_SUCH_FIELD)
    last = _last_field(kind.fields_by_name.values(), way)
    return Unfit(".".join(way), "an object" if last is None else _expected(last))


def _last_field(fields: Iterable[FieldDescriptor], way: Sequence[str]) -> FieldDescriptor | None:
    """The field at the end of a way of names, each as in the `.proto` file or in camel case."""
    found = None
    for name in way:
        found = next((field for field in fields if name in (field.name, field.camelcase_name)), None)
        inner = found and found.message_type
        fields = inner.fields_by_name.values() if inner else ()
    return found


def _expected(field: FieldDescriptor) -> str:
    one = "base64" if field.type == FieldDescriptor.TYPE_BYTES else _KINDS.get(field.cpp_type, "")
    if field.enum_type:
        one = "one of " + ", ".join(field.enum_type.values_by_name)
    return f"a list, each {one}" if field.is_repeated else one
