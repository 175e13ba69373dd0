"""Source systems that the local stack knows from its first start, and their API keys.

The keys are made once and kept in the stack's state, readable by their owner alone; ingestion is given only hashes.
"""

import json
import os
from pathlib import Path

from httpapi import api_key

from creditloop_cli.city.sources import CITY_SOURCES
from creditloop_cli.errors import NotUp

LOCAL_SOURCES = {
    **CITY_SOURCES,
    "registry": "Registry of the file loaded 登记机关（文件）",
    "chicago": "City of Chicago, food inspections (file)",
    "bench": "Load generator 压测",
    "curl": "Tried out by hand 手工试用",
}
KAFKA_SOURCES = frozenset({"bench", "curl"})
"""Sources whose facts are also taken from Kafka, where nobody proves who they are."""

_KEYS_FILE = "source-keys.json"
_BOOTSTRAP_FILE = "bootstrap-sources.json"


def bootstrap_file(state: Path) -> Path:
    """The file by which ingestion registers the local sources at its start; made anew from the keys kept."""
    keys = _keys(state)
    sources = [_source(name, owner, keys[name]) for name, owner in LOCAL_SOURCES.items()]
    path = _folder(state) / _BOOTSTRAP_FILE
    _write(path, sources, mode=0o644)
    return path


def source_key(state: Path, source: str) -> str:
    """The API key of a local source.

    Raises:
        NotUp: The stack has never been started, so no keys were made.
    """
    path = state / "identity" / _KEYS_FILE
    if not path.exists():
        raise NotUp(f"no key of source '{source}' in {state}: start the stack with `creditloop up`")
    found: dict[str, str] = json.loads(path.read_text())
    return found[source]


def _source(name: str, owner: str, key: str) -> dict[str, object]:
    secret = key.removeprefix(api_key.PREFIX).partition("_")[2]
    return {
        "name": name,
        "owner": owner,
        "fact_types": [],
        "kafka_enabled": name in KAFKA_SOURCES,
        "key_id": api_key.key_id_of(key),
        "key_hash": api_key.hash_of(secret).hex(),
    }


def _keys(state: Path) -> dict[str, str]:
    path = _folder(state) / _KEYS_FILE
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    keys = {name: kept.get(name) or api_key.new_key()[0] for name in LOCAL_SOURCES}
    if keys != kept:
        _write(path, keys, mode=0o600)
    return keys


def _folder(state: Path) -> Path:
    folder = state / "identity"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _write(path: Path, document: object, *, mode: int) -> None:
    """The file is there, whole, with this mode from the first byte on."""
    partial = path.with_suffix(f".{os.getpid()}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w") as file:
        json.dump(document, file, indent=1)
    partial.replace(path)
