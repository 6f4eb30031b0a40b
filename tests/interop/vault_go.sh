#!/bin/sh
# vault_go.sh VAULT.sqlite: Go verifies every checkpoint of a vault, each under
# the key announced for it, and computes each root. Exit 77 if Go is not there.
set -eu
. "$(dirname "$0")/go.sh"
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
epochs=$(python3 "$interop/unpack_vault.py" "$1" "$unpacked")
[ "$epochs" -gt 0 ]
epoch=0
while [ "$epoch" -lt "$epochs" ]; do
    sh "$interop/checkpoint_go.sh" "$unpacked/$epoch.note" "$(cat "$unpacked/$epoch.vkey")" \
        "$unpacked/$epoch.hex" >/dev/null
    epoch=$((epoch + 1))
done
echo "Go verifies $epochs checkpoints"
