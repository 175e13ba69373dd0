"""The stack's memory: which processes it started, and how to start them again."""

import os
import signal
from enum import StrEnum
from pathlib import Path

import msgspec

from localstack.layout import Layout


class Kind(StrEnum):
    """What a process is, so that it is cleaned up after and stopped in its own way."""

    POSTGRES = "postgres"
    KAFKA = "kafka"
    SERVICE = "service"


class ProcessRecord(msgspec.Struct, frozen=True):
    """One process as it was last started.

    Attributes:
        birth: The boot of the machine and the tick after it at which the process started; with the pid they name
            one process for ever, where a pid alone may be given to a stranger later. Empty without a /proc.
        created: Start of the process in seconds since 1970, as the system reported it then; a clock that is
            set moves it, so that it tells processes apart only where there is no birth.
        address: Where clients reach it: `host:port`, or a URL for a service.
        health: Where its health is asked: a postgresql, kafka or http URL.
        environment: Variables added to those inherited.
    """

    name: str
    kind: Kind
    command: tuple[str, ...]
    address: str
    health: str
    log: str
    environment: dict[str, str] = {}
    pid: int = 0
    birth: str = ""
    created: float = 0.0

    @property
    def stop_signal(self) -> signal.Signals:
        """The polite end: PostgreSQL's fast shutdown is SIGINT (SIGTERM waits for clients to leave)."""
        return signal.SIGINT if self.kind is Kind.POSTGRES else signal.SIGTERM

    @property
    def stop_timeout_s(self) -> float:
        """How long the polite end may take; PostgreSQL writes a checkpoint first."""
        return 60.0 if self.kind is Kind.POSTGRES else 15.0


class PostgresRecord(msgspec.Struct, frozen=True):
    """What the PostgreSQL of a stack keeps from start to start."""

    data: str
    port: int
    password: str
    role_passwords: dict[str, str] = {}


class KafkaRecord(msgspec.Struct, frozen=True):
    """What the broker of a stack keeps from start to start."""

    cluster_id: str
    port: int
    controller_port: int


class StackRecord(msgspec.Struct):
    """Everything known of a stack; written after each change."""

    processes: dict[str, ProcessRecord] = {}
    postgres: PostgresRecord | None = None
    kafka: KafkaRecord | None = None
    service_ports: dict[str, int] = {}


def load(layout: Layout) -> StackRecord:
    """The record as last saved; empty for a stack never started."""
    try:
        return msgspec.json.decode(layout.record_file.read_bytes(), type=StackRecord)
    except FileNotFoundError:
        return StackRecord()


def save(layout: Layout, record: StackRecord) -> None:
    """The record is on disk, whole, readable by us alone: it holds passwords."""
    partial = layout.record_file.with_suffix(".partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(record), indent=2))
    Path(partial).replace(layout.record_file)
