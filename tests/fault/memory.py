"""Makes one allocation at a time fail, then that one and all after it, while a
log is verified and a vault is opened. The command must end by itself, with exit
1 unless all was done; nothing may be called tampering or a refusal; nothing may
be handed out that the log does not have.

usage: memory.py QUORATE SHIM [SHARE [SEED]]
  SHARE   one allocation in SHARE is made to fail (default 40)
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


def environment(shim, **orders):
    return {**os.environ, "LD_PRELOAD": shim, **{k: str(v) for k, v in orders.items()}}


def attempt(base, place, shim, name, n, on):
    orders = {"QRT_FAIL_AT": n, **({"QRT_FAIL_ON": 1} if on else {})}
    lab = base.copy(place)
    args = ["log", "verify"] if name == "verify" else lab.open_args()
    done = lab.finish(lab.command(*args, env=environment(shim, **orders)), timeout_s=20)
    if done.status not in (0, 1):
        raise Broken(f"exit {done.status}: {done.err}")
    if done.status == 0 and name == "verify" and done.json()["faults"] != []:
        raise Broken("exit 0, with faults")
    if name == "verify":
        return done.status
    lab.run(*lab.prove_args(), want=0)
    entries = [e["event"] for e in lab.entries()]
    if done.secrets and ("secret-shown" not in entries):
        raise Broken("secrets were handed out, and the log has no outcome")
    if done.status == 0 and not (done.secrets.endswith("}\n") and "secret-hidden" in entries):
        raise Broken("exit 0, and not all was done")
    lab.verify()
    return done.status


def work(base, root, shim, number, queue, broken, statuses):
    while queue:
        name, n, on = queue.pop()
        place = root / f"{number}"
        try:
            status = attempt(base, place, shim, name, n, on)
            statuses[status] = statuses.get(status, 0) + 1
        except Exception as why:  # a thread that dies must not pass for success
            broken.append(f"{name}: allocation {n}{' and all after it' if on else ''}: {why}")
        shutil.rmtree(place, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("quorate")
    parser.add_argument("shim")
    parser.add_argument("share", nargs="?", type=int, default=40)
    parser.add_argument("seed", nargs="?", default=str(int(time.time())))
    args = parser.parse_args()
    rng = random.Random(args.seed)
    print(f"seed {args.seed}")
    with lab_module.scratch() as name:
        root = lab_module.pathlib.Path(name)
        base = Lab(args.quorate, root / "base")
        base.found()
        every = []
        for name in ("verify", "open"):
            lab = base.copy(root / f"m-{name}")
            line = ["log", "verify"] if name == "verify" else lab.open_args()
            count = lab.root / "count"
            lab.run(*line, want=0, env=environment(args.shim, QRT_COUNT=count))
            total = int(count.read_text())
            if total < 100:
                raise Broken(f"{total} allocations counted: the shim does not see them")
            print(f"{name}: {total} allocations")
            every += [(name, n, on) for n in range(1, total + 1) for on in (False, True)]
        queue = rng.sample(every, len(every) // args.share)
        total, broken, statuses = len(queue), [], {}
        threads = [threading.Thread(target=work,
                                    args=(base, root, args.shim, i, queue, broken, statuses))
                   for i in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for why in broken:
        print(f"BROKEN: {why}")
    print(f"{total} of {len(every)} failing allocations, exits {dict(sorted(statuses.items()))}")
    return 1 if broken else 0


sys.exit(main())
