"""The runbooks: the ten texts are those that were published, byte for byte; a walk is recorded step
by step, left and gone on with, ended; a secret typed into a field of it is refused and not quoted."""
import hashlib
import sqlite3

from harness import *

start()
TEXTS = ROOT / "docs/runbooks"
NAMES = ["root-only-task", "password-lost", "password-changed", "mfa-lost", "battery-mfa-changed",
         "mailbox-lost", "mailbox-changed", "phone-lost", "phone-changed", "account-deleted"]


def faults_of(folder):
    """What is wrong with the published texts, by their sums and by what the program has."""
    wrong = []
    sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())
    have = {path.name: path.read_bytes() for path in folder.glob("*.txt")}
    wrong += [f"{name}: not published" for name in set(have) ^ set(sums)]
    wrong += [f"{name}: another text" for name, text in have.items()
              if hashlib.sha256(text).hexdigest() != sums.get(name)]
    for row in quorate("--json", "runbook", "list").json["runbooks"]:
        if row["digest"] != sums.get(row["name"] + ".txt"):
            wrong.append(f"{row['name']}: the program has another text")
    return wrong


# ---- The texts ----
same([r["name"] for r in quorate("--json", "runbook", "list").json["runbooks"]], NAMES,
     "there are ten, in the order of what AWS asks to be written down")
same(faults_of(TEXTS), [], "each is the one that was published")
shutil.copytree(TEXTS, work / "tampered")
with (work / "tampered/phone-lost.txt").open("a") as file:
    file.write("7. Read the number to whoever calls\n")
same(faults_of(work / "tampered"), ["phone-lost.txt: another text"], "one line more would be found")
for row in quorate("--json", "runbook", "list").json["runbooks"]:
    name, text = row["name"], (TEXTS / f"{row['name']}.txt").read_text()
    shown = quorate("--json", "runbook", "show", name).json
    steps = re.findall(r"^(\d+)\. (\S.*)\n((?: .*\n)+)", text, re.M)
    good = (shown["text"] == text == quorate("runbook", "show", name).out
            and shown["digest"] == row["digest"] and text.isascii()
            and max(map(len, text.splitlines())) < 80
            and text.startswith(row["title"] + "\n\nWhen:")
            and [int(n) for n, *_ in steps] == list(range(1, row["steps"] + 1)))
    check(good, f"{name} is shown as it is published, numbered, and fits a screen")
    parts = [re.findall(r"^   ([A-Z]\w+): ", body, re.M) for *_, body in steps]
    check(all(p[:2] == ["Who", "Do"] and p == sorted(
        p, key=["Who", "Do", "Record", "Trouble", "Support"].index) for p in parts),
        f"each step of {name} says who does what", parts)
check(sum("Support" in (TEXTS / f"{n}.txt").read_text() for n in NAMES) >= 8,
      "most say when to ask AWS Support")
same(quorate("runbook", "show", "../../etc/passwd").rc, 2, "no other file is shown")
same(quorate("runbook", "show").rc, 2, "a name is needed")

# ---- A walk ----
vault = Vault()


def walk(*args, name="mfa-lost", steps=None, **more):
    given = answers(**({"steps": steps} if steps else {}), **more)
    return vault.run("--json", "runbook", "walk", name, *args, given=given)


def entries():
    return [e["values"] for e in vault.events("runbook-step")]


run = walk("--account", ACCOUNT, steps=[
    {"person": "custodian-m1", "values": {"ticket": "CHG-1", "device": "key-1", "reason": "it fell"}},
    {"values": {"other-device": "none"}, "case": "1234567890",
     "exception": {"expected": "a second device", "happened": "there is none", "decided": "go on"}}])
same((run.rc, run.json), (0, {"runbook": "mfa-lost", "account": ACCOUNT, "recorded": 2, "step": 2,
                              "steps": 8, "ended": False}), "two steps are recorded")
digest = quorate("--json", "runbook", "show", "mfa-lost").json["digest"]
same(entries(), [
    {"runbook": "mfa-lost", "digest": digest, "step": "1/8", "person": "custodian-m1",
     "account": ACCOUNT, "value": ["device=key-1", "reason=it fell", "ticket=CHG-1"]},
    {"runbook": "mfa-lost", "digest": digest, "step": "2/8", "person": "operator-1",
     "account": ACCOUNT, "value": ["other-device=none"], "case": "1234567890"}],
    "who, what and which case stand in the log")
same([e["values"] for e in vault.events("exception") if "mfa" in e["values"]["step"]][0],
     {"step": "mfa-lost 2/8", "expected": "a second device", "happened": "there is none",
      "decided": "go on", "person": "operator-1"}, "and what was not done as it is written")
epochs = [e["epoch"] for e in vault.events("runbook-step")]
same(epochs, [epochs[0], epochs[0] + 1], "each step is a commit of its own")

same(walk(steps=[{"person": "witness-1"}]).json["step"], 1, "a walk for no account is another one")
walks = vault.run("--json", "runbook", "list").json["walks"]
same([(w["runbook"], w["account"], w["step"], w["steps"]) for w in walks],
     [("mfa-lost", ACCOUNT, 2, 8), ("mfa-lost", None, 1, 8)], "both are under way")
rows = [r["text"] for r in vault.run("--json", "status").json["rows"] if r["what"] == "runbook"]
same([row[:row.index(" on ")] for row in rows], [
    f"mfa-lost of account {ACCOUNT} was left at step 2 of 8", "mfa-lost was left at step 1 of 8"],
    "the status names them")
