"""Kills a re-issue, one that brings another group, and the replacement of a card
at their system calls, one by one. It is before or after, never between: exactly
the old cards open, and all new ones are void; or exactly the new ones, and the
old ones are void; the group is the one whose cards open. So it is, too, where
log.key is lost then, and a successor goes on.

usage: reissue.py QUORATE [SHARE] [--policy]
                 every SHARE-th call (1: all), and each at which one file is put
                 in place of another; --policy: those that bring another group
"""
import shutil
import sys

import lab as lab_module
from cards import check_sheets, each, killed, perform
from lab import Lab
from renewal import (continued, judge_remade, regroup_args, reissue_args, replace_args,
                     somebody_joins)
from trial import CALLS


def settled(lab):
    """The next command with a badge: what was cut short is settled first."""
    lab.run("card", "prove", lab.cards[0], want=0)
    check_sheets(lab)
    return lab


def trial(base, args, ended, regroups, settle, place, call, n):
    lab = base.copy(place)
    done = killed(lab, args(lab), call, n)
    judge_remade(settle(lab), done, ended, regroups)
    shutil.rmtree(place)
    return done


CASES = {False: [("re-issue", reissue_args, {3, 4}, settled),
                 ("replacement", replace_args, {3}, settled)],
         True: [("re-issue with a policy", regroup_args, {3, 4}, settled),
                ("the same, log.key lost then", regroup_args, {3, 4}, continued)]}


def run(quorate, share, root):
    regroups = "--policy" in sys.argv
    base = Lab(quorate, root / "base")
    base.found()
    shutil.rmtree(base.sheets)
    if regroups:
        somebody_joins(base)
    for name, args, ended, settle in CASES[regroups]:
        lab = base.copy(root / "measure")
        points = lab_module.syscalls(lab, args(lab), CALLS)
        shutil.rmtree(lab.root)
        kills = each(points, share, root,
                     lambda *at: trial(base, args, ended, regroups, settle, *at), ["renameat2"])
        print(f"{name}: {kills} kills at {len(points)} system calls, every {share}th")


sys.exit(perform(run))
