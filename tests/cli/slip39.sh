#!/bin/sh
# Usage: slip39.sh COMMAND…   (COMMAND… split|combine is run)
# The contract of `quorate slip39`: results, exit codes, and that no word of a
# rejected input is shown.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

fail() {
    echo "FAILED: $*"
    failed=1
}

# expect STATUS WHAT INPUT ARGUMENTS…: what ran is in $work/out and $work/err.
expect() {
    wanted=$1 what=$2 input=$3
    shift 3
    status=0
    printf '%s' "$input" | $command "$@" >"$work/out" 2>"$work/err" || status=$?
    [ $status -eq "$wanted" ] || fail "$what: exit $status, not $wanted: $(cat "$work/err")"
    [ "$wanted" -eq 0 ] || [ ! -s "$work/out" ] || fail "$what: something was written"
}

says() {
    grep -q -- "$1" "$work/err" || fail "\"$1\" is not in: $(cat "$work/err")"
}

# The number of the second word of the first mnemonic: identifier's last five
# bits, extendable flag, four bits of iteration exponent.
second_word() {
    word=$(sed -n 1p "$1" | cut -d' ' -f2)
    echo $(($(grep -n "^$word\$" "$list" | cut -d: -f1) - 1))
}

command=$*
list=$(dirname "$0")/../../src/split/slip39-wordlist.txt
secret=00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
plan='--group 3/5 --group 2/4 --group-threshold 2'

# shellcheck disable=SC2086
expect 0 split $secret split $plan
cp "$work/out" "$work/all"
[ "$(grep -c . "$work/all")" -eq 9 ] || fail "not nine mnemonics"
[ "$(grep -n '^$' "$work/all" | cut -d: -f1)" = 6 ] || fail "no blank line between the groups"
[ "$(sed -n 1p "$work/all" | wc -w)" -eq 33 ] || fail "not 33 words"
[ $(($(second_word "$work/all") % 32)) -eq 16 ] || fail "not extendable, or no exponent 0"

expect 0 "all shares" "$(cat "$work/all")" combine
[ "$(cat "$work/out")" = $secret ] || fail "all shares: another secret"
quorum=$(sed -n '2,4p;8,9p' "$work/all")
expect 0 "a quorum" "$quorum" combine
[ "$(cat "$work/out")" = $secret ] || fail "a quorum: another secret"
expect 0 "a quorum in capitals, CRLF" "$(printf '%s' "$quorum" | tr a-z A-Z | sed 's/$/\r/')" combine
[ "$(cat "$work/out")" = $secret ] || fail "capitals: another secret"

expect 3 "nothing" "" combine
expect 3 "one group" "$(sed -n 1,5p "$work/all")" combine
says "1 of 2 groups"
expect 3 "one too few" "$(sed -n '1,2p;8,9p' "$work/all")" combine
says "group 1 has 2 of 3 shares"
expect 4 "one share twice" "$(sed -n '1,2p;2p;8,9p' "$work/all")" combine
says "share 3: the same member index as share 2"
expect 4 "an unknown word" "$(echo "$quorum" | sed '2s/[a-z]*/hunter2/11')" combine
says "share 2, word 11 "
grep -q hunter2 "$work/err" && fail "the wrong word was shown"
expect 4 "two words swapped" "$(echo "$quorum" | sed '3s/\([a-z]*\) \([a-z]*\)$/\2 \1/')" combine
says "share 3, the checksum"
expect 4 "a word missing" "$(echo "$quorum" | sed '3s/ [a-z]*$//')" combine
# shellcheck disable=SC2086
expect 0 "another split" $secret split $plan
expect 4 "two splits mixed" "$(echo "$quorum"; sed -n 1p "$work/out")" combine
says "another identifier"

# Passphrases, exponents, the other checksum.
printf 'TREZOR\n' >"$work/passphrase"
expect 0 "1 of 1" "duckling enlarge academic academic agency result length solution fridge kidney coal piece deal husband erode duke ajar critical decision keyboard" combine --passphrase-fd 4 4<"$work/passphrase"
[ "$(cat "$work/out")" = bb54aac4b89dc868ba37d9cc21b2cece ] || fail "an official vector: another secret"
# shellcheck disable=SC2086
expect 0 "a passphrase" $secret split $plan --iteration-exponent 1 --not-extendable --passphrase-fd 4 4<"$work/passphrase"
cp "$work/out" "$work/all"
[ $(($(second_word "$work/all") % 32)) -eq 1 ] || fail "extendable, or no exponent 1"
expect 0 "its passphrase" "$(cat "$work/all")" combine --passphrase-fd 4 4<"$work/passphrase"
[ "$(cat "$work/out")" = $secret ] || fail "its passphrase: another secret"
expect 0 "no passphrase" "$(cat "$work/all")" combine
[ "$(cat "$work/out")" != $secret ] || fail "no passphrase: the same secret"
printf 'caf\303\251' >"$work/passphrase"
expect 2 "a passphrase beyond ASCII" "$quorum" combine --passphrase-fd 4 4<"$work/passphrase"

expect 2 "no verb" ""
expect 2 "another verb" "" join
expect 2 "no group" $secret split --group-threshold 1
expect 2 "no group threshold" $secret split --group 2/3
expect 2 "more than there are" $secret split --group 4/3 --group-threshold 1
expect 2 "copies of one share" $secret split --group 1/3 --group-threshold 1
expect 2 "17 members" $secret split --group 2/17 --group-threshold 1
expect 2 "group threshold 2 of 1" $secret split --group 2/3 --group-threshold 2
expect 2 "group threshold 0" $secret split --group 2/3 --group-threshold 0
expect 2 "exponent 16" $secret split --group 2/3 --group-threshold 1 --iteration-exponent 16
expect 2 "a value missing" $secret split --group 2/3 --group-threshold
expect 2 "standard input as passphrase" $secret split --group 2/3 --group-threshold 1 --passphrase-fd 0
expect 2 "a closed descriptor's number" $secret split --group 2/3 --group-threshold 1 --passphrase-fd x
expect 2 "a secret in an argument" "" combine $secret
grep -q $secret "$work/err" && fail "the argument was shown"
expect 2 "too short" 00112233445566778899aabbccddee split --group 2/3 --group-threshold 1
expect 2 "odd length" 00112233445566778899aabbccddeeff00 split --group 2/3 --group-threshold 1
expect 2 "no hex" 00112233445566778899aabbccddeefg split --group 2/3 --group-threshold 1
grep -q eefg "$work/err" && fail "the input was shown"
expect 2 "half a byte" 00112233445566778899aabbccddeef split --group 2/3 --group-threshold 1
expect 2 "nothing to split" "" split --group 2/3 --group-threshold 1

[ $failed -eq 0 ] && echo "slip39: all as written"
exit $failed
