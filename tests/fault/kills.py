"""Kills a founding, an opening with cosigners, a proof and a take-over at random
points, and the recovery after them too. No acknowledged entry may be lost, none
half-written, no checkpoint signed twice with one key.

usage: kills.py QUORATE [COUNT [SEED]] [--must-break]
  --must-break   for the control, a build that breaks the order of a commit:
                 succeeds only if a promise is seen broken
"""
import argparse
import os
import random
import shutil
import sys
import threading
import time

import lab as lab_module
from lab import Broken, Lab
from trial import CALLS, Trial, args_of, check_handed_out, died, killing

CHAIN = 12  # kills of one vault before a fresh copy
COMMANDS = ["open", "prove", "takeover"]


class Killed(Trial):
    """A vault whose commands are killed somewhere."""

    def __init__(self, lab, points, rng, tally):
        super().__init__(lab)
        self.points, self.rng, self.tally = points, rng, tally

    def kill(self, name):
        """Runs a command and kills it, if it does not end before."""
        calls, duration_s = self.points[name]
        args = args_of(self.lab, name)
        if self.rng.random() < 0.25:
            started = self.lab.command(*args)
            time.sleep(self.rng.random() * duration_s)
            try:
                os.killpg(started[0].pid, 9)
            except ProcessLookupError:
                pass
            done = self.lab.finish(started)
        else:
            call, n = self.rng.choice(calls)
            self.tally.points.add((name, call, n))
            done = self.lab.finish(self.lab.command(*args, wrap=killing(call, n)))
        self.tally.count(died(done))
        return done

    def recover(self, founding=False):
        """The recovery is killed too at times."""
        for _ in range(2):
            if self.rng.random() < 0.3:
                self.kill("prove")
                self.see()
        return self.settle(founding)


def kill_founding(base, place, points, rng, tally):
    lab = Lab(base.quorate, place, cosigned=True)
    lab.cards = base.cards
    trial = Killed(lab, points, rng, tally)
    done = trial.kill("found")
    if not (lab.vault / "log.key").exists():
        if done.secrets or list(lab.sheets.glob("*.pdf")):
            raise Broken("something was handed out before anything was committed")
        lab.run(*lab.found_args(), want=0)
        lab.verify()
        return
    trial.see()
    trial.recover(founding=True)
    check_handed_out(trial, "found", done, [], lab.entries())


def kill_chain(base, place, points, rng, tally):
    lab = base.copy(place)
    trial = Killed(lab, points, rng, tally)
    trial.notes = lab_module.checkpoints(lab.vault)
    entries = lab.entries()
    stop = tally.killed + CHAIN
    while tally.killed < stop and not tally.enough():
        name = rng.choice(COMMANDS)
        done = trial.kill(name)
        trial.see()
        trial.recover()
        now = lab.entries()
        check_handed_out(trial, name, done, entries, now)
        entries = now


class Tally:
    def __init__(self, wanted):
        self.wanted, self.killed, self.ran_out, self.points = wanted, 0, 0, set()
        self.broken = None

    def count(self, died):
        if died:
            self.killed += 1
        else:
            self.ran_out += 1

    def enough(self):
        return self.broken is not None or self.killed >= self.wanted


def measure(base, root):
    """Where each command can be killed, and how long it takes."""
    points = {}
    for name in ("found", *COMMANDS):
        lab = Lab(base.quorate, root / f"measure-{name}", cosigned=True) if name == "found" else \
            base.copy(root / f"measure-{name}")
        args = args_of(lab, name)
        calls = lab_module.syscalls(lab, args, CALLS)
        if name == "found":
            shutil.rmtree(lab.vault)
            shutil.rmtree(lab.sheets)
        start = time.monotonic()
        lab.run(*args, want=0)
        points[name] = (calls, time.monotonic() - start)
    return points


def work(base, root, points, seed, tally, number):
    rng = random.Random(f"{seed}/{number}")
    turn = 0
    while not tally.enough():
        turn += 1
        place = root / f"{number}-{turn}"
        state = (seed, number, turn)
        try:
            if turn % 3 != 0:
                kill_founding(base, place, points, rng, tally)
            else:
                kill_chain(base, place, points, rng, tally)
        except Exception as broken:  # a thread that dies must not pass for success
            tally.broken = tally.broken or f"{state}: {type(broken).__name__}: {broken}"
            return
        shutil.rmtree(place)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("quorate")
    parser.add_argument("count", nargs="?", type=int, default=300)
    parser.add_argument("seed", nargs="?", default=str(int(time.time())))
    parser.add_argument("--must-break", action="store_true")
    args = parser.parse_args()
    lab_module.need("strace")
    print(f"seed {args.seed}")
    with lab_module.scratch() as name:
        root = lab_module.pathlib.Path(name)
        base = Lab(args.quorate, root / "base", cosigned=True)
        base.found()
        points = measure(base, root)
        tally = Tally(args.count)
        threads = [threading.Thread(target=work, args=(base, root, points, args.seed, tally, i))
                   for i in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    every = sum(len(calls) for calls, _ in points.values())
    print(f"{tally.killed} kills ({tally.ran_out} runs ended first), at {len(tally.points)} of "
          f"{every} system calls")
    if args.must_break:
        print(f"broken, as it must be: {tally.broken}" if tally.broken else
              "the control broke no promise: this test proves nothing")
        return 0 if tally.broken and ": Broken: " in tally.broken else 1
    if tally.broken:
        print(f"BROKEN: {tally.broken}")
    return 1 if tally.broken else 0


sys.exit(main())
