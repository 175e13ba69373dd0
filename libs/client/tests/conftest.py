"""The tests' own helpers are importable; a fake service, as a real HTTP server, for each test."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from fake_ingestion import FakeIngestion


@pytest.fixture
def service() -> Iterator[FakeIngestion]:
    with FakeIngestion() as fake:
        yield fake
