"""JSON Schemas of the fact types, as senders read them (JSON Schema 2020-12)."""

from typing import Any

import msgspec

from ingestion_service.model.fact import FactType


def schema_of(fact_type: FactType) -> dict[str, Any]:
    """The schema of a whole CloudEvent of this type in structured mode."""
    schema = msgspec.json.schema(fact_type.event)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:creditloop:fact-type:{fact_type.name}",
        "title": f"{fact_type.name} ({fact_type.zh})",
        **schema,
    }
