"""Writes the AsyncAPI 3.0 document of all that goes over Kafka on stdout, from a descriptor set with comments.

Nothing in it is typed by hand: facts come from the fact types of ingestion, events and topics from `proto/`, headers
from the bus, who reads what from the handlers of each service, who emits what from the messages its wire knows.

Source: AsyncAPI 3.0.0; Kafka bindings 0.5.0.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
from eventbus.envelope import Stamped, headers_of
from eventbus.record_set import HEADER as SET
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from handlers_of_services import HANDLERS
from ingestion_service import consumer as inbound
from ingestion_service.model.fact import FACT_TYPES, Event, FactType
from ingestion_service.rules.schemas import example_of
from ingestion_service.settings import Settings
from ingestion_service.store.packs import shipped_examples
from proto_text import definition, described, events, roots

Json = dict[str, Any]
INBOUND: str = Settings.model_fields["inbound_topic"].default
KAFKA = {"bindingVersion": "0.5.0"}
PROTOBUF = "application/vnd.google.protobuf;version=3"
SCHEMAS = "#/components/schemas/"
BUS_HEADERS = "creditloop.headers"
CODE = {
    "type": "string",
    "description": "统一社会信用代码 of the entity: what happened to one entity stays in order",
}
HEADERS: Mapping[str, Json] = {
    "ce_specversion": {"const": "1.0"},
    "ce_type": {"type": "string", "description": "full name of the protobuf message"},
    "ce_source": {
        "type": "string",
        "description": "creditloop/<service>/<lane>: the producer's stream of transactions",
    },
    "ce_id": {
        "type": "string",
        "description": "<partition>-<sequence>, gapless from 1 within source and partition",
    },
    "content-type": {"const": "application/protobuf"},
    "traceparent": {
        "type": "string",
        "description": "W3C trace context of the cause; empty when it is not traced",
    },
    SET: {
        "type": "string",
        "description": "first record of a record set: how many records, about what (ADR 8)",
    },
}
"""What each header of the bus means; a header of the bus that is missing here stops the generation."""


def main() -> None:
    """The document is on stdout."""
    files = FileDescriptorSet.FromString(Path(sys.argv[1]).read_bytes()).file
    sys.stdout.write(json.dumps(document(files), ensure_ascii=False, indent=1) + "\n")


def document(files: Any) -> Json:
    """The whole document."""
    inside = {
        f"{file.package}.{event.name}": event_message(file, event.name)
        for file in files
        for event in roots(file)
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "creditloop over Kafka",
            "version": "1.0.0",
            "description": "Facts from outside on one topic, CloudEvents in structured or binary mode; events between"
            " the services on one topic each, protobuf in binary mode. Internal topics are for the services alone.",
        },
        "defaultContentType": "application/protobuf",
        "servers": {"kafka": {"host": "{bootstrap}", "protocol": "kafka", "variables": {"bootstrap": {}}}},
        "channels": {INBOUND: inbound_channel(), **{file.package: event_channel(file) for file in files}},
        "operations": dict(operations(files)),
        "components": {
            "messages": {**dict(fact_messages()), **inside},
            "schemas": {**fact_schemas()[1], BUS_HEADERS: bus_headers()},
        },
    }


# -- facts from outside ---------------------------------------------------------------------------------------------


def fact_schemas() -> tuple[list[Json], Json]:
    """References to the schema of each type's CloudEvent and of its data, in turn; and all they refer to."""
    types = [each for known in FACT_TYPES.values() for each in (known.event, known.data)]
    found, components = msgspec.json.schema_components(types, ref_template=SCHEMAS + "{name}")
    return list(found), components


def fact_messages() -> Iterator[tuple[str, Json]]:
    """Each type of fact in both content modes."""
    found, components = fact_schemas()
    says = shipped_examples()
    for known, event, data in zip(FACT_TYPES.values(), found[::2], found[1::2], strict=True):
        example = example_of(known, says[known.name])
        structured = fact_message(known, event, "application/cloudevents+json", "structured")
        yield known.name, {**structured, "examples": [{"payload": example}]}
        binary = fact_message(known, data, "application/json", "binary")
        headers = attribute_headers(components[event["$ref"].removeprefix(SCHEMAS)])
        shown = {f"ce_{name}": value for name, value in example.items() if name != "data"}
        examples = [{"headers": shown, "payload": example["data"]}]
        yield f"{known.name}.binary", {**binary, "headers": headers, "examples": examples}


def fact_message(known: FactType, payload: Json, media_type: str, mode: str) -> Json:
    """One type of fact in one content mode."""
    return {
        "name": known.name,
        "title": f"{known.zh} ({mode} mode)",
        "summary": (known.data.__doc__ or "").strip(),
        "contentType": media_type,
        "payload": payload,
        "bindings": {"kafka": {"key": CODE, **KAFKA}},
    }


