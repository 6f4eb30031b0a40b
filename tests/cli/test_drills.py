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
day = lambda days: time.strftime("%Y-%m-%d", time.gmtime(time.time() + days * 86400))
for over in ("2020-01-31", day(-1)):
    run = vault.act("action", "open", "--owner", "witness-1", "--due", over, "--text", "Was due")
    same((run.rc, "--due: that day is over" in run.err), (2, True), "a day that is over is not taken")
soon = day(1)
run = vault.act("action", "open", "--owner", "witness-1", "--due", soon, "--text", "Was due")
same((run.rc, run.json["action"], run.json["state"]), (0, 2, "open"), "another, that is due soon")
with Clock("+3d"):
    same([a["state"] for a in vault.run("--json", "action", "list").json["actions"]],
         ["open", "overdue"], "when its day is over, it is overdue")
    run = vault.act("action", "open", "--owner", "witness-1", "--due", soon, "--text", "Late")
    same(run.rc, 2, "a day is over by the time that the entry gets")
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

# ---- Who is next, and what is due ----
run = vault.run("--json", "drill", "next")
rows = {r["serial"]: r for r in run.json["cards"]}
same((run.json["coverage_drills"], run.json["overdue"], len(rows)), (4, False, 6), "who is next")
check(all(r["covered"] for r in rows.values()), "every card was shown in the last drill")
check(all(sum(r["picked"] for r in rows.values() if r["group"] == g) == 2
          for g in ("password", "mfa")), "a quorum of each group is to come")
same({r["person"]: r["covered"] for r in run.json["people"]}["witness-1"], True, "people too")
check("Cards, in the order" in vault.run("drill", "next").out, "and for people to read")
for _ in range(4):
    drill("group", "--group", "mfa", m[0], m[1])
rows = {r["serial"]: r for r in vault.run("--json", "drill", "next").json["cards"]}
late = vault.group("mfa")[2].serial
same((rows[late]["covered"], rows[late]["drills_missed"], rows[late]["picked"]), (False, 4, True),
     "a card that missed four drills is covered no more")


def status(what):
    run = vault.run("--json", "status")
    return run.rc, [(r["state"], r["text"]) for r in run.json["rows"] if r["what"] == what]


rc, said = status("drill")
check(("open", f"not shown in the last 4 drills, nor proved since: card {late} of custodian-m3")
      in said, "the status says so", str(said))
vault.act("card", "prove", m[2])
check(vault.run("--json", "drill", "next").json["cards"][0]["serial"] != late and
      not any("card" in text for _, text in status("drill")[1]), "a proof by its holder alone covers it")
vault.act("action", "open", "--owner", "witness-1", "--due", "2031-01-31", "--text", "Is due")
same(status("action"), (0, [("due", "3, witness-1: Is due")]), "an open action is due")
vault.act("action", "open", "--owner", "witness-1", "--due", day(1), "--text", "Was due")
with Clock("+3d"):
    same(status("action"), (6, [("overdue", "4, witness-1: Was due"), ("due", "3, witness-1: Is due")]),
         "or overdue, and the status exits 6")
for number in (3, 4):
    vault.act("action", "close", number, "--text", "It was done")

# ---- The report ----
run = vault.run("--json", "drill", "report", 2, "--sheets", work / "reports")
same(run.rc, 0, "a report is made")
report = run.json
same({k: report["drill"][k] for k in drills[1] if k != "people"},
     {k: v for k, v in drills[1].items() if k != "people"}, "it says what the list says")
same([(r["person"], r["name"]) for r in report["drill"]["people"]][0],
     ("operator-1", "Operator One"), "people have their names")
check("custodian-p1: helped" in report["findings"] and "custodian-p3: absent" in report["findings"],
      "what went wrong is told", str(report["findings"]))
same([(a["action"], a["state"]) for a in report["actions"]], [(1, "closed")], "and its actions")
out = vault.run("drill", "report", 2).out
check("Drill 2 of" in out and all(words in out for words in (
    "done, with something to improve", "operator-1: ", "\n  custodian-p3: absent\n", "action 1, closed, ")),
      "without paper the main of it is told", out)
