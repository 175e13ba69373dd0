"""A pytest plugin: only tests that need no server are run."""

import pytest

SERVERS = {
    "local_test_stack",
    "postgres_admin_url",
    "kafka_bootstrap",
    "fresh_database",
    "fresh_topic",
    "servers",
}
"""Fixtures of `localstack.pytest_plugin`, and of localstack's own tests, that start one."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that ask for a server, directly or through another fixture, are left out."""
    needy = [item for item in items if SERVERS & set(getattr(item, "fixturenames", ()))]
    items[:] = [item for item in items if item not in needy]
    config.hook.pytest_deselected(items=needy)


@pytest.fixture(scope="session")
def postgres_admin_url() -> str:
    """For tests that choose their fixtures while they run."""
    pytest.skip("needs PostgreSQL")


@pytest.fixture(scope="session")
def kafka_bootstrap() -> str:
    """For tests that choose their fixtures while they run."""
    pytest.skip("needs Kafka")
