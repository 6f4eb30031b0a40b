"""The register and the review before the terminal: asked key by key and channel by channel, what
stood there before is kept by Enter, a mistake may be given again, what nobody said stays open."""
import json
import subprocess

from ceremony import ACCOUNT, OWN_PHRASE, Room, Sitting
from judge import *

QUORATE, SEEK = arguments()
LIST = "a-list-of-very-many-people"
RIGHT = r"Is that right\? \(yes or no\) >"
BADGE = r"card's code \(not shown\)\. Enter alone goes back\. >"
ADDRESS = "root@example.com"


class Governing(Sitting):
    def says(self, text, what):
        check(text in " ".join(self.term.text().split()), what, self.term.picture())

    def close(self, signers):
        self.prompt("the close", r"not planned\? \(yes or no\) >", "no")
        self.prompt("who signs", r"Enter alone if nobody more\. >", "")
        for signer in signers:
            self.prompt("an own receipt", rf"{signer} signs the close: .* if they have none >", "")


def registering(room):
    sitting = Governing(room, ["register", "set", "mailbox", "root-mail"])
    sitting.ask("the address", r"address: .* >")
    check("step 1 of 3" in sitting.term.text() and "public" in sitting.term.text(),
          "a page says what the row is, and that it is public")
    sitting.answer("no address")
    sitting.prompt("a recipient", r"recipient: .* >", "witness-1")
    sitting.prompt("another", r"recipient: .* >", "")
    sitting.prompt("a note", r"note: .* >", "")
    sitting.ask("the address again", r"address: .* >")
    check("address is not an e-mail address" in sitting.term.text(),
          "a mistake is told, and may be mended")
    sitting.answer(ADDRESS)
    sitting.prompt("a recipient", r"recipient: .* >", "witness-1")
    sitting.prompt("another", r"recipient: .* >", "list@example.com")
    sitting.prompt("no more", r"recipient: .* >", "")
    sitting.prompt("a note", r"note: .* >", "forwarded to the list")
    sitting.ask("the whole row", RIGHT)
    sitting.says(f"address: {ADDRESS} recipient: witness-1 recipient: list@example.com "
                 "note: forwarded to the list", "the whole row is shown before it is taken")
    sitting.answer("yes")
    sitting.session()
    sitting.close(["operator-1"])
    sitting.finish()
    rows = room.quorate("register", "list")["register"]
    same(rows[0]["values"], {"address": ADDRESS, "recipient": ["list@example.com", "witness-1"],
                             "note": "forwarded to the list"}, "the row stands as it was typed")


def changing(room):
    sitting = Governing(room, ["register", "set", "mailbox", "root-mail"])
    sitting.ask("the address", r"address: .* >")
    check(f"Now: {ADDRESS}" in sitting.term.text(), "what stands there is shown")
    sitting.answer("")
    sitting.prompt("a recipient", r"recipient: .* >", "operator-1")
    sitting.prompt("no other", r"recipient: .* >", "")
    sitting.prompt("the note", r"note: .* >", "-")
    sitting.ask("the whole row", RIGHT)
    sitting.says(f"address: {ADDRESS} recipient: operator-1 If not", "what was dropped is not in it")
    sitting.answer("no")
    sitting.prompt("the address again", r"address: .* >", "")
    sitting.prompt("recipients", r"recipient: .* >", "")
    sitting.prompt("the note", r"note: .* >", "-")
    sitting.prompt("the whole row", RIGHT, "yes")
    sitting.session()
    sitting.close(["operator-1"])
    sitting.finish()
    rows = room.quorate("register", "list")["register"]
    same(rows[0]["values"], {"address": ADDRESS, "recipient": ["list@example.com", "witness-1"]},
         "Enter keeps what stood there, a dash takes it away")


