"""Bags sealed and moved: what they hold, where they lie, what must not lie together; and the
table behind the log's back."""
import sqlite3

from harness import *

start()

SITES = [{"id": "site-1", "safes": ["safe-1", "safe-2"]}, {"id": "site-2", "safes": ["safe-1"]},
         {"id": "site-3", "safes": ["any-1", "any-2"]}]
vault = Vault(policy(sites=SITES))


def bags(*more):
    return vault.run("--json", "bag", "list", *more).json["bags"]


def seal(number, *what, site="site-1", safe="safe-1", more=()):
    return vault.act("bag", "seal", number, *what, "--site", site, "--safe", safe, *more)


# ---- Sealed, listed ----
same(bags(), [], "a new vault has none")
run = seal("AB-1001", "--card", 1, more=["--witness", "witness-1", "--witness", "custodian-p1"])
row = {"bag": "AB-1001", "serial": 1, "account": None, "site": "site-1", "safe": "safe-1",
       "state": "sealed", "checked": None, "result": None, "outside": None}
since = run.json.pop("since") if run.rc == 0 else None
got = run.json
got.pop("since", None)
same((run.rc, got), (0, row), "a card is sealed in a bag")
same(vault.events("bag-sealed")[0]["values"],
     {"bag": "AB-1001", "serial": "1", "site": "site-1", "safe": "safe-1",
      "witness": ["custodian-p1", "witness-1"]}, "the log has it, with who watched")
card = vault.run("--json", "card", "list").json["cards"][0]
same([card[key] for key in ("bag", "site", "safe")], ["AB-1001", "site-1", "safe-1"],
     "card list says where it lies")
same(seal("AB-1004", "--card", 4, site="site-2").rc, 0, "a card of the other group lies at another site")
same(seal("D 1", "--account", ACCOUNT, safe="safe-2").rc, 0, "a device's bag")

# ---- What is not taken: nothing is written ----
before = len(vault.log())
for what, *args in (
        ("the same number again", "AB-1001", "--card", 2),
        ("in other letters", "ab 1001", "--card", 2),
        ("without what stands between", "AB1001", "--card", 2),
        ("an escape", "\x1b[2J", "--card", 2),
        ("a letter that looks like another", "\u0410B-1002", "--card", 2),
        ("33 signs", "A" * 33, "--card", 2),
        ("an empty number", "", "--card", 2),
        ("a space at its end", "A ", "--card", 2),
        ("a card that is not there", "AB-1002", "--card", 99),
        ("no serial", "AB-1002", "--card", "x"),
        ("a card and a device", "AB-1002", "--card", 2, "--account", ACCOUNT),
        ("neither", "AB-1002"),
        ("no account", "AB-1002", "--account", "999999999999"),
        ("a witness who is nobody", "AB-1002", "--card", 2, "--witness", "nobody"),
        ("the operator as a witness", "AB-1002", "--card", 2, "--witness", "operator-1"),
        ("an unknown option", "AB-1002", "--card", 2, "--gently")):
    same(seal(*args).rc, 2, f"refused: {what}")
for what, site, safe in (("a site that the policy has not", "site-9", "safe-1"),
                         ("a safe that it has not", "site-1", "safe-9"),
                         ("a site that is no name", "Site 1", "safe-1"),
                         ("an escape for a safe", "site-3", "\x1b[2J")):
    same(seal("AB-1002", "--card", 2, site=site, safe=safe).rc, 2, f"refused: {what}")
same(vault.act("bag", "seal", "AB-1002", "--card", 2).rc, 2, "refused: no place")
same(vault.act("bag", "move", "AB-9", "--site", "site-1", "--safe", "safe-1").rc, 2,
     "refused: moving a bag that is not there")
same(len(vault.log()), before, "and nothing of it is in the log")
same(seal("AB-1002", "--card", 2, site="site-3", safe="any-1").rc, 0,
     "another site")

