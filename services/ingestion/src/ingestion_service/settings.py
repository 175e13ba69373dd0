"""The only reader of the environment."""

from pathlib import Path

from httpapi import IdentitySettings
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(IdentitySettings, BaseSettings):
    """How this process is configured; every name is an environment variable in capitals."""

    model_config = SettingsConfigDict(extra="ignore")

    database_url: str = Field(description="postgresql+asyncpg://…")
    kafka_bootstrap_servers: str
    http_host: str = "127.0.0.1"
    http_port: int = 8081
    telemetry_spans_file: Path | None = None
    otel_exporter_otlp_endpoint: str | None = None
    telemetry_sample_ratio: float = Field(0.01, ge=0, le=1)
    partitions: int = Field(4, ge=1)
    inbound_topic: str = "creditloop.inbound.v1"
    outgoing_topic: str = Field("", description="another topic than creditloop.ingestion.v1, for tests")
    consumer_group: str = Field("", description="another group than creditloop.ingestion, for tests")
    bootstrap_sources_file: Path | None = Field(
        None, description="JSON list of {name, owner, key_id, key_hash (hex), fact_types?, kafka_enabled?}"
    )
    writer_batch: int = Field(4000, ge=1, description="most facts of one transaction")
    writer_queue: int = Field(20_000, ge=1, description="most facts waiting for the writer")
    writer_queue_bytes: int = Field(
        64 * 1024 * 1024, ge=1, description="most bytes that the facts waiting for the writer came as"
    )
    writer_linger_ms: int = Field(3, ge=0, description="how long a small batch waits for company")
    writer_patience_s: float = Field(15.0, gt=0, description="how long one batch is tried again")
    future_tolerance_days: int = Field(
        1, ge=0, le=36_500, description="a fact further in the future is quarantined"
    )
    lookout_interval_s: float = Field(60.0, gt=0, description="how often sources are looked at for silence")
    join_interval_s: float = Field(
        5.0, gt=0, description="how often old codes are read anew and facts held under them released"
    )
    quality_timely_days: int = Field(
        7, ge=1, le=366, description="a fact that comes within so many days of occurring is timely"
    )
    files_dir: Path = Field(
        Path("files"),
        description="where uploaded files and their reports lie; shared by all processes of the service",
    )
    files_quota_bytes: int = Field(
        64 * 1024**3, ge=1, description="most bytes that a source's files may have together, as announced"
    )
    files_unfinished_days: int = Field(
        7, ge=1, le=3650, description="a file that is not all here so long after it was announced is deleted"
    )
    files_kept_days: int = Field(
        30, ge=1, le=3650, description="a file is deleted so long after its last job; its facts stay"
    )
    file_job_lease_s: float = Field(
        15.0, gt=0, description="how long a process may be silent before another takes its job over"
    )
