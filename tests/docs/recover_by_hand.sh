#!/bin/sh
# recover_by_hand.sh QUORATE ROOT: the worked example, recomputed by Python.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../interop/python.sh"
"$python" "$here/recover_by_hand.py" "$1" "$2"
