"""Receipts in answers: held against the log, in both directions."""
import hashlib
import shutil
import sqlite3
import time

from harness import *

start()
need("pdftotext")
nacl = need_module("nacl.signing").signing


def notes(vault):
    with sqlite3.connect(vault.path / "vault.sqlite") as db:
        return db.execute("SELECT epoch, note FROM log_checkpoint ORDER BY epoch").fetchall()


def receipt(vault, epoch, note, version=1, vault_id=None):
    if isinstance(note, str):
        note = note.encode()
    return to_code("R", bytes([version]) + (vault_id or bytes.fromhex(vault.result["vault_id"])) +
                   epoch.to_bytes(8, "big") + note)


def prove(vault, receipts=None):
    given = answers() if receipts is None else answers(receipts=receipts)
    return vault.run("--json", "card", "prove", vault.cards[0].text(), given=given)


def refused(what, run, rc, *places):
    check(run.rc == rc and all(p in run.error for p in places) and not run.out,
          f"exit {rc}: {what}: {run.error}", str(run))


vault = Vault()
same(prove(vault).rc, 0, "no receipt is no hindrance")
same(vault.events("exception")[-1]["values"]["step"], "open-session", "but an exception in the log")
exceptions = len(vault.events("exception"))
all_notes = notes(vault)
epoch, latest = all_notes[-1]
run = prove(vault, [receipt(vault, epoch, latest)])
same(run.rc, 0, "the latest checkpoint as a receipt")
same(vault.events("session-opened")[-1]["values"]["receipt"],
     [" ".join(latest.decode().split("\n")[1:3])], "is named in the log, by size and root")
same(len(vault.events("exception")), exceptions, "and no exception is")
same(prove(vault, [receipt(vault, e, n) for e, n in all_notes[:3]]).rc, 0, "three older ones")

lines = latest.decode().split("\n")
other_root = "\n".join(lines[:2] + [base64.b64encode(bytes(32)).decode()] + lines[3:])
refused("the same size and another root, with no good cosignature",
        prove(vault, [receipt(vault, epoch, other_root)]), 4, "receipts.0", "no known badge")
other_size = "\n".join([lines[0], str(int(lines[1]) - 1)] + lines[2:])
refused("a size at which nothing was signed, likewise",
        prove(vault, [receipt(vault, epoch, other_size)]), 4, "receipts.0")
refused("the right checkpoint under another epoch", prove(vault, [receipt(vault, epoch - 1, latest)]),
        4, "receipts.0")
refused("the second of two", prove(vault, [receipt(vault, *all_notes[0]),
                                           receipt(vault, epoch, other_root)]), 4, "receipts.1")
good = receipt(vault, epoch, latest)
for what, text in [("no code", "hello"), ("a share card", vault.cards[0].code if shutil.which("zbarimg")
                                          else to_code("S", bytes(130))),
                   ("nothing behind the head", "QUORATE1:R:"), ("broken Base32", good[:-3] + "1"),
                   ("a receipt cut short", good[:60]), ("no note", receipt(vault, epoch, "hello")),
                   ("another version", receipt(vault, epoch, latest, version=2)),
                   ("another vault", receipt(vault, epoch, latest, vault_id=bytes(12))),
                   ("another log", receipt(vault, epoch,
                                           latest.decode().replace("practice\n", "other\n", 1))),
                   ("5,000 bytes", receipt(vault, epoch, "x" * 5000))]:
    refused(what, prove(vault, [text]), 4, "receipts.0")
before = len(vault.log())
prove(vault, ["hello"])
same(len(vault.log()), before, "a refused receipt leaves nothing in the log")

# A copy of the vault goes on without the other: then the other is put back.
copy = vault.folder / "older"
shutil.copytree(vault.path, copy)
same(prove(vault).rc, 0, "the vault goes on")
epoch, newer = notes(vault)[-1]
shutil.rmtree(vault.path)
shutil.copytree(copy, vault.path)
refused("a rolled-back vault and a newer receipt", prove(vault, [receipt(vault, epoch, newer)]), 5,
        "ROLLBACK")
head, signatures = newer.decode().split("\n\n")
log_only = head + "\n\n" + [l for l in signatures.split("\n") if "practice/" not in l][0] + "\n"
refused("a newer receipt that no badge cosigned", prove(vault, [receipt(vault, epoch, log_only)]), 4,
        "receipts.0")

# A cosignature by a badge that nobody knows.
key = nacl.SigningKey.generate()
name = "example.com/practice/operator-1"
stamp = int(time.time())
message = f"cosignature/v1\ntime {stamp}\n{head}\n".encode()
public = b"\x04" + key.verify_key.encode()
key_id = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
body = base64.b64encode(key_id + stamp.to_bytes(8, "big") + key.sign(message).signature).decode()
stranger = f"{head}\n\n\u2014 {name} {body}\n"
refused("a newer receipt that a stranger cosigned", prove(vault, [receipt(vault, epoch, stranger)]), 4,
        "receipts.0")
same(prove(vault).rc, 0, "without that receipt the rollback is not seen: hence receipts")
# The copy has now grown to the same size with another root: both are cosigned.
same(newer.decode().split("\n")[1], notes(vault)[-1][1].decode().split("\n")[1], "the same size")
refused("the same size, another root, cosigned", prove(vault, [receipt(vault, epoch, newer)]), 5,
        "does not continue")

# An exception of the day, as answers give it.
told = {"step": "prove", "expected": "a quiet room", "happened": "a fire drill", "decided": "go on"}
same(vault.run("--json", "card", "prove", vault.cards[0].text(),
               given=answers(exceptions=[told])).rc, 0, "an exception is told")
check(told in [e["values"] for e in vault.events("exception")], "and logged as told")
finish()
