#!/usr/bin/env bash
# Generates libs/contracts from proto/; docs/generated from proto/, ingestion's schemas, the services' HTTP edges, their
# consumers, the indicators, the families of signals and the risk models; and classification's copy of the indicators.
# `make check` runs it and fails when what is committed differs.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
out=libs/contracts/src/contracts
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for service in ingestion profiling classification sampling repair notification; do
    mkdir -p "$tmp/in/contracts/$service"
    cp "proto/creditloop/$service/v1/events.proto" "$tmp/in/contracts/$service/v1.proto"
done
python -m grpc_tools.protoc -I "$tmp/in" --python_out="$tmp" --mypy_out="quiet:$tmp" \
    --include_source_info --descriptor_set_out="$tmp/events.binpb" "$tmp"/in/contracts/*/v1.proto
for service in ingestion profiling classification sampling repair notification; do
    mkdir -p "$out/$service"
    cp "$tmp/contracts/$service"/v1_pb2.py "$tmp/contracts/$service"/v1_pb2.pyi "$out/$service/"
    printf '"""Generated protobuf of the %s events."""\n' "$service" > "$out/$service/__init__.py"
done
python scripts/document_http.py "$tmp/generated"
python scripts/document_indicators.py "$tmp/generated"
python scripts/document_signals.py "$tmp/generated"
python scripts/document_models.py "$tmp/generated"
python scripts/document_events.py "$tmp/events.binpb" >"$tmp/generated/events.md"
python scripts/document_facts.py >"$tmp/generated/fact-types.md"
python scripts/document_asyncapi.py "$tmp/events.binpb" >"$tmp/generated/creditloop.asyncapi.json"
rm -rf docs/generated
cp -r "$tmp/generated" docs/generated
