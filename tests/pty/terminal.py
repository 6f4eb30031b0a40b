"""A terminal of any size and kind, and a person before it: runs a program on a
pty, keeps its bytes, and what an emulator (pyte) makes of them, on the screen
and scrolled off it. The emulator has no alternate screen, so what a program
leaves behind is seen even where a real terminal would have hidden it."""
import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "process"))
import tracer

try:
    import pyte
except ImportError:
    SYSTEM = "/usr/bin/python3"
    if not os.path.exists(SYSTEM) or os.path.realpath(sys.executable) == os.path.realpath(SYSTEM):
        print("skipped: Python has no module pyte")
        sys.exit(77)
    os.execv(SYSTEM, [SYSTEM, "-B"] + sys.argv)
try:
    for end in pty.openpty():
        os.close(end)
except OSError as why:
    print(f"skipped: no pseudo-terminal can be had here ({why}); mount devpts on /dev/pts")
    sys.exit(77)

KEYS = {"enter": "\r", "tab": "\t", "backspace": "\x7f", "escape": "\x1b", "up": "\x1b[A",
        "space": " ", "stop": "\x03", "clear": "\x15"}
WAIT_S = 30


class Lost(Exception):
    """What was waited for did not come."""


class Screen(pyte.HistoryScreen):
    """pyte 0.8 wipes what has scrolled off only when it is reset; terminals do
    so on ED 3."""

    def erase_in_display(self, how=0, *args, **kwargs):
        if how == 3:
            self.history.top.clear()
            self.history.bottom.clear()
        else:
            super().erase_in_display(how, *args, **kwargs)


def squeezed(emulator):
    return " ".join(" ".join(emulator.display).split())