receipt = vault.run("--json", "receipt", "print").json
same((report["log"]["size"], report["log"]["root"]), (receipt["size"], receipt["root"]), "size and root are the log's")
run = vault.run("log", "export", work / "exported")
chain = (work / "exported/chain" / str(report["log"]["epoch"])).read_text().split("\n")
same(chain[:3], [report["log"]["origin"], str(report["log"]["size"]), report["log"]["root_base64"]],
     "the export's checkpoint of that epoch has them")
same(base64.b64decode(chain[2]).hex(), report["log"]["root"], "in hex as well")
same(len(report["coverage"]["cards"]), 6, "coverage stands in it")
same([p["serial"] for p in vault.run("--json", "drill", "report").json["proved"]], [],
     "of the last drill: no card was proved before it")
same(drill("group", "--group", "mfa", m[0], m[1]).rc, 0, "one drill more")
same([(p["serial"], p["custodian"]) for p in vault.run("--json", "drill", "report").json["proved"]],
     [(late, "custodian-m3")], "a card that was proved alone since the drill before stands in the next report")
text = " ".join(subprocess.run(["pdftotext", "-layout", work / "reports/drill-2.pdf", "-"], check=True,
                               capture_output=True, text=True).stdout.split())
for what in ("Report of an access drill", "Example Org", "not clean", "Time to quorum",
             "custodian-p1: helped", "Show custodian-p1 the scanner", "2031-02-28", "Coverage: each once",
             str(receipt["size"]), "signature", "Auditor",
             " ".join(report["log"]["root"][i:i + 4] for i in range(0, 32, 4))):
    check(what in text, f"the sheet has: {what}", text[:600])
same(vault.run("--json", "drill", "report").json["drill"]["number"],
     len(vault.run("--json", "drill", "list").json["drills"]), "without a number: the last drill")
same(vault.run("drill", "report", 99).rc, 2, "refused: a report of no drill")
same(vault.run("drill", "report", "x").rc, 2, "refused: no number")