# ---- Kept apart ----
entries = len(vault.log())
for what, run in (
        ("an MFA card with a password card", seal("AB-1005", "--card", 5)),
        ("a password card with a device", seal("AB-1003", "--card", 3, safe="safe-2")),
        ("a device with a password card", seal("D 2", "--account", ACCOUNT)),
        ("a password card moved to an MFA card",
         vault.act("bag", "move", "AB-1001", "--site", "site-2", "--safe", "safe-1"))):
    check(run.rc == 2 and "kept apart" in run.error, f"refused: {what}", str(run))
same(len(vault.log()), entries, "nothing of it is in the log")
for what, where, words in (("site", "mars/s1", "the policy names no site mars"),
                           ("safe", "site-1/mars", "the policy names no safe mars at site-1")):
    for args in (("phone", "office", f"safe={where}"), ("safe", where, "holder=witness-1")):
        run = vault.act("register", "set", *args)
        same((run.rc, run.error), (2, f"{'safe' if args[0] == 'phone' else args[0]}: {words}"),
             f"the register takes no {what} that the policy does not have: {args[0]}")
same(vault.act("register", "set", "phone", "office", "holder=witness-1", "safe=site-3/any-2").rc, 0,
     "a phone lies in a safe")
check("phone office" in seal("AB-1006", "--card", 6, site="site-3", safe="any-2").error,
      "refused: a card with a phone of the register")
run = seal("AB-1005", "--card", 5, more=["--accept-overlap"])
same(run.rc, 0, "what is accepted is put there")
said = [e["values"]["happened"] for e in vault.events("exception") if e["values"]["step"] == "bag"]
same(said, ["card 1, of the password group, lies there, in bag AB-1001"], "and the log says so")
check(any(r["what"] == "safe" or "site-1/safe-1" in r["text"]
          for r in vault.run("--json", "status").json["rows"] if r["state"] == "conflict"),
      "and status has it as a conflict")

# ---- Moved, and sealed anew ----
run = vault.act("bag", "move", "ab 1001", "--site", "site-3", "--safe", "any-1")
same((run.rc, run.json["site"], run.json["safe"]), (0, "site-3", "any-1"),
     "a bag is moved, by its number as people read it")
same(vault.events("bag-moved")[0]["values"]["bag"], "AB-1001", "the log has its number as it was sealed")
run = seal("AB-2001", "--card", 1, site="site-3", safe="any-1")
same(run.rc, 0, "a card gets another bag")
same([b["bag"] for b in bags() if b["serial"] == 1], ["AB-2001"], "the list has the bag in which it lies")
same([(b["bag"], b["state"]) for b in bags("--all") if b["serial"] == 1],
     [("AB-1001", "former"), ("AB-2001", "sealed")], "and with --all the former one too")
same(vault.act("bag", "move", "AB-1001", "--site", "site-1", "--safe", "safe-1").rc, 2,
     "a former bag is moved nowhere")
vault.act("card", "prove", vault.cards[0].text())
same([b["state"] for b in bags() if b["serial"] == 1], ["opened"], "a card that was read has left its bag")
out = vault.run("bag", "list").out
check("AB-2001  opened, card 1 of custodian-p1, live" in out and max(map(len, out.splitlines())) <= 80,
      "the table says so in words", out)

# ---- Taken out of a session that lasts ----
def session(*args, **given):
    return vault.run("--json", "session", *args, given=answers(**given))


def refused(run, code, words, what):
    check(run.rc == code and words in run.error, what, str(run))


def bag(number):
    return next(b for b in bags() if b["bag"] == number)


same(session("open", present=["custodian-m1", "witness-1"]).rc, 0, "a session lasts")
refused(session("out", "AB-1004", "--person", "custodian-p3"), 4, "custodian-p3: not of this session",
        "who is not in it takes nothing out")
