"""What goes wrong in the room, before the terminal: words misread, rows
swapped, a torn card, a wrong layout, a wrong clock, a window that changes or is
closed, a process that stands still, somebody who leaves with a card, names that
try to move the cursor."""
import fcntl
import os
import re
import signal
import struct
import subprocess
import termios
import time

import terminal
from ceremony import ACCOUNT, Ceremony, Founding, Opening, Room, rules
from judge import *
from terminal import Lost

QUORATE, SEEK = arguments()
WORDS = (terminal.pathlib.Path(__file__).resolve().parents[2] /
         "src/split/slip39-wordlist.txt").read_text().split()


def words_before_the_screen(room):
    """A word misread as its neighbour, a word that is none, two rows swapped."""
    opening = Opening(room)
    opening.session()
    opening.purpose()
    opening.ask("card 1", r"Row A, word 1:")
    term, rows = opening.term, room.read_words(1)
    misread = list(rows[0])
    misread[1] = WORDS[(WORDS.index(misread[1]) + 1) % 1024]
    opening.type_words([misread])
    term.expect(r"row A does not agree with its check word.*1 to 4")
    check(all(word in term.text() for word in misread), "a misread word: its row stands there")
    term.send("2")
    term.expect(r"Row A, word 2:")
    term.send(rows[0][1][:4] + "\r")
    term.expect(r"Row B, word 4:")
    check(True, "and one word mends it")
    typo = rows[1][0][:2] + rows[1][0][3] + rows[1][0][2] + rows[1][0][4:]
    term.send(typo + "\r")
    if typo not in WORDS and term.expect(r"row B, word 4 is not in the word list", r"Row B, word 5",
                                         wait_s=5) == 0:
        check(rows[1][0] in term.text(), "two letters exchanged: the word that was meant is near")
        term.send("\x7f" * len(typo))
        term.send(rows[1][0][:4] + "\r")
    term.expect(r"Row B, word 5")
    term.send("\x1b")
    time.sleep(0.1)
    term.expect(rf"Row B, word 4: {rows[1][0]}")
    check(True, "Esc goes back a word")
    term.send("\r")
    term.send("".join(w[:4] + "\r" for w in rows[1][1:]))
    term.expect(r"Row C, word 7:")
    opening.type_words([rows[3]])
    term.expect(r"row C does not agree .* would agree as row D")
    check(True, "a row that was skipped is named")
    term.send("r")
    opening.type_words(rows[2:])
    term.expect(r"Card 1: accepted")
    check(True, "the mended card is accepted")
    return opening


