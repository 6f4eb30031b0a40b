"""Writes logs as a vault's would be, without any code of the vault's: keys, entries,
checkpoints, cosignatures, by docs/formats/log.md. A log is a list of epochs, each a list
of entries and of who cosigns, so that a test can break any rule and still sign honestly."""
import base64
import copy
import hashlib
import json
import os
import pathlib
import re
import shutil
import sqlite3
import struct
import tempfile
import urllib.parse

import nacl.bindings as sodium

ORIGIN = "example.com/story"
ACCOUNT = "123456789012"
OPERATORS = ("operator-1", "operator-2")
GROUPS = {"mfa": ("custodian-m1", "custodian-m2"),
          "password": ("custodian-p1", "custodian-p2", "custodian-p3")}
PEOPLE = (*OPERATORS, *GROUPS["mfa"], *GROUPS["password"], "witness-1")
SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "schemas" / "vault.sql"
LOG, COSIGN = 1, 4
AUTHORITY = "authority of both quorums"  # a line to be signed when its entry has its place; with
                                        # " 2" behind it by the quorums of that generation
EVIDENCE = "evidence of the old file"  # one to be filled in when that file is written


def scratch():
    """A directory of its own, in memory where that is possible: the command syncs what it reads."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    return tempfile.TemporaryDirectory(prefix="quorate-test-", dir=place)


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf(entry):
    return sha256(b"\0" + entry)


def root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + root(leaves[:k]) + root(leaves[k:]))


def seed_of(name):
    return sha256(b"story " + name.encode())


def public_of(name):
    return sodium.crypto_sign_seed_keypair(seed_of(name))[0]


def key_id(name, kind, public):
    return sha256(name.encode() + b"\n" + bytes([kind]) + public)[:4]


def vkey(name, kind, public):
    key = base64.b64encode(bytes([kind]) + public).decode()
    return f"{name}+{key_id(name, kind, public).hex()}+{key}"


def badge(person, origin=ORIGIN):
    """A person's, with the first key or, of (person, name of a key), with that one."""
    person, key = person if isinstance(person, tuple) else (person, person)
    return vkey(f"{origin}/{person}", COSIGN, public_of(key))


def line(name, kind, public, signature):
    text = base64.b64encode(key_id(name, kind, public) + signature).decode()
    return f"\u2014 {name} {text}\n".encode()


def sign(name, message):
    public, secret = sodium.crypto_sign_seed_keypair(seed_of(name))
    return public, sodium.crypto_sign(message, secret)[:64]


def log_line(text, key_name, origin=ORIGIN):
    public, signature = sign(key_name, text)
    return line(origin, LOG, public, signature)


def authority(text, name="authority"):
    signature = sign(name, b"quorate/authority/v1" + text.encode())[1]
    return f"authority {base64.b64encode(signature).decode()}"


def cosign_line(text, person, origin=ORIGIN, time_s=1_800_000_000):
    """A person's, with the first key or, of (person, name of a key), with that one."""
    person, key = person if isinstance(person, tuple) else (person, person)
    public, signature = sign(key, b"cosignature/v1\ntime %d\n" % time_s + text)
    return line(f"{origin}/{person}", COSIGN, public, struct.pack(">Q", time_s) + signature)


class Step:
    """One entry to be: an event and its lines, in the schema's order."""

    def __init__(self, event, *lines, actor=OPERATORS[0]):
        self.event, self.lines, self.actor = event, [str(text) for text in lines], actor
        self.time = "2026-01-02T03:04:05Z"


class Epoch:
    def __init__(self, *steps, cosigners=OPERATORS[:1]):
        self.steps, self.cosigners = list(steps), list(cosigners)
        self.spoil = None  # a function of (text, lines) that gives other lines
        self.later = []  # people who cosign after the commit

    @property
    def later_keys(self):
        """person -> the name of their key, where it is not their first."""
        return dict(who for who in self.later if isinstance(who, tuple))


