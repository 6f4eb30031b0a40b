"""Attacks a real vault, with both its files and one operator's badge in the
attacker's hands. Each must be refused with exit 5; where the files alone cannot
tell, nothing may claim that they can, and a receipt must tell.

usage: attacks.py QUORATE [NAME…]
"""
import json
import os
import shutil
import sqlite3
import struct
import sys

import attacker
import attacks_on_cosigners  # noqa: F401: they are registered
import attacks_on_exports  # noqa: F401
import attacks_on_later  # noqa: F401
from attacker import Image, fields, lab, receipt, replace
from shooting import (ATTACKS, Broken, Range, attack, caught_by_receipt, index_of, note_of,
                      refused)


@attack
def control_an_honest_commit_by_the_badge_is_taken(range_):
    """If these tools could not make a right commit, no refusal below would prove anything."""
    vault, image = range_.image()
    image.append([note_of("a note")])
    image.write()
    vault.verify()
    vault.run(*vault.prove_args(), want=0)
    vault.answers["receipts"] = [receipt(range_.image()[1])]
    vault.run(*vault.prove_args(), want=0)


@attack
def a1_edit_a_leaf_and_sign_again_with_the_key_that_is_left(range_):
    vault, image = range_.image()
    at = index_of(image, "intent")
    image.entries[at][1] = replace(image.entries[at][1], "purpose", "something-else")
    image.resign(image.entries[at][0])
    image.write()
    last = max(i for i, (e, _) in enumerate(image.entries) if e == image.entries[at][0])
    refused(vault, (last, "not signed by the key announced"))


@attack
def a1_edit_a_leaf_and_leave_the_signatures(range_):
    vault, image = range_.image()
    at = index_of(image, "intent")
    image.entries[at][1] = replace(image.entries[at][1], "purpose", "something-else")
    image.write()
    last = max(i for i, (e, _) in enumerate(image.entries) if e == image.entries[at][0])
    refused(vault, (last, "not those that the checkpoint signed"))


@attack
def a1_make_every_later_key_anew(range_):
    """Each checkpoint behind the edit then has its announced key; the first has not."""
    vault, image = range_.image()
    at = index_of(image, "intent")
    image.entries[at][1] = replace(image.entries[at][1], "purpose", "something-else")
    image.rekey(image.entries[at][0])
    image.write()
    last = max(i for i, (e, _) in enumerate(image.entries) if e == image.entries[at][0])
    faults = refused(vault, (last, "not signed by the key announced"))
    if len(faults) != 1:
        raise Broken(f"the one place where the chain breaks is not told alone: {faults}")


@attack
def a1_make_the_whole_log_anew(range_):
    """Own keys for the log and for everyone in it: a log of its own, in itself
    without fault. Only paper tells: cards and receipts are of another vault."""
    newest, (vault, image) = receipt(range_.image()[1]), range_.image()
    image.make_anew()
    image.write()
    vault.verify()
    for text, command in ((newest, ["receipt", "check"]),
                          (vault.cards[0].read_text(), ["card", "check"])):
        paper = vault.root / "paper.txt"
        paper.write_text(text)
        done = vault.run(*command, paper, want=4)
        if "another vault" not in done.err + done.out and "other-vault" not in done.out:
            raise Broken(f"{command}: paper of the true vault is not told from it: {done.out}")


@attack
def a2_delete_reorder_and_double_a_leaf(range_):
    for kind in ("delete", "swap", "double"):
        vault, image = range_.image()
        at = index_of(image, "exception")
        epoch = image.entries[at][0]
        if kind == "delete":
            del image.entries[at]
        elif kind == "swap":
            image.entries[at], image.entries[at - 1] = image.entries[at - 1], image.entries[at]
        else:
            image.entries.insert(at, list(image.entries[at]))
        image.renumber()
        image.resign(epoch)
        image.write()
        refused(vault, note=kind)


