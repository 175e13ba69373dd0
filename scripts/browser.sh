#!/usr/bin/env bash
# The browser tests and the screenshots need Chromium and a font with Chinese characters: Debian's are installed where
# this may be done without asking, else what is missing is named.
set -euo pipefail
missing=()
command -v chromium >/dev/null || missing+=(chromium)
[ -n "$(fc-list :lang=zh 2>/dev/null)" ] || missing+=(fontconfig fonts-noto-cjk)
[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "the browser tests need a program or a font that is missing: apt-get install ${missing[*]}" >&2
    exit 3
fi
echo "setting up: ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"; } \
    >"$log" 2>&1 || { tail -n 20 "$log" >&2; exit 3; }
