"""Makes one system call at a time fail with EIO, fail with ENOSPC, or be the
last one: while a card is proved, which is one commit, and while a vault is
opened, taken over and founded. The command must not claim what it did not do,
must hand out nothing that the log does not have, must sign nothing twice, and
the vault must open and verify afterwards.

usage: io.py QUORATE [SHARE [SEED]] [--must-break]
  SHARE   of the calls that are no part of the one commit, one in SHARE (default
          20) is met; of the commit, always every one in each way; 1: all
  --must-break   for the control, a build that breaks the order of a commit:
          succeeds only if a promise is seen broken
"""
import argparse
import pathlib
import random
import shutil
import sys
import threading
import time

import lab as lab_module
from lab import Broken, Lab
from trial import Trial, args_of, check_handed_out, count, died, killing

# Card, label and wallet card for each custodian who has no passphrase; two sealed sheets.
SHEETS = 4 * 3 + 2 - len(lab_module.COSIGNERS)
WAYS = ["EIO", "ENOSPC", "SIGKILL"]

# What a commit, a delivery and a release are made of.
CALLS = ["write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "unlink",
         "unlinkat", "openat", "mkdir", "mkdirat", "ftruncate"]


def strike(lab, name, call, n, way):
    if way == "SIGKILL":
        return lab.run(*args_of(lab, name), wrap=killing(call, n))
    return lab.run(*args_of(lab, name), wrap=[
        "strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
        f"inject={call}:error={way}:when={n}"])


def check_all_done(name, done, lab, entries):
    """Exit 0 says that everything was done."""
    whole = {
        "prove": lambda: done.out,
        "open": lambda: done.secrets.endswith("}\n") and done.out
        and count(entries, "secret-hidden") == 1,
        "takeover": lambda: done.out and count(entries, "log-taken-over") == 1,
        "found": lambda: len(list(lab.sheets.glob("*.pdf"))) == SHEETS
        and done.secrets.endswith("}}\n") and done.out and count(entries, "card-issued") == 4,
    }
    if done.status == 0 and not whole[name]():
        raise Broken("exit 0, and not all was done")


def meet(base, place, name, call, n, way):
    founding = name == "found"
    lab = base.copy(place)
    if founding:
        shutil.rmtree(lab.vault)
    trial = Trial(lab)
    trial.notes = {} if founding else lab_module.checkpoints(lab.vault)
    before = [] if founding else base.known
    done = strike(lab, name, call, n, way)
    if done.status not in (0, 1, 4) and not died(done):
        raise Broken(f"exit {done.status}: {done.err}")
    if founding and not (lab.vault / "log.key").exists():
        if done.status == 0 or done.secrets or list(lab.sheets.glob("*.pdf")):
            raise Broken("something was handed out before anything was committed")
        shutil.rmtree(lab.sheets, ignore_errors=True)
        lab.run(*lab.found_args(), want=0)
        lab.verify()
        return done.status
    trial.see()
    # A founding that ended is another vault than the card's.
    trial.settle(founding)
    entries = lab.entries()
    check_handed_out(trial, name, done, before, entries)
    check_all_done(name, done, lab, entries)
    return done.status


def work(base, root, number, queue, broken, statuses, most):
    while queue and len(broken) < most:
        point = queue.pop()
        place = root / f"{number}"
        try:
            status = meet(base, place, *point)
            statuses[status] = statuses.get(status, 0) + 1
        except Exception as why:  # a thread that dies must not pass for success
            broken.append(f"{' '.join(map(str, point))}: {type(why).__name__}: {why}")
        shutil.rmtree(place, ignore_errors=True)


def points_of(base, root, name, of_vault):
    lab = base.copy(root / f"measure-{name}-{of_vault}")
    if name == "found":
        shutil.rmtree(lab.vault)
    calls = lab_module.syscalls(lab, args_of(lab, name), CALLS, of_vault)
    return [(name, *call, way) for call in calls for way in WAYS]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("quorate")
    parser.add_argument("share", nargs="?", type=int, default=20)
    parser.add_argument("seed", nargs="?", default=str(int(time.time())))
    parser.add_argument("--must-break", action="store_true")
    args = parser.parse_args()
    lab_module.need("strace")
    rng = random.Random(args.seed)
    print(f"seed {args.seed}")
    with lab_module.scratch() as name:
        root = pathlib.Path(name)
        base = Lab(args.quorate, root / "base", cosigned=True)
        base.found()
        base.known = base.entries()
        commit = points_of(base, root, "prove", True)
        rest = [point for name in ("prove", "open", "takeover", "found")
                for point in points_of(base, root, name, False) if point not in commit]
        queue = commit + rng.sample(rest, len(rest) // args.share)
        total, broken, statuses = len(queue), [], {}
        most = 1 if args.must_break else total
        threads = [threading.Thread(target=work, args=(base, root, i, queue, broken, statuses,
                                                       most)) for i in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for why in broken:
        print(f"BROKEN: {why}")
    print(f"{len(commit) // len(WAYS)} calls of a commit in each of {len(WAYS)} ways, "
          f"{total - len(commit)} of {len(rest)} others; exits {dict(sorted(statuses.items()))}")
    if args.must_break:
        return 0 if any(": Broken: " in why for why in broken) else 1
    return 1 if broken else 0


sys.exit(main())
