"""Kills a founding, an opening and a proof at random points, and the recovery
after them too. No acknowledged entry may be lost, none half-written, no
checkpoint signed twice with one key.

usage: kills.py QUORATE [COUNT [SEED]] [--must-break]
  --must-break   for the control, a build that breaks the order of a commit:
                 succeeds only if a promise is seen broken
"""
import argparse
import json
import os
import random
import shutil
import sys
import threading
import time

import lab as lab_module
from lab import Broken, Lab, LogKey, unlogged

CALLS = ["write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "unlink",
         "unlinkat", "openat", "ftruncate", "mkdir", "mkdirat", "flock"]
CHAIN = 12  # kills of one vault before a fresh copy


class Trial:
    """One vault that is killed again and again, and all that was ever seen of it."""

    def __init__(self, lab, points, rng, tally):
        self.lab, self.points, self.rng, self.tally = lab, points, rng, tally
        self.notes = {}   # epoch -> note as last read from a database
        self.signed = {}  # epoch -> (text, signature)
        self.texts = {}   # epoch -> text that a record commits to

    def kill(self, name, args):
        """Runs a command and kills it somewhere. True if it died of it."""
        calls, duration_s = self.points[name]
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
            done = self.lab.finish(self.lab.command(
                *args, wrap=["strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                             f"inject={call}:signal=SIGKILL:when={n}"]))
        self.tally.count(done.status in (-9, 137))
        return done

    def see(self):
        """Collects every signature on the disk as the kill left it."""
        vault = self.lab.vault
        for epoch, note in lab_module.checkpoints(vault).items():
            self.meet(self.signed, epoch, lab_module.log_signature(note), "signatures")
        for file in ("log.key", "log.key.new"):
            try:
                key = LogKey((vault / file).read_bytes())
            except (FileNotFoundError, ValueError):
                if file == "log.key" and (vault / file).exists():
                    raise Broken("log.key is half-written")
                continue
            if key.note:
                self.meet(self.signed, key.epochs - 1, lab_module.log_signature(key.note),
                          "signatures")
            if key.record and file == "log.key":
                epoch, text = lab_module.record_checkpoint(key.record)
                self.meet(self.texts, epoch, text, "commit records")
        for epoch, text in self.texts.items():
            if epoch in self.signed and self.signed[epoch][0] != text:
                raise Broken(f"epoch {epoch}: signed another text than its record's")

    @staticmethod
    def meet(seen, epoch, value, what):
        if seen.setdefault(epoch, value) != value:
            raise Broken(f"epoch {epoch} has two {what}")

    def recover(self):
        """The next command with a badge, killed too at times; then all is looked at."""
        for _ in range(2):
            if self.rng.random() < 0.3:
                self.kill("prove", self.lab.prove_args())
                self.see()
        done = self.lab.run(*self.lab.prove_args(), want=(0, 1, 4))
        if done.status == 1 and "its founding was not finished" not in done.err:
            raise Broken(f"the vault does not open: {done.err}")
        self.see()
        self.lab.verify()
        notes = lab_module.checkpoints(self.lab.vault)
        for epoch, note in self.notes.items():
            if notes.get(epoch) != note:
                raise Broken(f"the acknowledged epoch {epoch} is lost")
        self.notes = notes
        return done


def count(entries, event, **values):
    return sum(1 for e in entries if e["event"] == event
               and all(e["values"].get(k) == v for k, v in values.items()))


def check_handed_out(trial, name, done, before, entries):
    """What the killed command had shown must stand in the log."""
    more = lambda event, **values: (count(entries, event, **values)
                                    - count(before, event, **values))
    if name == "open" and done.secrets and (
            more("outcome", result="done") < 1 or more("secret-shown") < 2):
        raise Broken("secrets were handed out, and the log has no outcome")
    if name == "open" and done.status == 0 and more("secret-hidden") < 1:
        raise Broken("an opening that ended is not in the log")
    # The recovery proves a card once itself.
    if name == "prove" and done.out and more("card-proved") < 2:
        raise Broken("a proof that was answered is not in the log")
    if name == "found":
        if done.secrets and count(entries, "key-created") != 1:
            raise Broken("generated secrets were handed out, and the log has no key-created")
        for sheet in unlogged(trial.lab.sheets.glob("*.pdf"), entries):
            raise Broken(f"{sheet} was delivered, and the log has none of it")
        if done.out:
            note = json.loads(done.out)["checkpoint"].encode()
            if note not in trial.notes.values():
                raise Broken("the checkpoint that was printed is not in the log")


def kill_founding(quorate, cards, place, points, rng, tally):
    lab = Lab(quorate, place)
    lab.cards = cards
    trial = Trial(lab, points, rng, tally)
    done = trial.kill("found", lab.found_args())
    if not (lab.vault / "log.key").exists():
        if done.secrets or list(lab.sheets.glob("*.pdf")):
            raise Broken("something was handed out before anything was committed")
        lab.run(*lab.found_args(), want=0)
        lab.verify()
        return
    trial.see()
    trial.recover()
    check_handed_out(trial, "found", done, [], lab.entries())


def kill_chain(base, place, points, rng, tally):
    lab = base.copy(place)
    trial = Trial(lab, points, rng, tally)
    trial.notes = lab_module.checkpoints(lab.vault)
    entries = lab.entries()
    stop = tally.killed + CHAIN
    while tally.killed < stop and not tally.enough():
        name = rng.choice(["open", "prove"])
        done = trial.kill(name, lab.open_args() if name == "open" else lab.prove_args())
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
    for name in ("found", "open", "prove"):
        lab = Lab(base.quorate, root / f"measure-{name}") if name == "found" else \
            base.copy(root / f"measure-{name}")
        args = {"found": lab.found_args, "open": lab.open_args, "prove": lab.prove_args}[name]()
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
            if turn % 7 != 0:
                kill_founding(base.quorate, base.cards, place, points, rng, tally)
            else:
                kill_chain(base, place, points, rng, tally)
        except Exception as broken:  # a thread that dies must not pass for success
            tally.broken = tally.broken or f"{state}: {broken}"
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
        base = Lab(args.quorate, root / "base")
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
        return 0 if tally.broken else 1
    if tally.broken:
        print(f"BROKEN: {tally.broken}")
    return 1 if tally.broken else 0


sys.exit(main())
