#!/usr/bin/env bash
# Builds the console's page (services/console/web) into the folder that the console serves; quick when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/../services/console/web"
page=../src/console_service/page

new_enough='const [major, minor] = process.versions.node.split(".").map(Number);
process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)'
if ! node -e "$new_enough" 2>/dev/null || ! command -v npm >/dev/null; then
    echo "creditloop's console needs Node.js 20.19, or 22.12 and newer, with npm: apt-get install nodejs npm (Debian 13 or newer)" >&2
    exit 3
fi

stamp() { sha256sum | cut -d " " -f 1; }

quietly() {
    local told
    told=$("$@" 2>&1) || { echo "$told" >&2; exit 1; }
}

packages=$(stamp <package-lock.json)
if [ "$(cat node_modules/.packages 2>/dev/null)" != "$packages" ]; then
    echo "setting up: the packages of the console's page"
    quietly npm ci --no-audit --no-fund
    echo "$packages" >node_modules/.packages
fi
made_of() {
    find . ../src/console_service/packs ../../../docs/generated \( -name node_modules -o -name generated -path "./src/*" \) -prune -o -type f \
        ! -name "*.md" ! -name "*.asyncapi.json" ! -name "*.tsbuildinfo" -print0 | LC_ALL=C sort -z | xargs -0 sha256sum
}
sources=$(made_of | stamp)
if [ "$(cat node_modules/.page 2>/dev/null)" != "$sources" ] || [ ! -f "$page/index.html" ]; then
    echo "setting up: the console's page"
    quietly npm run build
    echo "$sources" >node_modules/.page
fi
