"""Cuts the power of the disk while a vault is founded, opened, proved and taken
over, and while that is recovered from. After each cut the vault opens with a
badge: every acknowledged commit is there, nothing is called tampering, no key
has signed two checkpoints, and the log verifies.

usage: cuts.py QUORATE [COUNT [SEED]] [--must-break]
  --must-break   for the control, a build that syncs nothing of its database:
                 succeeds only if a promise is seen broken
"""
import argparse
import multiprocessing
import os
import pathlib
import random
import shutil
import sys
import time

import disk as disk_module
import lab as lab_module
from disk import Disk
from lab import Broken, Lab
from trial import CALLS, Trial, args_of, check_handed_out, died, killing

CHAIN = 10  # cuts of one disk before a fresh one
COMMANDS = ["open", "prove", "takeover"]
TIMEOUT_S = 60


class Cut(Trial):
    """A vault on a disk whose power goes while a command runs."""

    def __init__(self, lab, disk, points, rng, tally):
        super().__init__(lab)
        self.disk, self.points, self.rng, self.tally = disk, points, rng, tally

    def power_cut(self, name):
        calls, duration_s = self.points[name]
        args = args_of(self.lab, name)
        if self.rng.random() < 0.3:
            # At any moment: the command goes on, on a disk that is no more.
            started = self.lab.command(*args)
            time.sleep(self.rng.random() * duration_s)
            self.disk.cut()
            done = self.lab.finish(started, TIMEOUT_S)
            self.tally["late" if done.status == 0 else "cuts"] += 1
        else:
            # Behind one system call: nothing runs between it and the cut.
            call, n = self.rng.choice(calls)
            done = self.lab.finish(self.lab.command(*args, wrap=killing(call, n)), TIMEOUT_S)
            self.see(durable=False)
            self.disk.cut()
            self.tally["cuts" if died(done) else "late"] += 1
        self.disk.unmount()
        self.disk.mount()
        return done

    def recover(self, founding=False):
        for _ in range(2):
            if self.rng.random() < 0.25:
                self.power_cut("prove")
                if (self.lab.vault / "log.key").exists():
                    self.see()
        self.settle(founding)


def cut_chain(base, clean, place, points, rng, tally, wanted):
    lab = Lab(base.quorate, place, cosigned=True)
    lab.cards = base.cards
    disk = Disk(place / "disk.img", place / "disk", rng.choice(disk_module.OPTIONS))
    lab.vault = disk.place / "vault"
    disk.copy_of(clean)
    disk.mount()
    try:
        trial = Cut(lab, disk, points, rng, tally)
        trial.notes = lab_module.checkpoints(lab.vault)
        entries = lab.entries()
        for _ in range(CHAIN):
            if tally["cuts"] >= wanted:
                return
            name = rng.choice(COMMANDS)
            done = trial.power_cut(name)
            trial.see()
            trial.recover()
            now = lab.entries()
            check_handed_out(trial, name, done, entries, now)
            entries = now
    finally:
        disk.remove()


def cut_founding(base, empty, place, points, rng, tally):
    lab = Lab(base.quorate, place, cosigned=True)
    lab.cards = base.cards
    disk = Disk(place / "disk.img", place / "disk", rng.choice(disk_module.OPTIONS))
    lab.vault = disk.place / "vault"
    disk.copy_of(empty)
    disk.mount()
    try:
        trial = Cut(lab, disk, points, rng, tally)
        done = trial.power_cut("found")
        if not (lab.vault / "log.key").exists():
            if done.secrets or list(lab.sheets.glob("*.pdf")):
                raise Broken("something was handed out, and the vault is gone")
            lab.run(*lab.found_args(), want=0)
            lab.verify()
            return
        trial.see()
        trial.recover(founding=True)
        check_handed_out(trial, "found", done, [], lab.entries())
    finally:
        disk.remove()


def work(quorate, root, number, wanted, seed, results):
    """In a process of its own, so that its mounts end with it."""
    tally = {"cuts": 0, "late": 0}
    broken = None
    turn = 0
    try:
        disk_module.private_mounts()
        root = pathlib.Path(root) / str(number)
        root.mkdir()
        rng = random.Random(f"{seed}/{number}")
        base, clean, empty, points = prepare(quorate, root)
        while broken is None and tally["cuts"] < wanted:
            turn += 1
            place = root / str(turn)
            place.mkdir()
            if turn % 4 == 0:
                cut_founding(base, empty, place, points, rng, tally)
            else:
                cut_chain(base, clean, place, points, rng, tally, wanted)
            shutil.rmtree(place)
    except Exception as why:  # a process that dies must not pass for success
        broken = f"{(seed, number, turn)}: {type(why).__name__}: {why}"
    results.put((tally, broken))


def prepare(quorate, root):
    """A founded vault on a disk, an empty disk, and where commands can be cut."""
    base = Lab(quorate, root / "base", cosigned=True)
    base.found()
    empty, clean = Disk(root / "empty.img", root / "m"), Disk(root / "clean.img", root / "m")
    empty.make()
    clean.copy_of(empty)
    clean.mount()
    shutil.copytree(base.vault, clean.place / "vault")
    clean.unmount()
    points = {}
    for name in ("found", *COMMANDS):
        lab = Lab(quorate, root / f"measure-{name}", cosigned=True)
        lab.cards = base.cards
        if name != "found":
            shutil.copytree(base.vault, lab.vault)
        start = time.monotonic()
        calls = lab_module.syscalls(lab, args_of(lab, name), CALLS)
        points[name] = (calls, (time.monotonic() - start) / 1.5)
    return base, clean, empty, points


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("quorate")
    parser.add_argument("count", nargs="?", type=int, default=50)
    parser.add_argument("seed", nargs="?", default=str(int(time.time())))
    parser.add_argument("--must-break", action="store_true")
    args = parser.parse_args()
    lab_module.need("strace")
    print(f"seed {args.seed}", flush=True)
    with lab_module.scratch() as name:
        probe = multiprocessing.Process(target=try_out, args=(name,))
        probe.start()
        probe.join()
        if probe.exitcode != 0:
            return probe.exitcode
        results = multiprocessing.Queue()
        workers = [multiprocessing.Process(
            target=work, args=(args.quorate, name, i, (args.count + 1) // 2, args.seed, results))
            for i in range(2)]
        for worker in workers:
            worker.start()
        ends = [results.get() for _ in workers]
        for worker in workers:
            worker.join()
    broken = [why for _, why in ends if why]
    print(f"{sum(t['cuts'] for t, _ in ends)} power cuts, "
          f"{sum(t['late'] for t, _ in ends)} behind a command's end, {len(broken)} broken")
    for why in broken:
        print(f"{'broken, as it must be' if args.must_break else 'BROKEN'}: {why}")
    if args.must_break:
        return 0 if any(": Broken: " in why for why in broken) else 1
    return 1 if broken else 0


def try_out(root):
    disk_module.private_mounts()
    disk_module.try_one(pathlib.Path(root))


if __name__ == "__main__":
    sys.exit(main())