def torn_card(opening, room):
    """One panel is gone, with one of its codes."""
    image = terminal_image()
    page = image.open(room.picture(2)).convert("L")
    page.paste(255, (0, 0, page.width, page.height // 2))
    page.save(room.folder / "torn.png")
    opening.ask("card 2", r"Row A, word 1:")
    opening.answer("./torn.png")
    opening.term.expect(r"Card 2: damaged")
    check(True, "a torn card is read by its other code, and called damaged")
    page.paste(255, (0, 0, page.width, page.height))
    page.save(room.folder / "blank.png")
    opening.answer("./blank.png")
    opening.term.expect(r"blank\.png: refused: it could not be read \(unreadable")
    opening.answer("./no-such-file.png")
    opening.term.expect(r"no-such-file\.png")
    check(not opening.term.ended(), "a file that is not there ends nothing")
    opening.answer(room.read_code(1))
    opening.term.expect(r"refused: it was read already \(duplicate\)")
    check(True, "a card that was there already is refused, and spoils nothing")
    for serial in (3, 4):
        opening.answer(room.read_code(serial))
    opening.release()
    opening.close()
    opening.finish()
    same(opening.shown, room.password, "and the quorum opens")


def terminal_image():
    from PIL import Image
    return Image


def layout(room):
    """The passphrase typed as on a German keyboard that is taken for another."""
    opening = Opening(room)
    opening.machine(r"Who is the operator: an id >")
    opening.answer("operator-1")
    opening.ask("the badge", r"card's code \(not shown\) >")
    opening.answer(room.passphrase.translate(str.maketrans("yzYZ-", "zyZY/")))
    opening.term.expect(r"Not taken: .*see what this keyboard writes")
    check(room.passphrase[:8] not in opening.term.everything(), "a wrong passphrase is not echoed")
    opening.answer("zy ZY /")
    opening.term.expect(r"card's code \(not shown\) >")
    opening.answer(room.passphrase)
    opening.term.expect(r"in that form\. >")
    check(True, "a wrong layout can be seen, and the passphrase typed again")
    opening.term.key("stop")
    opening.term.expect(r"Type the word stop")
    opening.term.line("")
    opening.term.expect(r"in that form\. >")
    check(True, "Ctrl-C and Enter go on")
    opening.term.key("stop")
    opening.term.expect(r"Type the word stop")
    opening.term.line("stop")
    same(opening.term.finish(), 130, "Ctrl-C and the word stop: exit 130")
    same(opening.term.modes(), {"echo": True, "lines": True, "signals": True},
         "the terminal is as it was")


def clock_of_1970(room):
    library = subprocess.run(["sh", "-c", "ls /usr/lib/*/faketime/libfaketime.so.1"],
                             capture_output=True, text=True).stdout.split()
    if not library:
        return check(False, "libfaketime is installed")
    # A sanitizer wants to be the first library.
    opening = Opening(room, env={"LD_PRELOAD": library[0], "FAKETIME": "@1970-01-02 00:00:00",
                                 "ASAN_OPTIONS": "verify_asan_link_order=0"})
    opening.term.expect(r"the clock says 1970-01-02.*set it from a wall clock.*stop and mend it")
    check(True, "a clock of 1970 is told before anything is asked")
    opening.machine(r"Who is the operator: an id >")
    opening.answer("operator-1")
    opening.prompt("the badge", r"card's code \(not shown\) >", room.passphrase)
    opening.ask("the clock", r"1970-01-02 .*in that form\. >")
    opening.answer("2031-01-01 12:00:00")
    opening.term.expect(r"more than a day away; stop, and set the clock")
    check(True, "and no offset makes up for it")
    opening.term.hang_up()
    opening.term.finish()


def window_changes(room):
    """40 columns and 10 lines at every kind of prompt, and back."""
    kinds, bad = set(), []

    def at(name, term):
        kind = re.sub(r"\d+|of (witness|custodian|operator)-\w+", "", name)
        if kind in kinds:
            return
        kinds.add(kind)
        before = term.screen()
        term.resize(40, 10)
        time.sleep(0.35)
        term.settle()
        small = term.screen()
        asked = [line for line in before if line][-1]
        if kind.endswith(": shown"):
            whole = "Enter: hide it" in term.text()
        else:
            whole = small[0].startswith(("Founding", "Opening")) and any(
                line.startswith((">", "Row A")) for line in small)
        if not whole:
            bad.append(f"{name}: {asked}\n{term.picture()}")
        term.resize(80, 24)
        time.sleep(0.35)
        term.settle()
        after = term.screen()
        if not kind.endswith(": shown") and before != after:
            bad.append(f"{name}: not the same again\n" + "\n".join(before) + term.picture())

    founding = Founding(room, at=at).perform()
    founding.finish()
    opening = Opening(room, at=at).perform()
    opening.finish()
    check(len(kinds) > 25 and not bad, f"40×10 and back at {len(kinds)} kinds of prompts",
          "\n".join(bad))
    if SEEK:
        nothing_left("40×10", room, opening.term, SEEK, typed=(1,))


def stands_still(room):
    """Stopped and continued at every prompt, with the modes of a shell between."""
    bad = []

    def at(name, term):
        modes = term.modes()
        term.kill(signal.SIGSTOP)
        os.waitpid(term.pid, os.WUNTRACED)
        term.kill(signal.SIGCONT)
        if term.modes() != modes:
            bad.append(name)

    opening = Opening(room, at=at).perform()
    opening.finish()
    same((bad, opening.shown), ([], room.password), "SIGSTOP and SIGCONT at every prompt")


HANGUPS = ["badge of operator-1: shown", "the new password: shown", "card 2: read back",
           "card 4: the bag", "the close"]
OPEN_HANGUPS = ["the badge", "card 2", "the password: shown", "the close"]


class Closed(Exception):
    pass


def window_closed():
    """The window goes away in the middle of a founding: nothing stands there
    that lies; and the next session settles it."""
    for moment in HANGUPS:
        room = Room(QUORATE)

        def at(name, term):
            if name == moment:
                raise Closed

        founding = Founding(room, at=at)
        try:
            founding.perform()
        except Closed:
            founding.term.hang_up()
        status = founding.term.finish()
        if status != 130:
            check(False, f"founding, closed at {moment}: exit 130", f"        {status}")
        if not (room.folder / "v/vault.sqlite").exists():
            same((room.folder / "v").exists() and os.listdir(room.folder / "v") or [], [],
                 f"founding, closed at {moment}: nothing was written")
            continue
        whole = room.quorate("log", "verify")["faults"] == []
        cards = {c["state"] for c in room.quorate("card", "list")["cards"]} if moment.startswith(
            ("card", "the close")) else set()
        events = room.events()
        check(whole and "secret" not in " ".join(cards), f"founding, closed at {moment}: "
              f"the log is whole; {events[-1]}, cards {sorted(cards)}")


def window_closed_at_opening(room):
    for moment in OPEN_HANGUPS:
        before = len(room.events())

        def at(name, term):
            if name == moment:
                raise Closed

        opening = Opening(room, at=at)
        try:
            opening.perform()
        except Closed:
            opening.term.hang_up()
        status = opening.term.finish()
        events = room.events()[before:]
        shown = "outcome" in events and "secret-shown" in events
        good = status == 130 and room.quorate("log", "verify")["faults"] == []
        if moment in ("the badge", "the purpose"):
            good = good and events == []
        elif shown:
            good = good and "secret-hidden" in events and events[-1] in ("session-closed",
                                                                        "checkpoint-key")
        check(good, f"opening, closed at {moment}: the log says it", f"        {status}, {events}")


def leaves_with_a_card():
    """Custodian 2 is gone with the card, before it was read back or bagged. And
    the first bag's number is read in two ways."""
    room = Room(QUORATE)
    founding = Founding(room)
    present, prompt = founding.present, founding.prompt

    def without(number):
        if number != 2:
            return present(number)
        founding.answer("")
        prompt("no card", r"Go on without a card\? \(yes or no\) >", "yes")

    def skipped(name, pattern, text, shown=None):
        if name == "card 1: the bag again":
            prompt(name, pattern, "A-7001")
            founding.term.expect(r"the two numbers are not the same")
            check(True, "a bag's number with 7 for 1 is not taken")
            prompt("card 1: the bag, anew", r"it is bagged later >", "A-1001")
            prompt(name, pattern, text)
        elif name == "card 2: the bag":
            prompt(name, pattern, "")
        elif name == "the close":
            prompt(name, pattern, "yes")
            prompt("exception: step", r"At which step.* >", "7")
            prompt("exception: expected", r"What was expected >", "the card goes into its bag")
            prompt("exception: happened", r"What happened instead >", "its custodian left with it")
            prompt("exception: decided", r"What was decided >", "it is proved tomorrow")
            prompt("exception: whom", r"Whom it is about.* >", "custodian-p2")
            prompt("exception: another", r"At which step.* >", "")
        elif not name.startswith("card 2: ") or name == "card 2: printed":
            prompt(name, pattern, text, shown)

    founding.present, founding.prompt = without, skipped
    founding.perform()
    founding.finish()
    proved = [c["proved"] is not None for c in room.quorate("card", "list")["cards"]]
    same(proved, [True, False, True, True], "a custodian who left with a card: issued, not proved")
    entries = [e for e in room.quorate("log", "show")["entries"] if e["event"] == "exception"]
    check(any("its custodian left with it" in str(e) for e in entries),
          "and the exception is in the log", str(entries))


def hostile_names():
    """Names that would colour, move or reorder, in the policy and typed."""
    evil = "Ex\u202eelpma\u2066 \u200bOrg"
    policy = rules()
    policy["organization"] = evil
    policy["accounts"][0]["name"] = "Man\u202eagement"
    room = Room(QUORATE, policy)
    with Ceremony(room, ["init", "--policy", "policy.json", "--sheets", "sheets"]) as founding:
        founding.term.settle()
        time.sleep(1)
        founding.term.settle()
        raw = bytes(founding.term.raw).decode("utf-8", "replace")
        check(not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f]", raw),
              "names with marks that reorder: none reaches the screen", founding.term.picture())
        check("Ex\\xE2\\x80\\xAEelpma" in raw, "control: they are made visible")
    policy = rules()
    policy["organization"] = "Ex\x1b[2Jample\x9b31m"
    room = Room(QUORATE, policy)
    with Ceremony(room, ["init", "--policy", "policy.json", "--sheets", "sheets"]) as founding:
        founding.term.settle()
        time.sleep(1)
        founding.term.settle()
        raw = bytes(founding.term.raw)
        check(b"policy: JSON has a text with a control character" in raw and
              b"\x1b[2Jample" not in raw and "\x9b".encode() not in raw,
              "names with escape codes: none reaches the screen", founding.term.picture())


def spoiled_code(room):
    """A code whose head a scanner or a hand spoiled is still a share: it is
    refused, and stands nowhere."""
    with Opening(room) as opening:
        opening.session()
        opening.purpose()
        opening.ask("a card", r"Row A, word 1:")
        secret = "S0C" + room.read_code(1)[11:60]
        start = len(opening.term.raw)
        opening.term.send("QUORATE1:\x7f;" + secret + "\r")
        opening.term.expect(r"1: refused: it could not be read \(unreadable")
        check(secret[3:].encode() not in bytes(opening.term.raw[start:]),
              "a spoiled code is refused, and not repeated", opening.term.picture())


def typed_controls(room):
    """A scanner that types what moves a cursor, on either kind of terminal."""
    for kind in ("xterm-256color", "dumb"):
        with Opening(room, term=kind) as opening:
            opening.machine(r"Who is the operator: an id >")
            start = len(opening.term.raw)
            opening.term.send("a\x9b31m\u202eb\u009b2J\x1b[31mc\x07\x0e\n")
            opening.term.expect(r"Not taken|text")
            raw = bytes(opening.term.raw[start:])
            plain = re.sub(rb"\x1b\[[0-9;]*[A-Za-z]", b"", raw)
            check(not re.search(rb"\x9b|\xe2\x80\xae|\x07|\x0e|\x1b", plain) and b"\x1b[31m" not in
                  raw.replace(b"\x1b[33m", b""), f"{kind}: what is typed moves nothing",
                  f"        {raw!r}")


room = Room(QUORATE).found_by_script()
opening = words_before_the_screen(room)
torn_card(opening, room)
layout(room)
clock_of_1970(room)
spoiled_code(room)
typed_controls(room)
stands_still(room)
window_closed_at_opening(room)
window_closed()
leaves_with_a_card()
hostile_names()
window_changes(Room(QUORATE))
finish()
