"""The model's states as real files: every commit that it names is made once by
the code, under strace, and what lay on the disk in between is kept."""
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "fault"))
import lab  # noqa: E402

PAGE = 4096
HEADER = 512  # of a journal
FILES = {"log.key": "key", "log.key.new": "tmp", "vault.sqlite": "db",
         "vault.sqlite-journal": "jnl"}
NAMES = {short: name for name, short in FILES.items()}
CALLS = ["openat", "open", "write", "pwrite64", "fsync", "fdatasync", "rename", "renameat",
         "renameat2", "unlink", "unlinkat", "ftruncate"]


class Step:
    """One system call on a file of the vault."""

    def __init__(self, what, file, at=0, data=b""):
        self.what, self.file, self.at, self.data = what, file, at, data


class Driver:
    """The real code, one command a run."""

    def __init__(self, program, renames=False):
        self.program = str(program)
        # A file system that cannot exchange two files.
        self.inject = ["-e", "inject=renameat2:error=EINVAL"] if renames else []

    def run(self, command, place, data=False):
        """(exit code, what it printed, the steps that it took)"""
        vault = pathlib.Path(place)
        there = {short for name, short in FILES.items() if (vault / name).exists()}
        trace = vault.parent / "trace"
        done = subprocess.run(
            ["strace", "-qq", "-y", "-xx", "-s", "1000000" if data else "0", "-o", trace, "-e",
             "trace=" + ",".join(CALLS), *self.inject, self.program, command, str(vault)],
            capture_output=True, timeout=60)
        return done.returncode, done.stdout.decode(), steps(trace.read_text(), str(vault), there)


def plain(text):
    return re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), text)


