"""A session that lasts, before the terminal: opened with the programs held against paper, a note,
people and things that go out and come back, an exception that settles, a close that waits; and a
receipt that nobody's badge vouches for, which no Enter alone puts aside."""
import base64
import shutil

from ceremony import Ceremony, Room
from judge import *

QUORATE, SEEK = arguments()


class Session(Ceremony):
    def __init__(self, room, *args, **more):
        super().__init__(room, ["session", *args], **more)

    def badge(self):
        """All that a command within the session asks."""
        self.machine(r"Who is the operator: an id >")
        self.prompt("the operator", r"Who is the operator: an id >", "operator-1")
        self.prompt("the badge", r"card's code \(not shown\) >", self.room.passphrase,
                    "(the passphrase)")
        return self


def hold(session, what):
    difference = session.transcript.judge()
    check(difference is None, f"{what}: as its transcript", difference)


def opening(room):
    before = room.events()
    refusing = Session(room, "open").badge()
    refusing.prompt("the clock", r"in that form\. >", "")
    refusing.prompt("receipts", r"eceipt.* >", "")
    refusing.prompt("the room", r"Enter alone when all are named\. >", "")
    refusing.prompt("the programs", r"those of the paper\? \(yes or no\) >", "no")
    refusing.finish(4)
    same(room.events(), before, "programs that are not those of the paper: nothing is written")
    session = Session(room, "open", transcript="session-open").badge()
    session.prompt("the clock", r"in that form\. >", "")
    session.prompt("receipts", r"eceipt.* >", "")
    session.prompt("the room", r"Enter alone when all are named\. >", "witness-1 custodian-p1")
    session.prompt("the room: more", r"Enter alone when all are named\. >", "")
    session.ask("the programs", r"those of the paper\? \(yes or no\) >")
    check("step 2 of 2" in session.term.text() and "quorate-print:" in session.term.text(),
          "every program is shown with its digest")
    shown = "".join(session.term.text().split())
    session.answer("yes")
    session.finish()
    opened = room.quorate("log", "show", "--event", "session-opened")["entries"][-1]["values"]
    check(all(program.replace(" ", ":") in shown for program in opened["executable"]),
          "as the log has it")
    hold(session, "the opening")


def going_out(room):
    session = Session(room, "leave", "custodian-p1")
    session.machine(r"Who is the operator: an id >")
    check("custodian-p1 leaves the room" in session.term.text(), "a page says who leaves")
    session.answer("operator-1")
    session.prompt("the badge", r"card's code \(not shown\) >", room.passphrase)
    session.finish()
    session = Session(room, "out", "the spare phone", "--person", "custodian-p1").badge()
    session.finish()
    where = {row["person"]: row["where"] for row in room.quorate("session", "show")["people"]}
    same(where["custodian-p1"], "outside", "and they are outside")


def noting(room):
    session = Session(room, "note")
    session.prompt("the note", r"What is to be written down >", "  ")
    session.prompt("the note again", r"What is to be written down >", "the alarm rang")
    session.badge()
    session.finish()
    noted = room.quorate("log", "show", "--event", "session-noted")["entries"]
    same([e["values"]["text"] for e in noted], ["the alarm rang"], "blanks are no note; a text is")


def closing(room):
    session = Session(room, "close")
    session.term.expect(r"outside are custodian-p1, the spare phone")
    session.finish(4)
    check(True, "the close is refused before any badge is asked for, and names who is outside")
    session = Session(room, "exception", transcript="session-exception").badge()
    settle(session)
    session.finish()
    hold(session, "an exception")
    for asked in (0, 1, 2):
        stopping_close(room, asked)
    session = Session(room, "close").badge()
    session.prompt("what was not planned", r"not planned\? \(yes or no\) >", "no")
    session.prompt("who signs", r"Enter alone if nobody more\. >", "")
    session.prompt("an own receipt", r"operator-1 signs the close: .* if they have none >", "")
    session.finish()
    check("The session is closed. Next:" in session.term.text(), "and that it is closed is said",
          session.term.picture())
    same(room.quorate("session", "show"), {"open": False}, "then it closes")
    same(room.quorate("log", "verify")["faults"], [], "and the log is without fault")


