"""Writes proto/golden: one example of every event, as bytes and as JSON, and the released schema image.

Run it only for a new event or a new field: what is there must decode for ever, so existing files are never rewritten.
"""

import pathlib
import subprocess
from importlib import import_module

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

ROOT = pathlib.Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "proto" / "golden"
SERVICES = ("ingestion", "profiling", "classification", "sampling", "repair", "notification")


def filled(message: Message, depth: int = 0) -> Message:
    """Set every field to a value that is not its default; of a oneof, the last member."""
    for number, field in enumerate(message.DESCRIPTOR.fields, start=1):
        value = example(field, number)
        if field.message_type is not None:
            filled(getattr(message, field.name), depth + 1)
        elif field.is_repeated:
            getattr(message, field.name).extend([value, value])
        else:
            setattr(message, field.name, value)
    return message


def example(field: FieldDescriptor, number: int) -> object:
    """A value of the field's kind."""
    kinds: dict[int, object] = {
        FieldDescriptor.CPPTYPE_STRING: f"{field.name}-{number}",
        FieldDescriptor.CPPTYPE_BOOL: True,
        FieldDescriptor.CPPTYPE_ENUM: 1,
        FieldDescriptor.CPPTYPE_FLOAT: number + 0.5,
        FieldDescriptor.CPPTYPE_DOUBLE: number + 0.25,
    }
    return kinds.get(field.cpp_type, 1000 + number)


def main() -> None:
    """Write what is missing."""
    for service in SERVICES:
        module = import_module(f"contracts.{service}.v1_pb2")
        for name, descriptor in module.DESCRIPTOR.message_types_by_name.items():
            path = GOLDEN / f"creditloop.{service}.v1.{name}"
            if not path.with_suffix(path.suffix + ".bin").exists():
                message = filled(getattr(module, descriptor.name)())
                path.with_suffix(path.suffix + ".bin").write_bytes(
                    message.SerializeToString(deterministic=True)
                )
                text = json_format.MessageToJson(message, preserving_proto_field_name=True)
                path.with_suffix(path.suffix + ".json").write_text(text + "\n")
    buf = ROOT / ".venv" / "bin" / "buf"
    subprocess.run([buf, "build", "-o", "golden/released.binpb"], cwd=ROOT / "proto", check=True)


if __name__ == "__main__":
    main()
