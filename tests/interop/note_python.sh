#!/bin/sh
# note_python.sh NOTE_TOOL: PyNaCl verifies our cosignature, and refuses a
# changed one; root.py computes the root that the checkpoint says.
set -eu
interop=$(cd "$(dirname "$0")" && pwd)
. "$interop/python.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1" make "$work" 13
vkey=$(cat "$work/operator-1.vkey")
time=$("$python" "$interop/cosignature.py" "$work/checkpoint" "$vkey")
[ "$time" = 1772600767 ]
said="$(sed -n '2p' "$work/checkpoint") $(sed -n '3p' "$work/checkpoint")"
[ "$said" = "$("$python" "$interop/root.py" "$work/entries.hex")" ]

sed 's/^13$/14/' "$work/checkpoint" >"$work/changed"
if "$python" "$interop/cosignature.py" "$work/changed" "$vkey" 2>"$work/why"; then
    echo "accepted a changed checkpoint" >&2
    exit 1
fi
grep -q BadSignatureError "$work/why"

# The same entries, out of a database as a vault keeps them.
"$python" - "$work" <<'PY'
import pathlib, sqlite3, sys
work = pathlib.Path(sys.argv[1])
db = sqlite3.connect(work / "vault.sqlite")
db.execute("CREATE TABLE log_entry(idx INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, body BLOB NOT NULL)")
rows = [bytes.fromhex(line) for line in (work / "entries.hex").read_text().split()]
db.executemany("INSERT INTO log_entry VALUES (?, ?, ?)", [(i, i, row) for i, row in enumerate(rows)])
db.commit()
PY
[ "$said" = "$("$python" "$interop/root.py" "$work/vault.sqlite")" ]
echo "Python and quorate agree"
