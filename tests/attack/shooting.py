"""What the attacks share: vaults to shoot at, and what must come of a shot."""
import functools

from attacker import Image, fields, lab

Broken = lab.Broken
ATTACKS = []


def attack(function):
    ATTACKS.append(function)
    return function


class Range:
    """A vault of one operator under attack, its history, and fresh copies of each
    state; and one whose sessions three people cosign."""

    def __init__(self, quorate, root, cosigned=False):
        self.root, self.turn = root, 0
        root.mkdir()
        self.base = lab.Lab(quorate, root / "base", cosigned=cosigned)
        self.base.found()
        self.early = self.base.copy(root / "early")
        self.base.run(*self.base.open_args(), want=0)
        self.late = self.base.copy(root / "late")
        self.base.run(*self.base.prove_args(), want=0)

    @functools.cached_property
    def quorum(self):
        return Range(self.base.quorate, self.root / "quorum", cosigned=True)

    def copy(self):
        self.turn += 1
        return self.base.copy(self.root / f"copy-{self.turn}")

    def image(self):
        vault = self.copy()
        return vault, Image(vault.vault)


def refused(vault, *wanted, note=""):
    """No command opens the vault, and `log verify` reports faults."""
    evidence = vault.run("card", "list", want=5)
    if "evidence-" not in evidence.err or "receipt" not in evidence.err:
        raise Broken(f"{note}: evidence is not named: {evidence.err}")
    vault.run(*vault.prove_args(), want=5)
    done = vault.run("log", "verify", want=5)
    faults = done.json()["faults"]
    for fault in wanted:
        if not any(f["index"] == fault[0] and fault[1] in f["fault"] for f in faults):
            raise Broken(f"{note}: no fault {fault} in {faults}")
    return faults


def caught_by_receipt(vault, text, status=5, word="ROLLBACK"):
    """The log alone is without fault; `receipt check` and the next session tell."""
    vault.verify()
    paper = vault.root / "receipt.txt"
    paper.write_text(text + "\n")
    done = vault.run("receipt", "check", paper, want=status)
    result = done.json()["receipts"][0]["result"]
    if result not in (["refused"] if status == 4 else ["ROLLBACK"] if word == "ROLLBACK" else
                      ["ROLLBACK", "FORK"]):
        raise Broken(f"receipt check: {result}")
    vault.answers["receipts"] = [text]
    done = vault.run(*vault.prove_args(), want=status)
    if word not in done.err:
        raise Broken(f"the receipt is refused without {word}: {done.err}")


def index_of(image, event, which=-1):
    return [i for i, (_, b) in enumerate(image.entries) if fields(b)["event"] == event][which]


def note_of(word):
    """An entry that changes no view: an exception, with a word of the attacker's."""
    return "exception", ["step note", "expected nothing", f"happened {word}", "decided so"]
