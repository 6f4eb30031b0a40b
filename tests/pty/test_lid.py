"""The lid is closed at every prompt of a re-key, and opened hours later: the page is as it was, and
the re-key goes on to its end. Whoever begins another command meanwhile is refused at once. A secret
that stood on the screen is gone when the lid is opened.

usage: test_lid.py QUORATE BEFALL"""
import os
import pathlib
import signal
import struct
import subprocess
import sys
import time

from ceremony import Opening, Room, Sitting
from judge import *
from terminal import Lost

befall = pathlib.Path(sys.argv.pop()).resolve()
QUORATE, _ = arguments()
HOURS_S = 5 * 3600
BUSY = 7
CUSTODIANS = ["custodian-p1", "custodian-p2", "custodian-m1", "custodian-m2"]


class Laptop(Room):
    """A room whose machine sleeps."""

    def __init__(self, binary):
        super().__init__(binary)
        self.file, self.slept_s, self.refused = self.folder / "slept", 0, []
        self.file.write_bytes(struct.pack("=qq", 0, 0))
        self.env = {"LD_PRELOAD": str(befall), "QUORATE_TEST_SLEPT_FILE": str(self.file)}

    def card_pdf(self, serial):
        old = super().card_pdf(serial)
        return old if old.exists() else self.folder / "new" / old.name

    def close_lid(self, term):
        term.kill(signal.SIGSTOP)
        os.waitpid(term.pid, os.WUNTRACED)
        self.slept_s += HOURS_S
        with open(self.file, "r+b") as file:
            file.write(struct.pack("=qq", self.slept_s, 0))

    def somebody_else(self):
        """How another command ends, and whether at once."""
        start = time.monotonic()
        done = subprocess.run([self.binary, "--vault", "v", "--no-input", "card", "list"],
                              cwd=self.folder, capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
        self.refused.append((done.returncode, time.monotonic() - start < 5))

    def open_lid(self, term):
        term.kill(signal.SIGCONT)


class Rekey(Sitting):
    def __init__(self, room, **more):
        super().__init__(room, ["rekey", "--reason", "a card was copied", "--sheets", "new"],
                         env=room.env, **more)

    def perform(self):
        self.prompt("the vault's name", r"type the vault's name >", "example.com/practice")
        self.session()
        for serial in (1, 2, 3, 4):
            self.prompt(f"old card {serial}", r"Row A, word 1:", self.room.read_code(serial))
        for i, custodian in enumerate(CUSTODIANS):
            self.prompt(f"card {i + 5}", rf"when {custodian} stands at the printer\. >", "")
            self.prompt(f"card {i + 5}: printed", r"when the card is in your hand\. >", "")
            self.prompt(f"card {i + 5}: read back", r"Row A, word 1:", self.room.read_code(i + 5))
            self.prompt(f"card {i + 5}: the bag", r"it is bagged later >", "")
        for group in ("password", "MFA"):
            self.prompt(f"the {group} group's sheet",
                        rf"a custodian of the {group} group stands at the printer\. >", "")
        self.prompt("the close", r"not planned\? \(yes or no\) >", "no")
        self.prompt("who signs", r"Enter alone if nobody more\. >", "")
        self.prompt("an own receipt", r"operator-1 signs the close: .* if they have none >", "")
        return self


def at_every_prompt(room):
    bad = []

    def at(name, term):
        before = term.screen()
        room.close_lid(term)
        room.somebody_else()
        room.open_lid(term)
        term.settle()
        if term.screen() != before:
            bad.append(f"{name}\n" + term.picture())

    rekey = Rekey(room, at=at).perform()
    rekey.finish()
    check(not bad, f"the lid closed for five hours at {len(room.refused)} prompts: the page is as before",
          "\n".join(bad))
    same(set(room.refused), {(BUSY, True)}, "another command is refused at once, at each of them")
    cards = [(c["generation"], c["state"]) for c in room.quorate("card", "list")["cards"]]
    same(cards, [(1, "void")] * 4 + [(2, "live")] * 4, "and the new cards are in force")
    same(room.quorate("log", "verify")["faults"], [], "the log is whole")
    opening = Opening(room, env=room.env).perform(cards=(5, 6, 7, 8))
    opening.finish()
    same(opening.shown, room.password, "and they open")


class Seen(Exception):
    pass


def while_shown(room):
    """Nobody sits there when the lid is opened."""
    groups = [room.password[i:i + 4] for i in range(0, len(room.password), 4)]

    def at(name, term):
        if name == "the password: shown":
            check(all(g in term.text() for g in groups), "control: a password stands there")
            room.close_lid(term)
            room.open_lid(term)
            raise Seen

    opening = Opening(room, at=at, env=room.env)
    try:
        opening.perform(cards=(5, 6, 7, 8))
    except Seen:
        try:
            opening.term.expect(r"Press Enter to show it", wait_s=3)
        except Lost:
            pass  # it stands there still, as the check below tells
    text = opening.term.everything()
    same([g for g in groups if g in text], [], "and is gone when the lid is opened")
    opening.term.hang_up()
    same(opening.term.finish(), 130, "the window is closed")
    same(room.quorate("log", "verify")["faults"], [], "and the log is whole")


room = Laptop(QUORATE)
room.found_by_script()
at_every_prompt(room)
while_shown(room)
finish()
