"""Whole foundings and openings before terminals of several kinds, held against
golden transcripts; and what they leave behind. QRT_TRANSCRIPTS=write in the
environment writes the transcripts anew: read them before they are committed."""
import re

import ceremony
from ceremony import ACCOUNT, Founding, Opening, Room, rules
from judge import *

QUORATE, SEEK = arguments()
# Of these the vault's own key material and the operator's badge are needed up
# to the close; all else is gone with its step.
KEPT = ("state-key", "log-seed", "operator", "witness-1", "custodian")


def hold(ceremony_run, what):
    difference = ceremony_run.transcript.judge()
    check(difference is None, f"{what}: as its transcript", difference)


class Memory:
    """Looks into the process while a secret is shown, and when people take
    their time for the close."""

    def __init__(self, shown, after):
        self.shown, self.after, self.seen = shown, after, {}
        self.before = None

    def __call__(self, name, term):
        if SEEK and self.before is None:
            self.before = term.memory()
        if SEEK and name in (self.shown, self.after):
            self.seen[name] = term.memory()

    def judge(self, room, what):
        chance = found_in(SEEK, room.needles(), self.before)
        check(all(n.endswith((":words", ":passphrase")) for n in chance) and len(chance) < 3,
              f"{what}: control: nothing in memory before anything was typed", f"{chance}")
        needles = room.needles(chance, self.before)
        found = found_in(SEEK, needles, self.seen[self.shown])
        check(f"{ACCOUNT}:password" in found, f"{what}: control: in memory while it is shown")
        left = {n for n in found_in(SEEK, needles, self.seen[self.after])
                if not n.startswith(KEPT)}
        same(left, set(), f"{what}: gone from memory before the close")


def whole(name, policy, suffix="", **terminal):
    """A founding and an opening; both transcripts."""
    room = Room(QUORATE, policy)
    memory = Memory("the new password: shown", "the close")
    founding = Founding(room, transcript="founding" + suffix, at=memory, **terminal).perform()
    founding.finish()
    hold(founding, f"{name}: founding")
    if SEEK:
        memory.judge(room, f"{name}: founding")
    memory = Memory("the password: shown", "who saw it")
    opening = Opening(room, transcript="opening" + suffix, at=memory, **terminal)
    opening.perform(cards=quorum(policy))
    opening.finish()
    hold(opening, f"{name}: opening")
    same(opening.shown, room.password, f"{name}: the password that was set is the one that opens")
    if SEEK:
        nothing_left(f"{name}: founding", room, founding.term, SEEK, typed=(1,))
        nothing_left(f"{name}: opening", room, opening.term, SEEK, typed=(quorum(policy)[0],))
        memory.judge(room, f"{name}: opening")
    same(room.quorate("log", "verify")["faults"], [], f"{name}: the log is whole")
    return founding, opening


def quorum(policy):
    groups = policy["groups"]
    password, mfa = groups["password"], groups["mfa"]
    first_mfa = len(password["custodians"]) + 1
    return ([i + 1 for i in range(password["threshold"])] +
            [first_mfa + i for i in range(mfa["threshold"])])


founding, opening = whole("xterm-256color", rules(password=(2, 4), mfa=(3, 5)), "-4-and-5")
clock = founding.clock
print("a founding of 4 and 5 custodians at human pace: "
      f"{clock.total_s() / 60:.0f} minutes:", ", ".join(
          f"{what} {s / 60:.0f}" for what, s in clock.parts.items()))
check(60 < clock.total_s() / 60 < 90, "that is less than 90 minutes")
check(b"\x1b[1m" in founding.term.raw, "control: colours and bold where the terminal has them")
check(b"\x1b[3J" in opening.term.raw, "what scrolled off is wiped")
# These two look the same: one transcript.
whole("linux", rules(), term="linux")
founding, opening = whole("NO_COLOR", rules(), env={"NO_COLOR": "1"})
check(not re.search(rb"\x1b\[[0-9;]*m", bytes(founding.term.raw + opening.term.raw)),
      "NO_COLOR: no colour")
founding, opening = whole("dumb", rules(), "-dumb", term="dumb")
check(b"\x1b" not in founding.term.raw + opening.term.raw, "dumb: no escape sequence at all")
finish()