class Story:
    """A log and its documents."""

    def __init__(self, practice=True, second=False, cosignatures=1, origin=ORIGIN):
        self.origin, self.former = origin, None
        self.documents = {}
        self.items = 2  # of one account
        self.epochs = []
        self.practice, self.second, self.cosignatures = practice, second, cosignatures
        self.both = OPERATORS if second else OPERATORS[:1]

    def document(self, kind, body):
        self.documents[sha256(body)] = (kind, body)
        return sha256(body).hex()

    def add(self, *steps, cosigners=OPERATORS[:1]):
        self.epochs.append(Epoch(*steps, cosigners=cosigners))

    # ---- an honest history ----

    def found(self, accounts=1):
        roles = {p: "operator" if p in OPERATORS else "witness" if p == "witness-1" else "custodian"
                 for p in PEOPLE}
        self.add(Step("genesis", *(["practice yes"] if self.practice else []),
                      f"policy {self.document('policy', b'{}')}",
                      *sorted(f"person {p} {roles[p]} {badge(p)}" for p in PEOPLE),
                      *(f"group {g} 2 {','.join(GROUPS[g])}" for g in sorted(GROUPS)),
                      f"cosignatures {self.cosignatures}", *(["second yes"] if self.second else []),
                      f"first-key {vkey(self.origin, LOG, public_of('log 0'))}"),
                 *(Step("badge-issued", f"person {p}", f"vkey {badge(p)}", "form passphrase",
                        f"stored {self.document('badge', b'badge of ' + p.encode())}")
                   for p in OPERATORS), cosigners=self.both)
        self.open_session()
        self.add(Step("intent", "ceremony found"))
        names = [ACCOUNT] + [f"account-{n}" for n in range(1, accounts)]
        steps = [Step("account-added", f"account {n}", "name Management", "email root@example.com")
                 for n in names]
        check = [f"{key} {sha256(key.encode()).hex()}" for key in
                 ("key-check", "group-check-password", "group-check-mfa", "deposit-key",
                  "recovery-key")]
        check.append(f"authority-key {public_of('authority').hex()}")
        steps.append(Step("key-created", "generation 1", "identifier 77", *check))
        serial = 0
        for group in ("password", "mfa"):
            steps.append(Step("edition-created", "generation 1", f"group {group}", "edition 1",
                              "threshold 2", f"issuing-key {sha256(group.encode()).hex()}"))
            for member, custodian in enumerate(GROUPS[group]):
                serial += 1
                steps.append(Step("card-created", "generation 1", f"group {group}", "edition 1",
                                  f"serial {serial}", f"member-index {member}",
                                  f"custodian {custodian}",
                                  f"commitment {sha256(b'card %d' % serial).hex()}"))
        items = 0
        for name in names:
            for kind in ("password", "totp"):
                items += 1
                text = self.document("item", f"{name} {kind}".encode())
                steps.append(Step("item-sealed", f"account {name}", f"kind {kind}",
                                  f"serial {items}", "generation 1", f"ciphertext {text}"))
        self.add(*steps, Step("credential-confirmed", f"account {ACCOUNT}", "kind password",
                              "serial 1", "how typed"), cosigners=self.both)
        for number in range(1, serial + 1):
            self.add(Step("card-issued", f"serial {number}"))
            self.add(Step("card-proved", f"serial {number}", "how code", "result accepted"),
                     Step("bag-sealed", f"bag bag-{number}", f"serial {number}", "site site-1",
                          "safe safe-1"))
        self.add(Step("outcome", f"intent {self.index_of('intent')}", "result done"))
        self.close_session("founding")
        return self

    def index_of(self, event):
        """The index of the last entry of an event."""
        place, found = 0, None
        for epoch in self.epochs:
            for step in epoch.steps:
                found = place if step.event == event else found
                place += 1
            place += 1  # its checkpoint-key
        return found

    def keep(self):
        """Years of a bag: moved, checked, found broken; its card taken once more, then void, and
        destroyed; and a device's bag, found to be another."""
        self.add(Step("bag-sealed", "bag N 1", "serial 1", "site site-2", "safe safe-1",
                      "witness witness-1"),
                 Step("bag-moved", "bag N 1", "site site-1", "safe safe-1"))
        self.add(Step("seal-checked", "bag N 1", "result whole", "person custodian-m1"),
                 Step("seal-checked", "bag bag-2", "result missing"),
                 Step("bag-sealed", "bag d/1", f"account {ACCOUNT}", "site site-1", "safe safe-2"),
                 Step("seal-checked", "bag d/1", "result wrong-number", "seen D-2"),
                 Step("bag-sealed", "bag D-3", f"account {ACCOUNT}", "site site-1", "safe safe-2"),
                 Step("seal-checked", "bag D-3", "result broken"))
        self.open(suspect=(2,), what=())
        self.add(Step("card-voided", "serial 2", "reason its bag is gone"), cosigners=OPERATORS)
        self.add(Step("card-destroyed", "serial 2", "witness custodian-m1", "witness witness-1"))

    def open_session(self):
        second = [f"second {OPERATORS[1]}"] if self.second else []
        self.add(Step("session-opened", *second, f"present {OPERATORS[0]}", "clock-offset-s 0",
                      "release Debian%C2%A012"), cosigners=self.both)

    def close_session(self, minutes):
        present = OPERATORS if self.cosignatures > 1 or self.second else OPERATORS[:1]
        self.add(Step("exception", "step receipt", "expected a receipt", "happened nobody had one",
                      "decided to go on"))
        self.add(Step("session-closed", f"minutes {self.document('minutes', minutes.encode())}",
                      *(f"present {p}" for p in present)),
                 cosigners=present)

    def open(self, serials=(1, 2, 4, 5), what=("code", "password"), result="done",
             suspect=()):
        self.open_session()
        self.add(Step("intent", "ceremony open", f"account {ACCOUNT}", "purpose close-account",
                      *(f"show {w}" for w in what)))
        intent = self.index_of("intent")
        for serial in serials:
            self.add(Step("card-accepted", f"intent {intent}", f"serial {serial}", "how code",
                          "result accepted", *(["suspect yes"] if serial in suspect else [])))
        kinds = {"password": ("password", 1), "code": ("totp", 2)}
        shown = [Step("secret-shown", f"intent {intent}", f"account {ACCOUNT}",
                      f"kind {kinds[w][0]}", f"serial {kinds[w][1]}", f"what {w}", "to screen")
                 for w in what] if result == "done" else []
        self.add(Step("outcome", f"intent {intent}", f"result {result}"), *shown)
        if shown:
            self.add(Step("secret-hidden", f"intent {intent}", *(f"what {w}" for w in what),
                          "duration-s 30", "seen-by custodian-p1"))
        self.close_session(f"opening {intent}")

    def cards_made(self):
        """How many there are."""
        return sum(step.event == "card-created" for epoch in self.epochs for step in epoch.steps)

    def quorum(self, ceremony, group, serials):
        """A session in which a group's cards come; the intent's index and what was said of them."""
        self.open_session()
        self.add(Step("intent", f"ceremony {ceremony}", f"group {group}", "purpose a leaver"))
        intent = self.index_of("intent")
        return intent, [Step("card-accepted", f"intent {intent}", f"serial {serial}", "how code",
                             "result accepted") for serial in serials]

    def reissue(self, group, serials, edition=2, issued=None, members=None):
        """A group split anew, perhaps for others; broken off after so many cards, if that is said."""
        intent, steps = self.quorum("reissue", group, serials)
        first = self.cards_made() + 1
        if members:
            steps.append(self.policy_changed(f"others {intent}".encode(), {group: members}))
        members = members or GROUPS[group]
        steps.append(Step("edition-created", "generation 1", f"group {group}", f"edition {edition}",
                          "threshold 2", f"issuing-key {sha256(b'%d' % first).hex()}"))
        for member, custodian in enumerate(members):
            steps.append(Step("card-created", "generation 1", f"group {group}", f"edition {edition}",
                              f"serial {first + member}", f"member-index {member}",
                              f"custodian {custodian}",
                              f"commitment {sha256(b'card %d' % (first + member)).hex()}"))
        self.add(*steps, cosigners=OPERATORS)
        self.hand_over(intent, [first + n for n in range(len(members))], issued)
        return first

    def replace(self, serial, group, member, serials, edition=1, issued=None):
        """The share of a damaged card on another."""
        intent, steps = self.quorum("replace", group, serials)
        new = self.cards_made() + 1
        steps.append(Step("card-created", "generation 1", f"group {group}", f"edition {edition}",
                          f"serial {new}", f"member-index {member}",
                          f"custodian {GROUPS[group][member]}",
                          f"commitment {sha256(b'card %d' % new).hex()}", f"replaces {serial}",
                          f"issuing-key {sha256(b'%d' % new).hex()}"))
        self.add(*steps)
        self.hand_over(intent, [new], issued)
        return new

    def hand_over(self, intent, serials, issued):
        count = len(serials) if issued is None else issued
        for number, serial in enumerate(serials[:count]):
            last = [Step("outcome", f"intent {intent}", "result done")]
            self.add(Step("card-issued", f"serial {serial}"),
                     *(last if number + 1 == len(serials) else []))
            self.add(Step("card-proved", f"serial {serial}", "how code", "result accepted"))
        if count < len(serials):
            self.add(Step("outcome", f"intent {intent}", "result abandoned"))
        self.close_session(f"new cards {intent}")

    def sit(self, *steps, present=OPERATORS, leave=()):
        """A session that lasts, with a commit for each of these steps; `leave` are not at its close."""
        second = [f"second {OPERATORS[1]}"] if self.second else []
        self.add(Step("session-opened", "lasts yes", *second, *(f"present {p}" for p in sorted(present)),
                      "clock-offset-s -3", "release Debian%C2%A012"), cosigners=self.both)
        for step in steps:
            self.add(step)
        self.add(Step("session-closed", f"minutes {self.document('minutes', b'sitting')}",
                      *(f"present {p}" for p in sorted(set(present) - set(leave))),
                      *(f"badge-missing {p}" for p in sorted(set(present) - set(leave) - set(OPERATORS)))),
                 cosigners=OPERATORS)

    def drill(self, level="full", group=None, serials=(1, 2, 4, 5), failed=(), result="done",
              action=None):
        """A drill, every card that came graded, and who held it; `failed` are cards refused."""
        self.open_session()
        self.add(Step("intent", "ceremony drill", f"level {level}",
                      *([f"group {group}"] if group else [])))
        intent = self.index_of("intent")
        self.add(*(Step("card-accepted", f"intent {intent}", f"serial {serial}", "how code",
                        "result accepted") for serial in serials),
                 *(Step("card-refused", f"intent {intent}", f"serial {serial}", "reason void")
                   for serial in failed))
        grades = [*((serial, "good") for serial in serials), *((serial, "failed") for serial in failed),
                  ("custodian-p1", "ready"), ("custodian-m1", "absent")]
        steps = [Step("drill-graded", f"intent {intent}", f"subject {subject}", f"grade {grade}")
                 for subject, grade in grades]
        if action:
            steps.append(Step("action-opened", f"action {action}", "owner operator-1",
                              "due 2026-05-31", "text print card 2 anew"))
        self.add(*steps, Step("outcome", f"intent {intent}", f"result {result}"))
        self.close_session(f"drill {intent}")

    def drill_seals(self, *seen, grades=None, result="done"):
        """A tour of the safes: (bag, card or None, result) of each that was looked at."""
        self.open_session()
        self.add(Step("intent", "ceremony drill", "level seals"))
        intent = self.index_of("intent")
        if grades is None:
            grades = [(card, "good" if found == "whole" else "failed") for _, card, found in seen if card]
        self.add(*(Step("seal-checked", f"bag {bag}", f"result {found}", "person witness-1")
                   for bag, _, found in seen),
                 *(Step("drill-graded", f"intent {intent}", f"subject {subject}", f"grade {grade}")
                   for subject, grade in (*grades, ("witness-1", "ready"))),
                 Step("outcome", f"intent {intent}", f"result {result}"))
        self.close_session(f"drill {intent}")

    def close_action(self, number):
        self.add(Step("action-closed", f"action {number}", "text it was printed"))

    def deposit(self, serial, kind="password", account=ACCOUNT):
        text = self.document("deposit", f"deposit {serial}".encode())
        self.add(Step("item-deposited", f"account {account}", f"kind {kind}", f"serial {serial}",
                      "generation 1", f"ciphertext {text}"))
        return self.index_of("item-deposited")

    def adopt(self, deposits, refused=()):
        """An opening that takes over (entry, serial, kind, serial of the item before or None), and
        refuses others by their entry."""
        self.open_session()
        self.add(Step("intent", "ceremony open", f"account {ACCOUNT}", "purpose drill"))
        intent, steps = self.index_of("intent"), []
        for serial in (1, 2, 4, 5):
            steps.append(Step("card-accepted", f"intent {intent}", f"serial {serial}", "how code",
                              "result accepted"))
        for entry, serial, kind, former in deposits:
            del self.documents[self.named(entry)]
            text = self.document("item", f"item {serial}".encode())
            steps.append(Step("item-sealed", f"account {ACCOUNT}", f"kind {kind}", f"serial {serial}",
                              "generation 1", f"ciphertext {text}",
                              *([f"supersedes {former}"] if former else []), f"deposit {entry}"))
        for entry in refused:
            del self.documents[self.named(entry)]
            steps.append(Step("deposit-refused", f"deposit {entry}", "reason nobody knows it"))
        self.add(*steps, cosigners=OPERATORS)
        self.add(Step("outcome", f"intent {intent}", "result done"))
        self.close_session(f"opening {intent}")

    def confirm(self, serial, kind="password", former=(), account=ACCOUNT):
        """In use; and what it has followed is deleted."""
        steps = [Step("credential-confirmed", f"account {account}", f"kind {kind}",
                      f"serial {serial}", "how accepted at AWS")]
        for n, document in former:
            del self.documents[sha256(document)]
            steps.append(Step("item-deleted", f"account {account}", f"kind {kind}", f"serial {n}",
                              "generation 1", f"ciphertext {sha256(document).hex()}"))
        self.add(*steps)

    def rename(self, account=ACCOUNT):
        """Its record follows the account, all of it and a part at a time."""
        self.add(Step("account-changed", f"account {account}", "name Caf%C3%A9", "email aws@new.example",
                      "strategy vaulted"))
        self.add(Step("account-changed", f"account {account}", "strategy removed"),
                 Step("account-changed", f"account {account}", "email root@example.com"))

    def walk(self, steps, of, runbook="mfa-lost", account=ACCOUNT, digest=b"text", last=None):
        """So many steps of a runbook; and its end, before the last one."""
        named = [f"runbook {runbook}", f"digest {sha256(digest).hex()}"]
        about = [f"account {account}"] if account else []
        for n in steps:
            self.add(Step("runbook-step", *named, f"step {n}/{of}", "person custodian-p1", *about,
                          "value reason=it is broken", "value ticket=CHG-1", "case 1234567890"))
        if last:
            self.add(Step("runbook-step", *named, f"step {last}", "person witness-1", *about))

    def named(self, index):
        """The digest that the entry of that index names."""
        steps = [s for epoch in self.epochs for s in [*epoch.steps, None]]
        return bytes.fromhex(re.search(r"ciphertext (\w+)", "\n".join(steps[index].lines))[1])

    # ---- a re-key ----

    def rekey(self, generation=2, items=((1, "password"), (2, "totp")), serials=(1, 2, 4, 5),
              signer="", groups=()):
        """Up to its outcome: a key that is pending, its cards handed over. Gives back the serials of
        its cards and the items that it has sealed anew."""
        self.open_session()
        self.add(Step("intent", "ceremony rekey"))
        intent = self.index_of("intent")
        check = [f"{key} {sha256(key.encode() + bytes([generation])).hex()}" for key in
                 ("key-check", "group-check-password", "group-check-mfa", "deposit-key",
                  "recovery-key")]
        check.append(f"authority-key {public_of(f'authority {generation}').hex()}")
        steps = [Step("card-accepted", f"intent {intent}", f"serial {serial}", "how code",
                      "result accepted") for serial in serials]
        steps.append(Step("key-created", f"generation {generation}", f"identifier {76 + generation}",
                          *check, AUTHORITY + signer))
        serial = first = 1 + self.count("card-created")
        if groups:
            steps.append(self.policy_changed(f"others {intent}".encode(), groups))
        for group in ("password", "mfa"):
            steps.append(Step("edition-created", f"generation {generation}", f"group {group}",
                              "edition 1", "threshold 2",
                              f"issuing-key {sha256(group.encode() + bytes([generation])).hex()}"))
            for member, custodian in enumerate({**GROUPS, **dict(groups)}[group]):
                steps.append(Step("card-created", f"generation {generation}", f"group {group}",
                                  "edition 1", f"serial {serial}", f"member-index {member}",
                                  f"custodian {custodian}",
                                  f"commitment {sha256(b'card %d' % serial).hex()}"))
                serial += 1
        carried, item = [], self.items
        for former, kind in items:
            item += 1
            body = f"item {item} of generation {generation}".encode()
            steps.append(Step("item-sealed", f"account {ACCOUNT}", f"kind {kind}", f"serial {item}",
                              f"generation {generation}", f"ciphertext {self.document('item', body)}",
                              f"supersedes {former}"))
            carried.append((item, kind, generation, body))
        self.add(*steps, cosigners=OPERATORS if groups else self.both)
        self.items = item
        for number in range(first, serial):
            self.add(Step("card-issued", f"serial {number}"))
        self.add(Step("outcome", f"intent {intent}", "result done"))
        self.close_session(f"re-key {intent}")
        return range(first, serial), carried

    def prove(self, cards, former=()):
        """The cards, one by one; with the last, what the former generation had sealed goes."""
        for serial in cards:
            steps = [Step("card-proved", f"serial {serial}", "how code", "result accepted")]
            self.add(*steps, *(self.deleted(former) if serial == cards[-1] else []))

    def deleted(self, items):
        for serial, kind, generation, document in items:
            del self.documents[sha256(document)]
            yield Step("item-deleted", f"account {ACCOUNT}", f"kind {kind}", f"serial {serial}",
                       f"generation {generation}", f"ciphertext {sha256(document).hex()}")

    def give_up(self, cards, carried):
        self.add(*(Step("card-voided", f"serial {serial}", "reason lost") for serial in cards),
                 *self.deleted(carried), cosigners=OPERATORS)

    def count(self, event):
        return sum(step.event == event for epoch in self.epochs for step in epoch.steps)

    def take_over(self, operator="witness-1", key="new-operator-1", serials=(1, 2, 4, 5),
                  generation=""):
        """One commit: both quorums name a new operator, whose new key is of that seed."""
        intent = sum(len(epoch.steps) + 1 for epoch in self.epochs)
        text = vkey(f"{self.origin}/{operator}", COSIGN, public_of(key))
        self.add(Step("intent", "ceremony takeover", actor=operator),
                 *(Step("card-accepted", f"intent {intent}", f"serial {n}", "how code",
                        "result accepted", actor=operator) for n in serials),
                 Step("log-taken-over", f"operator {operator} {text}", AUTHORITY + generation,
                      actor=operator),
                 Step("badge-issued", f"person {operator}", f"vkey {text}", "form passphrase",
                      f"stored {self.document('badge', key.encode())}", actor=operator),
                 Step("outcome", f"intent {intent}", "result done", actor=operator),
                 cosigners=[(operator, key)])
        self.both = ((operator, key),)

    def successor(self, operator="operator-1", key=None, serials=(1, 2, 4, 5), generation=""):
        """The log that continues this one; with a new operator if there is a key for one."""
        old, notes, _ = self.build()
        tale = Story(self.practice, self.second, self.cosignatures, f"{ORIGIN}/2")
        tale.former, tale.both = self, self.both
        genesis = [text for text in self.epochs[0].steps[0].lines]
        people = []
        for text in genesis:
            if text.startswith("person "):
                _, person, roles, _ = text.split(" ")
                people.append(f"person {person} {roles} {badge(person, tale.origin)}")
        old_root = base64.b64encode(root([leaf(body) for _, body in old])).decode()
        lines = [f"vault {leaf(old[0][1])[:12].hex()}",
                 f"predecessor {self.origin} {len(notes)} {len(old)} {old_root}", "cause a lost key",
                 EVIDENCE,
                 *(t for t in genesis if t.split()[0] in ("practice", "policy")), *sorted(people),
                 *(t for t in genesis if t.split()[0] in ("group", "cosignatures", "second")),
                 f"first-key {vkey(tale.origin, LOG, public_of('log 0'))}",
                 AUTHORITY + generation]
        tale.document("policy", b"{}")
        steps = [Step("genesis", *lines), Step("intent", "ceremony continue"),
                 *(Step("card-accepted", "intent 1", f"serial {n}", "how code", "result accepted")
                   for n in serials)]
        if key:
            text = badge((operator, key), tale.origin)
            steps.append(Step("log-taken-over", f"operator {operator} {text}",
                              AUTHORITY + generation))
            steps.append(Step("badge-issued", f"person {operator}", f"vkey {text}", "form passphrase",
                              f"stored {tale.document('badge', key.encode())}"))
        steps.append(Step("outcome", "intent 1", "result done"))
        for step in steps:
            step.actor = operator
        tale.add(*steps, cosigners=[(operator, key) if key else operator])
        return tale

    def policy_changed(self, body, groups=(), cosignatures=None):
        """Where others are in these groups, they get new shares."""
        lines = [f"group {g} 2 {','.join(ids)}" for g, ids in sorted({**GROUPS, **dict(groups)}.items())]
        return Step("policy-changed", f"policy {self.document('policy', body)}", *lines,
                    f"cosignatures {cosignatures or self.cosignatures}",
                    *(["second yes"] if self.second else []))

    def badge_issued(self, person, key=None):
        text = badge((person, key) if key else person, self.origin)
        return Step("badge-issued", f"person {person}", f"vkey {text}", "form wallet")

    def join(self, person="witness-2", roles=("witness",), event="person-added"):
        """By a policy, in one commit; who is new gets a badge, and signs with it."""
        body = f"with {person} as {roles}".encode()
        steps = [Step(event, f"person {person}", *(f"role {role}" for role in sorted(roles)),
                      f"policy {sha256(body).hex()}"), self.policy_changed(body)]
        new = event == "person-added"
        self.add(*steps, *([self.badge_issued(person)] if new else []),
                 cosigners=(*OPERATORS, *([person] if new else [])))

    def leave(self, person="witness-2"):
        self.add(Step("person-left", f"person {person}", "reason another employer"),
                 cosigners=(OPERATORS[0], "custodian-m1"))

    def new_badge(self, person="custodian-p1", old=None, key="custodian-p1 anew"):
        text = badge((person, old) if old else person, self.origin)
        self.add(Step("badge-voided", f"person {person}", f"vkey {text}", "reason lost"),
                 self.badge_issued(person, key), cosigners=(*OPERATORS, (person, key)))

    def note_that(self, text, actor, cosigners):
        self.add(Step("exception", "step note", "expected nothing", f"happened {text}",
                      "decided so", actor=actor), cosigners=cosigners)

    def copy(self):
        return copy.deepcopy(self)

    # ---- bytes ----

    def build(self):
        """(entries, notes, later): [(epoch, body)], {epoch: (size, note)}, [(epoch, person, bytes)]"""
        entries, notes, later = [], {}, []
        for number, epoch in enumerate(self.epochs):
            following = vkey(self.origin, LOG, public_of(f"log {number + 1}"))
            for step in [*epoch.steps, Step("checkpoint-key", f"next-key {following}",
                                            actor=(epoch.steps or [Step("")])[-1].actor)]:
                index = len(entries)
                lines = ["quorate/entry/v1", f"log {self.origin}", f"index {index}", f"epoch {number}",
                         f"time {step.time}", f"event {step.event}", f"actor {step.actor}"]
                for text in step.lines:
                    signer = text.removeprefix(AUTHORITY)  # of the first generation, or " 2"
                    lines.append(authority("\n".join(lines) + "\n", "authority" + signer)
                                 if signer != text else text)
                lines.append(f"salt {sha256(b'salt %d' % index)[:16].hex()}")
                entries.append((number, "".join(f"{text}\n" for text in lines).encode()))
            text = self.text([leaf(body) for _, body in entries])
            lines = [log_line(text, f"log {number}", self.origin),
                     *(cosign_line(text, p, self.origin) for p in epoch.cosigners)]
            if epoch.spoil:
                lines = epoch.spoil(text, lines)
            notes[number] = (len(entries), text + b"\n" + b"".join(lines))
            for person in epoch.later:
                raw = base64.b64decode(cosign_line(text, person, self.origin).split()[2])
                later.append((number, person[0] if isinstance(person, tuple) else person, raw[4:]))
        return entries, notes, later

    def text(self, leaves):
        return f"{self.origin}\n{len(leaves)}\n{base64.b64encode(root(leaves)).decode()}\n".encode()

    def write(self, path):
        """A vault.sqlite without its views: what the log says is all there is. What it continues
        lies beside it."""
        old = pathlib.Path(path).parent / "predecessor"
        shutil.rmtree(old, ignore_errors=True)
        if self.former:
            old.mkdir()
            self.former.write(old / "vault.sqlite")
            digest = sha256((old / "vault.sqlite").read_bytes()).hex()
            for step in self.epochs[0].steps:
                step.lines = [f"evidence {digest}" if line == EVIDENCE else line for line in step.lines]
        entries, notes, later = self.build()
        pathlib.Path(path).unlink(missing_ok=True)
        db = sqlite3.connect(path)
        db.executescript(SCHEMA.read_text())
        db.executemany("INSERT INTO log_entry VALUES (?, ?, ?)",
                       [(i, *row) for i, row in enumerate(entries)])
        db.executemany("INSERT INTO log_checkpoint VALUES (?, ?, ?)",
                       [(e, *row) for e, row in notes.items()])
        db.executemany("INSERT INTO log_cosignature VALUES (?, ?, ?)",
                       {(epoch, person): (epoch, person, s) for epoch, person, s in later}.values())
        db.executemany("INSERT INTO document VALUES (?, ?, ?)",
                       [(d, *row) for d, row in sorted(self.documents.items())])
        db.commit()
        db.close()

    def write_export(self, folder):
        """The same as static files, docs/formats/export.md."""
        entries, notes, later = self.build()
        folder, bodies = pathlib.Path(folder), [body for _, body in entries]
        for epoch, person, signature in sorted(later):
            size, note = notes[epoch]
            raw = public_of(self.epochs[epoch].later_keys.get(person, person))
            notes[epoch] = (size, note + line(f"{self.origin}/{person}", COSIGN, raw, signature))
        last = notes[max(notes)][1]
        files = {"checkpoint": last, "VERIFY.txt": b"none\n",
                 **{f"chain/{epoch}": note for epoch, (_, note) in notes.items()}}
        for name, first, width in tiles("entries", len(bodies)):
            files[name] = b"".join(struct.pack(">H", len(b)) + b for b in bodies[first:first + width])
        hashes, level = [leaf(body) for body in bodies], 0
        while hashes:
            for name, first, width in tiles(level, len(hashes)):
                files[name] = b"".join(hashes[first:first + width])
            hashes = [root(hashes[n:n + 256]) for n in range(0, len(hashes) - 255, 256)]
            level += 1
        files["people.vkeys"] = "".join(f"{k}\n" for k in dict.fromkeys(
            word for body in bodies for word in re.findall(
                r"^(?:person|operator|vkey) .*?(\S+\+[0-9a-f]{8}\+\S+)$", body.decode(), re.M)
        )).encode()
        files["entries.jsonl"] = b"".join(json_line(body) for body in bodies)
        files["SHA256SUMS"] = "".join(f"{sha256(files[name]).hex()}  {name}\n"
                                      for name in sorted(files)).encode()
        for name, data in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)


