"""Holds the code against the model. For every state of the files that the model
says a command may find (whatever was interrupted before, whatever was put back),
the files are made and the command is run on them. Its verdict, each of its steps
on the disk and the files that it leaves must be the model's. Since the model
looks in after every step, its interruptions are then the code's.

usage: replay.py MODEL DRIVER [SHARE [SEED]] [--renames] [--must-differ MAKER]
  SHARE   of the states that only an attacker makes, one in SHARE (default 12);
          and of those of honest interruptions five in SHARE, at most one in four; 1: all
  --renames   on a file system that cannot exchange two files
  --must-differ   for the controls, which take other steps than the model: its
          files are made by MAKER, and a step that differs must be seen
"""
import argparse
import pathlib
import random
import subprocess
import sys
import threading
import time

import concrete
from concrete import lab

WORDS = {"open": (0, "done"), "open-completed": (0, "done"), "open-put-back": (0, "done"),
         "waiting": (0, "done, waiting"), "tampered": (5, "tampering found")}


def model_lines(model, *options):
    """files -> command -> the outcomes that the model allows."""
    lines = {}
    for stray in ([], ["--stray"]):
        out = subprocess.run([model, *options, *stray, "--states"], check=True,
                             capture_output=True).stdout.decode()
        for line in out.splitlines():
            files, command, *outcome = line.split("\t")
            allowed = lines.setdefault(files, {}).setdefault(command, [])
            if outcome not in allowed:
                allowed.append(outcome)
    return lines


def expect(found, wanted, what):
    if found != wanted:
        raise lab.Broken(f"{what}: {found}\n  and the model: {wanted}")


def check_after(vault, shelf, before, files, after):
    """The files that the command leaves, in the model's words."""
    was = dict(item.split("=", 1) for item in before.split())
    now = dict(item.split("=", 1) for item in after.split())
    for short in ("key", "db", "tmp", "jnl"):
        data = vault / concrete.NAMES[short]
        expect(data.exists(), now[short] != "-", f"{short} is there")
        if was[short] == now[short] and now[short] != "-":
            expect(data.read_bytes() == files[short], True, f"{short} is as it was")
    if now["db"] in ("-", "0/0") or was["db"] == now["db"]:
        return
    known = {t for item in (was["key"].split(".")[0:3:2], was["db"].split("/"),
                            was["jnl"].rpartition("/")[2].split(">")[:1])
             for t in item if t.isalpha() and t not in ("torn", "empty", "zeros")}
    known |= {t[:i] for t in known for i in range(1, len(t))}
    wanted = now["db"].split("/")[1]
    notes, later = concrete.history(vault)
    if wanted in known:
        expect((notes, later) == shelf.commit(wanted).history, True, "the database's history")
    else:
        before = shelf.commit(wanted[:-1]).history if wanted[:-1] else ([], set())
        one = wanted[-1].isupper()
        expect((notes if one else notes[:-1], len(later - before[1]), before[1] - later),
               (before[0], int(one), set()), "the history before what is new")
    if was["key"] != now["key"]:
        key = lab.LogKey((vault / "log.key").read_bytes())
        _, record, _, mark = now["key"].split(".")
        states = ["none", "pending", "kept", "restoring", "cosigning"]
        expect((states[key.state], key.marks), (record, int(mark)), "log.key")
        expect(key.note, lab.checkpoints(vault)[key.epochs - 1], "the checkpoint of log.key")


def try_state(driver, shelf, vault, files, command, allowed):
    shelf.write(vault, files)
    made = {short: (vault / name).read_bytes() for name, short in concrete.FILES.items()
            if (vault / name).exists()}
    status, out, found = driver.run(command, vault)
    why = None
    for verdict, steps, after in allowed:
        try:
            lines = out.splitlines()
            if verdict == "no-vault":
                expect(status, 1, "exit")
            else:
                expect((status, lines[0]), WORDS[verdict], "verdict")
            lost = "the database has lost" in out
            expect(lost, "put-back" in verdict or (verdict == "waiting" and lost), "put back")
            expect("was completed" in out, verdict in ("open-completed", "open-put-back"),
                   "completed")
            expect(concrete.told(found), steps, "steps")
            check_after(vault, shelf, files, made, after)
            return
        except lab.Broken as broken:
            why = why or broken
    raise lab.Broken(f"{why}\n  {out.strip()}")


def work(args, root, number, queue, broken):
    driver = concrete.Driver(args.driver, args.renames)
    place = root / f"worker-{number}"
    place.mkdir()
    shelf = concrete.Shelf(concrete.Driver(args.must_differ or args.driver), place / "shelf",
                           f"{args.seed}/{number}")
    while queue and not (broken and args.must_differ):
        state = queue.pop()
        try:
            try_state(driver, shelf, place / "vault", *state)
        except Exception as why:  # a thread that dies must not pass for success
            broken.append(f"{state[0]} {state[1]}: {type(why).__name__}: {why}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("driver")
    parser.add_argument("share", nargs="?", type=int, default=12)
    parser.add_argument("seed", nargs="?", default=str(int(time.time())))
    parser.add_argument("--renames", action="store_true")
    parser.add_argument("--must-differ", metavar="MAKER")
    args = parser.parse_args()
    model, share, seed = args.model, args.share, args.seed
    lab.need("strace")
    print(f"seed {seed}")
    renames = ["--renames"] if args.renames else []
    honest = model_lines(model, *renames, "--row", "4", "--texts", "4" if share > 1 else "5", "--puts", "0",
                         "--cosign", "1")
    attacked = model_lines(model, *renames, "--row", "1" if share > 1 else "2", "--texts", "3", "--puts", "1")
    queue = [(files, command, allowed) for files, commands in honest.items()
             for command, allowed in commands.items()]
    if share > 1:
        queue = random.Random(seed).sample(queue, len(queue) * 5 // max(20, share))
    rest = [(files, command, allowed) for files, commands in attacked.items()
            if files not in honest for command, allowed in commands.items()]
    queue += random.Random(seed).sample(rest, len(rest) // share)
    total, broken = len(queue), []
    with lab.scratch() as name:
        threads = [threading.Thread(target=work, args=(args, pathlib.Path(name), i, queue, broken))
                   for i in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for why in broken[:10]:
        print(f"BROKEN: {why}")
    print(f"{total - len(queue)} of {sum(map(len, honest.values())) + len(rest)} runs, "
          f"{len(broken)} differ")
    if args.must_differ:
        return 0 if broken and "steps: " in broken[0] else 1
    return 1 if broken else 0


sys.exit(main())
