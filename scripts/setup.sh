#!/usr/bin/env bash
# Sets up .venv from requirements.lock. Installs uv into .tools when the machine has none.
set -euo pipefail
cd "$(dirname "$0")/.."

# Of the python3 on the path the quickest: how an interpreter was built is worth half of the services' speed, and one
# that a version manager compiled without optimizations often comes first.
python=$(type -ap python3 | while read -r candidate; do
    "$candidate" -c 'import sys, timeit
if sys.version_info >= (3, 11):
    print(min(timeit.repeat("{str(i): (i,) for i in range(1000)}", number=100)), sys.executable)' 2>/dev/null || true
done | sort -g | head -n 1 | cut -d " " -f 2-) || true
if [ -z "$python" ]; then
    echo "creditloop needs Python 3.11 or newer: apt-get install python3 python3-venv" >&2
    exit 3
fi
uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    uv=.tools/bin/uv
    if [ ! -x "$uv" ]; then
        echo "setting up: uv"
        "$python" -m venv .tools 2>/dev/null || {
            echo "creditloop needs Python's venv module: apt-get install python3-venv" >&2
            exit 3
        }
        .tools/bin/pip install --quiet --disable-pip-version-check uv
    fi
fi
[ -x .venv/bin/python ] || { echo "setting up: .venv"; "$uv" venv --quiet --python "$python" .venv; }
echo "setting up: Python packages"
"$uv" pip sync --quiet --python .venv/bin/python requirements.lock
