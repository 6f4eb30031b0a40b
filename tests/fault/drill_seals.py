"""Kills a drill of seals at its system calls, one by one. All that was seen is in
the log and the drill has an end, or it has none of it and failed: a card
whose bag was missing is suspect, or is not, and the drill says the same.

usage: drill_seals.py QUORATE [SHARE]    every SHARE-th call (1: all), and each
                                         at which one file is put in place
"""
import shutil
import sys

import lab as lab_module
from cards import each, killed, perform, states
from lab import OPERATOR, Broken, Lab
from trial import CALLS, Trial, died

ARGS = ["drill", "seals"]
WRONG = 4  # how it exits: a bag is not there
SEEN = [{"card": "1", "bag": "AB-1"}, {"card": "3", "result": "missing", "person": "custodian-m1"}]
# What is written at its end, and how often.
ENDS = {"seal-checked": 2, "drill-graded": 3, "action-opened": 1}


def found(quorate, root):
    base = Lab(quorate, root)
    base.found()
    shutil.rmtree(base.sheets)
    for serial in (1, 3):
        base.run("bag", "seal", f"AB-{serial}", "--card", serial, "--site", "site-1", "--safe",
                 f"safe-{serial}", want=0)
    base.answers.update(grades={OPERATOR: "ready"}, seals=SEEN, actions=[
        {"text": "Find bag AB-3", "owner": OPERATOR, "due": "2031-02-28"}])
    return base


def trial(base, kills, place, call, n):
    lab = base.copy(place)
    before = len(lab.entries())
    done = killed(lab, ARGS, call, n)
    Trial(lab).see()
    lab.run(*lab.prove_args(), want=0)  # a badge; what was cut short is settled first
    entries = lab.entries()[before:]
    outcomes = [e["values"]["result"] for e in entries if e["event"] == "outcome"]
    intents = [e for e in entries if e["event"] == "intent"]
    over = outcomes == ["done"]
    if outcomes not in ([], ["done"], ["failed"]) or len(outcomes) != len(intents):
        raise Broken(f"{len(intents)} drills, and their outcomes are {outcomes}")
    if done.out and not over:
        raise Broken("told, and not done")
    for event, times in ENDS.items():
        written = sum(e["event"] == event for e in entries)
        if written != (times if over else 0):
            raise Broken(f"done: {over}, and {written} times {event}")
    if states(lab) != {1: "live", 2: "live", 3: "suspect" if over else "live", 4: "live"}:
        raise Broken(f"done: {over}, and the cards are {states(lab)}")
    told = [d["result"] for d in lab.run("drill", "list", want=0).json()["drills"]]
    if told != outcomes:
        raise Broken(f"the drills are {told}, the outcomes {outcomes}")
    # It is begun again as if nothing had been, or the next one is.
    lab.run(*ARGS, want=WRONG)
    lab.verify()
    shutil.rmtree(place)
    kills[over] += died(done)
    return done


def run(quorate, share, root):
    base = found(quorate, root / "base")
    lab = base.copy(root / "measure")
    points = lab_module.syscalls(lab, ARGS, CALLS, want=WRONG)
    shutil.rmtree(lab.root)
    kills = {False: 0, True: 0}
    each(points, share, root, lambda *at: trial(base, kills, *at), ["renameat2"])
    print(f"at {len(points)} system calls, every {share}th, {sum(kills.values())} kills: "
          f"{kills[False]} before its end was written, {kills[True]} after")
    if not kills[False] or not kills[True]:
        raise Broken("the kills did not meet both sides of its end")


sys.exit(perform(run))
