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


OWN = "eleven slow trains at night"
keep_secret(OWN)


def refused(what, run, rc, *places):
    check(run.rc == rc and all(p in run.error for p in places) and not run.out,
          f"exit {rc}: {what}: {run.error}", str(run))


vault = Vault()
same(prove(vault).rc, 0, "no receipt is no hindrance")
def exceptions(step):
    return [e["values"] for e in vault.events("exception") if e["values"]["step"] == step]


same(len(exceptions("open-session")), 1, "but an exception in the log")
same([(e["happened"], e["person"]) for e in exceptions("own-receipt")],
     [("they have none", "operator-1")], "and one that the operator signs without a receipt")
all_notes = notes(vault)
epoch, latest = all_notes[-1]
run = prove(vault, [receipt(vault, epoch, latest)])
same(run.rc, 0, "the latest checkpoint as a receipt")
same(vault.events("session-opened")[-1]["values"]["receipt"],
     [" ".join(latest.decode().split("\n")[1:3])], "is named in the log, by size and root")
same(len(exceptions("open-session")), 1, "and no exception is")
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
evidence = sorted(vault.path.glob("evidence-*"))
same(len(evidence), 1, "the rollback's evidence lies in the vault, and no refused receipt's")
check(evidence[0].name in vault.run("card", "list").err, "and is reported at each opening")
same({f.name: f.read_bytes() for f in evidence[0].iterdir()},
     {"receipt": receipt(vault, epoch, newer).encode() + b"\n", "checkpoint": notes(vault)[-1][1]},
     "it holds the receipt, and what the log had instead")
shutil.rmtree(evidence[0])  # as who set the log back would
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
    scanned = subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable",
                              str(vault.folder / "receipt.png")],
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

# Held against the log without a session: `receipt check`.
def judged(*files, **more):
    return vault.run("--json", "receipt", "check", *files, **more)


def told(run):
    """(rc, [(result, cosigners)])"""
    return run.rc, [(r["result"], r["cosigned_by"]) for r in run.json["receipts"]]


def as_file(text, name="r.txt"):
    return vault.write(name, text if isinstance(text, bytes) else text + "\n")


vault = Vault()
prove(vault)
epoch, latest = notes(vault)[-1]
entries, key = len(vault.log()), (vault.path / "log.key").read_bytes()
good, old = receipt(vault, epoch, latest), receipt(vault, *notes(vault)[1])
same(told(judged(as_file(good))), (0, [("same", ["operator-1"])]), "the log's head is the same")
same(told(judged(as_file(old))), (0, [("older", ["operator-1"])]), "an older one is continued")
run = judged(as_file(good + "\n\n" + old), "-", stdin=f"  {old}  \n{good}")
same(told(run), (0, [(r, ["operator-1"]) for r in ("same", "older", "older", "same")]),
     "several, a line each, and of standard input")
row = run.json["receipts"][0]
same((row["size"], row["epoch"], row["root"], row["log_signed"]),
     (entries, epoch, base64.b64decode(latest.decode().split("\n")[2]).hex(), True), "its numbers")
same(told(vault.run("--json", "receipt", "check", given={"receipts": [good, old]})),
     (0, [("same", ["operator-1"]), ("older", ["operator-1"])]), "and of answers")
plain = vault.run("receipt", "check", as_file(good))
check("r.txt: same" in plain.out and "operator-1" in plain.out, "in words too", str(plain))
if shutil.which("zbarimg"):
    vault.run("receipt", "print", "--sheets", vault.folder / "picture")
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-singlefile", "-png",
                    str(next((vault.folder / "picture").glob("*.pdf"))),
                    str(vault.folder / "photo")], check=True)
    same(told(judged(vault.folder / "photo.png")), (0, [("same", ["operator-1"])]), "of a picture")
    same(told(judged(vault.cards[0].png(vault.folder / "card"))), (4, [("refused", [])]),
         "a picture of a card is no receipt's")

head, signatures = latest.decode().split("\n\n")
log_line, cosigned = signatures.splitlines(keepends=True)


def line(name, kind, message, seed_key, stamp=None):
    public = bytes([kind]) + seed_key.verify_key.encode()
    key_id = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
    time_bytes = b"" if stamp is None else stamp.to_bytes(8, "big")
    return f"\u2014 {name} " + base64.b64encode(
        key_id + time_bytes + seed_key.sign(message).signature).decode() + "\n"


