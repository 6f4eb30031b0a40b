#!/bin/sh
# Usage: run.sh
# Installs what is missing, builds, and runs every test: as released, and under
# the address and undefined-behaviour sanitizers. Builds once more with clang.
# A warning is an error. The last line is `N passed, N failed`; the line
# before it names what was skipped. Exits 0 if nothing failed.
set -eu
cd "$(dirname "$0")/.."
sh tests/install.sh build test
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT
broken=0

# build PRESET: configures and builds, a warning being an error; silent unless it fails.
build() {
    echo "== $1: build"
    if ! { cmake --preset "$1" -DQUORATE_WERROR=ON && cmake --build --preset "$1"; } \
        </dev/null >"$reports/build.log" 2>&1; then
        tail -n 100 "$reports/build.log"
        echo "FAILED: the build of $1"
        broken=$((broken + 1))
        return 1
    fi
}

# check PRESET OPTIONS…: runs its tests, and leaves a report to count from.
check() {
    preset=$1
    shift
    echo "== $preset: tests"
    # Many wait, for a printer or a terminal: one more than there are processors.
    ctest --preset "$preset" --parallel $(($(nproc) + 1)) \
        --output-junit "$reports/$preset.xml" "$@" </dev/null || true
    if [ ! -s "$reports/$preset.xml" ]; then
        echo "FAILED: no report of the tests of $preset"
        broken=$((broken + 1))
    fi
}

if build release; then check release; fi
# What judges nothing that we build, or builds its own, is run once.
if build asan; then check asan --label-exclude once; fi
build clang || true

echo
set -- "$reports"/*.xml
[ -f "$1" ] || set -- /dev/null
sh tests/tally.sh $broken "$@"