def attribute_headers(event: Json) -> Json:
    """The attributes of a CloudEvent as headers of a record."""
    attributes = {name: schema for name, schema in event["properties"].items() if name != "data"}
    return {
        "type": "object",
        "required": [f"ce_{name}" for name in event["required"] if name != "data"],
        "properties": {f"ce_{name}": present(schema) for name, schema in attributes.items()},
    }


def present(schema: Json) -> Json:
    """What a header is when it is there: an attribute without a value has none."""
    kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
    kept = {name: value for name, value in schema.items() if name not in {"anyOf", "default"}}
    return {**kept, **kinds[0]} if kinds else kept


def inbound_channel() -> Json:
    """The topic that sources write to."""
    names = [name for known in FACT_TYPES for name in (known, f"{known}.binary")]
    return {
        "address": INBOUND,
        "title": "Facts from outside (信息归集)",
        "description": f"{(Event.__doc__ or '').strip()} Only of sources registered for Kafka. Nobody is answered:"
        " what HTTP would reject is quarantined; without id or known source it is a dead letter.",
        "messages": references("#/components/messages/", names),
        "bindings": {
            "kafka": {"topic": INBOUND, "partitions": Settings.model_fields["partitions"].default, **KAFKA}
        },
    }


# -- events inside --------------------------------------------------------------------------------------------------


def event_message(file: FileDescriptorProto, name: str) -> Json:
    """One event, with the part of its .proto file that defines it."""
    full = f"{file.package}.{name}"
    typed = {"type": "object", "properties": {"ce_type": {"const": full}}}
    key = re.search(r"key = (.+)\.$", described(file))
    if key is None:
        raise SystemExit(f"{file.name}: its comment does not end in 'key = ….'")
    return {
        "name": full,
        "title": name,
        "summary": described(file, name),
        "contentType": "application/protobuf",
        "headers": {"allOf": [{"$ref": SCHEMAS + BUS_HEADERS}, typed]},
        "correlationId": {
            "description": "one trace from cause to effect",
            "location": "$message.header#/traceparent",
        },
        "payload": {"schemaFormat": PROTOBUF, "schema": definition(file, name)},
        "bindings": {"kafka": {"key": {"type": "string", "description": key[1]}, **KAFKA}},
    }


def event_channel(file: FileDescriptorProto) -> Json:
    """A service's topic: it is named as the package."""
    names = [f"{file.package}.{event.name}" for event in roots(file)]
    return {
        "address": file.package,
        "title": f"Events of {service_of(file.package)}",
        "description": described(file),
        "messages": references("#/components/messages/", names),
        "bindings": {"kafka": {"topic": file.package, **KAFKA}},
    }


def bus_headers() -> Json:
    """The headers that the bus writes, in its order; every record has them but the label of a record set."""
    always = [name for name, _ in headers_of(Stamped(0, 1, "", "", b"", 0, ""), b"")]
    return {
        "type": "object",
        "required": always,
        "properties": {name: HEADERS[name] for name in [*always, SET]},
    }


# -- who emits, who reads -------------------------------------------------------------------------------------------


def operations(files: Any) -> Iterator[tuple[str, Json]]:
    """What each service emits and reads, topic by topic."""
    for file in files:
        service = service_of(file.package)
        words = wire_words(service)
        sent = [f"{file.package}.{event.name}" for event in roots(file) if event.name in words]
        yield f"{service}.send", operation("send", service, file.package, sent)
    for service, handlers in HANDLERS.items():
        read = handlers()
        if inbound.INBOUND in read:
            yield (
                f"{service}.receive.{INBOUND}",
                operation("receive", service, INBOUND, list(inbound_channel()["messages"])),
            )
        for file in files:
            names = [name for name in events(file) if name in read]
            if names:
                yield f"{service}.receive.{file.package}", operation("receive", service, file.package, names)


def operation(action: str, service: str, channel: str, names: list[str]) -> Json:
    """One service's part in one topic."""
    at = f"#/channels/{channel}"
    return {
        "action": action,
        "channel": {"$ref": at},
        "title": f"{service} {'emits' if action == 'send' else 'reads'}",
        "tags": [{"name": service}],
        "messages": list(references(f"{at}/messages/", names).values()),
    }


def wire_words(service: str) -> set[str]:
    """All words of the modules of a service that touch protobuf: the messages it emits are among them."""
    package = Path(str(import_module(f"{service}_service").__file__)).parent
    sources = [*package.glob("wire.py"), *package.glob("wire/*.py")]
    return {word for source in sources for word in re.findall(r"\w+", source.read_text(encoding="utf-8"))}


def service_of(package: str) -> str:
    """The service whose events are in this package."""
    return package.split(".")[1]


def references(at: str, names: list[str]) -> dict[str, Json]:
    """References by name."""
    return {name: {"$ref": at + name} for name in names}


if __name__ == "__main__":
    main()
