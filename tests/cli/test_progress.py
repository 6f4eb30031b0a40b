"""The line that tells how far `log verify` is: on a terminal only, written over in
place, gone at the end; none with --quiet or --json, or in a file. And, of a log
long enough for a second thread, that each wrong signature is found.
usage: test_progress.py QUORATE BENCH_GROW"""
import base64
import json
import os
import pathlib
import pty
import re
import signal
import sqlite3
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


def spoil(vault, epoch, line):
    """Turns one bit of a signature in an epoch's note."""
    db = sqlite3.connect(vault / "vault.sqlite")
    note = db.execute("SELECT note FROM log_checkpoint WHERE epoch = ?", (epoch,)).fetchone()[0]
    text, _, lines = note.partition(b"\n\n")
    lines = lines.split(b"\n")
    name, _, signature = lines[line].rpartition(b" ")
    raw = bytearray(base64.b64decode(signature))
    raw[40] ^= 4
    lines[line] = name + b" " + base64.b64encode(raw)
    db.close()
    note = text + b"\n\n" + b"\n".join(lines)
    subprocess.run(["sqlite3", "-cmd", ".dbconfig enable_trigger off", vault / "vault.sqlite",
                    f"UPDATE log_checkpoint SET note = x'{note.hex()}' WHERE epoch = {epoch}"],
                   check=True, stdout=subprocess.DEVNULL)


def check(good, what, detail=""):
    if not good:
        raise Broken(f"{what}: {detail!r:.400}")
    print("ok     ", what, flush=True)


def main():
    quorate, grow = sys.argv[1:]
    lab_module.need("sqlite3")
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
        for epoch, line in ((7, 0), (33, 1), (34, 0), (55, 1)):
            spoil(lab.vault, epoch, line)
        done = lab.run("log", "verify", want=5)
        faults = json.loads(done.out)["faults"]
        check([(f["epoch"], "cosignature" in f["fault"]) for f in faults] ==
              [(7, False), (33, True), (34, False), (55, True)],
              "four wrong signatures are found, in their order", faults)
        (lab.vault / "log.key").unlink()
        done = lab.run("log", "verify", want=5)
        check(json.loads(done.out)["faults"] == faults, "and in a copy without log.key", done.out)


if __name__ == "__main__":
    try:
        main()
    except Broken as why:
        print("FAILED ", why)
        sys.exit(1)
