"""The founding and the opening as people perform them before the terminal, by
docs/ceremonies: prompt by prompt, with what they read off paper and screen."""
import atexit
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import terminal
from terminal import Terminal
from transcript import GROUPS, Transcript

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "process"))
import needles

ACCOUNT = "123456789012"
SEED = "JBSWY3DPEHPK3PXPKRSXG5BANF2CA5DP"
OWN_PHRASE = "wandering-Otters-88"
LAYOUT_LINE = "yz YZ @ # - _ / \" '"


def rules(password=(2, 2), mfa=(2, 2), **more):
    """A practice policy for so many custodians (threshold, number)."""
    groups, people = {}, [
        {"id": "operator-1", "name": "Operator One", "roles": ["operator"]},
        {"id": "witness-1", "name": "Witness One", "roles": ["witness"]}]
    for name, letter, (threshold, number) in (("password", "p", password), ("mfa", "m", mfa)):
        ids = [f"custodian-{letter}{i + 1}" for i in range(number)]
        groups[name] = {"threshold": threshold, "custodians": ids}
        people += [{"id": i, "name": i.title(), "roles": ["custodian"]} for i in ids]
    return {"vault": "example.com/practice", "organization": "Example Org", "practice": True,
            "people": people, "groups": groups,
            "accounts": [{"id": ACCOUNT, "name": "Management", "email": "root@example.com"}],
            **more}


class Room:
    """A folder with a policy, the sheets that came out of the printer, and what
    people know by heart or have on paper."""

    def __init__(self, binary, policy=None):
        self.binary = str(binary)
        self.policy = policy or rules()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="quorate-pty-"))
        if not os.environ.get("QRT_TEST_KEEP"):
            atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "policy.json").write_text(json.dumps(self.policy))
        self.passphrase = self.password = None
        self.words, self.codes = {}, {}

    def found_by_script(self, badges=()):
        """For what is about openings only: the same vault, without a terminal."""
        self.passphrase, self.password = "wandering-Herons-77", "vT9#mQx2Lw8@Zr4B"
        answers = {"operator": "operator-1",
                   "badges": {"operator-1": self.passphrase, "witness-1": OWN_PHRASE,
                              **dict(badges)},
                   "accounts": {ACCOUNT: {"password": self.password, "totp": SEED}}}
        (self.folder / "answers").write_text(json.dumps(answers))
        command = ('exec "$0" --vault v --no-input --quiet --answers-fd 3 --secrets-fd 4 init '
                   '--policy policy.json --sheets sheets 3<answers 4>secrets >/dev/null')
        subprocess.run(["sh", "-c", command, self.binary], cwd=self.folder, check=True)
        for name in ("answers", "secrets"):
            (self.folder / name).unlink()
        return self

    def quorate(self, *args):
        """A call by a script; its result as JSON."""
        done = subprocess.run([self.binary, "--vault", "v", "--no-input", "--json", *args],
                              cwd=self.folder, capture_output=True, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise AssertionError(f"{args}: {done.stderr!r}")
        return json.loads(done.stdout)

    def events(self):
        return [e["event"] for e in self.quorate("log", "show")["entries"]]

    def card_pdf(self, serial):
        return self.folder / "sheets" / f"card-{serial:03}.pdf"

    def read_words(self, serial):
        """The 11 rows of four words, off the sheet."""
        if serial not in self.words:
            text = subprocess.run(["pdftotext", "-f", "1", "-l", "1", "-layout",
                                   self.card_pdf(serial), "-"], check=True, capture_output=True,
                                  text=True).stdout
            rows = re.findall(r"^\s*([A-K])\s+\d+\s+(\w+)\s+\d+\s+(\w+)\s+\d+\s+(\w+)\s+(\w+)\s*$",
                              text, re.M)
            assert [row[0] for row in rows] == list("ABCDEFGHIJK"), text
            self.words[serial] = [list(row[1:]) for row in rows]
        return self.words[serial]

    def picture(self, serial):
        path = self.folder / f"card-{serial}.png"
        if not path.exists():
            subprocess.run(["pdftoppm", "-r", "150", "-gray", "-f", "1", "-l", "1", "-singlefile",
                            "-png", self.card_pdf(serial), str(path)[:-4]], check=True)
        return path

    def read_code(self, serial):
        if serial not in self.codes:
            out = subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", self.picture(serial)], check=True,
                                 capture_output=True, text=True).stdout.split()
            self.codes[serial] = out[0]
        return self.codes[serial]

    def needles(self, chance=(), without=b""):
        """The file of all secrets in all their forms, for tests/process/seek;
        less those of these names that stand in `without` by chance: some words
        of a card or a passphrase stand side by side in any program."""
        shares = [needles.Share([w for row in self.read_words(i + 1) for w in row[:3]])
                  for i in range(len(self.policy["people"]) - 2)]
        codes = [self.read_code(i + 1) for i in range(len(shares))]
        answers = {"operator": "operator-1",
                   "badges": {"operator-1": self.passphrase, "witness-1": OWN_PHRASE},
                   "accounts": {ACCOUNT: {"password": self.password, "totp": SEED}}}
        path = self.folder / "needles"
        found = needles.of_vault(str(self.folder / "v"), answers, {}, shares, codes)
        found.drop(chance, without)
        found.write(path)
        return path


