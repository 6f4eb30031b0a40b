"""log.key is lost, or the vault was restored: both quorums begin a successor
(docs/ceremonies/continuation.md)."""
import hashlib
import os
import pathlib
import shutil
import sqlite3
import tempfile

import harness as h
from harness import ACCOUNT, Vault, answers, check, keep_secret, quorate, same

NEW = "five green bottles on a wall"
ORIGIN = "example.com/practice"
keep_secret(NEW)


def by(person, passphrase, **more):
    return {"operator": person, "badges": {person: passphrase}, **more}


def digests(folder):
    return {str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest()
            for f in sorted(folder.rglob("*")) if f.is_file()}


def go_on(path, old, cards, given=None, people=(), cause="the laptop was lost", confirm=ORIGIN,
          more=(), **how):
    """`log continue`, which must leave the old folder as it is."""
    before = digests(old)
    words = [w for person in people for w in ("--operator", person)]
    run = quorate("--json", "log", "continue", "--from", old, "--cause", cause, "--confirm",
                  confirm, *words, *more, *[c.text() for c in cards], vault=path,
                  answers=given or answers(), **how)
    same(digests(old), before, f"every file of the old vault is as it was (exit {run.rc})")
    return run


def verified(path, what):
    run = quorate("--json", "log", "verify", vault=path)
    check(run.rc == 0 and run.json["faults"] == [], f"{what}: the log verifies clean", str(run))


def receipt(path):
    return quorate("--json", "receipt", "print", vault=path).json["receipt"]


def opened(path, vault, cards, given=None):
    run = quorate("--json", "open", ACCOUNT, "--purpose", "close-account", "--show",
                  "password,code", *[c.text() for c in cards], vault=path,
                  answers=given or answers(), release=True)
    check(run.rc == 0 and run.secret["password"] == vault.password,
          "the same cards open it, and the password is the same", str(run))


def main():
    h.start()
    h.need("pdftotext")
    vault = Vault()
    p, m = vault.group("password"), vault.group("mfa")
    quorum = p[:2] + m[:2]
    first = receipt(vault.path)
    copy = vault.folder / "copy"
    shutil.copytree(vault.path, copy)
    same(vault.act("card", "prove", p[0].text()).rc, 0, "the log goes on after the copy")
    newest = receipt(vault.path)

    # log.key is gone.
    old = vault.folder / "no-key"
    shutil.copytree(vault.path, old)
    (old / "log.key").unlink()
    run = quorate("card", "list", vault=old)
    check(run.rc == 1 and "log continue" in run.error, "a copy without log.key is told what can "
          "be done with it", str(run))
    new = vault.folder / "second"
    same(go_on(new, old, p[:2] + m[:1]).rc, 3, "without a quorum: exit 3")
    other = Vault()
    run = go_on(new, old, p[:2] + m[:1] + other.group("mfa")[1:2])
    same((run.rc, h.verdicts(run)[-1]), (4, "other-vault"), "another vault's card is refused")
    same(go_on(new, old, quorum, confirm="example.com/other").rc, 2, "another name: exit 2")
    same(go_on(new, old, quorum, cause=" ").rc, 2, "no cause: exit 2")
    run = go_on(new, old, quorum, given=answers(receipts=[newest]))
    check(run.rc == 0, "both quorums continue the log", str(run))
    same(run.json["origin"], f"{ORIGIN}/2", "under a new origin")
    verified(new, "the successor")
    same((new / "predecessor/vault.sqlite").read_bytes(), (old / "vault.sqlite").read_bytes(),
         "the old log lies in it, whole")
    opened(new, vault, quorum)
    same(quorate("card", "prove", p[2].text(), vault=new, answers=answers()).rc, 0,
         "a card is proved")
    verified(new, "after an opening and a proof")
    genesis = quorate("--json", "log", "show", vault=new).json["entries"][0]["values"]
    same(genesis["vault"], vault.result["vault_id"], "the vault's id is kept")
    note = quorate("log", "show", vault=new).err
    check("this log continues example.com/practice, whose entries" in note and
          "they are in predecessor/vault.sqlite" in note,
          "who reads it is told that it continues another, and where that is", note)
    shown = quorate("--json", "log", "show", vault=new).json["predecessors"]
    same([(p["origin"], p["folder"]) for p in shown], [(ORIGIN, "predecessor")], "in JSON, too")
    out = new.parent / "both-logs"
    same(quorate("log", "export", out, vault=new).rc, 0, "an export has both")
    same(len((out / shown[0]["folder"] / "entries.jsonl").read_text().splitlines()),
         shown[0]["size"], "and there are all of its entries")
    run = quorate("log", "prove", "--since", newest, vault=new)
    check(run.rc == 4 and "which this log continues" in run.error,
          "no proof leads across the joint", str(run))
    fifo = new.parent / "fifo"
    os.mkfifo(fifo)
    for more in (("--evidence", fifo), ("--evidence", "/dev/zero")):
        same(quorate("log", "continue", "--from", old, "--cause", "lost", *more,
                     vault=new.parent / "none").rc, 1, f"{more[1]} is no evidence")
    same(quorate("log", "continue", "--from", old, "--cause", "\x1b[2J", vault=new).rc, 2,
         "a cause that cannot be is told before anything is read")
    for given, rc, what in (([newest], 0, "the newest receipt of the old log"),
                            ([first], 0, "an older one"),
                            ([receipt(new)], 0, "one of the successor")):
        same(quorate("card", "prove", p[2].text(), vault=new,
                     answers=answers(receipts=given)).rc, rc, f"{what}: exit {rc}")

    # A severe act asks for the vault's name, which is not that of its latest log.
    named = vault.folder / "named"
    shutil.copytree(new, named)
    for serial, rc, name in ((1, 0, ORIGIN), (2, 2, f"{ORIGIN}/2"), (2, 0, ORIGIN)):
        same(quorate("card", "void", serial, "--reason", "lost", "--confirm", name, vault=named,
                     answers=answers()).rc, rc, f"card {serial} is void by {name}: exit {rc}")
    for rc, name in ((2, f"{ORIGIN}/2"), (0, ORIGIN)):
        same(quorate("open", ACCOUNT, "--purpose", "drill", "--show", "seed", *[c.text() for c in quorum], vault=new,
                     answers=answers(confirm=name), release=True).rc, rc, f"the seed is shown by {name}: exit {rc}")

    # Restored from a copy that is older: entries are lost, and that is told.
    short = vault.folder / "short"
    run = go_on(short, copy, quorum, people=["witness-1"],
                given={"badges": {"witness-1": NEW}, "receipts": [newest]})
    check(run.rc == 0 and run.json["receipts_lost"] == 1, "a copy older than log.key is continued",
          str(run))
    lost = [e for e in quorate("--json", "log", "show", vault=short).json["entries"]
            if e["event"] == "exception" and e["values"]["step"] == "continue"]
    same(len(lost), 1, "and the log says what was lost")
    verified(short, "the successor of the copy")
    same(quorate("card", "prove", p[0].text(), vault=short, answers=answers()).rc, 4,
         "the former operator's badge opens nothing")
    opened(short, vault, quorum, by("witness-1", NEW))
    run = quorate("card", "prove", p[0].text(), vault=short,
                  answers=by("witness-1", NEW, receipts=[newest]))
    check(run.rc == 5 and "entries were lost" in run.error,
          "the receipt of a lost entry: exit 5, and said so", str(run))
    same(quorate("card", "prove", p[0].text(), vault=short,
                 answers=by("witness-1", NEW, receipts=[first])).rc, 0, "an older one: exit 0")

    # A successor of a successor.
    third = vault.folder / "third"
    run = go_on(third, short, quorum, given=by("witness-1", NEW))
    check(run.rc == 0 and run.json["origin"] == f"{ORIGIN}/3", "a successor is continued", str(run))
    verified(third, "the third log")
    opened(third, vault, quorum, by("witness-1", NEW))
    same(quorate("card", "prove", p[0].text(), vault=third,
                 answers=by("witness-1", NEW, receipts=[first])).rc, 0,
         "a receipt of the first log still holds")

    export(third, vault.folder / "export")
    damage(new, third)
    h.finish()