@attack
def a2_plant_rows_that_hide_an_edit(range_):
    """Rows of numbers below 0 come first, and fill no list behind which an edit stands."""
    for table in ("log_entry", "log_checkpoint"):
        vault, image = range_.image()
        at = index_of(image, "exception")

        def plant(db):
            db.executemany(f"INSERT INTO {table} VALUES (?, 0, x'00')",
                           [(-n,) for n in range(1, 1500)])
            body, = db.execute("SELECT body FROM log_entry WHERE idx = ?", (at,)).fetchone()
            db.execute("UPDATE log_entry SET body = ? WHERE idx = ?",
                       (bytes(body).replace(b"step ", b"stop ", 1), at))

        attacker.change_rows(image.db, plant)
        faults = refused(vault, (0, "of the number -1499"), (at, ""), note=table)
        if len(faults) > 10:
            raise Broken(f"{table}: {len(faults)} faults hide the edit")
    vault, image = range_.image()
    attacker.change_rows(image.db, lambda db: db.executemany(
        "INSERT INTO log_entry VALUES (?, 0, x'00')", [(10**6 + n,) for n in range(1500)]))
    refused(vault, (len(image.entries), "the entry is missing"))
    if not vault.run("log", "verify", want=5).json()["more"]:
        raise Broken("that the list of faults is cut is not said")


@attack
def a3_cut_the_last_commits(range_):
    vault = range_.copy()
    shutil.copy(range_.early.vault / "vault.sqlite", vault.vault / "vault.sqlite")
    refused(vault, note="the database alone")
    # The very last one is kept in log.key: it is put back, and named.
    vault = range_.copy()
    before = vault.entries()
    shutil.copy(range_.late.vault / "vault.sqlite", vault.vault / "vault.sqlite")
    vault.run(*vault.prove_args(), want=0)
    vault.verify()
    after = vault.entries()
    if after[: len(before)] != before:
        raise Broken("the last commit was not put back as it was")
    if not any(e["values"].get("decided") == "put back from log.key" for e in after):
        raise Broken("no entry says that a commit was put back")


@attack
def a3_cut_them_and_put_the_state_file_back(range_):
    newest = receipt(range_.image()[1])
    vault = range_.late.copy(range_.root / "late-2")
    caught_by_receipt(vault, newest)


@attack
def a3_die_between_signing_and_commit_then_roll_back(range_):
    """With the database as it was: the same bytes again. With an older one: refused."""
    for older in (False, True):
        vault = range_.copy()
        before = {e: n for e, (_, n) in Image(vault.vault).notes.items()}
        # Step 1 ends with the second fsync of the directory; step 2 begins with a journal.
        vault.run(*vault.prove_args(), wrap=[
            "strace", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,pwrite64", "-e",
            "inject=fdatasync,pwrite64:signal=SIGKILL:when=2"])
        key = lab.LogKey((vault.vault / "log.key").read_bytes())
        if key.state != 1:
            raise Broken("the commit is not in flight: this test kills at the wrong place")
        _, text = lab.record_checkpoint(key.record)
        if older:
            shutil.copy(range_.late.vault / "vault.sqlite", vault.vault / "vault.sqlite")
            for journal in vault.vault.glob("vault.sqlite-journal"):
                journal.unlink()
            vault.run("card", "list", want=5)
            key = lab.LogKey((vault.vault / "log.key").read_bytes())
            if lab.record_checkpoint(key.record)[1] != text or len(before) in lab.checkpoints(
                    vault.vault):
                raise Broken("an older database moved the commit that is in flight")
            continue
        twin = vault.copy(range_.root / "twin")
        for one in (vault, twin):
            one.run(*one.prove_args(), want=0)
        notes = [lab.checkpoints(one.vault) for one in (vault, twin)]
        epoch = len(before)
        if notes[0][epoch] != notes[1][epoch] or not notes[0][epoch].startswith(text):
            raise Broken("the checkpoint that was in flight was signed twice")


