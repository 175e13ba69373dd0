#!/usr/bin/env bash
# Every test of the project, on real PostgreSQL and Kafka, which it starts and ends itself.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/python -m localstack up --stack test --no-services
trap '.venv/bin/python -m localstack down --stack test >/dev/null' EXIT
.venv/bin/pytest "$@"
