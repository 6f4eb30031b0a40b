"""The line that tells how far `log verify` is: on a terminal only, written over in
place, gone at the end; none with --quiet or --json, or in a file.
usage: test_progress.py QUORATE BENCH_GROW"""
import os
import pathlib
import pty
import re
import signal
import subprocess
import sys
import termios
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fault"))
import lab as lab_module
from lab import Broken, Lab

ENTRIES = 150_000
EXPECTED = re.compile(rf"\d+ % of {ENTRIES} entries read")


def read_all(fd, into):
    while True:
        try:
            part = os.read(fd, 65536)
        except OSError:
            return
        if not part:
            return
        into.append(part)


def slowly(process):
    """Stops it again and again while it starts and reads, so that it is slow on any
    machine; what takes less than half a second is not told of."""
    for _ in range(5):
        time.sleep(0.01)
        process.send_signal(signal.SIGSTOP)
        time.sleep(0.6)
        process.send_signal(signal.SIGCONT)


def verify(quorate, vault, *options, columns=80, terminal=True):
    """(standard output, what went to standard error)"""
    if terminal:
        ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (24, columns))
    else:
        ours, theirs = os.pipe()
    process = subprocess.Popen([quorate, "--vault", vault, *options, "log", "verify"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    parts = []
    reader = threading.Thread(target=read_all, args=(ours, parts))
    reader.start()
    slowly(process)
    out = process.stdout.read().decode()
    if process.wait(300) != 0:
        raise Broken(f"exit {process.returncode}: {out}")
    reader.join()
    os.close(ours)
    return out, b"".join(parts).decode()


def left_behind(text):
    """What a terminal shows of it at the end."""
    line = []
    at = 0
    for c in text:
        if c == "\r":
            at = 0
        else:
            line[at:at + 1] = [c]
            at += 1
    return "".join(line).rstrip(), at


def check(good, what, detail=""):
    if not good:
        raise Broken(f"{what}: {detail!r:.400}")
    print("ok     ", what, flush=True)


def main():
    quorate, grow = sys.argv[1:]
    with lab_module.scratch() as folder:
        lab = Lab(quorate, pathlib.Path(folder) / "lab")
        lab.found()
        subprocess.run([grow, lab.vault, str(ENTRIES), "60"], check=True,
                       stdout=subprocess.DEVNULL)
        for columns in (80, 20):
            out, line = verify(quorate, lab.vault, columns=columns)
            check(f"{ENTRIES} entries in 60 epochs: no fault" in out, "the log is verified", out)
            wanted = EXPECTED if columns == 80 else re.compile(r"\d+ % of 1")
            check(wanted.search(line), f"{columns} columns: it tells how far it is", line)
            check(not re.search(r"[^\r -~]", line), "with nothing but text and returns", line)
            check(max(map(len, line.split("\r"))) < columns, "in one line of the terminal", line)
            check(left_behind(line) == ("", 0), "and is gone at the end", line)
        for options, terminal in ((["--quiet"], True), (["--json"], True), ([], False)):
            out, line = verify(quorate, lab.vault, *options, terminal=terminal)
            check(str(ENTRIES) in out, "the log is verified", out)
            check(line == "", f"{' '.join(options) or 'in a file'}: nothing is told", line)


if __name__ == "__main__":
    try:
        main()
    except Broken as why:
        print("FAILED ", why)
        sys.exit(1)
