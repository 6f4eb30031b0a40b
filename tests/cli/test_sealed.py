"""Sealed sheets given to an opening: what of the vault's own copies is lost comes
back from paper, a sheet that is not the log's is refused with its reason, and
nothing else is forgiven."""
import shutil
import sqlite3
import struct
import subprocess

from harness import *

start()
need("pdftotext")

def place(vault_id, account, kind, serial, generation=1):
    return (f"quorate/item/v1\nvault {vault_id}\ngeneration {generation}\naccount {account}\n"
            f"kind {kind}\nserial {serial}\n").encode()


def item_code(data, body):
    return to_code("I", struct.pack(">H", len(data)) + data + body)


class Sheets:
    """A vault's sealed items and header as codes, made from the formats' pages."""

    def __init__(self, vault):
        self.vault, self.id = vault, vault.result["vault_id"]
        with sqlite3.connect(vault.path / "vault.sqlite") as db:
            bodies = dict(db.execute("SELECT digest, body FROM document WHERE kind = 'item'"))
        self.items = {}
        for entry in vault.events("item-sealed"):
            v = entry["values"]
            self.items[v["account"], v["kind"]] = (
                int(v["serial"]), bodies[bytes.fromhex(v["ciphertext"])])
        key = vault.events("key-created")[0]["values"]
        self.checks = b"".join(bytes.fromhex(key[name]) for name in
                               ("key-check", "group-check-password", "group-check-mfa"))

    def item(self, account=ACCOUNT, kind="password", **change):
        serial, body = self.items[account, kind]
        at = {"vault_id": self.id, "account": account, "kind": kind, "serial": serial} | change
        body = at.pop("body", body)
        return item_code(place(**at), body)

    def header(self, vault_id=None, generation=1, checks=None, version=1):
        return to_code("H", bytes([version]) + bytes.fromhex(vault_id or self.id) +
                       struct.pack(">H", generation) + (checks or self.checks))

    def file(self, name, *codes):
        return self.vault.write(name, "".join(code + "\n" for code in codes))


def damage(vault, sql, *values):
    """As rot does, or somebody with an editor: not through the program."""
    with sqlite3.connect(vault.path / "vault.sqlite") as db:
        before = db.total_changes
        db.execute(sql, values)
        check(db.total_changes > before, f"planted: {sql}")


def opened(run):
    return run.secret if run.rc == 0 else str(run)


vault = Vault(policy(accounts=2))
other = Vault(policy(accounts=1))
second = str(int(ACCOUNT) + 1)
sheets, strange = Sheets(vault), Sheets(other)
quorum = [c.text() for c in vault.group("password")[:2] + vault.group("mfa")[:2]]
keep_secret(vault.generated["accounts"][second]["password"])
whole = vault.folder / "whole"
shutil.copytree(vault.path, whole)


def restore():
    shutil.rmtree(vault.path)
    shutil.copytree(whole, vault.path)


def open_with(*files, show="password", account=ACCOUNT, cards=quorum, given=None):
    more = [a for f in files for a in ("--sealed", f)]
    return vault.open(*cards, show=show, account=account, more=more, given=given)


good = sheets.file("good.txt", sheets.header(), "", "  " + sheets.item(), sheets.item(kind="totp"))
digest = {kind: next(bytes.fromhex(e["values"]["ciphertext"]) for e in vault.events("item-sealed")
                     if e["values"]["account"] == ACCOUNT and e["values"]["kind"] == kind)
          for kind in ("password", "totp")}

# A whole vault: the sheet is held against the log, and that is all.
before = len(vault.events("exception"))
run = open_with(good, show="password,code")
same(run.rc, 0, "a whole vault opens with its sheet")
same(opened(run)["password"], vault.password, "to the same password")
same(len(vault.events("exception")), before + 2, "no exception but the missing receipts")

