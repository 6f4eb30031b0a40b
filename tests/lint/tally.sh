#!/bin/sh
# The count of run.sh: what passed, what failed, what was skipped, and that a
# test which cannot even be started has failed.
set -eu
tally=$(cd "$(dirname "$0")/.." && pwd)/tally.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.25)
project(sample NONE)
enable_testing()
add_test(NAME good COMMAND true)
add_test(NAME bad COMMAND false)
add_test(NAME absent COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/absent)
add_test(NAME slow COMMAND sleep 9)
set_tests_properties(slow PROPERTIES TIMEOUT 1)
add_test(NAME waived COMMAND sh -c "exit 77")
set_tests_properties(waived PROPERTIES SKIP_RETURN_CODE 77)
END
cmake -G Ninja -S "$work" -B "$work/build" >/dev/null
ctest --test-dir "$work/build" --output-junit "$work/all.xml" >/dev/null 2>&1 || true
ctest --test-dir "$work/build" -R 'good|waived' --output-junit "$work/good.xml" >/dev/null 2>&1

# expect STATUS TEXT BROKEN REPORT…
expect() {
    wanted=$1 text=$2
    shift 2
    status=0
    said=$(sh "$tally" "$@") || status=$?
    if [ "$said" != "$text" ] || [ $status -ne "$wanted" ]; then
        printf 'FAILED: exit %s, not %s:\n%s\n-- not --\n%s\n' $status "$wanted" "$said" "$text"
        exit 1
    fi
}
expect 0 'skipped: waived
1 passed, 0 failed' 0 "$work/good.xml"
expect 1 'failed: bad absent slow
skipped: waived
2 passed, 3 failed' 0 "$work/all.xml" "$work/good.xml"
expect 1 'skipped: waived
1 passed, 1 failed' 1 "$work/good.xml"
expect 1 '0 passed, 0 failed' 0 /dev/null
echo "tally: as written"
