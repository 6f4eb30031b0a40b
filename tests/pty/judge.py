"""What every test before a terminal is held to, and its tally."""
import pathlib
import re
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "process"))
import tracer

passed, failed = 0, 0
started = time.monotonic()


def arguments():
    """The command, and the program that searches (tests/process/seek.c), or
    None where memory cannot be judged."""
    if len(sys.argv) not in (2, 3):
        sys.exit(f"usage: {sys.argv[0]} QUORATE [SEEK]")
    seek = sys.argv[2] if len(sys.argv) == 3 and tracer.can_trace() else None
    return pathlib.Path(sys.argv[1]).resolve(), seek


def check(good, what, detail=""):
    global passed, failed
    if good:
        passed += 1
        print(f"ok      {what}", flush=True)
    else:
        failed += 1
        print(f"FAILED  {what}" + (f"\n{detail}" if detail else ""), flush=True)
    return bool(good)


def same(got, wanted, what):
    return check(got == wanted, what, f"        got {got!r}, not {wanted!r}")


def finish():
    print(f"{passed} passed, {failed} failed, {time.monotonic() - started:.0f} s")
    sys.exit(1 if failed or not passed else 0)


def places_in(seek, needles, data):
    """The names of the secrets that stand in the data, and where each does last."""
    if isinstance(data, str):
        data = data.encode()
    done = subprocess.run([seek, needles], input=data, stdout=subprocess.PIPE)
    assert done.returncode in (0, 1), done
    return {name: int(at) for name, _, at in map(str.split, done.stdout.decode().splitlines())}


def found_in(seek, needles, data):
    return set(places_in(seek, needles, data))


def files_of(room):
    """Everything that was written, but the cards themselves and what the test
    itself put there."""
    for path in sorted(room.folder.rglob("*")):
        if path.is_file() and not path.name.startswith(("card-", "wallet-", "needles")):
            yield path


def nothing_left(what, room, term, seek, typed=()):
    """No secret can be read any more, on the screen, scrolled off it, or in a
    file; and none ever passed the terminal but what was shown to be read, group
    by group, and the words that somebody typed from the cards in `typed`."""
    needles = room.needles()
    text = term.everything()
    # A secret stood there in numbered groups: without the numbers, run together
    # and with blanks.
    groups = [re.sub(r"\s+\d{1,2}\s+", gap, text) for gap in ("", " ")]
    same(found_in(seek, needles, "\n".join([text] + groups)), set(),
         f"{what}: no secret left to be read")
    for path in files_of(room):
        data = path.read_bytes()
        for name, at in places_in(seek, needles, data).items():
            check(False, f"{what}: no secret in a file",
                  f"        {path}: {name} at {at}: {data[max(0, at - 40):at + 40]!r}")
    allowed = {f"card-{n}:words" for n in typed}
    # Words of the one list: two of a passphrase may end and begin like two of a card
    # (about one vault in 500), which are then no sign of it.
    words = [word for n in typed for row in room.read_words(n) for word in row]
    alike = {"operator-1:passphrase"} | {f"card-{n}:words" for n in room.words}
    needles = room.needles(alike - allowed, " ".join(words).encode())
    passed_by = found_in(seek, needles, bytes(term.raw))
    check(passed_by <= allowed, f"{what}: none passed the terminal unasked", f"        {passed_by}")
