#!/usr/bin/env bash
# Installs every member alone, with only what it declares, and imports all of its modules and runs its pure tests:
# a shared environment would hide an undeclared import.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .tools/bin/uv)
constraints=$(mktemp)
trap 'rm -f "$constraints"' EXIT
grep -E '^[][A-Za-z0-9_.-]+==' requirements.lock | sed 's/ *\\$//' >"$constraints"
for member in libs/*/ services/*/; do
    name=$(basename "$member")
    home=.creditloop/cache/isolated/$name
    [ -x "$home/bin/python" ] || "$uv" venv --quiet --python .venv/bin/python "$home"
    "$uv" pip install --quiet --python "$home/bin/python" --constraint "$constraints" --editable "$member"
    package=$(ls "$member/src")
    "$home/bin/python" -W error::ImportWarning - "$package" <<'PY'
import importlib, pkgutil, sys

package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not module.name.endswith(("__main__", "pytest_plugin")):
        importlib.import_module(module.name)
PY
    echo "$name: every module imports with only what it declares"
done
