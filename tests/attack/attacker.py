"""What an attacker can do who has the laptop: both files, and one operator's
badge. Nothing here uses the tool: SQLite, SHA-256 and libsodium only."""
import base64
import hashlib
import os
import pathlib
import re
import sqlite3
import struct
import sys

import nacl.bindings as sodium
import nacl.pwhash.argon2id as argon2id

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "fault"))
import lab  # noqa: E402

LOG, COSIGN = 1, 4


def leaf(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + root(leaves[:k]) + root(leaves[k:])).digest()


def key_id(name, kind, public):
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def vkey(name, kind, public):
    return "%s+%s+%s" % (name, key_id(name, kind, public).hex(),
                         base64.b64encode(bytes([kind]) + public).decode())


def signature_line(name, kind, public, signature):
    text = base64.b64encode(key_id(name, kind, public) + signature).decode()
    return f"\u2014 {name} {text}\n".encode()


def sign(message, seed):
    public, key = sodium.crypto_sign_seed_keypair(seed)
    return public, sodium.crypto_sign(message, key)[:64]


def fields(entry):
    return dict(line.split(" ", 1) for line in entry.decode().splitlines()[1:] if " " in line)


def replace(entry, key, value):
    lines = [f"{key} {value}" if line.startswith(key + " ") else line
             for line in entry.decode().splitlines()]
    return ("\n".join(lines) + "\n").encode()


def change_rows(file, change):
    """The triggers go, rows are changed, and the triggers come back as they were."""
    db = sqlite3.connect(file)
    db.execute("PRAGMA writable_schema = ON")
    triggers = db.execute("SELECT rowid, type, name, tbl_name, rootpage, sql FROM "
                          "sqlite_schema WHERE type = 'trigger'").fetchall()
    db.execute("DELETE FROM sqlite_schema WHERE type = 'trigger'")
    db.commit()
    db.close()
    db = sqlite3.connect(file)
    change(db)
    db.commit()
    db.execute("PRAGMA writable_schema = ON")
    db.executemany("INSERT INTO sqlite_schema (rowid, type, name, tbl_name, rootpage, sql) "
                   "VALUES (?, ?, ?, ?, ?, ?)", triggers)
    db.commit()
    db.close()


