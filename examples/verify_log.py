"""Verifies the log of a Quorate vault without Quorate.

usage: verify_log.py LOG [--people FILE] [--receipt FILE]...
       verify_log.py --proof FILE --people FILE [--entry FILE] [--receipt FILE]

  LOG        vault.sqlite, or a directory that `quorate log export` wrote
  --people   verifier keys of people, one a line, FROM PAPER (not from the export)
  --receipt  a receipt's code, QUORATE1:R:..., or a file with one, or with a checkpoint: the log
             must continue it
  --proof    what `quorate log prove` wrote: that an entry is in the log (--entry: it is this
             one), or that the log continues an older one (--receipt: this one)

Every fault is told with the index of its entry and its epoch, or with its file. Exit status: 0 no
fault, 1 faults, 2 this could not be run. Python 3.8 or later and PyNaCl (Debian: python3-nacl) are
all it needs. It was written from docs/formats/log.md, proof.md, export.md and receipt.md, and not
from the code. What it proves, and what it cannot, stands in log.md.
"""
import base64
import collections
import datetime
import functools
import hashlib
import itertools
import json
import pathlib
import re
import sqlite3
import sys
import unicodedata

import nacl.bindings
import nacl.exceptions

LARGEST = 2**63 - 1
ORIGIN = r"[a-z0-9][a-z0-9./-]{0,59}"
ID = r"[a-z0-9][a-z0-9._-]{0,31}"
KEY_NAME = r"[a-z0-9][a-z0-9./_-]{0,92}"
LOG, COSIGN = 1, 4  # the types of keys


class Wrong(Exception):
    """What was read is not of its form; the text says why."""


class Report:
    """What was found: (index, epoch, text); a file's has no index and no epoch."""

    def __init__(self):
        self.faults, self.notices = [], []

    def fault(self, index, epoch, text):
        self.faults.append((index, epoch, text))

    def notice(self, index, epoch, text):
        self.notices.append((index, epoch, text))

    def show(self):
        for word, found in (("notice", self.notices), ("fault", self.faults)):
            for index, epoch, text in found:
                place = "" if index is None else f"entry {index}, epoch {epoch}: "
                print(f"{word}: {place}{printable(text)}")
        print(f"{len(self.faults) or 'no'} fault{'' if len(self.faults) == 1 else 's'}")
        return 1 if self.faults else 0


def printable(text):
    """No control character, and none that hides or turns others, reaches the screen."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


# ---- Forms of values ----


def is_form(pattern, text):
    return re.fullmatch(pattern, text) is not None


def is_bag(text):
    """A number as it is printed on a bag."""
    return is_form(r"[A-Za-z0-9](?:[A-Za-z0-9 ./-]{0,30}[A-Za-z0-9])?", text)


def fold_bag(text):
    """The form in which two such numbers are one bag's."""
    return re.sub("[ ./-]", "", text).upper()


def decimal(text):
    if not is_form(r"0|[1-9][0-9]{0,18}", text) or int(text) > LARGEST:
        raise Wrong("no plain decimal")
    return int(text)


def unbase64(text):
    """Canonical Base64 only: what comes out the same when it is written again."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Wrong("no base64") from None
    if base64.b64encode(data).decode() != text:
        raise Wrong("no canonical base64")
    return data


def unescape(text):
    """A value as people read it. `text` is ASCII, without a line feed."""
    if not is_form(r"(?:[ -$&-~]|%[0-9A-F]{2})+", text):
        raise Wrong("a value is empty, or has a byte that must be escaped")
    data = re.sub(rb"%(..)", lambda escape: bytes.fromhex(escape[1].decode()), text.encode())
    again = "".join(chr(b) if 0x20 <= b <= 0x7E and b != 0x25 else f"%{b:02X}" for b in data)
    if again != text:
        raise Wrong("an escape that is not needed")
    try:
        value = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong("a value is not UTF-8") from None
    if value != value.strip(" ") or "\0" in value or unicodedata.normalize("NFC", value) != value:
        raise Wrong("a value is not in NFC, has a space at an end, or a zero byte")
    return value


def check_form(form, text):
    """Checks one value as it stands in an entry, and gives it back unescaped."""
    if form == "text":
        return unescape(text)
    if form == "u64":
        decimal(text)
    elif form == "i64":
        decimal(text[1:] if re.match("-[1-9]", text) else text)
    elif form == "base64":
        if not unbase64(text):
            raise Wrong("empty base64")
    elif not is_form({"id": ID, "digest": "[0-9a-f]{64}", "yes": "yes"}[form], text):
        raise Wrong(f"a value that is no {form}")
    return text


def parse_time(text):
    if not is_form(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", text):
        raise Wrong("no time")
    year, *rest = map(int, re.findall("[0-9]+", text))
    try:  # Python's first year is 1; the year 0 is a leap year, as 2000 is
        datetime.datetime(year or 2000, *rest)
    except ValueError:
        raise Wrong("no real date") from None
    return text  # of fixed width, so that texts compare as times do


# ---- Entries ----

# Every event and its keys in order: `?` optional, `*` none, one or many.
EVENTS = """
genesis vault? predecessor? cause? evidence* practice? policy? person* group* cosignatures second? first-key authority?
checkpoint-key next-key
log-taken-over operator* authority
session-opened lasts? second? present* clock-offset-s release executable* receipt*
person-out person
person-back person
thing-out thing person
thing-back thing person
exception step expected happened decided person? settles-person? settles-thing?
session-noted text
session-closed minutes present* receipt* badge-missing*
person-added person role* policy
person-changed person role* policy
person-left person reason
badge-issued person vkey form stored?
badge-voided person vkey reason
policy-changed policy group* cosignatures second?
intent ceremony level? account? group? purpose? ticket? approver? show*
outcome intent result reason?
key-created generation identifier key-check group-check-password group-check-mfa deposit-key recovery-key authority-key authority?
edition-created generation group edition threshold issuing-key
card-created generation group edition serial member-index custodian commitment replaces? issuing-key?
card-issued serial
card-proved serial how result
card-accepted intent serial how result suspect?
card-refused intent? serial? reason
card-voided serial reason
card-destroyed serial witness*
account-added account name email strategy?
account-changed account name? email? strategy?
account-closed account reason
item-sealed account kind serial generation ciphertext supersedes? deposit?
item-deposited account kind serial generation ciphertext
deposit-refused deposit reason
credential-confirmed account kind serial how
item-deleted account kind serial generation ciphertext
secret-shown intent account kind serial what to
secret-hidden intent what* duration-s seen-by*
bag-sealed bag serial? account? site safe witness*
bag-moved bag site safe
seal-checked bag result seen? person?
drill-graded intent subject grade
action-opened action owner due text
action-closed action text
review-signed person channel result signature
register-set register name value*
runbook-step runbook digest step person account? value* case?
evidence-attached evidence kind note?
"""
EVENTS = {line.split()[0]: [(key.rstrip("?*"), key[-1:]) for key in line.split()[1:]]
          for line in EVENTS.strip().splitlines()}

# The form of a key's values; what is not here is text.
FORMS = {
    "u64": "cosignatures intent generation identifier edition threshold serial member-index"
           " replaces supersedes deposit duration-s",
    "i64": "clock-offset-s",
    "id": "present badge-missing account approver custodian witness seen-by owner person"
          " settles-person",
    "digest": "evidence policy minutes stored key-check group-check-password group-check-mfa"
              " deposit-key recovery-key authority-key issuing-key commitment ciphertext digest",
    "base64": "authority signature",
    "yes": "practice second lasts suspect",
}
FORMS = {key: form for form, keys in FORMS.items() for key in keys.split()}
FORMS_OF_EVENT = {("genesis", "person"): "text", ("session-opened", "second"): "id"}


class Entry:
    """One entry; `values` holds a list for every key, unescaped."""

    def __init__(self, body):
        self.body = body
        if len(body) > 65535:
            raise Wrong("longer than 65535 bytes")
        try:
            text = body.decode("ascii")
        except UnicodeDecodeError:
            raise Wrong("not ASCII") from None
        if not text.endswith("\n"):
            raise Wrong("cut short")
        lines = text[:-1].split("\n")
        if lines.pop(0) != "quorate/entry/v1":
            raise Wrong("not an entry")
        self.lines = [line.split(" ", 1) if " " in line else [line, ""] for line in lines]
        self.origin = self.take("log")
        self.index = decimal(self.take("index"))
        self.epoch = decimal(self.take("epoch"))
        self.time = parse_time(self.take("time"))
        self.event = self.take("event")
        self.actor = self.take("actor")
        if not is_form(ORIGIN, self.origin) or not is_form(ID, self.actor):
            raise Wrong("no origin, or no actor's id")
        if self.event not in EVENTS:
            raise Wrong("an unknown event")
        self.values = collections.defaultdict(list)
        for key, often in EVENTS[self.event]:
            self.take_values(key, often)
        if not is_form("[0-9a-f]{32}", self.take("salt")):
            raise Wrong("no salt")
        if self.lines:
            raise Wrong("something stands behind the salt")

    def take(self, key):
        if not self.lines or self.lines[0][0] != key:
            raise Wrong(f"`{key}` is due, and another line stands there")
        return self.lines.pop(0)[1]

    def take_values(self, key, often):
        form = FORMS_OF_EVENT.get((self.event, key), FORMS.get(key, "text"))
        former = None
        while self.lines and self.lines[0][0] == key:
            text = self.take(key)
            if former is not None and (often != "*" or text <= former):
                raise Wrong(f"`{key}` stands twice, or its values do not ascend")
            former = text
            self.values[key].append(check_form(form, text))
        if former is None and often not in ("?", "*"):
            raise Wrong(f"`{key}` is missing")

    def get(self, key):
        """The one value of a key, or None."""
        return self.values[key][0] if self.values[key] else None

    def number(self, key):
        return int(self.get(key)) if self.values[key] else 0

    def as_json(self):
        """The object of `quorate --json log show`: one value as a text, `*` as a list."""
        values = {key: self.values[key] if often == "*" else self.values[key][0]
                  for key, often in EVENTS[self.event] if self.values[key]}
        return {"index": self.index, "epoch": self.epoch, "time": self.time, "event": self.event,
                "actor": self.actor, "values": values}


# ---- The tree: RFC 6962, section 2.1 ----


def sha256(data):
    return hashlib.sha256(data).digest()


def leaf_hash(entry):
    return sha256(b"\0" + entry)


def node_hash(left, right):
    return sha256(b"\1" + left + right)


class Tree:
    """The roots of the whole subtrees so far, the largest first."""

    def __init__(self):
        self.size, self.whole = 0, []

    def add(self, leaf):
        rest = self.size
        while rest & 1:
            leaf = node_hash(self.whole.pop(), leaf)
            rest >>= 1
        self.whole.append(leaf)
        self.size += 1

    def root(self):
        root = self.whole[-1]
        for left in reversed(self.whole[:-1]):
            root = node_hash(left, root)
        return root


def root_of(leaves):
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def split(size):
    """The largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)


# ---- Verifier keys and checkpoints: C2SP signed notes ----


def is_signed(signature, message, public):
    """Ed25519."""
    try:
        nacl.bindings.crypto_sign_open(signature + message, public)
        return len(signature) == 64
    except (nacl.exceptions.CryptoError, ValueError):
        return False


class Key:
    """name+id+key"""

    def __init__(self, text):
        self.text = text
        parts = text.split("+", 2)
        if len(parts) != 3 or not is_form(KEY_NAME, parts[0]):
            raise Wrong("not name+id+key")
        self.name, key = parts[0], unbase64(parts[2])
        if len(key) != 33 or key[0] not in (LOG, COSIGN):
            raise Wrong("no key of 32 bytes of a known type")
        self.type, self.public = key[0], key[1:]
        self.id = sha256(self.name.encode() + b"\n" + key)[:4]
        if parts[1] != self.id.hex():
            raise Wrong("the id is not that of this name and key")

    @staticmethod
    def of(name, type_, public):
        key = bytes([type_]) + public
        id_ = sha256(name.encode() + b"\n" + key)[:4].hex()
        return Key(f"{name}+{id_}+{base64.b64encode(key).decode()}")


