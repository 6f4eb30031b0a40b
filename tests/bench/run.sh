#!/bin/sh
# Usage: sh tests/bench/run.sh
# Builds the release preset and prints one table of speed and memory: ours, the
# peer in the same run, their ratio, the bound, and whether it is kept. Exit 1 if
# one is not. Needs what `sh tests/install.sh build test bench` installs.
# Times are medians of whole processes in turn with their peer's, or
# the fastest of batches in one process; another load on the machine shows.
set -eu
cd "$(dirname "$0")/../.."
cmake --preset release >/dev/null
cmake --build --preset release >/dev/null
build=$PWD/build
bench=$build/tests/bench
quorate=$build/bin/quorate
work=$(mktemp -d)
memory=/dev/shm
[ -w "$memory" ] || memory=${TMPDIR:-/tmp}
memory=$(mktemp -d "$memory/quorate-bench-XXXXXX")
trap 'rm -rf "$work" "$memory"' EXIT
rows=$work/rows

# row WHAT OURS PEER BOUND UNIT; no bound: for comparison only
row() {
    printf '%s|%s|%s|%s|%s\n' "$@" >>"$rows"
}

# field LINE COLUMN of what bench_process printed: 1 median, 2 fastest, 3 peak
field() {
    sed -n "$1p" "$work/times" | cut -d' ' -f"$2"
}

"$bench/bench_split" >>"$rows"
pbkdf2=$(sed -n 's/^SLIP-0039 combine[^|]*|[^|]*|\([^|]*\)|.*/\1/p' "$rows")

"$bench/bench_process" 401 /dev/null /dev/null "$quorate" --version \
    + /dev/null /dev/null "$(command -v minisign)" -v >"$work/times"
row "quorate --version / minisign -v" "$(field 1 1)" "$(field 2 1)" 1.6 us

secret=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
echo $secret | "$quorate" slip39 split --group 3/5 --group 2/4 --group-threshold 2 |
    sed -n '1,3p;7,8p' >"$work/mnemonics"
echo $secret | ssss-split -t 3 -n 5 -s 256 -x -q -Q | sed -n 1,3p >"$work/ssss"
"$bench/bench_process" 201 "$work/mnemonics" /dev/null "$quorate" slip39 combine \
    + "$work/ssss" /dev/null "$(command -v ssss-combine)" -t 3 -x -q -Q >"$work/times"
row "quorate slip39 combine / ssss-combine and PBKDF2" "$(field 1 1)" \
    "$(echo "$(field 2 1) $pbkdf2" | awk '{ printf "%.0f", $1 + $2 }')" 1.3 us

# opening RUNS ACCOUNTS KIND: opens one of one and one of many, in turn
opening() {
    for n in 1 "$2"; do
        [ -d "$work/$3-$n" ] || python3 tests/bench/vault.py "$quorate" "$work/$3-$n" "$n" "$3" 2>/dev/null
    done
    set -- "$1" $(for n in 1 "$2"; do
        [ "$n" = 1 ] || echo +
        echo /dev/null "$work/$3-$n/answers.json" "$quorate" --vault "$work/$3-$n/vault" --no-input \
            --quiet --answers-fd 3 --secrets-fd 4 open 123456000000 --purpose close-account \
            --show password,code
        for card in 1 2 4 5; do echo "$work/$3-$n/cards/card-00$card.txt"; done
    done)
    "$bench/bench_process" "$@" >"$work/times"
}
opening 41 1000 small
row "open one of 1,000 accounts / one of 1, practice vault" "$(field 2 1)" "$(field 1 1)" 1.2 us
practice_kib=$(field 2 3)
opening 15 1000 strong
row "open one of 1,000 accounts / one of 1, real vault" "$(field 2 1)" "$(field 1 1)" 1.2 us
# Argon2's own: 8 MiB in a practice vault, 256 MiB in a real one.
row "resident: opening one of 1,000, practice, less 8 MiB" $((practice_kib - 8192)) 32768 1 KiB
row "resident: opening one of 1,000, real, less 256 MiB" $(($(field 2 3) - 262144)) 32768 1 KiB
"$bench/bench_process" 41 /dev/null /dev/null "$quorate" --vault "$work/small-1000/vault" account list \
    + /dev/null /dev/null "$quorate" --vault "$work/small-1/vault" account list >"$work/times"
row "account list of 1,000 accounts / 100 ms" "$(field 1 1)" 100000 1 us
# The replay alone, without a process around it.
"$bench/bench_open" 101 "$work/small-1/vault" "$work/small-1000/vault" >"$work/times"
row "  its replay alone, without process and badge" "$(field 2 1)" "$(field 1 1)" 0 us

# By a worker that draws nothing: cards and sealed sheets are not what is measured.
python3 tests/bench/rekey.py "$build/bin-plain/quorate" "$work/rekey" >"$work/times"
read -r founding rekey proofs opening <"$work/times"
row "founding, 1,000 accounts, 16 + 16 cards" "$founding" "" 0 us
row "re-key of it, of 10 s" "$rekey" 10000000 1 us
row "  its 32 new cards proved, the last of which puts it in force" "$proofs" "" 0 us
row "  opening one of it then" "$opening" "" 0 us

