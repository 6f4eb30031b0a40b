#!/bin/sh
# receipts.sh QUORATE: receipts made by Python from the page, answered by the command.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../interop/python.sh"
"$python" "$here/receipts.py" "$1"
