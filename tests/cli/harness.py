"""Drives the real `quorate` as a script would: answers go in on descriptor 3,
secrets come out on descriptor 4. Python's standard library only; what looks at
paper calls poppler and zbarimg.

Whatever a test asks for, each run is also held to what is true of all runs:
no secret and no raw control byte on standard output or standard error, and a
failure that says `quorate: error: WHAT: WHY`.
"""
import atexit
import base64
import fcntl
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "examples"))
WORDS = (ROOT / "src/split/slip39-wordlist.txt").read_text().split()
ACCOUNT = "123456789012"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSPHRASE = "seven small stones in a row"
SKIPPED = 77

passed, failed = 0, 0
started = time.monotonic()
binary = None
work = pathlib.Path(tempfile.mkdtemp(prefix="quorate-cli-"))
# The numbers that a new process has its descriptors at stay taken in this one:
# what Python itself opens to start it would be closed there.
taken = [os.open(os.devnull, os.O_RDONLY) for _ in range(2)]
atexit.register(shutil.rmtree, work, ignore_errors=True)


def start():
    """To be called first: the program's path is the first argument."""
    global binary
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} QUORATE")
    binary = str(pathlib.Path(sys.argv[1]).resolve())


def check(good, what, detail=""):
    global passed, failed
    if good:
        passed += 1
        print(f"ok      {what}", flush=True)
    else:
        failed += 1
        print(f"FAILED  {what}" + (f"\n        {detail}" if detail else ""), flush=True)
    return bool(good)


def same(got, wanted, what):
    return check(got == wanted, what, f"got {got!r}, not {wanted!r}")


def finish():
    print(f"{passed} passed, {failed} failed, {time.monotonic() - started:.0f} s")
    sys.exit(1 if failed or not passed else 0)


def need(*programs):
    """Skips the whole file, saying so, where a judge is not installed."""
    absent = [p for p in programs if not shutil.which(p)]
    if absent:
        print("skipped: not installed:", ", ".join(absent))
        sys.exit(SKIPPED)


def need_module(name):
    """Skips likewise without a Python module, after trying the system's Python."""
    try:
        return __import__(name)
    except ImportError:
        system = "/usr/bin/python3"
        if os.path.exists(system) and sys.executable != system:
            shutil.rmtree(work, ignore_errors=True)
            os.execv(system, [system, "-B"] + sys.argv)
        print("skipped: Python has no module", name)
        sys.exit(SKIPPED)


class Run:
    """What one call of the program did."""

    def __init__(self, args, rc, out, err, given):
        self.args, self.rc, self.out, self.err, self.given = args, rc, out, err, given

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def secret(self):
        return json.loads(self.given)

    @property
    def error(self):
        """The text behind `quorate: error: `, or an empty one."""
        found = [line for line in self.err.splitlines() if line.startswith("quorate: error: ")]
        return found[-1][len("quorate: error: "):] if found else ""

    def __str__(self):
        return f"exit {self.rc}, out {self.out[:300]!r}, err {self.err[-400:]!r}"


# What must never stand on standard output or standard error.
secrets_known = set()


def keep_secret(*values):
    secrets_known.update(v for v in values if v and len(v) >= 6)


def _raw_controls(data):
    text = data.decode("utf-8", "surrogateescape")
    return sorted({hex(ord(c)) for c in text if hostile(ord(c))} - {"0xa"})


def hostile(c):
    return (c < 0x20 or 0x7F <= c < 0xA0 or 0xDC80 <= c <= 0xDCFF or
            c in (0xAD, 0x061C, 0x180E, 0xFEFF, 0x2028, 0x2029) or
            0x200B <= c <= 0x200F or 0x202A <= c <= 0x202E or 0x2060 <= c <= 0x206F)


def _true_of_all_runs(run, out, err):
    where = " ".join(map(repr, run.args))[:200]
    for name, data in (("output", out), ("error", err)):
        controls = _raw_controls(data)
        if controls:
            check(False, f"no raw control byte on standard {name}", f"{controls} by {where}")
        for value in secrets_known:
            if value.encode() in data:
                check(False, f"no secret on standard {name}", f"by {where}")
    if run.rc != 0 and not re.fullmatch(r"\S[^\n]*?: \S[^\n]*", run.error):
        check(False, "a failure says `quorate: error: WHAT: WHY`", f"{run} by {where}")
    if run.rc == 0 and run.error:
        check(False, "an error is no success", f"{run} by {where}")


