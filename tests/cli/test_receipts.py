"""Receipts in answers: held against the log, in both directions; and printed ones, which must be
as good as those that this file makes."""
import hashlib
import shutil
import sqlite3
import subprocess
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

# Printed: the same line as made by hand, from the paper too, and taken by the next session.
def printed(at, *more):
    run = vault.run("--json", "receipt", "print", *more)
    same(run.rc, 0, f"receipt print {at}")
    return run.json


def answered(text):
    run = prove(vault, [text])
    return run.rc, run.error


epoch, latest = notes(vault)[-1]
entries = len(vault.log())
said = printed("without a badge")
same(said["receipt"], receipt(vault, epoch, latest), "is the last checkpoint, as the page says")
same((said["epoch"], said["size"], "sheet" in said), (epoch, entries, False), "its numbers")
same(base64.b64decode(latest.decode().split("\n")[2]).hex(), said["root"], "its root")
same(len(vault.log()), entries, "and nothing is written")
plain = vault.run("receipt", "print").out
check(all(word in plain for word in (said["receipt"], said["root"], str(entries))),
      "in plain words the same", plain)
sheets = vault.folder / "receipts"
said = printed("with a sheet", "--sheets", sheets)
pdf = sheets / f"receipt-{entries}.pdf"
same((said["sheet"], pdf.stat().st_mode & 0o777), (str(pdf), 0o600), "lies in its folder, 0600")
text = " ".join(subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True,
                               capture_output=True, text=True).stdout.split())
root = " ".join(said["root"][i:i + 4] for i in range(0, 32, 4))
check(f"Entries in the log {entries}" in text and root in text and "operator-1" in text,
      "and can be read", text)
before = pdf.read_bytes()
again = vault.run("receipt", "print", "--sheets", sheets)
check(again.rc != 0 and pdf.read_bytes() == before, f"no file is overwritten: {again.error}")
if shutil.which("zbarimg"):
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-singlefile", "-png", str(pdf),
                    str(vault.folder / "receipt")], check=True)
    scanned = subprocess.run(["zbarimg", "-q", "--raw", str(vault.folder / "receipt.png")],
                             check=True, capture_output=True, text=True).stdout.split()
    same(scanned, [said["receipt"]], "its one code is the receipt")
    said["receipt"] = scanned[0]
else:
    print("skipped: zbarimg's reading of the sheet")
same(answered(said["receipt"])[0], 0, "the printed receipt is taken by the next session")
newer = printed("after that")["receipt"]
kept = vault.folder / "kept"
shutil.copytree(vault.path, kept)
same(prove(vault).rc, 0, "the vault goes on, and a copy stays")
newest = printed("at the end")["receipt"]
shutil.rmtree(vault.path)
shutil.copytree(kept, vault.path)
refused("a copy put back, and the receipt printed before that", prove(vault, [newest]), 5, "ROLLBACK")
same(answered(newer)[0], 0, "an older one cannot tell")
while len(vault.log()) < int(unbase32(newest)[21:].split(b"\n")[1]):
    prove(vault)
refused("the copy has grown to that size, another log", prove(vault, [newest]), 5, "does not continue")
forked = printed("from the fork")["receipt"]
check(forked != newest, "and prints another receipt")
lines = notes(vault)[-1][1].decode().split("\n")
crowd = "\n".join(lines[:-1] + lines[-2:-1] * 2) + "\n"
refused("three cosignatures", prove(vault, [receipt(vault, notes(vault)[-1][0], crowd)]), 4,
        "more than two cosignatures")
same(vault.run("receipt").rc, 2, "receipt takes a verb")
same(vault.run("receipt", "print", "more").rc, 2, "and nothing else")
same(quorate("receipt", "print").rc, 2, "and a vault")

# An exception of the day, as answers give it.
told = {"step": "prove", "expected": "a quiet room", "happened": "a fire drill", "decided": "go on"}
same(vault.run("--json", "card", "prove", vault.cards[0].text(),
               given=answers(exceptions=[told])).rc, 0, "an exception is told")
check(told in [e["values"] for e in vault.events("exception")], "and logged as told")
finish()