class Note:
    """A checkpoint: origin, size, root, and signature lines (name, id, bytes)."""

    def __init__(self, data):
        if len(data) > 32768:
            raise Wrong("a note longer than 32768 bytes")
        try:
            head, _, tail = data.decode("utf-8").partition("\n\n")
        except UnicodeDecodeError:
            raise Wrong("a note with a byte that is no printable ASCII") from None
        self.text = (head + "\n").encode()
        lines = head.split("\n")
        if len(lines) != 3 or not is_form(ORIGIN, lines[0]):
            raise Wrong("not the three lines of a checkpoint")
        self.origin, self.size, self.root = lines[0], decimal(lines[1]), unbase64(lines[2])
        if self.size == 0 or len(self.root) != 32:
            raise Wrong("a checkpoint without size or root")
        if not tail.endswith("\n") or tail.count("\n") > 64:
            raise Wrong("no signature, more than 64, or something behind the last line")
        self.lines = [self.parse_line(line) for line in tail[:-1].split("\n")]

    @staticmethod
    def parse_line(line):
        parts = re.fullmatch(rf"\u2014 ({KEY_NAME}) (\S+)", line)
        if not parts:
            raise Wrong("a line that is no signature")
        signature = unbase64(parts[2])
        if len(signature) not in (4 + 64, 4 + 72):
            raise Wrong("a signature of a wrong length")
        return parts[1], signature[:4], signature[4:]

    def signed_by(self, key):
        """(message, signature) of a key's one line, or None. Two lines of one key count for nothing."""
        found = [s for name, id_, s in self.lines if name == key.name and id_ == key.id]
        if len(found) != 1 or len(found[0]) != (64 if key.type == LOG else 72):
            return None
        if key.type == LOG:
            return self.text, found[0]
        time_s = int.from_bytes(found[0][:8], "big")
        if time_s > LARGEST:
            return None
        return b"cosignature/v1\ntime %d\n" % time_s + self.text, found[0][8:]

    def verify(self, key):
        signed = self.signed_by(key)
        return signed is not None and is_signed(signed[1], signed[0], key.public)


# ---- What an entry may do, and who must have signed: the rights ----

ROLES = ("operator", "custodian", "witness", "auditor")
GROUPS = ("password", "mfa")

# The register: name's form, then KEY:FORM with ? none or one, * any number, + one or more.
REGISTERS = """
mailbox id address:mail recipient:reader* note:text?
phone id number:masked? holder:person* safe:place? contract:text? payer:text? expires:date? note:text?
contact id kind:contact email:mail title:text? phone:masked? account:account*
device id kind:device account:account* management:yes? holder:person* safe:place? model:text? serial:text? expires:date? note:text?
safe place holder:person* note:text?
dependency node needs:node+ note:text?
roster person utc-offset:offset hours:hours+
copy id safe:place taken:date note:text?
trigger id kind:trigger note:text?
"""
REGISTERS = {line.split()[0]: (line.split()[1], [key.split(":") for key in line.split()[2:]])
             for line in REGISTERS.strip().splitlines()}
QUARTERS = "(?:00|15|30|45)"
CLOCK = rf"(?:(?:[01][0-9]|2[0-3]):{QUARTERS}|24:00)"
DAYS = "mon tue wed thu fri sat sun".split()


def is_mail(text):
    name, _, domain = text.partition("@")
    return (is_form("[!-~]{6,64}", text) and bool(name) and "@" not in domain
            and "." in domain[1:-1])


def is_text(text):
    return (1 <= len(text.encode()) <= 200 and text == text.strip(" ")
            and not any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in text))