def quorate(*args, answers=None, release=False, vault=None, cwd=None, raw_answers=None,
            answers_fd=None, secrets_fd=None, stdin=None, timeout=300):
    """One call. `answers` is put on descriptor 3 as JSON, `raw_answers` as it
    stands; `release` opens a pipe as descriptor 4. A given *_fd is passed on
    instead, whatever it is."""
    argv = [binary]
    fds = {}
    if vault is not None:
        argv += ["--vault", str(vault)]
    if raw_answers is None and answers is not None:
        raw_answers = json.dumps(answers).encode()
    if raw_answers is not None:
        file = tempfile.TemporaryFile(dir=work)
        file.write(raw_answers)
        file.seek(0)
        fds[3] = file.fileno()
    elif answers_fd is not None:
        fds[3] = answers_fd
    reader = None
    if release:
        reader, writer = os.pipe()
        fds[4] = writer
    elif secrets_fd is not None:
        fds[4] = secrets_fd
    if 3 in fds:
        argv += ["--answers-fd", "3"]
    if 4 in fds:
        argv += ["--secrets-fd", "4"]
    argv += ["--no-input"] + [str(a) for a in args]
    done = subprocess.Popen(argv, cwd=cwd or work,
                            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            preexec_fn=placing(fds), pass_fds=(3, 4))
    if release:
        os.close(writer)
    given = b""
    if reader is not None:
        # Small enough for a pipe, or read while it runs.
        parts = []
        thread = threading.Thread(target=lambda: parts.append(_read_all(reader)))
        thread.start()
    try:
        out, err = done.communicate(stdin and stdin.encode(), timeout=timeout)
    except subprocess.TimeoutExpired:
        done.kill()
        done.communicate()
        raise
    if reader is not None:
        thread.join()
        given = parts[0]
    run = Run(args, done.returncode, out.decode("utf-8", "replace"),
              err.decode("utf-8", "replace"), given.decode("utf-8", "replace"))
    _true_of_all_runs(run, out, err)
    return run


def placing(fds):
    """What puts each descriptor at its number in the new process, and leaves
    no other behind."""
    def place():
        held = {number: fcntl.fcntl(fd, fcntl.F_DUPFD, 64) for number, fd in fds.items()}
        for number in (3, 4):
            if number in held:
                os.dup2(held[number], number)
            else:
                try:
                    os.close(number)
                except OSError:
                    pass
    return place


def _read_all(fd):
    with os.fdopen(fd, "rb") as file:
        return file.read()


def policy(password=(2, 3), mfa=(2, 3), practice=True, accounts=1, **more):
    """A policy for so many custodians (threshold, number) in each group."""
    ids = [[f"custodian-{letter}{i + 1}" for i in range(n)]
           for letter, (_, n) in (("p", password), ("m", mfa))]
    people = [{"id": "operator-1", "name": "Operator One", "roles": ["operator"]},
              {"id": "witness-1", "name": "Witness One", "roles": ["witness"]},
              {"id": "auditor-1", "name": "Auditor One", "roles": ["auditor"]}]
    people += [{"id": i, "name": i.replace("-", " ").title(), "roles": ["custodian"]}
               for group in ids for i in group]
    groups = {}
    for name, (threshold, _), members in zip(("password", "mfa"), (password, mfa), ids):
        groups[name] = {"threshold": threshold, "custodians": members}
        if threshold == 1:
            groups[name]["accept_single_holder"] = True
    result = {"vault": "example.com/practice", "organization": "Example Org",
              "practice": practice, "people": people, "groups": groups,
              "accounts": [{"id": str(int(ACCOUNT) + i), "name": f"Account {i}",
                            "email": f"root+{i}@example.com"} for i in range(accounts)]}
    if not practice:
        # A test's machine need not be fit for a ceremony.
        result["machine_exceptions"] = EXCEPTIONS
    result.update(more)
    return result


EXCEPTIONS = ["swap", "core-pattern", "mlock", "network-interface", "rng", "spool", "clock",
              "debugger", "landlock"]


def answers(**more):
    result = {"operator": "operator-1", "badges": {"operator-1": PASSPHRASE}}
    keep_secret(PASSPHRASE)
    result.update(more)
    return result


def found_answers(accounts=1, **more):
    keep_secret(SEED)
    return answers(accounts={str(int(ACCOUNT) + i): {"password": None, "totp": SEED}
                             for i in range(accounts)}, **more)


class Clock:
    """The machine's clock, set by a library that is loaded before the program."""

    def __init__(self, says):
        library = subprocess.run(["sh", "-c", "ls /usr/lib/*/faketime/libfaketime.so.1"],
                                 capture_output=True, text=True).stdout.split()
        check(library, "libfaketime is installed")
        # A sanitizer wants to be the first library.
        self.set = {"LD_PRELOAD": library[0], "FAKETIME": says,
                    "ASAN_OPTIONS": "verify_asan_link_order=0"}

    def __enter__(self):
        self.before = dict(os.environ)
        os.environ.update(self.set)

    def __exit__(self, *_):
        os.environ.clear()
        os.environ.update(self.before)


