"""The root of a log, by RFC 6962, section 2.1, and nothing but Python.

usage: root.py ENTRIES          prints `size root`, the root in base64
       root.py --hex ENTRIES    prints the entries themselves, one a line, in hex

ENTRIES is a vault.sqlite, or a file of entries in hex, one a line.
"""
import base64
import hashlib
import pathlib
import sqlite3
import sys


def entries(path):
    if path.read_bytes()[:15] != b"SQLite format 3":
        return [bytes.fromhex(line) for line in path.read_text().split()]
    with sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True) as db:
        return [body for (body,) in db.execute("SELECT body FROM log_entry ORDER BY idx")]


def root(leaves):
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:])).digest()


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--hex":
        print("\n".join(entry.hex() for entry in entries(pathlib.Path(sys.argv[2]))))
    elif len(sys.argv) == 2:
        leaves = entries(pathlib.Path(sys.argv[1]))
        print(len(leaves), base64.b64encode(root(leaves)).decode())
    else:
        sys.exit(__doc__)
