"""Adds to an OpenAPI document what FastAPI does not know: who may call an operation, and how errors look."""

import re
from typing import Any

from fastapi import FastAPI

from httpapi.access import Access, route_accesses
from httpapi.field_errors import Fault
from httpapi.problems import MEDIA_TYPE

_SCHEMES = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A signed, short-lived token of a person or system, audience creditloop.",
    },
    "source_key": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "A source system's key, clk_<id>_<secret>; also taken as Authorization: Bearer.",
    },
}

_FIELD_ERROR = {
    "type": "object",
    "required": ["field", "problem", "expected"],
    "properties": {
        **{name: {"type": "string"} for name in ("field", "problem", "expected")},
        "fault": {"type": "string", "enum": [*Fault], "description": "The kind of `problem`."},
        "limit": {"type": "string", "description": "The length, number or day that it goes beyond."},
    },
}

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri",
            "description": "Never changes for a kind of problem; docs/generated/problems.json lists all.",
            "examples": ["urn:creditloop:problem:invalid"],
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
        "trace_id": {"type": "string", "description": "Quote it to ask about a fault."},
    },
}

_CONVERTER = re.compile(r":[a-z]+\}")
"""Of `{name:path}`: a route names the converter, the document does not."""

_PROBLEM_CONTENT = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def documented(document: dict[str, Any], app: FastAPI) -> dict[str, Any]:
    """The document with security schemes, the problem schema, each operation's access and error answers."""
    components = document.setdefault("components", {})
    components["securitySchemes"] = _SCHEMES
    schemas = components.setdefault("schemas", {})
    schemas |= {"Problem": _PROBLEM, "FieldError": _FIELD_ERROR}
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for route in route_accesses(app):
        path = _CONVERTER.sub("}", route.path)
        for method in route.methods:
            operation = document.get("paths", {}).get(path, {}).get(method.lower())
            if operation is not None and route.access is not None:
                _describe(operation, route.access)
    return document


def _describe(operation: dict[str, Any], access: Access) -> None:
    responses = operation.setdefault("responses", {})
    responses.pop("422", None)
    responses["default"] = {
        "description": "What went wrong, and what would be right.",
        "content": _PROBLEM_CONTENT,
    }
    if access.public_reason is not None:
        operation |= {"security": [], "x-public": access.public_reason}
        return
    schemes = ["token", "source_key"] if "source_system" in access.roles else ["token"]
    operation["security"] = [{scheme: []} for scheme in schemes]
    operation["x-roles"] = sorted(access.roles)
    operation["x-area"] = str(access.area)
    if access.purpose:
        operation["x-purpose"] = access.purpose
