"""The bad days of a vault's life, each as it would come; what each must end with. Those that one
command's own test has already are not here again.

usage: bad_days.py QUORATE BEFALL"""
import os
import pathlib
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


def one_of_31():
    """One card of 31 is damaged at proof: it is named, and all the others are proved."""
    vault = Vault(policy(password=(5, 16), mfa=(4, 15)))
    files = [c.text() for c in vault.cards]
    victim = vault.cards[17]
    words = victim.words
    words[20] = WORDS[(WORDS.index(words[20]) + 1) % len(WORDS)]
    files[17] = vault.write("damaged.txt", " ".join(words))
    run = vault.act("card", "prove", *files)
    same(run.rc, 4, "31 cards, one damaged: exit 4")
    said = run.json["cards"]
    same([r["result"] for r in said], ["accepted"] * 17 + ["refused"] + ["accepted"] * 13,
         "the one is refused, and no other")
    same(len(vault.events("card-proved")), 30, "the log has thirty proofs")
    refused = vault.events("card-refused")
    same((len(refused), refused[0]["values"]["reason"]), (1, said[17]["reason"]), "and one refusal")
    rows = vault.run("--json", "status").json["rows"]
    unproved = [r["text"] for r in rows if r["what"] == "card"]
    check(any(victim.custodian in text for text in unproved), "the status names its custodian",
          str(unproved))
    same(vault.open(*quorum(vault)).rc, 0, "the vault opens")
    whole(vault, "one of 31")


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


def clock_of_1970():
    """The laptop's battery died: the clock says 1970."""
    vault = Vault()
    with at(86_400):
        run = vault.act("card", "prove", vault.cards[0].text())
        check(run.rc == 0 and "1970-01-02" in run.err and "date -u -s" in run.err,
              "a practice vault goes on, says what is wrong, and how to set the clock", str(run))
        run = vault.act("card", "prove", vault.cards[0].text())
        same(run.rc, 0, "again")
    check("the time goes back" in whole(vault, "a clock of 1970"), "and the verifier tells")
    strict = policy(practice=False, machine_exceptions=[e for e in EXCEPTIONS if e != "clock"])
    vault = Vault(strict, found_answers(confirm=strict["vault"]))
    before = len(vault.log())
    with at(86_400):
        run = vault.act("card", "prove", vault.cards[0].text())
    check(run.rc != 0 and "clock" in run.error, "a real vault refuses such a machine", str(run))
    same(len(vault.log()), before, "and nothing is written")


for day in (one_of_31, swapped_deposits, clock_of_1970):
    print(f"-- {day.__doc__}")
    day()
finish()
