#!/bin/sh
# proofs_go.sh PROOF_TOOL: every proof of all trees up to 200 leaves, and the
# verdict on each and on what becomes of it with a bit flipped, as Go's tlog has
# them; and we verify those that Go made.
set -eu
. "$(dirname "$0")/go.sh"
tool=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$tool" dump 200 >"$work/ours"
go_run proofs.go 200 >"$work/go"
cmp "$work/ours" "$work/go"
"$tool" check 200 <"$work/go"
# Negative control: what differs in one verdict is not the same.
sed '4242s/1\([01]*\)$/0\1/' "$work/ours" >"$work/changed"
if cmp -s "$work/changed" "$work/go"; then
    echo "no verdict was changed" >&2
    exit 1
fi
echo "Go and quorate agree"
