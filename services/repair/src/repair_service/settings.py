"""Configuration and packs: the only reader of the environment and of files that come with the service."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from repair_service.rules import Law, Phrases, parse_law, parse_phrases

_PACKS = Path(__file__).parent / "packs"
MIGRATIONS = Path(__file__).parents[2] / "migrations"


class Settings(BaseSettings):
    """What the process is told by its environment."""

    model_config = SettingsConfigDict(extra="ignore")

    database_url: str
    kafka_bootstrap_servers: str
    http_host: str = "127.0.0.1"
    http_port: int = 8005
    identity_jwks_file: Path | None = None
    identity_issuer: str | None = None
    telemetry_spans_file: Path | None = None
    otel_exporter_otlp_endpoint: str | None = None
    telemetry_sample_ratio: float = Field(default=0.01, ge=0, le=1)
    partitions: int = Field(default=4, ge=1)


def load_law() -> Law:
    """The rule sets under `packs/regimes`.

    Raises:
        RegimeFault: One of them cannot be used.
    """
    return parse_law(path.read_bytes() for path in sorted((_PACKS / "regimes").glob("*.yaml")))


def load_phrases() -> Phrases:
    """The wordings of `packs/guidance.yaml`.

    Raises:
        RegimeFault: It cannot be used.
    """
    return parse_phrases((_PACKS / "guidance.yaml").read_bytes())
