#!/usr/bin/env bash
# Every gate, in order of speed; the first that fails names itself.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"

gate() {
    local name=$1
    shift
    local started=$SECONDS
    if ! "$@" >"$log" 2>&1; then
        cat "$log"
        echo "check: $name failed" >&2
        exit 1
    fi
    printf 'check: %-34s ok %3d s\n' "$name" "$((SECONDS - started))"
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

generated_is_current() {
    local generated="libs/contracts/src docs/generated services/classification/src/classification_service/packs"
    local before after
    before=$(find $generated -type f 2>/dev/null | sort | xargs sha256sum)
    scripts/generate.sh
    after=$(find $generated -type f 2>/dev/null | sort | xargs sha256sum)
    [ "$before" = "$after" ] || { echo "generated files differ from their sources: commit what 'make generate' makes"; return 1; }
}
buf_lint() { (cd proto && buf lint && buf format --diff --exit-code); }
buf_breaking() { (cd proto && buf breaking --against golden/released.binpb); }
deptry_members() {
    local member packages=""
    for member in libs/*/ services/*/; do
        packages+="creditloop-$(basename "$member")=$(ls "$member/src"),"
    done
    for member in libs/*/ services/*/; do
        (cd "$member" && deptry src --no-ansi --package-module-name-map "${packages%,},protobuf=google") ||
            { echo "deptry: $member"; return 1; }
    done
}

gate "ruff format" ruff format --check .
gate "ruff" ruff check .
gate "buf lint and format" buf_lint
gate "buf breaking" buf_breaking
gate "generated files are current" generated_is_current
gate "import-linter" lint-imports
gate "deptry" deptry_members
gate "lock files are current" python scripts/locks.py
gate "mypy strict" mypy libs/*/src services/*/src
gate "the console's page" npm --silent --prefix services/console/web run check
gate "members in isolation" scripts/isolated.sh