def is_date(text):
    try:
        return is_form("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) and bool(parse_time(text + "T00:00:00Z"))
    except Wrong:
        return False


def is_offset(text):
    if not is_form(rf"[+-](?:0[0-9]|1[0-4]):{QUARTERS}", text) or text == "-00:00":
        return False
    minutes = int(text[0] + "1") * (60 * int(text[1:3]) + int(text[4:]))
    return -12 * 60 <= minutes <= 14 * 60


def is_hours(text):
    parts = re.fullmatch(rf"([a-z]{{3}})(?:-([a-z]{{3}}))? ({CLOCK})-({CLOCK})", text)
    if not parts or parts[1] not in DAYS or parts[3] >= parts[4]:
        return False
    return parts[2] is None or parts[2] in DAYS[DAYS.index(parts[1]) + 1:]


REGISTER_FORMS = {
    "text": lambda state, text: is_text(text),
    "masked": lambda state, text: (is_text(text) and text.isascii()
                                   and len(re.findall("[0-9]", text)) <= 4),
    "mail": lambda state, text: is_mail(text),
    "reader": lambda state, text: is_mail(text) or text in state.roles,
    "person": lambda state, text: text in state.roles,
    "account": lambda state, text: text in state.accounts,
    "date": lambda state, text: is_date(text),
    "offset": lambda state, text: is_offset(text),
    "hours": lambda state, text: is_hours(text),
    "place": lambda state, text: is_form(f"{ID}/{ID}", text),
    "node": lambda state, text: is_form("[a-z0-9][a-z0-9._/-]{0,63}", text),
    "id": lambda state, text: is_form(ID, text),
    "yes": lambda state, text: text == "yes",
    "contact": lambda state, text: text in ("billing", "operations", "security"),
    "device": lambda state, text: text in ("hardware", "fido", "virtual"),
    "trigger": lambda state, text: text in ("leaver", "service", "software", "suspicion"),
}


class Badge:
    """A person's key; `issued` and `voided` are indices of entries."""

    def __init__(self, person, text, key, issued):
        self.person, self.text, self.key, self.issued, self.voided = person, text, key, issued, None

    def in_force(self, size):
        """Over a log of so many entries."""
        return self.key and self.issued < size and (self.voided is None or self.voided >= size)


class State:
    """People, badges, cards, items, ceremonies, as the entries so far make them."""

    def __init__(self, report):
        self.report = report
        self.entry = None
        self.vault_id = self.name = self.policy = None
        self.logs = 0  # how many, the predecessors included
        self.former = 0  # how many entries the logs before have
        self.last = None  # the entry before
        self.roles = {}  # person -> roles
        self.gone = set()  # people who left: their ids stay theirs
        self.badges = {}  # person -> the badge in force
        self.all_badges = []
        self.thresholds, self.groups = {}, {}  # group -> number, group -> ids
        self.cosignatures = 0
        self.practice = self.second = False
        self.keys = []  # the last one may be pending: its cards are not all proved
        self.editions = []
        self.cards = []  # the card of serial n is at n - 1
        self.made_edition = self.made_card = None  # by the ceremony under way, and pending
        self.rules_then = None  # that are in force again if new cards of other groups never count
        self.accounts, self.items, self.bags = {}, [], []  # account -> is it closed?
        self.registered = set()  # (register, name)
        self.room = None  # in a session that lasts: (person or thing, name) -> where they are
        self.walks = {}  # (runbook, account) -> digest, step, steps of the walk under way
        self.documents = []  # (digest, kind, index, epoch)
        self.intent = None  # the last ceremony
        self.actions = []  # of each: is it closed?
        self.begin_epoch()

    def begin_epoch(self):
        self.first = None  # the index of its first entry
        self.actors = {}  # actor -> None, or the entry at which they were no operator
        self.new_badges = []  # (person, key) named in this epoch, of which no `badge-issued` came
        self.epoch_editions = {}  # group -> its edition of this epoch
        self.unsigned = []  # people whose new badge has yet to cosign
        self.promised = None  # (policy, entry) of people whom a policy is yet to name
        self.regrouped = {}  # group -> the entry since which it lacks new shares
        self.two_badges = self.second_asked = self.key_created = self.abandoned = False
        self.key_began = False  # a re-key's took force
        self.given_up = None  # the generation that was
        self.signed_by = None  # the key whose authority signed a successor's genesis
        self.takes_over = self.taken_over = self.closed = False
        self.continues = self.continued = False
        self.closers, self.excepted = [], None  # who must sign the close; the entry that excepts it
        self.ended = None  # the entry that opens a session while another lasts

    def begin_log(self, report):
        """Documents are those of one database; all else goes over the joint of two logs."""
        self.report, self.documents, self.first_badge = report, [], len(self.all_badges)
        self.begin_epoch()

    def wrong(self, text):
        self.report.fault(self.entry.index, self.entry.epoch, text)

    def document(self, key, kind):
        """The document that an entry names is there from now on."""
        if not self.entry.get(key):
            return None
        self.documents.append((self.entry.get(key), kind, self.entry.index, self.entry.epoch))
        return self.documents[-1]

    def refuse(self, *keys):
        for key in keys:
            if self.entry.values[key]:
                self.wrong(f"{key}: no rule allows it here")

    def check_length(self, key, most):
        if len(self.entry.get(key).encode()) > most:
            self.wrong(f"{key} is longer than {most} bytes")

    def apply(self, entry):
        self.last, self.entry = self.entry, entry
        self.first = entry.index if self.first is None else self.first
        if entry.event in NOT_IN_A_DRILL and self.drill():
            self.wrong(f"{entry.event}: a drill is under way, and changes nothing")
        rule = RULES.get(entry.event)
        if rule is None:
            self.wrong(f"{entry.event}: no rule allows it")
        else:
            rule(self, entry)
        if entry.actor not in self.roles or (entry.actor not in self.actors and len(self.actors) == 8):
            self.wrong("the actor is nobody of this log, or one more than 8 in this epoch")
        elif self.actors.get(entry.actor) is None:
            self.actors[entry.actor] = None if self.is_operator(entry.actor) else entry.index

    def is_operator(self, person):
        """Whoever left has no badge."""
        return "operator" in self.roles[person] and person in self.badges

    def is_there(self, person):
        return person in self.roles and person not in self.gone

    # -- genesis: people, groups, rules --

    def genesis(self, entry):
        if entry.get("predecessor"):
            return self.continue_log(entry)
        self.logs, self.name = 1, entry.origin
        self.vault_id = leaf_hash(entry.body)[:12]
        self.practice = entry.get("practice") is not None
        self.refuse("vault", "cause", "evidence", "authority")
        for line in entry.values["person"]:
            parts = line.split(" ")
            if len(parts) != 3 or not is_form(ID, parts[0]):
                self.wrong("a person is not written as: id roles key")
                continue
            person, roles = parts[0], parts[1].split(",")
            if person in self.roles or len(set(roles)) < len(roles) or not set(roles) <= set(ROLES):
                self.wrong(f"{person} stands twice, or has a role twice or one that there is not")
            self.roles[person] = roles
            self.add_badge(person, parts[2])
        self.take_policy(entry)
        return self.ask_second(entry)

    def continue_log(self, entry):
        """A successor's genesis says what the log before it came to, and changes nothing."""
        if not self.logs or not self.key:
            return self.wrong("it continues a log that is not here, or that has no key")
        self.logs += 1
        self.former += self.last.index + 1
        suffix = f"/{self.logs}"
        if (entry.get("vault") != self.vault_id.hex() or not entry.get("cause")
                or entry.origin != self.name[:60 - len(suffix)] + suffix):
            self.wrong("a successor names its vault, its place in the chain of logs, and its cause")
        former, self.badges = self.badges, {}
        for person, badge in former.items():
            key = badge.key and Key.of(f"{entry.origin}/{person}", COSIGN, badge.key.public)
            self.badges[person] = Badge(person, key.text if key else "-", key, entry.index)
        self.all_badges += sorted(self.badges.values(), key=lambda badge: badge.person)
        people = [f"{person} {','.join(roles) or '-'} "
                  f"{self.badges[person].text if person in self.badges else '-'}"
                  for person, roles in self.roles.items() if person not in self.gone]
        if sorted(people) != sorted(entry.values["person"]):
            self.wrong("the people of the genesis are not those of the log that it continues")
        if not self.pending:
            self.give_rules_back()
        before = self.rules()
        self.take_policy(entry)
        if before != self.rules() or self.practice != (entry.get("practice") is not None):
            self.wrong("the rules of the genesis are not those of the log that it continues")
        self.set_rules(before)
        signers = [key for key in (self.key, self.pending) if key and self.by_authority(entry, key)]
        if not signers:
            self.wrong("a log is continued without the authority of both quorums")
        if self.intent and not self.intent.result:
            self.intent.result = "ended"
            self.abandon()
        self.begin_epoch()
        self.continues, self.signed_by = True, signers[0].generation if signers else None
        return None

    def rules(self):
        return self.thresholds, self.groups, self.cosignatures, self.second, self.policy

    def set_rules(self, rules):
        self.thresholds, self.groups, self.cosignatures, self.second, self.policy = rules

    def give_rules_back(self):
        """The new cards of groups that a policy changed will never count."""
        if self.rules_then:
            self.set_rules(self.rules_then)
        self.rules_then = None

    @property
    def key(self):
        """The vault key in force, or None."""
        return next((key for key in reversed(self.keys) if key.began), None)

    @property
    def pending(self):
        """That of a re-key whose cards are not all proved, or None."""
        last = self.keys[-1] if self.keys else None
        return last if last and not last.began and not last.ended else None

    @property
    def created(self):
        """The key that was created in this epoch, or None."""
        return self.keys[-1] if self.key_created else None

    @staticmethod
    def by_authority(entry, key):
        """Has the authority key, which only both quorums have, signed the lines before its own?"""
        at = entry.body.find(b"\nauthority ") + 1
        return at > 0 and is_signed(unbase64(entry.get("authority")),
                                    b"quorate/authority/v1" + entry.body[:at], key.authority)

    def add_badge(self, person, vkey):
        """A badge whose key is none stays one, but nothing verifies under it."""
        try:
            key = Key(vkey)
            if key.type != COSIGN or key.name != f"{self.entry.origin}/{person}":
                raise Wrong("not a key of that name")
        except Wrong as why:
            self.wrong(f"the badge of {person}: {why}")
            key = None
        for other in self.all_badges:
            if key and other.key and other.key.public == key.public:
                self.wrong(f"{other.person} and {person} have one key")
        self.badges[person] = Badge(person, vkey, key, self.entry.index)
        self.all_badges.append(self.badges[person])
        self.new_badges.append((person, vkey))

    def void_badge(self, person):
        badge = self.badges.pop(person, None)
        if badge:
            badge.voided = self.entry.index

    def take_policy(self, entry):
        self.document("policy", "policy")
        self.policy = entry.get("policy")
        self.thresholds, self.groups = {}, {}
        for line in entry.values["group"]:
            parts = line.split(" ")
            if len(parts) != 3 or parts[0] not in GROUPS or not is_form("[1-9][0-9]?", parts[1]):
                self.wrong("a group is not written as: name threshold ids")
                continue
            name, threshold, ids = parts[0], int(parts[1]), parts[2].split(",")
            if name in self.groups:
                self.wrong(f"the group {name} stands twice")
            if len(ids) > 16 or len(set(ids)) < len(ids) or threshold > len(ids):
                self.wrong(f"the group {name}: too many, one twice, or fewer than the threshold")
            for person in ids:
                if "custodian" not in self.roles.get(person, ()):
                    self.wrong(f"{person} is in a group, and no custodian")
            self.thresholds[name], self.groups[name] = threshold, ids
        if len(self.groups) < 2:
            self.wrong("there are not both groups")
        elif set(self.groups["password"]) & set(self.groups["mfa"]):
            self.wrong("somebody stands in both groups")
        self.cosignatures = entry.number("cosignatures")
        if not 1 <= self.cosignatures <= 63:
            self.wrong("cosignatures is not from 1 to 63")
        self.second = entry.get("second") is not None

    # -- who comes, who leaves, and their badges: two people agree --

    def roles_of(self, entry):
        """In a policy's order."""
        roles = entry.values["role"]
        if not roles or not set(roles) <= set(ROLES):
            self.wrong("no role, or one that there is not")
        return [role for role in ROLES if role in roles]

    def promise(self, entry):
        """A policy of the same epoch, behind it, is to say the same."""
        self.two_badges = True
        if self.promised and self.promised[0] != entry.get("policy"):
            self.wrong("the people of one commit are of two policies")
        self.promised = entry.get("policy"), self.promised[1] if self.promised else entry.index

    def person_added(self, entry):
        self.promise(entry)
        if entry.get("person") in self.roles:
            return self.wrong("that person is there already, or was")
        self.roles[entry.get("person")] = self.roles_of(entry)
        return None

    def person_changed(self, entry):
        self.promise(entry)
        if not self.is_there(entry.get("person")):
            return self.wrong("that person is not there")
        self.roles[entry.get("person")] = self.roles_of(entry)
        return None

    def person_left(self, entry):
        self.two_badges = True
        if not self.is_there(entry.get("person")):
            return self.wrong("that person is not there")
        self.gone.add(entry.get("person"))
        self.void_badge(entry.get("person"))
        return None

    def badge_voided(self, entry):
        self.two_badges = True
        badge = self.badges.get(entry.get("person"))
        if badge is None or not badge.key or badge.text != entry.get("vkey"):
            return self.wrong("no badge of theirs with that key is in force")
        self.void_badge(entry.get("person"))
        return None

    def policy_changed(self, entry):
        self.two_badges = True
        before = {group: (self.thresholds.get(group), set(ids)) for group, ids in self.groups.items()}
        rules = self.rules()
        self.take_policy(entry)
        if (self.pending and not self.key_created) or self.made_edition:
            self.wrong("no policy changes while new cards wait")
        if self.promised and self.promised[0] != self.policy:
            self.wrong("the people of this commit are those of another policy")
        self.promised = None
        for group in GROUPS:
            if before.get(group) != (self.thresholds.get(group), set(self.groups.get(group, ()))):
                self.regrouped[group] = entry.index
        if (not self.rules_then and self.regrouped and self.intent and not self.intent.result
                and self.intent.ceremony in ("reissue", "rekey")):
            self.rules_then = rules

    # -- sessions --

    def ask_second(self, entry):
        self.second_asked = self.second

    def session_opened(self, entry):
        self.ask_second(entry)
        if self.room is not None:
            self.room, self.ended = None, entry.index
        if entry.get("lasts"):
            self.room = {}
            for person in entry.values["present"]:
                if self.is_known(person):
                    self.put("person", person, "here")

    def is_known(self, person):
        if self.is_there(person):
            return True
        self.wrong(f"{person} is nobody of this vault")
        return False

    def put(self, kind, name, where):
        if (kind, name) not in self.room and len(self.room) == 512:
            self.wrong("more than 512 people and things in one session")
        else:
            self.room[kind, name] = where

    def lasts(self, entry):
        if self.room is None:
            self.wrong(f"{entry.event}: no session lasts")
        return self.room is not None

    def session_noted(self, entry):
        if self.lasts(entry):
            self.check_length("text", 1000)

    def person_out(self, entry):
        if self.lasts(entry):
            if self.room.get(("person", entry.get("person"))) == "here":
                self.put("person", entry.get("person"), "outside")
            else:
                self.wrong("somebody goes out who is not in the room")

    def person_back(self, entry):
        if self.lasts(entry) and self.is_known(entry.get("person")):
            if self.room.get(("person", entry.get("person"))) == "here":
                self.wrong("somebody comes in who is in the room")
            else:
                self.put("person", entry.get("person"), "here")

    def thing_moved(self, entry):
        out, thing = entry.event == "thing-out", entry.get("thing")
        if not self.lasts(entry):
            return
        if len(thing.encode()) > 200:
            self.wrong("thing is longer than 200 bytes")
        elif self.is_known(entry.get("person")):
            where = self.room.get(("thing", thing), "here")
            if where == ("outside" if out else "here"):
                self.wrong("a thing goes where it is")
            else:
                self.put("thing", thing, "outside" if out else "here")

    def session_closed(self, entry):
        self.document("minutes", "minutes")
        self.closed = True
        self.closers += [person for person in entry.values["present"]
                         if person not in entry.values["badge-missing"]]
        if self.room is not None:
            outside = [name for (_, name), where in self.room.items() if where == "outside"]
            if outside:
                self.wrong(f"a session is closed while outside are: {', '.join(outside)}")
            here = {name for (kind, name), where in self.room.items() if (kind, where) == ("person", "here")}
            if here != set(entry.values["present"]):
                self.wrong("who is present at the close is not who is in the room")
            self.room = None

    def exception(self, entry):
        if entry.get("step") == "close-session" and self.excepted is None:
            self.excepted = entry.index
        for kind in ("person", "thing"):
            name = entry.get(f"settles-{kind}")
            if name is not None and (self.room or {}).get((kind, name)) == "outside":
                self.put(kind, name, "settled")
            elif name is not None:
                self.wrong(f"an exception settles a {kind} that is not outside")

    def nothing(self, entry):
        pass

    def badge_issued(self, entry):
        self.document("stored", "badge")
        badge = (entry.get("person"), entry.get("vkey"))
        if badge in self.new_badges:  # of a genesis or a take-over
            self.new_badges.remove(badge)
        elif not self.is_there(badge[0]) or badge[0] in self.badges:
            self.wrong(f"a badge for {badge[0]}, who is not there, or has one")
        else:
            self.add_badge(*badge)
            self.new_badges.remove(badge)
            self.unsigned.append(badge[0])
            self.two_badges = True

    def take_over(self, entry):
        """Both quorums, by the authority key that only they have, name new operators."""
        if (not self.takes_over or self.taken_over or self.intent.result
                or not self.has_quorum() or not self.by_authority(entry, self.key_of_cards())):
            return self.wrong("the log is taken over without both quorums and their authority")
        self.taken_over = True
        for person in [p for p, roles in self.roles.items() if "operator" in roles]:
            self.roles[person] = [role for role in self.roles[person] if role != "operator"]
            self.void_badge(person)
        for line in entry.values["operator"]:
            person, _, vkey = line.partition(" ")
            if not self.is_there(person) or "operator" in self.roles[person] or " " in vkey:
                self.wrong(f"{person} is nobody of this log, or stands twice")
                continue
            self.roles[person] = ["operator", *self.roles[person]]
            self.void_badge(person)
            self.add_badge(person, vkey)
        if not entry.values["operator"]:
            self.wrong("the log is taken over by nobody")
        return None

    # -- the vault key and its cards --

    def create_key(self, entry):
        self.ask_second(entry)
        ceremony = self.intent.ceremony if self.intent and not self.intent.result else None
        if self.keys:
            right = (ceremony == "rekey" and self.key and not self.pending and self.has_quorum()
                     and entry.number("identifier") not in {key.identifier for key in self.keys}
                     and not any(item.waits() for item in self.items)
                     and self.by_authority(entry, self.key))
        else:
            right = ceremony == "found" and entry.get("authority") is None
        if not right or not entry.number("generation") == len(self.keys) + 1 <= 65535:
            self.wrong("a vault key that neither a founding nor a re-key gives the right to")
        self.keys.append(VaultKey(entry, self.intent, began=not self.keys))
        self.key_created = True
        for item in self.items:
            item.carried = None

    def edition(self, group, generation):
        """A group's edition in force, of those of a generation."""
        found = [e for e in self.editions
                 if e.in_force and (e.group, e.generation) == (group, generation)]
        return found[-1] if found else None

    def edition_created(self, entry):
        edition = Edition(entry)
        if edition.group not in GROUPS:
            return self.wrong("there is no such group")
        key = self.created or self.key
        edition.in_force = (self.created is not None and edition.number == 1
                            and edition.group not in self.epoch_editions)
        if (not key or not (edition.in_force or self.may_reissue(edition))
                or edition.generation != key.generation or edition.threshold != self.thresholds.get(edition.group)):
            self.wrong("an edition that nothing gives the right to")
        self.regrouped.pop(edition.group, None)
        self.editions.append(edition)
        self.epoch_editions[edition.group] = edition
        self.made_edition = None if edition.in_force else edition
        return None

    def may_remake(self, ceremony, group):
        """Does the ceremony under way make new cards of that group, and has made none yet?"""
        last = self.intent
        return (last is not None and not last.result and not self.pending
                and (last.ceremony, last.group) == (ceremony, group) and self.group_has_quorum(group)
                and not self.made_edition and not self.made_card)

    def may_reissue(self, edition):
        """Of a threshold of one the share is the half: a new split would revoke nothing."""
        former = self.key and self.edition(edition.group, self.key.generation)
        return (self.may_remake("reissue", edition.group) and former
                and former.threshold > 1 and self.thresholds.get(edition.group, 0) > 1
                and edition.number == 1 + max(e.number for e in self.editions if (
                    e.generation, e.group) == (former.generation, edition.group)))

    def card_created(self, entry):
        card = Card(entry)
        self.cards.append(card)
        if card.group not in GROUPS:
            return self.wrong("there is no such group")
        if card.replaces:
            return self.replace_card(entry, card)
        edition = self.epoch_editions.get(card.group)
        if edition is None or (card.generation, card.edition) != (edition.generation, edition.number):
            return self.wrong(f"card {card.serial} belongs to no edition of this commit")
        same = [c for c in self.cards[:-1] if edition.has(c)]
        one_share = edition.threshold == 1
        if (card.serial != len(self.cards) or card.member > 15
                or card.custodian not in self.groups.get(card.group, ())
                or not self.is_there(card.custodian)
                or "custodian" not in self.roles[card.custodian]
                or any(c.custodian == card.custodian for c in same)
                or any((c.member == card.member) != one_share for c in same)):
            self.wrong(f"card {card.serial}: its serial, member index or custodian is wrong")
        return self.refuse("replaces", "issuing-key")

    def replace_card(self, entry, card):
        old = self.cards[card.replaces - 1] if card.replaces < len(self.cards) else None
        if (old is None or not self.may_remake("replace", card.group) or not self.is_live(old)
                or not old.issued or old.suspect or card.serial != len(self.cards) or not entry.get("issuing-key")
                or not self.is_there(card.custodian) or "custodian" not in self.roles[card.custodian]
                or (old.generation, old.edition, old.group, old.member, old.custodian)
                != (card.generation, card.edition, card.group, card.member, card.custodian)):
            card.replaces = 0
            return self.wrong(f"card {card.serial} replaces none that it may")
        self.made_card = card
        return None

    def is_pending(self, card):
        """Does it wait for the outcome of the ceremony that made it?"""
        edition = next((e for e in self.editions if e.has(card)), None)
        return not card.void and ((edition is not None and not edition.in_force) or (
            card.replaces and not self.cards[card.replaces - 1].void))

    def is_live(self, card):
        edition = self.key and self.edition(card.group, self.key.generation)
        return bool(edition) and edition.has(card) and not card.void and not self.is_pending(card)

    def made(self):
        """The cards of the ceremony under way."""
        return [card for card in self.cards
                if card is self.made_card or (self.made_edition and self.made_edition.has(card))]

    def abandon(self):
        for card in self.made():
            card.void = True
        self.made_edition = self.made_card = None
        self.give_rules_back()

    def remade(self, result):
        """The outcome of a re-issue or a replacement: all that it made counts, or nothing."""
        made = self.made_edition or self.made_card
        if result == "done" and made and all(c.issued and not c.void for c in self.made()):
            if self.made_edition:
                self.made_edition.in_force, self.rules_then = True, None
            else:
                self.cards[self.made_card.replaces - 1].void = True
            self.made_edition = self.made_card = None
        elif result == "abandoned" and made:
            self.abandon()
        elif made or result not in ("refused", "failed"):
            self.wrong("an outcome that what this ceremony made cannot have")

    def card(self, entry):
        """The card that an entry names, or None and a fault."""
        serial = entry.number("serial")
        if not 1 <= serial <= len(self.cards):
            self.wrong(f"there is no card {serial}")
            return None
        return self.cards[serial - 1]

    def live_card(self, entry):
        card = self.card(entry)
        if card and card.void:
            self.wrong(f"card {card.serial} is void")
            return None
        return card

    def card_issued(self, entry):
        card = self.live_card(entry)
        if card and card.issued:
            self.wrong(f"card {card.serial} was issued already")
        elif card:
            card.issued = True

    def card_proved(self, entry):
        """With the last card of a pending key it is in force, and its items stand to one another
        as those that they carry on do."""
        card = self.live_card(entry)
        if not card:
            return
        card.proved = True
        cards = self.cards_of(card.generation)
        if (self.pending and card.generation == self.pending.generation
                and all(c.issued and c.proved for c in cards)):
            self.pending.began = self.key_began = True
            self.rules_then = None
            for item in self.items:
                if item.generation == card.generation and item.carries:
                    by = item.carries.superseded
                    item.confirmed, item.superseded = item.carries.confirmed, by and by.carried

    def cards_of(self, generation):
        return [card for card in self.cards if card.generation == generation]

    def card_voided(self, entry):
        card = self.live_card(entry)
        if card:
            card.void = True
            if self.pending and card.generation == self.pending.generation:
                self.pending.ended, self.given_up = True, card.generation
                self.give_rules_back()
        if not self.abandoned:
            self.two_badges = True

    def is_former(self, card):
        edition = next((e for e in self.editions if e.has(card)), None)
        return self.key is not None and edition is not None and (
            card.generation < self.key.generation
            or (edition.in_force and edition is not self.edition(card.group, card.generation)))

    def witnesses(self, entry, needed=False):
        if (needed and not entry.values["witness"]) or any(
                not self.is_there(w) or w == entry.actor for w in entry.values["witness"]):
            self.wrong("a witness who is nobody of this log, or the operator; or none")

    def card_destroyed(self, entry):
        card = self.card(entry)
        self.witnesses(entry, needed=True)
        if card and (card.destroyed or not (card.void or self.is_former(card))):
            self.wrong(f"card {card.serial} is not void, or is destroyed already")
        elif card:
            card.destroyed = True

    # -- bags --

    def bag_sealed(self, entry):
        number, card, account = entry.get("bag"), None, entry.get("account")
        self.witnesses(entry)
        if not is_bag(number) or any(fold_bag(bag.number) == fold_bag(number) for bag in self.bags):
            return self.wrong("a number that no bag has, or one that was sealed already")
        self.place(entry)
        if bool(entry.values["serial"]) == bool(account):
            return self.wrong("a bag for a card or for an account's device, and one of them")
        if account and account not in self.accounts:
            return self.wrong("there is no such account")
        if not account:
            card = self.card(entry)
            if card is None or not card.issued or card.void or card.destroyed:
                return self.wrong("there is no such card to be sealed in a bag")
        if card and self.drill():
            self.drill().seals.pop(self.place_of(card), None)
        self.bags.append(Bag(number, card, account))
        return None

    def place(self, entry):
        if not (is_form(ID, entry.get("site")) and is_form(ID, entry.get("safe"))):
            self.wrong("a site or a safe whose name is no id")

    def last_bag(self, entry):
        """The bag that an entry names, if what was in it lies in no other since."""
        found = [bag for bag in self.bags if bag.number == entry.get("bag")]
        if not found or any((bag.card, bag.account) == (found[0].card, found[0].account)
                            for bag in self.bags[self.bags.index(found[0]) + 1:]):
            self.wrong("there is no such bag, or not any more")
            return None
        return found[0]

    def bag_moved(self, entry):
        if self.last_bag(entry):
            self.place(entry)

    def seal_checked(self, entry):
        bag, result, seen = self.last_bag(entry), entry.get("result"), entry.get("seen")
        if entry.values["person"] and not self.is_there(entry.get("person")):
            self.wrong("a seal checked by nobody of this log")
        if result not in ("whole", "broken", "wrong-number", "missing"):
            return self.wrong("a seal was found in no way that there is")
        if bool(entry.values["seen"]) != (result == "wrong-number") or (
                seen and (not is_bag(seen) or (bag and fold_bag(seen) == fold_bag(bag.number)))):
            self.wrong("another number was seen, or it is the same")
        if bag and bag.card and result != "whole":
            bag.card.suspect = True
        if bag and self.drill():
            self.drill().looked = True
            if bag.card:
                self.drill().seals[self.place_of(bag.card)] = "good" if result == "whole" else "failed"
        return None

    def place_of(self, card):
        return str(self.cards.index(card) + 1)

    # -- the register --

    def register_set(self, entry):
        register, name, values = entry.get("register"), entry.get("name"), entry.values["value"]
        if register not in REGISTERS:
            return self.wrong("there is no such register")
        of_name, keys = REGISTERS[register]
        if not REGISTER_FORMS[of_name](self, name):
            return self.wrong(f"the name is no {of_name}")
        if not values:
            if (register, name) not in self.registered:
                self.wrong("there is none of that name to be taken away")
            self.registered.discard((register, name))
            return None
        self.registered.add((register, name))
        if len(values) > 32 or sum(len(value.encode()) + 1 for value in values) >= 2048:
            self.wrong("too many values, or too long")
        counts = collections.Counter()
        for value in values:
            key, _, text = value.partition("=")
            form = next((form for known, form in keys if known == key), None)
            if form is None or not REGISTER_FORMS[form.rstrip("?*+")](self, text):
                self.wrong(f"a value that is none of {register}")
            counts[key] += 1
        for key, form in keys:
            if (counts[key] == 0 and form[-1] not in "?*") or (counts[key] > 1
                                                               and form[-1] not in "*+"):
                self.wrong(f"{key} is missing, or stands twice")
        return None

    def runbook_step(self, entry):
        """A walk through a runbook begins, goes on, or ends."""
        values = [value.partition("=") for value in entry.values["value"]]
        if (not is_form(ID, entry.get("runbook")) or not self.is_there(entry.get("person"))
                or not is_form("[A-Za-z0-9._-]{1,64}", entry.get("case") or "-")
                or entry.get("account") not in (None, *self.accounts) or len(values) > 32
                or not all(is_form(ID, name) and equals and is_text(text)
                           for name, equals, text in values)):
            self.wrong("a step with a value that is not of its form")
        walk = (entry.get("runbook"), entry.get("account"))
        under_way = self.walks.get(walk)
        if under_way and (entry.get("digest"), entry.get("step")) == (under_way[0], "ended"):
            del self.walks[walk]
            return None
        step = re.fullmatch("([1-9][0-9]?)/([1-9][0-9]?)", entry.get("step"))
        at, steps = (int(step[1]), int(step[2])) if step else (0, 0)
        wanted = (under_way[0], under_way[1] + 1, under_way[2]) if under_way else (
            entry.get("digest"), 1, steps)
        if not 1 <= at <= steps or (entry.get("digest"), at, steps) != wanted:
            return self.wrong("a step that does not follow the one before")
        self.walks[walk] = wanted
        if at == steps:
            del self.walks[walk]
        return None

    def review_signed(self, entry):
        person, channel, result = (entry.get(key) for key in ("person", "channel", "result"))
        kind, _, name = channel.partition(":")
        if channel not in ("password-card", "mfa-card") and not (
                kind in ("mailbox", "phone", "device", "safe")
                and REGISTER_FORMS[REGISTERS[kind][0]](self, name)):
            self.wrong("a review of no channel")
        if not self.is_there(person) or result not in ("yes", "no", "changed"):
            self.wrong("a review of nobody, or with no result")
        message = (f"quorate/review/v1\nlog {entry.origin}\nsize {self.first}\nperson {person}\n"
                   f"channel {channel}\nresult {result}\n").encode()
        signature = unbase64(entry.get("signature"))
        badge = self.badges.get(person)
        if badge is None or not badge.key or not is_signed(signature, message, badge.key.public):
            self.wrong(f"a review that the badge of {person} has not signed")

    # -- accounts and items --

    def account_added(self, entry):
        if entry.get("account") in self.accounts:
            self.wrong("the account is there already")
        self.check_account(entry)
        self.accounts.setdefault(entry.get("account"), False)

    def check_account(self, entry):
        for key, most in (("name", 203), ("email", 64)):
            if entry.get(key) is not None:
                self.check_length(key, most)
        if entry.get("strategy") not in (None, "vaulted", "removed", "never-set"):
            self.wrong("no such strategy")

    def account_changed(self, entry):
        if self.accounts.get(entry.get("account")) is not False:
            self.wrong("the account is not there, or closed already")
        if all(entry.get(key) is None for key in ("name", "email", "strategy")):
            self.wrong("a change of nothing")
        self.check_account(entry)

    def account_closed(self, entry):
        if self.accounts.get(entry.get("account")) is not False:
            self.wrong("the account is not there, or closed already")
            return
        self.accounts[entry.get("account")] = True

    def new_item(self, entry, key):
        item = Item(entry)
        self.items.append(item)
        if (entry.number("serial") != len(self.items) or item.account not in self.accounts
                or key is None or entry.number("generation") != key.generation
                or item.kind not in ("password", "totp", "device", "questions", "note")):
            self.wrong("an item whose serial, account, kind or generation is wrong")
        return item

    def item_sealed(self, entry):
        if entry.get("deposit") is not None:
            self.adopt(entry)
            return
        item = self.new_item(entry, self.created or self.key)
        item.seal(entry, self.document("ciphertext", "item"))
        if not self.created:
            self.wrong("an item that nothing gives the right to seal")
        elif self.created.began:
            self.refuse("supersedes")
        else:
            self.carry_on(entry, item)

    def carry_on(self, entry, item):
        """A re-key seals each item of the key in force again, once, under the new one."""
        serial = entry.number("supersedes")
        former = self.items[serial - 1] if 1 <= serial < len(self.items) else None
        if (not former or not self.key or not former.kept(self.key.generation) or former.carried
                or (former.account, former.kind) != (item.account, item.kind)):
            self.wrong("an item that carries on none that the key in force has sealed")
        else:
            former.carried, item.carries = item, former

    def item_deposited(self, entry):
        item = self.new_item(entry, self.key)
        if self.pending:
            self.wrong("a deposit while a re-key is pending")
        item.deposited = self.former + entry.index
        item.document = self.document("ciphertext", "deposit")
        if self.accounts.get(item.account):
            self.wrong("a deposit for an account that is closed")

    def let_go(self, item):
        """No entry names its document any more; one of a former log lies there all the same."""
        if item.document in self.documents:
            self.documents.remove(item.document)

    def may_decide(self):
        """On a deposit: two people, in an opening that has its quorum."""
        self.two_badges = True
        return bool(self.intent and not self.intent.result and self.intent.ceremony == "open"
                    and self.has_quorum())

    def current(self, account, kind):
        """The item that is sealed and that nothing superseded, of the highest serial if there are
        more, and that serial; or None and None."""
        for serial, item in reversed(list(enumerate(self.items, 1))):
            if ((item.account, item.kind, item.superseded) == (account, kind, None) and item.sealed
                    and self.key and item.generation == self.key.generation):
                return item, serial
        return None, None

    def adopt(self, entry):
        """A deposit becomes the item whose serial it has."""
        item, right = self.item(entry), self.may_decide()
        if item is None:
            return self.wrong("there is no such item")
        former, serial = self.current(item.account, item.kind)
        superseded = entry.number("supersedes") if entry.get("supersedes") is not None else None
        if (not right or not item.waits() or item.deposited != entry.number("deposit")
                or not self.key or item.generation != self.key.generation
                or entry.number("generation") != self.key.generation or superseded != serial):
            return self.wrong("a deposit that is not adopted so")
        if former:
            former.superseded = item
        self.let_go(item)
        return item.seal(entry, self.document("ciphertext", "item"))

    def deposit_refused(self, entry):
        right = self.may_decide()
        for item in self.items:
            if right and item.deposited == entry.number("deposit") and item.waits():
                self.let_go(item)
                item.gone = True
                return
        self.wrong("no deposit waits that this could refuse")

    def item_deleted(self, entry):
        """Its ciphertext goes, once one that came after it is known to be in use, or its generation
        is neither in force nor pending."""
        item = self.item(entry)
        if item is None:
            return self.wrong("there is no such item")
        later = item.superseded
        while later and not later.confirmed:
            later = later.superseded
        if (not item.sealed or item.gone or not (later or self.is_left_behind(item)) or entry.number("generation") != item.generation
                or entry.get("ciphertext") != item.ciphertext):
            return self.wrong("not an item to be deleted")
        self.let_go(item)
        item.gone = True
        return None

    def is_left_behind(self, item):
        return item.generation not in [key.generation for key in (self.key, self.pending) if key]

    def item(self, entry):
        """The item that an entry names by its serial, account and kind, or None."""
        serial = entry.number("serial")
        if 1 <= serial <= len(self.items):
            item = self.items[serial - 1]
            if (item.account, item.kind) == (entry.get("account"), entry.get("kind")):
                return item
        return None

    def credential_confirmed(self, entry):
        item = self.item(entry)
        if item is None or item.gone or (self.pending
                                         and item.generation == self.pending.generation):
            self.wrong("there is no such item")
        else:
            item.confirmed = True

    # -- ceremonies --

    def begin_ceremony(self, entry):
        if self.intent and not self.intent.result:
            self.wrong("the ceremony before has no outcome yet")
        first = self.intent is None
        self.intent = Ceremony(entry)
        self.takes_over = self.intent.ceremony in ("takeover", "continue")
        self.made_edition = self.made_card = None
        self.rules_then = self.rules_then if self.pending else None
        remakes = self.intent.group in GROUPS
        allowed = {"found": first, "continue": self.continues, "open": True, "takeover": True,
                   "rekey": True, "drill": True, "reissue": remakes, "replace": remakes}
        if not allowed.get(self.intent.ceremony):
            self.wrong("no rule allows that ceremony")
        if len(self.intent.shows) > 8 or any(len(s.encode()) > 32 for s in self.intent.shows):
            self.wrong("more than 8 things to show, or one of more than 32 bytes")
        if self.intent.ceremony == "drill":
            if not self.intent.is_level:
                self.wrong("there is no such level of a drill, or not of that group")
            self.refuse("account", "show")

    def open_ceremony(self, entry):
        """The ceremony that an entry names and that has no outcome yet."""
        last = self.intent
        if last is None or last.result or last.index != entry.number("intent"):
            self.wrong("no such intent is open")
            return None
        return last

    def card_accepted(self, entry):
        card, ceremony = self.card(entry), None
        if card:
            ceremony = self.open_ceremony(entry)
        if not ceremony or card.group not in GROUPS:
            return
        # Those of a re-key that is pending take the log over or continue it, and do nothing else.
        keys = [self.key, self.pending] if self.takes_over else [self.key]
        edition = self.edition(card.group, card.generation)
        if (card.void or edition is None or not edition.has(card) or self.is_pending(card)
                or card.generation not in [key.generation for key in keys if key]
                or ceremony.generation not in (None, card.generation)):
            self.wrong(f"card {card.serial} is not one that counts here")
        elif bool(entry.values["suspect"]) != (card.suspect and not card.destroyed):
            self.wrong(f"card {card.serial} is suspect, which was not confirmed; or it is not")
        elif card.custodian in ceremony.accepted[card.group]:
            self.wrong(f"a second card of {card.custodian}")
        else:
            ceremony.generation = card.generation
            ceremony.accepted[card.group].append(card.custodian)
            ceremony.serials.append(entry.number("serial"))
            if ceremony.ceremony == "drill" and card.group not in ceremony.groups:
                self.wrong("a card of a group for which this drill is not")

    def has_quorum(self, groups=GROUPS):
        """In the ceremony under way: cards of as many custodians as the threshold of each group's
        edition."""
        return all(self.group_has_quorum(group) for group in groups)

    def group_has_quorum(self, group):
        edition = self.edition(group, self.intent.generation)
        return edition is not None and len(self.intent.accepted[group]) >= edition.threshold > 0

    def key_of_cards(self):
        """The key of the cards that were accepted in the ceremony under way."""
        return next(key for key in reversed(self.keys) if key.generation == self.intent.generation)

    def drill(self):
        """The drill under way, or None."""
        last = self.intent
        return last if last and not last.result and last.ceremony == "drill" else None

    def drill_graded(self, entry):
        drill, subject, grade = self.drill(), entry.get("subject"), entry.get("grade")
        self.check_length("subject", 32)
        self.check_length("grade", 32)
        if not drill or drill.index != entry.number("intent"):
            return self.wrong("a grade of no drill that is under way")
        if is_form("[0-9]+", subject):
            known = is_form("[1-9][0-9]{0,9}", subject) and int(subject) <= len(self.cards)
            if not known or grade not in ("good", "damaged", "failed"):
                self.wrong("no card of this log is graded so")
            elif ((int(subject) in drill.serials) == (grade == "failed") if drill.groups
                  else drill.seals.get(subject) != grade):
                self.wrong("a grade that is not what this drill said of the card")
        elif not self.is_there(subject) or grade not in ("ready", "helped", "failed", "absent"):
            self.wrong("nobody of this log is graded so")
        if subject in drill.graded:
            self.wrong("a second grade of the same card or person")
        drill.graded.add(subject)
        return None

    def drill_ended(self, drill):
        if drill.result in ("refused", "failed"):
            return
        if drill.result != "done":
            self.wrong("an outcome that this ceremony cannot have")
        elif not self.has_quorum(drill.groups):
            self.wrong("a drill that is done without its quorum")
        elif drill.is_level and not drill.groups and not drill.looked:
            self.wrong("a drill of seals that is done, and no seal was checked")
        elif not {*map(str, drill.serials), *(() if drill.groups else drill.seals)} <= drill.graded:
            self.wrong("a drill that is done, and not every card that came is graded")

    def action_opened(self, entry):
        self.actions.append(False)
        self.check_length("action", 23)
        self.check_length("due", 10)
        self.check_length("text", 400)
        if entry.get("action") != str(len(self.actions)):
            self.wrong("the action is not numbered by one more than the one before")
        if not self.is_there(entry.get("owner")) or not is_date(entry.get("due")):
            self.wrong("an action without an owner of this log, or without a day when it is due")

    def action_closed(self, entry):
        number = entry.get("action")
        self.check_length("action", 23)
        if (not is_form("[1-9][0-9]{0,9}", number) or int(number) > len(self.actions)
                or self.actions[int(number) - 1]):
            return self.wrong("there is no such action, or it was closed already")
        self.actions[int(number) - 1] = True
        return self.check_length("text", 400)

    def outcome(self, entry):
        ceremony = self.open_ceremony(entry)
        if ceremony is None:
            return
        ceremony.result, ceremony.outcome_epoch = entry.get("result"), entry.epoch
        all_issued = bool(self.cards) and all(card.issued for card in self.cards)
        if ceremony.ceremony == "found":
            if ceremony.result == "done" and not all_issued:
                self.wrong("a founding whose cards were not all handed over")
            elif ceremony.result == "abandoned" and not all_issued:
                self.abandoned = True
            elif ceremony.result != "done":
                self.wrong("an outcome that this ceremony cannot have")
        elif ceremony.ceremony == "continue":
            self.continued = (self.continues and ceremony.result == "done" and self.has_quorum()
                              and ceremony.generation == self.signed_by)
            if not self.continued:
                self.wrong("a log is continued without both quorums")
        elif ceremony.ceremony in ("reissue", "replace"):
            self.remade(ceremony.result)
        elif ceremony.ceremony == "drill":
            self.drill_ended(ceremony)
        elif ceremony.ceremony == "takeover":
            if ceremony.result != "done" or not self.taken_over:
                self.wrong("a take-over that is not done in its own commit")
        elif ceremony.ceremony == "rekey":
            created = bool(self.keys) and self.keys[-1].intent is ceremony
            delivered = created and all(c.issued for c in self.cards_of(self.keys[-1].generation))
            self.abandoned = ceremony.result == "abandoned" and created and not delivered
            if not (delivered if ceremony.result == "done" else self.abandoned
                    or (ceremony.result in ("refused", "failed") and not created)):
                self.wrong("an outcome that this re-key cannot have")
        elif ceremony.result == "done":
            if not self.has_quorum():
                self.wrong("an opening without a quorum of both groups")
        elif ceremony.result not in ("refused", "failed"):
            self.wrong("an outcome that this ceremony cannot have")

    def opened(self, entry):
        """The last ceremony, if it is the one named, and an opening that was done."""
        last = self.intent
        return last if last and last.index == entry.number("intent") and (
            last.ceremony, last.result) == ("open", "done") else None

    def secret_shown(self, entry):
        opening = self.opened(entry)
        if (opening and opening.outcome_epoch == entry.epoch
                and opening.account == entry.get("account") and self.item(entry) is not None
                and self.key and self.item(entry).kept(self.key.generation)
                and entry.get("what") in opening.shows):
            opening.shows.remove(entry.get("what"))
        else:
            self.wrong("a secret shown that no opening gave")

    def secret_hidden(self, entry):
        if not self.opened(entry):
            self.wrong("a secret hidden that no opening showed")

    # -- the end of an epoch --

    def seal(self, index, epoch, note):
        """Who had to cosign this epoch's checkpoint? `note` is None if it could not be read."""
        fault = functools.partial(self.report.fault, index, epoch)
        cosigners = self.cosigners(note, fault) if note else None
        for actor, unfit in self.actors.items():
            if not self.is_operator(actor) if self.taken_over else unfit is not None:
                self.report.fault(index if unfit is None else unfit, epoch,
                                  "the actor is no operator with a badge")
            elif note and actor not in cosigners:
                fault(f"the checkpoint lacks the cosignature of {actor}, who acted")
        quorums = self.taken_over or self.continued
        two = self.two_badges or (self.second_asked and not quorums)
        # Whoever gets a badge here has not agreed by it; in a log's first epoch all get one.
        had = len(cosigners or ()) if epoch == 0 or self.taken_over else sum(
            self.badges[person].issued < (self.first or 0) for person in cosigners or ())
        if note and two and not self.practice and had < 2:
            fault(f"the act needs the badges of two people, and {had} cosigned")
        for person in self.unsigned if note else ():
            if person not in cosigners:
                fault(f"the new badge of {person} has not cosigned")
        if note and self.closed:
            for person in sorted(set(self.closers) - cosigners):
                fault(f"the close lacks the cosignature of {person}, who was there with a badge")
            said = f"{len(cosigners)} of {self.cosignatures} cosigned the close"
            if len(cosigners) < self.cosignatures and self.excepted is None:
                fault(said)
            elif len(cosigners) < self.cosignatures:
                self.report.notice(index, epoch, f"{said}; exception at entry {self.excepted}")
        if self.ended is not None and not quorums:
            self.report.fault(self.ended, epoch, "a session is opened while another lasts")
        if self.promised:
            self.report.fault(self.promised[1], epoch, "a person whom no policy of this commit names")
        for group, at in self.regrouped.items():
            self.report.fault(at, epoch, f"the {group} group is another, and has no new shares")
        if self.takes_over and not self.intent.result:
            fault("a take-over that is not done in its own commit")
        if self.continues and not self.continued:
            fault("a log is continued without both quorums")
        for group in GROUPS:
            edition = self.epoch_editions.get(group)
            cards = sum(edition.has(card) for card in self.cards) if edition else 0
            if (edition or self.key_created) and cards != len(self.groups.get(group, ())):
                fault(f"the {group} group has {cards} cards, and another number of custodians")
        if self.key_created:
            if self.pending and self.key and any(
                    item.kept(self.key.generation) and not item.carried for item in self.items):
                fault("an item is not sealed under the new key")
        if self.given_up and any(not card.void for card in self.cards_of(self.given_up)):
            fault("a generation is given up, and not every card of it is void")
        if (self.given_up or self.key_began) and any(
                item.sealed and not item.gone and self.is_left_behind(item) for item in self.items):
            fault("an item is kept of a generation that is not in force")
        if self.abandoned and self.pending:
            fault("a re-key that is abandoned, and whose cards are not void")
        self.begin_epoch()

    def cosigners(self, note, fault):
        """The people whose badges in force cosigned a checkpoint. A line that is nobody's is a
        fault: no vault writes one, so that it was something else before."""
        cosigners, log_lines = set(), 0
        keys = {(badge.key.name, badge.key.id): badge for badge in self.badges.values() if badge.key}
        for name, id_, _ in note.lines:
            log_lines += name == note.origin
            badge = keys.get((name, id_))
            if badge and note.verify(badge.key):
                cosigners.add(badge.person)
            elif name != note.origin or log_lines > 1:
                fault(f"a line of {name} that is no good signature of a badge in force")
        return cosigners


class Edition:
    def __init__(self, entry):
        self.group, self.number = entry.get("group"), entry.number("edition")
        self.generation, self.threshold = entry.number("generation"), entry.number("threshold")
        self.in_force = False

    def has(self, card):
        return (card.generation, card.group, card.edition) == (
            self.generation, self.group, self.number)


class Card:
    def __init__(self, entry):
        self.serial, self.member = entry.number("serial"), entry.number("member-index")
        self.generation, self.edition = entry.number("generation"), entry.number("edition")
        self.group, self.custodian = entry.get("group"), entry.get("custodian")
        self.replaces = entry.number("replaces")
        self.issued = self.proved = self.suspect = self.void = self.destroyed = False


class VaultKey:
    def __init__(self, entry, intent, began):
        self.generation, self.identifier = entry.number("generation"), entry.number("identifier")
        self.authority = bytes.fromhex(entry.get("authority-key"))
        self.intent, self.began, self.ended = intent, began, False


class Bag:
    def __init__(self, number, card, account):
        self.number, self.card, self.account = number, card, account


class Item:
    def __init__(self, entry):
        self.account, self.kind = entry.get("account"), entry.get("kind")
        self.generation = entry.number("generation")
        self.carries = self.carried = None  # the item whose secret it has; the one that has its own
        self.deposited = self.superseded = self.document = self.ciphertext = None
        self.sealed = self.confirmed = self.gone = False

    def seal(self, entry, document):
        self.sealed, self.document, self.ciphertext = True, document, entry.get("ciphertext")

    def kept(self, generation):
        return self.sealed and not self.gone and self.generation == generation

    def waits(self):
        return not self.sealed and not self.gone


class Ceremony:
    def __init__(self, entry):
        self.index, self.ceremony = entry.index, entry.get("ceremony")
        self.account, self.shows = entry.get("account"), list(entry.values["show"])
        self.group = entry.get("group")
        self.accepted = {group: [] for group in GROUPS}
        self.serials = []  # of the cards accepted
        self.generation = None  # of those cards
        self.result = self.outcome_epoch = None
        level, group = entry.get("level"), entry.get("group")
        levels = {("seals", None): (), ("full", None): GROUPS,
                  **{("group", name): (name,) for name in GROUPS}}
        self.is_level = (level, group) in levels  # of a drill …
        self.groups = levels.get((level, group), ())  # … and whose quorum it is for
        self.graded, self.looked, self.seals = set(), False, {}  # of a drill; bags looked at, by card


NOT_IN_A_DRILL = ("key-created", "edition-created", "card-created", "card-proved", "card-voided",
                  "item-sealed", "item-deposited", "item-deleted", "deposit-refused",
                  "secret-shown", "policy-changed")

RULES = {
    "genesis": State.genesis, "checkpoint-key": State.nothing,
    "session-opened": State.session_opened, "session-closed": State.session_closed,
    "session-noted": State.session_noted,
    "person-out": State.person_out, "person-back": State.person_back,
    "thing-out": State.thing_moved, "thing-back": State.thing_moved,
    "exception": State.exception, "badge-issued": State.badge_issued,
    "badge-voided": State.badge_voided, "log-taken-over": State.take_over,
    "person-added": State.person_added, "person-changed": State.person_changed,
    "person-left": State.person_left, "policy-changed": State.policy_changed,
    "intent": State.begin_ceremony, "outcome": State.outcome,
    "key-created": State.create_key, "edition-created": State.edition_created,
    "card-created": State.card_created, "card-issued": State.card_issued,
    "card-proved": State.card_proved, "card-accepted": State.card_accepted,
    "card-refused": State.nothing, "card-voided": State.card_voided,
    "card-destroyed": State.card_destroyed, "bag-sealed": State.bag_sealed,
    "bag-moved": State.bag_moved, "seal-checked": State.seal_checked,
    "account-added": State.account_added, "account-changed": State.account_changed,
    "account-closed": State.account_closed,
    "item-deposited": State.item_deposited, "deposit-refused": State.deposit_refused,
    "item-deleted": State.item_deleted,
    "item-sealed": State.item_sealed, "credential-confirmed": State.credential_confirmed,
    "drill-graded": State.drill_graded, "action-opened": State.action_opened,
    "action-closed": State.action_closed,
    "secret-shown": State.secret_shown, "secret-hidden": State.secret_hidden,
    "evidence-attached": State.nothing, "register-set": State.register_set,
    "runbook-step": State.runbook_step,
    "review-signed": State.review_signed,
}


# ---- Where a log lies: a vault's database, or an export ----


CHANGED = "its bytes are not those of its name"


class Log:
    """What is to be verified, as it lies there; nothing is believed yet."""

    def __init__(self):
        self.entries = []  # (index, epoch, bytes); the epoch is None where only the entry says it
        self.checkpoints = []  # (epoch, size or None, bytes of the note)
        self.cosignatures = collections.defaultdict(list)  # epoch -> (person, 72 bytes)
        self.documents = None  # digest in hex -> kind, or CHANGED; None: not here
        self.files = None  # of an export: name -> bytes


def read_database(path, report):
    """Reads vault.sqlite as it lies there: no journal is played, and no lock is taken."""
    log = Log()
    for name in ("-wal", "-shm"):
        if pathlib.Path(f"{path}{name}").exists():
            report.fault(0, 0, f"{path}{name}: no vault has such a file")
    with open(path, "rb") as file:
        if file.read(20)[18:] != b"\1\1":
            report.fault(0, 0, f"{path}: it asks for a write-ahead log, as no vault does")
    if pathlib.Path(f"{path}-journal").exists():
        report.notice(0, 0, f"{path}-journal: a commit was interrupted; it is not played here")
    try:
        db = sqlite3.connect(f"{pathlib.Path(path).resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        db.text_factory = bytes
        db.execute("PRAGMA trusted_schema = OFF")
        for table, columns, rows in (("log_entry", "idx, epoch, body", log.entries),
                                     ("log_checkpoint", "epoch, size, note", log.checkpoints)):
            for row in db.execute(f"SELECT {columns} FROM {table} ORDER BY 1"):
                if isinstance(row[0], int) and row[0] < 0:  # no commit makes one
                    report.fault(0, 0, f"{path}: {table} has a row of the number {row[0]}")
                else:
                    rows.append(row)
        for epoch, person, signature in db.execute(
                "SELECT epoch, person, signature FROM log_cosignature ORDER BY epoch, person"):
            log.cosignatures[epoch].append((person.decode(), bytes(signature)))
        log.documents = {}
        for digest, kind, body in db.execute("SELECT digest, kind, body FROM document"):
            log.documents[digest.hex()] = kind.decode() if sha256(body) == digest else CHANGED
        if db.execute("SELECT count(*) - count(DISTINCT rootpage) FROM sqlite_schema "
                      "WHERE rootpage > 0").fetchone() != (0,):
            report.fault(0, 0, f"{path}: two of its tables share a page")
        if db.execute("PRAGMA freelist_count").fetchone() != (0,):
            found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
            if found != b"ok":
                report.fault(0, 0, f"{path}: its free pages: {found.decode()}")
        db.close()
    except (sqlite3.Error, ValueError, TypeError, AttributeError) as why:
        report.fault(len(log.entries), 0, f"{path} cannot be read: {why}")
    return log


def tile_path(level, number, width):
    elements = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        elements.insert(0, f"x{number % 1000:03}")
    return f"tile/{level}/{'/'.join(elements)}" + (f".p/{width}" if width < 256 else "")


def tile_paths(level, count):
    """(path, first, width) of the tiles of so many entries or hashes."""
    for first in range(0, count, 256):
        width = min(256, count - first)
        yield tile_path(level, first // 256, width), first, width


def read_files(path, report):
    """name -> bytes of an export's regular files."""
    files = {}
    for file in sorted(path.rglob("*")):
        name = file.relative_to(path).as_posix()
        if file.is_symlink() or not (file.is_file() or file.is_dir()):
            report.fault(None, None, f"{name}: neither a file nor a directory")
        elif file.is_file():
            files[name] = file.read_bytes()
        elif not any(file.iterdir()):
            report.fault(None, None, f"{name}: an empty directory")
    return files


def check_sums(files, report):
    """SHA256SUMS names every file but itself, ascending, with its digest. A predecessor's export
    has one of its own."""
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}" for name in sorted(files)
             if name != "SHA256SUMS" and not name.startswith("predecessor/")]
    said = files.get("SHA256SUMS", b"").decode("utf-8", "replace").split("\n")
    if said != [*lines, ""]:
        report.fault(None, None, "SHA256SUMS: it is not that of these files")
        for line in set(lines) - set(said):
            report.fault(None, None, f"{line[66:]}: SHA256SUMS has another digest, or none")


def read_bundle(data, first, width, report, name):
    """The entries of a bundle, each behind its length."""
    entries = []
    while data and len(entries) < width:
        length = int.from_bytes(data[:2], "big")
        if len(data) < 2 + length:
            break
        entries.append(data[2:2 + length])
        data = data[2 + length:]
    if data or len(entries) < width:
        report.fault(first + len(entries), 0, f"{name}: its entries do not fill it")
    return entries


def read_export(path, report):
    """An export: its files, and the entries and checkpoints in them."""
    log = Log()
    log.files = read_files(path, report)
    check_sums(log.files, report)
    for name, data in log.files.items():
        if is_form("chain/(0|[1-9][0-9]{0,17})", name):
            log.checkpoints.append((int(name[6:]), None, data))
    log.checkpoints.sort()
    size = said_size(log.files.get("checkpoint", b""))
    if size == 0:
        report.fault(None, None, "checkpoint: it says no size")
    epochs = [(said_size(data), epoch) for epoch, _, data in log.checkpoints]
    for name, first, width in tile_paths("entries", size):
        if name not in log.files:
            report.fault(first, 0, f"{name} is missing")
            break
        for entry in read_bundle(log.files[name], first, width, report, name):
            while len(epochs) > 1 and epochs[0][0] <= len(log.entries):
                epochs.pop(0)  # the epoch whose checkpoint is the first to cover this entry
            log.entries.append((len(log.entries), epochs[0][1] if epochs else None, entry))
    return log


def said_size(note):
    """The size that a checkpoint says, whether or not the rest of it can be read; 0 if none."""
    said = re.match(rb"[^\n]*\n([1-9][0-9]{0,18})\n", note)
    return int(said[1]) if said else 0


def export_of(log, found):
    """name -> what must stand in an export of these entries, or None where that is not made of
    them."""
    wanted = {"VERIFY.txt": None, "SHA256SUMS": None, "entries.jsonl": None,
              "checkpoint": log.checkpoints[-1][2] if log.checkpoints else None}
    bodies = [body for _, _, body in log.entries]
    for name, first, width in tile_paths("entries", len(bodies)):
        wanted[name] = b"".join(len(body).to_bytes(2, "big") + body
                                for body in bodies[first:first + width])
    hashes, level = [leaf_hash(body) for body in bodies], 0
    while hashes:
        for name, first, width in tile_paths(level, len(hashes)):
            wanted[name] = b"".join(hashes[first:first + width])
        whole = range(0, len(hashes) - len(hashes) % 256, 256)
        hashes, level = [root_of(hashes[first:first + 256]) for first in whole], level + 1
    for epoch, _, note in log.checkpoints:
        wanted[f"chain/{epoch}"] = note
    vkeys = dict.fromkeys(badge.text for badge in found.state.all_badges[found.state.first_badge:]
                          if badge.key)
    wanted["people.vkeys"] = "".join(f"{vkey}\n" for vkey in vkeys).encode()
    if any(name.startswith("openssl/") for name in log.files) and found.notes:
        wanted.update(openssl_files(found))
    return wanted


def openssl_files(found):
    """A message, a signature and a key for each signature of the last checkpoint."""
    note, files = found.notes[max(found.notes)], {}
    keys = [("log", found.keys[max(found.notes)])] + [
        (f"{b.person}+{b.key.id.hex()}", b.key) for b in found.state.all_badges if b.key]
    for stem, key in keys:
        signed = note.signed_by(key) if key else None
        if signed:
            spki = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + key.public).decode()
            files[f"openssl/{stem}.message"], files[f"openssl/{stem}.signature"] = signed
            files[f"openssl/{stem}.pem"] = (f"-----BEGIN PUBLIC KEY-----\n{spki}\n"
                                    "-----END PUBLIC KEY-----\n").encode()
    return files


