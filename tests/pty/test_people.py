"""People, badges and the policy before the terminal: the differences are read aloud, a second badge
is asked for, and each new badge is made by its owner alone."""
import json
import subprocess

from ceremony import OWN_PHRASE, Room, Sitting, rules
from judge import *

QUORATE, SEEK = arguments()
ORIGIN = "example.com/practice"
EXCEPTIONS = ["swap", "core-pattern", "mlock", "network-interface", "rng", "spool", "clock",
              "debugger", "landlock"]


class Staffing(Sitting):
    def two(self):
        """The second badge: not the same, not somebody unknown, then another's."""
        self.prompt("the second", r"Who is the second: an id >", "operator-1")
        self.prompt("the second: not the first",
                    r"not somebody else who has a badge .*Who is the second: an id >", "witness-1")
        self.prompt("the second's badge", r"card's code \(not shown\) >", OWN_PHRASE)

    def close(self):
        self.prompt("the close", r"not planned\? \(yes or no\) >", "no")
        self.ask("who signs", r"Enter alone if nobody more\. >")
        self.answer("")
        while self.term.expect(r"signs the close: .* if they have none >.{0,12}$",
                               r"\n?Next: .*") == 0:
            self.answer("")

    def says(self, text, what):
        shown = " ".join(self.term.text().split())
        check(text in shown, what, self.term.picture())


def real_room():
    """Founded by script: real, so that two badges are asked for."""
    room = Room(QUORATE, rules(practice=False, machine_exceptions=EXCEPTIONS))
    room.passphrase = "wandering-Herons-77"
    (room.folder / "answers").write_text(json.dumps({
        "operator": "operator-1", "confirm": ORIGIN, "accounts": {},
        "badges": {"operator-1": room.passphrase, "witness-1": OWN_PHRASE}}))
    room.policy["accounts"] = []
    (room.folder / "policy.json").write_text(json.dumps(room.policy))
    command = ('"$0" --vault v --no-input --quiet --answers-fd 3 --secrets-fd 4 init --policy '
               'policy.json --sheets sheets 3<answers 4>&1 | cat >/dev/null')
    subprocess.run(["sh", "-c", command, room.binary], cwd=room.folder, check=True)
    (room.folder / "answers").unlink()
    return room


def changing(room):
    """A policy with another number of days, somebody who joins and somebody renamed."""
    policy = room.quorate("policy", "show")
    policy["drill_days"] = 30
    policy["people"].append({"id": "auditor-1", "name": "Auditor One", "roles": ["auditor"]})
    policy["people"][1]["name"] = "Witness Uno"
    (room.folder / "new.json").write_text(json.dumps(policy))
    change = Staffing(room, ["policy", "change", "new.json"])
    change.ask("what changes", r"type the vault's name >")
    change.says("people: witness-1 is named Witness Uno (was Witness One): make sure that it is the "
                "same person", "a person who is renamed is pointed out")
    change.says("drill_days: 30 (was 90)", "and so is every difference")
    change.answer("example.com/other")
    change.prompt("the name again", r"type the vault's name >", ORIGIN)
    change.session()
    change.two()
    change.prompt("the badge", r"the badge of auditor-1 .*Which: a number >", "1")
    words = change.look("the badge of auditor-1")
    same(len(words), 7, "seven words are shown")
    change.prompt("typed back", r"one blank between, none behind >", " ".join(words), "(the words)")
    change.close()
    change.finish()
    same([p["badge"]["form"] for p in room.quorate("person", "list")["people"]
          if p["id"] == "auditor-1"], ["passphrase"], "who joined has a badge")
    same(room.quorate("policy", "show")["drill_days"], 30, "and the policy is in force")
    trying = Staffing(room, ["badge", "check", "auditor-1"])
    trying.prompt("wrong", r"auditor-1: the passphrase, .*\(not shown\) >", "these are not the words")
    trying.prompt("right", r"auditor-1: the passphrase, .*\(not shown\) >", " ".join(words))
    trying.finish()
    check(True, "a badge is tried again after a wrong word, and opens")


def stopped(room):
    """Stopped before the commit: nothing is changed."""
    before = room.events()
    policy = room.quorate("policy", "show")
    policy["drill_days"] = 60
    (room.folder / "new.json").write_text(json.dumps(policy))
    change = Staffing(room, ["policy", "change", "new.json"])
    change.prompt("the name", r"type the vault's name >", ORIGIN)
    change.session()
    change.ask("the second", r"Who is the second: an id >")
    change.term.key("stop")
    change.term.expect(r"Type the word stop")
    change.term.line("stop")
    change.finish(130)
    same(room.events(), before, "stopped before the second badge: nothing is written")


def badge(room):
    """A wallet card for one that was lost, printed before its owner's eyes."""
    new = Staffing(room, ["badge", "new", "custodian-p1", "--reason", "lost", "--sheets", "wallets"])
    new.prompt("read aloud", r"Press Enter when it was read aloud\. >", "")
    new.session()
    new.two()
    new.prompt("which badge", r"the badge of custodian-p1 .*Which: a number >", "1")
    new.prompt("the printer", r"Press Enter when you stand at the printer\. >", "")
    new.close()
    new.finish()
    check((room.folder / "wallets" / "wallet-custodian-p1.pdf").exists(), "a wallet card is delivered")


def leaving(room):
    leave = Staffing(room, ["person", "leave", "custodian-p2", "--reason", "another employer"])
    leave.ask("read aloud", r"Press Enter when it was read aloud\. >")
    leave.says("custodian-p2 leaves. Their badge signs nothing any more", "a page says what that means")
    leave.answer("")
    leave.session()
    leave.two()
    leave.close()
    leave.finish()
    leave.says("collect it, and destroy it before a witness", "what is left to do is told")
    same([p["left"] for p in room.quorate("person", "list")["people"] if p["id"] == "custodian-p2"],
         [True], "a custodian leaves")
    same(room.quorate("log", "verify")["faults"], [], "and the log is without fault")


room = real_room()
for act in (stopped, changing, badge, leaving):
    act(room)
finish()
