"""A session that lasts over several commands: who and what is in the room, notes,
exceptions, and a close that waits for whoever and whatever is outside."""
import hashlib

from harness import *

start()
need("pdftotext")

vault = Vault(given=found_answers(present=["custodian-p1", "witness-1"]))


def session(*args, vault=vault, **given):
    return vault.run("--json", "session", *args, given=answers(**given))


def shown():
    return vault.run("--json", "session", "show").json


def where(found, name):
    """name -> where, of people or things."""
    return {row[name]: row["where"] for row in found["people" if name == "person" else "things"]}


def refused(run, code, words, what):
    check(run.rc == code and words in run.error, what, str(run))


# No session is open.
same(shown(), {"open": False}, "no session is open after a founding")
entries = len(vault.log())
for args in (("note", "x"), ("leave", "witness-1"), ("return", "witness-1"),
             ("out", "phone", "--person", "witness-1"), ("back", "phone", "--person", "witness-1"),
             ("exception",), ("close",)):
    refused(session(*args), 4, "none is open", f"session {args[0]} is refused without one")
same(len(vault.log()), entries, "and nothing is written")

# Opened: it survives the process, and is there without a badge.
run = session("open", present=["custodian-p1", "witness-1"], clock_offset_s=7)
same((run.rc, run.json["open"], run.json["clock_offset_s"], run.json["forgotten"]),
     (0, True, 7, False), "a session is opened")
same(where(run.json, "person"), {"operator-1": "here", "custodian-p1": "here", "witness-1": "here"},
     "with those who are in the room")
same(shown(), run.json, "session show says the same, without a badge")
opened = vault.events("session-opened")[-1]
same((opened["values"]["lasts"], opened["index"]), ("yes", run.json["index"]), "it says that it lasts")
check(any(e.startswith("quorate ") for e in opened["values"]["executable"]), "with the executables")
refused(session("open"), 4, "one is open since", "a second one is refused")

# Other commands are part of it.
count = lambda event: len(vault.events(event))
before = count("session-opened"), count("session-closed")
run = vault.run("--json", "card", "prove", vault.cards[0].text(), given=answers())
same(run.rc, 0, "a card is proved in it")
same((count("session-opened"), count("session-closed")), before, "which opens and closes none")

# Out and back.
same(session("note", "The fire alarm rang; we stayed.").rc, 0, "a note")
run = session("leave", "custodian-p1")
same((run.rc, where(run.json, "person")["custodian-p1"]), (0, "outside"), "somebody leaves")
refused(session("leave", "custodian-p1"), 4, "not in the room", "and cannot leave again")

# Who is outside watches nothing, and who never came took part in nothing.
def bag_seal(who):
    return vault.act("bag", "seal", "B-3", "--card", 3, "--site", "s", "--safe", "a", "--witness", who)


def drill(**grades):
    return vault.run("--json", "drill", "group", "--group", "mfa",
                     *[card.text() for card in vault.group("mfa")[:2]],
                     given=answers(grades={"operator-1": "ready", "witness-1": "ready",
                                           **{who.replace("_", "-"): grade
                                              for who, grade in grades.items()}}))


entries = len(vault.log())
refused(bag_seal("custodian-p1"), 4, "quorate session return custodian-p1 first",
        "who is outside is no witness")
refused(bag_seal("auditor-1"), 4, "auditor-1 is not in the room", "nor is who never came")
refused(drill(custodian_m3="ready"), 2, "grades.custodian-m3: not present",
        "who never came was not in a drill")
same(len(vault.log()), entries, "and nothing is written")
same(drill(custodian_m3="absent", custodian_p1="helped").rc, 0,
     "they were absent; who came and left again is graded")
same(bag_seal("witness-1").rc, 0, "who is in the room is a witness")

