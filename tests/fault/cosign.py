"""Kills `log cosign` at each system call that writes, and what completes it too: the cosignature
is there or not, never half, and it is signed once. Then EIO and ENOSPC at each of them.

usage: cosign.py QUORATE SHARE [--must-break]
  SHARE          of the second kills one in SHARE is tried
  --must-break   for the control, a build that writes the row before its mark:
                 succeeds only if a promise is seen broken
"""
import json
import shutil
import sqlite3
import sys

import lab as lab_module
from lab import Broken, Lab, LogKey

CALLS = ["write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "unlink",
         "unlinkat", "openat", "ftruncate", "mkdir", "mkdirat", "flock"]
PERSON = "custodian-p1"
COSIGN = ["log", "cosign", "--person", PERSON]
ALREADY = "has cosigned the close already"


def rows(vault):
    """Rows of the database, its journal played on a copy."""
    place = vault.parent / "look"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for name in ("vault.sqlite", "vault.sqlite-journal"):
        if (vault / name).exists():
            shutil.copy(vault / name, place)
    db = sqlite3.connect(place / "vault.sqlite")
    try:
        return db.execute("SELECT person, signature FROM log_cosignature").fetchall()
    finally:
        db.close()


def inject(lab, args, call, n, what):
    return lab.finish(lab.command(*args, wrap=[
        "strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
        f"inject={call}:{what}:when={n}"]))


class Trial:
    def __init__(self, base, place):
        self.lab = base.copy(place)
        self.signatures = set()

    def look(self):
        """Without a badge nothing is wrong, and one signature only was ever made."""
        key = LogKey((self.lab.vault / "log.key").read_bytes())
        found = rows(self.lab.vault)
        self.signatures |= {bytes(s) for _, s in found}
        if key.state == 4:
            self.signatures.add(key.record[-72:])
        if len(found) > 1 or len(self.signatures) > 1:
            raise Broken(f"{len(found)} rows, {len(self.signatures)} signatures")
        done = self.lab.run("log", "verify")
        if done.status != 0 or done.json()["faults"]:
            raise Broken(f"without a badge: exit {done.status}: {done.out}{done.err}")
        return key.state, len(found)

    def recover(self, acknowledged):
        state, there = self.look()
        if acknowledged and not there:
            raise Broken("an acknowledged cosignature is lost")
        done = self.lab.run(*COSIGN, want=(0, 4))
        if done.status == 4 and ALREADY not in done.err:
            raise Broken(f"refused: {done.err}")
        if (state == 4 or there) and done.status == 0:
            raise Broken("what had been begun was made anew")
        if done.status == 0:
            self.signatures.clear()
        if self.look() != (2, 1):
            raise Broken(f"after the recovery {self.look()}")


def second_points(base, root, call, n, share):
    """Where what completes a cosignature can be killed, after the first kill."""
    lab = base.copy(root / "measure")
    inject(lab, COSIGN, call, n, "signal=SIGKILL")
    trace = lab.root / "trace"
    lab.run(*COSIGN, wrap=["strace", "-o", str(trace), "-e", "trace=" + ",".join(CALLS)])
    found, counts = [], {}
    for line in trace.read_text(errors="replace").splitlines():
        name = line.split("(")[0]
        if name in CALLS:
            counts[name] = counts.get(name, 0) + 1
            found.append((name, counts[name]))
    shutil.rmtree(lab.root)
    return found[n % share::share]


def main():
    share = int(sys.argv[2])
    lab_module.need("strace")
    kills = faults = 0
    seen = set()
    with lab_module.scratch() as name:
        root = lab_module.pathlib.Path(name)
        base = Lab(sys.argv[1], root / "base")
        base.policy.write_text(json.dumps({**lab_module.POLICY, "cosignatures": 2}))
        base.answers["badges"] = {lab_module.OPERATOR: lab_module.PASSPHRASE,
                                  PERSON: "eleven slow trains"}
        base.found()
        badges = base.answers["badges"]
        base.answers["badges"] = {lab_module.OPERATOR: lab_module.PASSPHRASE}
        base.run(*base.prove_args(), want=0)
        base.answers["badges"] = badges
        measured = base.copy(root / "first")
        points = lab_module.syscalls(measured, COSIGN, CALLS)

        # The control: a row without its mark is no row of ours.
        shutil.copy(base.vault / "log.key", measured.vault / "log.key")
        measured.run("card", "list", want=5)

        for call, n in points:
            trial = Trial(base, root / "trial")
            done = inject(trial.lab, COSIGN, call, n, "signal=SIGKILL")
            kills += 1
            try:
                seen.add(trial.look())
                middle = trial.lab.copy(root / "middle") if trial.look()[0] == 4 else None
                trial.recover(bool(done.out))
                for second in second_points(base, root, call, n, share) if middle else []:
                    again = Trial(middle, root / "again")
                    inject(again.lab, COSIGN, *second, "signal=SIGKILL")
                    kills += 1
                    again.recover(False)
                    shutil.rmtree(again.lab.root)
            except Broken as why:
                raise Broken(f"killed at {call} {n}: {why}") from None
            shutil.rmtree(trial.lab.root)
            shutil.rmtree(root / "middle", ignore_errors=True)
            if call == "flock":
                continue
            trial = Trial(base, root / "trial")
            done = inject(trial.lab, COSIGN, call, n, "error=ENOSPC" if n % 2 else "error=EIO")
            faults += 1
            try:
                if done.status not in (0, 1):
                    raise Broken(f"exit {done.status}: {done.err}")
                trial.recover(done.status == 0)
            except Broken as why:
                raise Broken(f"{call} {n} fails: {why}") from None
            shutil.rmtree(trial.lab.root)
    # Each side of each step must have been met, or the kills missed them.
    if not {(2, 0), (4, 0), (4, 1), (2, 1)} <= seen:
        raise Broken(f"the kills left only {seen}")
    print(f"{kills} kills at {len(points)} system calls, {faults} failing calls")


must_break = sys.argv[3:] == ["--must-break"]
try:
    main()
    print("the control broke no promise: this test proves nothing" if must_break else "held")
    sys.exit(1 if must_break else 0)
except Broken as broken:
    print(f"broken, as it must be: {broken}" if must_break else f"BROKEN: {broken}")
    sys.exit(0 if must_break else 1)
