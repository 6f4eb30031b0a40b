"""Kills an opening that adopts one deposit and refuses another, at each of its system calls that
write; then the next command settles it. Either both are decided or both wait, never between: the
box is there or the item is, and the password that opens is the one that the log says.

usage: adoption.py QUORATE [STRIDE]"""
import json
import pathlib
import shutil
import sqlite3
import sys

from lab import ACCOUNT, Broken, Lab, need, scratch
from trial import CALLS, died, killing

need("strace", "pdftotext")
PASSWORDS = ["correct-Horse7battery@staple", "second-Horse7battery@staple"]


def documents(lab, kind):
    with sqlite3.connect(f"file:{lab.vault}/vault.sqlite?mode=ro&immutable=1", uri=True) as db:
        return db.execute("SELECT count(*) FROM document WHERE kind = ?", (kind,)).fetchone()[0]


def count(lab, event):
    return sum(e["event"] == event for e in lab.entries())


def opening(lab, deposits=None, **how):
    lab.answers.pop("deposits", None)
    if deposits:
        lab.answers["deposits"] = deposits
    return lab.finish(lab.command("open", ACCOUNT, "--purpose", "drill", "--show", "password",
                                  *lab.cards, **how))


def judge(lab, old, items):
    """What the interrupted opening left, once another command has settled it."""
    done = opening(lab)
    if done.status != 0:
        raise Broken(f"the opening afterwards: exit {done.status}\n{done.err}")
    adopted = any("deposit" in e["values"] for e in lab.entries() if e["event"] == "item-sealed")
    refused = count(lab, "deposit-refused")
    boxes = documents(lab, "deposit")
    if (adopted, refused, boxes, documents(lab, "item")) not in (
            (False, 0, 2, items), (True, 1, 0, items + 1)):
        raise Broken(f"between: adopted {adopted}, refused {refused}, {boxes} boxes")
    if json.loads(done.secrets)["password"] != (PASSWORDS[0] if adopted else old):
        raise Broken("another password than the log says")
    lab.verify()
    return adopted


def run(place, quorate, stride):
    base = Lab(quorate, pathlib.Path(place) / "base")
    base.found()
    for password in PASSWORDS:
        base.answers["accounts"] = {ACCOUNT: {"password": password}}
        base.run("deposit", ACCOUNT, "--kind", "password", want=0)
    base.answers.pop("accounts")
    items = documents(base, "item")
    first = next(i["serial"] for i in base.run("account", "list", want=0).json()["accounts"][0]["items"]
                 if i["state"] == "deposited")
    decided = {str(first): "adopt", "all": "refuse"}
    old = json.loads(opening(base).secrets)["password"]
    kills, befores, afters = 0, 0, 0
    for call in CALLS:
        n = 1
        while True:
            shutil.rmtree(base.root.parent / "trial", ignore_errors=True)
            lab = base.copy(base.root.parent / "trial")
            done = opening(lab, decided, wrap=killing(call, n))
            if not died(done):
                if done.status != 0:
                    raise Broken(f"{call} {n}: exit {done.status}\n{done.err}")
                break
            kills += 1
            adopted = judge(lab, old, items)
            afters, befores = afters + adopted, befores + (not adopted)
            n += stride
    print(f"{kills} kills: {befores} decided nothing, {afters} everything, none between")
    if not befores or not afters:
        raise Broken("the kills did not meet both sides of the commit")


if __name__ == "__main__":
    try:
        with scratch() as folder:
            run(folder, sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    except Broken as why:
        sys.exit(f"BROKEN: {why}")
