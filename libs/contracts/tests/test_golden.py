"""Every event shape ever published must decode for ever."""

import pathlib
from importlib import import_module

import pytest
from google.protobuf import json_format

GOLDEN = pathlib.Path(__file__).resolve().parents[3] / "proto" / "golden"
SHAPES = sorted(path.stem for path in GOLDEN.glob("*.json"))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_published_event_still_means_what_it_meant(shape: str) -> None:
    """Kafka keeps old records, and a replay reads them with today's code."""
    package, _, name = shape.rpartition(".")
    module = import_module(f"contracts.{package.split('.')[1]}.v1_pb2")

    message = getattr(module, name.partition("-")[0]).FromString((GOLDEN / f"{shape}.bin").read_bytes())

    assert (
        json_format.MessageToJson(message, preserving_proto_field_name=True) + "\n"
        == (GOLDEN / f"{shape}.json").read_text()
    )


def test_every_event_has_a_golden_file() -> None:
    """A new event without one could change its meaning unnoticed."""
    services = ("ingestion", "profiling", "classification", "sampling", "repair", "notification")

    messages = {
        f"creditloop.{service}.v1.{name}"
        for service in services
        for name in import_module(f"contracts.{service}.v1_pb2").DESCRIPTOR.message_types_by_name
    }

    assert messages == {shape.partition("-")[0] for shape in SHAPES}


def test_every_member_of_fact_accepted_has_a_golden_file() -> None:
    """One example holds one member of a oneof only; the number of another could change unnoticed."""
    data = import_module("contracts.ingestion.v1_pb2").FactAccepted.DESCRIPTOR.oneofs_by_name["data"]

    missing = {f"creditloop.ingestion.v1.FactAccepted-{field.name}" for field in data.fields} - set(SHAPES)

    assert missing == set()