refused(session("leave", "auditor-1"), 4, "not in the room", "who was never there cannot leave")
refused(session("return", "witness-1"), 4, "in the room already", "who is there cannot return")
refused(session("leave", "nobody-1"), 2, "nobody of that id", "a stranger is refused")
run = session("out", "the spare phone", "--person", "witness-1")
same((run.rc, run.json["things"][0]["person"]), (0, "witness-1"), "a thing goes out with somebody")
refused(session("out", "the spare phone", "--person", "operator-1"), 4, "outside already",
        "and cannot go out again")
refused(session("back", "the phone", "--person", "witness-1"), 4, "the spare phone (witness-1)",
        "of a wrong name what is outside is named")
run = session("close")
refused(run, 4, "custodian-p1, the spare phone (witness-1)", "the close is refused, and names them")
same((session("return", "custodian-p1").rc, session("back", "the spare phone", "--person",
                                                    "operator-1").rc), (0, 0), "both come back")
run = session("return", "auditor-1")
same((run.rc, where(run.json, "person")["auditor-1"]), (0, "here"), "somebody new joins")

# What will never come back is settled by an exception that names it.
same((session("leave", "witness-1").rc, session("out", "bag 7", "--person", "witness-1").rc), (0, 0),
     "a witness goes with a bag")
told = {"step": "3", "expected": "both come back", "happened": "the witness fell ill",
        "decided": "we close", "person": "witness-1"}
refused(session("exception"), 2, "none was told", "an exception must be told")
same(session("exception", exceptions=[told]).rc, 0, "an exception about somebody")
same(where(shown(), "person")["witness-1"], "outside", "settles nobody by itself")
refused(session("exception", exceptions=[{**told, "settles_person": "custodian-p1"}]), 2,
        "exceptions.0.settles_person: that is not the name of a person outside",
        "who is in the room is not settled")
refused(session("exception", exceptions=[told, {**told, "settles_thing": "the bag"}]), 2,
        "exceptions.1.settles_thing: that is not the name of a thing outside",
        "nor is a thing that is not outside")
run = session("exception", exceptions=[{**told, "settles_person": "witness-1",
                                        "settles_thing": "bag 7"}])
same((run.rc, where(run.json, "person")["witness-1"], where(run.json, "thing")["bag 7"]),
     (0, "settled", "settled"), "both are settled")

# Texts that are none.
for text, what in ((" ", "a blank"), ("", "an empty one"), ("a\x1b[2Jb", "a control byte"),
                   ("a\nb", "two lines"), (b"\xff\xfe", "no UTF-8"), ("x" * 1001, "too long"),
                   ("e\u0301", "letters in parts")):
    refused(session("note", os.fsdecode(text) if isinstance(text, bytes) else text), 2, "note: ",
            f"a note: {what}")
    if text:
        refused(session("out", os.fsdecode(text) if isinstance(text, bytes) else text, "--person",
                        "operator-1"), 2, "the thing: ", f"a thing: {what}")
# What looks like a secret is refused wherever a text is taken, and is not quoted.
PASSWORD = "Tr0ub4dor&3xx"
keep_secret(PASSWORD, SEED)
for text in (f"my password: {PASSWORD}", f"seed {SEED}", "QUORATE1:K:ABCDEFGH"):
    for what, run in (
            ("a note", session("note", text)),
            ("a thing", session("out", text, "--person", "operator-1")),
            ("an exception", session("exception", exceptions=[{**told, "happened": text}])),
            ("an action", vault.act("action", "open", "--owner", "operator-1", "--due",
                                    "2031-01-31", "--text", text)),
            ("a lost card", vault.act("card", "void", "4", "--reason", text)),
            ("a closed account", vault.act("account", "close", ACCOUNT, "--reason", text)),
            ("a leaver", vault.act("person", "leave", "custodian-p3", "--reason", text)),
            ("a badge", vault.act("badge", "void", "auditor-1", "--reason", text)),
            ("a purpose", vault.act("open", ACCOUNT, "--purpose", text, "--show", "password",
                                    release=True)),
            ("a ticket", vault.act("open", ACCOUNT, "--purpose", "x", "--ticket", text, "--show",
                                   "password", release=True))):
        refused(run, 2, "looks like", f"{what}: what looks like a secret")
