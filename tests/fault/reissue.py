"""Kills a re-issue and the replacement of a card at their system calls, one by
one. It is before or after, never between: exactly the old cards open, and all
new ones are void; or exactly the new ones, and the old ones are void.

usage: reissue.py QUORATE [SHARE]    every SHARE-th call (1: all), and each at
                                     which one file is put in place of another
"""
import shutil
import sys

import lab as lab_module
from cards import REASON, check_sheets, each, killed, opens, perform, states
from lab import Broken, Lab, read_cards
from trial import CALLS


def reissue_args(lab, mfa):
    return ["reissue", "--group", "mfa", *REASON, "--sheets", lab.sheets, *mfa]


def replace_args(lab, mfa):
    return ["card", "replace", "3", "--in-hand", *REASON, "--sheets", lab.sheets, *mfa]


def trial(base, args, ended, place, call, n):
    """`ended`: the serials of the cards that count no more, once it is done."""
    lab = base.copy(place)
    password, mfa = lab.cards[:2], lab.cards[-2:]
    done = killed(lab, args(lab, mfa), call, n)
    lab.run("card", "prove", password[0], want=0)  # a badge; what was cut short is settled first
    check_sheets(lab)
    found = states(lab)
    new = {found[serial] for serial in found if serial > len(lab.cards)}
    over = "live" in new
    if done.out and not over:
        raise Broken("told, and not done")
    if new not in ({"live"}, {"void"}, set()):
        raise Broken(f"the new cards are {new}")
    for serial in range(1, len(lab.cards) + 1):
        if found[serial] != ("void" if over and serial in ended else "live"):
            raise Broken(f"card {serial} is {found[serial]}, the new ones {new}")
    if opens(lab, [*password, *mfa]) == over:
        raise Broken(f"the old cards open: {not over}, and the new ones are {new}")
    kept = [card for serial, card in enumerate(lab.cards, 1) if serial not in ended]
    if over and not opens(lab, [*kept, *read_cards(lab.sheets, lab.root)]):
        raise Broken("the new cards do not open")
    lab.verify()
    shutil.rmtree(place)
    return done


def run(quorate, share, root):
    base = Lab(quorate, root / "base")
    base.found()
    for name, args, ended in (("re-issue", reissue_args, {3, 4}), ("replacement", replace_args, {3})):
        lab = base.copy(root / "measure")
        points = lab_module.syscalls(lab, args(lab, lab.cards[-2:]), CALLS)
        shutil.rmtree(lab.root)
        kills = each(points, share, root, lambda *at: trial(base, args, ended, *at), ["renameat"])
        print(f"{name}: {kills} kills at {len(points)} system calls, every {share}th")


sys.exit(perform(run))
