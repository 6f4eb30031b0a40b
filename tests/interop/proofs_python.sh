#!/bin/sh
# proofs_python.sh PROOF_TOOL: every proof of all trees up to 200 leaves, and the
# verdict on each and on what becomes of it with a bit flipped, as Python has
# them.
set -eu
tool=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$tool" dump 200 >"$work/ours"
python3 "$here/proofs.py" 200 >"$work/python"
cmp "$work/ours" "$work/python"
"$tool" check 200 <"$work/python"
# Negative controls: a hash of another proof; one leaf that is another's.
sed '777s/[0-9a-f]\{64\}/0000000000000000000000000000000000000000000000000000000000000000/' \
    "$work/python" >"$work/changed"
if "$tool" check 200 <"$work/changed" 2>"$work/why"; then
    echo "accepted a changed proof" >&2
    exit 1
fi
grep -q 'a foreign proof is refused' "$work/why"
echo "Python and quorate agree"