entries = len(vault.log())
same(session("note", "x " * 499 + "xx").rc, 0, "a note of 1,000 bytes is taken")
same(session("out", "\u202ebidi", "--person", "operator-1").rc, 0, "a thing of odd letters is taken")
run = vault.run("session", "show")
check("\\xE2\\x80\\xAEbidi" in run.out, "and shown with them escaped", run.out)
same(session("back", "\u202ebidi", "--person", "operator-1").rc, 0, "and comes back")

# A badge given from outside brings its owner in.
same(session("leave", "operator-1").rc, 0, "the operator leaves")
same(session("note", "back at the table").rc, 0, "and gives the badge again")
same([e["event"] for e in vault.log()[-3:]], ["person-back", "session-noted", "checkpoint-key"],
     "which is written down as coming back")
same(session("leave", "operator-1").rc, 0, "once more")
same(session("return", "operator-1").rc, 0, "or says so")
same([e["event"] for e in vault.log()[-2:]], ["person-back", "checkpoint-key"], "once")

# The clock: what is attested in it and differs is written down.
same(session("note", "later", clock_offset_s=9).rc, 0, "another offset of the clock")
same(vault.events("exception")[-1]["values"]["happened"], "9 s off", "is an exception")

# Closed.
refused(session("open"), 4, "one is open", "it is still open")
run = session("close", exceptions=[{**told, "step": "the close", "happened": "a lamp went out"}])
same((run.rc, run.json), (0, {"open": False}), "it is closed")
closed = vault.events("session-closed")[-1]["values"]
same(closed["present"], ["auditor-1", "custodian-p1", "operator-1"], "with those in the room")
same(closed["badge-missing"], ["auditor-1", "custodian-p1"], "of whom two signed nothing")

# The minutes tell all of it, in order.
run = vault.run("--json", "session", "minutes")
minutes = run.json
same(hashlib.sha256(run.out.encode()).hexdigest(), closed["minutes"], "its minutes are the log's")
same((minutes["first"], minutes["left_out"], minutes["ceremony"], minutes["result"]),
     (opened["index"], 0, "session", "done"), "from its opening on")
texts = [line["text"] for line in minutes["happened"]]
wanted = ["the session is opened", "card 1 is read back", "note: The fire alarm rang",
          "custodian-p1 leaves the room", "out with witness-1: the spare phone",
          "custodian-p1 comes into the room", "back with operator-1: the spare phone",
          "auditor-1 comes into the room", "exception at 3: expected: both come back",
          "witness-1 does not come back; bag 7 does not come back", "9 s off", "a lamp went out"]
places = [next((i for i, text in enumerate(texts) if want in text), None) for want in wanted]
check(None not in places and places == sorted(places), "with every command, in order",
      f"{places} of {texts}")
entries = {e["index"]: e for e in vault.log()}
check(all(entries[line["index"]]["event"] != "checkpoint-key" for line in minutes["happened"]),
      "each by its index in the log")
out = vault.run("session", "minutes").out
check("Present: custodian-p1, operator-1, auditor-1" in out and
      all(re.search(rf"^ *{line['index']}  {line['time'][11:16]}  ", out, re.M)
          for line in minutes["happened"]), "without paper they are told line by line", out)
vault.run("session", "minutes", "--sheets", vault.folder / "minutes")
sheet = next((vault.folder / "minutes").glob("minutes-*.pdf"))
text = " ".join(subprocess.run(["pdftotext", "-layout", sheet, "-"], stdout=subprocess.PIPE,
                               text=True).stdout.split())
for words in ("Minutes of a session", "leaves the room", "out with witness-1: the spare phone",
              "the witness fell ill", "not back: bag 7", "a lamp went out", "exception at 3"):
    check(words in text, f"the sheet says {words}", text)

same(vault.run("--json", "log", "verify").json["faults"], [], "the log is without fault")
same(foreign_verdict(vault) or [], [], "for the foreign verifier too")
same(session("note", "x").rc, 4, "a note needs the next session")
same(vault.run("--json", "card", "prove", vault.cards[0].text(), given=answers()).rc, 0,
     "a command is a session of its own again")
