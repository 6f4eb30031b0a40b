#!/bin/sh
# Usage: cppcheck.sh ROOT
# cppcheck has nothing to say against src, and sees a planted fault.
set -eu
if ! command -v cppcheck >/dev/null; then
    echo "skipped: no cppcheck (package cppcheck)"
    exit 77
fi
check() {
    cppcheck -q -j2 --enable=warning,performance,portability --std=c11 --inline-suppr \
        --suppress=missingIncludeSystem --error-exitcode=1 -D_GNU_SOURCE "$@"
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo 'int f(void); int f(void) { int a[2] = {0, 1}; return a[2]; }' >"$work/planted.c"
if check "$work/planted.c" 2>/dev/null; then
    echo "FAILED: a planted fault is not seen"
    exit 1
fi
check -I"$1/include" -I"$1/src" "$1/src"
