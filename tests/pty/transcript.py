"""Golden transcripts: what was typed and the screens that came, with what
differs from run to run replaced by its name, held against a file."""
import difflib
import os
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
REWRITE = os.environ.get("QRT_TRANSCRIPTS") == "write"

# In this order: the longer before what could be a part of it.
MASKS = [
    (r"QUORATE1:[A-Z]:[A-Z2-7]+", "<code>"),
    (r"\b([0-9a-f]{4} ){15}[0-9a-f]{4}\b", "<fingerprint>"),
    (r"\b([0-9a-f]{4} ){2,}[0-9a-f]{4}\b", "<hex groups>"),
    (r"\b[0-9a-f]{64}\b", "<digest>"),
    (r"\b[0-9a-f]{24}\b", "<vault id>"),
    (r"[A-Za-z0-9+/]{40,}=*", "<base64>"),
    (r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?( ?(Z|UTC))?", "<time>"),
    (r"\b\d{4}-\d\d-\d\d\b", "<date>"),
    (r"\b\d\d:\d\d(:\d\d)?\b", "<hour>"),
    (r"\b\d{3} \d{3}\b", "<otp>"),
    (r" +\d+ s(econds?)?\b", " <n> s"),
    (r"\*{4,}", "****"),
]


# A line of a secret's numbered groups.
GROUPS = re.compile(r"\s*\d{1,2} \S+(\s+\d{1,2} \S+)*")
# What is told of the machine differs from one to the next.
MACHINE = r"This machine: (.|\n)*?or stop and mend it\.\n>\n"


class Transcript:
    def __init__(self, name, terminal, tape=False):
        """`tape`: of a terminal that wipes nothing, only what is new."""
        self.name, self.terminal, self.tape = name, terminal, tape
        self.lines, self.seen = [], 0

    @staticmethod
    def masked(line):
        for pattern, name in MASKS:
            line = re.sub(pattern, name, line)
        return line

    def typed(self, text):
        self.lines.append("> " + self.masked(text))

    def take(self, what, secret=False):
        """The screen as it stands; of a secret, its numbered groups' numbers."""
        screen = self.terminal.screen()
        if self.tape:
            screen = self.terminal.scrolled_off() + screen
            while screen and not screen[-1]:
                screen.pop()
            # The last line is still being written.
            screen, self.seen = screen[self.seen:], len(screen) - 1
            screen = re.sub(MACHINE, "", "\n".join(screen)).split("\n")
        if secret:
            screen = [re.sub(r" *(\d{1,2}) \S+", r" \1 <group \1>", line)
                      if GROUPS.fullmatch(line) else line for line in screen]
        screen = [self.masked(line) for line in screen]
        while screen and not screen[-1]:
            screen.pop()
        self.lines += ["", f"== {what}"] + screen

    def judge(self):
        """None, or how it differs from the file. With QRT_TRANSCRIPTS=write in
        the environment the file is written instead."""
        path = HERE / "transcripts" / f"{self.name}.txt"
        text = "\n".join(self.lines).strip("\n") + "\n"
        if REWRITE:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            return None
        if not path.exists():
            return f"{path} is not there: run with QRT_TRANSCRIPTS=write, and read what it wrote"
        wanted = path.read_text()
        return None if wanted == text else "\n".join(difflib.unified_diff(
            wanted.splitlines(), text.splitlines(), path.name, "this run", lineterm="", n=2))