stranger = nacl.SigningKey.generate()
text = head.encode() + b"\n"
forged_log = line("example.com/practice", 1, text, stranger)
forged_badge = line("example.com/practice/operator-1", 4, b"cosignature/v1\ntime 9\n" + text,
                    stranger, 9)
other = notes(vault)[1][1].decode().split("\n\n")[1].splitlines(keepends=True)[1]
for what, note in [("another log key", head + "\n\n" + forged_log + cosigned),
                   ("no log signature", head + "\n\n" + cosigned),
                   ("two of them", head + "\n\n" + log_line + log_line + cosigned),
                   ("an unknown badge beside", head + "\n\n" + log_line + cosigned + forged_badge),
                   ("the cosignature of another checkpoint", head + "\n\n" + log_line + other),
                   ("one cosignature twice", head + "\n\n" + log_line + cosigned + cosigned)]:
    run = judged(as_file(receipt(vault, epoch, note)))
    check(run.rc == 4 and run.json["receipts"][0]["result"] == "refused"
          and "forged" in run.json["receipts"][0]["why"], f"forged: {what}: {run.error}", str(run))
same(told(judged(as_file(receipt(vault, epoch, head + "\n\n" + log_line)))), (0, [("same", [])]),
     "signed by the log alone it says what the log says, and nobody vouches for it")
run = judged(as_file("hello"), as_file(good, "g.txt"), as_file(b"\0", "nul"), as_file("\n", "blank"))
same(told(run), (4, [("refused", []), ("same", ["operator-1"]), ("refused", []), ("refused", [])]),
     "what is no receipt is refused, and hides no other")
check("hello" not in run.error + run.out, "and is not repeated")
same(judged("no-such-file").rc, 2, "a file that is not there")
same(judged().rc, 2, "nothing at all")
same(quorate("receipt", "check", as_file(good)).rc, 2, "no vault")
same((len(vault.log()), (vault.path / "log.key").read_bytes(), list(vault.path.glob("evidence-*"))),
     (entries, key, []), "all of it writes nothing")

# Every bit of a receipt that is the log's.
payload = unbase32(good)
wrong = []
for at in range(len(payload)):
    flipped = bytearray(payload)
    flipped[at] ^= 1 << (at * 5 % 8)
    wrong.append(to_code("R", bytes(flipped)))
results = []
for at in range(0, len(wrong), 60):
    results += judged(as_file("\n".join(wrong[at:at + 60]))).json["receipts"]
bad = [i for i, row in enumerate(results) if row["result"] in ("same", "older")]
same((len(results), bad), (len(payload), []), "a bit of each byte flipped: none is taken")

# Set back, gone on otherwise, and both against each other.
copy = vault.folder / "older"
shutil.copytree(vault.path, copy)
prove(vault)
ahead = receipt(vault, *notes(vault)[-1])
shutil.rmtree(vault.path)
shutil.copytree(copy, vault.path)
run = judged(as_file(good), as_file(ahead, "ahead.txt"))
check(run.rc == 5 and told(run)[1] == [("same", ["operator-1"]), ("ROLLBACK", ["operator-1"])]
      and "ahead.txt: ROLLBACK" in run.error and str(entries) in run.error
      and unbase32(ahead)[21:].split(b"\n")[1].decode() in run.error,
      f"exit 5: {run.error}", str(run))
folder = vault.path / run.json["receipts"][1]["evidence"]
same((folder / "receipt").read_text(), ahead + "\n", "its evidence is kept")
stamp = (folder / "receipt").stat().st_mtime_ns
judged(as_file(ahead))
same((len(list(vault.path.glob("evidence-*"))), (folder / "receipt").stat().st_mtime_ns), (1, stamp),
     "and not saved twice, nor written over")
same(prove(vault).rc, 0, "the next session")
named = vault.events("evidence-attached")[-1]["values"]
same(named, {"evidence": folder.name[9:], "kind": "a receipt that contradicts the log"},
     "names it in the log")
check("evidence" not in vault.run("card", "list").err, "and then it is not reported any more")
while len(vault.log()) < int(unbase32(ahead)[21:].split(b"\n")[1]):
    prove(vault)
run = judged(as_file(ahead), as_file(good, "good.txt"))
check(told(run) == (5, [("FORK", ["operator-1"]), ("older", ["operator-1"])]),
      f"grown to that size again, it is a fork: {run.error}", str(run))
