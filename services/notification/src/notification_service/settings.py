"""How this process is configured: the only reader of the environment."""

from pathlib import Path

from httpapi import IdentitySettings
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(IdentitySettings, BaseSettings):
    """Environment variables, by their names in capitals.

    Whom to trust is in `IdentitySettings`.

    Attributes:
        database_url: `postgresql+asyncpg://…`; its role may create tables.
        kafka_bootstrap_servers: `host:port[,…]`.
        http_host: address to serve on.
        http_port: port to serve on.
        telemetry_spans_file: where to append spans as JSON lines.
        otel_exporter_otlp_endpoint: base URL of an OpenTelemetry collector.
        telemetry_sample_ratio: share of new traces recorded, 0 to 1.
        partitions: partitions of this service's topic.
        service_urls: JSON object of the other services' base URLs; none is called by this service.
        notification_outbox_dir: folder the letters are written into.
        allow_private_webhooks: webhooks may go to addresses that are not public: for one machine's own stack only.
        webhook_timeout_s: how long one webhook may take altogether.
        webhook_concurrency: most webhooks under way at once.
        letter_batch: most letters per transaction.
        letter_gather_s: seconds letters just planned wait for others, so that they are delivered together.
        lease_s: seconds until work claimed by a process that died is done by another.
        poll_s: seconds after which workers look for work though nobody woke them.
        retry_time_scale: multiplies every waiting time of `packs/retries.yaml`; 1 but for tests.
    """

    model_config = SettingsConfigDict(extra="ignore")

    database_url: str
    kafka_bootstrap_servers: str
    http_host: str = "127.0.0.1"
    http_port: int = 8086
    telemetry_spans_file: Path | None = None
    otel_exporter_otlp_endpoint: str | None = None
    telemetry_sample_ratio: float = 0.01
    partitions: int = 4
    service_urls: str = "{}"
    notification_outbox_dir: Path = Path("outbox")
    allow_private_webhooks: bool = False
    webhook_timeout_s: float = Field(default=10.0, gt=0)
    webhook_concurrency: int = Field(default=16, ge=1)
    letter_batch: int = Field(default=1000, ge=1)
    letter_gather_s: float = Field(default=0.5, ge=0)
    lease_s: float = Field(default=30.0, gt=0)
    poll_s: float = Field(default=1.0, gt=0)
    retry_time_scale: float = Field(default=1.0, gt=0)
