"""The review: what is whose, attested and signed with badges; what is open stays open; a
signature of another log, time, person or answer counts for nothing."""
import re
import sqlite3

from harness import *

start()
need_module("nacl")

vault = Vault()
for args in (("mailbox", "root-mail", "address=root+0@example.com", "recipient=witness-1",
              "recipient=list@example.com"),
             ("safe", "site-a/safe-1", "holder=custodian-p1", "holder=auditor-1"),
             ("phone", "sim", "holder=custodian-p1")):
    same(vault.act("register", "set", *args).rc, 0, f"{args[0]} is registered")


def listed():
    run = vault.run("--json", "review", "list").json
    return {(r["person"], r["channel"]): r["state"] for r in run["review"]}, run["open"]


def badges(*people):
    return {"operator-1": PASSPHRASE, **{p: vault.generated["badges"][p] for p in people}}


def review(of, **more):
    return vault.run("--json", "review", given=answers(badges=badges(*of), review=of, **more))


rows, count = listed()
wanted = {(c.custodian, f"{c.group}-card") for c in vault.cards} | {
    ("witness-1", "mailbox:root-mail"), ("custodian-p1", "safe:site-a/safe-1"),
    ("auditor-1", "safe:site-a/safe-1"), ("custodian-p1", "phone:sim")}
same(set(rows), wanted, "each person's channels are listed, foreign readers left out")
same((count, set(rows.values())), (len(wanted), {"open"}), "and all are open")

# ---- Attested ----
said = {"custodian-p1": {"password-card": "yes", "safe:site-a/safe-1": "no", "phone:sim": "changed"},
        "auditor-1": {"safe:site-a/safe-1": "yes"}}
run = review(said)
same(run.rc, 0, "two people attest")
same(len(run.json["signed"]), 4, "four channels")
rows, count = listed()
same(rows["custodian-p1", "password-card"], "yes", "a yes stands")
same(rows["custodian-p1", "safe:site-a/safe-1"], "no", "a no stands")
same(rows["custodian-p1", "phone:sim"], "changed", "a change stands")
same(count, len(wanted) - 4, "what nobody said stays open")
same(review({"custodian-p1": {"phone:sim": "yes"}}).rc, 0, "one answers anew")
same(listed()[0]["custodian-p1", "phone:sim"], "yes", "and the last answer counts")

# ---- What is not taken ----
before = len(vault.log())
for what, of in (("a channel that is not theirs", {"custodian-p1": {"mfa-card": "yes"}}),
                 ("no such channel", {"custodian-p1": {"car": "yes"}}),
                 ("no such person", {"custodian-x1": {"password-card": "yes"}}),
                 ("another answer", {"custodian-p1": {"password-card": "perhaps"}}),
                 ("nothing", {})):
    run = vault.run("--json", "review", given=answers(review=of))
    same(run.rc, 2, f"refused: {what}")
run = vault.run("--json", "review", given=answers(review={"custodian-p2": {"password-card": "yes"}}))
same(run.rc, 2, "refused: without the own badge")
given = answers(review={"custodian-p2": {"password-card": "yes"}})
given["badges"]["custodian-p2"] = vault.generated["badges"]["custodian-p1"]
same(vault.run("--json", "review", given=given).rc, 4, "refused: with another's badge")
same(len(vault.log()), before, "and nothing of it is in the log")

# ---- What happens asks for all of it anew ----
def asked():
    run = vault.run("--json", "review", "list").json["review"]
    return {r["asked"] for r in run}, {r["state"] for r in run if r["result"] == "yes"}


same(asked(), ({None}, {"yes"}), "nothing has asked for it yet")
same(vault.act("register", "set", "trigger", "mail-2026", "kind=suspicion", "note=odd mail").rc, 0,
     "a suspicion is told")
