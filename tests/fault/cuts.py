"""Cuts the power of the disk while a vault is founded, opened, proved and taken
over, and while that is recovered from. After each cut the vault opens with a
badge: every acknowledged commit is there, nothing is called tampering, no key
has signed two checkpoints, and the log verifies.

usage: cuts.py QUORATE [COUNT [SEED]] [--must-break]
  --must-break   for the control, a build that syncs nothing of its database:
                 succeeds only if a promise is seen broken
"""
import shutil
import sys

from lab import Broken, Lab
from power import Plugged, disk_of, measure, perform
from trial import CALLS, args_of, check_handed_out

CHAIN = 10  # cuts of one disk before a fresh one
COMMANDS = ["open", "prove", "takeover"]


def cut(trial, name):
    return trial.power_cut(name, args_of(trial.lab, name))


def recover(trial, founding=False):
    for _ in range(2):
        if trial.rng.random() < 0.25:
            cut(trial, "prove")
            if (trial.lab.vault / "log.key").exists():
                trial.see()
    trial.settle(founding)


def cut_chain(trial, tally, wanted):
    lab = trial.lab
    entries = lab.entries()
    for _ in range(CHAIN):
        if tally["cuts"] >= wanted:
            return
        name = trial.rng.choice(COMMANDS)
        done = cut(trial, name)
        trial.see()
        recover(trial)
        now = lab.entries()
        check_handed_out(trial, name, done, entries, now)
        entries = now


def cut_founding(trial):
    lab = trial.lab
    done = cut(trial, "found")
    if not (lab.vault / "log.key").exists():
        if done.secrets or list(lab.sheets.glob("*.pdf")):
            raise Broken("something was handed out, and the vault is gone")
        lab.run(*lab.found_args(), want=0)
        lab.verify()
        return
    trial.see()
    recover(trial, founding=True)
    check_handed_out(trial, "found", done, [], lab.entries())


def turn(prepared, number, place, rng, tally, wanted):
    base, clean, empty, points = prepared
    founds = number % 4 == 0
    with Plugged(base, place, empty if founds else clean, points, rng, tally) as trial:
        if founds:
            cut_founding(trial)
        else:
            cut_chain(trial, tally, wanted)


def prepare(quorate, root):
    """A founded vault on a disk, an empty disk, and where commands can be cut."""
    base = Lab(quorate, root / "base", cosigned=True)
    base.found()
    empty = disk_of(None, root / "empty.img", root / "m")
    clean = disk_of(base.vault, root / "clean.img", root / "m")
    points = {}
    for name in ("found", *COMMANDS):
        lab = Lab(quorate, root / f"measure-{name}", cosigned=True)
        lab.cards = base.cards
        if name != "found":
            shutil.copytree(base.vault, lab.vault)
        points[name] = measure(lab, args_of(lab, name), CALLS)
    return base, clean, empty, points


if __name__ == "__main__":
    sys.exit(perform(prepare, turn))
