"""What a `.proto` file says of an event: its comment, and the text that defines it with all that it refers to."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto

ROOT = Path(__file__).resolve().parents[1]
_SYNTAX, _MESSAGE, _ENUM = 12, 4, 5
"""Numbers of the parts in descriptor.proto, of which the path of a comment is made."""


def roots(file: FileDescriptorProto) -> list[DescriptorProto]:
    """The events: messages that are no part of another."""
    parts = {field.type_name for message in file.message_type for field in message.field}
    return [message for message in file.message_type if f".{file.package}.{message.name}" not in parts]


def events(file: FileDescriptorProto) -> list[str]:
    """The full names of the events."""
    return [f"{file.package}.{message.name}" for message in roots(file)]


def described(file: FileDescriptorProto, message: str = "") -> str:
    """The comment of a message, or of the whole file, on one line."""
    path = _paths(file)[message] if message else (_SYNTAX,)
    comments = (
        place.leading_comments for place in file.source_code_info.location if tuple(place.path) == path
    )
    return " ".join(next(comments).split())


def definition(file: FileDescriptorProto, message: str) -> str:
    """A `.proto` text of this message and, behind it, all that it refers to, as they stand in the file."""
    source = (ROOT / "proto" / "creditloop" / file.package.split(".")[1] / "v1" / "events.proto").read_text(
        encoding="utf-8"
    )
    lines = source.splitlines()
    parts = [_text(file, lines, name) for name in dict.fromkeys(_needed(file, message))]
    return "\n\n".join(['syntax = "proto3";', f"package {file.package};", *parts]) + "\n"


def _needed(file: FileDescriptorProto, name: str) -> Iterator[str]:
    """The name, and those of all parts, outermost first; what is defined inside another stands there."""
    yield name
    for message in file.message_type:
        if message.name == name:
            inner = {each.name for each in message.nested_type}
            for field in (*message.field, *(field for each in message.nested_type for field in each.field)):
                part = field.type_name.rpartition(".")[2]
                if part and part not in inner:
                    yield from _needed(file, part)


def _text(file: FileDescriptorProto, lines: list[str], name: str) -> str:
    """The lines of a definition with the comment before it."""
    path = _paths(file)[name]
    (place,) = [each for each in file.source_code_info.location if tuple(each.path) == path]
    start, end = place.span[0], place.span[2]
    while lines[start - 1].startswith("//"):
        start -= 1
    return "\n".join(lines[start : end + 1])


def _paths(file: FileDescriptorProto) -> Mapping[str, tuple[int, int]]:
    messages = {each.name: (_MESSAGE, number) for number, each in enumerate(file.message_type)}
    return messages | {each.name: (_ENUM, number) for number, each in enumerate(file.enum_type)}
