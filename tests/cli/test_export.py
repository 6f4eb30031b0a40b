"""Exports and proofs: what VERIFY.txt says is copied out of it and run; what is
planted in an export is told with its place; a proof is made, checked, and
refused when it is not one."""
import hashlib
import resource
import shutil
import signal

import harness
import verify_page
from harness import *

start()
need("pdftotext", "openssl")
GO = verify_page.has_go()

vault = Vault()
files = [c.text() for c in vault.group("password")[:2] + vault.group("mfa")[:2]]
receipt = vault.run("--json", "receipt", "print").json["receipt"]
same(vault.open(*files).rc, 0, "an opening, so that there is something to export")
size = len(vault.log())


def export(name, *more, expect=0):
    run = vault.run("--json", "log", "export", vault.folder / name, *more)
    same(run.rc, expect, f"export to {name} ends with {expect}")
    return vault.folder / name


whole = export("whole", "--openssl")
paper = vault.write("paper", "".join(line for line in
                                     (whole / "people.vkeys").read_text().splitlines(True)
                                     if "/operator-1+" in line))


def layout():
    entries = vault.log()
    epochs = entries[-1]["epoch"] + 1
    names = {str(f.relative_to(whole)) for f in whole.rglob("*") if not f.is_dir()}
    operator = paper.read_text().split("+")[1]
    wanted = {"checkpoint", "people.vkeys", "entries.jsonl", "VERIFY.txt", "SHA256SUMS",
              f"tile/0/000.p/{size}", f"tile/entries/000.p/{size}",
              *(f"chain/{i}" for i in range(epochs)),
              *(f"openssl/{stem}.{end}" for stem in ("log", f"operator-1+{operator}")
                for end in ("message", "signature", "pem"))}
    same(names, wanted, "the files are those of the format's page")
    same([json.loads(line) for line in (whole / "entries.jsonl").open()], entries,
         "entries.jsonl is what log show says")
    same((whole / "checkpoint").read_bytes(), (whole / f"chain/{epochs - 1}").read_bytes(),
         "the last checkpoint is the last of the chain")
    plain = export("plain")
    check(not (plain / "openssl").exists(), "without --openssl there is none of it")
    same({oct(f.stat().st_mode & 0o777) for f in plain.rglob("*") if f.is_file()}, {"0o600"},
         "its files are the user's alone")
    (vault.folder / "here").mkdir()
    export("here")
    same(vault.run("log", "export", whole).rc, 1, "a directory that is not empty is refused")
    run = vault.run("log", "export", paper)
    same((run.rc, paper.read_text().count("\n")), (1, 1), "a file is refused, and stays")
    same(vault.run("log", "export").rc, 2, "a directory is needed")
    same([f.read_bytes() for f in sorted(plain.rglob("*")) if f.is_file()],
         [f.read_bytes() for f in sorted((vault.folder / "here").rglob("*")) if f.is_file()],
         "two exports of one log are the same")


def verify(where, *more, **how):
    return quorate("--json", "log", "verify", where, *more, **how)


def no_files():
    """What is no file where one is due is told, and nobody waits at it."""
    fifo = vault.folder / "fifo"
    os.mkfifo(fifo)
    for where in (fifo, vault.folder, "/dev/zero"):
        for line in (("log", "verify", whole, "--people", where),
                     ("log", "verify", "--proof", where, "--people", paper),
                     ("log", "verify", "--proof", paper, "--people", where),
                     ("--vault", vault.path, "log", "prove", "--since", where)):
            run = quorate(*line, timeout=20)
            check(run.rc == 1 and "not a file that can be read" in run.error,
                  f"{' '.join(map(str, line[-4:-1]))} {where}", str(run))


