#!/usr/bin/env bash
# Resolves every dependency of the workspace: versions and hashes, no addresses, so that an office installs from
# whatever mirror it has (docs/adr/0005). requirements.lock is for whoever works here; deploy/requirements.lock, the
# part of it that the services need, is for the image. scripts/locks.py, a gate of `make check`, compares both with
# what the members declare.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .tools/bin/uv)
export_lock() {
    local file=$1
    shift
    "$uv" export --quiet --frozen --no-emit-project --no-annotate --no-header --format requirements-txt "$@" --output-file "$file"
}
"$uv" lock --quiet
export_lock requirements.lock --all-packages --all-groups
services=()
for member in services/*/; do
    services+=(--package "creditloop-$(basename "$member")")
done
export_lock deploy/requirements.lock --no-default-groups "${services[@]}"
