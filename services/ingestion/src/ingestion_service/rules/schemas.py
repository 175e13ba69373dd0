"""JSON Schemas of the fact types, as senders read them (JSON Schema 2020-12)."""

from collections.abc import Mapping
from typing import Any

import msgspec

from ingestion_service.model.fact import FactType


def schema_of(fact_type: FactType, says: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a whole CloudEvent of this type in structured mode, with an example that says this."""
    schema = msgspec.json.schema(fact_type.event)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:creditloop:fact-type:{fact_type.name}",
        "title": f"{fact_type.name} ({fact_type.zh})",
        **schema,
        "examples": [example_of(fact_type, says)],
    }


def example_of(fact_type: FactType, says: Mapping[str, Any]) -> dict[str, Any]:
    """A CloudEvent of this type that says this, of a source and an entity that do not exist."""
    return {
        "specversion": "1.0",
        "id": "example-1",
        "source": "example",
        "subject": "91510104YY000001XM",
        "type": fact_type.name,
        "time": "2026-03-01T09:30:00+08:00",
        "data": says,
    }
