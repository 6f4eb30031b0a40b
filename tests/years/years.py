"""Ten simulated years of a vault, from a seed. After every step the log verifies, which compares
the views with the replay; the lists say what the entries say; a random quorum opens and is given
the right secrets; a random non-quorum is given nothing.

usage: years.py QUORATE BEFALL [--seeds FIRST-LAST] [--jobs N] [--must-break] [--trace] [--keep]
  --must-break   for the controls, builds that forget something: succeeds only if that is seen
  --trace        says each step of a life as it comes
  --keep         leaves the vaults where they are
"""
import argparse
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

import custody  # noqa: F401 (its acts)
from acts import ACTS
from life import DAY_S, Life

QUARTERS, QUARTER_DAYS = 40, 91


def python_with_nacl():
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import nacl"], capture_output=True).returncode == 0:
            return python
    return None


def agenda(rng):
    """What comes in which quarter: each act as often as it says."""
    quarters = [[] for _ in range(QUARTERS)]
    for name, (times, _, _) in ACTS.items():
        # As even as the number allows, so that 40 are one in each.
        for i in range(times):
            first, last = i * QUARTERS // times, (i + 1) * QUARTERS // times
            quarters[rng.randrange(first, max(first + 1, last))].append(name)
    for quarter in quarters:
        rng.shuffle(quarter)
    return quarters


def live_through(life):
    life.found()
    life.look()
    late = []
    for quarter, names in enumerate(agenda(life.rng)):
        todo, late = late + names, []
        for number, name in enumerate(todo):
            _, when, function = ACTS[name]
            if not when(life):
                late.append(name)  # it comes when it can
                continue
            life.tell(None, [f"-- {name}"])
            function(life)
            life.counts[name] = life.counts.get(name, 0) + 1
            life.look()
            life.world.shift_s += QUARTER_DAYS * DAY_S // len(todo)
        if quarter % 4 == 3:
            life.look_at_accounts()
            life.ask_foreign()


def live(args, seed):
    """One life: its seed, what broke in it or None, and what was counted."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    root = tempfile.mkdtemp(prefix="quorate-years-", dir=place)
    life = Life(args.quorate, args.befall, root, seed, args.python, args.trace)
    started, broken = time.monotonic(), None
    try:
        live_through(life)
    except Exception as trouble:  # whatever it is, the seed is to be told
        broken = "".join(traceback.format_exception_only(type(trouble), trouble)).strip()
        broken += "\n  what led to it:\n    " + "\n    ".join(life.told[-8:])
        if args.trace:
            traceback.print_exc()
    life.counts.update(seconds=round(time.monotonic() - started), commands=life.world.runs,
                       entries=life.former + life.seen)
    if args.keep:
        print("kept:", root)
    else:
        shutil.rmtree(root, ignore_errors=True)
    return seed, broken, life.counts


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("quorate", type=pathlib.Path)
    parser.add_argument("befall", type=pathlib.Path)
    parser.add_argument("--seeds", default="1-20")
    parser.add_argument("--jobs", type=int, default=1)
    for flag in ("--must-break", "--trace", "--keep"):
        parser.add_argument(flag, action="store_true")
    args = parser.parse_args()
    args.quorate, args.befall = args.quorate.resolve(), args.befall.resolve()
    args.python = python_with_nacl()
    return args


def main():
    args = arguments()
    if shutil.which("pdftotext") is None:
        print("skipped: no pdftotext")
        return 77
    if args.python is None:
        print("skipped: Python has no module nacl: no foreign verifier")
    first, _, last = args.seeds.partition("-")
    seeds = range(int(first), int(last or first) + 1)
    total, bad, promises = {}, 0, 0
    with concurrent.futures.ProcessPoolExecutor(args.jobs) as pool:
        for seed, broken, counts in pool.map(live, [args] * len(seeds), seeds):
            for name, count in counts.items():
                total[name] = total.get(name, 0) + count
            if broken:
                bad += 1
                promises += "Broken: " in broken.splitlines()[0]
                print(f"BROKEN  seed {seed}: {broken}\n  again: python3 {sys.argv[0]} {args.quorate} "
                      f"{args.befall} --seeds {seed}", flush=True)
    print(f"{len(seeds)} lives, {bad} broken: " + ", ".join(f"{n} {c}" for n, c in total.items()))
    if args.must_break:
        print("broken, as it must be" if promises else "no promise was broken: this proves nothing")
        return 0 if promises else 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
