"""Real PostgreSQL and Kafka for tests: `pytest_plugins = ["localstack.pytest_plugin"]`.

All test runs of a checkout, also parallel ones, share the stack `test`. It is left running, so that the next
run starts at once; `localstack down --stack test` ends it, or CREDITLOOP_TEST_STACK_DOWN=1 after the run.
"""

import asyncio
import os
import uuid
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from localstack.kafka import topics
from localstack.postgres import databases
from localstack.stack import Stack

TEST_STACK = "test"


def _run(work: Coroutine[None, None, None]) -> None:
    """Done, whether or not the caller's thread has a running loop of its own."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, work).result()


def _unique(prefix: str) -> str:
    return f"{prefix}_{uuid.uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def local_test_stack() -> Iterator[Stack]:
    """The shared stack of PostgreSQL and Kafka, up."""
    stack = Stack(TEST_STACK)
    _run(stack.up(services=False))
    yield stack
    if os.environ.get("CREDITLOOP_TEST_STACK_DOWN") == "1":
        _run(stack.down())


@pytest.fixture(scope="session")
def postgres_admin_url(local_test_stack: Stack) -> str:
    """A superuser's `postgresql://` URL of a real server."""
    return local_test_stack.admin_database_url


@pytest.fixture(scope="session")
def kafka_bootstrap(local_test_stack: Stack) -> str:
    """`host:port` of a real broker."""
    return local_test_stack.kafka


@pytest.fixture
def fresh_database(postgres_admin_url: str) -> Iterator[str]:
    """The `postgresql+asyncpg://` URL of an empty database that is dropped afterwards."""
    name = _unique("fresh")
    _run(databases.create(postgres_admin_url, name))
    yield databases.url_of(postgres_admin_url, name)
    _run(databases.drop(postgres_admin_url, name))


@pytest.fixture
def fresh_topic(kafka_bootstrap: str) -> Iterator[Callable[..., str]]:
    """Call it, as `fresh_topic(partitions=4)`, for the name of a new topic that is deleted afterwards."""
    made: list[str] = []

    def make(*, partitions: int = 1) -> str:
        name = _unique("fresh")
        _run(topics.create(kafka_bootstrap, [name], partitions=partitions))
        made.append(name)
        return name

    yield make
    for name in made:
        _run(topics.delete(kafka_bootstrap, name))
