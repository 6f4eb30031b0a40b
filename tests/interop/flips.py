"""Flips bits where a log lies, and asks the foreign verifier: in the rows of vault.sqlite
each must be placed in its epoch (a document's at the entry that names it), in an export it
must be named with its file, in a receipt it must be refused. With a command, `log verify` of
the export is asked too.

usage: flips.py [SHARE [SEED [QUORATE]]]
  SHARE   one bit in so many is flipped (default 400); 1: every bit
"""
import base64
import contextlib
import io
import json
import pathlib
import random
import subprocess
import sys
import time

import story

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples"))
import verify_log  # noqa: E402

missed = []


def miss(what, at, bit, why):
    missed.append(f"{what}: byte {at}, bit {bit}: {why}")


def picked(rng, share, length, least=0):
    """The bits of a file to be flipped: (byte, bit)."""
    count = min(8 * length, max(8 * length // share, least))
    return [divmod(n, 8) for n in rng.sample(range(8 * length), count)]


def with_flip(data, at, bit):
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1:]


def faults_of(path):
    report = verify_log.Report()
    found = verify_log.verify(path, report)
    return found, report.faults


def flip_database(rng, share, tale, folder):
    """Each row of the log's tables, where it lies whole in the file."""
    file = folder / "vault.sqlite"
    tale.write(file)
    clean, (entries, notes, _) = file.read_bytes(), tale.build()
    named = {text: epoch for epoch, body in entries for text in body.decode().split() if len(text) == 64}
    rows = [(epoch, body) for epoch, body in entries] + [(e, n) for e, (_, n) in notes.items()]
    rows += [(named[digest.hex()], body) for digest, (_, body) in tale.documents.items()]
    places = [(clean.find(body), len(body), epoch) for epoch, body in rows if clean.count(body) == 1]
    if len(places) < len(rows) * 2 // 3:
        raise SystemExit("most rows do not lie whole in the file: this test shows little")
    total = 0
    for start, length, epoch in places:
        for at, bit in picked(rng, share, length, 1):
            file.write_bytes(with_flip(clean, start + at, bit))
            _, faults = faults_of(file)
            total += 1
            if not any(e == epoch for _, e, _ in faults):
                miss("vault.sqlite", start + at, bit, f"nothing of epoch {epoch}: {faults}")
    file.unlink()
    return total


def ask_command(quorate, folder):
    done = subprocess.run([quorate, "--json", "log", "verify", folder], capture_output=True, text=True)
    return done.returncode, [json.dumps(f) for f in json.loads(done.stdout or '{"faults": []}')["faults"]]


def flip_export(rng, share, tale, folder, quorate):
    tale.write_export(folder)
    if faults_of(folder)[1] or (quorate and ask_command(quorate, folder)[0] != 0):
        raise SystemExit(f"the export that is to be spoiled has faults: {faults_of(folder)[1]}")
    total = 0
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name, clean = file.relative_to(folder).as_posix(), file.read_bytes()
        for at, bit in picked(rng, share, len(clean), 2):
            file.write_bytes(with_flip(clean, at, bit))
            total += 1
            _, faults = faults_of(folder)
            if not any(name in text for *_, text in faults):
                miss(name, at, bit, f"it is not named: {faults}")
            if quorate:
                status, said = ask_command(quorate, folder)
                if status != 5 or not any(name in text or '"index"' in text for text in said):
                    miss(name, at, bit, f"the command: exit {status}, {said}")
        file.write_bytes(clean)
    return total


def flip_receipt(rng, share, tale, folder):
    """Every one that is not the receipt itself is refused, or told as a fork or rollback."""
    file = folder / "vault.sqlite"
    tale.write(file)
    found, faults = faults_of(file)
    if faults:
        raise SystemExit(f"the log of the receipt has faults: {faults}")
    number = max(found.notes) - 1
    _, notes, _ = tale.build()
    clean = b"\1" + found.state.vault_id + number.to_bytes(8, "big") + notes[number][1]

    def judge(data):
        (folder / "receipt").write_text("QUORATE1:R:" + base64.b32encode(data).decode().rstrip("="))
        report = verify_log.Report()
        with contextlib.redirect_stdout(io.StringIO()) as said:
            verify_log.check_receipt(found, str(folder / "receipt"), {}, report)
        return report.faults, said.getvalue()

    if judge(clean)[0] or "older than the log" not in judge(clean)[1]:
        raise SystemExit("the receipt that is to be spoiled is not taken")
    bits = picked(rng, share, len(clean), 400)
    for at, bit in bits:
        faults, said = judge(with_flip(clean, at, bit))
        if not faults or said:
            miss("receipt", at, bit, f"taken: {said}")
    return len(bits)


def main():
    share = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    seed = sys.argv[2] if len(sys.argv) > 2 else str(int(time.time()))
    quorate = sys.argv[3] if len(sys.argv) > 3 else None
    print(f"seed {seed}")
    rng = random.Random(seed)
    tale = story.Story(practice=False, second=True).found()
    del tale.epochs[4:]  # up to the key and its cards: small, and every bit can be flipped
    for epoch in tale.epochs[1:]:
        epoch.cosigners = list(story.OPERATORS)
    used = {text for _, body in tale.build()[0] for text in body.decode().split() if len(text) == 64}
    tale.documents = {d: row for d, row in tale.documents.items() if d.hex() in used}
    with story.scratch() as place:
        folder = pathlib.Path(place)
        (folder / "export").mkdir()
        counts = [flip_database(rng, share, tale, folder),
                  flip_export(rng, share, tale, folder / "export", quorate),
                  flip_receipt(rng, share, tale, folder)]
    for why in missed[:20]:
        print(f"MISSED: {why[:600]}")
    print(f"{counts[0]} flips in a vault, {counts[1]} in an export, {counts[2]} in a receipt: "
          f"{len(missed)} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