run = session("out", "ab 1004", "--person", "custodian-m1")
same((run.rc, [(t["thing"], t["where"], t["person"]) for t in run.json["things"]]),
     (0, [("bag AB-1004", "outside", "custodian-m1")]), "a bag goes out, by its number on record")
for letters in ("bag AB1004", "BAG ab 1004", "Bag  AB-1004", "\uff21\uff22-1004"):
    refused(session("out", letters, "--person", "witness-1"), 4, "outside already",
            f"in other letters it is the same bag: {letters}")
entries = len(vault.log())
for letters in ("the bag AB-1004", "Bag no. ab 1004", "AB\u20101004 and its label", "bags AB-1002, D 1"):
    refused(session("out", letters, "--person", "witness-1"), 2, "is on record: name it alone",
            f"in other words it is named alone: {letters}")
same(len(vault.log()), entries, "and nothing is written")
refused(session("out", "AB\u20101004", "--person", "witness-1"), 4, "outside already",
        "with another hyphen it is the same bag")
for letters in ("AB-10045", "a cab 1004", "an AB form", "the AD 1 leaflet"):
    same((session("out", letters, "--person", "witness-1").rc,
          session("back", letters, "--person", "witness-1").rc), (0, 0), f"no bag is: {letters}")
same((bag("AB-1004")["outside"], bag("AB-1004")["state"]), ("custodian-m1", "sealed"),
     "bag list says with whom")
check("AB-1004  sealed, card 4 of custodian-m1, live" in vault.run("bag", "list").out and
      "\n    outside now, with custodian-m1\n" in vault.run("bag", "list").out, "in words too")
entries = len(vault.log())
for what, run in (("whole", vault.act("seal", "check", "--bag", "AB-1004", "--card", 4)),
                  ("missing", vault.act("seal", "check", "--card", 4, "--result", "missing"))):
    refused(run, 2, "bag AB-1004: it is outside, with custodian-m1",
            f"on the way nobody finds it {what}")
refused(session("close"), 4, "bag AB-1004 (custodian-m1)", "the close waits for it")
same(len(vault.log()), entries, "and none of that is logged")
same(session("back", "AB1004", "--person", "witness-1").rc, 0, "it is brought back")
same((bag("AB-1004")["outside"], vault.act("seal", "check", "--bag", "AB-1004", "--card", 4).rc),
     (None, 0), "and its seal can be checked")
same((session("leave", "custodian-m1").rc, session("out", "AB-1004", "--person", "custodian-m1").rc),
     (0, 0), "its holder leaves with it")
same(vault.act("bag", "move", "AB-1004", "--site", "site-1", "--safe", "safe-2").rc, 0,
     "to another safe")
same((bag("AB-1004")["outside"], bag("AB-1004")["safe"], session("return", "custodian-m1").rc,
      vault.events("thing-back")[-1]["values"]), (None, "safe-2", 0,
                                                  {"thing": "bag AB-1004", "person": "custodian-m1"}),
     "where it is outside no more")
same(session("out", "The  Phone", "--person", "witness-1").rc, 0, "a thing goes out")
refused(session("out", "the phone", "--person", "witness-1"), 4, "outside already",
        "of other case and spaces it is the same")
same((session("out", "D 1", "--person", "witness-1").rc, bag("D 1")["outside"],
      session("back", "d1", "--person", "witness-1").rc, bag("D 1")["outside"]),
     (0, "witness-1", 0, None), "the bag of a device goes out and comes back")
same((session("out", "D 1", "--person", "witness-1").rc,
      seal("D 2", "--account", ACCOUNT, site="site-2").rc, session("back", "d1", "--person", "witness-1").rc),
     (0, 0, 0), "what was in it lies in another since: the old bag comes back all the same")
same((session("out", "D 1", "--person", "witness-1").rc, session("exception", exceptions=[
    {"step": "4", "expected": "it is burnt here", "happened": "it is burnt elsewhere", "decided": "so be it",
     "settles_thing": "D 1"}]).rc, bag("D 2")["result"]), (0, 0, None),
     "and nothing is missing if it does not")
