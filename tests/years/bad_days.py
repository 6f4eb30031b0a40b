"""The bad days of a vault's life, each as it would come; what each must end with. Those that one
command's own test has already are not here again.

usage: bad_days.py QUORATE BEFALL"""
import os
import pathlib
import shutil
import sqlite3
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))
befall = pathlib.Path(sys.argv.pop()).resolve()

from harness import *  # noqa: E402

start()
need("pdftotext")
NEW = ["correct-Horse7battery@staple", "second-Horse7battery@staple"]
keep_secret(*NEW)


def whole(vault, what):
    run = vault.run("--json", "log", "verify")
    same((run.rc, run.json["faults"]), (0, []), f"{what}: the log is whole")
    check(foreign_verdict(vault) in ([], None), f"{what}: to a verifier that is not ours, too")
    return [n["notice"] for n in run.json["notices"]]


def quorum(vault):
    needs = vault.rules["groups"]
    return [c.text() for g in ("password", "mfa") for c in vault.group(g)[:needs[g]["threshold"]]]


class at:
    """A time of ours, for what runs inside."""

    def __init__(self, unix_s):
        self.shift_s = unix_s - int(time.time())

    def __enter__(self):
        os.environ.update(LD_PRELOAD=str(befall), QUORATE_TEST_SHIFT_S=str(self.shift_s))

    def __exit__(self, *ignored):
        del os.environ["LD_PRELOAD"], os.environ["QUORATE_TEST_SHIFT_S"]


def swapped_deposits():
    """Two deposits are swapped between their accounts, in the file."""
    vault = Vault(policy(accounts=2))
    accounts = [ACCOUNT, str(int(ACCOUNT) + 1)]
    for account, secret in zip(accounts, NEW):
        run = vault.run("--json", "deposit", account, "--kind", "password",
                        given=answers(accounts={account: {"password": secret}}))
        same(run.rc, 0, "a deposit")
    with sqlite3.connect(vault.path / "vault.sqlite") as db:
        boxes = db.execute("SELECT digest, body FROM document WHERE kind = 'deposit'").fetchall()
        for (digest, _), (_, body) in zip(boxes, reversed(boxes)):
            db.execute("UPDATE document SET body = ? WHERE digest = ?", (body, digest))
    db.close()
    same(len(boxes), 2, "two boxes change places")
    same(vault.run("log", "verify").rc, 5, "the verifier calls it tampering")
    same(vault.run("card", "list").rc, 5, "and so does every command")
    run = vault.open(*quorum(vault), given=answers(deposits={"all": "adopt"}))
    same((run.rc, [d["result"] for d in run.json["deposits"]]), (0, ["refused", "refused"]),
         "an opening refuses both")
    same(run.secret["password"], vault.password, "and gives what was there before")
    whole(vault, "swapped deposits")


def former_generation():
    """A deposit that was sealed before a re-key, on a copy of the vault, comes after it."""
    vault = Vault(policy())
    copy = vault.folder / "copy"
    shutil.copytree(vault.path, copy)
    deposit = ["--json", "deposit", ACCOUNT, "--kind", "password"]
    same(quorate(*deposit, vault=copy, answers=answers(accounts={ACCOUNT: {"password": NEW[0]}})).rc, 0,
         "a deposit on the copy")
    run = vault.act("rekey", "--reason", "a card was copied", "--confirm", vault.rules["vault"], "--sheets",
                    vault.folder / "new", *quorum(vault))
    same(run.rc, 0, "the vault is re-keyed")
    files = [Card(vault, row).text() for row in run.json["cards"]]
    same(vault.act("card", "prove", *files).rc, 0, "every new card is proved")
    same(vault.run(*deposit, given=answers(accounts={ACCOUNT: {"password": NEW[1]}})).rc, 0,
         "a deposit for the new key")
    with sqlite3.connect(copy / "vault.sqlite") as db:
        (box,), = db.execute("SELECT body FROM document WHERE kind = 'deposit'").fetchall()
    db.close()
    with sqlite3.connect(vault.path / "vault.sqlite") as db:
        db.execute("UPDATE document SET body = ? WHERE kind = 'deposit'", (box,))
    db.close()
    same(vault.run("log", "verify").rc, 5, "the former box in its place is tampering")
    run = vault.open(*files, given=answers(deposits={"all": "adopt"}))
    same((run.rc, [d["result"] for d in run.json["deposits"]]), (0, ["refused"]),
         "an opening refuses it")
    same(run.secret["password"], vault.password, "and gives what was there before")
    whole(vault, "a deposit to a former generation")


def clock_of_1970():
    """The laptop's battery died: the clock says 1970."""
    vault = Vault()
    with at(int(time.time()) + 200 * 86_400):
        same(vault.act("card", "prove", vault.cards[0].text()).rc, 0, "half a year on")
        same(vault.run("status").rc, 6, "a drill is overdue")
    with at(86_400):
        run = vault.act("card", "prove", vault.cards[0].text())
        check(run.rc == 0 and "1970-01-02" in run.err and "date -u -s" in run.err,
              "a practice vault goes on, says what is wrong, and how to set the clock", str(run))
        run = vault.act("card", "prove", vault.cards[0].text())
        same(run.rc, 0, "again")
        run = vault.run("status")
        same(run.rc, 6, "and stays overdue, though the log's last time is of 1970")
        check("the log's time goes back at entry" in run.out, "the page says why", str(run))
    check("the time goes back" in whole(vault, "a clock of 1970"), "and the verifier tells")
    strict = policy(practice=False, machine_exceptions=[e for e in EXCEPTIONS if e != "clock"])
    vault = Vault(strict, found_answers(confirm=strict["vault"]))
    before = len(vault.log())
    with at(86_400):
        run = vault.act("card", "prove", vault.cards[0].text())
    check(run.rc != 0 and "clock" in run.error, "a real vault refuses such a machine", str(run))
    same(len(vault.log()), before, "and nothing is written")


for day in (swapped_deposits, former_generation, clock_of_1970):
    print(f"-- {day.__doc__}")
    day()
finish()