def check_export(log, found, report):
    """Every file of an export, against what its entries make."""
    wanted = export_of(log, found)
    for name in sorted(set(wanted) | set(log.files)):
        if name.startswith("predecessor/") and found.former:
            continue  # an export of its own
        if name not in log.files:
            report.fault(None, None, f"{name} is missing")
        elif name not in wanted:
            report.fault(None, None, f"{name}: an export has no such file")
        elif wanted[name] is not None and wanted[name] != log.files[name]:
            report.fault(None, None, f"{name}: not what the entries make")
    # By line feeds alone: a text may hold other characters that part lines.
    *lines, rest = log.files.get("entries.jsonl", b"").decode("utf-8", "replace").split("\n")
    if len(lines) != len(log.entries) or rest != "":
        report.fault(None, None, "entries.jsonl: not a line for every entry")
    for line, (index, _, body, entry) in zip(lines, found.rows):
        try:
            same = entry is None or json.loads(line) == entry.as_json()
        except ValueError:
            same = False
        if not same:
            report.fault(index, entry.epoch, "entries.jsonl says something else")


# ---- The whole log ----


class Verified:
    """What a log turned out to hold."""

    def __init__(self):
        self.origin, self.state, self.tree, self.notes = None, None, Tree(), {}
        self.fingerprint = b""
        self.wanted = {}  # epoch -> how many cosignatures the policy asks for there
        self.rows, self.keys = [], {}  # (index, epoch, bytes, Entry or None); epoch -> its Key


