"""Attacks on the cosignatures that people gave after a close."""
import json
import sqlite3
import subprocess
import sys

import attacker
from attacker import Image, lab
from shooting import Broken, attack

VERIFY_LOG = lab.pathlib.Path(__file__).resolve().parents[2] / "examples/verify_log.py"


@attack
def a9_change_a_later_cosignature(range_):
    """Each column of its row, each byte of the signature; rows that nothing wrote, and none."""
    base = lab.Lab(range_.base.quorate, range_.root / "later")
    base.policy.write_text(json.dumps({**lab.POLICY, "cosignatures": 2}))
    base.answers["badges"] = {lab.OPERATOR: lab.PASSPHRASE, "custodian-p1": "eleven slow trains",
                              "custodian-m1": "seven small stones"}
    base.found()
    both = base.answers["badges"]
    for person in ("custodian-p1", "custodian-m1"):
        base.answers["badges"] = {lab.OPERATOR: lab.PASSPHRASE}
        base.run(*base.prove_args(), want=0)
        base.answers["badges"] = both
        base.run("log", "cosign", "--person", person, want=0)
    base.verify()
    image = Image(base.vault)
    db = sqlite3.connect(image.db)
    rows = db.execute("SELECT epoch, person, signature FROM log_cosignature ORDER BY 1").fetchall()
    db.close()
    clean = image.db.read_bytes()
    attempts = 0
    for epoch, person, signature in rows:
        signature = bytes(signature)
        where = (epoch, person)
        other = rows[1 - rows.index((epoch, person, signature))]
        changes = [("epoch", epoch - 1), ("epoch", epoch + 1), ("epoch", -1),
                   ("person", "custodian-p2"), ("person", lab.OPERATOR), ("person", "nobody"),
                   ("person", person + "\0"), ("person", person[:-1]), ("person", ""),
                   ("signature", signature[:-1]), ("signature", signature + b"\0"),
                   ("signature", b""), ("signature", bytes(other[2]))]
        for at in range(len(signature)):
            flipped = bytearray(signature)
            flipped[at] ^= 1 << at % 8
            changes.append(("signature", bytes(flipped)))
        acts = [(f"UPDATE log_cosignature SET {column} = ? WHERE epoch = ? AND person = ?",
                 (value, *where)) for column, value in changes]
        acts += [("INSERT INTO log_cosignature VALUES (?, ?, ?)", (epoch, lab.OPERATOR, signature)),
                 ("INSERT INTO log_cosignature VALUES (?, ?, ?)", (epoch, "nobody", signature)),
                 ("INSERT INTO log_cosignature VALUES (?, ?, ?)", (epoch + 9, person, signature))]
        if rows.index((epoch, person, signature)) == 1:
            acts.append(("UPDATE log_cosignature SET epoch = ? WHERE epoch = ? AND person = ?",
                         (other[0], *where)))
        for sql, values in acts:
            image.db.write_bytes(clean)
            attacker.change_rows(image.db, lambda db: db.execute(sql, values))
            done = base.run("log", "verify")
            if done.status != 5 or not done.json()["faults"]:
                raise Broken(f"{sql} {values}: exit {done.status}: {done.out}")
            attempts += 1
    image.db.write_bytes(clean)
    base.verify()
    foreign = subprocess.run([sys.executable, "-B", VERIFY_LOG, image.db], capture_output=True)
    if foreign.returncode != 0:
        raise Broken(f"verify_log.py refuses what is good: {foreign}")
    if attempts < 170:
        raise Broken(f"only {attempts} changes were tried")