@attack
def a4_restore_a_whole_older_image(range_):
    newest = receipt(range_.image()[1])
    vault = range_.early.copy(range_.root / "early-2")
    caught_by_receipt(vault, newest)
    # It diverges: then the sizes may fit, and the roots do not.
    vault = range_.early.copy(range_.root / "early-3")
    for _ in range(4):
        vault.run(*vault.prove_args(), want=0)
    caught_by_receipt(vault, newest, word="")


@attack
def a5_plant_a_journal(range_):
    vault = range_.copy()
    want = vault.verify()
    journal = attacker.hot_journal(range_.late.vault / "vault.sqlite",
                                   vault.vault / "vault.sqlite")
    # The control: SQLite itself plays it, and the newest commits are gone.
    naive = range_.copy()
    (naive.vault / "vault.sqlite-journal").write_bytes(journal)
    if len(Image(naive.vault).entries) >= want["entries"]:
        raise Broken("the planted journal is not a hot one: this test proves nothing")
    (vault.vault / "vault.sqlite-journal").write_bytes(journal)
    done = vault.run("card", "list", want=0)
    if "was not played" not in done.err or vault.verify() != want:
        raise Broken(f"the planted journal is not reported, or was played: {done.err}")
    kept = list(vault.vault.glob("evidence-*/vault.sqlite-journal"))
    if (vault.vault / "vault.sqlite-journal").exists() or kept[0].read_bytes() != journal:
        raise Broken("the planted journal is not set aside as evidence")
    vault.run(*vault.prove_args(), want=0)
    named = [e for e in vault.entries() if e["event"] == "evidence-attached"]
    if [f"evidence-{e['values']['evidence']}" for e in named] != [kept[0].parent.name]:
        raise Broken("no entry names the evidence")
    if "evidence" in vault.run("card", "list", want=0).err:
        raise Broken("evidence that an entry names is still reported")


