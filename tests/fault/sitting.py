"""Kills each command of a session that lasts, at each of its system calls that write, and goes on.
The session is still open, or open at all only if its commit was begun; who and what is outside is
what the log says; nothing is lost, and nothing happens twice.

usage: sitting.py QUORATE [STRIDE] [--must-break]
  --must-break   for the control, a build that breaks the order of a commit:
                 succeeds only if a promise is seen broken
"""
import pathlib
import shutil
import sys

from lab import Broken, Lab, need, scratch
from trial import CALLS, Trial, died, killing

need("strace", "pdftoppm", "zbarimg")
TOLD = {"step": "3", "expected": "it comes back", "happened": "it was lost", "decided": "to close",
        "settles_thing": "the phone"}
# What is typed, one after another; the event that stands for it, and how often when it is done.
STEPS = [
    (["session", "open"], "session-opened"),
    (["session", "leave", "custodian-p1"], "person-out"),
    (["session", "out", "the phone", "--person", "custodian-p1"], "thing-out"),
    (["card", "prove", None], "card-proved"),
    (["session", "return", "custodian-p1"], "person-back"),
    (["session", "exception"], "exception"),
    (["session", "close"], "session-closed"),
]


def answers_for(lab, args):
    lab.answers.pop("exceptions", None)
    if args[1] == "exception":
        lab.answers["exceptions"] = [TOLD]
    return [lab.cards[0] if arg is None else arg for arg in args]


def happened(lab, event):
    """How often, in and since the session that lasts; of exceptions, those that settle."""
    entries = lab.entries()
    begun = next((e["index"] for e in entries if e["values"].get("lasts")), len(entries))
    return sum(e["event"] == event and (event != "exception" or "settles-thing" in e["values"])
               for e in entries[begun:])


def judge(lab, args, event):
    """What the killed command left; then it is typed again. True if it had been done."""
    was_open = lab.run("session", "show", want=0).json()["open"]
    if args != ["session", "open"] and event != "session-closed" and not was_open:
        raise Broken(f"{args}: the session is gone")
    # What came back is outside no more: that is a wrong answer, and no broken rule.
    done = lab.run(*answers_for(lab, args), want=(0, 2 if event == "exception" else 4))
    again = done.status != 0
    if event != "card-proved" and happened(lab, event) != 1:
        raise Broken(f"{args}: {happened(lab, event)} times {event} (exit {done.status}: {done.err})")
    if happened(lab, event) < 1:
        raise Broken(f"{args}: {event} is lost")
    lab.verify()
    return again


def go_on(lab, steps):
    """To the close, as if nothing had been."""
    for args, _ in steps:
        lab.run(*answers_for(lab, args), want=0)
    if lab.run("session", "show", want=0).json()["open"]:
        raise Broken("the session is open after its close")
    lab.verify()


def run(place, quorate, stride):
    base = Lab(quorate, pathlib.Path(place) / "base")
    base.found()
    base.answers["present"] = ["custodian-p1", "custodian-m1"]
    kills = {False: 0, True: 0}
    for at, (args, event) in enumerate(STEPS):
        for call in CALLS:
            n = 1
            while True:
                shutil.rmtree(base.root.parent / "trial", ignore_errors=True)
                lab = base.copy(base.root.parent / "trial")
                done = lab.finish(lab.command(*answers_for(lab, args), wrap=killing(call, n)))
                if not died(done):
                    if done.status != 0:
                        raise Broken(f"{args}, {call} {n}: exit {done.status}\n{done.err}")
                    break
                Trial(lab).see()
                kills[judge(lab, args, event)] += 1
                if n == 1:
                    go_on(lab, STEPS[at + 1:])
                n += stride
        base.run(*answers_for(base, args), want=0)
    print(f"{sum(kills.values())} kills: {kills[False]} before the commit was begun, {kills[True]} after")
    if not kills[False] or not kills[True]:
        raise Broken("the kills did not meet both sides of a commit")


if __name__ == "__main__":
    must_break = "--must-break" in sys.argv
    arguments = [a for a in sys.argv[1:] if a != "--must-break"]
    try:
        with scratch() as folder:
            run(folder, arguments[0], int(arguments[1]) if len(arguments) > 1 else 1)
    except Broken as why:
        if not must_break:
            sys.exit(f"BROKEN: {why}")
        print(f"broken, as it must: {str(why).splitlines()[0]}")
    else:
        sys.exit("nothing broke" if must_break else 0)