def too_long():
    """What no export has is not read to its end: neither here nor for its digest."""
    for path in ("chain/3", "checkpoint", "people.vkeys", "entries.jsonl", "VERIFY.txt", f"tile/0/000.p/{size}",
                 f"tile/entries/000.p/{size}", "SHA256SUMS", "openssl/log.pem", "x"):
        copy = vault.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(whole, copy)
        (copy / path).touch()
        if path == "x":
            rewrite_sums(copy)
        os.truncate(copy / path, 1 << 40)
        try:
            run = verify(copy, timeout=20)
            check(run.rc == 5 and any(f.get("file") == path or f.get("epoch") == 3 for f in run.json["faults"]),
                  f"{path} of a tebibyte is a fault", str(run))
        except subprocess.TimeoutExpired:
            check(False, f"{path} of a tebibyte is not read to its end")
        shutil.rmtree(copy)


def verified():
    run = verify(whole)
    same((run.rc, run.json["entries"], run.json["faults"], run.json["notices"]), (0, size, [], []),
         "an export is verified without a vault")
    text = quorate("log", "verify", whole)
    check("only the log vouches for itself" in text.out, "and it says who vouches", text.out)
    run = verify(whole, "--people", paper)
    same((run.rc, run.json["cosigners"], run.json["cosigners_wanted"], run.json["vouched"]),
         (0, 1, 1, size), "with a key from paper")
    check("cosigned by example.com/practice/operator-1" in run.json["notices"][0]["notice"],
          "and it says by whom", run.out)
    other = vault.write("other", "".join(line for line in
                                         (whole / "people.vkeys").read_text().splitlines(True)
                                         if "/custodian-p1+" in line))
    run = verify(whole, "--people", other)
    same((run.rc, [f["index"] for f in run.json["faults"]]), (5, [size - 1]),
         "people who did not cosign are a fault")
    for name, text, words in (
            ("an empty file", "", "no key stands there"),
            ("nothing but blank lines", "\n\r\n", "no key stands there"),
            ("no last LF", paper.read_text().rstrip(), "line 1: cut short"),
            ("a key twice", paper.read_text() * 2, "line 2: it stands there already"),
            ("a space behind a key", paper.read_text().replace("\n", " \n"), "line 1: verifier key"),
            ("a CR in a key behind a blank line", "\n" + paper.read_text().replace("+", "+\r", 1),
             "line 2: verifier key"),
            ("an upper-case id", re.sub(r"\+(\w{8})\+", lambda m: f"+{'ABCDEF12'}+",
                                        paper.read_text()), "lower-case hex"),
            ("the log's key", vault.events("genesis")[0]["values"]["first-key"] + "\n",
             "not the key of a badge")):
        run = verify(whole, "--people", vault.write("bad", text))
        check(run.rc == 2 and words in run.error, f"{name} is no list of people", str(run))
    for name, text in (("a blank line in front", "\n" + paper.read_text()),
                       ("a blank line behind", paper.read_text() + "\n"),
                       ("CR LF", paper.read_text().replace("\n", "\r\n"))):
        run = verify(whole, "--people", vault.write("edited", text))
        same((run.rc, run.json["cosigners"]), (0, 1), f"a list of people with {name} is one")
    same(verify(whole, "--people", "/nowhere").rc, 2, "nor is what is not there")
    same(quorate("log", "verify", vault.folder / "none").rc, 1, "an export must be there")
    same(vault.run("log", "verify", whole).rc, 2, "a vault or an export, not both")
    same(vault.run("log", "verify", "--people", paper).rc, 2, "people are for exports and proofs")
    run = verify(vault.path)
    check(run.rc == 2 and "is a vault, not an export" in run.error, "a vault taken for an export", str(run))


def spoil(name, change):
    """The faults that a change of a copy makes."""
    copy = vault.folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(whole, copy)
    change(copy)
    run = verify(copy)
    same(run.rc, 5, f"{name}: exit 5")
    return run.json["faults"]


def places(faults):
    return [(f.get("file"), f.get("offset", f.get("index"))) for f in faults]