def naming_journal(database, victim):
    """A journal of one header and no page, which ends in the name of another
    file: SQLite takes that for the journal of several databases, and deletes it."""
    data = database.read_bytes()
    page = int.from_bytes(data[16:18], "big")
    magic, name = bytes.fromhex("d9d505f920a163d7"), str(victim).encode()
    head = magic + struct.pack(">IIIII", 0, 0, len(data) // page, 512, page)
    return head.ljust(512, b"\0") + struct.pack(">I", 0x40000000 // page + 1) + name + \
        struct.pack(">II", len(name), sum(name)) + magic


@attack
def a5_a_journal_that_names_another_file_deletes_nothing(range_):
    victim = range_.root / "victim"
    victim.write_text("precious")
    # The control: SQLite itself deletes it.
    naive = range_.copy()
    (naive.vault / "vault.sqlite-journal").write_bytes(naming_journal(naive.vault / "vault.sqlite",
                                                                      victim))
    Image(naive.vault)
    if victim.exists():
        raise Broken("the planted journal deletes nothing: this test proves nothing")
    victim.write_text("precious")
    # A commit in flight, which a journal of ours would take back.
    vault = range_.copy()
    vault.run(*vault.prove_args(), wrap=[
        "strace", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,pwrite64", "-e",
        "inject=fdatasync,pwrite64:signal=SIGKILL:when=2"])
    if lab.LogKey((vault.vault / "log.key").read_bytes()).state != 1:
        raise Broken("no commit is in flight: this test proves nothing")
    database = vault.vault / "vault.sqlite"
    (vault.vault / "vault.sqlite-journal").write_bytes(naming_journal(database, victim))
    vault.run(*vault.prove_args(), want=0)
    vault.verify()
    # An old vault of which a log is continued: only a copy without its journal counts.
    old = range_.copy()
    data = bytearray((old.vault / "vault.sqlite").read_bytes())
    data[data.find(b"event session-closed") + 6] ^= 1
    (old.vault / "vault.sqlite").write_bytes(data)
    (old.vault / "vault.sqlite-journal").write_bytes(naming_journal(old.vault / "vault.sqlite",
                                                                    victim))
    vault.vault = vault.root / "new"
    vault.run("log", "continue", "--from", old.vault, "--cause", "lost", "--confirm",
              "example.com/practice", *vault.cards, want=5)
    if not victim.exists():
        raise Broken("a planted journal had a file deleted")


@attack
def a5_switch_to_a_write_ahead_log_and_delete_it(range_):
    """SQLite alone would read on as if the newest commit had never been."""
    vault, image = range_.image()
    db = sqlite3.connect(image.db)
    if db.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
        raise Broken("the mode cannot be switched: this test proves nothing")
    db.close()
    for name in ("vault.sqlite-wal", "vault.sqlite-shm"):
        (vault.vault / name).unlink(missing_ok=True)
    if len(attacker.Image(vault.copy(range_.root / "wal").vault).entries) != len(image.entries):
        raise Broken("a naive reader is not fooled: this test proves nothing")
    refused(vault)


@attack
def a5_plant_a_write_ahead_log_or_swap_the_file(range_):
    for name in ("vault.sqlite-wal", "vault.sqlite-shm"):
        vault = range_.copy()
        (vault.vault / name).write_bytes(b"")
        refused(vault, note=name)
    for at in (18, 19):
        vault = range_.copy()
        with open(vault.vault / "vault.sqlite", "r+b") as file:
            file.seek(at)
            file.write(b"\2")
        refused(vault, note=f"header byte {at}")
        if list(vault.vault.glob("vault.sqlite-*")):
            raise Broken("SQLite was let at a file that asks for a write-ahead log")
    other = lab.Lab(vault.quorate, range_.root / "other")
    other.found()
    for name in ("vault.sqlite", "log.key"):
        vault = range_.copy()
        shutil.copy(other.vault / name, vault.vault / name)
        refused(vault, note=f"another vault's {name}")


@attack
def a5_put_what_is_no_file_in_a_files_place(range_):
    """Nobody waits for a pipe that nobody writes into, and a leftover stops no vault."""
    for name in ("log.key", "vault.sqlite"):
        vault = range_.copy()
        (vault.vault / name).unlink()
        os.mkfifo(vault.vault / name)
        for command in (["log", "verify"], ["log", "show"], vault.prove_args()):
            done = vault.run(*command, wrap=["timeout", "20"], want=1)
            if name not in done.err or "not a regular file" not in done.err:
                raise Broken(f"{command}: {done.err}")
    for make in (os.mkfifo, os.mkdir, lambda path: os.symlink("/etc/passwd", path)):
        vault = range_.copy()
        make(vault.vault / "log.key.new")
        vault.verify()
        vault.run(*vault.prove_args(), want=0)
        if os.path.lexists(vault.vault / "log.key.new"):
            raise Broken("the leftover is still there")
    if not os.path.getsize("/etc/passwd"):
        raise Broken("a link was followed")


@attack
def a5_let_two_tables_share_a_page(range_):
    """No row changes, and the next commit would write one table's rows into the other."""
    vault, image = range_.image()
    before = sqlite3.connect(image.db).execute("SELECT count(*) FROM grade").fetchone()
    db = sqlite3.connect(image.db)
    db.execute("PRAGMA writable_schema = ON")
    db.execute("UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema "
               "WHERE name = 'reg') WHERE name = 'grade'")
    db.commit()
    db.close()
    if sqlite3.connect(image.db).execute("SELECT count(*) FROM grade").fetchone() != before:
        raise Broken("the rows changed: this test shows nothing of the pages")
    refused(vault, (0, "share a page"))


@attack
def a5_list_a_page_in_use_as_free(range_):
    """No row changes, and the next commit may write over that page."""
    vault, image = range_.image()
    db = sqlite3.connect(image.db)
    in_use, = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'reg'").fetchone()
    db.close()
    file = image.db.read_bytes()
    planted = file[:32] + struct.pack(">II", in_use, 1) + file[40:]
    image.db.write_bytes(planted)
    refused(vault, (0, "free pages"))
    # A vault that has free pages, as one from which documents were erased, is none the worse.
    vault, image = range_.image()
    db = sqlite3.connect(image.db)
    db.executescript("CREATE TABLE filler (body BLOB); INSERT INTO filler VALUES (zeroblob(20000));"
                     "DROP TABLE filler;")
    db.close()
    vault.verify()
    vault.run("card", "list", want=0)
    file = bytearray(image.db.read_bytes())
    trunk, count = struct.unpack(">II", file[32:40])
    page_bytes = struct.unpack(">H", file[16:18])[0]
    first_leaf = (trunk - 1) * page_bytes + 8
    if count < 3:
        raise Broken("it has no free pages: this test shows nothing of their list")
    file[first_leaf:first_leaf + 4] = struct.pack(">I", in_use)
    image.db.write_bytes(file)
    refused(vault, (0, "free pages"))


@attack
def a6_back_date_and_insert(range_):
    vault, image = range_.image()
    at = index_of(image, "intent")
    image.entries[at][1] = replace(image.entries[at][1], "time", "2020-01-01T00:00:00Z")
    image.resign(image.entries[at][0])
    image.write()
    refused(vault, note="back-dated")
    vault, image = range_.image()
    epoch = image.entries[at][0]
    image.entries.insert(at, [epoch, image.entry(at, epoch, *note_of("planted"))])
    image.renumber()
    image.resign(epoch)
    image.write()
    refused(vault, note="inserted")


@attack
def a6_insert_an_epoch_between_two(range_):
    vault, image = range_.image()
    epoch = image.entries[index_of(image, "intent")][0]
    at = min(i for i, (e, _) in enumerate(image.entries) if e == epoch)
    for item in image.entries[at:]:
        item[0] += 1
    key = f"next-key {attacker.vkey(image.origin, attacker.LOG, attacker.sign(b'', image.seed)[0])}"
    image.entries[at:at] = [[epoch, image.entry(at, epoch, *note_of("planted"))],
                            [epoch, image.entry(at + 1, epoch, "checkpoint-key", [key])]]
    image.notes = {e + (e >= epoch): note for e, note in image.notes.items()}
    image.notes[epoch] = [0, b""]
    image.renumber()
    image.resign(epoch)
    image.write()
    refused(vault, (at + 1, "not signed by the key announced"))


@attack
def a6_turn_the_clock_back(range_):
    """A badge may write what its clock says; the order is the index, and it is told."""
    vault, image = range_.image()
    image.append([note_of("early")], time="2020-01-01T00:00:00Z")
    image.write()
    notices = vault.verify()["notices"]
    if not any(n["index"] == len(image.entries) - 2 and "goes back" in n["notice"]
               for n in notices):
        raise Broken(f"a time that goes back is not told: {notices}")


@attack
def a7_clone_and_diverge(range_):
    one, two = range_.copy(), range_.copy()
    for vault, times in ((one, 1), (two, 2)):
        for _ in range(times):
            vault.run(*vault.prove_args(), want=0)
    caught_by_receipt(two, receipt(Image(one.vault)), word="does not continue")
    caught_by_receipt(one, receipt(Image(two.vault)))


@attack
def a8_skip_empty_and_double_an_epoch(range_):
    vault, image = range_.image()
    image.append([note_of("skipped")], epoch=len(image.notes) + 1)
    image.write()
    refused(vault, (len(image.entries) - 2, "is missing"), note="skipped")

    vault, image = range_.image()
    epoch = len(image.notes)
    image.notes[epoch] = [len(image.entries), image.note(len(image.entries))]
    image.write()
    refused(vault, (len(image.entries), "without its entries"), note="empty")

    vault, image = range_.image()
    epoch = len(image.notes) - 1
    image.append([note_of("doubled")], epoch=epoch)
    image.write()
    refused(vault, (len(image.entries) - 2, "after the epoch's last"), note="doubled")


@attack
def a8_remove_two_neighbours(range_):
    vault, image = range_.image()
    at = index_of(image, "exception")
    image.entries[at] = image.entries[at + 1] = None
    image.write_db()
    refused(vault, (at, "missing"), (at + 1, "missing"))


@attack
def a8_remove_one_checkpoint(range_):
    """One fault, not one for every checkpoint behind it."""
    vault, image = range_.image()
    del image.notes[2]
    image.write_db()
    last = max(i for i, (e, _) in enumerate(image.entries) if e == 2)
    faults = refused(vault, (last, "has no checkpoint"))
    if len(faults) != 1:
        raise Broken(f"one checkpoint is gone, and {len(faults)} faults are told: {faults}")


def rewrite_note(image, epoch, lines):
    text, _, _ = image.notes[epoch][1].partition(b"\n\n")
    image.notes[epoch][1] = text + b"\n\n" + b"".join(lines)


@attack
def a9_strip_and_forge_signatures(range_):
    other = Image(range_.base.copy(range_.root / "foreign").vault)
    for epoch_of in (lambda i: max(i.notes), lambda i: 2):
        for kind in ("strip", "strip-log", "id", "twice", "type", "foreign", "own"):
            vault, image = range_.image()
            epoch = epoch_of(image)
            text, _, rest = image.notes[epoch][1].partition(b"\n\n")
            text += b"\n"
            mine, cosigned = rest.splitlines(keepends=True)
            name = f"{image.origin}/{image.person}"
            if kind == "strip":
                lines = [mine]
            elif kind == "strip-log":
                lines = [cosigned]
            elif kind == "id":
                raw = bytearray(attacker.base64.b64decode(cosigned.split()[2]))
                raw[0] ^= 1
                lines = [mine, b" ".join([*cosigned.split()[:2],
                                          attacker.base64.b64encode(raw)]) + b"\n"]
            elif kind == "twice":
                public, signature = attacker.sign(b"cosignature/v1\ntime 9\n" + text, image.badge)
                again = attacker.signature_line(name, 4, public,
                                                (9).to_bytes(8, "big") + signature)
                lines = [mine, cosigned, again]
            elif kind == "type":
                public, signature = attacker.sign(text, image.badge)
                lines = [mine, attacker.signature_line(name, 4, public, signature + bytes(8))]
            elif kind == "foreign":
                lines = other.notes[1][1].partition(b"\n\n")[2].splitlines(keepends=True)
            else:
                seed = os.urandom(32)
                public, signature = attacker.sign(b"cosignature/v1\ntime 9\n" + text, seed)
                lines = [mine, attacker.signature_line(name, 4, public,
                                                       (9).to_bytes(8, "big") + signature)]
            rewrite_note(image, epoch, lines)
            image.write()
            vault.run(*vault.prove_args(), want=5)
            faults = vault.run("log", "verify", want=5).json()["faults"]
            if not any(f["epoch"] == epoch for f in faults):
                raise Broken(f"{kind}: no fault of epoch {epoch}: {faults}")


@attack
def a9_take_a_cosignature_from_a_close(range_):
    """Two people's badges stand under each close. The attacker has one of them."""
    base = lab.Lab(range_.base.quorate, range_.root / "two")
    base.policy.write_text(json.dumps({**lab.POLICY, "cosignatures": 2}))
    base.answers["badges"] = {lab.OPERATOR: lab.PASSPHRASE, "custodian-p1": "eleven slow trains"}
    base.found()
    base.run(*base.prove_args(), want=0)
    base.run(*base.prove_args(), want=0)
    if base.verify()["notices"]:
        raise Broken(f"notices without an attack: {base.verify()}")
    for turn, kind in enumerate(("strip", "twice", "own", "other", "unnamed")):
        for last in (True, False):
            vault = base.copy(range_.root / f"two-{turn}-{last}")
            image = Image(vault.vault)
            epoch = max(image.notes) - (0 if last else 1)
            text, _, rest = image.notes[epoch][1].partition(b"\n\n")
            mine, operators, custodians = rest.splitlines(keepends=True)
            name = f"{image.origin}/custodian-p1"
            message = b"cosignature/v1\ntime 9\n" + text + b"\n"
            public, signature = attacker.sign(message, os.urandom(32))
            own = attacker.signature_line(name, 4, public, (9).to_bytes(8, "big") + signature)
            stranger = attacker.signature_line(f"{image.origin}/nobody", 4, public,
                                               (9).to_bytes(8, "big") + signature)
            public, signature = attacker.sign(message, image.badge)
            again = attacker.signature_line(f"{image.origin}/{image.person}", 4, public,
                                            (9).to_bytes(8, "big") + signature)
            other = image.notes[epoch - 1][1].splitlines(keepends=True)[-1]
            lines = {"strip": [mine, operators], "twice": [mine, operators, again],
                     "own": [mine, operators, own], "other": [mine, operators, other],
                     "unnamed": [mine, operators, custodians, stranger]}[kind]
            rewrite_note(image, epoch, lines)
            image.write()
            vault.run(*vault.prove_args(), want=5)
            faults = [f["fault"] for f in vault.run("log", "verify", want=5).json()["faults"]
                      if f["epoch"] == epoch]
            wanted = {"strip": "lacks the cosignature of custodian-p1",
                      "other": "cosignature of example.com/practice/custodian-p1 is not one" if
                               not last else "line of example.com/practice/custodian-p1 that is no",
                      }.get(kind, "that is no good signature of a badge in force")
            if not any(wanted in fault for fault in faults):
                raise Broken(f"{kind}: no fault of epoch {epoch}: {faults}")


@attack
def a9_say_that_the_badge_was_missing(range_):
    """What a close leaves out, it says: an exception, and a notice of every verification."""
    base = lab.Lab(range_.base.quorate, range_.root / "one-of-two")
    base.policy.write_text(json.dumps({**lab.POLICY, "cosignatures": 2}))
    base.found()
    base.run(*base.prove_args(), want=0)
    for excepted in (True, False):
        vault = base.copy(range_.root / f"one-of-two-{excepted}")
        image = Image(vault.vault)
        exception = ("exception", ["step close-session", "expected 2", "happened 1", "decided so"])
        digest = next(fields(b)["minutes"] for _, b in image.entries
                      if fields(b)["event"] == "session-closed")
        close = ("session-closed", [f"minutes {digest}", f"present {image.person}"])
        image.append([*[exception] * excepted, close])
        image.write()
        if not excepted:
            refused(vault, (len(image.entries) - 1, "needs the cosignatures of 2 people, and 1"))
            continue
        notices = vault.verify()["notices"]
        said = f"1 of 2 cosigned; exception at entry {len(image.entries) - 3}"
        if not any(n["notice"] == said for n in notices):
            raise Broken(f"no notice {said}: {notices}")


@attack
def a9_a_receipt_that_no_known_badge_cosigned_is_refused(range_):
    vault, image = range_.image()
    image.append([note_of("ahead")])
    image.badge = os.urandom(32)
    image.notes[max(image.notes)][1] = image.note(len(image.entries))
    caught_by_receipt(vault, receipt(image), status=4, word="no known badge")


def main():
    quorate, names = sys.argv[1], sys.argv[2:]
    lab.need("strace")
    broken = 0
    with lab.scratch() as place:
        range_ = Range(quorate, lab.pathlib.Path(place) / "range")
        for function in ATTACKS:
            if names and function.__name__ not in names:
                continue
            try:
                function(range_)
                print(f"held: {function.__name__}")
            except Broken as why:
                broken += 1
                print(f"BROKEN: {function.__name__}: {why}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