def shown_groups(screen):
    """What stands there in numbered groups, in order."""
    lines = [line for line in screen if GROUPS.fullmatch(line)]
    return [group for line in lines for _, group in re.findall(r"(\d{1,2}) (\S+)", line)]


class Ceremony:
    """One command on one terminal. `at` is called with the name of each moment
    at which somebody is asked, before the answer is given."""

    def __init__(self, room, args, transcript=None, at=None, patient=True, **keys):
        self.room, self.at = room, at or (lambda name, term: None)
        self.term = Terminal([room.binary, "--vault", "v", *args], cwd=room.folder, **keys)
        self.clock = self.term.clock
        self.plain = keys.get("term") == "dumb"
        self.transcript = Transcript(transcript, self.term, self.plain) if transcript else None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.term.close()

    def ask(self, name, pattern):
        """Waits for a prompt; a screen of the transcript."""
        self.term.expect(pattern + r".{0,12}$")
        if self.transcript:
            self.transcript.take(name)
        self.at(name, self.term)

    def answer(self, text, shown=None):
        if self.transcript:
            self.transcript.typed(text if shown is None else shown)
        self.term.line(text)

    def machine(self, pattern):
        """What is told of this machine, if anything is, which is not the
        test's business; then that prompt."""
        fits = r"Press Enter to go on, or stop and mend it\. >"
        if self.term.expect(pattern, fits) == 1:
            self.term.key("enter")

    def prompt(self, name, pattern, text, shown=None):
        self.ask(name, pattern)
        self.answer(text, shown)

    def look(self, name, seconds=60):
        """Only one looks; the secret is read, and hidden again. The seconds are
        what it takes to write it down, or to set it at AWS."""
        self.prompt(f"{name}: before it is shown", r"Press Enter to show it, for 30 s\. >", "")
        if self.plain:
            return self.look_plain(name)
        self.term.expect(r"Enter: hide it")
        groups = shown_groups(self.term.screen())
        if self.transcript:
            self.transcript.take(f"{name}: shown", secret=bool(groups))
        self.at(f"{name}: shown", self.term)
        self.clock.add("writing down, setting at AWS", seconds)
        self.answer("", "(Enter)")
        return groups

    def look_plain(self, name):
        """A group at a time, each over the last."""
        groups = []
        while True:
            number = len(groups) + 1
            # Each is written over the last: wait for its own number.
            kind = self.term.expect(rf"(^| ){number} of +\d+: \S+( |$)", r"Code \d{3} \d{3}")
            self.at(f"{name}: shown", self.term)
            line = [l for l in self.term.screen() if l][-1]
            self.answer("", "(Enter)")
            if kind == 1:
                return groups
            found = re.search(r"\d+ of +(\d+): (\S+)", line)
            groups.append(found[2])
            if len(groups) == int(found[1]):
                return groups

    def finish(self, status=0):
        got = self.term.finish()
        if self.transcript:
            self.transcript.take("the end")
        if got != status:
            raise AssertionError(f"exit {got}, not {status}\n{self.term.picture()}")
        return got

    def type_words(self, rows, letters=4):
        """Row by row, the beginning of each word and Enter."""
        for row in rows:
            for word in row:
                self.term.send(word[:letters] + "\r")
        self.clock.add("typing", 44 * self.clock.CARD_WORD_S - 44 * 5 / self.clock.KEYS_A_SECOND)


