"""Configuration and packs: the only reader of the environment and of files that come with the service."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import msgspec
from httpapi import IdentitySettings
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from repair_service.errors import RegimeFault
from repair_service.rules import Law, Phrases, Regime, law_of

_PACKS = Path(__file__).parent / "packs"
MIGRATIONS = Path(__file__).parents[2] / "migrations"


class Settings(IdentitySettings, BaseSettings):
    """What the process is told by its environment."""

    model_config = SettingsConfigDict(extra="ignore")

    database_url: str
    kafka_bootstrap_servers: str
    http_host: str = "127.0.0.1"
    http_port: int = 8005
    telemetry_spans_file: Path | None = None
    otel_exporter_otlp_endpoint: str | None = None
    telemetry_sample_ratio: float = Field(default=0.01, ge=0, le=1)
    partitions: int = Field(default=4, ge=1)


def load_law() -> Law:
    """The rule sets under `packs/regimes`.

    Raises:
        RegimeFault: One of them cannot be used.
    """
    return read_law(path.read_bytes() for path in sorted((_PACKS / "regimes").glob("*.yaml")))


def read_law(documents: Iterable[bytes]) -> Law:
    """The law made of these YAML documents, one rule set each.

    Raises:
        RegimeFault: A document cannot be read, or they do not make a law.
    """
    return law_of([_decoded(document, Regime) for document in documents])


def load_phrases() -> Phrases:
    """The wordings of `packs/guidance.yaml`.

    Raises:
        RegimeFault: It cannot be used.
    """
    return _decoded((_PACKS / "guidance.yaml").read_bytes(), Phrases)


_PACK = TypeVar("_PACK")


def _decoded(document: bytes, kind: type[_PACK]) -> _PACK:
    try:
        return msgspec.yaml.decode(document, type=kind)
    except msgspec.MsgspecError as error:
        raise RegimeFault(f"{kind.__name__} cannot be read: {error}") from error
