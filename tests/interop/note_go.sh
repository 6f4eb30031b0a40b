#!/bin/sh
# note_go.sh NOTE_TOOL: Go opens our checkpoints and computes their roots, for
# several sizes of tree; we accept what Go signed; what was changed is refused.
set -eu
. "$(dirname "$0")/go.sh"
tool=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
must_fail() {
    if "$@" >"$work/out" 2>&1; then
        echo "accepted what must be refused: $*" >&2
        exit 1
    fi
}

for count in 1 2 3 7 8 21; do
    "$tool" make "$work" $count
    sh "$interop/checkpoint_go.sh" "$work/checkpoint" "$(cat "$work/log.vkey")" "$work/entries.hex"
done

# Negative controls: another key, another text, one entry less, one changed.
sed 's/^21$/22/' "$work/checkpoint" >"$work/changed"
must_fail go_run verify_checkpoint.go "$work/changed" "$(cat "$work/log.vkey")"
sed '$d' "$work/entries.hex" >"$work/fewer.hex"
must_fail go_run verify_checkpoint.go "$work/checkpoint" "$(cat "$work/log.vkey")" "$work/fewer.hex"
sed '5s/..$/0b/' "$work/entries.hex" >"$work/other.hex"
must_fail go_run verify_checkpoint.go "$work/checkpoint" "$(cat "$work/log.vkey")" "$work/other.hex"

go_run sign_checkpoint.go example.com/other "$work/from-go" "$work/go.vkey"
must_fail go_run verify_checkpoint.go "$work/checkpoint" "$(cat "$work/go.vkey")"
"$tool" verify "$work/from-go" "$(cat "$work/go.vkey")"
must_fail "$tool" verify "$work/from-go" "$(cat "$work/log.vkey")"
sed 's/^1$/2/' "$work/from-go" >"$work/changed"
must_fail "$tool" verify "$work/changed" "$(cat "$work/go.vkey")"
# A vault's database: of its one epoch all is right; then one entry is not.
"$tool" example "$work"
python3 - "$work" <<'PY'
import pathlib, sqlite3, sys
work = pathlib.Path(sys.argv[1])
for name, change in (("good", b""), ("bad", b"\n")):
    with sqlite3.connect(work / f"{name}.sqlite") as db:
        db.execute("CREATE TABLE log_entry(idx INTEGER PRIMARY KEY, epoch INTEGER, body BLOB)")
        db.execute("CREATE TABLE log_checkpoint(epoch INTEGER PRIMARY KEY, size INTEGER, note BLOB)")
        for i in range(2):
            body = (work / f"entry-{i}").read_bytes() + change
            db.execute("INSERT INTO log_entry VALUES (?, 0, ?)", (i, body))
        db.execute("INSERT INTO log_checkpoint VALUES (0, 2, ?)", ((work / "checkpoint").read_bytes(),))
PY
sh "$interop/vault_go.sh" "$work/good.sqlite"
must_fail sh "$interop/vault_go.sh" "$work/bad.sqlite"
grep -q 'but the entries make' "$work/out"
echo "Go and quorate agree"