def rewrite_sums(copy):
    sums = copy / "SHA256SUMS"
    sums.unlink()
    paths = sorted(str(f.relative_to(copy)) for f in copy.rglob("*") if f.is_file())
    sums.write_text("".join(f"{hashlib.sha256((copy / p).read_bytes()).hexdigest()}  {p}\n"
                            for p in paths))


def edit(path, at, new):
    def change(copy):
        data = bytearray((copy / path).read_bytes())
        data[at:at + len(new)] = new
        (copy / path).write_bytes(data)
        rewrite_sums(copy)
    return change


def faults():
    tile, bundle = f"tile/0/000.p/{size}", f"tile/entries/000.p/{size}"
    sums = (whole / "SHA256SUMS").read_bytes()
    same(places(spoil("a flipped hash", edit(tile, 70, b"\0\1\2"))), [(tile, 70)],
         "… and its byte")
    found = places(spoil("two flipped hashes", lambda c: (edit(tile, 0, b"\0")(c),
                                                          edit(tile, 64, b"\0")(c))))
    same(found, [(tile, 0), (tile, 64)], "… and both bytes")
    lines = (whole / "entries.jsonl").read_bytes().splitlines(True)
    at = len(b"".join(lines[:7])) + 9
    same(places(spoil("a changed line", edit("entries.jsonl", at, b"9"))),
         [("entries.jsonl", at)], "… and its byte")
    same(places(spoil("a changed key", edit("people.vkeys", 30, b"!"))), [("people.vkeys", 30)],
         "… and its byte")
    same(places(spoil("another checkpoint", edit("checkpoint", 22, b"9"))), [("checkpoint", 22)],
         "… and its byte")
    found = spoil("a changed note", edit("chain/2", 22, b"9"))
    check(all(f.get("epoch") == 2 for f in found) and found, "… and its epoch", str(found))
    found = spoil("a cosignature of another", lambda c: (
        (c / "chain/2").write_bytes((c / "chain/2").read_bytes().replace(b"operator-1", b"operator-2")),
        rewrite_sums(c)))
    check(any("lacks the cosignature" in f["fault"] for f in found), "… is a right that is missing",
          str(found))
    for path in ("checkpoint", "people.vkeys", "entries.jsonl", "VERIFY.txt", "SHA256SUMS", tile,
                 bundle, "chain/3", "openssl/log.pem"):
        found = spoil(f"without {path}", lambda c: (c / path).unlink())
        check((path, 0) in places(found), "… and it is named", str(found)[:500])
        found = spoil(f"{path} with a byte more", lambda c: (
            (c / path).write_bytes((c / path).read_bytes() + b"\n")))
        check(any(f.get("file") == path or f.get("epoch") == 3 for f in found), "… and it is named",
              str(found)[:500])
        found = spoil(f"{path} with a byte less", lambda c: (
            (c / path).write_bytes((c / path).read_bytes()[:-1])))
        check(any(f.get("file") == path or f.get("epoch") == 3 for f in found), "… and it is named",
              str(found)[:500])
        found = spoil(f"{path} as a link", lambda c: (
            (c / path).rename(c / "x"), (c / path).symlink_to(c / "x")))
        check(any(f.get("file") == path for f in found), "… and it is named", str(found)[:500])
    for path in ("x", "chain/99999", "chain/01", "tile/0/001", "tile/1/000.p/1",
                 f"tile/0/000.p/{size - 1}", "tile/entries/001.p/1", "openssl/x.pem", "tile/9/000",
                 "documents/0", "\x1b[31m\u202ered", "a" * 200):
        found = spoil(f"with {ascii(path)[:30]}", lambda c: (
            (c / path).parent.mkdir(parents=True, exist_ok=True), (c / path).write_bytes(b"")))
        check(any(f.get("file", "?")[:20] in ascii(path) or "1b" in f.get("file", "") for f in found),
              "… and it is named", str(found)[:500])
    found = spoil("an empty directory", lambda c: (c / "empty").mkdir())
    same(places(found), [("empty", 0)], "… and it is named")
    for name, text, offset in (
            ("upper-case digits", sums[:64].upper() + sums[64:], 0),
            ("one space", sums.replace(b"  ", b" ", 1), 0),
            ("a star", sums.replace(b"  ", b" *", 1), 0),
            ("no last LF", sums[:-1], sums.rindex(b"\n", 0, -1) + 1),
            ("two lines the other way round",
             b"".join([*sums.splitlines(True)[1::-1], *sums.splitlines(True)[2:]]),
             len(sums.splitlines(True)[1])),
            ("a line twice", sums + sums.splitlines(True)[-1], len(sums)),
            ("itself", sums.replace(b"VERIFY.txt", b"SHA256SUMS"), None)):
        found = spoil(f"SHA256SUMS with {name}", lambda c: (c / "SHA256SUMS").write_bytes(text))
        check(any(f.get("file") == "SHA256SUMS" and offset in (f["offset"], None) for f in found),
              "… and its byte", str(found)[:500])
    text = (whole / bundle).read_bytes()
    for name, change in (("a length too long", b"\xff\xff" + text[2:]),
                         ("a length too short", b"\0\0" + text[2:]),
                         ("bytes behind", text + b"\0\0"),
                         ("half an entry", text[:-9])):
        found = spoil(f"a bundle with {name}", lambda c: (c / bundle).write_bytes(change))
        check(any(f.get("file") == bundle for f in found), "… and it is named", str(found)[:500])
    copy = vault.folder / "copy"
    shutil.rmtree(copy)
    shutil.copytree(whole, copy)
    edit("VERIFY.txt", 0, b"J")(copy)
    run = verify(copy)
    same((run.rc, [n["file"] for n in run.json["notices"]]), (0, ["VERIFY.txt"]),
         "another page in VERIFY.txt is no fault, but told")


