"""One running city for all end-to-end tests: `creditloop demo` on a stack of its own, smaller than the real demo."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from creditloop_cli.local import local_stack, staff_token
from httpapi.identity import Role

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(Path(__file__).parent))
STACK = "e2e"
ENTITIES = 2_000

Creditloop = Callable[..., subprocess.CompletedProcess[str]]


def run_creditloop(
    *arguments: str, check: bool = True, timeout_s: float = 300
) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does."""
    command = [str(Path(sys.executable).with_name("creditloop")), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=timeout_s, check=False)
    assert not check or done.returncode == 0, f"{arguments}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return done


@pytest.fixture(scope="session")
def creditloop() -> Creditloop:
    """The command, run as a user does; a failure shows what it said."""
    return run_creditloop


@pytest.fixture(scope="session")
def demo() -> Iterator[dict[str, Any]]:
    """What `creditloop demo --json` told; its stack runs until the tests end."""
    done = run_creditloop("demo", "--entities", str(ENTITIES), "--stack", STACK, "--json")
    yield json.loads(done.stdout)
    if os.environ.get("CREDITLOOP_KEEP_E2E") != "1":
        run_creditloop("down", "--stack", STACK, "--destroy")


@pytest.fixture(scope="session")
def state(demo: dict[str, Any]) -> Path:
    """The folder of the stack's state."""
    return local_stack(STACK).layout.state


@pytest.fixture
def staff(demo: dict[str, Any], state: Path) -> Iterator[Callable[[str, str], Any]]:
    """GET of a service as a city administrator: `staff("repair", "/v1/records")`."""
    token = staff_token(state, Role.CITY_ADMINISTRATOR)
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        yield lambda service, path: client.get(demo["urls"][service] + path).raise_for_status().json()


@pytest.fixture(scope="session")
def admin_url(demo: dict[str, Any]) -> str:
    """A superuser's connection to the stack's PostgreSQL."""
    return local_stack(STACK).admin_database_url


@pytest.fixture(scope="session")
def database(demo: dict[str, Any]) -> Callable[[str], str]:
    """The `postgresql://` address of a service's database."""
    return lambda service: local_stack(STACK).database_url(service).replace("+asyncpg", "")


@pytest.fixture(scope="session")
def kafka(demo: dict[str, Any]) -> str:
    """The broker of the stack."""
    return local_stack(STACK).kafka


@pytest.fixture(scope="session", autouse=True)
def _no_leftovers() -> None:
    """A stack that an interrupted run left is ended before it is used again."""
    stack = local_stack(STACK)
    if stack.layout.record_file.exists():
        asyncio.run(stack.destroy())
