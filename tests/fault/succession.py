"""Kills a take-over and a continuation at their system calls, one by one. A
take-over is there or it is not: exactly one of the two badges works, and the
quorum can always take over again. An interrupted continuation is finished by
the badge, or begun again; the old vault is never touched.

usage: succession.py QUORATE [SHARE]    every SHARE-th call (1: all)
"""
import hashlib
import shutil
import sys

import lab as lab_module
from lab import OPERATOR, PASSPHRASE, Broken, Lab, LogKey

CALLS = ["write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "unlink",
         "unlinkat", "openat", "ftruncate", "mkdir", "mkdirat", "flock"]
CUSTODIAN, NEW = "custodian-m1", "five green bottles on a wall"
CONFIRM = ["--confirm", "example.com/practice"]


def digests(folder):
    return {str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest()
            for f in sorted(folder.rglob("*")) if f.is_file()}


def act_by(person, phrase):
    return {"operator": person, "badges": {person: phrase}}


def takeover_args(lab):
    return ["log", "takeover", "--operator", CUSTODIAN, *CONFIRM, *lab.cards]


def continue_args(lab, people):
    return ["log", "continue", "--from", lab.old, "--cause", "log.key is gone", *CONFIRM, *people,
            *lab.cards]


class Signed:
    """No epoch of one log may be signed twice, on whatever way."""

    def __init__(self):
        self.notes = {}

    def see(self, folder):
        for epoch, note in lab_module.checkpoints(folder).items():
            self.meet(epoch, lab_module.log_signature(note))
        try:
            key = LogKey((folder / "log.key").read_bytes())
        except FileNotFoundError:
            return None
        if key.note:
            self.meet(key.epochs - 1, lab_module.log_signature(key.note))
        return key

    def meet(self, epoch, value):
        if self.notes.setdefault(epoch, value) != value:
            raise Broken(f"epoch {epoch} is signed twice")


def proves(lab, person, phrase):
    lab.answers = act_by(person, phrase)
    return lab.run("card", "prove", lab.cards[0], want=(0, 4)).status == 0


def killed(lab, args, call, n):
    return lab.finish(lab.command(*args, wrap=[
        "strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
        f"inject={call}:signal=SIGKILL:when={n}"]))


def trial_takeover(base, place, call, n):
    lab = base.copy(place)
    before = len(lab_module.checkpoints(lab.vault))
    lab.answers = {"badges": {CUSTODIAN: NEW}}
    done = killed(lab, takeover_args(lab), call, n)
    signed = Signed()
    key = signed.see(lab.vault)
    taken = CUSTODIAN in key.wraps
    if done.out and not taken:
        raise Broken("told, and not done")
    if set(key.wraps) != ({CUSTODIAN, ""} if taken else {OPERATOR, ""}):
        raise Broken(f"log.key opens to {sorted(key.wraps)}")
    again = lab.copy(place.with_suffix(".again"))
    if proves(lab, OPERATOR, PASSPHRASE) == taken or proves(lab, CUSTODIAN, NEW) != taken:
        raise Broken(f"taken over: {taken}, and the badges say otherwise")
    signed.see(lab.vault)
    lab.verify()
    # Another quorum, where it was cut short: what waits is completed first.
    again.answers = {"badges": {CUSTODIAN: NEW + "!"}}
    again.run(*takeover_args(again), want=0)
    if not proves(again, CUSTODIAN, NEW + "!") or proves(again, OPERATOR, PASSPHRASE):
        raise Broken("the second take-over gave no badge")
    again.verify()
    if len(lab_module.checkpoints(again.vault)) < before + 2:
        raise Broken("a take-over is lost")
    return done.status in (-9, 137)


def trial_continue(base, place, call, n, people, badge):
    lab = Lab(base.quorate, place)
    lab.cards, lab.old = base.cards, base.root / "old"
    before = digests(lab.old)
    lab.answers = {"badges": {badge[0]: badge[1]}, "operator": badge[0]}
    done = killed(lab, continue_args(lab, people), call, n)
    if digests(lab.old) != before:
        raise Broken("the old vault was touched")
    signed = Signed()
    if not lab.vault.exists() or signed.see(lab.vault) is None:
        if done.out:
            raise Broken("told, and not done")
        lab.run(*continue_args(lab, people), want=0)
    if not proves(lab, *badge):
        raise Broken("the badge does not open the successor")
    signed.see(lab.vault)
    lab.verify()
    if digests(lab.old) != before:
        raise Broken("the old vault was touched")
    return done.status in (-9, 137)


def each(points, share, root, trial):
    """Every share-th point; how many kills."""
    kills = 0
    for number, (call, n) in enumerate(points):
        if number % share == 0:
            place = root / f"{call}-{n}"
            try:
                kills += trial(place, call, n)
            except Broken as broken:
                raise Broken(f"{call} {n}: {broken}") from broken
            shutil.rmtree(place)
            shutil.rmtree(place.with_suffix(".again"), ignore_errors=True)
    return kills


def run(quorate, share, root):
    base = Lab(quorate, root / "base")
    base.found()
    shutil.copytree(base.vault, root / "base" / "old")
    (root / "base" / "old" / "log.key").unlink()

    lab = base.copy(root / "measure")
    lab.answers = {"badges": {CUSTODIAN: NEW}}
    points = lab_module.syscalls(lab, takeover_args(lab), CALLS)
    kills = each(points, share, root, lambda *at: trial_takeover(base, *at))
    print(f"take-over: {kills} kills at {len(points)} system calls, every {share}th")
    if not kills:
        raise Broken("nothing was killed")

    for people, badge in (([], (OPERATOR, PASSPHRASE)),
                          (["--operator", CUSTODIAN], (CUSTODIAN, NEW))):
        shutil.rmtree(lab.root)
        lab = Lab(quorate, root / "measure")
        lab.cards, lab.old = base.cards, base.root / "old"
        lab.answers = act_by(*badge)
        points = lab_module.syscalls(lab, continue_args(lab, people), CALLS)
        kills = each(points, share, root,
                     lambda *at: trial_continue(base, *at, people, badge))
        print(f"continuation {people}: {kills} kills at {len(points)} system calls, "
              f"every {share}th")
        if not kills:
            raise Broken("nothing was killed")


def main():
    lab_module.need("strace", "pdftoppm", "zbarimg")
    share = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with lab_module.scratch() as name:
        try:
            run(sys.argv[1], share, lab_module.pathlib.Path(name))
        except Broken as broken:
            print(f"BROKEN: {broken}")
            return 1
    return 0


sys.exit(main())
