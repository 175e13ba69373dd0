"""PostgreSQL, Kafka and the services as local processes, for demo, tests and bench alike."""

from localstack.errors import (
    LocalStackError,
    NotRunning,
    PrerequisiteMissing,
    StartFailed,
    UnknownProcess,
    WrongName,
)
from localstack.stack import Stack
from localstack.status import ProcessStatus

__all__ = [
    "LocalStackError",
    "NotRunning",
    "PrerequisiteMissing",
    "ProcessStatus",
    "Stack",
    "StartFailed",
    "UnknownProcess",
    "WrongName",
]