now = vault.run("--json", "receipt", "print").json
head = f"{now['size']} {now['root']}"


def run_page(where, people=None, said=None):
    return verify_page.run(where, people or paper, said or head)


def page():
    said = run_page(whole)
    for words in ("step 1: all files are as they were written",
                  "step 1: no file is missing, and none is added", "step 2: fingerprint ",
                  "step 2: it is the first log",
                  f"step 3: {size} entries in", "cosigned by example.com/practice/operator-1 at ",
                  "step 5: this log continues the receipt"):
        check(words in said, f"VERIFY.txt: {words}", said[-800:])
    same(said.count("Signature Verified Successfully"), 2, "VERIFY.txt: both signatures by OpenSSL")
    check(paper.read_text().split("+", 2)[2].strip() in said, "and the key of the .pem is the one on paper",
          said[-800:])
    check("FAULT" not in said and "differ" not in said, "and no fault", said[-800:])
    said = run_page(vault.folder / "plain")
    check("step 3: " in said and "step 5: this" in said and "openssl" not in said and
          "FAULT" not in said, "and without openssl/ step 4 says nothing", said[-800:])
    fingerprint = said.split("step 2: fingerprint ")[1][:64]
    same(fingerprint[:24], vault.result["vault_id"], "and the fingerprint is the vault's")
    copy = vault.folder / "copy"
    tile, bundle = f"tile/0/000.p/{size}", f"tile/entries/000.p/{size}"
    text = (whole / bundle).read_bytes()
    salt = text.rindex(b"salt ") + 6
    bit = bytes([text[salt] ^ 1])
    key = f"openssl/operator-1+{paper.read_text().split('+')[1]}.signature"
    for name, change, words in (
            ("a changed file", lambda c: (c / "checkpoint").write_bytes(b""), "checkpoint: FAILED"),
            ("a file too many", lambda c: (c / "x").write_text("x"), "EOF on -"),
            ("a predecessor too many", lambda c: (c / "predecessor").mkdir(), "FAULT: this is the first log"),
            ("a file that is missing", lambda c: ((c / "chain/1").unlink(), rewrite_sums(c)), "FAULT: open"),
            ("another first hash", edit(tile, 0, b"\0\0\0"), "- fingerprint differ"),
            ("another hash", edit(tile, 64, b"\0\0\0"), f"FAULT: {tile} is not of these entries"),
            ("an entry changed", edit(bundle, salt, bit), "the checkpoint is not of these entries"),
            ("a checkpoint changed", edit("chain/4", 22, b"9"), "FAULT: epoch 4"),
            ("another last checkpoint", edit("checkpoint", 22, b"9"), "FAULT: `checkpoint` is not the last one"),
            ("a note too many", lambda c: (c / "chain/77").write_text("x"), "checkpoints of"),
            ("another signature", edit(key, 0, b"\0\0\0\0"), "FAULT: /")):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(whole, copy)
        change(copy)
        said = run_page(copy)
        check(words in said, f"VERIFY.txt sees {name}", said[-1500:])
    other = vault.write("other", "".join(line for line in
                                         (whole / "people.vkeys").read_text().splitlines(True)
                                         if "/custodian-p1+" in line))
    check("FAULT: no checkpoint is cosigned by 1 of these people" in run_page(whole, other),
          "VERIFY.txt sees who did not cosign")
    check("FAULT: no key in the file of PEOPLE" in run_page(whole, vault.write("nobody", "\n")),
          "VERIFY.txt takes no file without keys for people who cosigned")
    check("FAULT: this log does not continue" in run_page(whole, said=f"{size + 5} {now['root']}"),
          "VERIFY.txt sees a rollback")


