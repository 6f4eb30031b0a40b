"""A runbook walked before the terminal: page by page, left and gone on with, a secret refused."""
from ceremony import ACCOUNT, Room, Sitting
from judge import *

QUORATE, SEEK = arguments()
CHOICE = r"What became of this step\? A number >"
PASSWORD = "vT9#mQx2Lw8@Zr4B"


class Walking(Sitting):
    def stops(self, words, what):
        text = self.term.text()
        check(f"To stop Ctrl-C, then the word stop. {words}" in text, what, text)

    def machine(self, pattern):
        super().machine(pattern)
        self.stops("Nothing is written yet.", "before the first step there is nothing to leave")

    def close(self, signers):
        self.ask("the close", r"not planned\? \(yes or no\) >")
        self.stops("What was recorded stays;", "nor in the close")
        self.answer("no")
        self.prompt("who signs", r"Enter alone if nobody more\. >", "")
        for signer in signers:
            self.prompt("an own receipt", rf"{signer} signs the close: .* if they have none >", "")


def begin(room):
    return Walking(room, ["runbook", "walk", "password-lost", "--account", ACCOUNT]).session()


def walking(room):
    sitting = begin(room)
    sitting.ask("step 1", CHOICE)
    text = sitting.term.text()
    check("step 1 of 8" in text and "Make sure that it is lost" in text
          and "The operator and the password group." in text, "a page says who does what", text)
    check("no password, no code" not in text and "quorate account list" in text,
          "and which command is run", text)
    sitting.answer("4")
    sitting.ask("no such choice", CHOICE)
    check("Type one of the numbers" in sitting.term.text(), "what has not begun cannot be ended")
    sitting.answer("1")
    sitting.prompt("who", r"Enter alone: the operator >", "nobody")
    sitting.ask("who again", r"Enter alone: the operator >")
    check("nobody of that id" in sitting.term.text(), "a person is one of the vault")
    sitting.answer("witness-1")
    sitting.prompt("the ticket", r"ticket: number\. .* >", PASSWORD)
    sitting.ask("the ticket again", r"ticket: number\. .* >")
    text = sitting.term.text()
    check("it looks like a password" in text and PASSWORD not in text,
          "a password is refused, and stands no more on the screen", text)
    sitting.answer("CHG-7")
    sitting.prompt("found by", r"found-by: id\. .* >", "witness-1")
    sitting.prompt("the reason", r"reason: how it was lost\. .* >", "")
    sitting.prompt("more", r"Anything else, as NAME=TEXT.* >", "x")
    sitting.ask("more again", r"Anything else, as NAME=TEXT.* >")
    check("Not taken" in sitting.term.text(), "a value has a name")
    sitting.answer("seen=yesterday")
    sitting.prompt("no more", r"Anything else, as NAME=TEXT.* >", "")
    sitting.ask("step 2", CHOICE)
    check("step 2 of 8" in sitting.term.text(), "the next page follows")
    sitting.answer("3")
    sitting.close(["operator-1"])
    sitting.finish()
    said = [e["values"] for e in room.quorate("log", "show")["entries"]
            if e["event"] == "runbook-step"]
    same([(v["step"], v["person"], v["value"]) for v in said],
         [("1/8", "witness-1", ["found-by=witness-1", "seen=yesterday", "ticket=CHG-7"])],
         "the step stands in the log")


def going_on(room):
    sitting = begin(room)
    sitting.ask("step 2", CHOICE)
    check("step 2 of 8" in sitting.term.text(), "the walk goes on where it was left")
    sitting.answer("2")
    sitting.prompt("who", r"Enter alone: the operator >", "")
    sitting.prompt("expected", r"What was expected >", "two readers")
    sitting.prompt("happened", r"What happened instead >", "one answered")
    sitting.prompt("decided", r"What was decided >", "go on")
    for name in ("mailbox", "readers"):
        sitting.prompt(name, rf"{name}: .* >", "")
    sitting.prompt("no more", r"Anything else, as NAME=TEXT.* >", "")
    sitting.ask("step 3", CHOICE)
    check("Ask AWS Support" in sitting.term.text(), "a page says when to ask AWS Support")
    sitting.answer("1")
    sitting.prompt("who", r"Enter alone: the operator >", "")
    sitting.prompt("allowed", r"allowed-by: .* >", "")
    sitting.prompt("no more", r"Anything else, as NAME=TEXT.* >", "")
    sitting.prompt("the case", r"Case of AWS Support.* >", "1234567890")
    sitting.prompt("step 4", CHOICE, "4")
    sitting.prompt("why", r"Why does it end here >", "found again")
    sitting.close(["operator-1"])
    sitting.finish()
    said = [e["values"] for e in room.quorate("log", "show")["entries"]
            if e["event"] == "runbook-step"]
    same([(v["step"], v.get("case"), v.get("value")) for v in said[1:]],
         [("2/8", None, None), ("3/8", "1234567890", None), ("ended", None, ["reason=found again"])],
         "what was done otherwise, the case and the end stand there")
    same(room.quorate("runbook", "list")["walks"], [], "nothing is under way")


def stopping(room):
    before = len(room.events())
    sitting = begin(room)
    sitting.prompt("step 1", CHOICE, "1")
    sitting.ask("who", r"Enter alone: the operator >")
    sitting.term.key("stop")
    sitting.term.expect(r"stop.* >")
    sitting.term.line("stop")
    sitting.finish(130)
    check("runbook-step" not in room.events()[before:], "what was not finished is not recorded")
    same(room.quorate("runbook", "list")["walks"], [], "and no walk has begun")


room = Room(QUORATE).found_by_script()
for act in (walking, going_on, stopping):
    act(room)
finish()
