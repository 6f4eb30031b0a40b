"""Seals checked at the safe: what was seen must be what was recorded last; a card whose bag was
not whole is suspect, and a quorum takes it only if somebody says so."""
import sqlite3

from harness import *

start()
vault = Vault()
p1, p2, p3 = vault.group("password")
m1, m2, m3 = vault.group("mfa")


def seal(number, *what, safe="safe-1"):
    run = vault.act("bag", "seal", number, *what, "--site", "site-1", "--safe", safe)
    assert run.rc == 0, run
    return run


def look(*args, **more):
    return vault.act("seal", "check", *args, **more)


def state(serial):
    return vault.run("--json", "card", "list").json["cards"][serial - 1]["state"]


def found(run):
    return [(row["bag"], row["result"], row["seen"]) for row in run.json["seals"]]


for n in (1, 2, 3):
    seal(f"AB-100{n}", "--card", n)
for n in (4, 5):
    seal(f"AB-100{n}", "--card", n, safe="safe-2")
seal("D-1", "--account", ACCOUNT, safe="safe-3")

# ---- Whole ----
run = look("--card", 1, "--bag", "ab 1001", "--person", "witness-1")
same((run.rc, run.json), (0, {"seals": [{"bag": "AB-1001", "serial": 1, "account": None,
                                         "result": "whole", "seen": None, "person": "witness-1"}]}),
     "a bag that is there as it was recorded is whole")
same(vault.events("seal-checked")[0]["values"], {"bag": "AB-1001", "result": "whole",
                                                 "person": "witness-1"}, "the log has it")
same((look("--bag", "AB-1002").rc, state(2)), (0, "live"), "a bag's number alone names it")
label = to_code("B", bytes([1]) + bytes.fromhex(vault.result["vault_id"]) + bytes([0, 1, 0, 1, 0, 0, 0, 3])
                + bytes.fromhex(next(e["values"]["commitment"] for e in vault.events("card-created")
                                     if e["values"]["serial"] == "3")))
same(found(look("--card", label, "--bag", "AB-1003")), [("AB-1003", "whole", None)],
     "a label that was scanned names its card")
row = next(b for b in vault.run("--json", "bag", "list").json["bags"] if b["serial"] == 1)
same((row["result"], len(row["checked"])), ("whole", 20), "bag list has the last check")

# ---- What is not taken: nothing is written ----
before = len(vault.log())
forged = to_code("B", unbase32(label)[:-1] + b"x")
other = to_code("B", bytes([1]) + bytes(12) + unbase32(label)[13:])
for what, rc, *args in (
        ("a card that is not there", 2, "--card", 99, "--bag", "AB-1001"),
        ("a card without a bag", 2, "--card", 6, "--bag", "AB-1006"),
        ("an account without one", 2, "--account", "999999999999", "--bag", "D-1"),
        ("a card and an account", 2, "--card", 1, "--account", ACCOUNT, "--bag", "AB-1001"),
        ("an unknown number alone", 2, "--bag", "AB-9999"),
        ("no number of a bag that is whole", 2, "--card", 1),
        ("a number of a bag that is missing", 2, "--card", 1, "--bag", "AB-1001", "--result", "missing"),
        ("an escape for a number", 2, "--card", 1, "--bag", "\x1b[2J"),
        ("33 signs", 2, "--card", 1, "--bag", "A" * 33),
        ("a letter that looks like another", 2, "--card", 1, "--bag", "\u0410B-1001"),
        ("a result that is none", 2, "--card", 1, "--bag", "AB-1001", "--result", "fine"),
        ("a result that is not seen but concluded", 2, "--card", 1, "--bag", "X", "--result", "wrong-number"),
        ("somebody who is nobody", 2, "--card", 1, "--bag", "AB-1001", "--person", "nobody"),
        ("a result of nothing", 2, "--result", "whole"),
        ("a label of another commitment", 4, "--card", forged, "--bag", "AB-1003"),
        ("a label of another vault", 4, "--card", other, "--bag", "AB-1003"),
        ("a card's own code", 4, "--card", to_code("S", bytes(130)), "--bag", "AB-1003")):
    same(look(*args).rc, rc, f"refused: {what}")
for what, seals in (("none", []), ("an unknown key", [{"bag": "AB-1001", "colour": "red"}]),
                    ("one bag twice", [{"card": 1, "bag": "AB-1001"}, {"bag": "AB-1001"}]),
                    ("a wrong one behind a good one", [{"bag": "AB-1001"}, {"card": 99, "bag": "x"}])):
    same(vault.run("seal", "check", given=answers(seals=seals)).rc, 2, f"refused of a list: {what}")
