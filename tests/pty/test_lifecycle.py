"""What changes in a vault's life, before the terminal: cards proved and replaced, a group that is
another, a re-key and its giving up, badges printed and void; each as its transcript. Names are
hostile throughout."""
import json
import shutil
import subprocess

from ceremony import OWN_PHRASE, Room, Sitting, rules
from judge import *
from terminal import Lost

QUORATE, SEEK = arguments()
ORIGIN = "example.com/practice"
HOSTILE = "Custodian M3\u202e\u2066\u200b"


class Act(Sitting):
    """Of the session, which has transcripts of its own, the first page alone is kept."""

    def session(self):
        with_first = self.transcript
        self.machine(r"Who is the operator: an id >")
        self.ask("the operator", r"Who is the operator: an id >")
        self.transcript = None
        super().session()
        self.transcript = with_first
        return self

    def unkept(self, of):
        """What goes as it went with the one before."""
        kept, self.transcript = self.transcript, None
        of()
        self.transcript = kept

    def says(self, text, what):
        shown = " ".join(self.term.text().split())
        check(text in shown, what, self.term.picture())

    def card(self, serial, folder="sheets"):
        self.ask(f"card {serial}", r"Row A, word 1:")
        self.answer(picture(self.room, serial, folder))

    def no_more_cards(self, sure="No more cards"):
        self.prompt("no more cards", r"Row A, word 1:", "")
        self.prompt("no more cards: sure", rf"{sure}\? \(yes or no\) >", "yes")

    def hand(self, person, serial, folder, proved=True):
        self.prompt("printed", rf"when {person} stands at the printer\. >", "")
        self.prompt("in hand", r"Press Enter when the card is in your hand\. >", "")
        if proved:
            self.card(serial, folder)
        else:
            self.no_more_cards("Go on without a card")
        self.prompt("the bag", r"it is bagged later >", "")

    def close(self, signers=("operator-1",)):
        self.prompt("the close", r"not planned\? \(yes or no\) >", "no")
        self.prompt("who signs", r"Enter alone if nobody more\. >", "")
        for person in signers:
            self.prompt("an own receipt", rf"{person} signs the close: .* if they have none >", "")

    def end(self, status=0):
        self.finish(status)
        if self.transcript:
            difference = self.transcript.judge()
            check(difference is None, f"{self.transcript.name}: as its transcript", difference)
        raw = bytes(self.term.raw).decode("utf-8", "surrogateescape")
        check(not any(c in raw for c in "\u202e\u2066\u200b"), "no foreign text moves the screen")
        return self


def picture(room, serial, folder):
    """A picture of a sheet: its path, as a person types it."""
    at = room.folder / folder / f"card-{serial:03}"
    subprocess.run(["pdftoppm", "-r", "100", "-gray", "-f", "1", "-l", "1", "-singlefile", "-png",
                    f"{at}.pdf", at], check=True)
    return f"./{folder}/card-{serial:03}.png"


def proving(room):
    proving = Act(room, ["card", "prove"], transcript="card-prove").session()
    proving.ask("the first card", r"Row A, word 1:")
    proving.type_words(room.read_words(1))
    proving.transcript.typed("(33 words, and 11 check words)")
    proving.card(4)
    proving.card(4)
    proving.no_more_cards()
    proving.close()
    proving.end(4)
    proving.says("The accepted cards are proved and logged", "what came of each stays there")
    if SEEK:
        nothing_left("card prove", room, proving.term, SEEK, typed=(1,))
    stopped = Act(room, ["card", "prove"]).session()
    stopped.card(5)
    stopped.no_more_cards()
    stopped.ask("the close", r"not planned\? \(yes or no\) >")
    stopped.says("The cards read are logged", "what a stop does now is said")
    stopped.term.key("stop")
    stopped.term.expect(r"Type the word stop")
    stopped.term.line("stop")
    stopped.prompt("an own receipt", r"operator-1 signs the close: .* if they have none >", "")
    stopped.finish(130)
    same({c["serial"]: c["proved"] is not None for c in room.quorate("card", "list")["cards"]},
         {1: True, 2: False, 3: False, 4: True, 5: True}, "and is so")


def replacing(room):
    asked = ["card", "replace", "2", "--reason", "torn", "--sheets", "new-2"]
    elsewhere = Act(room, asked).session()
    elsewhere.prompt("what it is for", r"Shall it be done\? \(yes or no\) >", "yes")
    elsewhere.prompt("elsewhere", r"does it lie here, before all\? \(yes or no\) >", "no")
    elsewhere.end(2)
    elsewhere.says("the card does not lie here", "a card that is elsewhere is not replaced")
    act = Act(room, asked, transcript="card-replace").session()
    act.prompt("what it is for", r"Shall it be done\? \(yes or no\) >", "yes")
    act.prompt("it is here", r"does it lie here, before all\? \(yes or no\) >", "yes")
    act.card(1)
    act.card(4)
    act.card(3)
    act.hand("custodian-p2", 6, "new-2")
    act.close()
    act.end()


def joining(room):
    act = Act(room, ["person", "add", "custodian-m3", "--name", HOSTILE, "--role", "custodian",
                     "--sheets", "wallets"], transcript="person-add")
    act.prompt("what changes", r"type the vault's name >", ORIGIN)
    act.session()
    act.prompt("which badge", r"the badge of custodian-m3 .*Which: a number >", "1")
    act.prompt("the printer", r"Press Enter when you stand at the printer\. >", "")
    act.close(["operator-1", "custodian-m3"])
    act.end()


