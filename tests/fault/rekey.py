"""Kills a re-key, its last proof and its giving up at their system calls, one by
one. It is before or after, never between: exactly one generation's cards open,
log.key opens to those that count and to no others, what was not handed over is
void, and either quorum that counts can take the log over.

usage: rekey.py QUORATE [SHARE]    every SHARE-th call (1: all), and of the two
                                   ends each at which one file is put in place
"""
import shutil
import sys

import lab as lab_module
from cards import REASON, check_sheets, each, killed, opens, perform
from lab import OPERATOR, PASSPHRASE, Broken, Lab, LogKey, read_cards
from trial import CALLS

TURNS = ["renameat", "unlink"]  # log.key, and the database's journal
CUSTODIAN, NEW = "custodian-m1", "five green bottles on a wall"
CONFIRM = ["--confirm", "example.com/practice"]


def rekey_args(lab):
    return ["rekey", *REASON, *CONFIRM, "--sheets", lab.sheets, *lab.cards]


def abandon_args(_):
    return ["rekey", "abandon", *REASON, *CONFIRM]


def takes_over(base, place, cards):
    lab = base.copy(place)
    lab.answers = {"badges": {CUSTODIAN: NEW}}
    done = lab.run("log", "takeover", "--operator", CUSTODIAN, *CONFIRM, *cards, want=(0, 4))
    lab.verify()
    shutil.rmtree(place)
    return done.status == 0


def quorums(lab):
    return LogKey((lab.vault / "log.key").read_bytes()).quorums


def generations(lab):
    """generation -> the set of its cards' states"""
    rows = lab.run("card", "list", want=0).json()["cards"]
    return {g: {row["state"] for row in rows if row["generation"] == g}
            for g in {row["generation"] for row in rows}}


def check_items(lab, kept):
    documents = [k for k, in lab_module.sqlite3.connect(lab.vault / "vault.sqlite").execute(
        "SELECT kind FROM document")]
    if documents.count("item") != kept:
        raise Broken(f"{documents.count('item')} items are kept, not {kept}")


def trial_rekey(base, old, place, call, n):
    """Pending, or as it was: a badge settles it."""
    lab = base.copy(place)
    done = killed(lab, rekey_args(lab), call, n)
    if not takes_over(lab, place.with_suffix(".over"), old):
        raise Broken("the old cards do not take the log over")
    lab.run("card", "prove", old[0], want=0)  # a badge; what was cut short is settled first
    check_sheets(lab)
    states = generations(lab)
    whole = 2 in states and "void" not in states[2]
    if done.out and not whole:
        raise Broken("told, and not done")
    if 2 in states and states[2] != ({"pending"} if whole else {"void"}):
        raise Broken(f"the new cards are {states[2]}")
    if quorums(lab) != (2 if whole else 1):
        raise Broken(f"log.key opens to {quorums(lab)} generations")
    check_items(lab, 4 if whole else 2)
    if not opens(lab, old):
        raise Broken("the old cards do not open")
    lab.verify()
    shutil.rmtree(place)
    return done


def trial_end(base, old, new, place, call, n, args, after):
    """In force, or given up, or still pending."""
    lab = base.copy(place)
    done = killed(lab, args, call, n)
    overs = [takes_over(lab, place.with_suffix(".over"), cards) for cards in (old, new)]
    lab.run("card", "check", new[0], want=(0, 4))
    lab.answers = {"operator": OPERATOR, "badges": {OPERATOR: PASSPHRASE}}
    opened = [opens(lab, cards) for cards in (old, new)]
    states = generations(lab)
    over = states[2] != {"pending"}
    if done.out and not over:
        raise Broken("told, and not done")
    wanted = after if over else [True, False]
    if opened != wanted:
        raise Broken(f"old and new cards open: {opened}, not {wanted}")
    # Where the commit waited, log.key may be closed to the others already.
    if overs != (after if over else [True, True]):
        raise Broken(f"old and new cards take over: {overs}; it is over: {over}")
    if quorums(lab) != (1 if over else 2):
        raise Broken(f"log.key opens to {quorums(lab)} generations")
    check_items(lab, 2 if over else 4)
    lab.verify()
    shutil.rmtree(place)
    return done


def run(quorate, share, root):
    base = Lab(quorate, root / "base")
    base.found()
    old = base.cards
    lab = base.copy(root / "pending")
    points = lab_module.syscalls(lab, rekey_args(lab), CALLS)
    new = read_cards(lab.sheets, lab.root)
    kills = each(points, 4 * share, root, lambda *at: trial_rekey(base, old, *at))
    print(f"re-key: {kills} kills at {len(points)} system calls, every {4 * share}th")

    lab.run("card", "prove", *new[:-1], want=0)
    for name, args, after in (("the last proof", ["card", "prove", new[-1]], [False, True]),
                              ("giving up", abandon_args(lab), [True, False])):
        points = lab_module.syscalls(lab.copy(root / "measure"), args, CALLS)
        shutil.rmtree(root / "measure")
        kills = each(points, share, root,
                     lambda *at: trial_end(lab, old, new, *at, args, after), TURNS)
        print(f"{name}: {kills} kills at {len(points)} system calls, every {share}th")


sys.exit(perform(run))