# Lost, in each of the ways that a row can be.
for what, sql in (("gone", "DELETE FROM document WHERE digest = ?"),
                  ("changed", "UPDATE document SET body = zeroblob(200) WHERE digest = ?"),
                  ("empty", "UPDATE document SET body = x'' WHERE digest = ?"),
                  ("not a blob's bytes", "UPDATE document SET body = substr(body, 2) WHERE digest = ?")):
    restore()
    for d in digest.values():
        damage(vault, sql, d)
    run = open_with(show="password")
    same(run.rc, 5, f"{what}: without its sheet it is tampering")
    same(run.given, "", "and nothing is shown")
    run = open_with(good, show="password,code")
    same(run.rc, 0, f"{what}: with its sheet it opens: {run.error}")
    same(opened(run)["password"], vault.password, "to the password that was sealed")
    check("item 1 (password of 123456789012) is missing or damaged" in run.err, "what is lost is told")
    told = [e["values"] for e in vault.events("exception") if e["values"]["step"] == "open-vault"]
    same([t["decided"] for t in told], ["put back from a sealed sheet"] * 2, "and logged, each item")
    check(vault.events("evidence-attached"), "what was found is kept, and named in the log")
    run = vault.run("--json", "log", "verify")
    same((run.rc, run.json["faults"]), (0, []), "then the vault is whole again")
    same(open_with(show="password").rc, 0, "and opens without a sheet")

# A lost item that no sheet has.
restore()
damage(vault, "DELETE FROM document WHERE digest = ?", digest["password"])
only_totp = sheets.file("totp.txt", sheets.item(kind="totp"))
run = open_with(only_totp, show="password,code")
same(run.rc, 4, "the other group's sheet alone is refused")
check("no sheet has the lost password of 123456789012" in run.error, run.error)
same(run.out, "", "before any card is asked for")
run = open_with(only_totp, show="code")
same(run.rc, 0, "but opens what it has")
same(vault.run("--json", "log", "verify").rc, 5, "and the other item stays lost, and is tampering")
run = open_with(good, cards=quorum[:3])
same(run.rc, 3, "no quorum: nothing is shown")
same(vault.run("--json", "log", "verify").rc, 0, "but the ciphertext is back in its place")

# Refused, each for its reason; on a vault that has lost the item.
flipped = bytearray(sheets.items[ACCOUNT, "password"][1])
flipped[40] ^= 1
refusals = [
    ("another vault's sheet", "other-vault", [strange.header(), strange.item()]),
    ("another vault's item alone", "other-vault", [strange.item()]),
    ("a header that is another vault's", "other-vault", [strange.header(), sheets.item()]),
    ("generation 0", "unreadable", [sheets.item(generation=0)]),
    ("a later generation", "newer-than-vault", [sheets.item(generation=2)]),
    ("a later generation's header", "newer-than-vault", [sheets.header(generation=2), sheets.item()]),
    ("a serial that is not yet", "newer-than-vault", [sheets.item(serial=99)]),
    ("another item's serial", "mismatch", [sheets.item(serial=2)]),
    ("another account's item", "mismatch",
     [item_code(place(sheets.id, ACCOUNT, "password", 3), sheets.items[second, "password"][1])]),
    ("a bit of the ciphertext", "mismatch", [sheets.item(body=bytes(flipped))]),
    ("a header of another key", "mismatch", [sheets.header(checks=bytes(96)), sheets.item()]),
    ("a header of a later form", "newer-than-vault", [sheets.header(version=2), sheets.item()]),
    ("a broken code", "unreadable", [sheets.item()[:-3] + "1"]),
    ("a broken header", "unreadable", [sheets.header()[:-8]]),
    ("lower case", "unreadable", [sheets.item().lower()]),
    ("no code at all", "unreadable", ["hello"]),
    ("escapes in the place of a code", "unreadable", ["\x1b[2Jhello\u202e"]),
    ("a bag's label", "wrong-kind", [to_code("B", bytes(53))]),
]
restore()
damage(vault, "DELETE FROM document WHERE digest = ?", digest["password"])
open_with(only_totp, show="code")  # its commits name the evidence
with sqlite3.connect(vault.path / "vault.sqlite") as db:
    rows = db.execute("SELECT count(*) FROM log_entry").fetchone()
for what, reason, codes in refusals:
    run = open_with(sheets.file("bad.txt", *codes))
    check(run.rc == 4 and f": {reason}" in run.error and run.given == "",
          f"exit 4: {what}: {reason}", str(run))
with sqlite3.connect(vault.path / "vault.sqlite") as db:
    same(db.execute("SELECT count(*) FROM log_entry").fetchone(), rows, "none of it is in the log")
for what, content in (("an empty file", b""), ("a picture of nothing", b"P5 16 16 255\n" + bytes(256)),
                      ("no picture and no text", b"\0\1\2")):
    run = open_with(vault.write("nothing", content))
    check(run.rc == 4 and "nothing: " in run.error, f"exit 4: {what}: {run.error}", str(run))
