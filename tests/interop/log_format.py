"""Verifies the worked example of docs/formats/log.md by what that page says, and
that page by the code.

usage: log_format.py LOG.md EXAMPLE-DIR EVENT_TABLE

EXAMPLE-DIR is what `note_tool example` wrote.
"""
import base64
import hashlib
import pathlib
import re
import struct
import subprocess
import sys

from nacl.signing import VerifyKey


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def block(page, title):
    """The fenced block that follows the line which names it."""
    return re.search(rf"^`{title}`[^\n]*\n\n```\n(.*?)^```$", page, re.M | re.S)[1].encode()


def value(entry, key):
    return re.search(rf"^{key} (.*)$", entry.decode(), re.M)[1]


def public_key(vkey, kind):
    name, key_id, key = vkey.split("+", 2)
    key = base64.b64decode(key, validate=True)
    assert key[0] == kind and sha256(name.encode(), b"\n", key)[:4].hex() == key_id, vkey
    return name, bytes.fromhex(key_id), VerifyKey(key[1:])


def verify_checkpoint(note, log_vkey, badge_vkey):
    text, signatures = note.split(b"\n\n")
    text += b"\n"
    lines = dict(line.split(" ")[1:] for line in signatures.decode().splitlines())
    name, key_id, key = public_key(log_vkey, 1)
    signature = base64.b64decode(lines[name], validate=True)
    assert signature[:4] == key_id
    key.verify(text, signature[4:])
    name, key_id, key = public_key(badge_vkey, 4)
    signature = base64.b64decode(lines[name], validate=True)
    assert signature[:4] == key_id
    (seconds,) = struct.unpack(">Q", signature[4:12])
    key.verify(b"cosignature/v1\ntime %d\n" % seconds + text, signature[12:])
    return text.decode().split("\n")


def check_events(page, event_table):
    table = subprocess.run([event_table], check=True, capture_output=True, text=True).stdout
    often = {"one": "", "optional": "?", "many": "*"}
    events = {}
    for line in table.splitlines():
        event, key, _, how = line.split()
        events.setdefault(event, []).append(key + often[how])
    rows = "".join(f"| {event} | {' '.join(keys)} |\n" for event, keys in events.items())
    assert "| event | keys, in order |\n|---|---|\n" + rows + "\n" in page, "the table of events differs"


def main(page_path, example, event_table):
    page = pathlib.Path(page_path).read_text()
    entries = [block(page, "entry-0"), block(page, "entry-1")]
    checkpoint = block(page, "checkpoint")
    leaves = [sha256(b"\x00", entry) for entry in entries]
    root = sha256(b"\x01", *leaves)
    for said in (leaves[0].hex(), leaves[0][:12].hex(), leaves[1].hex(), root.hex()):
        assert f" | `{said}` |" in page, f"the page does not say {said}"
    badge = value(entries[0], "person").split(" ")[2]
    origin, size, said, _ = verify_checkpoint(checkpoint, value(entries[0], "first-key"), badge)
    assert (origin, size, base64.b64decode(said)) == (value(entries[0], "log"), "2", root)

    for name, text in (("entry-0", entries[0]), ("entry-1", entries[1]), ("checkpoint", checkpoint)):
        assert (pathlib.Path(example) / name).read_bytes() == text, f"{name} is not what the code writes"
    check_events(page, event_table)
    print("the page, the code and PyNaCl agree")


if __name__ == "__main__":
    main(*sys.argv[1:])
