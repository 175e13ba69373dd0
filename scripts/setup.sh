#!/usr/bin/env bash
# Sets up .venv from requirements.lock. Installs uv into .tools when the machine has none.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v python3 >/dev/null; then
    echo "creditloop needs Python 3.11 or newer: apt-get install python3 python3-venv" >&2
    exit 3
fi
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "creditloop needs Python 3.11 or newer; $(python3 --version) is on the path" >&2
    exit 3
fi
uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    uv=.tools/bin/uv
    if [ ! -x "$uv" ]; then
        echo "setting up: uv"
        python3 -m venv .tools 2>/dev/null || {
            echo "creditloop needs Python's venv module: apt-get install python3-venv" >&2
            exit 3
        }
        .tools/bin/pip install --quiet --disable-pip-version-check uv
    fi
fi
[ -x .venv/bin/python ] || { echo "setting up: .venv"; "$uv" venv --quiet --python "$(command -v python3)" .venv; }
echo "setting up: Python packages"
"$uv" pip sync --quiet --python .venv/bin/python requirements.lock