check("happened" not in vault.run("--json", "session", "minutes").json, "with short minutes")


# A clock of 1970 opens none; forgotten open, it is told.
entries = len(vault.log())
with Clock("@1970-01-02 00:00:00"):
    refused(session("open"), 4, "the clock: it says 1970-01-02", "a clock of 1970 opens no session")
same(len(vault.log()), entries, "and writes nothing")
same(session("open", present=["custodian-p1"]).rc, 0, "the right clock does")
same(session("leave", "custodian-p1").rc, 0, "somebody is outside")
rows = lambda: [row for row in vault.run("--json", "status").json["rows"] if row["what"] == "session"]
same([(row["state"], "custodian-p1" in row["text"]) for row in rows()], [("due", True)],
     "status names it, and who is outside")
check("was not closed" not in vault.run("card", "list").err, "within the day nothing is told")
with Clock("+13h"):
    check("was not closed" in vault.run("card", "list").err, "the next morning every command tells")
    check("was not closed" not in vault.run("--quiet", "card", "list").err, "unless it is quiet")
    same(shown()["forgotten"], True, "session show too")
    same(session("note", "the morning after").rc, 0, "and is part of it")
with Clock("+25h"):
    run = vault.run("--json", "status")
    same(([row["state"] for row in rows()], run.rc), (["overdue"], 6), "after a day it is overdue")
with Clock("@1970-01-02 00:00:00"):
    check("was not closed" in vault.run("card", "list").err,
          "the log's last time counts where the clock is behind it")
with Clock("+25h"):
    same(session("return", "custodian-p1").rc, 0, "who was outside is back")
    same(session("close").rc, 0, "and it is closed")
    vault.run("session", "minutes", "--sheets", vault.folder / "overnight")
sheet = next((vault.folder / "overnight").glob("minutes-*.pdf"))
text = subprocess.run(["pdftotext", "-layout", sheet, "-"], stdout=subprocess.PIPE, text=True).stdout
text = text.partition("What happened")[2].partition("Exceptions")[0]
told = re.findall(r"^\s*(\d{4}-\d\d-\d\d)\s*$", text, re.M)
first = max(i for i, e in enumerate(vault.log()) if e["event"] == "session-opened")
days = list(dict.fromkeys(e["time"][:10] for e in vault.log()[first:]))
check(len(days) > 1, "the session went on over midnight")
same(told, days[1:], "its sheet says when another day began")
same(vault.run("--json", "log", "verify").json["faults"], [], "and the log is without fault")

# Quorums stand above a session whose operators are gone.
refused(session("open"), 4, "the clock: it says", "a clock a day behind the log opens none either")
with Clock("+25h"):
    same(session("open", present=["custodian-p1"]).rc, 0, "one more is opened")
same(session("out", "the phone", "--person", "custodian-p1").rc, 0, "with a thing outside")
run = vault.run("--json", "log", "takeover", "--operator", "witness-1", "--confirm",
                "example.com/practice", *[c.text() for c in vault.group("password")[:2] + vault.group("mfa")[:2]],
                given={"badges": {"witness-1": "another long phrase"}})
same(run.rc, 0, "the log is taken over")
same(shown(), {"open": False}, "which ends it")
check(any("the phone (custodian-p1)" in e["values"]["happened"] for e in vault.events("exception")),
      "and says what was outside")
same(vault.run("--json", "log", "verify").json["faults"], [], "without fault")
check(foreign_verdict(vault) in ([], None), "to the foreign verifier too")

# So does a continuation, from whose own session on no other lasts.
lost = Vault(given=found_answers())
same(session("open", vault=lost, present=["custodian-p1"]).rc, 0, "a session lasts")
same(session("leave", "custodian-p1", vault=lost).rc, 0, "with somebody outside")
(lost.path / "log.key").unlink()
anew = lost.folder / "anew"
run = quorate("--json", "log", "continue", "--from", lost.path, "--cause", "a lost key", "--confirm",
              "example.com/practice", *[c.text() for c in lost.group("password")[:2] +
                                        lost.group("mfa")[:2]], vault=anew, answers=answers())
