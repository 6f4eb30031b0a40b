#!/bin/sh
# Usage: campaign.sh NAME [ARGUMENTS…]
#   kills [N]         kill the command N times (10000) at random points of its commits
#   cuts [N]          cut the power of a disk N times (2000) under the command, and N / 4
#                     times under re-keys and re-issues; as root
#   io                make every system call fail with EIO, with ENOSPC, or be the last
#   flips             flip every bit of a log, of an export, of a receipt
#   model             explore the commit protocol further, hold all of the code against it
#   subsets           every subset: sizes up to 6; a re-key from and to each up to 5
#   years [N]         live N lives of ten years (1000), each from a seed of its own
#   paper [N]         print, spoil and scan N sheets (1000)
#   fuzz [SECONDS]    libFuzzer on every parser, SECONDS each (3600)
#   tidy              clang-tidy over the sources
# What takes too long for every run. Exits 0 if nothing was found.
set -eu
cd "$(dirname "$0")/.."

built() {
    cmake --preset "$1" >/dev/null
    cmake --build --preset "$1"
}

kills() {
    built release
    python3 tests/fault/kills.py build/bin/quorate "${1:-10000}"
}

cuts() {
    built release
    python3 tests/fault/cuts.py build/bin/quorate "${1:-2000}"
    python3 tests/fault/renewal_cuts.py build/bin/quorate "$((${1:-2000} / 4))"
}

io() {
    built release
    python3 tests/fault/io.py build/bin/quorate 1
}

flips() {
    built release
    sh tests/attack/with_nacl.sh tests/attack/bits.py build/bin/quorate \
        build/tests/attack/verify_driver 1
    sh tests/attack/with_nacl.sh tests/attack/export_bits.py build/bin/quorate 1
    sh tests/interop/with_nacl.sh tests/interop/flips.py 1
}

model() {
    built release
    model=build/tests/model/commit_model
    "$model" --row 4 --texts 7 --puts 0
    "$model" --row 4 --texts 5 --puts 0 --cosign 1
    "$model" --row 2 --texts 3 --puts 1 --cosign 1
    "$model" --row 3 --texts 4 --puts 1
    "$model" --row 3 --texts 4 --puts 1 --stray
    "$model" --row 2 --texts 3 --copies 2 --puts 2
    "$model" --row 4 --texts 5 --puts 0 --cosign 1 --renames
    python3 tests/model/replay.py "$model" build/tests/model/log_driver 1
    python3 tests/model/replay.py "$model" build/tests/model/log_driver 1 --renames
}

subsets() {
    built release
    build/tests/property/test_quorums 6
    build/tests/property/test_rekeyed 5 5
}

years() {
    built release
    python3 -B tests/years/years.py build/bin/quorate build/tests/years/libbefall.so \
        --jobs "$(nproc)" --seeds "1-${1:-1000}"
}

paper() {
    built release
    python3 tests/paper/trials.py build/bin/paper_tool "${1:-1000}"
}

fuzz() {
    built fuzz
    for program in build-fuzz/tests/fuzz/fuzz_*; do
        [ -x "$program" ] && [ -f "$program" ] || continue
        name=${program##*/fuzz_}
        # What is found new goes beside the build; the committed corpus is only read.
        mkdir -p "build-fuzz/found/$name"
        "$program" -max_total_time="${1:-3600}" -artifact_prefix="build-fuzz/found/$name-" \
            "build-fuzz/found/$name" "tests/fuzz/corpus/$name"
    done
}

tidy() {
    cmake --preset clang >/dev/null
    find src -name '*.c' -exec clang-tidy --quiet -p build-clang --warnings-as-errors='*' {} +
}

case "${1:-}" in
kills | cuts | io | flips | model | subsets | years | paper | fuzz | tidy) "$@" ;;
*)
    sed -n '2,/^# What/s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
