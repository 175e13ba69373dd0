"""Configuration: the only reader of the environment."""

import ipaddress
from pathlib import Path
from typing import Self

from httpapi import IdentityOptions, IdentitySettings
from httpapi.tokens import AUDIENCE
from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from console_service.rules.paths import SERVICES

_PAGE = Path(__file__).parent / "page"


class Settings(IdentitySettings, BaseSettings):
    """What the process is told by its environment.

    With `identity_issuer` people log in there, by `oidc_*`; without, by the built-in accounts, whose tokens the key in
    `state_dir` signs.
    """

    model_config = SettingsConfigDict(extra="ignore")

    database_url: str
    service_urls: dict[str, str] = Field(description="base URL of each of the six services")
    state_dir: Path | None = Field(None, description="its folder identity holds the built-in issuer's key")
    http_host: str = "127.0.0.1"
    http_port: int = 8000
    page_dir: Path = Field(_PAGE, description="the built page")
    cookie_secure: bool | None = Field(
        None,
        description="cookies by https only; unsaid, when browsers come so or others than this machine can",
    )
    trusted_proxies: tuple[str, ...] = Field(
        (), description="networks of proxies whose X-Forwarded-For is believed"
    )
    oidc_name: str = Field("统一身份认证", description="what the issuer is called on the login page")
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_redirect_base: str = Field("", description="the console's own base URL, as browsers know it")
    oidc_scopes: str = "openid profile"
    telemetry_spans_file: Path | None = None
    otel_exporter_otlp_endpoint: str | None = None
    telemetry_sample_ratio: float = Field(default=0.01, ge=0, le=1)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if missing := sorted(set(SERVICES) - self.service_urls.keys()):
            raise ValueError(f"SERVICE_URLS lacks {', '.join(missing)}")
        if self.identity_issuer is None and self.state_dir is None:
            raise ValueError("STATE_DIR is needed for built-in accounts, or IDENTITY_ISSUER for an issuer")
        if self.identity_issuer and not (self.oidc_client_id and self.oidc_redirect_base):
            raise ValueError("IDENTITY_ISSUER needs OIDC_CLIENT_ID and OIDC_REDIRECT_BASE")
        for network in self.trusted_proxies:
            ipaddress.ip_network(network)
        return self

    @property
    def secure_cookies(self) -> bool:
        """Whether browsers send our cookies by https only."""
        if self.cookie_secure is not None:
            return self.cookie_secure
        if self.oidc_redirect_base.startswith("https://"):
            return True
        return self.http_host not in {"127.0.0.1", "::1", "localhost"}

    @property
    def key_folder(self) -> Path:
        """Where the built-in issuer's key is."""
        if self.state_dir is None:
            raise ValueError("there is no STATE_DIR")
        return self.state_dir / "identity"

    @property
    def trusted(self) -> IdentityOptions:
        """Whose tokens are believed: the issuer's, or those this process signs itself."""
        if self.identity_issuer is not None:
            return self.model_copy(update={"identity_jwks_file": None}).identity
        claims = self.identity.claims
        return IdentityOptions(self.key_folder / "jwks.json", None, AUDIENCE, claims)
