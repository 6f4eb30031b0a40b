"""Reads a vault's log.key as docs/formats/log-key.md says. Makes receipts as
docs/formats/receipt.md says, true ones and others, and sees that each is
answered as that page says.

usage: receipts.py QUORATE
"""
import base64
import hashlib
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

import nacl.bindings
from nacl.public import SealedBox
from nacl.signing import SigningKey

QUORATE = sys.argv[1]
ORIGIN = "example.com/practice"
GROUPS = {"password": ["custodian-p1", "custodian-p2"], "mfa": ["custodian-m1", "custodian-m2"]}
POLICY = {
    "vault": ORIGIN, "organization": "Example Org", "practice": True,
    "people": [{"id": "operator-1", "name": "Operator One", "roles": ["operator"]}]
    + [{"id": id, "name": id, "roles": ["custodian"]} for ids in GROUPS.values() for id in ids],
    "groups": {name: {"threshold": 2, "custodians": ids} for name, ids in GROUPS.items()},
}
SEED = bytes(range(32))


def code(letter, payload):
    return f"QUORATE1:{letter}:" + base64.b32encode(payload).decode().rstrip("=")


def wallet(person, seed):
    head = b"\x01" + bytes([len(person)]) + person.encode() + b"\x00" + bytes(16)
    sealed = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
        seed, b"quorate/badge/v1" + head, bytes(24), bytes(32))
    return code("K", head + bytes(24) + sealed)


def note(size, seed=None, name="operator-1", root=bytes(32), origin=ORIGIN):
    """A checkpoint with one cosignature, or with a stranger's log signature."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()
    signer = f"{ORIGIN}/{name}".encode()
    key = SigningKey(seed or bytes(32))
    public = b"\x04" + bytes(key.verify_key)
    key_id = hashlib.sha256(signer + b"\n" + public).digest()[:4]
    at = struct.pack(">Q", 1772600767)
    signature = key.sign(b"cosignature/v1\ntime 1772600767\n" + text).signature
    line = base64.b64encode(key_id + at + signature).decode()
    return text + b"\n" + f"— {signer.decode()} {line}\n".encode()


def check_log_key(data, vault_id, entries):
    """Opens it with the operator's badge, and compares what it says."""
    at = 0

    def take(count):
        nonlocal at
        at += count
        assert at <= len(data)
        return data[at - count:at]

    def number(count):
        return int.from_bytes(take(count), "big")

    assert take(16) == b"quorate/state/v1" and take(12) == vault_id
    epochs, size, root, public = number(8), number(8), take(32), take(32)
    assert (epochs, size) == (entries[-1]["epoch"] + 1, len(entries))
    assert number(1) == 2 and number(1) == 0, "a commit is kept, and nothing was restored"
    assert take(number(4)).decode().splitlines()[1:3] == [str(size), base64.b64encode(root).decode()]
    record, state_key = at + 4, None
    record_end = record + number(4)
    take(record_end - record)
    for _ in range(number(1)):
        person, box = take(number(1)).decode(), take(80)
        if person == "operator-1":
            badge = SigningKey(SEED).to_curve25519_private_key()
            state_key = SealedBox(badge).decrypt(box)
    clear = data[:at]
    nonce, sealed = take(24), take(48)
    assert at == len(data), "nothing stands behind it"
    seed = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, clear, nonce, state_key)
    assert bytes(SigningKey(seed).verify_key) == public
    announced = entries[-1]["values"]["next-key"].split("+", 2)[2]
    assert base64.b64decode(announced)[1:] == public, "the key that the log announced"
    at = record
    assert number(8) == epochs - 1 and take(number(4)).decode().splitlines()[1] == str(size)
    assert take(number(4)).startswith("— ".encode())
    bodies = [take(number(4)) for _ in range(number(2))]
    assert bodies[-1].startswith(b"quorate/entry/v1\n") and b"\nevent checkpoint-key\n" in bodies[-1]
    documents = [(take(number(1)), take(number(4))) for _ in range(number(2))]
    assert [kind for kind, _ in documents] == [b"minutes"] and at == record_end


def main(folder):
    vault = str(folder / "vault")
    answers = {"operator": "operator-1", "badges": {"operator-1": wallet("operator-1", SEED)}}

    def run(*command, **more):
        inside, outside = os.pipe()
        os.write(outside, json.dumps(answers | more).encode())
        os.close(outside)
        secrets = os.open(folder / "secrets", os.O_WRONLY | os.O_CREAT, 0o600)
        done = subprocess.run(
            [QUORATE, "--vault", vault, "--json", "--quiet", "--answers-fd", str(inside),
             "--secrets-fd", str(secrets), *command],
            pass_fds=(inside, secrets), capture_output=True, text=True)
        os.close(inside)
        os.close(secrets)
        return done

    (folder / "policy.json").write_text(json.dumps(POLICY))
    founded = run("init", "--policy", str(folder / "policy.json"), "--sheets", str(folder / "s"))
    assert founded.returncode == 0, founded.stderr
    said = json.loads(founded.stdout)
    vault_id, checkpoint = bytes.fromhex(said["vault_id"]), said["checkpoint"].encode()
    size = int(checkpoint.split(b"\n")[1])

    def entries():
        return json.loads(run("log", "show").stdout)["entries"]

    check_log_key((folder / "vault" / "log.key").read_bytes(), vault_id, entries())
    epoch = entries()[-1]["epoch"]
    card = str(folder / "no-card")
    pathlib.Path(card).write_text("no card\n")

    def answer_to(text):
        """A card that is refused ends the command with 4, once the receipt is taken."""
        done = run("card", "prove", card, receipts=[text])
        return done.returncode, done.stderr, '"unreadable"' in done.stdout

    def receipt(body, version=1, id=vault_id):
        return code("R", bytes([version]) + id + struct.pack(">Q", epoch) + body)

    status, error, taken = answer_to(receipt(checkpoint))
    assert status == 4 and taken, error
    shown = entries()
    opened = [e for e in shown if e["event"] == "session-opened"][-1]
    head = checkpoint.split(b"\n")[2].decode()
    assert opened["values"]["receipt"] == [f"{size} {head}"], opened
    # The log has grown; a receipt of before is as good.
    assert answer_to(receipt(checkpoint))[2]
    before = entries()
    root = base64.b64decode(checkpoint.split(b"\n")[2])
    cases = [
        ("another root", 5, "does not continue", receipt(note(size, SEED))),
        ("a size without a checkpoint", 5, "does not continue", receipt(note(size - 1, SEED, root=root))),
        ("another root, a stranger's cosignature", 4, "no known badge", receipt(note(size))),
        ("a larger size, cosigned", 5, f"ROLLBACK: the receipt is of size {size + 1000}",
         receipt(note(size + 1000, SEED))),
        ("a larger size, a stranger's cosignature", 4, "no known badge", receipt(note(size + 1000))),
        ("another vault", 4, "another vault", receipt(checkpoint, id=bytes(12))),
        ("another log", 4, "another log", receipt(note(size, SEED, origin="example.com/other"))),
        ("another version", 4, "not a receipt", receipt(checkpoint, version=2)),
        ("another kind of code", 4, "not a receipt", wallet("operator-1", SEED)),
    ]
    for name, status, words, text in cases:
        got, error, taken = answer_to(text)
        assert got == status and words in error and not taken, f"{name}: {got}: {error}"
    assert run("log", "verify").returncode == 0
    assert entries() == before, "a receipt that was not taken left an entry"
    print(f"log.key is as the page says; {len(cases) + 1} receipts are answered as theirs says")


with tempfile.TemporaryDirectory() as scratch:
    main(pathlib.Path(scratch))
