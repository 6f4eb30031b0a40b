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

# failed WHAT: something other than a test has failed.
failed() {
    echo "FAILED: $1"
    echo "$1" >>"$reports/broken"
}

# build PRESET [NICE…]: configures and builds, a warning being an error; silent unless it fails.
build() {
    preset=$1
    shift
    echo "== $preset: build"
    if ! { cmake --preset "$preset" -DQUORATE_WERROR=ON && "$@" cmake --build --preset "$preset"; } \
        </dev/null >"$reports/$preset.log" 2>&1; then
        tail -n 100 "$reports/$preset.log"
        failed "the build of $preset"
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
    [ -s "$reports/$preset.xml" ] || failed "no report of the tests of $preset"
}

# The other two are built in the time that the released one's tests leave.
build release && ready=yes || ready=no
{ build clang nice -n 19 || true; build asan nice -n 19; } &
others=$!
[ $ready = no ] || check release
# What judges nothing that we build, or builds its own, is run once.
if wait $others; then check asan --label-exclude once; fi

echo
: >>"$reports/broken"
set -- "$reports"/*.xml
[ -f "$1" ] || set -- /dev/null
sh tests/tally.sh "$(wc -l <"$reports/broken")" "$@"