# ---- What is not taken, and writes nothing ----
before = len(vault.log())
for what, args, given in (
        ("no group", ("group", m[0]), None),
        ("another group", ("group", "--group", "both", m[0]), None),
        ("no such level", ("half", m[0]), None),
        ("a person present without a grade", ("full", m[0]), answers(grades={})),
        ("another word", ("full", m[0]), answers(grades={"operator-1": "good"})),
        ("present, and absent", ("full", m[0]), answers(grades={"operator-1": "absent"})),
        ("who is not present, and took part", ("full", m[0]),
         answers(grades={**ready, "custodian-m3": "ready"})),
        ("nobody's grade", ("full", m[0]), answers(grades={**ready, "nobody": "ready"})),
        ("an action of nobody", ("full", m[0]),
         answers(grades=ready, actions=[{"text": "x", "owner": "nobody", "due": "2031-01-01"}])),
        ("a day that is over", ("full", m[0]),
         answers(grades=ready, actions=[{"text": "x", "owner": "operator-1", "due": "2020-01-31"}])),
        ("an action without an owner", ("full", m[0]),
         answers(grades=ready, actions=[{"text": "x", "due": "2031-01-31"}])),
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
same([d["result"] for d in vault.run("--json", "drill", "list").json["drills"]][9:],
     ["refused", "refused", "done", "done"], "and each has its outcome")
verified(vault, "after bad days")

# ---- The seals ----
for n in (1, 2, 3, 4):
    vault.act("bag", "seal", f"AB-{n}", "--card", n, "--site", "site-1", "--safe", f"safe-{n // 4 + 1}")
vault.act("bag", "seal", "D-1", "--account", ACCOUNT, "--site", "site-2", "--safe", "safe-1")


def tour(*seals, given=None, **more):
    return vault.run("--json", "drill", "seals",
                     given=given or answers(grades=ready, seals=[*seals], **more))


def states():
    return [c["state"] for c in vault.run("--json", "card", "list").json["cards"]]


whole = [{"card": "1", "bag": "ab 1", "person": "witness-1"}, {"account": ACCOUNT, "bag": "D-1"}]
run = tour(*whole)
same((run.rc, run.json["level"], run.json["result"], run.json["clean"]), (0, "seals", "done", True),
     "a drill of seals is done")
same((run.json["seals_checked"], run.json["seals_wrong"], run.json["seconds_to_quorum"]), (2, 0, None),
     "it says how many were looked at")
same([(c["serial"], c["grade"]) for c in run.json["cards"]], [(1, "good")], "the card in the bag is graded")
same([(s["bag"], s["result"]) for s in run.json["seals"]], [("AB-1", "whole"), ("D-1", "whole")],
     "and each bag is told")
index = vault.run("--json", "drill", "list").json["drills"][-1]["index"]
same([n for n in names_since(index) if n != "exception"],
     ["intent", "checkpoint-key", *["seal-checked"] * 2, *["drill-graded"] * 2, "outcome",
      "session-closed", "checkpoint-key"], "the log has the intent before, and no card read")
due = vault.run("--json", "drill", "next").json["due"]
run = tour({"card": "2", "bag": "AB-9"}, {"card": "3", "result": "missing", "person": "witness-1"},
           {"card": "4", "bag": "AB-4"},
           actions=[{"text": "Find bag AB-3", "owner": "operator-1", "due": "2031-02-28"}])
same((run.rc, run.json["clean"], run.json["seals_wrong"]), (4, False, 2), "one that finds a bag gone is done too")
check("2 of 3 not as recorded" in run.error, "and says so", run.error)
same({c["serial"]: c["grade"] for c in run.json["cards"]}, {2: "failed", 3: "failed", 4: "good"}, "card by card")
same(states()[:4], ["live", "suspect", "suspect", "live"], "whose bag was not whole is suspect")
run = vault.run("--json", "drill", "report", "--sheets", work / "reports")
same((run.json["drill"]["level"], run.json["drill"]["operator"]), ("seals", "operator-1"), "its report")
check({"bag AB-2: wrong-number, the number read was AB-9", "bag AB-3: missing", "card 3: failed"}
      <= set(run.json["findings"]), "tells what was not whole", str(run.json["findings"]))
same([(s["bag"], s["serial"], s["result"], s["in_drill"]) for s in run.json["seals"]],
     [("AB-1", 1, "whole", False), ("D-1", None, "whole", False), ("AB-2", 2, "wrong-number", True),
      ("AB-3", 3, "missing", True), ("AB-4", 4, "whole", True)],
     "and all seals that were looked at since the drill before")
same(vault.log()[run.json["drill"]["until"]]["event"], "outcome", "and where in the log it ends")
vault.act("action", "close", vault.run("--json", "action", "list").json["actions"][-1]["action"],
          "--text", "It was found")
rows = vault.run("--json", "drill", "next").json
same(rows["due"], due, "a drill of seals puts off no other")
same({b["bag"]: b["drills_missed"] for b in rows["bags"]},
     {"D-1": 1, "AB-1": 1, "AB-2": 0, "AB-3": 0, "AB-4": 0}, "bags have their coverage")
same({(b["site"], b["safe"]) for b in rows["bags"] if b["picked"]},
     {(rows["bags"][0]["site"], rows["bags"][0]["safe"])}, "one safe is picked")
for _ in range(3):
    tour({"card": "4", "bag": "AB-4"})
rc, said = status("drill")
check(("open", "in the last 4 drills nobody looked at the seal of bag AB-1, D-1") in said or
      ("open", "in the last 4 drills nobody looked at the seal of bag D-1, AB-1") in said,
      "at which bags nobody looked, the status says", str(said))
verified(vault, "after drills of seals")
before = len(vault.log())
for what, given in (("no seals", answers(grades=ready)),
                    ("no grades", answers(seals=whole)),
                    ("a bag twice", answers(grades=ready, seals=whole + whole[:1])),
                    ("a card without a bag", answers(grades=ready, seals=[{"card": "6", "bag": "AB-6"}])),
                    ("nobody's eyes", answers(grades=ready, seals=[{**whole[0], "person": "nobody"}]))):
    same(tour(given=given).rc, 2, f"refused: {what}")
same(vault.run("drill", "seals", "AB-1").rc, 2, "refused: an argument")
same(len(vault.log()), before, "and nothing of it is in the log")

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
