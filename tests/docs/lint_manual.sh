#!/bin/sh
# lint_manual.sh PAGE: neither mandoc nor man has anything to say against it.
# Which other pages are installed here does not matter.
set -eu
if ! command -v mandoc >/dev/null; then
    echo "skipped: no mandoc (package mandoc)"
    exit 77
fi
said=$(mandoc -T lint "$1" 2>&1 | grep -v 'referenced manual not found\|outdated mandoc.db' || true)
if [ -n "$said" ]; then
    echo "$said" >&2
    exit 1
fi
if command -v man >/dev/null && man --version >/dev/null 2>&1; then
    said=$(man --warnings -l "$1" 2>&1 >/dev/null || true)
    if [ -n "$said" ]; then
        echo "$said" >&2
        exit 1
    fi
fi
