"""Drills: one group's half, or the key of both, is rebuilt and matched; nothing is shown or
changed; cards and people are graded; what went wrong is an action that stays open till done."""
from harness import *

start()
need("pdftotext")
need_module("nacl")

vault = Vault(policy(password=(2, 3), mfa=(2, 3)))
p, m = ([c.text() for c in vault.group(g)] for g in ("password", "mfa"))
ready = {"operator-1": "ready"}


def drill(*args, given=None, of=vault, **more):
    return of.run("--json", "drill", *args, given=given or answers(grades=ready, **more))


def names_since(index):
    return [e["event"] for e in vault.log() if e["index"] >= index]


def verified(of, what):
    same(of.run("log", "verify").rc, 0, f"{what}: the log is verified")
    same(foreign_verdict(of), [], f"{what}: and by the program in Python")


# ---- One group ----
run = drill("group", "--group", "mfa", m[0], m[1], m[2])
same(run.rc, 0, "a group's drill is done")
said = run.json
same((said["number"], said["level"], said["group"], said["result"]), (1, "group", "mfa", "done"),
     "it says what it was")
same([(c["serial"], c["grade"]) for c in said["cards"]], [(c.serial, "good") for c in vault.group("mfa")],
     "every card that came is graded, those beyond the quorum too")
same(said["people"], [{"person": "operator-1", "grade": "ready"}], "and who was there")
check(said["clean"] and 0 <= said["seconds_to_quorum"] < 60, "it was clean, and its time is told",
      str(said))
names = [e["event"] for e in vault.log() if e["event"] != "exception"]
at = len(names) - 1 - names[::-1].index("intent")
last = vault.events("intent")[-1]["index"]
same(names[at:], ["intent", "checkpoint-key", "card-accepted", "card-accepted", "checkpoint-key",
                  "card-accepted", *["drill-graded"] * 4, "outcome", "session-closed",
                  "checkpoint-key"],
     "the intent stands before the cards, the quorum when it came, the rest with the outcome")
verified(vault, "after a group's drill")

# ---- Both ----
items = vault.run("--json", "account", "list").json
run = drill("full", p[0], m[2], p[1], m[0],
            given=answers(present=["custodian-p1", "witness-1"],
                          grades={**ready, "custodian-p1": "helped", "witness-1": "ready",
                                  "custodian-p3": "absent"},
                          actions=[{"text": "Show custodian-p1 the scanner", "owner": "operator-1",
                                    "due": "2031-02-28"}]))
same(run.rc, 0, "a drill of both groups is done")
same(run.given, "", "and hands nothing out")
same({r["person"]: r["grade"] for r in run.json["people"]},
     {"operator-1": "ready", "custodian-p1": "helped", "witness-1": "ready",
      "custodian-p3": "absent"}, "people are graded, who did not come among them")
same((run.json["clean"], run.json["actions"]), (False, [1]), "it was not clean, and has an action")
same(vault.run("--json", "account", "list").json, items, "no item is changed by it")
check(not {"secret-shown", "item-sealed"} & set(names_since(last)),
      "and none is opened")
verified(vault, "after a full drill")

# ---- An action keeps the next drill from clean, until it is closed ----
run = drill("full", *(c for c in p + m))
same((run.json["clean"], run.json["actions_open_before"]), (False, 1),
     "while an action is open, a drill without a fault is not clean")
listed = vault.run("--json", "action", "list").json
same((listed["open"], [(a["action"], a["owner"], a["due"], a["state"]) for a in listed["actions"]]),
     (1, [(1, "operator-1", "2031-02-28", "open")]), "the action is listed")
run = vault.act("action", "open", "--owner", "witness-1", "--due", "2020-01-31", "--text", "Was due")
same((run.rc, run.json["action"], run.json["state"]), (0, 2, "overdue"), "another, whose day is over")
for number in (1, 2):
    run = vault.act("action", "close", number, "--text", "It was done")
    same((run.rc, run.json["state"], run.json["done"]), (0, "closed", "It was done"),
         f"action {number} is closed")