# A log of a million entries, by ten thousand commits: made in memory, read from there.
python3 tests/bench/vault.py "$quorate" "$memory/small" 1 small 2>/dev/null
cp -r "$memory/small/vault" "$memory/million"
"$bench/bench_grow" "$memory/million" 1000000 10000 >/dev/null
"$bench/bench_process" 5 /dev/null /dev/null "$quorate" --vault "$memory/million" log verify \
    >"$work/times"
"$bench/bench_verify" 5 "$memory/million" >"$work/peer"
read -r hashing checking entries signatures <"$work/peer"
row "log verify, a million entries / bare SELECT, SHA-256, checks" "$(field 1 2)" \
    $((hashing + checking)) 1.3 us
row "  the same / a signature check for every entry" "$(field 1 2)" \
    $((checking * entries / signatures)) 0.0333 us
row "resident: log verify of a million entries" "$(field 1 3)" 32768 1 KiB
"$bench/bench_process" 1 /dev/null /dev/null "$quorate" --vault "$memory/million" log export \
    "$memory/exported" >"$work/times"
row "resident: log export of a million entries" "$(field 1 3)" 32768 1 KiB
"$bench/bench_process" 1 /dev/null /dev/null "$quorate" log verify "$memory/exported" >"$work/times"
row "resident: log verify of that export" "$(field 1 3)" 32768 1 KiB
rm -rf "$memory/exported"
rm -rf "$memory/million"

cp -r "$memory/small/vault" "$memory/thousand"
"$bench/bench_grow" "$memory/thousand" 1000 100 >/dev/null
"$bench/bench_process" 1 /dev/null /dev/null "$quorate" --vault "$memory/thousand" log export \
    "$memory/exported" >"$work/times"
row "log export of a thousand entries, of 0.5 s" "$(field 1 2)" 500000 1 us
rm -rf "$memory/exported"

cp -r "$memory/small/vault" "$memory/century"
"$bench/bench_grow" "$memory/century" 10000 1000 >/dev/null
"$bench/bench_open" 101 "$memory/small/vault" "$memory/century" >"$work/times"
row "opening: 10,000 entries more than a founding's, of 20 ms" $(($(field 2 1) - $(field 1 1))) 20000 1 us
"$bench/bench_process" 101 /dev/null /dev/null "$quorate" --vault "$memory/small/vault" card list \
    + /dev/null /dev/null "$quorate" --vault "$memory/century" card list >"$work/times"
row "card list: likewise" $(($(field 2 1) - $(field 1 1))) 20000 1 us

# Ten years: 1,000 accounts, 60 rows of the register, 10,000 entries more.
cp -r "$work/small-1000/vault" "$memory/years"
i=0
while [ $i -lt 60 ]; do
    "$quorate" --vault "$memory/years" --no-input --quiet --answers-fd 3 register set mailbox "m-$i" \
        "address=root+$((123456000000 + i))@example.com" recipient=custodian-p1 recipient=list@example.com \
        3<"$work/small-1000/answers.json" >/dev/null 2>&1
    i=$((i + 1))
done
"$bench/bench_grow" "$memory/years" 10000 400 >/dev/null
"$bench/bench_process" 101 /dev/null /dev/null "$quorate" --vault "$memory/years" status >"$work/times"
row "status, ten years and 1,000 accounts, of 100 ms" "$(field 1 1)" 100000 1 us

# On disk, since it is the disk that is waited for.
cp -r "$memory/small/vault" "$work/append"
"$bench/bench_append" 501 "$work/append" >"$work/times"
row "append / bare insert and two durable replacements" "$(field 1 1)" "$(field 2 1)" 1.2 us

sheets=$(python3 tests/paper/time.py "$build/bin/paper_tool" 2 | sed -n 's/.*: \([0-9.]*\) s of.*/\1/p')
row "39 sheets of a founding of nine cards, of 2 s" "$sheets" 2 1 s

python3 tests/bench/scan.py "$build/bin/paper_tool" 3 >"$work/scan"
sed -n 's/^ *200 all *\([0-9]*\) in *\([0-9]*\) ms *\([0-9]*\) in *\([0-9]*\) ms.*/\1 \2 \3 \4/p' \
    "$work/scan" | {
    read -r reads ms peer_reads peer_ms
    row "scan 16 pages of 200 dpi, some degraded / zbarimg -q" "$ms" "$peer_ms" 0.5 ms
    # Reads are no time: fewer than the peer's break the bound.
    row "  codes it misses where the peer's reads count, of 32" $((32 - reads)) $((32 - peer_reads)) 1 codes
}
for worker in quorate-print quorate-scan; do
    mib=$(sed -n "s/.*$worker \([0-9.]*\) MiB.*/\1/p" "$work/scan")
    row "resident: $worker" "$mib" 64 1 MiB
done

awk -F'|' '
BEGIN { printf "%-56s %10s %10s %-5s %6s %6s\n", "row", "ours", "peer", "", "ratio", "bound" }
{
    printf "%-56s %10s %10s %-5s", $1, $2, $3, $5
    if ($3 != "") {
        ratio = $3 == 0 ? ($2 == 0 ? 1 : 999) : $2 / $3
        printf " %6.2f", ratio
        if ($4 > 0) {
            over = ratio > $4
            all += over
            printf " %6s %s", $4, over ? "OVER" : "ok"
        }
    }
    print ""
}
END { exit all > 0 }' "$rows"
