"""The only reader of the environment and of rule data."""

import hashlib
from collections.abc import Sequence
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from httpapi import IdentitySettings
from pydantic import Field
from pydantic_settings import BaseSettings

from profiling_service.errors import InvalidPack
from profiling_service.rules import packs
from profiling_service.rules.agenda import agenda
from profiling_service.rules.profiles import RuleBook
from profiling_service.rules.sense import watched

PACKS = files("profiling_service").joinpath("packs")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MIGRATIONS = Path(__file__).parents[2] / "migrations"


class Settings(IdentitySettings, BaseSettings):
    """How the service is run; each is an environment variable of the same name in capitals.

    Attributes:
        cache_entities: Most entities kept in memory, about two kilobytes each with a dozen facts.
        batch_size: Most events applied in one transaction.
        business_day: The first business day of an empty database; today in Shanghai when absent.
    """

    database_url: str
    kafka_bootstrap_servers: str
    http_host: str = "127.0.0.1"
    http_port: int = 0
    telemetry_spans_file: Path | None = None
    otel_exporter_otlp_endpoint: str = ""
    telemetry_sample_ratio: float = Field(0.01, ge=0, le=1)
    partitions: int = Field(4, ge=1)
    cache_entities: int = Field(500_000, ge=1)
    batch_size: int = Field(4000, ge=1)
    business_day: date | None = None


def rule_book(folder: Traversable = PACKS) -> RuleBook:
    """The rule data of a folder; without one that this version ships with.

    Raises:
        InvalidPack: It contradicts itself.
    """
    forms = packs.forms(read_pack(folder, "facts"))
    catalogue = packs.catalogue(read_pack(folder, "positions"), _read_all(folder, "indicators"), forms)
    families = packs.signal_families(_read_all(folder, "signals"), catalogue, forms)
    looks = agenda(catalogue, forms, watched(families))
    return RuleBook(
        forms, catalogue, families, looks, _sha256(folder, ["facts.yaml"]), _sha256(folder, _RULES)
    )


_RULES = ("facts.yaml", "positions.yaml", "indicators", "signals")


def _sha256(folder: Traversable, names: Sequence[str]) -> str:
    """The hash of these files, and of all files of these folders."""
    hashed = hashlib.sha256()
    for entry in (folder.joinpath(name) for name in names):
        for file in sorted(entry.iterdir(), key=str) if entry.is_dir() else [entry]:
            hashed.update(file.read_bytes())
    return hashed.hexdigest()


def _read_all(folder: Traversable, name: str) -> list[Any]:
    """The packs of a folder in the order of their names."""
    return [_read(entry) for entry in sorted(folder.joinpath(name).iterdir(), key=str)]


def read_pack(folder: Traversable, name: str) -> Any:
    """A pack of a folder, parsed.

    Raises:
        InvalidPack: There is none, or it is no YAML.
    """
    return _read(folder.joinpath(f"{name}.yaml"))


def _read(entry: Traversable) -> Any:
    try:
        return yaml.load(entry.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except (OSError, yaml.YAMLError) as error:
        raise InvalidPack(f"{entry.name}: {error}") from error
