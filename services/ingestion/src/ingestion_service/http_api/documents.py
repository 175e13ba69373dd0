"""What the OpenAPI document says of the body and answers of `POST /v1/facts`, which FastAPI does not read itself."""

from typing import Any

_EVENT = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": {"type": "string", "maxLength": 200},
        "source": {"type": "string", "description": "name under which the source is registered (信息源)"},
        "type": {"type": "string", "description": "one of GET /v1/fact-types"},
        "subject": {"type": "string", "description": "统一社会信用代码"},
        "time": {"type": "string", "format": "date-time"},
        "supersedes": {
            "type": "string",
            "maxLength": 200,
            "description": "id of the fact that this one replaces",
        },
        "data": {"type": "object", "description": "as GET /v1/fact-types/{type}/schema tells"},
    },
}
_VERDICT = {
    "type": "object",
    "required": ["id", "verdict"],
    "properties": {
        "id": {"type": ["string", "null"]},
        "verdict": {"enum": ["accepted", "duplicate", "quarantined", "rejected"]},
        "reason": {"type": "string"},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("field", "problem", "expected")},
            },
        },
    },
}
_SUMMARY = {
    "type": "object",
    "properties": {
        **{
            name: {"type": "integer"} for name in ("read", "accepted", "duplicate", "quarantined", "rejected")
        },
        "verdicts": {"type": "array", "items": _VERDICT},
    },
}


def _answer(description: str, schema: dict[str, Any], media_type: str = "application/json") -> dict[str, Any]:
    return {"description": description, "content": {media_type: {"schema": schema}}}


FACTS_DOCUMENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/cloudevents+json": {"schema": _EVENT},
            "application/cloudevents-batch+json": {"schema": {"type": "array", "items": _EVENT}},
            "application/x-ndjson": {
                "schema": {"type": "string", "description": "a CloudEvent on each line"}
            },
            "application/json": {
                "schema": {
                    "type": "object",
                    "description": "binary mode: data here, attributes in ce- headers",
                }
            },
        },
    },
    "responses": {
        "200": {
            "description": "one: a duplicate; many: every fact is in the ledger and usable",
            "content": {
                "application/json": {"schema": {"oneOf": [_VERDICT, _SUMMARY]}},
                "application/x-ndjson": {
                    "schema": {"type": "string", "description": "a verdict on each line"}
                },
            },
        },
        "202": _answer("one: accepted or quarantined, and durable", _VERDICT),
        "207": _answer("many: some were quarantined or rejected", _SUMMARY),
    },
}
