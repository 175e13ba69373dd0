"""The only reader of the environment."""

from pathlib import Path

from httpapi import IdentitySettings
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(IdentitySettings, BaseSettings):
    """What the process is told by its environment."""

    model_config = SettingsConfigDict(extra="ignore")

    database_url: str
    kafka_bootstrap_servers: str
    http_host: str = "127.0.0.1"
    http_port: int = 8003
    telemetry_spans_file: Path | None = None
    otel_exporter_otlp_endpoint: str | None = None
    telemetry_sample_ratio: float = Field(default=0.01, ge=0, le=1)
    partitions: int = Field(default=4, ge=1)
    review_poll_s: float = Field(
        default=600.0, gt=0, description="how often the worker asks whether the day was reviewed"
    )
    heads_in_memory: int = Field(
        default=600_000, ge=1000, description="entities whose head is kept in memory"
    )
    runs_each_month: bool = Field(
        default=True, description="whether the monthly run begins by itself; else only when it is asked for"
    )
    snapshots_dir: Path = Field(
        Path("snapshots"),
        description="where snapshots of the city lie; shared by all processes of the service, kept for good",
    )
