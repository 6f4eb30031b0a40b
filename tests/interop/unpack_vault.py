"""Lays out a vault's log for foreign judges, every epoch for itself.

usage: unpack_vault.py VAULT.sqlite DIR    writes N.note, N.vkey (the key announced
           for the checkpoint of epoch N) and N.hex (the entries that it covers)
"""
import pathlib
import re
import sqlite3
import sys


def line(entry, key):
    return re.search(rf"^{key} (.*)$", entry.decode("ascii"), re.M)[1]


def main(vault, directory):
    uri = f"{pathlib.Path(vault).resolve().as_uri()}?mode=ro&immutable=1"
    with sqlite3.connect(uri, uri=True) as db:
        entries = [body for (body,) in db.execute("SELECT body FROM log_entry ORDER BY idx")]
        checkpoints = db.execute("SELECT epoch, size, note FROM log_checkpoint ORDER BY epoch").fetchall()
    vkey = line(entries[0], "first-key")
    for epoch, size, note in checkpoints:
        base = pathlib.Path(directory) / str(epoch)
        base.with_suffix(".note").write_bytes(note)
        base.with_suffix(".vkey").write_text(vkey + "\n")
        base.with_suffix(".hex").write_text("".join(entry.hex() + "\n" for entry in entries[:size]))
        vkey = line(entries[size - 1], "next-key")
    print(len(checkpoints))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
