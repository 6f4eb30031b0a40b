#!/bin/sh
# Usage: sh tests/fuzz/campaign.sh SECONDS [DIRECTORY]
# Builds the fuzz preset and runs every target for that long, one after another,
# from the committed corpus; what is found new goes to DIRECTORY/NAME, or
# nowhere. A crash leaves its input in DIRECTORY (or here) and ends in exit 1.
# Prints a line a target: runs, edges covered, inputs that told something new.
set -eu
seconds=${1:?usage: sh tests/fuzz/campaign.sh SECONDS [DIRECTORY]}
kept=${2:-}
cd "$(dirname "$0")/../.."
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
printf '%-10s %10s %7s %7s\n' target runs edges new
for corpus in tests/fuzz/corpus/*/; do
    name=$(basename "$corpus")
    found=${kept:-$work}/$name
    mkdir -p "$found"
    status=0
    "build-fuzz/tests/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 \
        -print_final_stats=1 -artifact_prefix="${kept:-.}/$name-" "$found" "$corpus" \
        >"$work/log" 2>&1 || status=$?
    if [ $status -ne 0 ]; then
        failed=1
        echo "$name: FAILED"
        tail -40 "$work/log"
        continue
    fi
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")
    edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$work/log" | tail -n 1)
    printf '%-10s %10s %7s %7s\n' "$name" "$runs" "$edges" "$(find "$found" -type f | wc -l)"
done
exit $failed
