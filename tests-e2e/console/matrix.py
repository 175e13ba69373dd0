"""What the services' OpenAPI documents say of every operation, and how to call each without changing a thing."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from httpapi.identity import Role

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ROOT / "docs" / "generated"
SERVICES = ("ingestion", "profiling", "classification", "sampling", "repair", "notification")
OUTSIDERS = (Role.ENTERPRISE, Role.PLATFORM, Role.SOURCE_SYSTEM)
_METHODS = ("get", "head", "post", "put", "patch", "delete")
_NOBODYS = {"integer": "999999999", "string": "nobodys"}
_ROLE_REASON = re.compile(r"The role \w+ may not call this|through the console")
_TOO_LONG = "!" * 300
"""Refused as an Idempotency-Key, a date, a number, a code: after the role, and before anything is done."""

_INSIDE = re.compile(r"(^|_)(class|classes|score|scores|points|grade|model|models|stratum|probability)(_|$)")
_INSIDE_TEXT = re.compile(r"[ABCD]\s*[级类](?![A-Za-z])|风险等级|信用分|评分")


@dataclass(frozen=True)
class Operation:
    """One operation of a service.

    Attributes:
        roles: Who may call it; None: anyone.
        area: How the caller's area limits it.
        kinds: JSON types of the parameters in its path, by name.
        query: Schemas of the parameters its query must have, by name.
        filters: Names of those that it may have.
        schema: Of its JSON body, references followed; None where it takes no JSON.
        content_type: Of its body.
    """

    service: str
    method: str
    path: str
    roles: frozenset[str] | None
    area: str
    kinds: Mapping[str, str]
    query: Mapping[str, Any]
    filters: tuple[str, ...]
    schema: Mapping[str, Any] | None
    content_type: str | None

    def __str__(self) -> str:
        return f"{self.method} {self.service} {self.path}"

    @property
    def reads(self) -> bool:
        """Whether it changes nothing by what it is."""
        return self.method in {"GET", "HEAD"}

    def address(self, values: Mapping[str, str]) -> str:
        """Its path with these values, and with nobody's for those not given."""
        told = {name: quote(values.get(name, _NOBODYS[kind]), safe="") for name, kind in self.kinds.items()}
        return re.sub(r"{(\w+)(?::\w+)?}", lambda found: told[found[1]], self.path)

    def harmless(self, values: Mapping[str, str]) -> dict[str, Any]:
        """Parts of a request that, once its caller has been let in, is refused before anything is done."""
        parts = {
            "method": self.method,
            "url": self.address(values),
            "params": dict.fromkeys(self.filters, _TOO_LONG),
            "headers": {} if self.reads else {"Idempotency-Key": _TOO_LONG},
        }
        if self.content_type is not None:
            parts["headers"]["Content-Type"] = self.content_type
            parts["content"] = b"[]" if self.schema is not None else b""
        return parts


def operations(service: str) -> list[Operation]:
    """Every operation of a service's document that is part of its API."""
    document = json.loads((DOCUMENTS / f"{service}.openapi.json").read_text(encoding="utf-8"))
    return list(_operations(service, document))


def _operations(service: str, document: Mapping[str, Any]) -> Iterator[Operation]:
    for path, described in document["paths"].items():
        for method in _METHODS:
            if method in described and not path.startswith("/health"):
                yield _operation(service, method, path, described[method], document)


def _operation(
    service: str, method: str, path: str, told: Mapping[str, Any], document: Mapping[str, Any]
) -> Operation:
    content = told.get("requestBody", {}).get("content", {})
    content_type = next(iter(content), None)
    schema = content.get("application/json", {}).get("schema")
    return Operation(
        service=service,
        method=method.upper(),
        path=path,
        roles=None if "x-public" in told else frozenset(told["x-roles"]),
        area=told.get("x-area", ""),
        kinds={
            each["name"]: each["schema"].get("type", "string")
            for each in told.get("parameters", ())
            if each["in"] == "path"
        },
        query={
            each["name"]: _followed(each["schema"], document)
            for each in told.get("parameters", ())
            if each["in"] == "query" and each["required"]
        },
        filters=tuple(
            each["name"]
            for each in told.get("parameters", ())
            if each["in"] == "query" and not each["required"]
        ),
        schema=None if schema is None else _followed(schema, document),
        content_type=content_type,
    )


def _followed(schema: Any, document: Mapping[str, Any]) -> Any:
    """The schema with every reference replaced by what it names."""
    if isinstance(schema, list):
        return [_followed(each, document) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _followed(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    return {name: _followed(each, document) for name, each in schema.items()}


def example(schema: Mapping[str, Any], known: Mapping[str, Any]) -> Any:
    """Something the schema takes: members that are `known` by name or needed, and nothing else, each the plainest."""
    if "anyOf" in schema:
        return example(schema["anyOf"][0], known)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    match schema.get("type"):
        case "object":
            return {
                name: known[name] if name in known else example(schema["properties"][name], known)
                for name in [
                    *schema.get("required", ()),
                    *(known.keys() & schema.get("properties", {}).keys()),
                ]
            }
        case "array":
            return [example(schema["items"], known)] if schema.get("minItems", 1) else []
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
    return _text(schema)


def _text(schema: Mapping[str, Any]) -> str:
    match schema.get("format"):
        case "date":
            return "2030-01-01"
        case "date-time":
            return "2030-01-01T00:00:00Z"
    return "matrix".ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength", 1000)]


def refused_by_role(answer: httpx.Response) -> bool:
    """Whether the caller was not let in for who they are."""
    return answer.status_code == httpx.codes.FORBIDDEN and bool(_ROLE_REASON.search(answer.text))


def inside_information(document: object, at: str = "") -> Iterator[str]:
    """Where a document tells a class or a score: by a member's name, or in words."""
    if isinstance(document, dict):
        for name, value in document.items():
            if _INSIDE.search(name):
                yield f"{at}.{name}"
            yield from inside_information(value, f"{at}.{name}")
    elif isinstance(document, list):
        for number, value in enumerate(document):
            yield from inside_information(value, f"{at}[{number}]")
    elif isinstance(document, str) and (found := _INSIDE_TEXT.search(document)):
        yield f"{at}: …{document[max(found.start() - 20, 0) : found.end() + 20]}…"


def codes_in(text: str) -> set[str]:
    """Every unified social credit code in a text."""
    return set(re.findall(r"\b[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}\b", text))
