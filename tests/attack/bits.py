"""Flips bits, one at a time, of log.key and of the database's file. What changes
anything that SQLite reads must be refused; what changes an entry or a checkpoint
must be placed in its epoch.

usage: bits.py QUORATE [SHARE [SEED]]
  SHARE   one bit of one byte in SHARE is flipped (default 40); 1: every bit of every byte
"""
import pathlib
import random
import shutil
import sqlite3
import sys
import threading
import time

import attacker
from attacker import lab

Broken = lab.Broken


def contents(file):
    """All that SQLite reads of a file: its schema and every row, or None."""
    db = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    db.text_factory = bytes
    try:
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


def flip_key(vault, at, bit):
    file = vault.vault / "log.key"
    data = bytearray(file.read_bytes())
    data[at] ^= bit
    file.write_bytes(data)
    done = vault.run(*vault.prove_args())
    if done.status != 5:
        raise Broken(f"exit {done.status}: {done.err}")


def flip_database(vault, at, bit, where, whole):
    file = vault.vault / "vault.sqlite"
    data = bytearray(file.read_bytes())
    data[at] ^= bit
    file.write_bytes(data)
    same = contents(file) == whole
    done = vault.run("log", "verify")
    epochs = [epoch for start, end, epoch in where if start <= at < end]
    if epochs and not (done.status == 5 and any(f["epoch"] in epochs
                                                for f in done.json()["faults"])):
        raise Broken(f"epoch {epochs}: exit {done.status}: {done.out}{done.err}")
    # The version of the schema may become a newer one.
    wanted = (0, 5) if same else (1, 5) if 60 <= at < 64 else (5,)
    if done.status not in wanted:
        raise Broken(f"what is read is {'the same' if same else 'changed'}, "
                     f"exit {done.status}: {done.out}{done.err}")
    return same


def work(base, root, number, queue, where, whole, broken, harmless):
    vault = base.copy(root / f"copy-{number}")
    clean = {f: (vault.vault / f).read_bytes() for f in ("log.key", "vault.sqlite")}
    while queue:
        file, at, bit = queue.pop()
        for name, data in clean.items():
            (vault.vault / name).write_bytes(data)
        try:
            if file == "log.key":
                flip_key(vault, at, bit)
            elif flip_database(vault, at, bit, where, whole):
                harmless.append(at)
        except Exception as why:  # a thread that dies must not pass for success
            broken.append(f"{file}: byte {at}, bit {bit:#x}: {why}")
        for kept in vault.vault.glob("evidence-*"):
            shutil.rmtree(kept)


def main():
    share = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    seed = sys.argv[3] if len(sys.argv) > 3 else str(int(time.time()))
    rng = random.Random(seed)
    print(f"seed {seed}")
    broken, harmless = [], []
    with lab.scratch() as place:
        root = pathlib.Path(place)
        base = lab.Lab(sys.argv[1], root / "base")
        base.found()
        base.run(*base.open_args(), want=0)
        image = attacker.Image(base.vault)
        where, whole = places(image), contents(image.db)
        sizes = {f: (base.vault / f).stat().st_size for f in ("log.key", "vault.sqlite")}
        every = [(f, at) for f, size in sizes.items() for at in range(size)]
        if share == 1:
            queue = [(file, at, 1 << bit) for file, at in every for bit in range(8)]
        else:
            # The rows of the log are looked at more closely than free space.
            dense = [("vault.sqlite", at) for start, end, _ in where for at in range(start, end)]
            picked = rng.sample(every, len(every) // share) + rng.sample(dense, len(dense) // share)
            queue = [(file, at, 1 << rng.randrange(8)) for file, at in picked]
        total = len(queue)
        threads = [threading.Thread(target=work, args=(base, root, i, queue, where, whole, broken,
                                                       harmless)) for i in range(2)]
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
