"""The AsyncAPI document: whole in itself, and true to what HTTP publishes. `make check` sees that it is current."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ingestion_service.model.fact import FACT_TYPES
from ingestion_service.rules.schemas import schema_of
from ingestion_service.store.packs import shipped_examples

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT: dict[str, Any] = json.loads((ROOT / "docs/generated/creditloop.asyncapi.json").read_text())
CHANNELS = DOCUMENT["channels"]
MESSAGES = DOCUMENT["components"]["messages"]
INBOUND = "creditloop.inbound.v1"
EXAMPLES = shipped_examples()


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if "$ref" in part:
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from references(each)


def resolved(reference: str, document: dict[str, Any] = DOCUMENT) -> Any:
    assert reference.startswith("#/"), reference
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def inlined(schema: Any, document: dict[str, Any]) -> Any:
    """The schema with what it refers to in its place."""
    if isinstance(schema, dict) and "$ref" in schema:
        return inlined(resolved(schema["$ref"], document), document)
    if isinstance(schema, dict):
        return {name: inlined(part, document) for name, part in schema.items()}
    return [inlined(part, document) for part in schema] if isinstance(schema, list) else schema


def test_every_reference_leads_somewhere() -> None:
    """Or no tool could read the document."""
    found = list(references(DOCUMENT))

    assert found
    assert all(resolved(reference) for reference in found)


def test_what_the_specification_requires_is_there() -> None:
    """AsyncAPI 3.0.0: version, info; of an operation its action and channel; of a multi-format schema both members."""
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert {"title", "version"} <= set(DOCUMENT["info"])
    assert all({"host", "protocol"} <= set(server) for server in DOCUMENT["servers"].values())
    for message in MESSAGES.values():
        payload = message["payload"]
        assert "$ref" in payload or {"schemaFormat", "schema"} == set(payload)
    for operation in DOCUMENT["operations"].values():
        assert operation["action"] in {"send", "receive"}
        assert resolved(operation["channel"]["$ref"])["address"]


def test_an_operation_has_messages_of_its_channel_only() -> None:
    """The specification refers to the channel's own entries, not to the components."""
    for operation in DOCUMENT["operations"].values():
        at = operation["channel"]["$ref"] + "/messages/"
        assert operation["messages"]
        assert all(each["$ref"].startswith(at) for each in operation["messages"])


@pytest.mark.parametrize("name", FACT_TYPES)
def test_a_fact_over_kafka_is_what_it_is_over_http(name: str) -> None:
    """One contract: what `GET /v1/fact-types/{type}/schema` tells."""
    published = schema_of(FACT_TYPES[name], EXAMPLES[name])
    whole = inlined({"$ref": published["$ref"]}, published)
    binary = MESSAGES[f"{name}.binary"]

    assert inlined(MESSAGES[name]["payload"], DOCUMENT) == whole
    assert [each["payload"] for each in MESSAGES[name]["examples"]] == published["examples"]
    assert inlined(binary["payload"], DOCUMENT) == whole["properties"]["data"]
    assert set(binary["headers"]["properties"]) == {f"ce_{each}" for each in whole["properties"]} - {
        "ce_data"
    }
    assert {name, f"{name}.binary"} <= set(CHANNELS[INBOUND]["messages"])


def test_whatever_is_read_is_emitted_by_one_service() -> None:
    """A handler of an event that nobody sends would be dead, and two emitters would break a topic's order."""
    parts = DOCUMENT["operations"].values()
    sent = [each["$ref"] for part in parts if part["action"] == "send" for each in part["messages"]]
    read = {each["$ref"] for part in parts if part["action"] == "receive" for each in part["messages"]}

    assert len(sent) == len(set(sent))
    assert {each for each in read if INBOUND not in each} <= set(sent)


def test_an_events_text_defines_all_that_it_names() -> None:
    """Whoever generates code from the document needs nothing else."""
    accepted = MESSAGES["creditloop.ingestion.v1.FactAccepted"]["payload"]["schema"]

    assert accepted.startswith('syntax = "proto3";\n\npackage creditloop.ingestion.v1;')
    assert "message PenaltyImposed {" in accepted
    assert "enum RiskClass {" in MESSAGES["creditloop.classification.v1.ClassChanged"]["payload"]["schema"]