def steps(trace, vault, there):
    found = []
    for line in trace.splitlines():
        match = re.match(r"(\w+)\((.*)\) += (-?\d+)", line)
        if not match or int(match[3]) < 0:
            continue
        call, args = match[1], match[2]
        quoted = [plain(q) for q in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', args)]
        on = re.match(r"\d+<([^>]*)>(\(deleted\))?", args)
        path = plain(on[1]) if on else ""
        if call in ("openat", "open"):
            name = FILES.get(quoted[0].rpartition("/")[2])
            # Below the vault itself, and not below its evidence or another folder.
            here = path == vault or quoted[0] == f"{vault}/{NAMES.get(name)}"
            if here and "O_CREAT" in args and name not in there:
                there.add(name)
                found.append(Step("create", name))
        elif call in ("rename", "renameat", "renameat2") and path == vault:
            exchanges = "RENAME_EXCHANGE" in args
            there.add("key")
            if not exchanges:
                there.discard("tmp")
            found.append(Step("exchange" if exchanges else "rename", "tmp"))
        elif call in ("unlink", "unlinkat"):
            name = FILES.get(quoted[0].rpartition("/")[2])
            if name and (path == vault or quoted[0] == f"{vault}/{NAMES[name]}"):
                there.discard(name)
                found.append(Step("unlink", name))
        elif call in ("fsync", "fdatasync"):
            if path == vault:
                found.append(Step("sync", "dir"))
            elif path.rpartition("/")[0] == vault and path.rpartition("/")[2] in FILES:
                name = FILES[path.rpartition("/")[2]]
                found.append(Step("sync", "old" if on[2] else name))
        elif call in ("write", "pwrite64", "ftruncate") and path.rpartition("/")[0] == vault:
            name = FILES.get(path.rpartition("/")[2])
            at = re.search(r", (\d+)$", args)
            data = quoted[0].encode("latin-1") if quoted else b""
            found.append(Step("write", "old" if on[2] else name,
                              int(at[1]) if call == "pwrite64" else 0, data))
    return found


def told(found):
    """The steps as the model tells them: writes of one file in a row are one."""
    out = []
    for step in found:
        word = f"{step.what}:{step.file}"
        if step.what != "write" or not out or out[-1] != word:
            out.append(word)
    return ",".join(out)


def history(vault):
    """The checkpoints of a database, and all that cosigned them later."""
    notes = lab.checkpoints(vault)
    db = sqlite3.connect(f"file:{vault}/vault.sqlite?mode=ro", uri=True)
    later = set(db.execute("SELECT * FROM log_cosignature")) if notes else set()
    db.close()
    return [notes[epoch] for epoch in sorted(notes)], later


class Commit:
    """All that the disk ever held of one commit."""


class Shelf:
    """Every commit by its way from the first, made when it is asked for."""

    def __init__(self, driver, place, seed):
        self.driver, self.place = driver, pathlib.Path(place)
        self.rng = random.Random(seed)
        self.commits = {}
        self.marked = None  # the text of a state whose log.key has a mark while it cosigns
        self.place.mkdir()

    def commit(self, text):
        # A cosignature that was begun under a mark is another one.
        key = text, text == self.marked
        if key not in self.commits:
            self.commits[key] = self.make(text)
        return self.commits[key]

    def database(self, text):
        return b"" if text == "0" else self.commit(text).db

    def record(self, command, vault):
        """Runs a command; the files of a key and the journal as they were on the way."""
        status, out, found = self.driver.run(command, vault, data=True)
        if status != 0:
            raise lab.Broken(f"{command}: {out}")
        keys, journals, tmp, jnl = [], [], [b"", b""], bytearray()
        for step in found:
            if step.what == "create" and step.file == "jnl":
                jnl = bytearray()
            elif step.what == "write" and step.file == "tmp":
                tmp[1] += step.data  # until it is synced: a key, or the zeros over one
            elif step.what == "sync" and step.file == "tmp":
                tmp = [tmp[1], b""]
            elif step.what in ("rename", "exchange"):
                keys.append(tmp[0])
            elif step.what == "write" and step.file == "jnl":
                jnl.extend(bytes(max(0, step.at + len(step.data) - len(jnl))))
                jnl[step.at:step.at + len(step.data)] = step.data
            elif step.what == "sync" and step.file == "jnl":
                journals.append(bytes(jnl))
        return keys, journals

    def make(self, text):
        made = Commit()
        vault = self.place / "vault"
        before = text[:-1] or "0"
        parent = self.commit(before) if before != "0" else None
        shutil.rmtree(vault, ignore_errors=True)
        if parent:
            vault.mkdir()
            (vault / "log.key").write_bytes(parent.marked if text == self.marked else parent.kept)
            (vault / "log.key").chmod(0o600)
            (vault / "vault.sqlite").write_bytes(parent.db)
        command = "found" if before == "0" else "cosign" if text[-1].isupper() else "add"
        keys, journals = self.record(command, vault)
        # On its way: pending, or cosigning.
        made.flying, made.kept = keys
        made.journal_open, made.journal = journals[0], journals[-1]
        made.db = (vault / "vault.sqlite").read_bytes()
        made.history = history(vault)
        (vault / "vault.sqlite").write_bytes(self.database(before))
        keys, _ = self.record("mend", vault)
        made.restoring, made.marked = keys
        return made

    # ---- files from the model's words ----

    def key(self, words):
        if words in ("empty", "zeros", "torn"):
            whole = self.commit("a").kept
            return {"empty": b"", "zeros": bytes(len(whole)),
                    "torn": whole[: self.rng.randrange(1, len(whole))]}[words]
        _, record, text, mark = words.split(".")
        commit = self.commit(text)
        return {"pending0": commit.flying, "cosigning0": commit.flying,
                "cosigning1": commit.flying, "kept0": commit.kept, "kept1": commit.marked,
                "restoring1": commit.restoring}[record + mark]

    def essential(self, text, before, differ):
        """Pages without which the log cannot be read: of the first commit its
        tables' roots, later on the leaves that it changed."""
        whole = self.place / "pages.sqlite"
        whole.write_bytes(self.database(text))
        db = sqlite3.connect(whole)
        roots = {page - 1 for page, in db.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name IN ('log_entry', 'log_checkpoint')")}
        db.close()
        size = len(self.database(before)) // PAGE
        return [i for i in differ if (i in roots if size == 0 else 0 < i < size)]

    def pages(self, first, second, way):
        """A database of which some pages are of one commit, some of another, or
        of none: of those that a commit writes, at random."""
        if first == second and first != "torn":
            return self.database(first)
        ends = [t for t in (first, second) if t != "torn"]
        if len(ends) < 2:
            ends = (way if not ends or ends[0] in way else ["0", "a"] if ends == ["0"] else
                    [ends[0][:-1] or "0", ends[0]])
        ends = sorted(ends, key=lambda text: (text != "0", len(text)))
        files = {text: self.database(text) for text in ends}
        count = max(len(f) for f in files.values()) // PAGE

        def page(text, i):
            return files[text][i * PAGE:(i + 1) * PAGE].ljust(PAGE, b"\0")

        differ = [i for i in range(count) if page(ends[0], i) != page(ends[1], i)]
        needed = self.essential(ends[1], ends[0], differ)
        # Both parts hold something that a reader needs.
        one, other = self.rng.sample(needed if len(needed) > 1 else differ, 2)
        mine = {one} | {i for i in differ if i != other and self.rng.random() < 0.5}
        out = b""
        for i in range(count):
            text = first if i in mine else second
            if text != "torn":
                out += page(text, i)
            elif i in differ:
                out += self.rng.randbytes(PAGE)
            else:
                out += page(ends[1], i)
        return out

    def journal(self, words):
        header, records, way = words.split("/")
        if header == "empty" and records == "none":
            return b""
        commit = self.commit(way.split(">")[1])
        first = {"empty": bytes(HEADER), "open": commit.journal_open[:HEADER],
                 "full": commit.journal[:HEADER],
                 "torn": b"\x5a" + self.rng.randbytes(HEADER - 1)}[header]
        rest = commit.journal[HEADER:]
        return first + {"none": b"", "whole": rest, "torn": self.rng.randbytes(len(rest))}[records]

    def write(self, vault, files):
        """Makes the vault of a line of the model."""
        shutil.rmtree(vault, ignore_errors=True)
        vault.mkdir()
        words = dict(item.split("=", 1) for item in files.split())
        # The commit that was under way, if pages are torn.
        text = words["key"].split(".")[2] if "." in words["key"] else "a"
        self.marked = text if words["key"].endswith(f"cosigning.{text}.1") else None
        way = [text[:-1] or "0", text]
        if words["jnl"] != "-" and not words["jnl"].endswith(">0"):
            way = words["jnl"].rpartition("/")[2].split(">")
        for short, word in words.items():
            if word == "-":
                continue
            if short == "db":
                data = self.pages(*word.split("/"), way)
            elif short == "jnl":
                data = self.journal(word)
            else:
                data = self.key("a.kept.a.0" if word == "whole" else word)
            (vault / NAMES[short]).write_bytes(data)
            (vault / NAMES[short]).chmod(0o600)
