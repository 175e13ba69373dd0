"""Writes the catalogue of events, from a descriptor set with comments, as one page of Markdown on stdout."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

Comments = Mapping[tuple[int, ...], str]
_SYNTAX, _MESSAGE, _ENUM, _FIELD, _VALUE = 12, 4, 5, 2, 2
"""Numbers of the parts in descriptor.proto, of which the path of a comment is made."""
_HEADER = """# Events

Generated from `proto/` by `make generate`; `proto/README.md` says how an event changes.
"""


def main() -> None:
    """The page is on stdout."""
    files = FileDescriptorSet.FromString(Path(sys.argv[1]).read_bytes()).file
    parts = [_HEADER, *(part for file in files for part in service(file))]
    sys.stdout.write("\n".join(parts))


def service(file: FileDescriptorProto) -> Iterator[str]:
    """The chapter of one service."""
    comments = {
        tuple(place.path): " ".join(place.leading_comments.split())
        for place in file.source_code_info.location
    }
    yield f"## {file.package.split('.')[1]}\n\n{comments.get((_SYNTAX,), '')}\n"
    for number, each in enumerate(file.message_type):
        yield message(each, comments, (_MESSAGE, number))
    for number, each_enum in enumerate(file.enum_type):
        yield enum(each_enum, comments, (_ENUM, number))


def message(each: DescriptorProto, comments: Comments, path: tuple[int, ...]) -> str:
    """One message and its fields."""
    rows = [
        (str(field.number), f"`{field.name}`", kind(field), comments.get((*path, _FIELD, number), ""))
        for number, field in enumerate(each.field)
    ]
    return section(each.name, comments.get(path, ""), ("number", "field", "type", "meaning"), rows)


def enum(each: EnumDescriptorProto, comments: Comments, path: tuple[int, ...]) -> str:
    """One enumeration and its values."""
    rows = [
        (str(value.number), f"`{value.name}`", comments.get((*path, _VALUE, number), ""))
        for number, value in enumerate(each.value)
    ]
    return section(each.name, comments.get(path, ""), ("number", "value", "meaning"), rows)


def section(name: str, meaning: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A heading, what it means, and a table."""
    lines = [heads, ["---"] * len(heads), *rows]
    table = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
    return f"### {name}\n\n{meaning}\n\n{table}\n"


def kind(field: FieldDescriptorProto) -> str:
    """The type as one writes it in a .proto file, without packages."""
    scalar = FieldDescriptorProto.Type.Name(field.type).removeprefix("TYPE_").lower()
    repeated = field.label == FieldDescriptorProto.LABEL_REPEATED
    prefix = "repeated " if repeated else "optional " if field.proto3_optional else ""
    return prefix + (field.type_name.rpartition(".")[2] or scalar)


if __name__ == "__main__":
    main()
