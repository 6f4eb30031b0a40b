"""Kills each command that changes who opens the log, at its system calls that write. Somebody is an
operator with that badge, or is none; the former badge and the new one never both open the log, and
never neither; the first operator's always does. No wallet card is printed of a badge that is in no log.

usage: people.py QUORATE [SHARE] [--must-break]
  --must-break   for the control, a build that breaks the order of a commit:
                 succeeds only if a promise is seen broken
"""
import shutil
import sys

import lab as lab_module
from cards import each, killed, perform
from lab import POLICY, Broken, Lab
from trial import CALLS, Trial

FORMER, NEW = "eight tall trees stand", "a new badge for the old one"
CONFIRM = ["--confirm", POLICY["vault"]]
# What is typed, and the passphrases by which operator-2 opens the log before it and after it.
STEPS = [
    (["person", "add", "operator-2", "--name", "Operator Two", "--role", "operator", *CONFIRM],
     FORMER, None, FORMER),
    (["badge", "new", "operator-2", "--reason", "lost"], NEW, FORMER, NEW),
    (["badge", "new", "custodian-p1", "--reason", "lost", "--sheets", None], None, NEW, NEW),
    (["person", "leave", "operator-2", "--reason", "another employer"], None, NEW, None),
]


def typed(lab, step):
    args, new = step[:2]
    lab.answers["badges"].pop("operator-2", None)
    if new:
        lab.answers["badges"]["operator-2"] = new
    return [lab.sheets if arg is None else arg for arg in args]


def opens(lab, passphrase):
    """Does operator-2 open the log with that badge? Settles what is in flight, if so."""
    given = lab.answers
    lab.answers = {**given, "operator": "operator-2", "badges": {"operator-2": passphrase}}
    done = lab.run(*lab.prove_args(), want=(0, 2, 4))
    lab.answers = given
    return done.status == 0


def operator_2(lab):
    """Their badge in force, or None, as the log has it."""
    rows = {row["id"]: row for row in lab.run("person", "list", want=0).json()["people"]}
    row = rows.get("operator-2")
    return row["badge"]["vkey"] if row and not row["left"] else None


def trial(base, step, before, place, call, n):
    lab = base.copy(place)
    _, _, former, new = step
    done = killed(lab, typed(lab, step), call, n)
    Trial(lab).see()
    first = n % 2 == 0  # who comes next: operator-2, or the first operator
    by = [word for word in (former, new) if word and first and opens(lab, word)]
    lab.run(*lab.prove_args(), want=0)
    by = by if first else [word for word in (former, new) if word and opens(lab, word)]
    if former == new:
        if by != [former, new]:
            raise Broken(f"operator-2's badge opens the log no more: {by}")
    else:
        over = operator_2(lab) != before
        if by != [word for word in (new if over else former,) if word]:
            raise Broken(f"done: {over}, and operator-2 opens the log by {by}")
        if done.out and not over:
            raise Broken("told, and not done")
    issued = [e["values"]["person"] for e in lab.entries()
              if e["event"] == "badge-issued" and e["values"]["form"] == "wallet"]
    for sheet in lab.sheets.glob("wallet-*.pdf") if lab.sheets.exists() else ():
        if sheet.stem.removeprefix("wallet-") not in issued:
            raise Broken(f"{sheet.name} is delivered, and the log has no such badge")
    lab.verify()
    shutil.rmtree(place)
    return done


def run(quorate, share, root):
    base = Lab(quorate, root / "base")
    base.answers["badges"] = dict(base.answers["badges"])
    base.found()
    shutil.rmtree(base.sheets)
    for step in STEPS:
        lab = base.copy(root / "measure")
        points = lab_module.syscalls(lab, typed(lab, step), CALLS)
        shutil.rmtree(lab.root)
        before = operator_2(base)
        kills = each(points, share, root, lambda *at: trial(base, step, before, *at), ["renameat2"])
        print(f"{' '.join(step[0][:3])}: {kills} kills at {len(points)} system calls")
        base.run(*typed(base, step), want=0)


sys.exit(perform(run))
