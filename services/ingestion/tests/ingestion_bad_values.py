"""Values that a member must refuse, made from its published JSON Schema and not from the classes."""

from collections.abc import Iterator, Mapping
from typing import Any

from ingestion_builders import SAYS
from ingestion_service.model.fact import FACT_TYPES
from ingestion_service.rules.schemas import schema_of

MISSING = object()
"""Stands for a member that is left out."""
SAMPLES: Mapping[str, Any] = {
    "string": "text",
    "integer": 7,
    "boolean": True,
    "number": 1.5,
    "array": ["text"],
    "object": {"a": 1},
}
"""A value of each JSON type but null."""


def members() -> list[tuple[str, str]]:
    """Every member of every type of fact."""
    return [
        (fact_type, member) for fact_type in FACT_TYPES for member in _data_schema(fact_type)["properties"]
    ]


def refused(fact_type: str, member: str) -> Iterator[tuple[str, Any]]:
    """The field that must be named, and a value or `MISSING`."""
    whole = schema_of(FACT_TYPES[fact_type], SAYS[fact_type])
    data = _data_schema(fact_type)
    field = f"data.{member}"
    accepted = _alternatives(data["properties"][member], whole["$defs"])
    if not any(each.get("type") == "null" for each in accepted):
        yield field, None
    if member in data["required"]:
        yield field, MISSING
    kinds = {each.get("type", "string") for each in accepted}
    for kind, sample in SAMPLES.items():
        if kind not in kinds:
            yield field, sample
    for each in accepted:
        yield from ((field, value) for value in _outside(each))
        if each.get("type") == "array":
            yield from _bad_items(field, each, whole["$defs"])


def _data_schema(fact_type: str) -> dict[str, Any]:
    known = FACT_TYPES[fact_type]
    schema: dict[str, Any] = schema_of(known, SAYS[fact_type])["$defs"][known.data.__name__]
    return schema


def _alternatives(schema: Mapping[str, Any], known: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The schemas one of which a value must satisfy, without references."""
    if "anyOf" in schema:
        return [each for part in schema["anyOf"] for each in _alternatives(part, known)]
    if "allOf" in schema or "$ref" in schema:
        reference = schema.get("$ref") or schema["allOf"][0]["$ref"]
        return _alternatives(known[reference.rpartition("/")[2]], known)
    return [schema]


def _outside(schema: Mapping[str, Any]) -> Iterator[Any]:
    """Values of the right JSON type that are not allowed all the same."""
    if "enum" in schema:
        yield from ("no-such-code", schema["enum"][-1] + " ", schema["enum"][-1].upper())
    elif schema.get("format") == "date":
        yield from ("3 March", "2026-3-1", "2026-03-01T00:00:00Z", "", "20260301")
    elif "pattern" in schema:
        yield from ("a\nb", "Z99", "H62\n")
    if "maxLength" in schema:
        yield "长" * (schema["maxLength"] + 1)
    if schema.get("minLength"):
        yield ""
    if "minimum" in schema:
        yield from (schema["minimum"] - 1, schema["maximum"] + 1, -(2**70), 2**70, 1e300)
    if "maxItems" in schema:
        yield ["x"] * (schema["maxItems"] + 1)
    if schema.get("minItems"):
        yield []


def _bad_items(field: str, schema: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for each in _alternatives(schema["items"], known):
        for value in (None, 7, [], {}, *_outside(each)):
            yield f"{field}[0]", [value]
