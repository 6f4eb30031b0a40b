#!/bin/sh
# Usage: slip39_npm.sh TOOL
# A foreign implementation of SLIP-0039 combines our shares, and we combine
# its. Exits 77 (skipped) if node or the package cannot be had.
set -eu
tool=$1
here=$(dirname "$0")
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "skipped: node and npm are not installed"
    exit 77
fi
modules=$(mktemp -d)
trap 'rm -rf "$modules"' EXIT
if ! npm install --silent --no-fund --no-audit --prefix "$modules" slip39@0.1.9 \
    >"$modules/log" 2>&1; then
    echo "skipped: npm could not install slip39"
    exit 77
fi
node "$here/slip39_npm.js" "$modules/node_modules" "$tool"
