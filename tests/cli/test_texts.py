"""Items that are texts: a device, security questions, a note. Sealed at the founding or deposited,
adopted, shown and logged like any secret; recovered without this software; nothing of another form
is taken."""
from harness import *

start()
need("pdftotext")
need_module("nacl")

DEVICE = "serial: GAKT00012345\nbag: A-1007\nPIN: 4711-0815"
QUESTIONS = "First teacher?: Ms. Jürgens\nPlace of the first office?: Brno, by the river"
NOTE = "The second key lies at the notary.\nAsk for \u202eeht enohp\u202c."
keep_secret(DEVICE, QUESTIONS, NOTE, "4711-0815", "Jürgens", "notary")

vault = Vault(given=answers(accounts={ACCOUNT: {"password": None, "totp": SEED, "device": DEVICE.split("\n")}}))
files = [c.text() for c in vault.group("password")[:2] + vault.group("mfa")[:2]]


def deposit(kind, text=None):
    given = answers(accounts={ACCOUNT: {kind: text.split("\n")}}) if text else answers()
    return vault.run("--json", "deposit", ACCOUNT, "--kind", kind, given=given)


def show(what, **more):
    return vault.open(*files, show=what, **more)


# ---- From the founding ----
same([(e["values"]["kind"], e["values"]["serial"]) for e in vault.events("item-sealed")],
     [("password", "1"), ("totp", "2"), ("device", "3")], "a device is sealed at the founding")
run = show("device")
same((run.rc, run.secret), (0, {"account": ACCOUNT, "device": DEVICE}), "and shown by a quorum")
said = vault.events("secret-shown")[-1]["values"]
same((said["kind"], said["what"], said["serial"]), ("device", "device", "3"), "which the log has")

# ---- Deposited, and adopted ----
run = deposit("questions", QUESTIONS)
same((run.rc, run.json), (0, {"account": ACCOUNT, "kind": "questions", "serial": 4,
                              "confirmed": False}), "questions are deposited")
same(deposit("note", NOTE).rc, 0, "and a note")
same(show("note").rc, 1, "which nobody sees before it is adopted")
run = show("password,device,questions,note", given=answers(deposits={"all": "adopt"}))
same((run.rc, {k: v for k, v in run.secret.items() if k != "password"}),
     (0, {"account": ACCOUNT, "device": DEVICE, "questions": QUESTIONS, "note": NOTE}),
     "all of it comes back, to the byte")
same(vault.events("secret-hidden")[-1]["values"]["what"], ["device", "note", "password", "questions"],
     "and what was shown is logged")
rows = [r["text"] for r in vault.run("--json", "status").json["rows"] if r["what"] == "credential"]
check("questions" in rows[0] and "note" not in rows[0], "a note need not be confirmed in use", rows)

# ---- Another device, and the former one let go ----
same(deposit("device", "serial: NEW-1").rc, 0, "another device is deposited")
same(show("device", given=answers(deposits={"all": "adopt"})).secret["device"], "serial: NEW-1",
     "and adopted")
same(show("device", more=("--former",)).secret["device"], DEVICE, "the former is kept")
run = vault.act("account", "confirm", ACCOUNT, "--kind", "device")
same((run.rc, run.json["deleted"]), (0, 1), "until the new one is confirmed")

# ---- Without this software ----
status, found, said = recover(vault.path / "vault.sqlite", *files)
same((status, found[ACCOUNT, "device"], found[ACCOUNT, "questions"], found[ACCOUNT, "note"]),
     (0, ["serial: NEW-1"], QUESTIONS.split("\n"), NOTE.split("\n")), "recover.py finds all of it")

# ---- What is not taken: nothing is written, and nothing quoted ----
before = len(vault.log())
for what, kind, text in (
        ("no name", "device", "4711-0815"), ("no text", "questions", "First teacher?: "),
        ("an escape", "note", "\x1b[2Jnotary"), ("an empty line", "note", "notary\n\nx"),
        ("a line's end too many", "note", "notary\n"), ("too long", "note", "notary " * 147),
        ("not NFC", "note", "notary e\u0301"), ("a carriage return", "device", "PIN: 4711-0815\r\nx: y")):
    run = deposit(kind, text)
    check(run.rc == 2 and ("--answers-fd" in run.error or f"accounts.{ACCOUNT}.{kind}" in run.error),
          f"refused: {what}", run)
for what, text in (("one text and no list", "notary"), ("65 lines", ["x"] * 65), ("a number", [1])):
    run = vault.run("deposit", ACCOUNT, "--kind", "note",
                    given=answers(accounts={ACCOUNT: {"note": text}}))
    same(run.rc, 2, f"refused: {what}")
check("nothing was given" in deposit("note").error, "refused: nothing")
same(deposit("note", "notary " * 146 + "xx").rc, 0, "1,024 bytes are taken")
same(len(vault.log()) > before, True, "which alone is written")
same(show("questions,questions").rc, 2, "nothing is shown twice")
same(vault.open(*files, show="note", account=str(int(ACCOUNT) + 7)).rc, 2, "nor of another account")

# ---- A re-key carries them on ----
run = show("device,questions,note", given=answers(deposits={"all": "adopt"}))
same(run.rc, 0, "the note of 1,024 bytes is adopted")
before = run.secret
same(len(before["note"]), 1024, "and shown")
run = vault.run("--json", "rekey", "--reason", "x", "--confirm", "example.com/practice", "--sheets",
                vault.folder / "new", *files, given=answers())
same(run.rc, 0, "a re-key")
new = [Card(vault, row) for row in run.json["cards"]]
same(vault.act("card", "prove", *[vault.write(f"{c.serial}.txt", c.code) for c in new]).rc, 0, "is done")
files = [c.text() for g in ("password", "mfa") for c in [c for c in new if c.group == g][:2]]
run = show("device,questions,note")
same((run.rc, run.secret == before), (0, True), "the new cards open all three")
same(vault.run("--json", "log", "verify").json["faults"], [], "the log is whole")
same(foreign_verdict(vault), [], "to a verifier that is not ours, too")
finish()
