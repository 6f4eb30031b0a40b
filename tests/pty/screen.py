"""Promise 17 at a terminal: a founding and an opening in a vault whose texts are
hostile, and people who type or paste what could move a cursor or turn a line
around. Nothing of it reaches the terminal as it is, plain or with pages."""
import os
import pathlib
import shutil
import sys

import ceremony
from ceremony import Founding, Opening, Room, rules
from terminal import Lost

BINARY = pathlib.Path(sys.argv[1]).resolve()
missing = [t for t in ("pdftotext", "pdftoppm", "zbarimg") if not shutil.which(t)]
if missing:
    print("skipped: not installed:", ", ".join(missing))
    sys.exit(77)
FORMATS = ("\u202e\u202a\u202b\u202d\u202c\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
           "\u200b\u200c\u200d\u2060\ufeff\u2028\u2029\xad\U000e0041\ufff9\u2064")
# ESC and CSI as a scanner or a paste would send them; the terminal's own keys
# (Enter, Ctrl-C, backspace) are not among them.
TYPED = "a\x1b]0;title\x07b\x9bc" + FORMATS
failures = []


def check(ok, what):
    if not ok:
        failures.append(what)
        print("FAILED:", what)


def raw_of(data):
    """Format characters and C1, as UTF-8 or as bytes that are none."""
    text = bytes(data).decode("utf-8", "surrogateescape")
    return sorted({f"U+{ord(c):04X}" for c in text
                   if c in FORMATS or 0x80 <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000})


def judge(what, term, plain):
    check(not raw_of(term.raw), f"{what}: {raw_of(term.raw)}")
    check(b"]0;title" not in term.raw.replace(b"\\x1B]0;title", b""), f"{what}: a title is set")
    check(b"\\xE2\\x80\\xAE" in term.raw, f"{what}: control: it is shown escaped")
    if plain:
        check(b"\x1b" not in term.raw, f"{what}: an escape code on a plain terminal")


def hostile_rules():
    policy = rules()
    policy["organization"] += FORMATS
    for person in policy["people"]:
        person["name"] += FORMATS
    policy["accounts"][0]["name"] += FORMATS
    policy["purposes"] = [{"id": "own", "words": "Own" + FORMATS}]
    return policy


class HostileOpening(Opening):
    """The ticket is pasted first as it may not be, then as it may."""

    def purpose(self):
        self.ask("the purpose", r"For what: a number >")
        self.answer(TYPED)
        self.prompt("the purpose again", r"For what: a number >", "1")
        self.ask("the ticket", r"Enter alone if there is none >")
        self.answer(TYPED)
        self.term.settle()
        # Where it was refused it is asked again; a ticket with marks is taken.
        if "Enter alone if there is none" in self.term.text().split(">")[-2]:
            self.answer("T-17" + FORMATS)
        self.prompt("the approver", r"Enter alone if nobody had to >", "")

    def present(self, serial, i):
        if i == 0:
            self.answer("./" + TYPED.replace("\x07", "") + ".png")
            self.ask("the card again", r"Row A, word 1:")
        super().present(serial, i + 1)


def perform(term):
    room = Room(BINARY, hostile_rules())
    try:
        founding = Founding(room, term=term)
        try:
            founding.perform()
            founding.finish()
        except (Lost, AssertionError) as error:
            check(False, f"{term}: a founding: {error}")
        judge(f"{term}: a founding", founding.term, term == "dumb")
        opening = HostileOpening(room, term=term)
        try:
            opening.perform()
            opening.finish()
        except (Lost, AssertionError) as error:
            check(False, f"{term}: an opening: {error}")
        judge(f"{term}: an opening", opening.term, term == "dumb")
    finally:
        shutil.rmtree(room.folder)


check(raw_of(("x" + FORMATS).encode()) and raw_of(b"\x9b"), "control: the search sees them")
for term in ("dumb", "xterm-256color"):
    perform(term)
if failures:
    print(f"{len(failures)} failures")
    sys.exit(1)
print("nothing raw on either terminal")
