"""A stack of our own for these tests, apart from the one other tests share."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator

import pytest
from localstack import Stack
from localstack.layout import layout
from localstack.services import ServiceEnvironment, nothing_more

ADDRESSES = ("KAFKA_BOOTSTRAP_SERVERS", "POSTGRES_ADMIN_URL", "INGESTION_DATABASE_URL")

OwnStack = Callable[..., Stack]


@pytest.fixture(scope="session")
def own_stack(tmp_path_factory: pytest.TempPathFactory) -> OwnStack:
    """Make a stack whose state is in a temporary folder; downloads still come from the repository's cache."""
    root = tmp_path_factory.mktemp("stacks")

    def make(name: str, *, kafka: str = "", environment: ServiceEnvironment = nothing_more) -> Stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CREDITLOOP_CACHE", str(layout("test").cache))
            patch.setenv("CREDITLOOP_STATE", str(root))
            for address in ADDRESSES:
                patch.delenv(address, raising=False)
            patch.setenv("KAFKA_BOOTSTRAP_SERVERS", kafka)
            return Stack(name, environment=environment)

    return make


@pytest.fixture(scope="session")
def servers(own_stack: OwnStack) -> Iterator[Stack]:
    """PostgreSQL and Kafka, up; deleted afterwards."""
    stack = own_stack("own")
    asyncio.run(stack.up(services=False))
    yield stack
    asyncio.run(stack.destroy())


@pytest.fixture
def eventually() -> Callable[[Callable[[], Awaitable[bool]]], Awaitable[None]]:
    """Wait for a condition, ten seconds at most."""

    async def wait(condition: Callable[[], Awaitable[bool]]) -> None:
        deadline = time.monotonic() + 10
        while not await condition():
            assert time.monotonic() < deadline, "the condition was never met"
            await asyncio.sleep(0.05)

    return wait