class Sitting(Ceremony):
    """A small session of one command, with a witness in the room."""

    def session(self):
        self.machine(r"Who is the operator: an id >")
        self.prompt("the operator", r"Who is the operator: an id >", "operator-1")
        self.prompt("the badge", r"card's code \(not shown\) >", self.room.passphrase,
                    "(the passphrase)")
        self.prompt("the clock", r"in that form\. >", "")
        self.prompt("receipts", r"eceipt.* >", "")
        self.prompt("the room", r"Enter alone when all are named\. >", "witness-1")
        self.prompt("the room: more", r"Enter alone when all are named\. >", "")
        return self


class Founding(Ceremony):
    def __init__(self, room, **keys):
        super().__init__(room, ["init", "--policy", "policy.json", "--sheets", "sheets"], **keys)
        self.custodians = (room.policy["groups"]["password"]["custodians"] +
                           room.policy["groups"]["mfa"]["custodians"])

    def perform(self):
        self.policy()
        self.badges()
        self.account()
        self.cards()
        self.sealed_sheets()
        self.close()
        return self

    def policy(self):
        self.machine(r"in that form\. >")
        self.prompt("the policy", r"wall clock says the same; else type what it says, in that "
                    r"form\. >", "")

    def badges(self):
        for person in self.room.policy["people"]:
            name = person["id"]
            self.clock.add("walking", 20)
            choose = rf"the badge of {name} .*Which: a number >"
            if "operator" in person["roles"]:
                self.prompt(f"badge of {name}", choose, "1")
                words = self.look(f"badge of {name}")
                self.room.passphrase = " ".join(words)
                self.prompt(f"badge of {name}: typed back", r"one blank between, none behind >",
                            self.room.passphrase, "(the seven words)")
            elif "witness" in person["roles"]:
                self.prompt(f"badge of {name}", choose, "3")
                self.prompt(f"badge of {name}: the keyboard", r"type this line as you see it: .* >",
                            LAYOUT_LINE)
                self.prompt(f"badge of {name}: the passphrase", r"twelve signs \(not shown\) >",
                            OWN_PHRASE, "(a passphrase)")
                self.prompt(f"badge of {name}: again", r"The same again >", OWN_PHRASE,
                            "(a passphrase)")
            else:
                self.prompt(f"badge of {name}", choose, "1")
        self.prompt("the operator", r"Who is the operator today: an id >", "operator-1")
        self.prompt("the room", r"Enter alone when all are named\. >",
                    " ".join(["witness-1"] + self.custodians))
        self.prompt("the room: more", r"Enter alone when all are named\. >", "")

    def account(self):
        self.prompt("the account", rf"account {ACCOUNT} .*Which: a number >", "1")
        self.room.password = "".join(self.look("the new password", 180))
        self.prompt("the new password: set", r"accept the new password\? \(yes or no\) >", "yes")
        self.prompt("the seed", r"no MFA seed in custody >", SEED, "(the seed)")
        self.look("two codes", 240)
        self.prompt("two codes: taken", r"one after the other\? \(yes or no\) >", "yes")

    def present(self, number):
        """One custodian types words, one has a scanner, the others a camera."""
        if number == 1:
            self.type_words(self.room.read_words(number))
            if self.transcript:
                self.transcript.typed("(33 words, and 11 check words)")
        elif number == 2:
            self.answer(self.room.read_code(number))
        else:
            self.room.picture(number)
            self.answer(f"./card-{number}.png")

    def cards(self):
        for i, custodian in enumerate(self.custodians):
            of = len(self.custodians)
            self.clock.add("walking", 40)
            self.clock.add("printing", 4 * 15)
            self.prompt(f"card {i + 1}", rf"card {i + 1} of {of}, printed .*"
                        rf"when {custodian} stands at the printer\. >", "")
            self.prompt(f"card {i + 1}: printed", r"Press Enter when the card is in your hand\. >",
                        "")
            self.ask(f"card {i + 1}: read back", r"Row A, word 1:")
            self.present(i + 1)
            self.clock.add("bag, seal, signatures", 120)
            self.prompt(f"card {i + 1}: the bag", r"it is bagged later >", f"A-{1001 + i}")
            self.prompt(f"card {i + 1}: the bag again", r"read by somebody else >", f"A-{1001 + i}")
            self.prompt(f"card {i + 1}: the site", r"such as site-1 >", f"site-{1 + i // 3}")
            self.prompt(f"card {i + 1}: the safe", r"In which safe: a short name >",
                        "safe-1" if "-p" in custodian else "safe-2")

    def sealed_sheets(self):
        for group, what in (("password", "passwords"), ("MFA", "MFA seeds")):
            self.clock.add("walking", 40)
            self.clock.add("printing", 15)
            self.prompt(f"the sealed {what}", rf"the sealed {what} .*"
                        rf"a custodian of the {group} group stands at the printer\. >", "")

    def close(self):
        self.prompt("the close", r"not planned\? \(yes or no\) >", "no")
        self.prompt("the close: who signs", r"Enter alone if nobody more\. >", "")


