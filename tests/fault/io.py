"""Makes one system call fail at a time while a vault is founded and opened,
first with EIO, then with ENOSPC. The command must not claim what it did not do,
must hand out nothing that the log does not have, and the vault must open and
verify afterwards.

usage: io.py QUORATE [SHARE [SEED]]
  SHARE   one call in SHARE is made to fail; 1: every one (default 6)
"""
import argparse
import random
import shutil
import sys
import threading
import time

import lab as lab_module
from lab import Broken, Lab, unlogged

SHEETS = 4 * 3 + 2  # card, label and wallet card for each custodian; two sealed sheets

# What a commit, a delivery and a release are made of.
CALLS = ["write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "unlink",
         "unlinkat", "openat", "mkdir", "mkdirat", "ftruncate"]


def count(entries, event, **values):
    return sum(1 for e in entries if e["event"] == event
               and all(e["values"].get(k) == v for k, v in values.items()))


def inject(lab, args, call, n, error):
    return lab.run(*args, wrap=["strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
                                f"inject={call}:error={error}:when={n}"])


def settle(lab):
    """The next command with a badge: whatever was unfinished is finished."""
    done = lab.run(*lab.prove_args(), want=(0, 1, 4))
    if done.status == 1 and "its founding was not finished" not in done.err:
        raise Broken(f"the vault does not open: {done.err}")
    lab.verify()
    return lab.entries()


def fail_open(base, place, call, n, error):
    lab = base.copy(place)
    done = inject(lab, lab.open_args(), call, n, error)
    entries = settle(lab)
    shown = count(entries, "outcome", result="done") - count(base.known, "outcome", result="done")
    if done.status not in (0, 1, 4):
        raise Broken(f"exit {done.status}: {done.err}")
    if done.secrets and (shown < 1 or count(entries, "secret-shown") < 2):
        raise Broken("secrets were handed out, and the log has no outcome")
    if done.status == 0 and not (done.secrets.endswith("}\n") and done.out
                                 and count(entries, "secret-hidden") == 1):
        raise Broken("exit 0, and not all was done")
    return done.status


def fail_found(base, place, call, n, error):
    lab = Lab(base.quorate, place)
    lab.cards = base.cards
    done = inject(lab, lab.found_args(), call, n, error)
    sheets = sorted(lab.sheets.glob("*.pdf")) if lab.sheets.exists() else []
    if done.status not in (0, 1):
        raise Broken(f"exit {done.status}: {done.err}")
    if not (lab.vault / "log.key").exists():
        if done.status == 0 or done.secrets or sheets:
            raise Broken("something was handed out before anything was committed")
        shutil.rmtree(lab.sheets, ignore_errors=True)
        lab.run(*lab.found_args(), want=0)
        lab.verify()
        return done.status
    entries = settle(lab)
    if done.secrets and count(entries, "key-created") != 1:
        raise Broken("generated secrets were handed out, and the log has no key-created")
    for name in unlogged(sheets, entries):
        raise Broken(f"{name} was delivered, and the log has none of it")
    if done.status == 0 and not (len(sheets) == SHEETS and done.secrets.endswith("}}\n") and done.out
                                 and count(entries, "card-issued") == 4):
        raise Broken("exit 0, and not all was done")
    return done.status


def work(base, root, number, queue, broken, statuses):
    while queue:
        name, call, n, error = queue.pop()
        place = root / f"{number}"
        try:
            status = (fail_open if name == "open" else fail_found)(base, place, call, n, error)
            statuses[status] = statuses.get(status, 0) + 1
        except Exception as why:  # a thread that dies must not pass for success
            broken.append(f"{name}: {call} number {n} fails with {error}: {why}")
        shutil.rmtree(place, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("quorate")
    parser.add_argument("share", nargs="?", type=int, default=6)
    parser.add_argument("seed", nargs="?", default=str(int(time.time())))
    args = parser.parse_args()
    lab_module.need("strace")
    rng = random.Random(args.seed)
    print(f"seed {args.seed}")
    with lab_module.scratch() as name:
        root = lab_module.pathlib.Path(name)
        base = Lab(args.quorate, root / "base")
        base.found()
        base.known = base.entries()
        measured = base.copy(root / "m-open")
        fresh = Lab(base.quorate, root / "m-found")
        every = [("open", *c) for c in lab_module.syscalls(measured, measured.open_args(), CALLS)]
        every += [("found", *c) for c in lab_module.syscalls(fresh, fresh.found_args(), CALLS)]
        every = [(*point, error) for point in every for error in ("EIO", "ENOSPC")]
        queue = rng.sample(every, len(every) // args.share)
        total, broken, statuses = len(queue), [], {}
        threads = [threading.Thread(target=work, args=(base, root, i, queue, broken, statuses))
                   for i in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for why in broken:
        print(f"BROKEN: {why}")
    print(f"{total} of {len(every)} failing calls, exits {dict(sorted(statuses.items()))}")
    return 1 if broken else 0


sys.exit(main())