def parse_entries(log, report):
    """(index, epoch, body, Entry or None) for each row; its form and its place are checked."""
    rows, expected, last_time = [], 0, ""
    for index, epoch, body in log.entries:
        if not isinstance(index, int) or not isinstance(body, bytes) or not (
                epoch is None or isinstance(epoch, int)):
            report.fault(expected, 0, "the row's values are of other types")
            expected += 1
            continue
        for gone in range(expected, min(index, expected + 1000)):
            report.fault(gone, epoch, "the entry is missing")
        if index < expected:
            report.fault(index, epoch, "an entry out of order")
        expected = index + 1
        try:
            entry = Entry(body)
        except Wrong as why:
            report.fault(index, epoch or 0, f"entry: {why}")
            rows.append((index, epoch, body, None))
            continue
        epoch = entry.epoch if epoch is None else epoch
        if entry.index != index:
            report.fault(index, epoch, f"the entry says index {entry.index}")
        if entry.epoch != epoch:
            report.fault(index, epoch, f"the entry says epoch {entry.epoch}")
        if (entry.event == "genesis") != (index == 0):
            report.fault(index, epoch, "the first entry is a genesis, and no other is")
        if entry.time < last_time:
            report.notice(index, epoch, "the time goes back")
        last_time = entry.time
        rows.append((index, epoch, body, entry))
    return rows


