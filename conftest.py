"""Fixtures every member's tests may use: PostgreSQL and Kafka, real and local."""

pytest_plugins = ["localstack.pytest_plugin"]
