"""The register: what is taken and what is not, the last value wins, the log has it, and a
verifier of another hand says the same."""
import sqlite3

from harness import *

start()
need_module("nacl")
import verify_log  # noqa: E402 (from examples/)

vault = Vault()


def row(register, name):
    rows = vault.run("--json", "register", "list", register).json["register"]
    return next((r["values"] for r in rows if r["name"] == name), None)


def put(*args):
    return vault.act("register", "set", *args)


# ---- The last value wins, and the history stays ----
same(vault.run("--json", "register", "list").json, {"register": []}, "a new vault has none")
run = put("mailbox", "root-mail", f"address=root+0@example.com", "recipient=custodian-p1",
          "recipient=list@example.com")
same(run.rc, 0, "a mailbox is registered")
same(row("mailbox", "root-mail"), {"address": "root+0@example.com",
                                   "recipient": ["custodian-p1", "list@example.com"]},
     "it stands as it was given")
same(put("mailbox", "root-mail", "address=root+0@example.com").rc, 0, "it is replaced")
same(row("mailbox", "root-mail"), {"address": "root+0@example.com"}, "the last value wins")
same(put("roster", "custodian-p1", "utc-offset=+01:00", "hours=mon-fri 08:00-18:00",
         "hours=sat 10:00-12:00").rc, 0, "a roster is registered")
same(len(vault.run("--json", "register", "list", "roster").json["register"]), 1,
     "one register is listed alone")
run = vault.act("register", "drop", "mailbox", "root-mail")
same((run.rc, row("mailbox", "root-mail")), (0, None), "it is taken away")
same(vault.act("register", "drop", "mailbox", "root-mail").rc, 2, "once")
same([len(e["values"].get("value", [])) for e in vault.events("register-set")], [3, 1, 3, 0],
     "all of it is in the log")

# ---- By answers ----
given = answers(values=["kind=billing", "email=billing@example.com", "phone=+1 *** 99"])
run = vault.run("--json", "register", "set", "contact", "billing-1", given=given)
same(run.rc, 0, "values come from the answers")
same(row("contact", "billing-1")["email"], "billing@example.com", "and stand there")
same(vault.act("register", "set", "contact", "billing-2").rc, 2, "none given: named as missing")

# ---- What is not taken: nothing is written, and no badge is asked for ----
before = len(vault.log())
for what, *args in (
        ("no such register", "vault", "x", "a=b"),
        ("a key of another register", "mailbox", "m", "address=a@example.com", "needs=x"),
        ("a key twice", "mailbox", "m", "address=a@example.com", "address=b@example.com"),
        ("a value twice", "safe", "a/b", "holder=custodian-p1", "holder=custodian-p1"),
        ("a missing key", "device", "d", "model=X"),
        ("a number in full", "phone", "p", "number=+49 170 1234567"),
        ("nobody of that id", "phone", "p", "holder=custodian-x9"),
        ("no account of that id", "device", "d", "kind=fido", "account=999999999999"),
        ("a name of another form", "safe", "safe-1", "holder=custodian-p1"),
        ("no key", "phone", "p", "=x"),
        ("no value", "phone", "p", "payer="),
        ("two lines", "phone", "p", "payer=x\nholder=custodian-p1"),
        ("an escape", "phone", "p", "payer=\x1b[2Jx"),
        ("too long", "phone", "p", "payer=" + "x" * 201)):
    run = quorate("register", "set", *args, vault=vault.path, answers={})
    same(run.rc, 2, f"refused: {what}")
same(len(vault.log()), before, "and nothing of it is in the log")

for what, *args in (
        ("a password in a note", "phone", "p", "note=my password: Tr0ub4dor&3xx"),
        ("a seed as a contract", "phone", "p", "contract=" + SEED),
        ("a code in a note", "safe", "a/b", "holder=custodian-p1", "note=987654"),
        ("words of a card as a name", "contact", "c", "kind=billing", "email=c@example.com", "title=academic acid acne")):
    run = quorate("register", "set", *args, vault=vault.path, answers={})
    check(run.rc == 2 and "looks like" in run.error and "the log is public" in run.error,
          f"refused: {what}", str(run))
same(len(vault.log()), before, "and nothing of that either")

# ---- Foreign text, as far as it is taken, cannot forge a screen ----
same(put("phone", "sim", "payer=\u202eecrof \u200bx", "note=100%", "holder=custodian-p1").rc, 0,
     "a text that reorders a line is taken")
run = vault.run("register", "list")
check("\\xE2\\x80\\xAEecrof" in run.out, "and shown as what it is", run.out)
check(max(map(len, run.out.splitlines())) <= 80, "the list fits 80 columns")
same(put("phone", "long", "contract=" + "x" * 100 + " " + "y" * 60).rc, 0, "a long text is taken")
out = vault.run("register", "list").out
check(max(map(len, out.splitlines())) <= 80 and "x" * 100 in "".join(out.split()),
      "and broken, whole, into lines of 80 columns")

# ---- The verifiers agree ----
run = vault.run("log", "verify")
same(run.rc, 0, "the log is verified")
done = subprocess.run([sys.executable, "-B", str(ROOT / "examples/verify_log.py"),
                       str(vault.path / "vault.sqlite")], capture_output=True, text=True)
same(done.returncode, 0, "and by the program in Python")


class People:
    roles, accounts = {"custodian-p1": []}, {ACCOUNT}


wrong = []
lines = (ROOT / "tests/vectors/register.tsv").read_text().split("\n")[:-1]
for line in lines:
    form, answer, text = line.split("\t")
    if bool(verify_log.REGISTER_FORMS[form](People, text)) != (answer == "yes"):
        wrong.append(line)
same((wrong, len(lines) > 80), ([], True), "both take the same values")

# ---- A table edited behind the log's back ----
with sqlite3.connect(vault.path / "vault.sqlite") as db:
    db.execute("UPDATE reg SET value = replace(value, 'custodian-p1', 'custodian-p2')")
db.close()
run = vault.run("register", "list")
same(run.rc, 5, "a holder exchanged in the table is found")

finish()
