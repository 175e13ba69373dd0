"""The city as one set, measured by classification itself over a fictional city, in a database of its own."""

import asyncio
import json
import os
import sys
from typing import Any, NamedTuple

from localstack import Stack
from localstack.kafka import topics
from localstack.postgres import databases

from creditloop_cli.errors import Refused
from creditloop_cli.output import say

_DATABASE = "classification_reclassify"
_TOPIC = "creditloop.classification.v1"
_PARTITIONS = 4


class Plan(NamedTuple):
    """How large the city and the country are."""

    entities: int
    national: int
    seed: int


async def measure(stack: Stack, plan: Plan) -> dict[str, Any]:
    """The figures; the stack's servers run meanwhile, and its services do not.

    Raises:
        Refused: The measurement itself failed.
    """
    await stack.up(services=False, progress=say)
    await databases.create(stack.admin_database_url, _DATABASE)
    try:
        await topics.create(stack.kafka, [_TOPIC], partitions=_PARTITIONS)
        return await _measured(stack, plan)
    finally:
        await databases.drop(stack.admin_database_url, _DATABASE)


async def _measured(stack: Stack, plan: Plan) -> dict[str, Any]:
    """What the service says: it alone knows its models and tables."""
    folder = stack.layout.state / "reclassify"
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "DATABASE_URL": databases.url_of(stack.admin_database_url, _DATABASE),
        "KAFKA_BOOTSTRAP_SERVERS": stack.kafka,
        "SNAPSHOTS_DIR": str(folder),
    }
    asked = (f"--{name}={number}" for name, number in plan._asdict().items())
    command = (sys.executable, "-m", "classification_service.reclassify", *asked)
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    if process.returncode or not said:
        raise Refused(f"the measurement failed with code {process.returncode}; it says why above")
    found: dict[str, Any] = json.loads(said)
    return found
