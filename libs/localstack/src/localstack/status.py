"""How each process of a stack is doing."""

import asyncio
import time

import msgspec

from localstack import process
from localstack.external import ExternalServers
from localstack.health import is_healthy
from localstack.record import ProcessRecord, StackRecord


class ProcessStatus(msgspec.Struct, frozen=True):
    """One process now.

    Attributes:
        pid: None for a server that is not ours, or a process that ended.
        health: `ready`, `unready` (runs but does not answer as it should), or `dead`.
        uptime_s: Seconds since its start; None where pid is None.
        log: Its log file; empty for a server that is not ours.
    """

    name: str
    pid: int | None
    address: str
    health: str
    uptime_s: float | None
    log: str


async def statuses(record: StackRecord, external: ExternalServers) -> list[ProcessStatus]:
    """The state of every process started, and of the external servers in use."""
    ours = [_ours(each) for each in record.processes.values()]
    others = [_external_kafka(external.kafka)] if external.kafka else []
    return list(await asyncio.gather(*ours, *others))


async def _ours(record: ProcessRecord) -> ProcessStatus:
    if not process.is_alive(record):
        return ProcessStatus(record.name, None, record.address, "dead", None, record.log)
    health = "ready" if await is_healthy(record.health) else "unready"
    uptime = round(time.time() - record.created, 1)
    return ProcessStatus(record.name, record.pid, record.address, health, uptime, record.log)


async def _external_kafka(bootstrap: str) -> ProcessStatus:
    health = "ready" if await is_healthy(f"kafka://{bootstrap}") else "unready"
    return ProcessStatus("kafka (external)", None, bootstrap, health, None, "")
