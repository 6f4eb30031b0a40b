#!/bin/sh
# format_examples.sh FORMATS-DIR: the pages' examples, recomputed by Python.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../interop/python.sh"
"$python" "$here/format_examples.py" "$1"
