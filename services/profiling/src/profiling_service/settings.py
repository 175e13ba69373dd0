"""The only reader of the environment and of rule data."""

from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from httpapi import IdentitySettings
from pydantic import Field
from pydantic_settings import BaseSettings

from profiling_service.rules import packs
from profiling_service.rules.profiles import RuleBook

MIGRATIONS = Path(__file__).parents[2] / "migrations"


class Settings(IdentitySettings, BaseSettings):
    """How the service is run; each is an environment variable of the same name in capitals.

    Attributes:
        cache_entities: Most entities kept in memory, about three quarters of a kilobyte each.
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


def rule_book() -> RuleBook:
    """The rule data this version ships with.

    Raises:
        InvalidPack: It contradicts itself.
    """
    return RuleBook(packs.catalogue(_pack("catalogue")), packs.signal_families(_pack("signals")))


def _pack(name: str) -> Any:
    text = files("profiling_service").joinpath("packs", f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)
