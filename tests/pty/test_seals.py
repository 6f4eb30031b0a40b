"""Bags and seals before the terminal: a number is read by two people, a slip does not make a card
suspect, and a suspect card is taken only after a yes."""
from ceremony import Room, Sitting
from judge import *

QUORATE, SEEK = arguments()
AT_SAFE = r"when all are checked >"
NUMBER = r"read aloud off the bag >"
MEANT = r"Is that right\? \(yes or no\) >"
PLACE = r"in its place: a number\. Enter alone goes back\. >"


class Keeping(Sitting):
    def close(self):
        self.prompt("the close", r"not planned\? \(yes or no\) >", "no")
        self.prompt("who signs", r"Enter alone if nobody more\. >", "")
        self.prompt("an own receipt", r"operator-1 signs the close: .* if they have none >", "")

    def says(self, text, what):
        shown = " ".join(self.term.text().split())
        check(text in shown, what, self.term.picture())


def sealing(room):
    sitting = Keeping(room, ["bag", "seal", "--card", "1"])
    sitting.session()
    sitting.prompt("the number", r"printed on the new bag >", "A 1")
    sitting.prompt("the number again", r"read by somebody else >", "A 7")
    sitting.ask("the number anew", r"printed on the new bag >")
    sitting.says("the two numbers are not the same", "a number that two people read in two ways is told")
    sitting.answer("A 1")
    sitting.prompt("the number again", r"read by somebody else >", "a-1")
    sitting.prompt("the site", r"such as site-1 >", "site-1")
    sitting.prompt("the safe", r"In which safe: a short name >", "safe-1")
    sitting.close()
    sitting.finish()
    bags = room.quorate("bag", "list")["bags"]
    same([(b["bag"], b["serial"], b["safe"]) for b in bags], [("A 1", 1, "safe-1")],
         "the bag is on record as it was typed first")


def keeping_apart(room):
    other = next(c["serial"] for c in room.quorate("card", "list")["cards"] if c["group"] == "mfa")
    sitting = Keeping(room, ["bag", "seal", "B 1", "--card", str(other)])
    sitting.session()
    sitting.prompt("the site", r"such as site-1 >", "site-1")
    sitting.prompt("the safe", r"In which safe: a short name >", "safe-1")
    sitting.ask("the overlap", r"another place \(yes or no\) >")
    sitting.says("These are to be kept apart: card 1, of the password group", "what lies there is told")
    sitting.answer("no")
    sitting.prompt("another site", r"such as site-1 >", "site-2")
    sitting.prompt("its safe", r"In which safe: a short name >", "safe-1")
    sitting.close()
    sitting.finish()
    same(room.quorate("bag", "list")["bags"][-1]["site"], "site-2", "another place is taken")
    return other


def checking(room, other):
    sitting = Keeping(room, ["seal", "check"])
    sitting.session()
    sitting.prompt("who looks", r"nobody is named >", "nobody")
    sitting.ask("who looks again", r"nobody is named >")
    sitting.says("nobody of this vault has that id", "a name that is none is told")
    sitting.answer("witness-1")
    sitting.prompt("a card that is none", AT_SAFE, "99")
    sitting.ask("again", AT_SAFE)
    sitting.says("not the serial of one of this vault", "a card that is none is told")
    sitting.answer("1")
    sitting.prompt("it lies there", PLACE, "1")
    sitting.prompt("a slip", NUMBER, "A 7")
    sitting.ask("read once more", r"once more, read by somebody else >")
    sitting.says("not the number recorded last", "a number that is not the recorded one is read again")
    check("A 1" not in sitting.term.text(), "and the recorded one is not shown before")
    sitting.answer("A 1")
    sitting.ask("the next", AT_SAFE)
    sitting.answer("1")
    sitting.ask("the next, again", AT_SAFE)
    sitting.says("it was checked just now", "a bag is checked once in a sitting")
    sitting.says("Bag A 1, card 1: whole.", "a slip that was mended makes nothing suspect")
    taking_back(sitting, other)
    sitting.prompt("another way", AT_SAFE, str(other))
    sitting.prompt("nothing lies there", PLACE, "3")
    sitting.prompt("it is right", MEANT, "yes")
    sitting.ask("the last", AT_SAFE)
    sitting.says(f"Bag B 1, card {other}: missing. This card is suspect", "what follows is told")
    sitting.answer("")
    sitting.close()
    sitting.finish(4)
    states = {c["serial"]: c["state"] for c in room.quorate("card", "list")["cards"]}
    same((states[1], states[other]), ("live", "suspect"), "each card as it was seen")
    said = [e["values"] for e in room.quorate("log", "show")["entries"] if e["event"] == "seal-checked"]
    same(said, [{"bag": "A 1", "result": "whole", "person": "witness-1"},
                {"bag": "B 1", "result": "missing", "person": "witness-1"}], "and the log has both")


def taking_back(sitting, other):
    """A digit or a serial that is a slip; the prompt for a bag stands before it and after it."""
    sitting.answer(str(other))
    sitting.prompt("another bag was meant", PLACE, "")
    sitting.prompt("and once more", AT_SAFE, str(other))
    sitting.prompt("a slip of the digit", PLACE, "3")
    sitting.ask("is it meant", MEANT)
    sitting.says(f"Card {other}: no bag lies there, and the card is suspect from then on, for good.",
                 "what makes a card suspect is named before it is taken")
    sitting.answer("no")
    sitting.prompt("torn", AT_SAFE, str(other))
    sitting.prompt("torn: a number", PLACE, "2")
    sitting.prompt("the number of another bag", NUMBER, "A 1")
    sitting.prompt("read once more", r"once more, read by somebody else >", "A 1")
    sitting.ask("is it meant", MEANT)
    sitting.says(f"Card {other}: the bag that lies there has another number", "and of another number")
    sitting.answer("no")
    sitting.ask("nothing is taken", AT_SAFE)
    check("This card is suspect" not in sitting.term.text(), "a no takes it back")
    sitting.answer(str(other))
    sitting.prompt("torn once more", PLACE, "2")
    sitting.prompt("its own number", NUMBER, "B 1")
    sitting.ask("is it meant", MEANT)
    sitting.says(f"Card {other}: its bag is torn, cut, or closed anew", "and of a seal")
    sitting.answer("no")


def stopping(room):
    before = room.events()
    sitting = Keeping(room, ["seal", "check"])
    sitting.session()
    sitting.prompt("who looks", r"nobody is named >", "")
    sitting.ask("the first", AT_SAFE)
    sitting.term.key("stop")
    sitting.term.expect(r"stop.* >")
    sitting.term.line("stop")
    sitting.finish(130)
    same(room.events(), before, "what was seen before a stop is not logged")


def ending(room, other):
    sitting = Keeping(room, ["card", "void", str(other), "--reason", "its bag is gone"])
    sitting.session()
    sitting.ask("is it meant", r"Is that right\? \(yes or no\) >")
    sitting.says("only a re-key ends that", "what that does not revoke is read before")
    sitting.answer("yes")
    sitting.prompt("the vault's name", r"type the vault's name >", "example.com/vault")
    sitting.ask("the vault's name again", r"type the vault's name >")
    sitting.says("not the name of this vault", "another name is not taken")
    sitting.answer("example.com/practice")
    sitting.close()
    sitting.finish()
    same([c["state"] for c in room.quorate("card", "list")["cards"] if c["serial"] == other], ["void"],
         "the card is void")


room = Room(QUORATE).found_by_script()
sealing(room)
other = keeping_apart(room)
checking(room, other)
stopping(room)
ending(room, other)
finish()
