#!/bin/sh
# Usage: tally.sh BROKEN REPORT…
# Counts the tests in ctest's JUnit reports; BROKEN more have failed elsewhere.
# Prints which failed, which were skipped, and `N passed, N failed`. A test that
# could not be started has failed. Exits 0 if some passed and none failed.
set -eu
broken=$1
shift
awk -v broken="$broken" '
function settle() {
    if (name == "") return
    if (status == "run") passed++
    else if (status == "disabled" || skipped) list(skips, name)
    else { failed++; list(fails, name) }
    name = ""
}
function list(names, name) {
    if (!((names[0] " ") ~ (" " name " "))) names[0] = names[0] " " name
}
/^[ \t]*<testcase name="/ {
    settle()
    split($0, part, "\"")
    name = part[2]; status = part[8]; skipped = 0
}
/^[ \t]*<skipped message="SKIP_RETURN_CODE=/ { skipped = 1 }
END {
    settle()
    failed += broken
    if (fails[0] != "") print "failed:" fails[0]
    if (skips[0] != "") print "skipped:" skips[0]
    printf "%d passed, %d failed\n", passed, failed
    exit !(passed > 0 && failed == 0)
}' "$@" </dev/null