while True:  # two histories of one size, both ahead of the copy that is left
    head_now = receipt(vault, *notes(vault)[-1])
    if unbase32(head_now)[21:].split(b"\n")[1] == unbase32(ahead)[21:].split(b"\n")[1]:
        break
    shutil.rmtree(vault.path)
    shutil.copytree(copy, vault.path)
    prove(vault)
shutil.rmtree(vault.path)
shutil.copytree(copy, vault.path)
run = judged(as_file(ahead), as_file(head_now, "other.txt"))
check(told(run) == (5, [("ROLLBACK", ["operator-1"]), ("FORK", ["operator-1"])])
      and "different roots" in run.json["receipts"][1]["why"],
      "two receipts, both ahead, of one size and two roots", str(run))
same(sorted(f.name for f in (vault.path / run.json["receipts"][1]["evidence"]).iterdir()),
     ["checkpoint", "receipt", "receipt-2"], "and both are kept together")

# At a session's end every signer shows their own.
vault = Vault(rules=policy(cosignatures=2),
              given=found_answers(badges={"operator-1": PASSPHRASE, "custodian-p1": OWN}))
closes = lambda: vault.events("session-closed")[-1]["values"]
asked = lambda: [(e["person"], e["happened"], e["decided"]) for e in exceptions("own-receipt")]


def close(**more):
    given = answers(badges={"operator-1": PASSPHRASE, "custodian-p1": OWN},
                    present=["witness-1", "auditor-1"], **more)
    return vault.run("--json", "card", "prove", vault.cards[0].text(), given=given)


same(exceptions("own-receipt"), [], "nobody can have one at the founding, and nothing is said")
first = receipt(vault, *notes(vault)[-1])
same(close(receipts=[first], signers={"operator-1": first, "custodian-p1": first}).rc, 0,
     "both show theirs")
same(exceptions("own-receipt"), [], "and no exception is logged")
same(closes()["receipt"], ["auditor-1", "custodian-p1", "witness-1"], "to whom receipts go is logged")
check("example.com/practice/custodian-p1" in notes(vault)[-1][1].decode(), "both have cosigned")
same(close(signers={"operator-1": first}).rc, 0, "one has none")
same(asked(), [("custodian-p1", "they have none", "they sign all the same")], "it is logged so")
same(close(signers={"operator-1": first, "custodian-p1": "hello"}).rc, 0, "one shows no receipt")
same(asked()[1:], [("custodian-p1", "not a receipt", "they sign all the same")], "likewise")
kept = vault.folder / "kept"
shutil.copytree(vault.path, kept)
close()
ahead = receipt(vault, *notes(vault)[-1])
shutil.rmtree(vault.path)
shutil.copytree(kept, vault.path)
size, before = len(vault.log()), len(asked())
run = close(signers={"operator-1": first, "custodian-p1": ahead})
check(run.rc == 5 and "signers.custodian-p1: ROLLBACK" in run.error and "custodian-p1" in run.err,
      f"exit 5: a signer's receipt is ahead of the log: {run.error}", str(run))
same([e["event"] for e in vault.log()[-3:-1]], ["exception", "session-closed"],
     "the session is closed all the same")
check(asked()[before:][0][0] == "custodian-p1" and "ROLLBACK" in asked()[before:][0][1]
      and asked()[before:][0][2] == "they do not sign the close", "the log says who, and why",
      str(asked()))
same(closes()["badge-missing"], ["auditor-1", "custodian-p1", "witness-1"], "they have not signed")
check("custodian-p1" not in notes(vault)[-1][1].decode(), "their cosignature is not there")
same([e["expected"] for e in exceptions("close-session")][-1], "2 cosignatures",
     "that one is missing is logged")
same(vault.events("evidence-attached")[-1]["values"]["evidence"],
     next(vault.path.glob("evidence-*")).name[9:], "and the evidence is named")
same(vault.run("log", "verify").rc, 0, "and the log verifies")
before = len(asked())
run = close(signers={"operator-1": ahead})
check(run.rc == 5 and asked()[before:][0][2].startswith("the session needs their badge"),
      f"the operator's own: the close goes on, and says so: {run.error}", str(asked()[before:]))
same(vault.run("log", "verify").rc, 0, "and the log verifies again")

# An exception of the day, as answers give it.
event = {"step": "prove", "expected": "a quiet room", "happened": "a fire drill", "decided": "go on"}
same(vault.run("--json", "card", "prove", vault.cards[0].text(),
               given=answers(exceptions=[event])).rc, 0, "an exception is told")
check(event in [e["values"] for e in vault.events("exception")], "and logged as told")
finish()
