"""Kills a re-key, its last proof and its giving up at their system calls, one by
one. It is before or after, never between: exactly one generation's cards open,
log.key opens to those that count and to no others, what was not handed over is
void, and either quorum that counts can take the log over. So it is, too, where log.key is
lost in the middle of a re-key, and a successor goes on.

usage: rekey.py QUORATE [SHARE]    every SHARE-th call (1: all), and of the two
                                   ends each at which one file is put in place
"""
import shutil
import sys

import lab as lab_module
from cards import each, killed, perform
from lab import Lab, read_cards
from renewal import abandon_args, continued, judge_end, judge_rekey, rekey_args
from trial import CALLS

TURNS = ["renameat2", "unlink"]  # log.key, and the database's journal


def trial(base, place, call, n, args, judge):
    lab = base.copy(place)
    done = killed(lab, args(lab), call, n)
    judge(lab, done)
    shutil.rmtree(place)
    return done


def run(quorate, share, root):
    base = Lab(quorate, root / "base")
    base.found()
    lab = base.copy(root / "pending")
    points = lab_module.syscalls(lab, rekey_args(lab), CALLS)
    new = read_cards(lab.sheets, lab.root)
    kills = each(points, 4 * share, root, lambda *at: trial(base, *at, rekey_args, judge_rekey))
    print(f"re-key: {kills} kills at {len(points)} system calls, every {4 * share}th")
    kills = each(points, 4 * share, root, lambda *at: trial(
        base, *at, rekey_args, lambda lab, done: judge_rekey(continued(lab), done, True)))
    print(f"the same, log.key lost then: {kills} kills, every {4 * share}th")

    lab.run("card", "prove", *new[:-1], want=0)
    for name, args, after in (
            ("the last proof", lambda _: ["card", "prove", new[-1]], [False, True]),
            ("giving up", abandon_args, [True, False])):
        points = lab_module.syscalls(lab.copy(root / "measure"), args(lab), CALLS)
        shutil.rmtree(root / "measure")
        kills = each(points, share, root,
                     lambda *at: trial(lab, *at, args, lambda *left: judge_end(*left, new, after)),
                     TURNS)
        print(f"{name}: {kills} kills at {len(points)} system calls, every {share}th")


sys.exit(perform(run))
