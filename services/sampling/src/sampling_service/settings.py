"""The only reader of the environment."""

from pathlib import Path

from httpapi import IdentitySettings
from pydantic_settings import BaseSettings


class Settings(IdentitySettings, BaseSettings):
    """How one process of the service is configured; names are those of the environment in lower case."""

    database_url: str
    kafka_bootstrap_servers: str
    http_host: str = "127.0.0.1"
    http_port: int = 8004
    telemetry_spans_file: Path | None = None
    otel_exporter_otlp_endpoint: str | None = None
    telemetry_sample_ratio: float = 0.01
    partitions: int = 4
    service_urls: str = "{}"
