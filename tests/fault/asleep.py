"""The machine sleeps for hours in the middle of a re-key, of the proof that ends it, of its giving
up, and of a re-issue that brings another group: the process stands still, with whatever worker it
waits for. Another command begun meanwhile is refused at once, and does not wait. Then it goes on
to its end; or, where even its deadlines have passed, it ends with a reason, and the vault is before
or after.

usage: asleep.py QUORATE BEFALL [SHARE]    at every SHARE-th call that changes a file
"""
import os
import pathlib
import shutil
import signal
import struct
import sys
import time

from cards import check_sheets, perform
from lab import Broken, Lab, read_cards
from renewal import (abandon_args, judge_end, judge_rekey, judge_remade, regroup_args, rekey_args,
                     somebody_joins)

HOURS_S = 5 * 3600
BUSY = 7
AT_ONCE_S = 10  # SQLite's own patience is shorter
MANY = 100000  # more calls than a command makes
befall = pathlib.Path(sys.argv.pop(2)).resolve()


def children(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []


def stand_still_at_call(process):
    """Until it stopped itself; False if it ended first."""
    _, status = os.waitpid(process.pid, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        return True
    process.returncode = os.waitstatus_to_exitcode(status)
    return False


def stand_still_with_worker(process, number):
    """Once it has the worker of that number; False if it ended first."""
    seen = set()
    while process.poll() is None:
        seen.update(children(process.pid))
        if len(seen) == number:
            process.send_signal(signal.SIGSTOP)
            return True
    return False


def is_locked(pid):
    return any(pid == int(line.split()[-4]) for line in open("/proc/locks") if " FLOCK " in line)


def other_command(lab, locked):
    """Somebody else, at the same vault."""
    other = Lab(lab.quorate, lab.root / "other")
    other.vault, other.answers = lab.vault, lab.answers
    start = time.monotonic()
    other.run(*(lab.prove_args() if locked else ["card", "list"]), want=BUSY if locked else 0)
    if time.monotonic() - start > AT_ONCE_S:
        raise Broken("the other command waited")


def sleep(lab, args, at, worker, deadlines_pass):
    """(how it ended, was it locked, had it a worker), or None if it never stood still."""
    slept = lab.root / "slept"
    slept.write_bytes(struct.pack("=qq", 0, 0))
    started = lab.command(*args, env={
        **os.environ, "LD_PRELOAD": str(befall), "QUORATE_TEST_SLEPT_FILE": str(slept),
        "QUORATE_TEST_STOP_AT": str(0 if worker else at)})
    process = started[0]
    still = stand_still_with_worker(process, at) if worker else stand_still_at_call(process)
    if not still:
        lab.finish(started)
        return None
    workers = [int(child) for child in children(process.pid)]
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    with open(slept, "r+b") as file:
        file.write(struct.pack("=qq", HOURS_S, HOURS_S if deadlines_pass else 0))
    locked = is_locked(process.pid)
    try:
        other_command(lab, locked)
    finally:
        for pid in [*workers, process.pid]:
            os.kill(pid, signal.SIGCONT)
        done = lab.finish(started)
    return done, locked, bool(workers)


def trial(base, place, args, judge, at, worker, deadlines_pass, tally):
    lab = base.copy(place)
    slept = sleep(lab, args(lab), at, worker, deadlines_pass)
    if slept is not None:
        done, locked, had_worker = slept
        went_on = done.status == 0
        if not went_on and not (deadlines_pass and had_worker and "no answer in time" in done.err):
            raise Broken(f"exit {done.status}: {done.err}")
        if went_on and not done.out:
            raise Broken("it went on, and told nothing")
        judge(lab, done)
        for key, is_so in (("times", True), ("locked", locked), ("worker", had_worker),
                           ("ended", not went_on)):
            tally[key] += is_so
    shutil.rmtree(place)
    return slept is not None


def each(base, root, name, args, judge, share, workers):
    """At calls, and while a worker runs; every other time its deadlines pass, too."""
    tally = dict.fromkeys(("times", "locked", "worker", "ended"), 0)
    moments = [(at, True) for at in workers] + [
        (at, False) for at in range(share // 2, MANY, share)]
    for number, (at, worker) in enumerate(moments):
        try:
            if not trial(base, root / f"{name}-{number}", args, judge, at, worker,
                         number % 2 == 1, tally) and not worker:
                break
        except Broken as broken:
            raise Broken(f"{name}, {'worker' if worker else 'call'} {at}: {broken}") from broken
    print(f"{name}: stood still {tally['times']} times, {tally['locked']} with the lock, "
          f"{tally['worker']} with a worker; {tally['ended']} times it ended there", flush=True)
    if not tally["locked"] or (workers and not tally["worker"]):
        raise Broken(f"{name}: it never stood still where it matters")


def judge_reissue(lab, done):
    lab.run(*lab.prove_args(), want=0)
    check_sheets(lab)
    judge_remade(lab, done, {3, 4}, regroups=True)


def run(quorate, share, root):
    base = Lab(quorate, root / "base")
    base.found()
    somebody_joins(base)
    shutil.rmtree(base.sheets)
    each(base, root, "re-key", rekey_args, judge_rekey, share, [3, 3])
    each(base, root, "re-issue", regroup_args, judge_reissue, share, [2])
    pending = base.copy(root / "pending")
    pending.run(*rekey_args(pending), want=0)
    new = read_cards(pending.sheets, pending.root)
    shutil.rmtree(pending.sheets)
    pending.run("card", "prove", *new[:-1], want=0)
    for name, args, after in (("proof", lambda _: ["card", "prove", new[-1]], [False, True]),
                              ("giving up", abandon_args, [True, False])):
        each(pending, root, name, args, lambda *left: judge_end(*left, new, after), share // 8, [])


sys.exit(perform(run))