def verify_log(log, former, report):
    """Replays a log whole; `former` is the log that it continues, or None."""
    found = Verified()
    found.former = former
    rows = found.rows = parse_entries(log, report)
    found.state = former.state if former else State(report)
    found.state.begin_log(report)
    if not rows:
        report.fault(0, 0, "the log has no entry")
        return found
    found.origin = next((entry.origin for *_, entry in rows if entry), "")
    found.fingerprint = leaf_hash(rows[0][2])
    for index, epoch, _, entry in rows:
        if entry and entry.origin != found.origin:
            report.fault(index, epoch, "an entry of another log")
    checkpoints = {}
    for epoch, size, note in log.checkpoints:
        if epoch in checkpoints:
            report.fault(rows[-1][0], epoch, "two checkpoints of one epoch")
        checkpoints[epoch] = (size, note)
    next_key, expected, told = announced(rows[0][3], "first-key", report), 0, False
    for epoch, run in itertools.groupby(rows, lambda row: row[1]):
        run = list(run)
        for gone in range(expected, min(epoch or 0, expected + 1000)):
            report.fault(run[0][0], gone, f"epoch {gone} is missing")
        if epoch is None or epoch < expected:
            report.fault(run[0][0], epoch, "an epoch out of its order")
        expected = (epoch or 0) + 1
        run, behind = cut_at_end(run, epoch, report)
        take_entries(found, run)
        note, told = check_checkpoint(found, log, checkpoints.pop(epoch, None), run, next_key, told,
                                      report)
        found.state.seal(run[-1][0], epoch, note)
        found.wanted[epoch] = max(1, found.state.cosignatures)
        found.keys[epoch] = next_key
        next_key = announced(run[-1][3], "next-key", report) or next_key
        take_entries(found, behind)
    for epoch in log.cosignatures:
        report.fault(rows[-1][0], epoch, "log_cosignature: of no checkpoint")
    for epoch in checkpoints:
        report.fault(rows[-1][0] + 1, epoch, "a checkpoint without its entries")
    check_documents(found.state, log, report)
    if log.files is not None:
        check_export(log, found, report)
    return found


