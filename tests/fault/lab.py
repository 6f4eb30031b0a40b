"""What the fault and attack tests share: a practice vault on real files, its
command, and a reading of `log.key` and `vault.sqlite` that is not the tool's."""
import json
import os
import pathlib
import re
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile

ACCOUNT = "123456789012"
OPERATOR = "operator-1"
PASSPHRASE = "correct horse battery"
GROUPS = {"password": ["custodian-p1", "custodian-p2"], "mfa": ["custodian-m1", "custodian-m2"]}
POLICY = {
    "vault": "example.com/practice",
    "organization": "Example Org",
    "practice": True,
    "people": [{"id": OPERATOR, "name": "Operator One", "roles": ["operator"]}]
    + [{"id": i, "name": i.title(), "roles": ["custodian"]} for g in GROUPS.values() for i in g],
    "groups": {g: {"threshold": 2, "custodians": ids} for g, ids in GROUPS.items()},
    "accounts": [{"id": ACCOUNT, "name": "Management", "email": "root@example.com"}],
}
ANSWERS = {
    "operator": OPERATOR,
    "badges": {OPERATOR: PASSPHRASE},
    "accounts": {ACCOUNT: {"password": None, "totp": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"}},
}
# Who cosigns the close of a session beside the operator, where a lab has that.
COSIGNERS = {"custodian-p1": "four wet horses run", "custodian-m1": "nine old bells ring"}
SKIP = 77


def unlogged(sheets, entries):
    """Sheets that were delivered, and of which the log knows nothing: no card of
    that serial; of a wallet card or a sealed sheet, no key."""
    def known(sheet):
        kind, _, rest = sheet.stem.partition("-")
        if kind in ("card", "label"):
            wanted = "card-created", {"serial": str(int(rest))}
        else:
            wanted = "key-created", {}
        return any(e["event"] == wanted[0] and wanted[1].items() <= e["values"].items()
                   for e in entries)
    return [sheet.name for sheet in sheets if not known(sheet)]


class Broken(Exception):
    """A promise did not hold."""


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIP)


def need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            skip(f"no {program}")


def scratch():
    """A directory of its own, in memory where that is possible: kills need no disk."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    return tempfile.TemporaryDirectory(prefix="quorate-test-", dir=place)


class Done:
    """How a command ended, and what it handed out."""

    def __init__(self, status, out, err, secrets):
        self.status, self.out, self.err, self.secrets = status, out, err, secrets

    def json(self):
        return json.loads(self.out)


class Lab:
    """One practice vault in a directory, and the command that keeps it."""

    def __init__(self, quorate, root, cosigned=False):
        self.quorate = str(quorate)
        self.root = pathlib.Path(root)
        self.vault = self.root / "vault"
        self.sheets = self.root / "sheets"
        self.policy = self.root / "policy.json"
        self.answers = dict(ANSWERS)
        self.cards = []
        self.root.mkdir(exist_ok=True)
        self.policy.write_text(json.dumps({**POLICY, "cosignatures": 3} if cosigned else POLICY))
        if cosigned:
            self.answers.update(badges={**ANSWERS["badges"], **COSIGNERS},
                                present=list(COSIGNERS))

    def command(self, *args, wrap=(), env=None):
        """Starts the command; `finish` waits for it."""
        # The leak sanitizer cannot look into a process that strace holds.
        env = {"ASAN_OPTIONS": "detect_leaks=0", **(os.environ if env is None else env)}
        answers = self.root / "answers.json"
        answers.write_text(json.dumps(self.answers))
        files = [open(answers, "rb"), open(self.root / "secrets", "w+b"),
                 open(self.root / "out", "w+b"), open(self.root / "err", "w+b")]
        line = [*wrap, self.quorate, "--vault", str(self.vault), "--no-input", "--json",
                "--answers-fd", str(files[0].fileno()), "--secrets-fd", str(files[1].fileno()),
                *map(str, args)]
        process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=files[2],
                                   stderr=files[3], pass_fds=[f.fileno() for f in files[:2]],
                                   start_new_session=True, env=env)
        return process, files

    def finish(self, started, timeout_s=60):
        process, files = started
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait()
            raise Broken(f"{process.args} hangs")
        texts = []
        for file in files[1:]:
            file.seek(0)
            texts.append(file.read())
            file.close()
        files[0].close()
        return Done(process.returncode, texts[1].decode(), texts[2].decode(), texts[0].decode())

    def run(self, *args, want=None, **how):
        done = self.finish(self.command(*args, **how))
        wanted = want if isinstance(want, (tuple, list, type(None))) else (want,)
        if wanted is not None and done.status not in wanted:
            raise Broken(f"{' '.join(map(str, args))}: exit {done.status}, not {want}\n{done.err}")
        return done

    # The three commands under test.
    def found_args(self):
        return ["init", "--policy", self.policy, "--sheets", self.sheets]

    def open_args(self):
        return ["open", ACCOUNT, "--purpose", "close-account", "--show", "password,code",
                *self.cards]

    def prove_args(self):
        return ["card", "prove", self.cards[0]]

    def takeover_args(self):
        """Both quorums give the operator a badge of the same passphrase."""
        return ["log", "takeover", "--operator", OPERATOR, "--confirm", POLICY["vault"],
                *self.cards]

    def found(self):
        """Founds the vault, and reads its cards into text files."""
        need("pdftoppm", "zbarimg")
        done = self.run(*self.found_args(), want=0)
        self.cards = read_cards(self.sheets, self.root)
        return done

    def copy(self, root):
        """The same vault in another place."""
        other = Lab(self.quorate, root)
        other.answers = dict(self.answers)
        other.policy.write_text(self.policy.read_text())
        other.cards = self.cards
        shutil.copytree(self.vault, other.vault, symlinks=True)
        return other

    def entries(self):
        return self.run("log", "show", want=0).json()["entries"]

    def verify(self):
        """`log verify`, which must find nothing."""
        done = self.run("log", "verify")
        if done.status != 0 or done.json()["faults"]:
            raise Broken(f"log verify: exit {done.status}: {done.out}{done.err}")
        return done.json()


def read_cards(sheets, root):
    """The code of every card in a folder, each in a file."""
    cards = []
    for sheet in sorted(sheets.glob("card-*.pdf")):
        image = root / f"{sheets.name}-{sheet.stem}"
        subprocess.run(["pdftoppm", "-r", "150", "-gray", "-l", "1", "-png", "-singlefile", sheet,
                        image], check=True)
        code = subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", f"{image}.png"], check=True,
                              capture_output=True).stdout.decode().split()[0]
        text = image.with_suffix(".txt")
        text.write_text(code + "\n")
        cards.append(text)
    return cards


class LogKey:
    """The clear part of `log.key`, read from docs/formats/log-key.md."""

    def __init__(self, data):
        self.data, self.at = data, 0
        if self.take(16) != b"quorate/state/v1":
            raise ValueError("no log.key")
        self.vault_id = self.take(12)
        self.epochs, self.size = struct.unpack(">QQ", self.take(16))
        self.root = self.take(32)
        self.public_key = self.take(32)
        self.state, self.marks = self.take(2)
        self.note = self.blob()
        self.record = self.blob()
        self.wraps, self.quorums = {}, 0  # of quorums there are two while a re-key is pending
        for _ in range(self.take(1)[0]):
            person = self.take(self.take(1)[0]).decode()
            self.quorums += person == ""
            self.wraps[person] = self.take(80)
        self.clear = data[: self.at]
        self.nonce = self.take(24)
        self.sealed = data[self.at:]

    def take(self, n):
        if self.at + n > len(self.data):
            raise ValueError("log.key is cut short")
        self.at += n
        return self.data[self.at - n: self.at]

    def blob(self):
        return self.take(struct.unpack(">I", self.take(4))[0])


def record_checkpoint(record):
    """(epoch, checkpoint text) of a commit record."""
    epoch, length = struct.unpack(">QI", record[:12])
    return epoch, record[12: 12 + length]


def log_signature(note):
    """The bytes that the log's own key signed, and the signature."""
    text, _, lines = note.partition(b"\n\n")
    return text + b"\n", lines.split(b"\n")[0]


def checkpoints(folder):
    """epoch -> note of the database in a folder, its journal played on a copy,
    which lies elsewhere: nothing of it may sync the folder's own disk."""
    with scratch() as place:
        for name in ("vault.sqlite", "vault.sqlite-journal"):
            file = pathlib.Path(folder) / name
            if file.exists():
                shutil.copy(file, place)
        if not (pathlib.Path(place) / "vault.sqlite").exists():
            return {}
        db = sqlite3.connect(f"{place}/vault.sqlite")
        try:
            return dict(db.execute("SELECT epoch, note FROM log_checkpoint"))
        except sqlite3.Error:
            return {}
        finally:
            db.close()


def syscalls(lab, args, calls, of_vault=False, want=0):
    """(call, n) for every call of a kind that the whole command makes; or only
    for those on the vault's directory and what lies in it."""
    trace = lab.root / "trace"
    lab.run(*args, want=want, wrap=["strace", "-y", "-o", str(trace), "-e",
                                 "trace=" + ",".join(calls)])
    found, counts = [], {}
    for line in trace.read_text(errors="replace").splitlines():
        match = re.match(r"(\w+)\(", line)
        if match and match[1] in calls:
            counts[match[1]] = counts.get(match[1], 0) + 1
            if not of_vault or str(lab.vault) in line:
                found.append((match[1], counts[match[1]]))
    return found
