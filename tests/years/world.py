"""A practice vault on the disk, the command that keeps it at a time of ours, and a reading of
its paper and its log that is not the tool's."""
import base64
import hashlib
import hmac
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import sqlite3
import struct
import subprocess
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
VAULT = "example.com/years"
WORDS = set((ROOT / "src/split/slip39-wordlist.txt").read_text().split())


class Broken(Exception):
    """A promise did not hold."""


def must(good, what):
    if not good:
        raise Broken(what)


class Run:
    """How a command ended. `cut` says that what befell it ended it."""

    def __init__(self, args, rc, out, err, given, *, cut):
        self.args, self.rc, self.out, self.err = args, rc, out, err
        self.given, self.cut = given, cut

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def secret(self):
        return json.loads(self.given)

    def __str__(self):
        words = " ".join(str(a) for a in self.args)
        return f"{words[:160]}: exit {self.rc}, out {self.out[:600]!r}, err {self.err[-600:]!r}"


class World:
    def __init__(self, quorate, befall, root):
        self.quorate, self.befall = str(quorate), str(befall)
        self.root = pathlib.Path(root)
        self.path = self.root / "vault"
        self.shift_s = 0
        self.runs = 0

    def now(self):
        return int(time.time()) + self.shift_s

    def run(self, *args, answers=None, vault=None, die_at=0, full=False, want=None):
        """One call. It dies of the call of that number which changes a file; or `full`: no file
        may grow beyond what the database is now, as on a full disk. `want` is the exit status
        that it must have if nothing befell it. Of no vault, where `vault` is False."""
        vault = self.path if vault is None else vault
        self.runs += 1
        files = [tempfile.TemporaryFile(dir=self.root) for _ in range(4)]
        files[0].write(json.dumps(answers or {}).encode())
        files[0].seek(0)
        argv = [self.quorate, *(["--vault", str(vault)] if vault else []), "--no-input", "--quiet", "--json",
                "--answers-fd", str(files[0].fileno()), "--secrets-fd", str(files[3].fileno()),
                *map(str, args)]
        limit = (vault / "vault.sqlite").stat().st_size if full else None
        env = {**os.environ, "LD_PRELOAD": self.befall, "QUORATE_TEST_SHIFT_S": str(self.shift_s),
               "QUORATE_TEST_DIE_AT": str(die_at)}
        rc = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=files[1], stderr=files[2],
                            pass_fds=[files[0].fileno(), files[3].fileno()], env=env, timeout=120,
                            preexec_fn=limit and (lambda: full_disk(limit))).returncode
        texts = []
        for file in files[1:]:
            file.seek(0)
            texts.append(file.read().decode("utf-8", "replace"))
        for file in files:
            file.close()
        run = Run(args, rc, *texts, cut=rc != 0 and (full or die_at > 0))
        wanted = want if isinstance(want, tuple) else (want,)
        must(run.cut or rc in wanted or (want is None and rc >= 0), f"wanted exit {want}: {run}")
        return run

    def copy(self, name):
        """The vault as it stands, elsewhere."""
        place = self.root / name
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.path, place, ignore=shutil.ignore_patterns("evidence*"))
        return place

    def size(self):
        with sqlite3.connect(f"file:{self.path}/vault.sqlite?mode=ro", uri=True) as db:
            size = db.execute("SELECT count(*) FROM log_entry").fetchone()[0]
        db.close()
        return size

    def entries(self, start=0):
        """What the log has from an index on."""
        db = sqlite3.connect(f"file:{self.path}/vault.sqlite?mode=ro", uri=True)
        rows = db.execute("SELECT body FROM log_entry WHERE idx >= ? ORDER BY idx", (start,)).fetchall()
        db.close()
        return [Entry(bytes(body).decode("ascii")) for body, in rows]


def full_disk(limit):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


class Entry:
    def __init__(self, text):
        self.values = {}
        for line in text.splitlines()[1:]:
            key, _, value = line.partition(" ")
            self.values.setdefault(key, []).append(urllib.parse.unquote(value))
        self.event = self["event"]
        self.index = int(self["index"])

    def __getitem__(self, key):
        return self.values[key][0]

    def get(self, key):
        return self.values.get(key, [None])[0]

    def all(self, key):
        return self.values.get(key, [])

    def __repr__(self):
        return f"{self.index} {self.event} {self.values}"


def words_of(sheet):
    """The 33 words of a card, off its sheet; the check words are left out."""
    data = sheet.read_bytes()
    if data.startswith(b"%PDF"):
        text = subprocess.run(["pdftotext", "-f", "1", "-l", "1", "-layout", str(sheet), "-"],
                              check=True, capture_output=True, text=True).stdout
        rows = re.findall(r"^\s*[A-K]\s+\d+\s+(\w+)\s+\d+\s+(\w+)\s+\d+\s+(\w+)\s+(\w+)\s*$", text,
                          re.M)
        found = [word for row in rows for word in row[:3]]
    else:
        # Not drawn: each text behind its place, size and length, a number and then its word.
        found = [word.decode() for word in re.findall(
            rb"T.{11}\0[\1\2]\d{1,2}T.{11}\0[\3-\x09]([a-z]{3,8})", data, re.S)]
    must(len(found) == 33 and set(found) <= WORDS, f"{sheet} has no card's 33 words")
    return " ".join(found)


def totp(seed, at_s):
    """RFC 6238 with SHA-1, 6 digits, 30 s."""
    key = base64.b32decode(seed)
    mac = hmac.new(key, struct.pack(">Q", at_s // 30), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"
