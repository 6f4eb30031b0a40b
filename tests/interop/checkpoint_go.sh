#!/bin/sh
# checkpoint_go.sh NOTE VKEY [ENTRIES]: Go's note package verifies a checkpoint
# under the log's verifier key; with ENTRIES (a vault.sqlite, or entries in hex)
# Go's tlog and root.py compute its root. Exit 77 if Go is not there.
set -eu
. "$(dirname "$0")/go.sh"
if [ $# -eq 2 ]; then
    go_run verify_checkpoint.go "$1" "$2"
    exit
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$interop/root.py" --hex "$3" >"$work/entries.hex"
go_run verify_checkpoint.go "$1" "$2" "$work/entries.hex" | tee "$work/text"
said=$(sed -n '2p' "$work/text") && said="$said $(sed -n '3p' "$work/text")"
computed=$(python3 "$interop/root.py" "$3")
if [ "$said" != "$computed" ]; then
    echo "the checkpoint says $said, root.py $computed" >&2
    exit 1
fi
