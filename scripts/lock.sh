#!/usr/bin/env bash
# Resolves every dependency of the workspace into requirements.lock: versions and hashes, no addresses,
# so that an office installs from whatever mirror it has (docs/adr/0005).
set -euo pipefail
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .tools/bin/uv)
"$uv" lock --quiet
"$uv" export --quiet --all-packages --all-groups --no-emit-project --no-annotate --no-header --format requirements-txt \
    --output-file requirements.lock
