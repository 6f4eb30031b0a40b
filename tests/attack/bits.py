"""Flips bits, one at a time, of log.key and of the database's file. What changes
anything that SQLite reads must be refused; what changes an entry or a checkpoint
must be placed in its epoch.

usage: bits.py QUORATE DRIVER [SHARE [SEED]]
  DRIVER  verify_driver: `log verify` without a process for each flip
  SHARE   one bit of one byte in SHARE is flipped (default 40); 1: every bit of every byte
"""
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

import attacker
from attacker import lab

Broken = lab.Broken
# Where a database's header counts its free pages.
FREE_PAGES = range(36, 40)


def contents(data):
    """All that SQLite reads of a file with these bytes: its schema and every row, or None."""
    db = sqlite3.connect(":memory:")
    db.text_factory = bytes
    try:
        db.deserialize(data)
        tables = [n.decode() for n, in db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")]
        return [db.execute("SELECT * FROM sqlite_schema ORDER BY rowid").fetchall(),
                db.execute("PRAGMA application_id").fetchone(),
                db.execute("PRAGMA user_version").fetchone(),
                *[sorted(db.execute(f"SELECT * FROM {t}").fetchall(), key=repr)
                  for t in tables]]
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    finally:
        db.close()


def places(image):
    """(start, end, epoch) in the file of each entry and checkpoint that lies there whole."""
    file = image.db.read_bytes()
    found = []
    for epoch, body in image.entries + [[e, n] for e, (_, n) in image.notes.items()]:
        at = file.find(body)
        if at >= 0 and file.find(body, at + 1) < 0:
            found.append((at, at + len(body), epoch))
    return found


def roots(image):
    """Where in the file the schema has the number of each table's first page. One that names
    another empty table's page changes no row: two tables then share it, to the next commit's cost."""
    file = image.db.read_bytes()
    names = [n for n, in sqlite3.connect(f"file:{image.db}?mode=ro", uri=True).execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table'")]
    found = [file.find(f"CREATE TABLE {n} (".encode()) - 1 for n in names]
    if len(found) < 20 or -2 in found or not all(0 < file[at] < 127 for at in found):
        raise SystemExit(f"the tables' pages are not where they were sought: {names} {found}")
    return found


class Copy:
    """A copy of the vault, of which one bit at a time is another, and who verifies it."""

    def __init__(self, vault, driver):
        self.vault = vault
        self.clean = {f: (vault.vault / f).read_bytes() for f in ("log.key", "vault.sqlite")}
        self.driver = subprocess.Popen([driver, vault.vault], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, text=True, bufsize=1)

    def verify(self):
        self.driver.stdin.write("\n")
        status, *epochs = map(int, self.driver.stdout.readline().split())
        return status, epochs

    def flip(self, name, at, bit):
        data = bytearray(self.clean[name])
        data[at] ^= bit
        self.put(name, at, data[at])
        return bytes(data)

    def mend(self, name, at):
        self.put(name, at, self.clean[name][at])
        for kept in self.vault.vault.glob("evidence-*"):
            shutil.rmtree(kept)

    def put(self, name, at, byte):
        with open(self.vault.vault / name, "r+b") as file:
            file.seek(at)
            file.write(bytes([byte]))

    def close(self):
        for name, data in self.clean.items():
            if (self.vault.vault / name).read_bytes() != data:
                raise Broken(f"{name} is not what it was")
        if self.verify() != (0, []):
            raise Broken(f"the vault with every bit back in its place: {self.verify()}")
        self.driver.stdin.close()
        self.driver.wait()


def judge_key(copy):
    done = copy.vault.run(*copy.vault.prove_args())
    if done.status != 5:
        raise Broken(f"exit {done.status}: {done.err}")


def judge_database(copy, at, same, where):
    status, faults = copy.verify()
    epochs = [epoch for start, end, epoch in where if start <= at < end]
    if epochs and not (status == 5 and set(epochs) & set(faults)):
        raise Broken(f"epoch {epochs}: exit {status}, faults of {faults}")
    # The version of the schema may become a newer one.
    wanted = (1, 5) if 60 <= at < 64 else (5,) if not same or at in FREE_PAGES else (0, 5)
    if status not in wanted:
        raise Broken(f"what is read is {'the same' if same else 'changed'}, "
                     f"exit {status}, faults of {faults}")


def work(copy, queue, where, whole, broken, harmless):
    while queue:
        file, at, bit = queue.pop()
        data = copy.flip(file, at, bit)
        try:
            if file == "log.key":
                judge_key(copy)
            else:
                same = contents(data) == whole
                judge_database(copy, at, same, where)
                harmless += [at] if same else []
        except Exception as why:  # a thread that dies must not pass for success
            broken.append(f"{file}: byte {at}, bit {bit:#x}: {why}")
        copy.mend(file, at)
    try:
        copy.close()
    except Exception as why:
        broken.append(str(why))


def main():
    quorate, driver = sys.argv[1:3]
    share = int(sys.argv[3]) if len(sys.argv) > 3 else 40
    seed = sys.argv[4] if len(sys.argv) > 4 else str(int(time.time()))
    rng = random.Random(seed)
    print(f"seed {seed}")
    broken, harmless = [], []
    with lab.scratch() as place:
        root = pathlib.Path(place)
        base = lab.Lab(quorate, root / "base")
        base.found()
        base.run(*base.open_args(), want=0)
        image = attacker.Image(base.vault)
        where, whole = places(image), contents(image.db.read_bytes())
        sizes = {f: (base.vault / f).stat().st_size for f in ("log.key", "vault.sqlite")}
        every = [(f, at) for f, size in sizes.items() for at in range(size)]
        if share == 1:
            queue = [(file, at, 1 << bit) for file, at in every for bit in range(8)]
        else:
            # The rows of the log are looked at more closely than free space.
            dense = [("vault.sqlite", at) for start, end, _ in where for at in range(start, end)]
            picked = rng.sample(every, len(every) // share) + rng.sample(dense, len(dense) // share)
            queue = [(file, at, 1 << rng.randrange(8)) for file, at in picked]
            queue += [("vault.sqlite", at, 1 << bit) for at in [*roots(image), *FREE_PAGES]
                      for bit in range(8)]
        total = len(queue)
        copies = [Copy(base.copy(root / f"copy-{i}"), driver) for i in range(2)]
        threads = [threading.Thread(target=work, args=(copy, queue, where, whole, broken, harmless))
                   for copy in copies]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for why in broken[:20]:
        print(f"BROKEN: {why}")
    print(f"{total} flips of {len(every)} bytes; {len(harmless)} in what SQLite does not read; "
          f"{len(broken)} wrong")
    return 1 if broken else 0


sys.exit(main())