def stopping_close(room, asked):
    """Stopped at that question of the close: what lasts is not ended by it."""
    before = room.events()
    session = Session(room, "close").badge()
    questions = (r"not planned\? \(yes or no\) >", r"Enter alone if nobody more\. >",
                 r"operator-1 signs the close: .* if they have none >")
    for question, answer in zip(questions[:asked], ("no", "")):
        session.prompt("the close", question, answer)
    session.ask("the stop", questions[asked])
    session.term.key("stop")
    session.term.expect(r"Type the word stop")
    session.term.line("stop")
    session.finish(130)
    same((room.quorate("session", "show")["open"], room.events()), (True, before),
         f"a close stopped at its question {asked + 1} leaves the session open")


def settle(session):
    """Somebody who is in the room is not settled; the question comes again."""
    for name, part in ((r"when all is told >", "the break"), (r"expected >", "they come back"),
                       (r"instead >", "they fell ill"), (r"decided >", "we close"),
                       (r"Whom it is about: .* >", "custodian-p1"),
                       (r"Who of those outside .* >", "witness-1")):
        session.prompt("an exception", name, part)
    session.ask("who will not come back", r"Who of those outside .* >")
    check("that is not the name of a person outside" in session.term.text(),
          "who is in the room does not settle")
    session.answer("custodian-p1")
    session.prompt("what will not come back", r"What of that outside .* >", "the spare phone")
    session.prompt("no other", r"when all is told >", "")


def without_badges(text):
    """The receipt with the log's own signature alone."""
    code = text.split(":")[2]
    payload = base64.b32decode(code + "=" * (-len(code) % 8))
    at = payload.index(b"\n\n") + 2
    lines = [l for l in payload[at:].splitlines(True) if b"practice/" not in l]
    short = base64.b32encode(payload[:at] + b"".join(lines)).decode().rstrip("=")
    return "QUORATE1:R:" + short


def setting_back(room):
    """The vault of the beginning, and a receipt of today: a rollback to before its badges, maybe."""
    newer = without_badges(room.quorate("receipt", "print")["receipt"])
    shutil.rmtree(room.folder / "v")
    shutil.copytree(room.folder / "founded", room.folder / "v")
    before = room.events()
    refused = r"is refused: a receipt larger than the log .*Go on without it\? .*\(yes or no\) >"
    again = r"A receipt of the last session.* >"
    stopping = Session(room, "open").badge()
    stopping.prompt("the clock", r"in that form\. >", "")
    stopping.prompt("a receipt", again, newer)
    stopping.prompt("Enter alone", again, "")
    stopping.ask("what is refused", refused)
    stopping.term.key("stop")
    stopping.term.expect(r"Type the word stop")
    stopping.term.line("stop")
    stopping.finish(130)
    same(room.events(), before, "stopped at a refused receipt: nothing is written")
    session = Session(room, "open", transcript="session-receipt").badge()
    session.prompt("the clock", r"in that form\. >", "")
    session.prompt("a receipt", again, newer)
    session.prompt("Enter alone", again, "")
    session.prompt("Enter alone is no answer", refused, "")
    session.prompt("not without it", refused, "no")
    session.prompt("asked again", again, "")
    session.prompt("all the same", refused, "yes")
    session.prompt("the room", r"Enter alone when all are named\. >", "witness-1")
    session.prompt("the room: more", r"Enter alone when all are named\. >", "")
    session.prompt("the programs", r"those of the paper\? \(yes or no\) >", "yes")
    session.finish()
    hold(session, "a refused receipt")
    said = [e["values"] for e in room.quorate("log", "show", "--event", "exception")["entries"]]
    same([s["happened"][:54] for s in said if s["step"] == "open-session"],
         ["one was refused: a receipt larger than the log that no"],
         "the log says what was shown, and not that nothing was")
    close = Session(room, "close").badge()
    close.prompt("what was not planned", r"not planned\? \(yes or no\) >", "no")
    close.prompt("who signs", r"Enter alone if nobody more\. >", "")
    own = r"operator-1 signs the close: .* if they have none >"
    close.prompt("an own receipt", own, newer)
    close.prompt("Enter alone", own, "")
    close.prompt("all the same", refused, "yes")
    close.finish()
    said = [e["values"] for e in room.quorate("log", "show", "--event", "exception")["entries"]]
    check(any("larger than the log" in s["happened"] for s in said if s["step"] == "own-receipt"),
          "and so of a signer's", f"{said}")
    same(room.quorate("log", "verify")["faults"], [], "and the log is without fault")


room = Room(QUORATE).found_by_script()
shutil.copytree(room.folder / "v", room.folder / "founded")
for act in (opening, going_out, noting, closing, setting_back):
    act(room)
finish()
