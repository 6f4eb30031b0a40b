"""What the tests that cut the power share: a vault on a disk whose power goes while a command runs,
and workers that do so again and again."""
import argparse
import multiprocessing
import pathlib
import random
import shutil
import time

import disk as disk_module
import lab as lab_module
from disk import Disk
from lab import Lab
from trial import Trial, died, killing

TIMEOUT_S = 60
WORKERS = 2


class Cut(Trial):
    """A vault on a disk of its own. `points`: name -> where that command can be cut, and how long
    it takes."""

    def __init__(self, lab, disk, points, rng, tally):
        super().__init__(lab)
        self.disk, self.points, self.rng, self.tally = disk, points, rng, tally

    def power_cut(self, name, args):
        calls, duration_s = self.points[name]
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


class Plugged:
    """A lab whose vault lies on a copy of that disk, for a `with`."""

    def __init__(self, base, place, image, points, rng, tally):
        lab = Lab(base.quorate, place)
        lab.policy.write_text(base.policy.read_text())
        lab.answers, lab.cards = dict(base.answers), base.cards
        self.disk = Disk(place / "disk.img", place / "disk", rng.choice(disk_module.OPTIONS))
        lab.vault = self.disk.place / "vault"
        self.disk.copy_of(image)
        self.trial = Cut(lab, self.disk, points, rng, tally)

    def __enter__(self):
        self.disk.mount()
        self.trial.notes = lab_module.checkpoints(self.trial.lab.vault)
        return self.trial

    def __exit__(self, *_):
        self.disk.remove()


def disk_of(vault, image, place):
    """A disk with that vault on it, or with none; not mounted."""
    disk = Disk(image, place)
    disk.make()
    if vault is not None:
        disk.mount()
        shutil.copytree(vault, disk.place / "vault")
        disk.unmount()
    return disk


def measure(lab, args, calls):
    """Where a command can be cut, and how long it takes."""
    start = time.monotonic()
    found = lab_module.syscalls(lab, args, calls)
    return found, (time.monotonic() - start) / 1.5


def work(prepare, turn, quorate, root, number, wanted, seed, results):
    """In a process of its own, so that its mounts end with it."""
    tally = {"cuts": 0, "late": 0}
    broken = None
    turns = 0
    try:
        disk_module.private_mounts()
        root = pathlib.Path(root) / str(number)
        root.mkdir()
        rng = random.Random(f"{seed}/{number}")
        prepared = prepare(quorate, root)
        while tally["cuts"] < wanted:
            turns += 1
            place = root / str(turns)
            place.mkdir()
            turn(prepared, turns, place, rng, tally, wanted)
            shutil.rmtree(place)
    except Exception as why:  # a process that dies must not pass for success
        broken = f"{(seed, number, turns)}: {type(why).__name__}: {why}"
    results.put((tally, broken))


def try_out(root):
    disk_module.private_mounts()
    disk_module.try_one(pathlib.Path(root))


def perform(prepare, turn):
    """prepare(command, folder) -> what turn(it, number, folder, rng, tally, wanted) is given, on the
    arguments QUORATE [COUNT [SEED]] [--must-break]: the exit code."""
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
        wanted = -(-args.count // WORKERS)
        workers = [multiprocessing.Process(target=work, args=(
            prepare, turn, args.quorate, name, i, wanted, args.seed, results))
            for i in range(WORKERS)]
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