run = walk("--account", ACCOUNT, "--case", "case-2", steps=[{"person": "witness-1"}] * 6)
same((run.json["step"], run.json["ended"]), (8, True), "the first goes on, to its end")
same([v.get("case") for v in entries()[-6:]], ["case-2"] * 6, "a case of all steps is given once")
same(walk("--account", ACCOUNT, "--end", "why").rc, 2, "what has ended cannot be ended")
same(walk("--end", "found again under the table").json["ended"], True, "the second is ended")
same(entries()[-1]["value"], ["reason=found again under the table"], "with its reason")
check("runbook" not in [r["what"] for r in vault.run("--json", "status").json["rows"]],
      "then the status names none")
before = len(vault.log())
run = quorate("runbook", "walk", "mfa-lost", "--account", ACCOUNT, vault=vault.path,
              answers={"steps": [{"person": "witness-1"}]})
check(run.rc == 2 and "steps.0: the runbook is at its end" in run.error,
      "a step too many begins no second walk", str(run))
same(len(vault.log()), before, "and is not recorded")
same(walk("--account", ACCOUNT, "--anew", steps=[{"person": "witness-1"}]).json["step"], 1,
     "but one may begin anew")
run = walk("--account", ACCOUNT, "--anew", steps=[{"person": "witness-1"}])
check(run.rc == 2 and "a walk is under way, at step 1 of 8" in run.error, "once", str(run))

# ---- What is not taken: nothing is written, no badge is asked for, nothing is quoted ----
before = len(vault.log())
secrets = {"a password": "vT9#mQx2Lw8@Zr4B", "a shown password": "aB3d Ef5g hJ7k Mn2p Qr4s",
           "a seed": SEED, "a seed in groups": " ".join(SEED[i:i + 4] for i in range(0, 32, 4)),
           "a URI": f"otpauth://totp/x?secret={SEED}", "words of a card": "academic acid acne",
           "a wallet code": "QUORATE1:K:ABCDEFGH", "a code": "987654",
           "a number in full": "+49 170 1234567"}
keep_secret(*secrets.values())
for what, text in secrets.items():
    for given in ({"values": {"note": text}},
                  {"exception": {"expected": "x", "happened": text, "decided": "x"}}):
        run = quorate("runbook", "walk", "mfa-lost", "--account", ACCOUNT, vault=vault.path,
                      answers={"steps": [given]})
        check(run.rc == 2 and "looks like" in run.error, f"refused: {what} in {list(given)[0]}", run)
same(quorate("runbook", "walk", "mfa-lost", vault=vault.path,
             answers={"steps": [{"case": "123456"}]}).rc, 2, "refused: a code as a case")
same(quorate("runbook", "walk", "mfa-lost", "--account", ACCOUNT, "--end", "vT9#mQx2Lw8@Zr4B",
             vault=vault.path, answers={}).rc, 2, "refused: a password as a reason")
for what, steps in (
        ("nobody of that id", [{"person": "custodian-x9"}]),
        ("an escape", [{"values": {"note": "\x1b[2Jx"}}]),
        ("two lines", [{"values": {"note": "a\nb"}}]),
        ("a name that is none", [{"values": {"Note": "x"}}]),
        ("no text", [{"values": {"note": ""}}]),
        ("too long", [{"values": {"note": "x " * 101}}]),
        ("too many", [{"values": {f"n{i}": "x" for i in range(33)}}]),
        ("a case of two words", [{"case": "a b"}]),
        ("an unknown key", [{"person": "witness-1", "words": "x"}]),
        ("half an exception", [{"exception": {"expected": "x"}}]),
        ("an empty step", [{}]),
        ("a wrong one after a right one", [{"person": "witness-1"}, {"person": "nobody"}]),
        ("more steps than are left", [{"person": "witness-1"}] * 8)):
    run = quorate("runbook", "walk", "mfa-lost", "--account", ACCOUNT, vault=vault.path,
                  answers={"steps": steps})
    same(run.rc, 2, f"refused: {what}")
fine = {"person": "witness-1"}
for place, steps in (
        ("steps.1.person: nobody of that id", [fine, {"person": "nobody"}]),
        ("steps.1.case: not up to 64", [fine, {"case": "a b"}]),
        ("steps.2.values: name 2 is not", [fine, fine, {"values": {"a": "x", "No": "x"}}]),
        ("steps.1.values.note: it looks like a code", [fine, {"values": {"note": "987654"}}]),
        ("steps.1.exception.happened: it looks like a code",
         [fine, {"exception": {"expected": "x", "happened": "987654", "decided": "x"}}]),
        ("steps.7: the runbook is at its end", [fine] * 8)):
    run = quorate("runbook", "walk", "mfa-lost", "--account", ACCOUNT, vault=vault.path,
                  answers={"steps": steps})
    check(run.rc == 2 and run.error.split("quorate: ")[-1].find(place) >= 0,
          f"the place is named: {place}", str(run))
for what, *args in (("no such runbook", "mfa"), ("no such account", "mfa-lost", "--account", "1"),
                    ("no steps", "mfa-lost"), ("no name",)):
    same(quorate("runbook", "walk", *args, vault=vault.path, answers={}).rc, 2, f"refused: {what}")
same(len(vault.log()), before, "and nothing of it is in the log")
run = vault.run("--json", "runbook", "walk", "mfa-lost",
                given=answers(steps=[{"person": "witness-1"}], badges={"operator-1": "wrong-phrase-12"}))
same((run.rc, len(vault.log())), (4, before), "no badge, no step")

# ---- The verifiers agree, and a table edited behind the log's back is found ----
same(vault.run("log", "verify").rc, 0, "the log is verified")
check(foreign_verdict(vault) in ([], None), "the foreign verifier finds no fault")
with sqlite3.connect(vault.path / "vault.sqlite") as db:
    db.execute("UPDATE walk SET step = 7 WHERE ended = -1")
db.close()
same(vault.run("runbook", "list").rc, 5, "steps that nobody took are found in the table")
finish()