same(session("out", "AB-1002", "--person", "witness-1").rc, 0, "a card's bag goes out")
told = {"step": "3", "expected": "both come back", "happened": "a taxi drove off with them",
        "decided": "the card is void"}
run = session("exception", exceptions=[{**told, "settles_thing": "THE PHONE"},
                                       {**told, "settles_thing": "ab1002"}])
same((run.rc, {t["thing"]: t["where"] for t in run.json["things"]}["bag AB-1002"]), (0, "settled"),
     "neither comes back, in whatever letters it is said")
same([e["values"] for e in vault.events("seal-checked")][1:],
     [{"bag": "AB-1002", "result": "missing"}], "a bag that does not is missing")
same((bag("AB-1002")["result"], bag("AB-1002")["outside"],
      [c["state"] for c in vault.run("--json", "card", "list").json["cards"] if c["serial"] == 2]),
     ("missing", None, ["suspect"]), "and its card suspect")
same(session("close").rc, 0, "the session ends")

# ---- Outside when quorums end the session: nobody knows where it is ----
def astray():
    return [r["text"] for r in vault.run("--json", "status").json["rows"]
            if r["what"] == "bag" and r["state"] == "conflict" and "was outside" in r["text"]]


same((session("open", present=["custodian-m1", "witness-1"]).rc,
      *[session("out", what, "--person", "custodian-m1").rc for what in ("AB-1004", "AB-2001", "the phone")],
      astray()), (0, 0, 0, 0, []), "two bags and a phone are outside")
p, m = vault.group("password"), vault.group("mfa")
same(vault.run("--json", "log", "takeover", "--operator", "operator-1", "--confirm", "example.com/practice",
               *[c.text() for c in (p[0], p[2], m[1], m[2])],
               given=answers()).rc, 0, "the log is taken over")
rows = astray()
check(len(rows) == 1 and rows[0].startswith("bag AB-1004 was outside, with custodian-m1,"),
      "the bag whose card was not read is in conflict, and no other thing", str(rows))
same([bag(n)["outside"] for n in ("AB-1004", "AB-2001")], ["custodian-m1", None], "bag list says with whom")
check("\n    outside with custodian-m1 when its session was ended; not seen since\n" in
      vault.run("bag", "list").out, "in words too")
same(session("open", present=["custodian-m1"]).rc, 0, "one more session")
refused(session("back", "AB-1004", "--person", "custodian-m1"), 4, "none of that name is outside",
        "in which it is not")
same((session("close").rc, len(astray())), (0, 1), "changes nothing about it")
same((vault.act("seal", "check", "--bag", "AB-1004", "--card", 4).rc, astray(), bag("AB-1004")["outside"]),
     (0, [], None), "until its seal is looked at")

# ---- The verifiers agree ----
same(vault.run("log", "verify").rc, 0, "the log is verified")
faults = foreign_verdict(vault)
if faults is not None:
    same(faults, [], "and by the program in Python")

# ---- A table edited behind the log's back ----
for text in ("UPDATE bag SET site = 'site-2' WHERE serial = 2", "UPDATE bag SET opened = -1",
             "UPDATE bag SET serial = 3 WHERE serial = 2", "DELETE FROM bag WHERE serial = 2"):
    copy = vault.folder / "copy"
    shutil.copytree(vault.path, copy)
    with sqlite3.connect(copy / "vault.sqlite") as db:
        db.execute(text)
    db.close()
    run = quorate("--json", "log", "verify", vault=copy)
    check(run.rc == 5 and any("bag" in f["fault"] for f in run.json["faults"]),
          f"{text}: log verify names it", str(run))
    same(quorate("bag", "list", vault=copy).rc, 5, f"{text}: nothing is shown")
    shutil.rmtree(copy)

finish()
