"""An export of a log that continues another: each log of the chain is verified by VERIFY.txt,
and what is put in the place of the former one is told."""
import hashlib
import shutil

import verify_page
from harness import *

start()
need("pdftotext", "openssl")

first = Vault()
files = [c.text() for c in first.group("password")[:2] + first.group("mfa")[:2]]
same(first.open(*files).rc, 0, "an opening, so that there is something to export")
receipts = [quorate("--json", "receipt", "print", vault=first.path).json]
lost = first.folder / "no-key"
shutil.copytree(first.path, lost)
(lost / "log.key").unlink()
second = first.folder / "second"
run = quorate("--json", "log", "continue", "--from", lost, "--cause", "the laptop was lost", "--confirm",
              "example.com/practice", *files, vault=second, answers=answers())
check(run.rc == 0, "both quorums continue the log", str(run))
receipts.append(quorate("--json", "receipt", "print", vault=second).json)
whole = first.folder / "whole"
same(quorate("log", "export", whole, "--openssl", vault=second).rc, 0, "the successor is exported")
heads = [f"{r['size']} {r['root']}" for r in receipts]


def paper(folder, name):
    """The operator's key, as it stood on paper while that log was the vault's."""
    keys = (folder / "people.vkeys").read_text().splitlines(True)
    return first.write(name, "".join(key for key in keys if "/operator-1+" in key))


old, new = paper(whole / "predecessor", "old"), paper(whole, "new")


def fingerprint(folder):
    entry = json.loads((folder / "entries.jsonl").open().readline())
    bundle = next((folder / "tile/entries/000.p").iterdir()).read_bytes()
    assert entry["event"] == "genesis"
    body = bundle[2:2 + int.from_bytes(bundle[:2], "big")]
    return hashlib.sha256(b"\0" + body).hexdigest()


def page():
    for where, people, head, words in (
            (whole, new, heads[1], "step 2: it continues the log in predecessor/"),
            (whole / "predecessor", old, heads[0], "step 2: it is the first log")):
        said = verify_page.run(where, people, head)
        for word in ("step 1: all files are as they were written",
                     "step 1: no file is missing, and none is added",
                     f"step 2: fingerprint {fingerprint(where)}", words,
                     f"step 3: {head.split()[0]} entries in",
                     "step 5: this log continues the receipt"):
            check(word in said, f"VERIFY.txt of {where.name}: {word}", said[-600:])
        check("FAULT" not in said and "differ" not in said and "cmp:" not in said,
              f"VERIFY.txt of {where.name}: no fault", said[-600:])
    copy = first.folder / "copy"

    def flip(path, at):
        def change(c):
            data = bytearray((c / path).read_bytes())
            data[at] ^= 1
            (c / path).write_bytes(data)
        return change
    origin = len("example.com/practice\n")
    for name, change, word in (
            ("without its predecessor", lambda c: shutil.rmtree(c / "predecessor"), "- before differ"),
            ("with a predecessor of another size", flip("predecessor/checkpoint", origin), "- before differ"),
            ("with a predecessor of another root", flip("predecessor/checkpoint", origin + 4), "- before differ"),
            ("with an epoch too many before", lambda c: (c / "predecessor/chain/99").write_text("x"),
             "- before differ"),
            ("with itself before it", lambda c: (shutil.rmtree(c / "predecessor"),
                                                 shutil.copytree(c, first.folder / "itself"),
                                                 (first.folder / "itself").rename(c / "predecessor")),
             "- before differ")):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(whole, copy)
        change(copy)
        said = verify_page.run(copy, new, heads[1])
        check(word in said and "step 2: it continues" not in said, f"VERIFY.txt sees a log {name}", said[-600:])
    said = verify_page.run(whole, new, heads[0])
    check("FAULT: this log does not continue the receipt" in said,
          "a receipt of the former log is compared with that one", said[-500:])


if verify_page.has_go():
    page()
else:
    print("skipped: VERIFY.txt: no go, or no golang.org/x/mod (golang-golang-x-mod-dev)")
    sys.exit(SKIPPED if not failed else 1)
finish()
