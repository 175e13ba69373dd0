"""Writes proto/golden: one example of every event, as bytes and as JSON, and the released schema image.

Run it only for a new event or a new field: what is there must decode for ever, so existing files are never rewritten,
and nothing is written at all while the schemas break with what was released.
"""

import pathlib
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

ROOT = pathlib.Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "proto" / "golden"
SERVICES = ("ingestion", "profiling", "classification", "sampling", "repair", "notification")


def filled(message: Message, chosen: str = "") -> Message:
    """Set every field to a value that is not its default; of a oneof, the member `chosen`, or else the last."""
    for number, field in enumerate(message.DESCRIPTOR.fields, start=1):
        if chosen and is_alternative(field) and field.name != chosen:
            continue
        value = example(field, number)
        if field.message_type is not None:
            inner = getattr(message, field.name)
            filled(inner.add() if field.is_repeated else inner)
        elif field.is_repeated:
            getattr(message, field.name).extend([value, value])
        else:
            setattr(message, field.name, value)
    return message


def is_alternative(field: FieldDescriptor) -> bool:
    """Whether the field is a member of a oneof; an `optional` field is one of its own, which does not count."""
    return field.containing_oneof is not None and len(field.containing_oneof.fields) > 1


def example(field: FieldDescriptor, number: int) -> object:
    """A value of the field's kind."""
    if field.type == FieldDescriptor.TYPE_BYTES:
        return f"{field.name}-{number}".encode()
    kinds: dict[int, object] = {
        FieldDescriptor.CPPTYPE_STRING: f"{field.name}-{number}",
        FieldDescriptor.CPPTYPE_BOOL: True,
        FieldDescriptor.CPPTYPE_ENUM: 1,
        FieldDescriptor.CPPTYPE_FLOAT: number + 0.5,
        FieldDescriptor.CPPTYPE_DOUBLE: number + 0.25,
    }
    return kinds.get(field.cpp_type, 1000 + number)


def examples(service: str) -> Iterator[tuple[str, Message]]:
    """The events of a service by name of their golden file: each message, and each member of its oneofs."""
    module = import_module(f"contracts.{service}.v1_pb2")
    for name, descriptor in module.DESCRIPTOR.message_types_by_name.items():
        made = getattr(module, name)
        yield f"creditloop.{service}.v1.{name}", filled(made())
        for field in filter(is_alternative, descriptor.fields):
            yield f"creditloop.{service}.v1.{name}-{field.name}", filled(made(), field.name)


def buf(*arguments: str) -> bool:
    """Whether the command succeeded; it says itself what is wrong."""
    command = [ROOT / ".venv" / "bin" / "buf", *arguments]
    return subprocess.run(command, cwd=ROOT / "proto", check=False).returncode == 0


def main() -> None:
    """Write what is missing, unless what was released would no longer be understood."""
    image = "golden/released.binpb"
    if (ROOT / "proto" / image).exists() and not buf("breaking", "--against", image):
        sys.exit("golden: the schemas break with what was released; nothing was written")
    for service in SERVICES:
        for name, message in examples(service):
            if not (GOLDEN / f"{name}.bin").exists():
                (GOLDEN / f"{name}.bin").write_bytes(message.SerializeToString(deterministic=True))
                text = json_format.MessageToJson(message, preserving_proto_field_name=True)
                (GOLDEN / f"{name}.json").write_text(text + "\n")
    if not buf("build", "-o", image):
        sys.exit("golden: the released image could not be built")


if __name__ == "__main__":
    main()
