"""Drills before the terminal: cards read by words, code and picture, people graded, an action that is
mended, a tour of the safes, and a stop that leaves in the log what was seen."""
from ceremony import Room, Sitting
from judge import *

QUORATE, SEEK = arguments()


class Drill(Sitting):
    def says(self, text, what):
        shown = " ".join(self.term.text().split())
        check(text in shown, what, self.term.picture())

    def grade(self, **numbers):
        for person, number in numbers.items():
            person = person.replace("_", "-")
            self.prompt(f"how {person} did", rf"{person}: how did it go\? A number >", number)

    def close(self):
        self.prompt("the close", r"not planned\? \(yes or no\) >", "no")
        self.prompt("who signs", r"Enter alone if nobody more\. >", "")
        self.prompt("an own receipt", r"operator-1 signs the close: .* if they have none >", "")

    def hold(self, what):
        difference = self.transcript.judge()
        check(difference is None, f"{what}: as its transcript", difference)


def one_group(room):
    drill = Drill(room, ["drill", "group", "--group", "password"], transcript="drill-group")
    drill.session()
    drill.ask("the first card", r"Row A, word 1:")
    check("step 2 of 5" in drill.term.text(), "the page of the cards")
    drill.type_words(room.read_words(1))
    drill.transcript.typed("(33 words, and 11 check words)")
    drill.ask("the second", r"Card 1: accepted .*Row A, word 1:")
    room.picture(2)
    drill.answer("./card-2.png")
    drill.ask("the third", r"Row A, word 1:")
    drill.says("The quorum is there, 0 min", "the time to quorum is told")
    drill.says("each is judged alone", "and what comes then")
    drill.answer("")
    drill.prompt("no more cards", r"No more cards\? \(yes or no\) >", "yes")
    drill.grade(operator_1="1", witness_1="2")
    drill.prompt("who did not come", r"Who was to come and did not: .* named\. >", "custodian-p1")
    drill.prompt("who did not come: more", r"Who was to come and did not: .* named\. >", "")
    drill.prompt("what is to be done", r"Enter alone .*>", "Print the scanner's page anew")
    drill.prompt("whose it is", r"[Ww]hose .*>", "nobody")
    drill.ask("whose it is, again", r"[Ww]hose .*>")
    drill.answer("")
    drill.ask("what is to be done, anew", r"What is to be done\? .*>")
    drill.says("It was taken back.", "Enter alone takes back what was begun")
    drill.answer("Print the scanner's page")
    drill.prompt("whose it is", r"[Ww]hose .*>", "witness-1")
    drill.prompt("until when: taken back", r"[Uu]ntil .*>", "")
    drill.prompt("what is to be done", r"What is to be done\? .*>", "Print the scanner's page anew")
    drill.prompt("whose it is", r"[Ww]hose .*>", "witness-1")
    drill.prompt("until when", r"[Uu]ntil .*>", "2020-01-31")
    drill.ask("until when, again", r"[Uu]ntil .*>")
    drill.says("that day is over", "a day that is over is not taken")
    drill.answer("2031-01-31")
    drill.prompt("nothing more", r"Enter alone .*>", "")
    drill.close()
    drill.finish()
    drill.hold("a group's drill")
    said = room.quorate("drill", "list")["drills"][-1]
    same((said["level"], said["result"], said["clean"]), ("group", "done", False), "it is done")
    same({p["person"]: p["grade"] for p in said["people"]},
         {"operator-1": "ready", "witness-1": "helped", "custodian-p1": "absent"}, "people as they were graded")
    same([(a["owner"], a["due"]) for a in room.quorate("action", "list")["actions"]],
         [("witness-1", "2031-01-31")], "and the action is open")


def bags(room):
    for n in (1, 2):
        sitting = Drill(room, ["bag", "seal", f"A {n}", "--card", str(n), "--site", "site-1", "--safe", "safe-1"])
        sitting.session()
        sitting.close()
        sitting.finish()


SAFE = r"when all are checked >"
PLACE = r"in its place: a number\. Enter alone goes back\. >"


def seals(room):
    drill = Drill(room, ["drill", "seals"], transcript="drill-seals")
    drill.session()
    drill.prompt("who looked", r"nobody is named >", "witness-1")
    drill.prompt("the first bag", SAFE, "1")
    drill.prompt("it is there", PLACE, "1")
    drill.prompt("its number", r"read aloud off the bag >", "a-1")
    drill.prompt("the second bag", SAFE, "2")
    drill.prompt("it is not", PLACE, "3")
    drill.prompt("that is right", r"Is that right\? \(yes or no\) >", "yes")
    drill.ask("no more", SAFE)
    drill.says("This card is suspect", "what follows is told")
    drill.answer("")
    drill.grade(operator_1="1", witness_1="1")
    drill.prompt("who did not come", r"Who was to come and did not: .* named\. >", "")
    drill.prompt("nothing to be done", r"Enter alone .*>", "")
    drill.close()
    drill.finish(4)
    drill.hold("a drill of seals")
    said = room.quorate("drill", "list")["drills"][-1]
    same((said["level"], said["result"], said["seals_checked"], said["seals_wrong"]), ("seals", "done", 2, 1),
         "it is done, and has what was seen")


def stopping(room):
    drill = Drill(room, ["drill", "seals"])
    drill.session()
    drill.prompt("who looked", r"nobody is named >", "")
    drill.prompt("a bag", SAFE, "1")
    drill.prompt("it is there", PLACE, "1")
    drill.prompt("its number", r"read aloud off the bag >", "A1")
    drill.ask("the next", SAFE)
    drill.term.key("stop")
    drill.term.expect(r"stop.* >")
    drill.term.line("stop")
    drill.close()
    drill.finish(130)
    same([e for e in room.events() if e != "exception"][-4:],
         ["seal-checked", "outcome", "session-closed", "checkpoint-key"],
         "a stop leaves in the log what was seen, and how it ended")
    said = room.quorate("drill", "list")["drills"][-1]
    same((said["result"], said["seals_checked"]), ("failed", 1), "and the drill is not done")
    drill = Drill(room, ["drill", "seals"])
    drill.session()
    drill.prompt("who looked", r"nobody is named >", "")
    drill.prompt("nothing", SAFE, "")
    drill.close()
    drill.finish(1)
    same(room.quorate("drill", "list")["drills"][-1]["result"], "refused", "nothing looked at is no drill")


room = Room(QUORATE).found_by_script()
one_group(room)
bags(room)
seals(room)
stopping(room)
finish()
