"""Judges exports and proofs by programs that share no code with the command:
examples/verify_log.py, the Go program (if given), sha256sum and OpenSSL. A vault that was
founded and opened, and one of 1,000 entries; then every kind of proof.

usage: exports.py QUORATE [GO_VERIFIER]
"""
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "attack"), str(HERE.parents[1] / "examples")]
import attacker  # noqa: E402
import attacks  # noqa: E402
from attacker import Image, lab, receipt  # noqa: E402
from attacks import Broken  # noqa: E402

PYTHON = [sys.executable, str(HERE.parents[1] / "examples" / "verify_log.py")]


def ask(line, want, *words):
    done = subprocess.run([str(part) for part in line], capture_output=True, text=True)
    if done.returncode != want or not all(word in done.stdout for word in words):
        raise Broken(f"{' '.join(map(str, line))}: exit {done.returncode}, not {want}, or without "
                     f"{words}:\n{done.stdout}{done.stderr}")
    return done.stdout


class Judges:
    def __init__(self, go):
        self.go = go

    def of_export(self, folder, people, entries):
        ask([*PYTHON, folder, "--people", people], 0, f"{entries} entries", "vouched for by", "no faults")
        if self.go:
            ask([self.go, folder, people], 0, f"{entries} entries", "vouched for by", "no faults")
        # Who has nobody's key has not had the log vouched for, and must not be told "no faults".
        nobody = people.with_name("nobody")
        nobody.write_text("\n")
        ask([*PYTHON, folder, "--people", nobody], 2)
        if self.go:
            ask([self.go, folder, nobody], 2)
        sums = subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=folder)
        if sums.returncode != 0:
            raise Broken("sha256sum finds the export changed")

    def of_proof(self, proof, people, want=0, *more):
        word = "vouched for by" if want == 0 else "fault"
        ask([*PYTHON, "--proof", proof, "--people", people, *more], want, word)
        if self.go and not more:
            ask([self.go, "-proof", proof, people], want, word)


def openssl(folder):
    """Each signature of the last checkpoint; how many."""
    stems = sorted(file.with_suffix("") for file in (folder / "openssl").glob("*.pem"))
    for stem in stems:
        ask(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", f"{stem}.pem", "-rawin", "-in",
             f"{stem}.message", "-sigfile", f"{stem}.signature"], 0, "Verified Successfully")
    return len(stems)


def check_proofs(vault, judges, people, root):
    entries = vault.entries()
    image = Image(vault.vault)
    proof, other = root / "proof", root / "other"
    for index in (0, 1, len(entries) // 2, len(entries) - 1):
        vault.run("log", "prove", index, "--out", proof, want=0)
        judges.of_proof(proof, people)
        (root / "entry").write_bytes(image.entries[index][1])
        judges.of_proof(proof, people, 0, "--entry", root / "entry")
        (root / "entry").write_bytes(image.entries[index - 1][1])
        judges.of_proof(proof, people, 1, "--entry", root / "entry")
        text = proof.read_text()
        proof.write_text(text.replace(f"index {index}\n", f"index {index ^ 1}\n"))
        judges.of_proof(proof, people, 1)
        proof.unlink()
    for epoch in sorted(image.notes):
        card = root / "receipt"
        card.write_text(receipt(image, epoch) + "\n")
        vault.run("log", "prove", "--since", card, "--out", other, want=0)
        judges.of_proof(other, people)
        judges.of_proof(other, people, 0, "--receipt", card)
        lines = other.read_text().splitlines(keepends=True)
        if epoch < max(image.notes):
            card.write_text(receipt(image, epoch + 1) + "\n")
            judges.of_proof(other, people, 1, "--receipt", card)
            other.write_text("".join([*lines[:2], *lines[3:]]))
            judges.of_proof(other, people, 1)
        other.unlink()
    print(f"{4 + len(image.notes)} proofs, and as many spoiled ones")


def grow(vault, size):
    """Commits that whoever holds the badge may make, until there are so many entries."""
    image = Image(vault.vault)
    while len(image.entries) < size:
        image.append([attacks.note_of(f"number {n}") for n in range(3)])
    image.write()
    vault.verify()
    return image


def continued(base, judges, people, root):
    """A take-over, then a successor whose predecessor lies in its export; then another in its place."""
    vault, who = base.copy(root / "old"), "custodian-m1"
    vault.answers.update(operator=who, badges={who: "five green bottles on a wall"})
    sure = ("--confirm", "example.com/practice")
    vault.run("log", "takeover", "--operator", who, *sure, *vault.cards, want=0)
    (vault.vault / "log.key").unlink()
    old, vault.vault = vault.vault, root / "new"
    vault.run("log", "continue", "--from", old, "--cause", "log.key is gone", *sure, *vault.cards, want=0)
    vault.run(*vault.prove_args(), want=0)
    ask([*PYTHON, vault.vault / "vault.sqlite"], 0, "/2", "no faults")
    folder = root / "export-2"
    vault.run("log", "export", folder, want=0)
    for judge in (PYTHON, [judges.go] if judges.go else PYTHON):
        ask([*judge, folder], 0, "/2", "no faults")
        (folder / "predecessor").rename(root / "aside")
        shutil.copytree(root / "export-0", folder / "predecessor")
        ask([*judge, folder], 1, "fault: entry 0")
        shutil.rmtree(folder / "predecessor")
        (root / "aside").rename(folder / "predecessor")
    with open(vault.vault / "predecessor" / "vault.sqlite", "r+b") as file:
        file.seek(-1, 2)
        file.write(b"x")
    ask([*PYTHON, vault.vault / "vault.sqlite"], 1, "not the file that the genesis names")
    print("a successor and its predecessor: no fault; another in its place: told")


def main():
    judges = Judges(sys.argv[2] if len(sys.argv) > 2 else None)
    with lab.scratch() as place:
        root = pathlib.Path(place)
        base = lab.Lab(sys.argv[1], root / "base")
        base.found()
        base.run(*base.open_args(), want=0)
        people = root / "people"
        people.write_text("".join(
            f"{line.split()[-1]}\n" for line in Image(base.vault).entries[0][1].decode().splitlines()
            if line.startswith("person ")))
        check_proofs(base, judges, people, root)
        for size in (0, 1000):
            image = grow(base, size)
            folder = root / f"export-{size}"
            base.run("log", "export", folder, "--openssl", want=0)
            judges.of_export(folder, people, len(image.entries))
            if openssl(folder) != 2:
                raise Broken("not every signature of the last checkpoint was there for OpenSSL")
            ask([*PYTHON, base.vault / "vault.sqlite", "--people", people], 0, "no faults")
            print(f"an export of {len(image.entries)} entries: no fault by any")
        continued(base, judges, people, root)
        # Somebody else's keys vouch for nothing, and a log that goes on is not the older one.
        (root / "strangers").write_text(attacker.vkey(
            f"{image.origin}/operator-1", 4, bytes.fromhex("d7" * 32)) + "\n")
        ask([*PYTHON, folder, "--people", root / "strangers"], 1, "no checkpoint has 1 cosignatures")
        if judges.go:
            ask([judges.go, folder, root / "strangers"], 1, "no checkpoint has 1 cosignatures")
        (root / "newest").write_text(receipt(image))
        ask([*PYTHON, root / "export-0", "--receipt", root / "newest"], 1, "ROLLBACK")
        ask([*PYTHON, folder, "--receipt", root / "newest"], 0, "same as the log")
    return 0


if __name__ == "__main__":
    sys.exit(main())
