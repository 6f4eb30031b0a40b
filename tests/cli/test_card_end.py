"""A card's end: void by two badges, destroyed before witnesses, accounted for in between; and
what a table says that was edited behind the log's back."""
import sqlite3

from harness import *

start()

# ---- Void: two badges, unless it is practice ----
real = Vault(policy(practice=False), found_answers(confirm="example.com/practice", badges={
    "operator-1": PASSPHRASE, "witness-1": PASSPHRASE}))
before = len(real.log())
run = real.act("card", "void", 2, "--reason", "lost on a journey")
same((run.rc, len(real.log())), (4, before), "one badge voids no card of a real vault, and writes nothing")
two = answers(badges={"operator-1": PASSPHRASE, "witness-1": PASSPHRASE})
run = real.run("--json", "card", "void", 2, "--reason", "lost on a journey", given=two)
same((run.rc, run.json), (0, {"serial": 2, "state": "void", "group": "password", "generation": 1,
                              "edition": 1, "outstanding": 1, "threshold": 2}),
     "two badges void it, and what is out of hand is told")
same(real.run("log", "verify").rc, 0, "the log is verified")

vault = Vault()
state = lambda serial: vault.run("--json", "card", "list").json["cards"][serial - 1]["state"]
outstanding = lambda: [c["serial"] for c in
                       vault.run("--json", "card", "list", "--outstanding").json["cards"]]
same(outstanding(), [], "nothing is outstanding at first")
same(vault.act("bag", "seal", "E-1", "--card", 1, "--site", "s", "--safe", "a").rc, 0, "a card is bagged")
run = vault.run("card", "void", 1, "--reason", "lost", given=answers())
same((run.rc, state(1)), (0, "void"), "in practice one badge does")
check("What that does not revoke" in run.out and "re-key" in run.out,
      "its output says what that does not revoke", run.out)
same([e["values"] for e in vault.events("card-voided")], [{"serial": "1", "reason": "lost"}],
     "it is in the log, with the reason")
p1, p2, p3 = vault.group("password")
m1, m2, _ = vault.group("mfa")
run = vault.open(p1.text(), p2.text(), m1.text(), m2.text())
same((run.rc, verdicts(run)[0]), (4, "void"), "a void card opens nothing")
same(verdicts(vault.check(p1.text())), ["void"], "and is told so to its holder")

# ---- What is not taken, and writes nothing ----
before = len(vault.log())
for what, rc, *args in (
        ("a card that is void already", 2, "card", "void", 1, "--reason", "again"),
        ("no card of that serial", 2, "card", "void", 99, "--reason", "x"),
        ("no reason", 2, "card", "void", 2, "--reason", ""),
        ("a reason that writes on a screen", 2, "card", "void", 2, "--reason", "\x1b[2J"),
        ("a serial that is none", 2, "card", "void", "two", "--reason", "x"),
        ("without a reason", 2, "card", "void", 2),
        ("the last that a quorum needs", 2, "card", "void", 2, "--reason", "lost"),
        ("the same under another name", 2, "card", "void", 2, "--reason", "lost", "--confirm", "x"),
        ("destroying a live card", 2, "card", "destroy", 2, "--witness", "witness-1"),
        ("destroying before nobody", 2, "card", "destroy", 1),
        ("destroying before the operator", 2, "card", "destroy", 1, "--witness", "operator-1"),
        ("destroying before a stranger", 2, "card", "destroy", 1, "--witness", "witness-9"),
        ("a witness twice", 2, "card", "destroy", 1, "--witness", "witness-1", "--witness", "witness-1")):
    run = vault.act(*args)
    same(run.rc, rc, f"refused: {what}")
same(len(vault.log()), before, "and nothing of it is in the log")

# ---- Destroyed ----
same(outstanding(), [1], "a void card is outstanding until it is destroyed")
run = vault.act("card", "destroy", 1, "--witness", "witness-1", "--witness", "custodian-m1")
same((run.rc, run.json["state"], run.json["outstanding"]), (0, "destroyed", 0), "it is destroyed")
same(vault.events("card-destroyed")[0]["values"],
     {"serial": "1", "witness": ["custodian-m1", "witness-1"]}, "and the log has who saw it")
same((outstanding(), state(1)), ([], "destroyed"), "nothing is outstanding now")
run = vault.act("card", "destroy", 1, "--witness", "witness-1")
same(run.rc, 2, "a card is destroyed once")
check("card 1: it was destroyed already" in str(run.err), "and that is what is said", str(run.err))
before = len(vault.log())
for what, run in (("its bag is", vault.act("seal", "check", "--bag", "E-1", "--result", "broken")),
                  ("its bag is, by the card,", vault.act("seal", "check", "--card", 1, "--result", "missing"))):
    check(run.rc == 2 and "bag E-1: card 1, which was in it, is destroyed" in run.error,
          f"{what} not looked at any more", str(run))
same((vault.act("session", "open", ).rc,
      vault.act("session", "out", "E-1", "--person", "operator-1").rc,
      vault.run("session", "exception", given=answers(exceptions=[
          {"step": "1", "expected": "the bag is kept", "happened": "it is burnt", "decided": "so be it",
           "settles_thing": "E-1"}])).rc, vault.act("session", "close").rc), (0, 0, 0, 0),
     "nor is it missing if it goes out and does not come back")
same((vault.events("seal-checked"), state(1), outstanding()), ([], "destroyed", []),
     "what is destroyed is not suspect, nor outstanding")
run = vault.open(p2.text(), p3.text(), m1.text(), m2.text())
same(run.rc, 0, "the other cards open the vault")
run = vault.run("--json", "card", "void", 2, "--reason", "lost too",
                given=answers(confirm="example.com/practice"))
same((run.rc, run.json["outstanding"]), (0, 1),
     "the last that a quorum needs is voided by who names the vault; what is destroyed is not out")

# ---- The verifiers agree ----
same(vault.run("log", "verify").rc, 0, "the log is verified")
faults = foreign_verdict(vault)
if faults is not None:
    same(faults, [], "and by the program in Python")

# ---- A table edited behind the log's back ----
for what, text in (("a void card is made live", "UPDATE card SET voided = -1 WHERE serial = 2"),
                   ("a destroyed one", "UPDATE card SET destroyed = -1 WHERE serial = 1")):
    copy = vault.folder / "copy"
    shutil.copytree(vault.path, copy)
    with sqlite3.connect(copy / "vault.sqlite") as db:
        db.execute(text)
    db.close()
    run = quorate("--json", "log", "verify", vault=copy)
    check(run.rc == 5 and any("card" in f["fault"] for f in run.json["faults"]),
          f"{what} in the table: log verify names it", str(run))
    run = quorate("open", ACCOUNT, "--purpose", "close-account", "--show", "code", p2.text(), p3.text(),
                  m1.text(), m2.text(), vault=copy, answers=answers(), release=True)
    same(run.rc, 5, f"{what} in the table: nothing is opened")
    shutil.rmtree(copy)

# ---- A group of whom one is enough ----
single = Vault(policy(mfa=(1, 2)))
for serial, whole in ((1, False), (4, True)):
    run = single.run("card", "void", serial, "--reason", "lost", given=answers())
    same((run.rc, "half of the key, whole" in run.out, "and enough others" in run.out),
         (0, whole, not whole), f"card {serial}: what its share alone is worth is said")
finish()