def announced(entry, name, report):
    """The key for the next checkpoint, which genesis and each `checkpoint-key` announce."""
    text = entry.get(name) if entry else None
    if text is None:
        return None
    try:
        key = Key(text)
    except Wrong as why:
        report.fault(entry.index, entry.epoch, f"{name}: {why}")
        return None
    if key.type != LOG or key.name != entry.origin:
        report.fault(entry.index, entry.epoch, f"{name} is not a key of this log")
    return key


def take_entries(found, rows):
    for _, _, body, entry in rows:
        found.tree.add(leaf_hash(body))
        if entry:
            found.state.apply(entry)


def cut_at_end(run, epoch, report):
    """An epoch's last entry, and only the last, is `checkpoint-key`; it is not the only one."""
    ends = [n for n, (*_, entry) in enumerate(run) if entry and entry.event == "checkpoint-key"]
    if not ends:
        report.fault(run[-1][0], epoch, "the epoch has no end")
        return run, []
    if ends[0] == 0:
        report.fault(run[0][0], epoch, "the epoch has no entry but its next key")
    behind = run[ends[0] + 1:]
    for index, *_ in behind:
        report.fault(index, epoch, "an entry after the epoch's last one")
    return run[:ends[0] + 1], behind


def check_checkpoint(found, log, row, run, key, told, report):
    """The checkpoint of one epoch: (the note or None, has a difference been told)."""
    index, epoch = run[-1][:2]
    if row is None:
        report.fault(index, epoch, "the epoch has no checkpoint")
        return None, told
    size, data = row
    later = log.cosignatures.pop(epoch, [])
    try:
        note = Note(bytes(data))
    except (Wrong, TypeError) as why:
        report.fault(index, epoch, f"checkpoint: {why}")
        return None, told
    for person, signature in later:
        badge = found.state.badges.get(person)
        if badge and badge.key and len(signature) == 72:
            note.lines.append((badge.key.name, badge.key.id, signature))
        else:
            report.fault(index, epoch, f"log_cosignature: of {person}, who has no badge")
    if size is not None and size != note.size:
        report.fault(index, epoch, "the checkpoint's row says another size")
    head = (found.origin, found.tree.size, found.tree.root())
    if (note.origin, note.size, note.root) != head and not told:
        told = True  # once: every later root differs too
        report.fault(index, epoch, "the entries so far are not those that the checkpoint signed")
    if key is None or not note.verify(key):
        report.fault(index, epoch, "the checkpoint is not signed by the key announced for it")
    found.notes[epoch] = note
    return note, told


def check_documents(state, log, report):
    """Each document that an entry names is there, and no other."""
    if log.documents is None:
        return
    for digest, kind, index, epoch in state.documents:
        if digest not in log.documents:
            report.fault(index, epoch, f"document {digest} is missing")
        elif log.documents[digest] == CHANGED:
            report.fault(index, epoch, f"document {digest} was changed")
        elif log.documents[digest] != kind:
            report.fault(index, epoch, f"document {digest} is of another kind")
    for digest in set(log.documents) - {digest for digest, *_ in state.documents}:
        report.fault(0, 0, f"document {digest} is named by no entry")


# ---- People's keys from paper, and receipts ----


def read_people(path):
    """person -> keys: who has had several badges may have a line for each, and so for each log
    of a chain"""
    lines = pathlib.Path(path).read_text(encoding="ascii").splitlines()
    keys = [Key(line.strip()) for line in lines if line.strip() and not line.startswith("#")]
    if not keys or any(key.type != COSIGN for key in keys):
        raise Wrong(f"{path}: no key, or one that is no person's")
    people = {}
    for key in keys:
        people.setdefault(key.name.rpartition("/")[2], []).append(key)
    return people


def earlier_origins(found):
    """The origins of a log and of those that it continues."""
    while found:
        yield found.origin
        found = found.former


