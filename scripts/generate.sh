#!/usr/bin/env bash
# Generates libs/contracts from proto/. `make check` runs it and fails when what is committed differs.
set -euo pipefail
cd "$(dirname "$0")/.."
out=libs/contracts/src/contracts
find "$out" -name '*_pb2.py*' -delete
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir -p "$tmp/in"
for service in ingestion profiling classification sampling repair notification; do
    mkdir -p "$tmp/in/contracts/$service"
    cp "proto/creditloop/$service/v1/events.proto" "$tmp/in/contracts/$service/v1.proto"
done
PATH="$PWD/.venv/bin:$PATH" .venv/bin/python -m grpc_tools.protoc -I "$tmp/in" --python_out="$tmp" --mypy_out="quiet:$tmp" "$tmp"/in/contracts/*/v1.proto
for service in ingestion profiling classification sampling repair notification; do
    mkdir -p "$out/$service"
    cp "$tmp/contracts/$service"/v1_pb2.py "$tmp/contracts/$service"/v1_pb2.pyi "$out/$service/"
    printf '"""Generated protobuf of the %s events."""\n' "$service" > "$out/$service/__init__.py"
done