class Image:
    """A vault's files in the attacker's hands."""

    def __init__(self, folder, passphrase=lab.PASSPHRASE, person=lab.OPERATOR):
        self.folder, self.person = pathlib.Path(folder), person
        self.renamed = {}  # keys of people that were exchanged, in the view of badges too
        self.db = self.folder / "vault.sqlite"
        self.read()
        self.open_badge(passphrase)
        self.open_keys()

    def read(self):
        db = sqlite3.connect(self.db)
        self.entries = [[e, bytes(b)] for e, b in
                        db.execute("SELECT epoch, body FROM log_entry ORDER BY idx")]
        self.notes = {e: [s, bytes(n)] for e, s, n in
                      db.execute("SELECT epoch, size, note FROM log_checkpoint")}
        self.badges = [bytes(b) for b, in
                       db.execute("SELECT body FROM document WHERE kind = 'badge'")]
        db.close()
        self.origin = fields(self.entries[0][1])["log"]
        self.key = lab.LogKey((self.folder / "log.key").read_bytes())

    def open_badge(self, passphrase):
        for badge in self.badges:
            n = 2 + badge[1]
            if badge[2:n].decode() != self.person:
                continue
            salt, nonce, box = badge[n + 1: n + 17], badge[n + 17: n + 41], badge[n + 41:]
            key = argon2id.kdf(32, passphrase.encode(), salt, opslimit=1, memlimit=8 << 20)
            self.badge = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
                box, b"quorate/badge/v1" + badge[: n + 17], nonce, key)

    def open_keys(self):
        public, key = sodium.crypto_sign_seed_keypair(self.badge)
        self.state_key = sodium.crypto_box_seal_open(
            self.key.wraps[self.person], sodium.crypto_sign_ed25519_pk_to_curve25519(public),
            sodium.crypto_sign_ed25519_sk_to_curve25519(key))
        seeds = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
            self.key.sealed, self.key.clear, self.key.nonce, self.state_key)
        self.seed = seeds[:32]

    # ---- making things again ----

    def text(self, size):
        leaves = [leaf(b) for _, b in self.entries[:size]]
        return f"{self.origin}\n{size}\n{base64.b64encode(root(leaves)).decode()}\n".encode()

    def note(self, size, seed=None, time_s=1_800_000_000):
        """A checkpoint signed with a key the attacker has, cosigned by the badge."""
        text = self.text(size)
        public, signature = sign(text, seed or self.seed)
        note = text + b"\n" + signature_line(self.origin, LOG, public, signature)
        name = f"{self.origin}/{self.person}"
        public, signature = sign(b"cosignature/v1\ntime %d\n" % time_s + text, self.badge)
        return note + signature_line(name, COSIGN, public, struct.pack(">Q", time_s) + signature)

    def renumber(self):
        """Every entry says the place where it now stands."""
        for i, item in enumerate(self.entries):
            item[1] = replace(replace(item[1], "index", i), "epoch", item[0])

    def resign(self, first_epoch):
        """Every checkpoint from an epoch on, with the one key that is left."""
        for epoch in sorted(self.notes):
            if epoch >= first_epoch:
                size = sum(1 for e, _ in self.entries if e <= epoch)
                self.notes[epoch] = [size, self.note(size)]

    def rekey(self, first_epoch):
        """New keys for the log from an epoch on; the first of its checkpoints can
        only be signed with the one key that is left."""
        seed = self.seed
        for epoch in sorted(e for e in self.notes if e >= first_epoch):
            last = max(i for i, (e, _) in enumerate(self.entries) if e == epoch)
            following = os.urandom(32)
            public, _ = sodium.crypto_sign_seed_keypair(following)
            self.entries[last][1] = replace(self.entries[last][1], "next-key",
                                            vkey(self.origin, LOG, public))
            self.notes[epoch] = [last + 1, self.note(last + 1, seed)]
            seed = following
        self.seed = seed

    def make_anew(self):
        """Every key is the attacker's own, from the genesis on: the log's and those
        of all people."""
        badges = {}

        def own(match):
            seed = badges.setdefault(match[2].decode(), os.urandom(32))
            public, _ = sodium.crypto_sign_seed_keypair(seed)
            self.renamed[match[0].decode()] = vkey(match[1].decode(), COSIGN, public)
            return self.renamed[match[0].decode()].encode()

        self.seed = os.urandom(32)
        first, _ = sodium.crypto_sign_seed_keypair(self.seed)
        mine = re.compile(rb"(%s/([a-z0-9._-]+))\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+"
                          % re.escape(self.origin.encode()))
        for item in self.entries:
            item[1] = mine.sub(own, item[1])
        self.badge = badges[self.person]
        self.entries[0][1] = replace(self.entries[0][1], "first-key",
                                     vkey(self.origin, LOG, first))
        self.key.vault_id = leaf(self.entries[0][1])[:12]
        self.rekey(0)

    def entry(self, index, epoch, event, lines, time="2026-01-02T03:04:05Z"):
        return "".join(f"{line}\n" for line in [
            "quorate/entry/v1", f"log {self.origin}", f"index {index}", f"epoch {epoch}",
            f"time {time}", f"event {event}", f"actor {self.person}", *lines,
            f"salt {os.urandom(16).hex()}"]).encode()

    def append(self, bodies, time="2026-01-02T03:04:05Z", epoch=None):
        """A commit as the tool makes it: what a holder of the badge may do."""
        epoch = len(self.notes) if epoch is None else epoch
        seed = os.urandom(32)
        public, _ = sodium.crypto_sign_seed_keypair(seed)
        for event, lines in [*bodies, ("checkpoint-key",
                                       [f"next-key {vkey(self.origin, LOG, public)}"])]:
            self.entries.append([epoch, self.entry(len(self.entries), epoch, event, lines, time)])
        self.notes[epoch] = [len(self.entries), self.note(len(self.entries))]
        self.seed = seed

    # ---- putting it back ----

    def write_db(self):
        """The log's rows as they now are."""
        def write(db):
            db.executemany("UPDATE badge SET vkey = ?2 WHERE vkey = ?1", self.renamed.items())
            db.execute("DELETE FROM log_entry")
            db.execute("DELETE FROM log_checkpoint")
            for index, row in enumerate(self.entries):
                if row is not None:
                    db.execute("INSERT INTO log_entry VALUES (?, ?, ?)", (index, *row))
            for epoch, row in self.notes.items():
                db.execute("INSERT INTO log_checkpoint VALUES (?, ?, ?)", (epoch, *row))
        change_rows(self.db, write)

    def write_key(self):
        """log.key as the tool would leave it behind the last epoch."""
        size, note = self.notes[max(self.notes)]
        public, _ = sodium.crypto_sign_seed_keypair(self.seed)
        leaves = [leaf(b) for _, b in self.entries[:size]]
        clear = (b"quorate/state/v1" + self.key.vault_id
                 + struct.pack(">QQ", max(self.notes) + 1, size) + root(leaves) + public
                 + b"\0\0" + struct.pack(">I", len(note)) + note + struct.pack(">I", 0)
                 + bytes([len(self.key.wraps)]))
        for person, box in self.key.wraps.items():
            clear += bytes([len(person)]) + person.encode() + box
        nonce = os.urandom(24)
        box = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(self.seed, clear, nonce,
                                                                self.state_key)
        (self.folder / "log.key").write_bytes(clear + nonce + box)

    def write(self):
        self.write_db()
        self.write_key()


def receipt(image, epoch=None):
    """What a custodian took home: QUORATE1:R: and a Base32 of the checkpoint."""
    epoch = max(image.notes) if epoch is None else epoch
    data = b"\1" + image.key.vault_id + struct.pack(">Q", epoch) + image.notes[epoch][1]
    return "QUORATE1:R:" + base64.b32encode(data).decode().rstrip("=")


def hot_journal(older, newer):
    """A rollback journal that turns the newer file into the older one."""
    old, new = pathlib.Path(older).read_bytes(), pathlib.Path(newer).read_bytes()
    page = int.from_bytes(new[16:18], "big")
    page = 65536 if page == 1 else page
    pages = [i for i in range(len(old) // page)
             if old[i * page:(i + 1) * page] != new[i * page:(i + 1) * page]]
    nonce = 7
    journal = bytes.fromhex("d9d505f920a163d7") + struct.pack(
        ">IIIII", len(pages), nonce, len(old) // page, 512, page)
    journal = journal.ljust(512, b"\0")
    for i in pages:
        data = old[i * page:(i + 1) * page]
        checksum = nonce + sum(data[at] for at in range(page - 200, 0, -200))
        journal += struct.pack(">I", i + 1) + data + struct.pack(">I", checksum & 0xFFFFFFFF)
    return journal
