"""Runs the attacks once more with a second judge: wherever `log verify` is asked, so is
examples/verify_log.py, which is none of our code's. It must name every entry that the
command names, and none where the command names none. What only `log.key`, the views or a
journal tell (nobody else has them) is left to the command.

usage: foreign.py QUORATE [NAME…]
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples"))
import attacks  # noqa: E402
import verify_log  # noqa: E402
from attacks import Broken, lab  # noqa: E402

# Words of faults that are of other files than the log's tables.
OURS_ALONE = ("log.key", "table ", "vault.sqlite-", "journal", "write-ahead", "evidence", "is the log of")
judged = {"agreed": 0, "with faults": 0}


def second_judge(vault, done):
    if done.status not in (0, 5):
        return
    said = [f for f in done.json()["faults"] if not any(w in f["fault"] for w in OURS_ALONE)]
    report = verify_log.Report()
    verify_log.verify(vault.vault / "vault.sqlite", report)
    theirs = {index for index, *_ in report.faults}
    ours = {f["index"] for f in said}
    if not ours <= theirs or (not done.json()["faults"] and theirs):
        raise Broken(f"the command names {ours}, verify_log.py {report.faults}: {said}")
    judged["agreed"] += 1
    judged["with faults"] += bool(ours)


def watch(run):
    def watched(vault, *args, **how):
        done = run(vault, *args, **how)
        if args[:2] == ("log", "verify"):
            second_judge(vault, done)
        return done
    return watched


if __name__ == "__main__":
    lab.Lab.run = watch(lab.Lab.run)
    status = attacks.main()
    print(f"{judged['agreed']} images judged alike, {judged['with faults']} of them with faults")
    sys.exit(status or (len(sys.argv) == 2 and judged["with faults"] < 20))