def another(room, **groups):
    policy = room.quorate("policy", "show")
    for name, values in groups.items():
        policy["groups"][name].update(values)
    (room.folder / "new.json").write_text(json.dumps(policy))


MFA = ["custodian-m1", "custodian-m2", "custodian-m3"]


def regrouping(room):
    another(room, mfa={"custodians": MFA})
    act = Act(room, ["reissue", "--group", "mfa", "--policy", "new.json", "--reason", "a third",
                     "--sheets", "new-mfa"], transcript="reissue-policy").session()
    act.prompt("what it is for", r"Shall it be done\? \(yes or no\) >", "yes")
    act.card(4)
    act.card(5)
    act.hand("custodian-m1", 7, "new-mfa")
    act.unkept(lambda: [act.hand(f"custodian-m{i}", 6 + i, "new-mfa", False) for i in (2, 3)])
    act.close()
    act.end()


def rekeying(room):
    another(room, password={"threshold": 3})
    act = Act(room, ["rekey", "--policy", "new.json", "--reason", "a copy is missing", "--sheets",
                     "all-new"], transcript="rekey-policy")
    act.prompt("what a re-key is", r"it was read aloud\. More follows\. >", "")
    act.ask("the name", r"type the vault's name >")
    act.says("groups.password.threshold: 3 (was 2)", "what is another in the groups is told")
    act.answer("example.com/other")
    act.prompt("the name again", r"type the vault's name >", ORIGIN)
    act.session()
    act.card(1)
    act.card(6, "new-2")
    act.card(7, "new-mfa")
    act.card(8, "new-mfa")
    people = [f"custodian-p{i}" for i in (1, 2, 3)] + MFA
    act.hand(people[0], 10, "all-new")
    act.unkept(lambda: [act.hand(people[i], 10 + i, "all-new", i < 5) for i in range(1, 6)])
    for what in ("passwords", "MFA seeds"):
        act.prompt(f"the sealed {what}", r"group stands at the printer\. >", "")
    act.close()
    act.end()


def in_force(room):
    """In a copy, which is thrown away: what the last proof does is told."""
    shutil.copytree(room.folder / "v", room.folder / "pending")
    act = Act(room, ["card", "prove"], transcript="rekey-in-force").session()
    act.card(15, "all-new")
    act.no_more_cards()
    act.close()
    act.end()
    act.says("Generation 2 is in force", "a generation that came into force is told at the end")
    shutil.rmtree(room.folder / "v")
    shutil.move(room.folder / "pending", room.folder / "v")


def giving_up(room):
    again = Act(room, ["rekey", "--reason", "x", "--sheets", "nothing"])
    again.end(4)
    again.says("a re-key is pending", "a second re-key is refused before anything is asked")
    asked = ["rekey", "abandon", "--reason", "a card is lost"]
    act = Act(room, asked, transcript="rekey-abandon").session()
    act.prompt("the name", r"type the vault's name >", ORIGIN)
    act.close()
    act.end()
    act = Act(room, asked)
    act.end(4)
    act.says("no re-key is pending", "and so is the giving up of none")


def badges(room):
    act = Act(room, ["badge", "void", "custodian-p3", "--reason", "seen"], transcript="badge-void")
    act.prompt("read aloud", r"Press Enter when it was read aloud\. >", "")
    act.session()
    act.close()
    act.end()
    act = Act(room, ["badge", "print", "witness-1", "--sheets", "worn"], transcript="badge-print",
              columns=100)
    act.prompt("a wrong one", r"witness-1: the passphrase, .*\(not shown\) >", "not that one",
               "(a passphrase)")
    act.prompt("the badge", r"Not taken.*\(not shown\) >", OWN_PHRASE, "(the passphrase)")
    act.prompt("the printer", r"Press Enter when you stand at the printer\. >", "")
    act.prompt("the card", r"Press Enter when it is in your hand\. >", "")
    act.end()
    check((room.folder / "worn" / "wallet-witness-1.pdf").exists(), "a wallet card is printed")


def many_changes(room):
    """More differences than a screen holds: none is agreed to unseen."""
    policy = room.quorate("policy", "show")
    policy["people"] += [{"id": f"auditor-{i}", "name": f"Auditor {i} " + " ".join(12 * ["Long"]),
                          "roles": ["auditor"]} for i in range(1, 10)]
    (room.folder / "new.json").write_text(json.dumps(policy))
    act = Act(room, ["policy", "change", "new.json"], transcript="policy-change")
    seen = ""
    while act.term.expect(r"it was read aloud\. More follows\. >.{0,12}$",
                          r"type the vault's name >.{0,12}$") == 0:
        seen += act.term.text()
        act.prompt("more", r"More follows\. >", "")
    act.ask("the name", r"type the vault's name >")
    seen += act.term.text()
    same([i for i in range(1, 10) if f"auditor-{i} joins" not in seen], [],
         "each difference is shown")
    act.term.resize(50, 12)
    act.term.expect(r"A larger window shows more")
    check(True, "a window that is too small says so")
    act.term.resize(80, 24)
    act.term.key("stop")
    act.term.expect(r"Type the word stop")
    act.term.line("stop")
    act.end(130)


room = Room(QUORATE, rules(password=(2, 3), mfa=(2, 2))).found_by_script()
try:
    for act in (proving, replacing, joining, regrouping, rekeying, in_force, giving_up, badges,
                many_changes):
        act(room)
    same(room.quorate("log", "verify")["faults"], [], "the log is without fault")
except (Lost, AssertionError) as error:
    check(False, "a page that does not come", str(error))
finish()
