"""Sources and keys that a local stack brings along, so that its demo and bench may send at once."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from ingestion_service.errors import NameTaken
from ingestion_service.model.source import ApiKey, NewSource, Signature
from ingestion_service.ports.sources import Register


class BootstrapSource(msgspec.Struct, forbid_unknown_fields=True):
    """One entry of the file; `key_hash` is the SHA-256 of the key's secret in hexadecimal."""

    name: str
    key_id: str
    key_hash: str
    owner: str = "local"
    fact_types: list[str] = []
    kafka_enabled: bool = False


async def load_sources(path: Path, register: Register) -> None:
    """Every source of the file is registered with its key; those that are already stay as they are.

    Raises:
        msgspec.ValidationError: The file is not as `BootstrapSource` tells.
    """
    by = Signature("bootstrap", datetime.now(UTC))
    for entry in await asyncio.to_thread(_read, path):
        source = NewSource(entry.name, entry.owner, frozenset(entry.fact_types), entry.kafka_enabled)
        with suppress(NameTaken):
            await register.add(source, by)
        secret_hash = bytes.fromhex(entry.key_hash)
        await register.add_key(ApiKey(entry.key_id, entry.name, secret_hash, by.at), by)


def _read(path: Path) -> list[BootstrapSource]:
    return msgspec.json.decode(path.read_bytes(), type=list[BootstrapSource])