run = open_with(vault.folder / "absent.txt")
same(run.rc, 2, "a sheet that is not there is a slip of the command line")
same(vault.run("open", ACCOUNT, "--sealed", given=answers()).rc, 2, "--sealed needs a file")
strange_file = sheets.file("strange.txt", strange.header(), strange.item())
run = open_with(strange_file, sheets.file("with-bad.txt", "hello", sheets.item(), sheets.item()))
same(run.rc, 0, "bad codes and another vault's sheet beside the good one spoil nothing")
check("other-vault" in run.err and "line 1: unreadable" in run.err, "but are told", run.err)

# A whole vault, and a sheet that has nothing of what is asked for.
run = open_with(strange_file)
same(run.rc, 4, "another vault's sheet is no help to a whole vault either")
same(open_with(sheets.file("second.txt", sheets.item(second)), show="password").rc, 4,
     "nor is another account's")

# What is lost of other accounts comes back from a sheet that has it.
restore()
damage(vault, "DELETE FROM document WHERE kind = 'item'")
everything = sheets.file("all.txt", sheets.header(), *[sheets.item(*at) for at in sheets.items])
same(open_with(everything, show="password,code").rc, 0, "a vault that lost every item opens")
same(vault.run("--json", "log", "verify").rc, 0, "and has them all again")
same(opened(open_with(account=second))["password"], vault.generated["accounts"][second]["password"],
     "the other account too")

# Killed anywhere in it, the next opening with the sheet ends what was begun.
if shutil.which("strace"):
    import harness
    given = vault.write("killed-answers.json", json.dumps(answers()))
    held = 0
    for call, numbers in (("pwrite64", (1, 4, 8, 12, 16, 20, 30)), ("renameat2", (1, 2, 3, 4)),
                          ("fsync", (1, 5, 9, 13, 17))):
        for number in numbers:
            restore()
            damage(vault, "UPDATE document SET body = x'00' WHERE digest = ?", digest["password"])
            with open(given) as three, open(vault.folder / "killed-secrets", "w") as four:
                killed = subprocess.run(
                    ["strace", "-qq", "-o", os.devnull, "-e", f"trace={call}", "-e",
                     f"inject={call}:signal=SIGKILL:when={number}", harness.binary, "--vault",
                     str(vault.path), "--answers-fd", "3", "--secrets-fd", "4", "--json", "open",
                     ACCOUNT, "--purpose", "close-account", "--show", "password", "--sealed",
                     str(good), *map(str, quorum)], stdin=subprocess.DEVNULL, capture_output=True,
                    preexec_fn=placing({3: three.fileno(), 4: four.fileno()}), pass_fds=(3, 4))
            held += killed.returncode in (-9, 137)
            run = open_with(good)
            ends = vault.run("--json", "log", "verify")
            check(opened(run)["password"] == vault.password if run.rc == 0 else False,
                  f"killed at {call} {number}: the next opening has it", str(run))
            same((ends.rc, ends.json["faults"]), (0, []), "and the vault is whole")
    check(held >= 12, f"{held} of them were killed")
else:
    print("skipped: strace's kills")

# Nothing else is forgiven.
for what, sql in (("a document of another kind is gone", "DELETE FROM document WHERE kind = 'policy'"),
                  ("minutes were changed", "UPDATE document SET body = x'00' WHERE kind = 'minutes'"),
                  ("an item under another kind", "UPDATE document SET kind = 'badge' WHERE kind = 'item'"),
                  ("a document that no entry names",
                   "INSERT INTO document VALUES (zeroblob(32), 'item', x'00')"),
                  ("a view says otherwise", "UPDATE item SET account = '999999999999'"),
                  ("a view's digest says otherwise", "UPDATE item SET ciphertext = zeroblob(32)")):
    restore()
    damage(vault, "DELETE FROM document WHERE digest = ?", digest["password"])
    damage(vault, sql)
    run = open_with(good, show="password,code")
    same((run.rc, run.given), (5, ""), f"exit 5 all the same: {what}")
restore()
damage(vault, "DELETE FROM document WHERE digest = ?", digest["password"])
with sqlite3.connect(vault.path / "vault.sqlite") as db:
    db.execute("DROP TRIGGER log_entry_dense")
same(open_with(good).rc, 5, "exit 5 all the same: a trigger is gone")
finish()
