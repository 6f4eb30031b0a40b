"""A badge that was missing at a session's close signs it later: under a mark in log.key, with the
signer's own receipt, and seen by everything that reads the checkpoint."""
import shutil
import sqlite3
import subprocess

from harness import *

start()
need("pdftotext")
OWN = "eleven slow trains at night"
keep_secret(OWN)
BADGES = {"operator-1": PASSPHRASE, "custodian-p1": OWN, "witness-1": OWN + "!",
          "custodian-m1": OWN + "?"}
keep_secret(*BADGES.values())


def badges(*ids):
    return {i: BADGES[i] for i in ids}


def prove(*ids, **more):
    return vault.run("--json", "card", "prove", vault.cards[0].text(),
                     given=answers(badges=badges("operator-1", *ids), present=["custodian-p1"],
                                   **more))


def cosign(person, *ids, **more):
    return vault.run("--json", "log", "cosign", "--person", person,
                     given=answers(badges=badges("operator-1", *(ids or [person])), **more))


def rows():
    with sqlite3.connect(vault.path / "vault.sqlite") as db:
        return db.execute("SELECT epoch, person FROM log_cosignature ORDER BY 1, 2").fetchall()


def receipt():
    return vault.run("--json", "receipt", "print").json["receipt"]


def signers(code):
    return re.findall(r"practice/(\S+) ", unbase32(code).split(b"\n\n")[1].decode())


def verified():
    run = vault.run("--json", "log", "verify")
    same((run.rc, run.json["faults"]), (0, []), "the log verifies")
    return [n["notice"] for n in run.json["notices"] if "cosigned" in n["notice"]]


def files():
    return [(vault.path / f).read_bytes() for f in ("log.key", "vault.sqlite")]


vault = Vault(rules=policy(cosignatures=3),
              given=found_answers(badges=BADGES))
same(prove("custodian-p1").rc, 0, "two of three cosign a close")
check(any("2 of 3 cosigned" in n for n in verified()), "which is told at each verification")
own = receipt()
entries, before = len(vault.log()), files()

for what, run, rc, word in [
        ("nobody of that id", cosign("custodian-x9", "custodian-p1"), 2, "custodian"),
        ("someone who has cosigned already", cosign("custodian-p1"), 4, "already"),
        ("the operator", cosign("operator-1", "custodian-p1"), 4, "already"),
        ("a wrong badge", vault.run("--json", "log", "cosign", "--person", "witness-1",
                                    given=answers(badges={"operator-1": PASSPHRASE,
                                                          "witness-1": OWN})), 4, "witness-1"),
        ("no badge", cosign("witness-1", "custodian-p1"), 2, "badges.witness-1"),
        ("a receipt that is none", cosign("witness-1", signers={"witness-1": "hello"}), 4,
         "signers.witness-1"),
        ("no person", vault.run("log", "cosign", given=answers()), 2, "--person"),
        ("one word more", vault.run("log", "cosign", "--person", "witness-1", "x",
                                    given=answers()), 2, "x")]:
    check(run.rc == rc and (word in run.error or what == "nobody of that id"),
          f"exit {rc}: {what}: {run.error}", str(run))
same(files(), before, "nothing of that has written a byte")

run = cosign("witness-1", signers={"witness-1": own})
same((run.rc, run.json), (0, {"person": "witness-1", "size": entries,
                              "epoch": vault.log()[-1]["epoch"], "cosignatures": 3, "wanted": 3,
                              "receipt_shown": True}),
     "a witness signs later, with a receipt")
same((rows(), len(vault.log())), ([(run.json["epoch"], "witness-1")], entries),
     "it is a row, and no entry")
same([n for n in verified() if f"entry {entries - 3}" in n], [], "nothing is short now")
same(vault.run("card", "list").err, "", "and no opening has anything to tell")
same(signers(receipt()), ["operator-1", "custodian-p1"], "a receipt has room for two of them")
check("already" in cosign("witness-1").error, "nobody signs twice")

run = cosign("custodian-m1")
same((run.rc, run.json["cosignatures"], run.json["receipt_shown"]), (0, 4, False),
     "another, without a receipt")
