"""One vault that is interrupted again and again, and all that was ever seen of
it: what the kill tests and the power cuts hold it to."""
import json

import lab as lab_module
from lab import Broken, LogKey, unlogged

# The system calls at which a command is killed.
CALLS = ["write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "unlink",
         "unlinkat", "openat", "ftruncate", "mkdir", "mkdirat", "flock"]


def killing(call, n):
    """Runs a command that dies of its n-th call."""
    return ["strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
            f"inject={call}:signal=SIGKILL:when={n}"]


def died(done):
    return done.status in (-9, 137)


def args_of(lab, name):
    return {"found": lab.found_args, "open": lab.open_args, "prove": lab.prove_args,
            "takeover": lab.takeover_args}[name]()


class Trial:
    def __init__(self, lab):
        self.lab = lab
        self.notes = {}   # epoch -> note as last read from a database
        self.signed = {}  # epoch -> (text, signature)
        self.texts = {}   # epoch -> text that a record commits to

    def see(self, durable=True):
        """Collects every signature in the files as an interruption left them. Before
        a power cut a record counts for nothing yet: until log.key's new name is on
        the disk nothing is signed, and the next commit may be another."""
        vault = self.lab.vault
        for epoch, note in lab_module.checkpoints(vault).items():
            self.meet(self.signed, epoch, lab_module.log_signature(note), "signatures")
        for file in ("log.key", "log.key.new"):
            try:
                key = LogKey((vault / file).read_bytes())
            except (FileNotFoundError, ValueError):
                if file == "log.key" and (vault / file).exists():
                    raise Broken("log.key is half-written")
                continue
            if key.note:
                self.meet(self.signed, key.epochs - 1, lab_module.log_signature(key.note),
                          "signatures")
            if key.record and file == "log.key" and durable:
                epoch, text = lab_module.record_checkpoint(key.record)
                self.meet(self.texts, epoch, text, "commit records")
        for epoch, text in self.texts.items():
            if epoch in self.signed and self.signed[epoch][0] != text:
                raise Broken(f"epoch {epoch}: signed another text than its record's")

    def hand_out(self, done):
        """A checkpoint that was printed is signed, whatever the disk says later."""
        if not done.out or "checkpoint" not in json.loads(done.out):
            return
        note = json.loads(done.out)["checkpoint"].encode()
        text = lab_module.log_signature(note)
        if text not in self.signed.values():
            raise Broken("the checkpoint that was printed is not in the log")

    @staticmethod
    def meet(seen, epoch, value, what):
        if seen.setdefault(epoch, value) != value:
            raise Broken(f"epoch {epoch} has two {what}")

    def settle(self, founding=False):
        """The next command with a badge; then all is looked at. Behind a founding
        that was cut short the card is another vault's, or there is no vault yet."""
        done = self.lab.run(*self.lab.prove_args(), want=(1, 4) if founding else 0)
        if done.status == 1 and "its founding was not finished" not in done.err:
            raise Broken(f"the vault does not open: {done.err}")
        self.see()
        self.lab.verify()
        notes = lab_module.checkpoints(self.lab.vault)
        for epoch, note in self.notes.items():
            if notes.get(epoch) != note:
                raise Broken(f"the acknowledged epoch {epoch} is lost")
        self.notes = notes
        return done


def count(entries, event, **values):
    return sum(1 for e in entries if e["event"] == event
               and all(e["values"].get(k) == v for k, v in values.items()))


def check_handed_out(trial, name, done, before, entries):
    """What an interrupted command had shown must stand in the log."""
    def more(event, **values):
        return count(entries, event, **values) - count(before, event, **values)

    if name == "open" and done.secrets and (
            more("outcome", result="done") < 1 or more("secret-shown") < 2):
        raise Broken("secrets were handed out, and the log has no outcome")
    if name == "open" and done.status == 0 and more("secret-hidden") < 1:
        raise Broken("an opening that ended is not in the log")
    # The recovery proves a card once itself; a file that could not be read is a card refused.
    if name == "prove" and '"accepted"' in done.out and more("card-proved") < 2:
        raise Broken("a proof that was answered is not in the log")
    # Without a quorum it answers too: which cards were refused.
    if name == "takeover" and '"operators"' in done.out and more("log-taken-over") < 1:
        raise Broken("a take-over that was answered is not in the log")
    if name == "found":
        if done.secrets and count(entries, "key-created") != 1:
            raise Broken("generated secrets were handed out, and the log has no key-created")
        for sheet in unlogged(trial.lab.sheets.glob("*.pdf"), entries):
            raise Broken(f"{sheet} was delivered, and the log has none of it")
    trial.hand_out(done)
