#!/bin/sh
# exports.sh QUORATE: builds the Go verifier and lets all foreign judges at exports
# and proofs. Exit 77 if PyNaCl is not there, or, when the others are done, if Go is not.
set -eu
interop=$(cd "$(dirname "$0")" && pwd)
. "$interop/python.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gocode=/usr/share/gocode
if command -v go >/dev/null && [ -d $gocode/src/golang.org/x/mod/sumdb/note ]; then
    GO111MODULE=off GOFLAGS='' GOPATH=$gocode go build -o "$work/verify_log" \
        "$interop/../../examples/verify_log.go"
    "$python" "$interop/exports.py" "$1" "$work/verify_log"
    exit
fi
"$python" "$interop/exports.py" "$1"
echo "skipped: no go with golang.org/x/mod (golang-go, golang-golang-x-mod-dev): Go judged nothing"
exit 77
