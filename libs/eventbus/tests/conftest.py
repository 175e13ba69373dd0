"""Makes the loop beside the tests importable, and gives one with databases and topics of its own."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from localstack.postgres import databases

sys.path.append(str(Path(__file__).parent))

from loop import Loop, prepare


@pytest.fixture
def loop(
    fresh_database: str, postgres_admin_url: str, kafka_bootstrap: str, fresh_topic: Callable[..., str]
) -> Iterator[Loop]:
    """An empty loop with two databases and two topics."""
    name = fresh_database.rpartition("/")[2] + "_up"
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, databases.create(postgres_admin_url, name)).result()
        upstream = databases.url_of(postgres_admin_url, name)
        thread.submit(asyncio.run, prepare(upstream)).result()
        thread.submit(asyncio.run, prepare(fresh_database)).result()
        yield Loop(
            upstream, fresh_database, kafka_bootstrap, fresh_topic(partitions=2), fresh_topic(partitions=2)
        )
        thread.submit(asyncio.run, databases.drop(postgres_admin_url, name)).result()
