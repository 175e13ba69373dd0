"""Writes the catalogue of fact types, from the schemas that senders are shown, as one page of Markdown on stdout."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ingestion_service.model.fact import FACT_TYPES, FactType
from ingestion_service.rules.schemas import schema_of
from ingestion_service.store.packs import shipped_examples

Schema = Mapping[str, Any]
_HEADER = """# Types of fact

Generated from ingestion's own schemas by `make generate`. A fact is a CloudEvent of one of these types; its `data` has
these members and no others. Every fact may carry `supersedes`, the id of the fact of the same source and entity that it
corrects and replaces. Days are ISO dates; a last day of `9999-12-31` means no end.
"""


def main() -> None:
    """The page is on stdout."""
    examples = shipped_examples()
    parts = [section(known, schema_of(known, examples[known.name])) for known in FACT_TYPES.values()]
    sys.stdout.write("\n".join([_HEADER, *parts]))


def section(known: FactType, schema: Schema) -> str:
    """One type: what it says, its members, an example of its data."""
    data = schema["$defs"][known.data.__name__]
    example = json.dumps(schema["examples"][0]["data"], ensure_ascii=False)
    meaning = " ".join((known.data.__doc__ or "").split())
    table = "\n".join(rows(data, schema["$defs"]))
    return f"## {known.name} {known.zh}\n\n{meaning}\n\n{table}\n\n```json\n{example}\n```\n"


def rows(data: Schema, known: Schema) -> Iterator[str]:
    """The table of members."""
    yield from ("| member | value | default | meaning |", "|---|---|---|---|")
    for name, member in data["properties"].items():
        default = "required" if name in data["required"] else f"`{json.dumps(member.get('default'))}`"
        meaning = member.get("description", "").replace("|", "\\|")
        yield f"| `{name}` | {value(member, known)} | {default} | {meaning} |"


def value(member: Schema, known: Schema) -> str:
    """What a member may be, in words."""
    for each in member.get("anyOf") or [member]:
        if each.get("type") != "null":
            return one_value(each, known)
    raise ValueError(member)


def one_value(schema: Schema, known: Schema) -> str:
    """The same for one that is not null."""
    reference = schema.get("$ref") or (schema.get("allOf") or [{}])[0].get("$ref")
    if reference:
        return one_value(known[reference.rpartition("/")[2]], known)
    if "enum" in schema:
        return codes(schema["enum"])
    if schema["type"] == "array":
        return f"list of {one_value(schema['items'], known)}"
    if schema.get("format") == "date":
        return "day"
    return f"{schema['type']}{limits(schema)}"


def codes(known: Sequence[str]) -> str:
    """The codes there are."""
    return ", ".join(f"`{code}`" if code else "empty" for code in known)


def limits(schema: Schema) -> str:
    """How long a text or how large a number may be."""
    if "maxLength" in schema:
        return f", {schema.get('minLength', 0)}–{schema['maxLength']} characters"
    return f", {schema['minimum']}–{schema['maximum']}" if "minimum" in schema else ""


if __name__ == "__main__":
    main()
