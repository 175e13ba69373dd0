"""The city as one set, measured by classification itself over a fictional city, in a database of its own."""

import asyncio
import json
import os
import shutil
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

from localstack import Stack
from localstack.kafka import topics
from localstack.postgres import databases

from creditloop_cli.bench.memory import Peak
from creditloop_cli.errors import Refused
from creditloop_cli.output import say

DATABASE = "classification_reclassify"
TOPIC = "creditloop.reclassify.v1"
"""Nobody reads it: what happens in the fictional city is told to no service of the stack."""
_PARTITIONS = 4


class Plan(NamedTuple):
    """How large the city and the country are."""

    entities: int
    national: int
    seed: int


async def measure(stack: Stack, plan: Plan) -> dict[str, Any]:
    """The figures; the stack's servers run meanwhile, and of its services those that did before.

    Raises:
        Refused: The measurement itself failed.
    """
    await stack.up(services=False, progress=say)
    folder = stack.layout.state / "reclassify"
    async with _own(stack, folder):
        return await _measured(stack, plan, folder)


@asynccontextmanager
async def _own(stack: Stack, folder: Path) -> AsyncIterator[None]:
    """A database, a topic and a folder, of which nothing is left: neither of this time, nor of one that was killed."""
    await _clear(stack, folder)
    try:
        await databases.create(stack.admin_database_url, DATABASE)
        await topics.create(stack.kafka, [TOPIC], partitions=_PARTITIONS)
        await asyncio.to_thread(folder.mkdir, parents=True)
        yield
    finally:
        await _clear(stack, folder)


async def _clear(stack: Stack, folder: Path) -> None:
    await databases.drop(stack.admin_database_url, DATABASE)
    await topics.delete(stack.kafka, TOPIC)
    shutil.rmtree(folder, ignore_errors=True)


async def _measured(stack: Stack, plan: Plan, folder: Path) -> dict[str, Any]:
    """What the service says: it alone knows its models and tables."""
    environment = {
        **os.environ,
        "DATABASE_URL": databases.url_of(stack.admin_database_url, DATABASE),
        "KAFKA_BOOTSTRAP_SERVERS": stack.kafka,
        "SNAPSHOTS_DIR": str(folder),
    }
    asked = [f"--{name}={number}" for name, number in plan._asdict().items()]
    command = (sys.executable, "-m", "classification_service.reclassify", f"--topic={TOPIC}", *asked)
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    running = {each.name: each.pid for each in await stack.status() if each.pid}
    peak = Peak()
    async with peak.watched([process.pid, *running.values()]):
        said = await _said(process)
    if process.returncode or not said:
        raise Refused(f"the measurement failed with code {process.returncode}; it says why above")
    found: dict[str, Any] = json.loads(said)
    beside = {"stack": stack.layout.name, "processes_beside": sorted(running)}
    return found | {"peak_rss_gb": round(peak.bytes / 2**30, 2), "ran": found["ran"] | beside}


async def _said(process: Process) -> bytes:
    """What it prints; it does not outlive who asked."""
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    return said