def export(third, place):
    """An export of a chain of logs, verified where there is no vault."""
    same(quorate("log", "export", place, vault=third).rc, 0, "the third log is exported")
    run = quorate("--json", "log", "verify", place)
    check(run.rc == 0 and run.json["faults"] == [], "and verifies without a vault", str(run))
    inner = place / "predecessor"
    check((inner / "predecessor/checkpoint").exists(), "with the logs before it")
    first = inner / "predecessor/chain/0"
    data = first.read_bytes()
    first.write_bytes(data[:-20] + bytes([data[-20] ^ 1]) + data[-19:])
    run = quorate("log", "verify", place)
    check(run.rc == 5 and "predecessor" in run.out, "a bit of the first log flipped is found",
          str(run))
    first.write_bytes(data)
    inner.rename(place.parent / "apart")
    run = quorate("log", "verify", place)
    check(run.rc == 5, "without its predecessor it does not verify", str(run))
    (place / "predecessor").mkdir()
    same(quorate("log", "verify", place).rc, 5, "nor with an empty one")
    (place / "predecessor").rmdir()
    (place.parent / "apart/predecessor").rename(place / "predecessor")
    same(quorate("log", "verify", place).rc, 5, "nor with another log in its place")


def chain(successor):
    """A hostile disk may nest predecessors without end: they are followed so far and no further."""
    place = pathlib.Path(tempfile.mkdtemp(dir=successor.parent))
    inner = place
    for _ in range(30):
        shutil.copy(successor / "vault.sqlite", inner)
        inner = inner / "predecessor"
        inner.mkdir()
    run = quorate("log", "verify", vault=place)
    check(run.rc == 2 and run.error.count("predecessor") == 1 and "more than 24 logs" in run.error,
          "30 predecessors, one in the other: 24 logs are read", str(run))
    shutil.rmtree(place)


def damage(new, third):
    """What is done to the copies that lie in a successor."""
    file = new / "predecessor/vault.sqlite"
    data = file.read_bytes()
    for at in range(0, len(data), max(1, len(data) // 40)):
        file.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1:])
        for command in (["card", "list"], ["log", "verify"]):
            run = quorate(*command, vault=new)
            if run.rc != 5 or "predecessor" not in run.error + run.out:
                check(False, f"byte {at} of the predecessor changed: {command}", str(run))
    check(True, "a bit of the predecessor flipped, at 41 places: exit 5, and it is named")
    file.unlink()
    for command in (["card", "list"], ["log", "verify"]):
        run = quorate(*command, vault=new)
        check(run.rc == 1 and "predecessor/vault.sqlite" in run.error,
              f"the predecessor's file gone: {' '.join(command)} names it", str(run))
    file.write_bytes(data)
    verified(new, "the file put back")
    chain(third)
    shutil.rmtree(third / "predecessor/predecessor")
    run = quorate("card", "list", vault=third)
    check(run.rc == 1 and "predecessor" in run.error, "a predecessor's predecessor gone", str(run))


main()