class Terminal:
    def __init__(self, argv, columns=80, rows=24, term="xterm-256color", env=None, cwd=None,
                 quiet_s=0.03):
        self.columns, self.rows, self.quiet_s = columns, rows, quiet_s
        self.raw = bytearray()
        self.answered = 0  # how much of it there was at the last answer
        self.status = None
        self.clock = HumanClock()
        self.emulator = Screen(columns, rows, history=5000, ratio=0.5)
        # A terminal in cooked mode turns LF into CR LF by itself: no LNM here.
        self.stream = pyte.ByteStream(self.emulator)
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8",
                       "HOME": str(cwd or "/nonexistent"), "TERM": term, "TZ": "UTC"}
        environment.update(env or {})
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
                if cwd:
                    os.chdir(cwd)
                os.execvpe(argv[0], [str(a) for a in argv], environment)
            finally:
                os._exit(127)

    # What the program writes.

    def pump(self, timeout_s=0.0):
        """Takes what is there; False if nothing came, or nothing more can."""
        try:
            ready = select.select([self.master], [], [], timeout_s)[0]
            data = os.read(self.master, 65536) if ready else b""
        except OSError:
            data = b""
        if data:
            self.raw += data
            self.stream.feed(data)
        return bool(data)

    def settle(self):
        """Until it has been silent for a moment."""
        until = time.monotonic() + WAIT_S
        while self.pump(self.quiet_s) and time.monotonic() < until:
            pass

    def screen(self):
        """The lines on the screen, without blanks at their ends."""
        return [line.rstrip() for line in self.emulator.display]

    def text(self):
        """The screen as one line, as somebody reads it: blanks squeezed."""
        return squeezed(self.emulator)

    def stands(self, pattern):
        """On the screen, and written since the last answer: what stood there before is not what
        comes of it."""
        if not re.search(pattern, self.text()):
            return False
        since = Screen(self.columns, self.rows)
        pyte.ByteStream(since).feed(bytes(self.raw[self.answered:]))
        return re.search(pattern, squeezed(since)) is not None

    def scrolled_off(self):
        lines = []
        for line in list(self.emulator.history.top) + list(self.emulator.history.bottom):
            lines.append("".join(line[x].data for x in range(self.columns)).rstrip())
        return lines

    def everything(self):
        """All that a person could still read, line by line and run together."""
        lines = self.scrolled_off() + self.screen()
        return "\n".join(lines) + "\n" + "".join(lines) + "\n" + " ".join(" ".join(lines).split())

    def expect(self, *wanted, wait_s=WAIT_S):
        """Waits until one of these patterns stands on the screen anew, and the screen
        is still; returns which."""
        until = time.monotonic() + wait_s
        while True:
            for i, pattern in enumerate(wanted):
                if self.stands(pattern):
                    self.settle()
                    if self.stands(pattern):
                        self.clock.read(self.text())
                        return i
            if not self.pump(0.2) and (self.ended() or time.monotonic() > until):
                raise Lost(f"not on the screen: {wanted}\n" + self.picture())

    def picture(self):
        edge = "+" + "-" * self.columns + "+"
        return "\n".join([edge] + [f"|{line:{self.columns}}|" for line in self.screen()] + [edge])

    # What the person does.

    def send(self, text, hurried=True):
        """Types text as it is. A person is not hurried: each key is then drawn
        before the next."""
        data = text.encode() if isinstance(text, str) else text
        self.clock.type(text)
        if b"\r" in data or b"\x03" in data:
            while self.pump():
                pass
            self.answered = len(self.raw)
        if hurried:
            os.write(self.master, data)
            return
        for i in range(len(data)):
            os.write(self.master, data[i:i + 1])
            self.pump(0.005)

    def key(self, name):
        self.send(KEYS[name])

    def line(self, text):
        self.send(text)
        self.key("enter")

    def resize(self, columns, rows):
        self.columns, self.rows = columns, rows
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.emulator.resize(rows, columns)

    def hang_up(self):
        """The window is closed."""
        os.close(self.master)
        self.master = -1

    def kill(self, number):
        os.kill(self.pid, number)

    # The process.

    def ended(self):
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid != 0:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    def finish(self, wait_s=WAIT_S):
        """Its exit code, once it has ended by itself."""
        until = time.monotonic() + wait_s
        while not self.ended():
            if self.master >= 0:
                self.pump(0.05)
            else:
                time.sleep(0.02)
            if time.monotonic() > until:
                picture = self.picture()
                self.close()
                raise Lost("still running\n" + picture)
        while self.master >= 0 and self.pump(0):
            pass
        return self.status

    def close(self):
        """Ends it, whatever it is doing."""
        if not self.ended():
            os.kill(self.pid, signal.SIGKILL)
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        if self.master >= 0:
            os.close(self.master)
            self.master = -1

    def memory(self):
        """All that it holds now, its cells of guarded memory included."""
        return tracer.memory(self.pid)

    def modes(self):
        """Does the line echo, wait for whole lines, take Ctrl-C as a signal?"""
        local = termios.tcgetattr(self.master)[3]
        return {"echo": bool(local & termios.ECHO), "lines": bool(local & termios.ICANON),
                "signals": bool(local & termios.ISIG)}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class HumanClock:
    """How long people would have taken, reckoned and not slept: each page read
    once, keys typed, things done in the room."""
    WORDS_A_MINUTE = 200
    KEYS_A_SECOND = 2.5      # of managers who look for their keys
    CARD_WORD_S = 1.5        # two words in three seconds, read off paper

    def __init__(self):
        self.seen = ""
        self.parts = {}

    def add(self, what, seconds):
        self.parts[what] = self.parts.get(what, 0) + seconds

    def read(self, text):
        """What is new on the screen is read."""
        old = set(re.split(r"(?<=[.:?]) ", self.seen))
        fresh = [s for s in re.split(r"(?<=[.:?]) ", text) if s not in old]
        self.seen = text
        self.add("reading", 60 * sum(len(s.split()) for s in fresh) / self.WORDS_A_MINUTE)

    def type(self, keys):
        self.add("typing", len(keys) / self.KEYS_A_SECOND)

    def total_s(self):
        return sum(self.parts.values())