same(drill("full", *(c for c in p + m)).json["clean"], True, "then a drill is clean again")
verified(vault, "after actions")
drills = vault.run("--json", "drill", "list").json["drills"]
same([(d["level"], d["clean"]) for d in drills],
     [("group", True), ("full", False), ("full", False), ("full", True)], "all drills are listed")
check("clean" in vault.run("drill", "list").out, "and for people")

# ---- What is not taken, and writes nothing ----
before = len(vault.log())
for what, args, given in (
        ("no group", ("group", m[0]), None),
        ("another group", ("group", "--group", "both", m[0]), None),
        ("no such level", ("half", m[0]), None),
        ("a person present without a grade", ("full", m[0]), answers(grades={})),
        ("another word", ("full", m[0]), answers(grades={"operator-1": "good"})),
        ("present, and absent", ("full", m[0]), answers(grades={"operator-1": "absent"})),
        ("nobody's grade", ("full", m[0]), answers(grades={**ready, "nobody": "ready"})),
        ("an action of nobody", ("full", m[0]),
         answers(grades=ready, actions=[{"text": "x", "owner": "nobody", "due": "2031-01-01"}])),
        ("no day", ("full", m[0]),
         answers(grades=ready, actions=[{"text": "x", "owner": "operator-1", "due": "2031-02-30"}]))):
    same(drill(*args, given=given).rc, 2, f"refused: {what}")
for what, args in (("an owner that is nobody", ("open", "--owner", "x", "--due", "2031-01-01",
                                                "--text", "x")),
                   ("no text", ("open", "--owner", "operator-1", "--due", "2031-01-01")),
                   ("what is closed", ("close", "1", "--text", "again")),
                   ("no such action", ("close", "9", "--text", "x"))):
    same(vault.act("action", *args).rc, 2, f"refused: {what}")
same(len(vault.log()), before, "and nothing of it is in the log")

# ---- Bad days ----
run = drill("group", "--group", "password", p[0], m[0])
same(run.rc, 4, "a card of the other group makes no quorum")
same(verdicts(run), ["accepted", "other-group"], "and is named so")
same(run.json["missing"], {"password": 1}, "what lacks is told of the one group")
run = drill("group", "--group", "password", p[0])
same(run.rc, 3, "without a quorum")
other = Vault(policy(password=(2, 3), mfa=(2, 3)))
run = drill("group", "--group", "password", p[0], other.group("password")[0].text(), p[2])
same((run.rc, run.json["clean"], run.json["refused"]), (0, False, 1),
     "a card that is refused spoils no quorum, but the drill is not clean")
run = drill("group", "--group", "password", p[0], vault.write("noise.txt", "abc"), p[2])
same((run.rc, run.json["clean"]), (0, True), "a slip that the next try mends does not count")
same([d["result"] for d in vault.run("--json", "drill", "list").json["drills"]][4:],
     ["refused", "refused", "done", "done"], "and each has its outcome")
verified(vault, "after bad days")

# A copy of the vault of before, and a receipt of later: nothing is written.
old = work / "old"
shutil.copytree(vault.path, old)
run = vault.act("card", "prove", p[0])
same(run.rc, 0, "something happens")
receipt = vault.run("--json", "receipt", "print").json["receipt"]
shutil.rmtree(vault.path)
shutil.copytree(old, vault.path)
image = (vault.path / "vault.sqlite").read_bytes()
key = (vault.path / "log.key").read_bytes()
run = drill("full", p[0], p[1], m[0], m[1], receipts=[receipt])
same(run.rc, 5, "a drill on a log that was set back is stopped by a receipt")
check("ROLLBACK" in run.error, "which says so", run.error)
same((vault.path / "vault.sqlite").read_bytes(), image, "and nothing is written")
same((vault.path / "log.key").read_bytes(), key, "not to the key either")

finish()
