#!/bin/sh
# Usage: constant_time.sh SOURCE-DIR BUILD-DIR
# Compiles the split with gcc and clang at -O0 to -O3 and runs each under
# Memcheck with its secrets marked undefined: no report is allowed, and the
# control must be reported. Exits 77 (skipped) if valgrind is missing.
set -eu
source=$1 build=$2
if ! command -v valgrind >/dev/null || ! echo '#include <valgrind/memcheck.h>' |
    cc -E -x c - >/dev/null 2>&1; then
    echo "skipped: valgrind is not installed"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
table=$build/src/split/slip39_wordlist.c
ran=0
for compiler in gcc clang; do
    if ! command -v $compiler >/dev/null; then
        echo "$compiler is not installed: not tried"
        continue
    fi
    for level in 0 1 2 3; do
        $compiler -std=c17 -D_GNU_SOURCE -DQRT_CTIME_TEST -gdwarf-4 -O$level \
            -I"$source/include" -I"$source/src" \
            "$source"/tests/property/constant_time.c "$source"/src/split/*.c "$table" \
            "$source"/src/crypto/pbkdf2.c "$source"/src/base/err.c "$source"/src/base/harden.c \
            -lsodium -lnettle -lseccomp -o "$work/constant_time"
        if ! valgrind -q --error-exitcode=9 "$work/constant_time" >"$work/report" 2>&1; then
            echo "$compiler -O$level: reported"
            sed -n 1,60p "$work/report"
            exit 1
        fi
        status=0
        valgrind -q --error-exitcode=9 "$work/constant_time" control >/dev/null 2>&1 || status=$?
        if [ $status -ne 9 ]; then
            echo "$compiler -O$level: the control was not reported"
            exit 1
        fi
        echo "$compiler -O$level: no report; the control is reported"
        ran=$((ran + 1))
    done
done
[ $ran -gt 0 ]
