"""Flips bits, one at a time, of an export. Each must be told: in the file that it
is in, or in the epoch of the entry or checkpoint that it changes.

usage: export_bits.py QUORATE [SHARE [SEED]]
  SHARE   one bit of one byte in SHARE is flipped (default 40); 1: every bit of every byte
"""
import json
import pathlib
import random
import shutil
import subprocess
import sys
import threading
import time

import attacker
from attacker import lab

QUORATE = sys.argv[1]
BUNDLE = "tile/entries/"


def read_bundle(data):
    """(start, end, epoch) of each entry of the one bundle, its length among it."""
    at, found = 0, []
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at:at + 2], "big")
        found.append((at, end, int(attacker.fields(data[at + 2:end])["epoch"])))
        at = end
    return found


def is_told(run, path, at, entries):
    if run.returncode != 5:
        return False
    faults = json.loads(run.stdout)["faults"]
    files = [f["file"] for f in faults if "file" in f]
    epochs = [f["epoch"] for f in faults if "epoch" in f]
    if path == "SHA256SUMS":
        return bool(files)
    if path not in files:
        return False
    if path.startswith("chain/") or path.startswith(BUNDLE):
        of = [epoch for start, end, epoch in entries if start <= at < end]
        epoch = of[0] if of else int(path.split("/")[1])
        return epoch in epochs
    exact = [f["offset"] for f in faults if f.get("file") == path]
    return path == "VERIFY.txt" or at in exact


def work(whole, root, number, queue, broken):
    copy = root / f"copy-{number}"
    shutil.copytree(whole, copy)
    bundle = next(f for f in (copy / BUNDLE).rglob("*") if f.is_file())
    entries = read_bundle(bundle.read_bytes())
    while True:
        try:
            path, at, bit = queue.pop()
        except IndexError:
            return
        try:
            clean = (copy / path).read_bytes()
            data = bytearray(clean)
            data[at] ^= bit
            (copy / path).write_bytes(data)
            run = subprocess.run([QUORATE, "--json", "log", "verify", str(copy)],
                                 capture_output=True, text=True)
            if not is_told(run, path, at, entries if path.startswith(BUNDLE) else []):
                broken.append(f"{path}: byte {at}, bit {bit:#x}: exit {run.returncode}: "
                              f"{run.stdout[:400]}{run.stderr[:200]}")
            (copy / path).write_bytes(clean)
        except Exception as why:  # a thread that dies must not pass for success
            broken.append(f"{path}: byte {at}, bit {bit:#x}: {why}")
            return


def main():
    share = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    seed = sys.argv[3] if len(sys.argv) > 3 else str(int(time.time()))
    rng = random.Random(seed)
    print(f"seed {seed}")
    broken = []
    with lab.scratch() as place:
        root = pathlib.Path(place)
        base = lab.Lab(QUORATE, root / "base")
        base.found()
        base.run(*base.open_args(), want=0)
        whole = root / "whole"
        base.run("log", "export", str(whole), "--openssl", want=0)
        same = subprocess.run([QUORATE, "log", "verify", str(whole)], capture_output=True)
        if same.returncode != 0:
            sys.exit(f"an export that nothing was done to: exit {same.returncode}")
        sizes = {str(f.relative_to(whole)): f.stat().st_size
                 for f in sorted(whole.rglob("*")) if f.is_file()}
        every = [(path, at) for path, size in sizes.items() for at in range(size)]
        if share == 1:
            queue = [(path, at, 1 << bit) for path, at in every for bit in range(8)]
        else:
            # Some of each file, however small it is.
            picked = rng.sample(every, len(every) // share)
            picked += [(path, rng.randrange(size)) for path, size in sizes.items() for _ in "abc"]
            queue = [(path, at, 1 << rng.randrange(8)) for path, at in picked]
        total = len(queue)
        threads = [threading.Thread(target=work, args=(whole, root, i, queue, broken))
                   for i in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for why in broken[:20]:
        print(f"BROKEN: {why}")
    print(f"{total} flips of {len(every)} bytes in {len(sizes)} files; {len(broken)} wrong")
    return 1 if broken or queue else 0


sys.exit(main())