same(asked(), ({"suspicion was told (mail-2026)"}, {"open"}), "it opens what was attested")
out = " ".join(vault.run("status").out.split())
check("asked for because suspicion was told (mail-2026)" in out, "and the status says so", out)
same(review({"auditor-1": {"safe:site-a/safe-1": "yes"}}).rc, 0, "one attests again")
row = next(r for r in vault.run("--json", "review", "list").json["review"] if r["person"] == "auditor-1")
same((row["state"], row["asked"]), ("yes", None), "which answers it")
same(vault.act("register", "set", "trigger", "x", "kind=weather").rc, 2, "no such trigger")

# ---- An answer is for what it was said of ----
def attest_all():
    said = {}
    for person, channel in listed()[0]:
        said.setdefault(person, {})[channel] = "yes"
    same(review(said).rc, 0, "everybody attests everything")
    same(listed()[1], 0, "and nothing is open")


def opened():
    return {channel for channel, state in listed()[0].items() if state == "open"}


def put(*args):
    same(vault.act("register", "set", *args).rc, 0, f"{args[0]} is set")


attest_all()
put("contact", "ops", "kind=operations", "email=ops@example.com")
same(opened(), set(), "what is nobody's asks for nothing")
put("mailbox", "root-mail", "address=aws@elsewhere.example", "recipient=witness-1", "recipient=list@example.com")
same(opened(), {("witness-1", "mailbox:root-mail")}, "another mailbox under the name is to be attested")
same(vault.act("register", "drop", "phone", "sim").rc, 0, "a phone is given up")
put("phone", "sim", "holder=custodian-p1", "number=** 99")
same(opened(), {("witness-1", "mailbox:root-mail"), ("custodian-p1", "phone:sim")}, "and another phone")
check("2 of 10 not attested" in " ".join(vault.run("status").out.split()), "status counts them")
mfa = vault.group("mfa")
same(vault.run("reissue", "--group", "mfa", "--reason", "worn cards", "--sheets", work / "new", mfa[0].text(),
               mfa[1].text(), given=answers()).rc, 0, "the MFA group has new cards")
same(opened(), {("witness-1", "mailbox:root-mail"), ("custodian-p1", "phone:sim")} |
     {(c.custodian, "mfa-card") for c in mfa}, "which are to be attested, and no others")
attest_all()

# ---- The verifiers ----
same(vault.run("log", "verify").rc, 0, "the log is verified")


def python(path):
    return subprocess.run([sys.executable, "-B", str(ROOT / "examples/verify_log.py"), str(path)],
                          capture_output=True, text=True)


done = python(vault.path / "vault.sqlite")
check(done.returncode == 0, "and by the program in Python", done.stdout[:400] + done.stderr[-300:])

# A copy whose entry was changed has many faults; that of the signature must be one of them.
entry = vault.events("review-signed")[0]
for what, old, new in (("the channel", b"channel phone:sim", b"channel phone:sin"),
                       ("the person", b"person custodian-p1", b"person custodian-p2"),
                       ("the signature", rb"signature (A|.)",
                        lambda found: b"signature B" if found[1] == b"A" else b"signature A")):
    for name in ("vault.sqlite", "log.key"):
        (work / "copy").mkdir(exist_ok=True)
        shutil.copy(vault.path / name, work / "copy" / name)
    with sqlite3.connect(work / "copy/vault.sqlite") as db:
        index, body = next((i, b) for i, b in db.execute("SELECT idx, body FROM log_entry")
                           if b"event review-signed" in b and re.search(old, b))
        changed = re.sub(old, new, body, count=1)
    db.close()
    image = (work / "copy/vault.sqlite").read_bytes()
    check(changed != body and image.count(body) == 1, f"{what}: the plant takes")
    (work / "copy/vault.sqlite").write_bytes(image.replace(body, changed))
    run = quorate("--json", "log", "verify", vault=work / "copy")
    check(any(f["index"] == index and "not signed by their badge" in f["fault"]
              for f in run.json["faults"]), f"{what} changed is found at its entry", str(run))
    said = python(work / "copy/vault.sqlite")
    check(f"entry {index}" in said.stdout and "has not signed" in said.stdout,
          f"{what} changed is found in Python", said.stdout[:300])
    shutil.rmtree(work / "copy")

finish()
