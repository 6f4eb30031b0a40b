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

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples"))
import verify_log  # noqa: E402


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


def forms_of_page(page):
    """key -> form, by the table of the page's own words."""
    rows = re.findall(r"^\| (u64|i64|id|digest|base64|yes) \| (`.*`.*) \|$", page, re.M)
    forms = {key: form for form, keys in rows
             for key in re.findall(r"`([a-z0-9-]+)`", keys.split(" and ")[0])}
    forms.update({"person": "id", "second": "yes"})
    exceptions = {("genesis", "person"): "text", ("session-opened", "second"): "id"}
    return lambda event, key: exceptions.get((event, key), forms.get(key, "text"))


def check_forms(page, event_table):
    """The page, the code, and the program that was written from the page."""
    table = subprocess.run([event_table], check=True, capture_output=True, text=True).stdout
    of_page, events = forms_of_page(page), {}
    for line in table.splitlines():
        event, key, form, how = line.split()
        often = {"one": key[-1], "optional": "?", "many": "*"}[how]
        events.setdefault(event, []).append((key, often))
        program = verify_log.FORMS_OF_EVENT.get((event, key), verify_log.FORMS.get(key, "text"))
        assert of_page(event, key) == form == program, f"{event} {key}: {form}"
    assert events == verify_log.EVENTS, "verify_log.py has another table of events"


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
    check_forms(page, event_table)
    print("the page, the code and PyNaCl agree")


if __name__ == "__main__":
    main(*sys.argv[1:])
