"""Texts before the terminal: a device typed hidden and twice, a note shown in parts that fit the
screen, with nothing in it that could move the cursor."""
from ceremony import ACCOUNT, Opening, Room, Sitting
from judge import *

QUORATE, SEEK = arguments()
PIN = "4711-0815"
BIDI = "the \u202eeht enohp\u202c lies at the notary"
LINES = [f"line {n} of a long note" for n in range(1, 31)]


class Depositing(Sitting):
    def twice(self, name, pattern, text):
        self.prompt(name, pattern, text)
        self.prompt(f"{name} again", r"The same again >", text)
        return self

    def close(self):
        self.prompt("the close", r"not planned\? \(yes or no\) >", "no")
        self.prompt("who signs", r"Enter alone if nobody more\. >", "")
        self.prompt("an own receipt", r"operator-1 signs the close: .* if they have none >", "")
        return self.finish()


def device(room):
    name = r"What is kept of the device: .* all is told >"
    with Depositing(room, ["deposit", ACCOUNT, "--kind", "device"]) as sitting:
        sitting.session().prompt("the name", name, "PIN: of it")
        sitting.prompt("the name", r"without a colon.*" + name, "PIN")
        sitting.prompt("the PIN", r"PIN \(not shown\) >", PIN)
        sitting.prompt("again", r"The same again >", PIN + "x")
        sitting.ask("once more", r"not the same.*PIN \(not shown\) >")
        sitting.answer(PIN)
        sitting.prompt("again", r"The same again >", PIN)
        sitting.ask("the next name", name)
        check(PIN not in sitting.term.text(), "what is typed is never shown")
        sitting.answer("bag")
        sitting.twice("the bag", r"bag \(not shown\) >", "A-1007")
        sitting.prompt("no more", name, "")
        sitting.close()
    with Depositing(room, ["deposit", ACCOUNT, "--kind", "questions"]) as sitting:
        sitting.session().prompt("nothing", r"Which question: .* all is told >", "")
        sitting.finish(2)
    check(True, "nothing given is no deposit")


def note(room):
    line = r"A line of the note \(not shown\)\. Enter alone: all is told >"
    with Depositing(room, ["deposit", ACCOUNT, "--kind", "note"]) as sitting:
        sitting.session()
        for text in (BIDI, *LINES):
            sitting.twice("a line", line, text)
        sitting.prompt("no more", line, "")
        sitting.close()


def shown(opening, parts):
    """What stands there, line by line, over so many parts."""
    lines = []
    for part in range(parts):
        opening.term.expect(r"Enter: hide it" if part + 1 == parts else r"Enter: the rest")
        lines += [text for text in opening.term.screen() if text[:3].strip().isdigit()]
        if part + 1 < parts:
            opening.answer("")
    opening.answer("")
    return [text[3:].rstrip() for text in lines]


def opened(room):
    with Opening(room, "--show", "device,note") as opening:
        opening.session()
        opening.purpose()
        for i, serial in enumerate((1, 2, 3, 4)):
            opening.ask(f"card {serial}", r"Row A, word 1:")
            opening.present(serial, i)
        opening.prompt("the deposits", r"device of account .*What becomes of it: a number >", "4")
        opening.ask("the device", r"Press Enter to show it, for 30 s\. >")
        check("the device" in opening.term.text() and "out of its bag" in opening.term.text(),
              "a page says that the device is taken out of its bag")
        opening.answer("")
        same(shown(opening, 1), [f"PIN: {PIN}", "bag: A-1007"], "what is kept of it is shown")
        opening.prompt("the note", r"Press Enter to show it, for 30 s\. >", "")
        lines = shown(opening, 2)
        same(lines[0], "the \\xE2\\x80\\xAEeht enohp\\xE2\\x80\\xAC lies at the notary",
             "a text that turns a line round is shown as what it is")
        same(lines[1:], LINES, "thirty lines are shown in parts, none left out")
        opening.close()
        opening.finish()
        check("notary" not in opening.term.text(), "nothing of it is left on the screen")
    said = [e["values"]["what"] for e in room.quorate("log", "show")["entries"]
            if e["event"] == "secret-shown"]
    same(said, ["device", "note"], "both are in the log as shown")


room = Room(QUORATE).found_by_script()
for act in (device, note, opened):
    act(room)
finish()