check("without a receipt" in run.err, "is told so", run.err)
check("custodian-m1 cosigned after the close without" in vault.run("card", "list").err,
      "and each opening tells it")
same([p for _, p in rows()], ["custodian-m1", "witness-1"], "two rows")
minutes = vault.folder / "minutes"
vault.run("session", "minutes", "--sheets", minutes)
text = " ".join(subprocess.run(["pdftotext", "-layout", str(next(minutes.glob("*.pdf"))), "-"],
                               check=True, capture_output=True, text=True).stdout.split())
check("cosigned after the close by custodian-m1 witness-1" in text, "the minutes name both", text)
verified()

# The next session names who had none; and the rows stay.
same(prove("custodian-p1", receipts=[own]).rc, 0, "the next session")
about = [e["values"] for e in vault.events("exception")
         if e["values"].get("person") == "custodian-m1"]
same([(e["step"], e["decided"]) for e in about], [("own-receipt", "the cosignature stands")],
     "says that one had no receipt")
same(vault.run("card", "list").err, "", "after which no opening tells it")
same([p for _, p in rows()], ["custodian-m1", "witness-1"], "the rows stay")
verified()
same(vault.run("--json", "receipt", "check", vault.write("own.txt", own)).rc, 0,
     "and the receipt of before agrees")

# A real head: founding's close, which only the operator signed.
vault = Vault(rules=policy(cosignatures=2),
              given=found_answers(badges={**BADGES}))
founded = signers(receipt())
if founded == ["operator-1"]:
    check(cosign("custodian-p1").rc == 0 and signers(receipt()) == ["operator-1", "custodian-p1"],
          "the receipt of a close with one cosignature shows the later one")
else:
    print("note: the founding was cosigned by", founded)
    same(prove().rc, 0, "a close by the operator alone")
    check(cosign("custodian-p1").rc == 0 and signers(receipt()) == ["operator-1", "custodian-p1"],
          "the receipt of a close with one cosignature shows the later one")
check("custodian-p1" in unbase32(receipt()).decode("latin-1"), "and carries it")
shown = vault.run("--json", "receipt", "check", vault.write("r.txt", receipt())).json["receipts"][0]
same((shown["result"], shown["cosigned_by"]), ("same", ["operator-1", "custodian-p1"]),
     "and it is verified as its own")

# Ahead of the log: nothing is signed.
kept = vault.folder / "kept"
shutil.copytree(vault.path, kept)
same(prove().rc, 0, "the log goes on")
ahead = receipt()
shutil.rmtree(vault.path)
shutil.copytree(kept, vault.path)
before = rows(), (vault.path / "log.key").read_bytes()
run = cosign("witness-1", signers={"witness-1": ahead})
check(run.rc == 5 and "ROLLBACK" in run.error, f"exit 5: {run.error}", str(run))
same((rows(), (vault.path / "log.key").read_bytes()), before, "nothing is signed")
same(len(list(vault.path.glob("evidence-*"))), 1, "and the evidence is kept")

# A head that is no close.
broken = vault.run("--json", "open", ACCOUNT, "--purpose", "close-account", "--show", "code",
                   *[c.text() for c in vault.group("password")[:2]],
                   *[c.text() for c in vault.group("mfa")[:2]],
                   given=answers(), secrets_fd=None)
same(broken.rc, 2, "an opening that does not begin leaves the head as it was")

# What lost its row only: put back, and said.
file = vault.path / "vault.sqlite"
vault.run("card", "list")
older = file.read_bytes()
same(cosign("custodian-m1").rc, 0, "one more")
newer = file.read_bytes()
file.write_bytes(older)
run = vault.run("card", "list")
check(run.rc == 0 and "lost a cosignature" in run.err, "the database loses the row: told", str(run))
same(prove().rc, 0, "and put back by the next badge")
check([p for _, p in rows()][-2:] == ["custodian-m1", "custodian-p1"], "it stands", str(rows()))
check("put back from log.key" in [e["values"]["decided"] for e in vault.events("exception")],
      "and the log says so")
verified()
finish()