same(run.rc, 0, "and its log is continued")
same(quorate("--json", "session", "show", vault=anew).json, {"open": False}, "then none lasts")
told = quorate("--json", "log", "show", "--event", "exception", vault=anew).json["entries"]
check(any("custodian-p1" in e["values"]["happened"] for e in told), "and it says who was outside")
same(quorate("--json", "log", "verify", vault=anew).json["faults"], [], "without fault")

# Who leaves the vault in a session may still be in the room: they leave that when they do.
gone = Vault(given=found_answers())
same(session("open", vault=gone, present=["witness-1", "auditor-1"]).rc, 0, "a session lasts")
for who in ("witness-1", "auditor-1"):
    same(gone.act("person", "leave", who, "--reason", "dismissed").rc, 0, f"{who} leaves the vault")
run = session("leave", "witness-1", vault=gone)
check(run.rc == 0 and where(run.json, "person")["witness-1"] == "outside", "and the room", str(run))
refused(session("leave", "witness-1", vault=gone), 4, "not in the room", "once")
refused(session("return", "witness-1", vault=gone), 2, "has left the vault", "and does not return")
refused(session("out", "a phone", "--person", "auditor-1", vault=gone), 2, "has left the vault",
        "who has left carries nothing out")
group = ("--json", "drill", "group", "--group", "mfa", *[c.text() for c in gone.group("mfa")[:2]])
refused(gone.run(*group, given=answers(grades={"operator-1": "ready", "auditor-1": "ready"})), 2,
        "no person of this vault", "nor is graded in a drill")
same(gone.run(*group, given=answers(grades={"operator-1": "ready"})).rc, 0, "which goes on without")
refused(session("close", vault=gone), 4, "outside are witness-1", "the close waits")
same(session("exception", vault=gone,
             exceptions=[{"step": "2", "expected": "the witness stays", "happened": "dismissed",
                          "decided": "we go on", "settles_person": "witness-1"}]).rc, 0,
     "it is settled")
same(session("close", vault=gone).rc, 0, "and the session closes")
same(gone.events("session-closed")[-1]["values"]["present"], ["auditor-1", "operator-1"],
     "with who was still in the room")
same(gone.run("--json", "log", "verify").json["faults"], [], "without fault")
check(foreign_verdict(gone) in ([], None), "to the foreign verifier too")
entries = len(gone.log())
refused(gone.open(*[c.text() for c in gone.group("password")[:2] + gone.group("mfa")[:2]],
                  more=["--approver", "witness-1"]), 2, "approver: witness-1 has left the vault",
        "who has left approves nothing")
same(len(gone.log()), entries, "and no intent is written")

# The policy's second person is asked for at the opening, and not again.
SECOND = "another long phrase"
both = {"operator-1": PASSPHRASE, "witness-1": SECOND}
keep_secret(SECOND)
strict = Vault(policy(practice=False, second_person=True, cosignatures=2),
               found_answers(badges=both, second="witness-1", confirm="example.com/practice"))
refused(session("open", vault=strict), 2, "second", "a second person opens it")
same(session("open", vault=strict, badges=both, second="witness-1").rc, 0, "with their badge")
same(session("note", "alone", vault=strict).rc, 0, "then the operator's is enough")
refused(strict.act("card", "void", "1", "--reason", "lost"), 4, "badge",
        "to void a card two are needed still")
run = strict.run("--json", "card", "void", "1", "--reason", "lost", given=answers(badges=both))
same(run.rc, 0, "and two can")
same(session("close", vault=strict, badges=both).rc, 0, "both sign the close")
check("badge-missing" not in strict.events("session-closed")[-1]["values"], "nobody's is missing")
same(strict.run("--json", "log", "verify").json["faults"], [], "the log is without fault")
check(foreign_verdict(strict) in ([], None), "to the foreign verifier too")

finish()