def signers_of(note, people):
    """Who cosigned. A log that continues another takes over its people's keys: a key from before
    counts under its person's name in this log."""
    return sorted(person for person, keys in people.items()
                  if any(note.verify(Key.of(f"{note.origin}/{person}", COSIGN, key.public))
                         for key in keys))


def check_people(found, people, report):
    """The newest checkpoint that has as many cosignatures by the keys from paper as the policy
    asked for at that time vouches for all entries before it."""
    origins = list(earlier_origins(found))
    for key in itertools.chain.from_iterable(people.values()):
        if key.name.rpartition("/")[0] not in origins:
            raise Wrong(f"{key.name}: a key of another log than {found.origin}")
    for person, keys in people.items():
        badges = [b for b in found.state.all_badges if b.person == person and b.key]
        if badges and not {k.public for k in keys} & {b.key.public for b in badges}:
            report.fault(badges[0].issued, 0, f"paper has another key for {person} than the log")
    log = found
    while log:
        for epoch in sorted(log.notes, reverse=True):
            note, wanted = log.notes[epoch], log.wanted[epoch]
            signers = signers_of(note, people)
            if len(signers) >= wanted:
                return tell_vouched(found, log, note, signers, report)
        log = log.former
    report.fault(0, 0, f"no checkpoint has {found.state.cosignatures} cosignatures by these keys")


def tell_vouched(found, log, note, signers, report):
    size = note.size if log is found else 0
    print(f"{size} of {found.tree.size} entries are vouched for by {', '.join(signers)}"
          + ("" if log is found else f", and the first {note.size} of {log.origin}"))
    if size < found.tree.size:
        report.notice(size, found.rows[size][1], "from here on the entries are not vouched for: a "
                      "session that lasts looks so, and so does what one badge wrote alone")


def read_receipt(path):
    """(vault id or None, epoch or None, note) of a code, of a file with one, or of a checkpoint's
    own text in a file."""
    data = path.encode() if path.startswith("QUORATE1:") else pathlib.Path(path).read_bytes()
    code = data.decode("utf-8").strip()
    if not code.startswith("QUORATE1:"):
        return None, None, Note(data)
    text = code[len("QUORATE1:R:"):]
    try:
        data = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        raise Wrong("no Base32") from None
    again = "QUORATE1:R:" + base64.b32encode(data).decode().rstrip("=")
    if again != code or len(data) > 4096 or data[:1] != b"\1":
        raise Wrong("not a receipt")
    note = Note(data[21:])
    if len(note.lines) > 3 or sum(name != note.origin for name, _, _ in note.lines) > 2:
        raise Wrong("more than two cosignatures")
    return data[1:13], int.from_bytes(data[13:21], "big"), note


def check_receipt(found, path, ahead, report):
    """Says `same` or `older`, or what is wrong. `ahead`: size -> root of former receipts that go
    beyond the log."""
    try:
        vault_id, epoch, note = read_receipt(path)
    except (Wrong, UnicodeDecodeError) as why:
        return report.fault(None, None, f"{path}: refused: {why}")
    state, newest = found.state, found
    while found and found.origin != note.origin:
        found = found.former  # a receipt of a log that this one continues is as good
    if vault_id not in (None, state.vault_id) or not found:
        return report.fault(None, None, f"{path}: refused: of another vault or log")
    size, last = note.size, max(found.notes, default=0)
    badges = [badge for badge in state.all_badges if badge.in_force(size)]
    cosigned = [badge.person for badge in badges if note.verify(badge.key)]
    ours = next((e for e, n in found.notes.items() if n.size == size), None)
    if size <= found.tree.size and ours is not None and note.root == root_of(
            [leaf_hash(body) for _, _, body, _ in found.rows[:size]]):
        key = found.keys[ours]
        good = {(b.key.name, b.key.id) for b in badges if b.person in cosigned}
        others = [line for line in note.lines if (line[0], line[1]) not in good]
        if epoch not in (None, ours) or not key or not note.verify(key) or len(others) != 1:
            return report.fault(size - 1, ours, f"{path}: refused: another epoch, or a bad signature")
        same = found is newest and size == found.tree.size
        return print(f"{path}: {'same as' if same else 'older than'} the log, cosigned by "
                     f"{', '.join(sorted(cosigned))}")
    if not cosigned:
        return report.fault(None, None, f"{path}: refused: not as the log, and no known badge "
                            "cosigned it: anyone can write that")
    if size <= found.tree.size:
        return report.fault(size - 1, ours or last, f"{path}: FORK: the log does not continue it")
    if ahead.setdefault(size, note.root) != note.root:
        return report.fault(None, None, f"{path}: FORK: two receipts of size {size}, and two roots")
    return report.fault(found.tree.size, last, f"{path}: ROLLBACK: the receipt is of size {size}, the "
                        f"log has {found.tree.size}")


# ---- Proofs: of one entry, or that one log continues another ----


def root_by_inclusion(leaf, index, size, path):
    """The root of `size` leaves of which one is known; the path goes up from it."""
    if size == 1:
        if path:
            raise Wrong("the proof has too many hashes")
        return leaf
    if not path:
        raise Wrong("the proof has too few hashes")
    k = split(size)
    if index < k:
        return node_hash(root_by_inclusion(leaf, index, k, path[:-1]), path[-1])
    return node_hash(path[-1], root_by_inclusion(leaf, index - k, size - k, path[:-1]))


def roots_by_consistency(old_root, old, new, path, whole=True):
    """(root of the first `old` leaves, root of all `new`); `whole` as in RFC 6962, 2.1.2."""
    if old == new:
        if len(path) != (0 if whole else 1):
            raise Wrong("the proof has a wrong number of hashes")
        known = old_root if whole else path[0]
        return known, known
    if not path:
        raise Wrong("the proof has too few hashes")
    k = split(new)
    if old <= k:
        first, all_ = roots_by_consistency(old_root, old, k, path[:-1], whole)
        return first, node_hash(all_, path[-1])
    first, all_ = roots_by_consistency(old_root, old - k, new - k, path[:-1], False)
    return node_hash(path[-1], first), node_hash(path[-1], all_)


def parse_proof(data):
    """(what stands before the hashes: key -> text, the hashes, the checkpoint)"""
    if len(data) > 131072:
        raise Wrong("longer than 131072 bytes")
    head, _, note = data.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Wrong("not ASCII") from None
    keys = {"c2sp.org/tlog-proof@v1": ["extra", "index"], "quorate/consistency/v1": ["old"]}.get(first)
    if keys is None:
        raise Wrong("not a proof")
    said = {}
    for key in keys:
        if lines and lines[0].startswith(key + " "):
            said[key] = lines.pop(0)[len(key) + 1:]
        elif key != "extra":
            raise Wrong(f"`{key}` is missing")
    path = [unbase64(line) for line in lines]
    if len(path) > 64 or any(len(part) != 32 for part in path):
        raise Wrong("more than 64 hashes, or one that is none")
    return said, path, Note(note)


def check_inclusion(said, path, note, entry_path):
    index = decimal(said["index"])
    entry = unbase64(said["extra"]) if "extra" in said else None
    if entry_path:
        given = pathlib.Path(entry_path).read_bytes()
        if entry not in (None, given):
            raise Wrong(f"{entry_path} is not the entry in the proof")
        entry = given
    if entry is None:
        raise Wrong("the proof does not hold its entry: give it with --entry")
    if index >= note.size:
        raise Wrong("an index beyond the size")
    if root_by_inclusion(leaf_hash(entry), index, note.size, path) != note.root:
        raise Wrong("the hashes do not lead to the checkpoint's root")
    parsed = Entry(entry)
    if (parsed.index, parsed.origin) != (index, note.origin):
        raise Wrong("an entry of another place or log")
    print(f"entry {index}, {parsed.event}, is in the log of {note.size} entries")


def check_consistency(said, path, note, receipts):
    size, _, root = said["old"].partition(" ")
    size, root = decimal(size), unbase64(root)
    if not 1 <= size <= note.size:
        raise Wrong("an old size that is 0, or beyond the size")
    if roots_by_consistency(root, size, note.size, path) != (root, note.root):
        raise Wrong("the hashes do not lead to both roots")
    for path_ in receipts:
        receipt = read_receipt(path_)[2]
        if (receipt.origin, receipt.size, receipt.root) != (note.origin, size, root):
            raise Wrong(f"{path_} is not the older log of the proof")
    print(f"the log of {note.size} entries continues the one of {size}")


def check_proof(proof_path, entry_path, receipts, people, report):
    try:
        said, path, note = parse_proof(pathlib.Path(proof_path).read_bytes())
        if "index" in said:
            check_inclusion(said, path, note, entry_path)
        else:
            check_consistency(said, path, note, receipts)
        signers = signers_of(note, people)
        if not signers:
            raise Wrong("none of these people has cosigned its checkpoint")
        print(f"vouched for by {', '.join(signers)}")
    except Wrong as why:
        report.fault(None, None, f"{proof_path}: {why}")


# ---- The command ----


LOGS_MAX = 24  # of a chain


def verify(path, report, successors=0):
    """Verifies vault.sqlite, or an export, and first the log that it continues, if there is one."""
    path = pathlib.Path(path)
    if successors >= LOGS_MAX:
        raise Wrong(f"a chain of more than {LOGS_MAX} logs")
    log = read_export(path, report) if path.is_dir() else read_database(path, report)
    return verify_log(log, verify_former(path, log, report, successors), report)


def verify_former(path, log, report, successors):
    """The log before this one, which a successor's genesis names, or None."""
    try:
        genesis = Entry(log.entries[0][2])
        said = genesis.get("predecessor")
    except (Wrong, IndexError, TypeError):
        return None
    if said is None:
        return None
    old_path = path / "predecessor" if path.is_dir() else path.parent / "predecessor" / "vault.sqlite"
    if not old_path.exists():
        report.fault(0, 0, f"{old_path} is gone: this log continues {said}")
        return None
    if not path.is_dir() and hashlib.sha256(old_path.read_bytes()).hexdigest() not in (
            genesis.values["evidence"]):
        report.fault(0, 0, f"{old_path} is not the file that the genesis names as evidence")
    theirs = Report()
    old = verify(old_path, theirs, successors + 1)
    for index, epoch, text in theirs.faults:
        report.fault(index, epoch, f"predecessor {old.origin}: {text}")
    for index, epoch, text in theirs.notices:
        report.notice(index, epoch, f"predecessor {old.origin}: {text}")
    root = base64.b64encode(old.tree.root()).decode() if old.tree.size else ""
    if said != f"{old.origin} {len(old.notes)} {old.tree.size} {root}":
        report.fault(0, 0, f"the genesis continues {said}: that is not what lies there")
    return old


def tell_fingerprints(found):
    """A successor has another than the log before it, whose cards go on."""
    where = "a card" if not found.former else f"a card that was printed since it is {found.origin}"
    while found:
        print(f"fingerprint {found.fingerprint.hex()}: compare it with {where}")
        found = found.former
        where = f"a card that was printed when it was {found.origin}" if found else ""


def main(arguments):
    options = {"--people": [], "--receipt": [], "--proof": [], "--entry": []}
    paths = []
    arguments = iter(arguments)
    for argument in arguments:
        if argument.startswith("-"):
            value = next(arguments, None)
            if argument not in options or value is None:
                raise Wrong(__doc__)
            options[argument].append(value)
        else:
            paths.append(argument)
    if len(paths) + len(options["--proof"]) != 1 or (options["--proof"] and not options["--people"]):
        raise Wrong(__doc__)
    report = Report()
    people = {}
    for path in options["--people"]:
        for person, keys in read_people(path).items():
            people.setdefault(person, []).extend(keys)
    if options["--proof"]:
        entry = options["--entry"][0] if options["--entry"] else None
        check_proof(options["--proof"][0], entry, options["--receipt"], people, report)
        return report.show()
    found = verify(paths[0], report)
    print(f"log {found.origin}, {found.tree.size} entries in {len(found.notes)} epochs")
    tell_fingerprints(found)
    if people:
        check_people(found, people, report)
    ahead = {}
    for receipt in options["--receipt"]:
        check_receipt(found, receipt, ahead, report)
    return report.show()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (OSError, Wrong) as error:
        print(f"verify_log: {error}", file=sys.stderr)
        sys.exit(2)