same(vault.act("seal", "check").rc, 2, "refused: no list at all")
run = vault.run("--json", "seal", "check", "--card", 1, "--result", "missing",
                given=answers(badges={"operator-1": "not the passphrase"}))
same((run.rc, run.out), (4, ""), "a badge that is refused says nothing of seals")
same(len(vault.log()), before, "and nothing of it is in the log")

# ---- Not whole: many in one sitting ----
run = vault.run("--json", "seal", "check", given=answers(seals=[
    {"card": 1, "bag": "AB-1001", "result": "broken"}, {"card": "2", "bag": "XY 7"},
    {"card": 4, "result": "missing"}, {"bag": "AB-1005", "person": "custodian-m2"},
    {"account": ACCOUNT, "bag": "D-1", "result": "broken"}]))
same(run.rc, 4, "exit 4 if one is not as recorded")
same(found(run), [("AB-1001", "broken", None), ("AB-1002", "wrong-number", "XY 7"),
                  ("AB-1004", "missing", None), ("AB-1005", "whole", None), ("D-1", "broken", None)],
     "each result")
same([state(n) for n in range(1, 7)], ["suspect", "suspect", "live", "suspect", "live", "live"],
     "the cards of those that are not whole are suspect")
run = look("--bag", "AB-1004", "--result", "missing")
same((run.rc, run.out and found(run)), (4, [("AB-1004", "missing", None)]),
     "a number alone names a bag that is missing, too")
seal("AB-2001", "--card", 1)
same((look("--card", 1, "--bag", "AB-2001").rc, state(1)), (0, "suspect"),
     "another bag, and a check that finds it whole, do not end that")
run = look("--card", 1, "--bag", "AB-1001")
same((run.rc, found(run)), (4, [("AB-2001", "wrong-number", "AB-1001")]),
     "the bag before it is not the one recorded last")
out = vault.run("seal", "check", given=answers(seals=[{"card": 1, "bag": "AB-1001"}])).out
check("AB-2001, card 1: wrong-number, it says AB-1001\n" in out, "in words, with the number seen", out)

# ---- A quorum takes a suspect card only if somebody says so ----
cards = [c.text() for c in (p1, p3, m2, m3)]
run = vault.open(*cards)
same((run.rc, verdicts(run)), (4, ["suspect", "accepted", "accepted", "accepted"]),
     "a suspect card is refused at an opening")
same([e["values"].get("reason") for e in vault.events("card-refused")][-1], "suspect", "and logged so")
same(vault.open(*cards, given=answers(accept_suspect=[2, 4])).rc, 4, "others that are named do not help")
run = vault.open(*cards, given=answers(accept_suspect=[1]))
same((run.rc, run.json["cards"][0].get("suspect")), (0, True), "it is taken if it is named")
same([e["values"].get("suspect") for e in vault.events("card-accepted")][-4:], ["yes", None, None, None],
     "and the log says so of it, and of no other")
run = vault.check(p1.text())
same((run.rc, run.json["cards"][0]), (0, {"file": str(p1.text()), "serial": 1, "result": "accepted",
                                          "suspect": True}), "its holder is told that it is good, and suspect")
same(vault.run("--json", "bag", "list").json["bags"][-1]["state"], "opened",
     "its bag is opened now")

# ---- The verifiers agree ----
same(vault.run("log", "verify").rc, 0, "the log is verified")
faults = foreign_verdict(vault)
if faults is not None:
    same(faults, [], "and by the program in Python")

# ---- A table edited behind the log's back ----
for text in ("UPDATE card SET suspect = -1", "UPDATE bag SET result = 'whole'"):
    copy = vault.folder / "copy"
    shutil.copytree(vault.path, copy)
    with sqlite3.connect(copy / "vault.sqlite") as db:
        db.execute(text)
    db.close()
    run = quorate("--json", "log", "verify", vault=copy)
    check(run.rc == 5 and run.json["faults"], f"{text}: log verify names it", str(run))
    run = quorate("open", ACCOUNT, "--purpose", "close-account", "--show", "code", *cards, vault=copy,
                  answers=answers(), release=True)
    same(run.rc, 5, f"{text}: nothing is opened")
    shutil.rmtree(copy)

finish()