def proofs():
    entries = vault.log()
    for index in (0, 1, size // 2, size - 1):
        run = vault.run("--json", "log", "prove", index)
        same((run.rc, run.json["entry"], run.json["index"], run.json["size"]),
             (0, entries[index], index, size), f"entry {index} is proved, and said")
        file = vault.write("proof", run.json["proof"])
        run = quorate("--json", "log", "verify", "--proof", file, "--people", paper)
        same((run.rc, run.json["entry"], run.json["index"]), (0, entries[index], index),
             f"and the proof of {index} holds")
    since = vault.run("--json", "log", "prove", "--since", receipt)
    check(since.json["old_size"] < size and since.json["size"] == size, "the log since a receipt")
    file = vault.write("since", since.json["proof"])
    run = quorate("--json", "log", "verify", "--proof", file, "--people", paper, "--receipt", receipt)
    same(run.rc, 0, "and that proof holds, from that receipt")
    for option in ("--since", vault.write("receipt", receipt + "\n")), ("--since", receipt):
        out = vault.folder / "out"
        out.unlink(missing_ok=True)
        same(vault.run("log", "prove", *option, "--out", out).rc, 0, "into a file")
        same(out.read_text(), since.json["proof"], "the same text")
        same(vault.run("log", "prove", *option, "--out", out).rc, 1, "which is not overwritten")
    same(vault.run("log", "prove", 3).out, vault.run("--json", "log", "prove", 3).json["proof"],
         "without --json the proof alone")


def refused():
    good = vault.run("log", "prove", 5).out
    other = Vault()
    foreign = other.run("--json", "receipt", "print").json["receipt"]
    grown = quorate("--json", "receipt", "print", vault=vault.path).json["receipt"]
    older = vault.folder / "older"
    for name, args, rc, words in (
            ("an entry beyond the log", [size], 2, f"the log has {size} entries"),
            ("no number", ["05"], 2, "a number from 0"),
            ("a negative one", ["--", "-1"], 2, ""),
            ("neither", [], 2, "or --since"),
            ("both", [1, "--since", receipt], 2, "or --since"),
            ("another vault's receipt", ["--since", foreign], 4, "the receipt"),
            ("no receipt", ["--since", "QUORATE1:R:AAAA"], 4, "not a receipt"),
            ("a file that is not there", ["--since", "nowhere"], 2, "nowhere"),
            ("a path with controls", ["--since", "no\x1b[31mwhere"], 2, "where")):
        run = vault.run("log", "prove", *args)
        check(run.rc == rc and words in run.error and not run.out, f"no proof: {name}", str(run))
    # A log that was put back knows nothing of what came after.
    shutil.copytree(vault.path, older)
    vault.act("card", "prove", vault.write("junk", "no card"))
    later = vault.run("--json", "receipt", "print").json["receipt"]
    run = quorate("log", "prove", "--since", later, vault=older)
    check(run.rc == 5 and "ROLLBACK" in run.error, "a receipt larger than the log", str(run))
    lines = good.splitlines(True)
    people = (whole / "people.vkeys").read_text().splitlines(True)
    custodian = vault.write("custodian", [p for p in people if "/custodian-m1+" in p][0])
    for name, text, words in (
            ("a hash left out", "".join(lines[:3] + lines[4:]), "it does not lead"),
            ("a hash twice", "".join(lines[:4] + lines[3:]), "it does not lead"),
            ("another index", good.replace("index 5\n", "index 6\n"), "another index"),
            ("a leading zero", good.replace("index 5\n", "index 05\n"), "line 3"),
            ("another size", good.replace(f"\n{size}\n", f"\n{size + 1}\n"), "none of the people"),
            ("size 0", good.replace(f"\n{size}\n", "\n0\n"), "no size"),
            ("a line behind", good + "x\n", "no signature"),
            ("an entry that is none", "".join([lines[0], "extra AAAA\n", *lines[2:]]), "entry, line 1")):
        run = quorate("log", "verify", "--proof", vault.write("p", text), "--people", paper)
        check(run.rc == 4 and words in run.error, f"no proof: {name}", str(run))
    file = vault.write("p", good)
    run = quorate("log", "verify", "--proof", file, "--people", custodian)
    check(run.rc == 4 and "none of the people" in run.error, "a proof nobody cosigned", str(run))
    same(quorate("log", "verify", "--proof", file).rc, 2, "a proof without people is worth nothing")
    bare = vault.write("bare", "".join([lines[0], *lines[2:]]))
    same(quorate("log", "verify", "--proof", bare, "--people", paper).rc, 2, "a proof without its entry")
    entry = vault.write("entry", base64.b64decode(lines[1].split()[1]))
    same(quorate("log", "verify", "--proof", bare, "--people", paper, "--entry", entry).rc, 0,
         "and with it from elsewhere")
    since = vault.write("since", vault.run("log", "prove", "--since", receipt).out)
    run = quorate("log", "verify", "--proof", since, "--people", paper, "--receipt", grown)
    check(run.rc == 4 and "receipt's tree" in run.error, "a proof since another receipt", str(run))


def interrupted():
    """A disk that is full on the way: no SHA256SUMS, and everybody sees that."""
    where = vault.folder / "cut"
    done = subprocess.run(
        [harness.binary, "--vault", str(vault.path), "log", "export", str(where)],
        capture_output=True, text=True, restore_signals=False,
        preexec_fn=lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
                            resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))))
    check(done.returncode == 1 and "File too large" in done.stderr, "an export that finds no room fails",
          f"exit {done.returncode}: {done.stderr}")
    check(where.is_dir() and not (where / "SHA256SUMS").exists(), "it has no SHA256SUMS")
    run = verify(where)
    check(run.rc == 5 and ("SHA256SUMS", 0) in places(run.json["faults"]), "and is no export", str(run))
    run = vault.run("log", "export", where)
    check(run.rc == 1 and "not empty" in run.error, "and is not gone on with", str(run))
    same(vault.run("log", "verify").rc, 0, "the vault is as it was")


layout()
interrupted()
verified()
no_files()
too_long()
faults()
if GO:
    page()
proofs()
refused()
if not GO:
    print("skipped: VERIFY.txt: no go, or no golang.org/x/mod (golang-golang-x-mod-dev)")
    sys.exit(SKIPPED if not failed else 1)
finish()
