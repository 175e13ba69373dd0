#!/usr/bin/env bash
# Every test of the project, on real PostgreSQL and Kafka, which it starts and ends itself, and in a real browser.
# With arguments: only what they name, such as `scripts/test.sh services/repair -k draw`.
set -euo pipefail
cd "$(dirname "$0")/.."
.venv/bin/python -m localstack up --stack test --no-services
trap '.venv/bin/python -m localstack down --stack test >/dev/null' EXIT
if [ $# -gt 0 ]; then
    .venv/bin/pytest "$@"
    exit
fi
.venv/bin/pytest libs services --numprocesses 2 --dist loadfile
.venv/bin/python -m localstack down --stack test >/dev/null
npm --silent --prefix services/console/web test
scripts/browser.sh
.venv/bin/pytest tests-e2e --timeout 600