class Opening(Ceremony):
    def __init__(self, room, *more, **keys):
        super().__init__(room, ["open", ACCOUNT, *more], **keys)

    def perform(self, cards=(1, 2, 3, 4)):
        self.session()
        self.purpose()
        answered = ""
        for i, serial in enumerate(cards):
            self.ask(f"card {serial}", answered + r"Row A, word 1:")
            self.present(serial, i)
            answered = rf"Card {serial}: accepted .*"
        self.release()
        self.close()
        return self

    def session(self):
        self.machine(r"Who is the operator: an id >")
        self.prompt("the operator", r"Who is the operator: an id >", "operator-1")
        self.prompt("the badge", r"card's code \(not shown\) >", self.room.passphrase,
                    "(the seven words)")
        self.prompt("the clock", r"in that form\. >", "")
        self.prompt("receipts", r"eceipt.* >", "")
        self.prompt("the room", r"Enter alone when all are named\. >", "witness-1 custodian-p1 "
                    "custodian-p2 custodian-m1 custodian-m2")
        self.prompt("the room: more", r"Enter alone when all are named\. >", "")

    def purpose(self):
        self.prompt("the purpose", r"For what: a number >", "1")
        self.prompt("the ticket", r"Enter alone if there is none >", "T-17")
        self.prompt("the approver", r"Enter alone if nobody had to >", "")

    def present(self, serial, i):
        if i == 0:
            self.type_words(self.room.read_words(serial))
            if self.transcript:
                self.transcript.typed("(33 words, and 11 check words)")
        elif i == 1:
            self.answer(self.room.read_code(serial))
        else:
            self.room.picture(serial)
            self.answer(f"./card-{serial}.png")

    def release(self):
        self.shown = "".join(self.look("the password"))
        self.look("the code")

    def close(self):
        self.prompt("who saw it", r"Who saw a secret .* all are named\. >",
                    "custodian-p1 custodian-m1")
        self.prompt("who saw it: more", r"Who saw a secret .* all are named\. >", "")
        self.prompt("the close", r"not planned\? \(yes or no\) >", "no")
        self.prompt("the close: who signs", r"Enter alone if nobody more\. >", "")
        self.prompt("the close: the operator's own receipt",
                    r"operator-1 signs the close: .* Enter alone if they have none >", "")
