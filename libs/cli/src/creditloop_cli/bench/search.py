"""Searching, measured by profiling itself over a fictional city, in a database of its own."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from localstack import Stack
from localstack.postgres import databases

from creditloop_cli.errors import Refused
from creditloop_cli.output import say

DATABASE = "profiling_search"


class Plan(NamedTuple):
    """How large the city is, and how often it is asked."""

    entities: int
    questions: int
    seed: int


async def measure(stack: Stack, plan: Plan) -> dict[str, Any]:
    """The figures; the stack's servers run meanwhile, and of its services those that did before.

    Raises:
        Refused: The measurement itself failed.
    """
    await stack.up(services=False, progress=say)
    async with _own(stack):
        return await _measured(stack, plan)


@asynccontextmanager
async def _own(stack: Stack) -> AsyncIterator[None]:
    """A database of which nothing is left: neither of this time, nor of one that was killed."""
    await databases.drop(stack.admin_database_url, DATABASE)
    try:
        await databases.create(stack.admin_database_url, DATABASE)
        yield
    finally:
        await databases.drop(stack.admin_database_url, DATABASE)


async def _measured(stack: Stack, plan: Plan) -> dict[str, Any]:
    """What the service says: it alone knows its tables."""
    environment = {**os.environ, "DATABASE_URL": databases.url_of(stack.admin_database_url, DATABASE)}
    asked = [f"--{name}={number}" for name, number in plan._asdict().items()]
    command = (sys.executable, "-m", "profiling_service.search_bench", *asked)
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    try:
        said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    if process.returncode or not said:
        raise Refused(f"the measurement failed with code {process.returncode}; it says why above")
    found: dict[str, Any] = json.loads(said)
    running = sorted(each.name for each in await stack.status() if each.pid)
    return found | {"ran": found["ran"] | {"stack": stack.layout.name, "processes_beside": running}}