class Vault:
    """A vault founded in a folder of its own."""
    number = 0

    def __init__(self, rules=None, given=None, expect=0):
        Vault.number += 1
        self.folder = work / f"vault-{Vault.number}"
        self.folder.mkdir()
        self.path = self.folder / "v"
        self.rules = rules or policy()
        (self.folder / "policy.json").write_text(json.dumps(self.rules))
        self.given = given or found_answers(len(self.rules["accounts"]))
        self.founding = quorate("--json", "init", "--policy", self.folder / "policy.json",
                                "--sheets", self.folder / "sheets", vault=self.path,
                                answers=self.given, release=True)
        if self.founding.rc != expect:
            check(False, f"a founding ends with exit {expect}", str(self.founding))
            raise SystemExit(finish())
        self.generated = {}
        self.cards = []
        if self.founding.rc == 0:
            self.result = self.founding.json
            if self.founding.given:
                self.generated = self.founding.secret
                keep_secret(*self.generated["badges"].values())
                keep_secret(*(a["password"] for a in self.generated["accounts"].values()))
            self.cards = [Card(self, row) for row in self.result["cards"]]

    def run(self, *args, given=None, release=False, **more):
        return quorate(*args, vault=self.path, answers=given, release=release, **more)

    def act(self, *args, **more):
        """A run with the operator's badge."""
        return self.run("--json", *args, given=answers(), **more)

    def check(self, *files):
        return self.run("--json", "card", "check", *files)

    def open(self, *files, show="password,code", purpose="close-account", account=ACCOUNT,
             given=None, more=()):
        return self.run("--json", "open", account, "--purpose", purpose, "--show", show, *more,
                        *files, given=given or answers(), release=True)

    def log(self):
        return self.run("--json", "log", "show").json["entries"]

    def events(self, name):
        return [e for e in self.log() if e["event"] == name]

    def group(self, name):
        return [c for c in self.cards if c.group == name]

    @property
    def password(self):
        return self.generated["accounts"][ACCOUNT]["password"]


class Card:
    """A delivered card; its words come off the PDF, its code off the raster."""

    def __init__(self, vault, row):
        self.vault, self.serial, self.group = vault, row["serial"], row["group"]
        self.custodian, self.index = row["custodian"], row["member_index"]
        self.pdf, self.label_pdf = row["card"], row["label"]
        self._rows = self._code = None

    @property
    def rows(self):
        """Eleven rows of four words."""
        if self._rows is None:
            text = subprocess.run(["pdftotext", "-f", "1", "-l", "1", "-layout", self.pdf, "-"],
                                  check=True, capture_output=True, text=True).stdout
            found = re.findall(r"^\s*([A-K])\s+\d+\s+(\w+)\s+\d+\s+(\w+)\s+\d+\s+(\w+)\s+(\w+)\s*$",
                               text, re.M)
            assert [row[0] for row in found] == list("ABCDEFGHIJK"), text
            self._rows = [list(row[1:]) for row in found]
            keep_secret(" ".join(self._rows[3]), " ".join(self._rows[5][:3]))
        return self._rows

    @property
    def words(self):
        return [word for row in self.rows for word in row[:3]]

    @property
    def code(self):
        if self._code is None:
            png = self.png(self.vault.folder / f"code-{self.serial}")
            out = subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", str(png)], check=True,
                                 capture_output=True, text=True).stdout.split()
            assert len(set(out)) == 1 and out[0].startswith("QUORATE1:S:"), out
            self._code = out[0]
            keep_secret(self._code, self._code[60:120])
        return self._code

    @property
    def payload(self):
        return unbase32(self.code)

    def png(self, stem, dpi=150):
        subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", "-f", "1", "-l", "1", "-singlefile",
                        "-png", self.pdf, str(stem)], check=True)
        return pathlib.Path(f"{stem}.png")

    def text(self):
        """A file with the 33 words."""
        return self.vault.write(f"words-{self.serial}.txt", " ".join(self.words))


def _write(self, name, content):
    path = self.folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


Vault.write = _write


def unbase32(code):
    body = code.split(":")[2]
    return base64.b32decode(body + "=" * (-len(body) % 8))


def to_code(letter, payload):
    return f"QUORATE1:{letter}:" + base64.b32encode(payload).decode().rstrip("=")


def recover(*files, given=None):
    """What examples/recover.py makes of these files: (status, {(account, kind): lines}, errors).
    It needs the Python that has PyNaCl; see need_module."""
    done = subprocess.run([sys.executable, "-B", str(ROOT / "examples/recover.py"),
                           *map(str, files)], input=given, capture_output=True, text=True)
    found = re.findall(r"^account (\S+), (\w+) \(item \d+\):\n((?:  .*\n)+)", done.stdout, re.M)
    said = {(account, kind): [line[2:] for line in text.splitlines()]
            for account, kind, text in found}
    if sum(len(lines) + 1 for lines in said.values()) != len(done.stdout.splitlines()):
        check(False, "recover.py prints items and nothing else", done.stdout[:60])
    return done.returncode, said, done.stderr


def foreign_verdict(vault):
    """What examples/verify_log.py, which is not our code, says of a vault's log: its faults; or
    None, and so said, where there is no PyNaCl for it."""
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", "import nacl"], capture_output=True).returncode == 0:
            done = subprocess.run([python, "-B", ROOT / "examples/verify_log.py",
                                   vault.path / "vault.sqlite"], capture_output=True, text=True)
            assert done.returncode in (0, 1), done.stderr
            return [line for line in done.stdout.splitlines() if line.startswith("fault")]
    print("skipped: Python has no module nacl: no foreign verifier")
    return None


def verdicts(run):
    """What was said of each card: accepted, damaged, or the reason."""
    return [row.get("reason", row["result"]) for row in run.json["cards"]]
