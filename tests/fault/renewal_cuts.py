"""Cuts the power of the disk in the middle of a re-key, of the proof that ends
it, of its giving up, and of a re-issue that brings another group; and in the
recovery from that. The vault is before or after, as it is where they are killed
(rekey.py, reissue.py), and every acknowledged commit is there.

usage: renewal_cuts.py QUORATE [COUNT [SEED]] [--must-break]
  --must-break   for the control, a build that syncs nothing of its database:
                 succeeds only if a promise is seen broken
"""
import shutil
import sys

import lab as lab_module
from cards import check_sheets
from lab import Broken, Lab, read_cards
from power import Plugged, disk_of, measure, perform
from renewal import (abandon_args, judge_end, judge_rekey, judge_remade, regroup_args, rekey_args,
                     somebody_joins)
from trial import CALLS


def judge_reissue(lab, done, _):
    lab.run(*lab.prove_args(), want=0)
    check_sheets(lab)
    judge_remade(lab, done, {3, 4}, regroups=True)


# name -> what is typed, and what is held of it (after a re-key: with its new cards)
ENDS = {
    "proof": (lambda lab, new: ["card", "prove", new[-1]],
              lambda lab, done, new: judge_end(lab, done, new, [False, True])),
    "abandon": (lambda lab, new: abandon_args(lab),
                lambda lab, done, new: judge_end(lab, done, new, [True, False])),
}
BEGINNINGS = {
    "rekey": (lambda lab, new: rekey_args(lab), lambda lab, done, new: judge_rekey(lab, done)),
    "reissue": (lambda lab, new: regroup_args(lab), judge_reissue),
}
ALL = {**ENDS, **BEGINNINGS}
CHOICES = ["rekey", "rekey", "reissue", *ENDS]  # the longest twice


def turn(prepared, number, place, rng, tally, wanted):
    base, disks, new, points = prepared
    name = rng.choice(CHOICES)
    args, judge = ALL[name]
    with Plugged(base, place, disks[name in ENDS], points, rng, tally) as trial:
        lab = trial.lab
        done = trial.power_cut(name, args(lab, new))
        trial.see()
        if rng.random() < 0.3:  # in the recovery
            trial.power_cut("prove", lab.prove_args())
            trial.see()
        try:
            judge(lab, done, new)
        except Broken as broken:
            raise Broken(f"{name}: {broken}") from broken
        trial.see()
        now = lab_module.checkpoints(lab.vault)
        for epoch, note in trial.notes.items():
            if now.get(epoch) != note:
                raise Broken(f"{name}: the acknowledged epoch {epoch} is lost")


def prepare(quorate, root):
    """A vault on a disk, the same with a re-key that waits for one proof on another, the new cards,
    and where commands can be cut."""
    base = Lab(quorate, root / "base")
    base.found()
    somebody_joins(base)
    shutil.rmtree(base.sheets)
    pending = base.copy(root / "pending")
    points = {"rekey": measure(pending, rekey_args(pending), CALLS)}
    new = read_cards(pending.sheets, pending.root)
    pending.run("card", "prove", *new[:-1], want=0)
    disks = {False: disk_of(base.vault, root / "base.img", root / "m"),
             True: disk_of(pending.vault, root / "pending.img", root / "m")}
    for name, of in (("reissue", base), ("proof", pending), ("abandon", pending), ("prove", base)):
        lab = of.copy(root / f"measure-{name}")
        typed = lab.prove_args() if name == "prove" else ALL[name][0](lab, new)
        points[name] = measure(lab, typed, CALLS)
        shutil.rmtree(lab.root)
    return base, disks, new, points


if __name__ == "__main__":
    lab_module.need("pdftoppm", "zbarimg")
    sys.exit(perform(prepare, turn))
