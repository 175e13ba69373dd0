"""Reads what is shipped with the service as data: `packs/examples.json`, one example of every type of fact."""

from collections.abc import Mapping
from importlib import resources
from typing import Any

import msgspec

Examples = Mapping[str, Mapping[str, Any]]


def shipped_examples() -> Examples:
    """What a fact of each type might say: its data, by CloudEvents type."""
    found = resources.files("ingestion_service") / "packs" / "examples.json"
    return msgspec.json.decode(found.read_bytes(), type=dict[str, dict[str, Any]])
