#!/bin/sh
# log_format.sh NOTE_TOOL EVENT_TABLE: the page on the log's format against the
# code that it describes.
set -eu
interop=$(cd "$(dirname "$0")" && pwd)
. "$interop/python.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1" example "$work"
"$python" "$interop/log_format.py" "$interop/../../docs/formats/log.md" "$work" "$2"
