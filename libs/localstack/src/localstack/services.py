"""The six services and the console as processes: their commands, their environment, their addresses."""

import json
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from localstack.layout import Layout
from localstack.ports import HOST, free_ports, is_free
from localstack.record import Kind, ProcessRecord

SERVICES = ("ingestion", "profiling", "classification", "sampling", "repair", "notification")
CONSOLE = "console"
PROCESSES = (*SERVICES, CONSOLE)
"""What runs beside the servers, each with a database of its own; the console has no topic and no books."""

INBOUND_TOPIC = "creditloop.inbound.v1"

ServiceEnvironment = Callable[[str, Path], Mapping[str, str]]
"""Given a service's name and the stack's state folder: variables to add to, or replace, the usual ones.

It runs before any service starts, so it is also where files they need are made, such as the issuer's keys.
"""


def nothing_more(_service: str, _state: Path) -> Mapping[str, str]:
    """The usual environment is enough."""
    return {}


def topics() -> list[str]:
    """The topic facts come in by, and the topic each service publishes to."""
    return [INBOUND_TOPIC, *(f"creditloop.{service}.v1" for service in SERVICES)]


def remember_ports(known: Mapping[str, int], running: Collection[str] = ()) -> dict[str, int]:
    """A port for each process: its own while it runs, that of last time while it is free, else a new one."""
    kept = {name: port for name, port in known.items() if name in running or is_free(port)}
    fresh = dict(zip(PROCESSES, free_ports(len(PROCESSES)), strict=True))
    return {name: kept.get(name, fresh[name]) for name in PROCESSES}


@dataclass(frozen=True)
class Surroundings:
    """What every service of a stack is told."""

    layout: Layout
    kafka: str
    databases: Mapping[str, str]
    ports: Mapping[str, int]
    more: ServiceEnvironment

    def urls(self) -> dict[str, str]:
        """Each process's base URL."""
        return {name: f"http://{HOST}:{port}" for name, port in self.ports.items()}

    def process(self, name: str) -> ProcessRecord:
        """The process of this name, not yet started."""
        url = self.urls()[name]
        return ProcessRecord(
            name=name,
            kind=Kind.SERVICE,
            command=(sys.executable, "-m", f"{name}_service.main"),
            address=url,
            health=f"{url}/health/ready",
            log=str(self.layout.log_file(name)),
            environment=self.environment(name),
        )

    def environment(self, name: str) -> dict[str, str]:
        """The variables one process is configured by."""
        state, urls = self.layout.state, self.urls()
        usual = {
            "CREDITLOOP_SERVICE": name,
            "DATABASE_URL": self.databases[name],
            "KAFKA_BOOTSTRAP_SERVERS": self.kafka,
            "HTTP_HOST": HOST,
            "HTTP_PORT": str(self.ports[name]),
            "IDENTITY_JWKS_FILE": str(state / "identity" / "jwks.json"),
            "STATE_DIR": str(state),
            "FILES_DIR": str(state / "files"),
            "SNAPSHOTS_DIR": str(state / "snapshots"),
            "RUNS_EACH_MONTH": "false",  # a demo's days are its own
            "TELEMETRY_SPANS_FILE": str(state / "spans" / f"{name}.jsonl"),
            "NOTIFICATION_OUTBOX_DIR": str(state / "outbox"),
            "SERVICE_URLS": json.dumps({service: urls[service] for service in SERVICES}),
            "PYTHONUNBUFFERED": "1",
        }
        return {**usual, **self.more(name, state)}