def reviewing(room):
    sitting = Governing(room, ["review"])
    sitting.session()
    sitting.prompt("who attests", r"when all who are here have\. >", "custodian-p2")
    sitting.prompt("the badge", BADGE, OWN_PHRASE)
    for channel, row in (
            ("password-card", "card 2, in bag A 2 at site-1/safe-1."),
            ("mailbox:many", f"address many@example.com; recipient {LIST}-0@example.com, "),
            ("phone:main", "contract a \\\\ b; holder custodian-p2; number ...12."),
            ("device:token", "account 123456789012; holder custodian-p2; kind fido; serial 77."),
            ("safe:site-1/safe-1", "holder custodian-p2.")):
        sitting.ask(channel, rf"is {channel} yours, .* >")
        sitting.says(f"The log has: {row}", f"of a {channel.split(':')[0]} too")
        if channel == "mailbox:many":
            sitting.says("; and more: quorate register list. custodian-p2: is", "a long row is cut")
        sitting.answer("4")
    sitting.prompt("who attests", r"when all who are here have\. >", "nobody")
    sitting.ask("again", r"when all who are here have\. >")
    check("nobody of that id has a badge" in sitting.term.text(), "who has no badge is told so")
    sitting.answer("witness-1")
    sitting.prompt("another badge", BADGE, "not this one")
    sitting.prompt("the keyboard", r"Enter alone goes on\. >", "")
    sitting.prompt("the badge", BADGE, OWN_PHRASE)
    sitting.ask("the mailbox", r"is mailbox:root-mail yours, .* >")
    check("changed: something about it" in sitting.term.text(), "the answers are explained")
    sitting.says(f"The log has: address {ADDRESS}; recipient list@example.com, witness-1. witness-1: "
                 "is mailbox:root-mail yours", "what the log has stands above the question")
    sitting.answer("1")
    sitting.prompt("once only", r"when all who are here have\. >", "witness-1")
    sitting.ask("again", r"when all who are here have\. >")
    check("has attested already" in sitting.term.text(), "nobody attests twice in a session")
    sitting.answer("custodian-p1")
    sitting.prompt("the wallet is not here", BADGE, "QUORATE1:W:NONE")
    sitting.prompt("of a wallet the keyboard is not asked", BADGE, "")
    sitting.prompt("another", r"when all who are here have\. >", "operator-1")
    sitting.ask("again", r"when all who are here have\. >")
    check("Nothing that the log has is theirs" in sitting.term.text(),
          "who holds nothing has nothing to say")
    sitting.answer("")
    sitting.close(["operator-1", "custodian-p2", "witness-1"])
    sitting.finish()
    rows = {(r["person"], r["channel"]): r["state"]
            for r in room.quorate("review", "list")["review"]}
    same(rows["witness-1", "mailbox:root-mail"], "yes", "the answer stands")
    same({state for who, state in rows.items() if who[0] != "witness-1"}, {"open"},
         "what nobody said stays open")


def stopping(room):
    before = room.events()
    sitting = Governing(room, ["review"])
    sitting.session()
    sitting.prompt("who attests", r"when all who are here have\. >", "witness-1")
    sitting.prompt("the badge", BADGE, OWN_PHRASE)
    sitting.ask("the mailbox", r"is mailbox:root-mail yours, .* >")
    sitting.term.key("stop")
    sitting.term.expect(r"stop.* >")
    sitting.term.line("stop")
    sitting.finish(130)
    same(room.events(), before, "what was said before a stop is not logged")


def giving(room):
    """The values on the command line."""
    before = room.events()
    sitting = Governing(room, ["register", "set", "mailbox", "root-mail", f"address={ADDRESS}"])
    sitting.ask("the whole row", RIGHT)
    sitting.says(f"under mailbox root-mail from then on: address: {ADDRESS} If not",
                 "a row that was given is shown, too")
    sitting.answer("no")
    sitting.finish(4)
    same(room.events(), before, "and nothing is written after a no")


def holding(room):
    """By scripts: what custodian-p2 has."""
    answers = {"operator": "operator-1", "badges": {"operator-1": room.passphrase}}
    (room.folder / "answers").write_text(json.dumps(answers))
    for command in (
            ["bag", "seal", "A 2", "--card", "2", "--site", "site-1", "--safe", "safe-1"],
            ["register", "set", "phone", "main", "holder=custodian-p2", "number=...12", "contract=a \\ b"],
            ["register", "set", "device", "token", "holder=custodian-p2", "kind=fido", "serial=77",
             f"account={ACCOUNT}"],
            ["register", "set", "safe", "site-1/safe-1", "holder=custodian-p2"],
            ["register", "set", "mailbox", "many", "address=many@example.com",
             "recipient=custodian-p2", *[f"recipient={LIST}-{i}@example.com" for i in range(9)]]):
        with open(room.folder / "answers") as given:
            subprocess.run([room.binary, "--vault", "v", "--no-input", "--quiet", "--answers-fd",
                            str(given.fileno()), *command], cwd=room.folder, check=True,
                           stdout=subprocess.DEVNULL, pass_fds=[given.fileno()])


room = Room(QUORATE).found_by_script({"custodian-p2": OWN_PHRASE})
for act in (registering, changing, giving, holding, reviewing, stopping):
    act(room)
finish()
