#!/usr/bin/env bash
# Installs every member alone, with only what it declares, and imports all of its modules: a shared environment would
# hide an undeclared import. Then, in a second environment with the tools of tests, runs its tests that need no server.
# With an argument: that member only, such as `scripts/isolated.sh libs/vocabulary`.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PATH:$PWD/.tools/bin"
cache=$PWD/.creditloop/cache/isolated
constraints=$cache/constraints.txt

if [ $# -eq 0 ]; then
    mkdir -p "$cache"
    grep -E '^[][A-Za-z0-9_.-]+==' requirements.lock | sed 's/ *\\$//' >"$constraints"
    printf '%s\n' services/* libs/* | xargs -P "${JOBS:-2}" -n 1 "$0"
    exit
fi

# Fills the environment anew when what decides its contents has changed, and only then.
fill() {
    local home=$1 stamp
    shift
    stamp=$(cat requirements.lock libs/*/pyproject.toml "$member/pyproject.toml" scripts/isolated.sh | sha256sum)
    [ "$(cat "$home/stamp" 2>/dev/null)" != "$stamp" ] || return 0
    uv venv --quiet --clear --python .venv/bin/python "$home"
    uv pip install --quiet --python "$home/bin/python" --constraint "$constraints" "$@"
    echo "$stamp" >"$home/stamp"
}

import_all() {
    "$1/bin/python" -W error::ImportWarning - "$(ls "$member/src")" <<'PY'
import importlib, pkgutil, sys

package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    if not module.name.endswith(("__main__", "pytest_plugin")):
        importlib.import_module(module.name)
PY
}

member=${1%/}
name=$(basename "$member")
alone=$cache/$name
tested=$cache/$name-tests
fill "$alone" --editable "$member"
import_all "$alone"
group=()
grep -q '^test = ' "$member/pyproject.toml" && group=(--group "$member/pyproject.toml:test")
fill "$tested" --editable "$member" --editable libs/localstack "${group[@]}" \
    hypothesis pytest pytest-asyncio pytest-timeout
told=$(PYTHONPATH=scripts "$tested/bin/python" -m pytest "$member/tests" --confcutdir "$member" -p pure_tests \
    -p no:cacheprovider -q) || [ $? -eq 5 ] || { echo "$told"; exit 1; }
echo "$name: every module imports with only what it declares; $(tail -n 1 <<<"$told")"
