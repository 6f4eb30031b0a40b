"""Attacks on an export, which an auditor verifies without the vault: whoever
hands it over can write whatever they like, sums included."""
import hashlib
import json
import shutil
import subprocess

import attacker
from attacker import COSIGN
from shooting import Broken, attack


class Bundle:
    """An export in the attacker's hands."""

    def __init__(self, vault):
        self.quorate, self.root = vault.quorate, vault.root / "export"
        vault.run("log", "export", self.root, want=0)

    def write(self, name, data):
        (self.root / name).write_bytes(data)
        files = sorted(str(f.relative_to(self.root)) for f in self.root.rglob("*")
                       if f.is_file() and f.name != "SHA256SUMS")
        (self.root / "SHA256SUMS").write_text("".join(
            f"{hashlib.sha256((self.root / f).read_bytes()).hexdigest()}  {f}\n" for f in files))

    def last(self):
        epochs = [int(f.name) for f in (self.root / "chain").iterdir()]
        return f"chain/{max(epochs)}"

    def verify(self, people=None):
        """(exit code, faults, what people are told)"""
        line = [self.quorate, "log", "verify", str(self.root)]
        line += ["--people", str(people)] if people else []
        json_line = [line[0], "--json", *line[1:]]
        done = subprocess.run(json_line, capture_output=True, text=True, timeout=60)
        told = subprocess.run(line, capture_output=True, text=True, timeout=60).stdout
        return done.returncode, json.loads(done.stdout)["faults"], told


def found(bundle, where, word, people=None):
    status, faults, _ = bundle.verify(people)
    if status != 5 or not any(f.get("file", "") == where and word in f["fault"] or
                              where == "" and word in f["fault"] for f in faults):
        raise Broken(f"exit {status}: no fault {word!r} of {where!r} in {faults}")


@attack
def control_an_honest_export_is_taken(range_):
    vault, _ = range_.quorum.image()
    bundle = Bundle(vault)
    people = vault.root / "people"
    shutil.copy(bundle.root / "people.vkeys", people)
    bundle.write("SHA256SUMS", b"")  # the sums as this file makes them
    status, faults, told = bundle.verify(people)
    if status != 0 or faults or "only the log vouches for itself" in told:
        raise Broken(f"exit {status}: {faults} {told}")


@attack
def a9_put_own_keys_of_people_into_the_bundle(range_):
    vault, image = range_.quorum.image()
    bundle = Bundle(vault)
    lines = (bundle.root / "people.vkeys").read_text().splitlines()
    public, _ = attacker.sign(b"", bytes(32))
    lines[0] = attacker.vkey(lines[0].split("+")[0], COSIGN, public)
    bundle.write("people.vkeys", ("\n".join(lines) + "\n").encode())
    found(bundle, "people.vkeys", "")


@attack
def a9_hand_over_a_log_made_anew(range_):
    """Without fault in itself, and it says that only it vouches for itself; the
    people's keys from paper tell."""
    vault, image = range_.image()
    people = vault.root / "people"
    people.write_bytes((Bundle(vault).root / "people.vkeys").read_bytes())
    shutil.rmtree(vault.root / "export")
    image.make_anew()
    image.write()
    bundle = Bundle(vault)
    status, faults, told = bundle.verify()
    if status != 0 or faults or "only the log vouches for itself" not in told:
        raise Broken(f"exit {status}: {faults} {told}")
    found(bundle, "", "0 cosigned the last checkpoint", people)


@attack
def a9_put_another_logs_checkpoint_into_the_bundle(range_):
    vault, _ = range_.quorum.image()
    bundle = Bundle(vault)
    other = range_.image()[1]
    note = other.notes[max(other.notes)][1]
    bundle.write(bundle.last(), note)
    bundle.write("checkpoint", note)
    if bundle.verify()[0] != 5:
        raise Broken("another log's checkpoint is taken")


@attack
def a9_strip_cosignatures_in_the_bundle(range_):
    vault, _ = range_.quorum.image()
    bundle = Bundle(vault)
    note = (bundle.root / "checkpoint").read_bytes()
    lines = note.splitlines(keepends=True)
    for name in (bundle.last(), "checkpoint"):
        bundle.write(name, b"".join(lines[:-1]))
    found(bundle, "", "lacks the cosignature of custodian-")


@attack
def a3_hand_over_an_older_export(range_):
    """Nothing in it tells, and it says so; a receipt is of a larger size."""
    newest = range_.image()[1]
    status, faults, told = Bundle(range_.early.copy(range_.root / "early-export")).verify()
    if status != 0 or faults or "compare a receipt" not in told:
        raise Broken(f"exit {status}: {faults} {told}")
    if int(told.split(" entries")[0].split()[-1]) >= len(newest.entries):
        raise Broken("it is no older one: this test proves nothing")
