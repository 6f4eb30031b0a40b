"""An export of a log that continues another: each log of the chain is verified by VERIFY.txt,
and what is put in the place of the former one is told."""
import hashlib
import shutil

import foreign
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


def judged(line):
    done = subprocess.run(line, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def keys():
    """A person's key is the same in both logs; paper of either will do, and of nothing else."""
    size, before = receipts[1]["size"], receipts[0]["size"]
    both = first.write("both", old.read_text() + new.read_text())
    for name, people in (("the former log", old), ("the successor", new), ("both", both)):
        run = quorate("--json", "log", "verify", whole, "--people", people)
        same((run.rc, run.json["faults"], run.json["vouched"], run.json["cosigners"]), (0, [], size, 1),
             f"keys from paper of {name} vouch for the successor")
        for judge, line in judges.items():
            rc, said = judged(line(whole, people))
            check(rc == 0 and f"{size} of {size} entries are vouched for by" in said, f"{judge} says the same",
                  said)
    run = quorate("--json", "log", "verify", whole / "predecessor", "--people", old)
    same((run.rc, run.json["vouched"]), (0, before), "and those of the former one for the former log")
    stranger = old.read_text().replace("example.com/practice/", "example.com/other/")
    name, _, key = stranger.strip().split("+", 2)
    id_ = hashlib.sha256(name.encode() + b"\n" + base64.b64decode(key)).hexdigest()[:8]
    stranger = first.write("stranger", f"{name}+{id_}+{key}\n")
    run = quorate("log", "verify", whole, "--people", stranger)
    check(run.rc == 2 and "not of this log" in run.error, "those of another log are refused", str(run))
    run = quorate("log", "verify", whole / "predecessor", "--people", new)
    check(run.rc == 2 and "not of this log" in run.error, "and so are later ones for an earlier log", str(run))
    for judge, line in judges.items():
        same(judged(line(whole, stranger))[0], 2, f"by {judge}, too")
    another = [line for line in (whole / "predecessor/people.vkeys").read_text().splitlines(True)
               if "/custodian-p3+" in line][0]
    swapped = old.read_text().split("+")[0] + "+" + another.split("+", 1)[1]
    name, _, key = swapped.strip().split("+", 2)
    id_ = hashlib.sha256(name.encode() + b"\n" + base64.b64decode(key)).hexdigest()[:8]
    swapped = first.write("swapped", f"{name}+{id_}+{key}\n")
    same(quorate("log", "verify", whole, "--people", swapped).rc, 5, "another key under the same name counts for nothing")
    proof = first.write("proof", quorate("log", "prove", "0", vault=second).out)
    for name, people, rc in (("the former log", old, 0), ("the successor", new, 0), ("another", swapped, 4)):
        same(quorate("log", "verify", "--proof", proof, "--people", people).rc, rc,
             f"a proof under keys of {name}: exit {rc}")
        for judge, line in foreign.provers().items():
            got, said = judged(line(proof, people))
            check(got == (rc != 0), f"{judge} says the same", said)
    several = first.write("several", (whole / "people.vkeys").read_text() + old.read_text())
    said = quorate("log", "verify", "--proof", proof, "--people", several)
    people = len((whole / "people.vkeys").read_text().splitlines())
    check(f"That is 1 of the {people} people given." in said.out and "count them" in said.out,
          "how many of how many signed a proof's checkpoint is told", str(said))


def fingerprints():
    for judge, line in judges.items():
        said = judged(line(whole, new))[1]
        check(f"fingerprint {fingerprint(whole)}: compare it with a card that was printed since it is "
              "example.com/practice/2" in said and
              f"fingerprint {fingerprint(whole / 'predecessor')}: compare it with a card that was printed when "
              "it was example.com/practice" in said, f"{judge} says which fingerprint stands on which card", said)
        said = judged(line(whole / "predecessor", old))[1]
        check(f"fingerprint {fingerprint(whole / 'predecessor')}: compare it with a card\n" in said and
              said.count("fingerprint") == 1, f"{judge}: of a first log there is one", said)


def held():
    """A receipt, as the code itself or in a file, against a vault and against an export."""
    program = foreign.python()
    code = receipts[0]["receipt"]
    for where in (whole, second / "vault.sqlite") if program else ():
        for given in (code, first.write("receipt", code + "\n")):
            rc, said = judged([program, "-B", ROOT / "examples/verify_log.py", where, "--receipt", given])
            check(rc == 0 and "older than the log" in said, f"verify_log.py takes {str(given)[:12]}…", said)
        rc, said = judged([program, "-B", ROOT / "examples/verify_log.py", where, "--receipt", code[:-8]])
        check(rc == 1 and "refused" in said, "and refuses one that is cut short", said)


def page():
    for where, people, head, words in (
            (whole, new, heads[1], "step 2: it continues the log in predecessor/"),
            (whole, old, heads[1], "step 2: it continues the log in predecessor/"),
            (whole / "predecessor", old, heads[0], "step 2: it is the first log")):
        said = verify_page.run(where, people, head)
        for word in ("step 1: all files are as they were written",
                     "step 1: no file is missing, and none is added",
                     f"step 2: fingerprint {fingerprint(where)}", words,
                     f"step 3: {head.split()[0]} entries in",
                     f"step 3: {head.split()[0]} of {head.split()[0]} entries are vouched for",
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


judges = foreign.verifiers()
keys()
fingerprints()
held()
if verify_page.has_go():
    page()
else:
    print("skipped: VERIFY.txt: no go, or no golang.org/x/mod (golang-golang-x-mod-dev)")
    sys.exit(SKIPPED if not failed else 1)
finish()
