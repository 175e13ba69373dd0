"""Servers that are not ours: used, never started or stopped, where the environment gives their address."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_ASYNC_SCHEME = "postgresql+asyncpg://"


@dataclass(frozen=True)
class ExternalServers:
    """Addresses found in the environment.

    Attributes:
        kafka: `host:port[,host:port]` of KAFKA_BOOTSTRAP_SERVERS, or None.
        databases: By service, the URL of `<SERVICE>_DATABASE_URL`, for those that have one.
        admin: A superuser's URL from POSTGRES_ADMIN_URL, or None; only tests need one.
    """

    kafka: str | None
    databases: Mapping[str, str]
    admin: str | None

    def postgres_needed(self, services: Iterable[str]) -> bool:
        """Whether a server of ours is needed for some of the services."""
        return self.admin is None and any(service not in self.databases for service in services)


def external_servers(
    services: Iterable[str], environment: Mapping[str, str] | None = None
) -> ExternalServers:
    """What the environment (by default this process's own) says."""
    variables = os.environ if environment is None else environment
    given = {service: variables.get(f"{service.upper()}_DATABASE_URL") for service in services}
    return ExternalServers(
        kafka=variables.get("KAFKA_BOOTSTRAP_SERVERS") or None,
        databases={service: async_url(url) for service, url in given.items() if url},
        admin=variables.get("POSTGRES_ADMIN_URL") or None,
    )


def async_url(url: str) -> str:
    """The URL in the form SQLAlchemy's asynchronous engine takes."""
    return _ASYNC_SCHEME + url.partition("://")[2]