def tiles(level, count):
    """(path, first, width) of the tiles of so many hashes."""
    for first in range(0, count, 256):
        width, number = min(256, count - first), f"{first // 256:03}"
        yield f"tile/{level}/{number}{'' if width == 256 else f'.p/{width}'}", first, width


MANY = {"genesis": {"evidence", "person", "group"}, "log-taken-over": {"operator"}, "intent": {"show"},
        "session-opened": {"present", "executable", "receipt"}, "bag-sealed": {"witness"},
        "session-closed": {"present", "receipt", "badge-missing"}, "person-added": {"role"},
        "person-changed": {"role"},
        "policy-changed": {"group"}, "card-destroyed": {"witness"}, "register-set": {"value"},
        "secret-hidden": {"what", "seen-by"}, "runbook-step": {"value"}}


def json_line(body):
    try:
        values = as_json(body)
    except (ValueError, UnicodeDecodeError, KeyError):
        return b"{}\n"  # of what is no entry there is no object
    text = json.dumps(values, separators=(",", ":")).replace("\x7f", "\\u007f")
    return re.sub(r"\\u[0-9a-f]{4}", lambda m: "\\u" + m[0][2:].upper(), text).encode() + b"\n"


def as_json(body):
    """An entry as `log show --json` gives it."""
    lines = [text.split(" ", 1) for text in body.decode().splitlines()[1:-1]]
    said, values = dict(lines[:6]), {}
    for key, text in lines[6:]:
        text = urllib.parse.unquote(text)
        if key in MANY.get(said["event"], ()):
            values.setdefault(key, []).append(text)
        else:
            values[key] = text
    return {"index": int(said["index"]), "epoch": int(said["epoch"]), "time": said["time"],
            "event": said["event"], "actor": said["actor"], "values": values}
