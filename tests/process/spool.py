"""Cards to a printer: a CUPS server of our own prints founding after founding.
What comes out is what a file would hold; nothing of it stays behind, where the
settings are those asked for, and is found where they are not; paper that ends
is told, and no card is lost or issued twice; sockets are the spooler's alone."""
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../pty")]
import ceremony
import needles as needle_module
from cups import Cups, cupsd
from practice import ANSWERS, POLICY, Folder, open_args

BIN, SEEK = map(os.path.abspath, sys.argv[1:3])
missing = [t for t in ("pdftotext", "pdftoppm", "strace", "unshare") if not shutil.which(t)]
missing += [] if cupsd() else ["cupsd"]
if missing or os.geteuid() != 0:
    print("skipped: not installed:" if missing else "skipped: not root", ", ".join(missing))
    sys.exit(77)
failures = []
EXCEPTIONS = ["swap", "core-pattern", "mlock", "network-interface", "rng", "clock", "debugger",
              "landlock"]


def check(ok, what):
    if not ok:
        failures.append(what)
        print("FAILED:", what)
    return bool(ok)


def command(place, *args, server, before=(), binaries=BIN, stderr=subprocess.PIPE, options=()):
    """A call of quorate, begun."""
    answers = place.write("answers.json", json.dumps(ANSWERS))
    given = open(answers)
    reader, writer = os.pipe()  # what is released has room in it

    def prepare():
        os.dup2(given.fileno(), 13)
        os.dup2(writer, 14)
    environment = {**os.environ, "CUPS_SERVER": str(server)}
    process = subprocess.Popen(
        [*before, os.path.join(binaries, "quorate"), "--vault", place.vault, "--no-input", "--json",
         "--answers-fd", "13", "--secrets-fd", "14", *options, *args], close_fds=False,
        preexec_fn=prepare, env=environment, stdout=subprocess.PIPE, stderr=stderr, text=True)
    os.close(writer)
    process.released = reader
    return process


def ended(process):
    out, err = process.communicate(timeout=120)
    os.close(process.released)
    return process.returncode, out, err


def printing(place, printer="tray", *more):
    return ["init", "--policy", place.policy, "--printer", printer, *more]


def found(place, server, *more, printer="tray", **how):
    return ended(command(place, *printing(place, printer, *more), server=server, **how))


def log(place, event):
    _, out, _ = ended(command(place, "log", "show", server=""))
    return [e for e in json.loads(out)["entries"] if e["event"] == event]


def all_text(data):
    """A file's bytes, and what its PDF streams and pages say."""
    whole = [data]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.S):
        try:
            whole.append(zlib.decompressobj().decompress(stream))
        except zlib.error:
            pass
    if b"%PDF-" in data:
        text = subprocess.run(["pdftotext", "-layout", "-", "-"], stdout=subprocess.PIPE,
                              input=data[data.index(b"%PDF-"):], stderr=subprocess.DEVNULL).stdout
        rows = re.findall(rb"^ *[A-K] +" + rb"\d+ +([a-z]{4,8}) +" * 3 + rb"[a-z]{4,8}$", text, re.M)
        whole += [text, b" ".join(word for row in rows for word in row)]
    return b"\n".join(whole)


# What a founding prints: to each custodian card, label and wallet card.
CUSTODIANS = [f"custodian-{group}{i}" for group in "pm" for i in (1, 2, 3)]
SHEETS = [name for i, person in enumerate(CUSTODIANS, 1)
          for name in (f"card-{i:03}.pdf", f"label-{i:03}.pdf", f"wallet-{person}.pdf")]
SHEETS += ["sealed-password.pdf", "sealed-mfa.pdf"]


def hits(cups, sheets, needle_file):
    """Where in the server's files something of these sheets still stands."""
    found_in = []
    for path, data in cups.kept():
        said = subprocess.run([SEEK, needle_file], input=all_text(data),
                              stdout=subprocess.PIPE).stdout.decode()
        pieces = any(sheet[at:at + 48] in data for sheet in sheets
                     for at in range(256, len(sheet) - 256, 512))
        if said or pieces:
            found_in.append(f"{path.name}: {said.split()[:1] or 'a piece of the PDF'}")
    return found_in


def secrets_of(place, cards, without=b""):
    """Needles of the cards that were printed, but for those that stand in these
    bytes, which knew nothing of them."""
    needles = needle_module.Needles()
    for i, card in enumerate(cards):
        share = needle_module.Share(needle_module.read_card(str(card)))
        needles.share(f"card-{i + 1}", share)
    path = os.path.join(place.path, "needles")
    needles.write(path)
    said = subprocess.run([SEEK, path], input=without, stdout=subprocess.PIPE).stdout.decode()
    needles.drop({line.split()[0] for line in said.splitlines()}, without)
    needles.write(path)
    return path


def a_founding_is_printed_and_nothing_stays(folder):
    cups, place = Cups(), folder()
    try:
        rc, out, err = found(place, cups.socket, "--sides", "two")
        check(rc == 0, f"a founding is printed: {rc}: {err}")
        cards = json.loads(out)["cards"]
        check(all(c["card"] == c["label"] == "printer:tray" for c in cards), f"where: {cards[0]}")
        printed = list(cups.printed())
        titles = [title for title, _, _, _ in printed]
        wanted = ["trial"] + SHEETS
        check(titles == wanted, f"each sheet once, in order: {titles}")
        check(all(copies == "1" and "print-scaling=none" in options and
                  ("sides=two-sided-long-edge" if title != "trial" else "sides=one-sided") in options
                  for title, copies, options, _ in printed), f"how: {printed[1]}")
        check("100 mm" in err and "kept" not in err, f"the trial sheet is told of: {err}")
        os.mkdir(place.sheets)
        for title, _, _, pdf in printed[1:]:
            shutil.copy(pdf, os.path.join(place.sheets, title))
        _, texts, images = place.read_cards()
        rc, out, err = ended(command(place, *open_args([images[0], texts[1], images[3], texts[4]]),
                                     server=cups.socket))
        check(rc == 0, f"the printed cards open the vault: {rc}: {err}")
        sheets = [pdf.read_bytes() for _, _, _, pdf in printed[1:]]
        needle_file = secrets_of(place, [pdf for t, _, _, pdf in printed if t.startswith("card")])
        cups.stop()
        left = hits(cups, sheets, needle_file)
        check(left == [], f"left in the spool: {left}")
    finally:
        cups.close()


def the_default_settings_keep_it_and_are_named(folder):
    cups, place = Cups(rules=""), folder()
    try:
        # A practice vault goes on, and says so; the server is told to forget.
        rc, _, err = found(place, cups.socket)
        check(rc == 0 and "CUPS kept the trial sheet" in err, f"kept, and told: {rc}: {err}")
        check(err.count("was told to delete it") == len(SHEETS), f"each kept sheet is purged: {err}")
        left = [p.name for p, _ in cups.kept() if p.name.startswith("d0")]
        check(left == [], f"purged: {left}")
        # Control: what another program prints there stays, and the search sees it.
        card = next(pdf for title, _, _, pdf in cups.printed() if title == "card-001.pdf")
        needle_file = secrets_of(place, [card])
        talk = Spooler()
        talk.ask(7, bytes([len(str(cups.socket))]) + str(cups.socket).encode() + b"tray")
        job = talk.job(b"\0\x07control" + card.read_bytes())
        check(talk.wait(job)[1] & 4, "the server says that it keeps the document")
        talk.close()
        seen = hits(cups, [card.read_bytes()], needle_file)
        check(any(name.startswith("d0") for name in seen), f"control: the card is found: {seen}")
        for _, data in cups.kept():
            if b"%PDF-" in data:
                said = subprocess.run([SEEK, needle_file], input=all_text(data),
                                      stdout=subprocess.PIPE).stdout
                check(said, "control: its words are found in the page")
        refused(folder, cups)
    finally:
        cups.close()


def refused(folder, cups):
    """A real vault is refused by the measure, where files tell it all is well."""
    place = folder(practice=False, machine_exceptions=EXCEPTIONS)
    settings = place.write("cupsd.conf", "PreserveJobFiles No\n")
    inside = ("mount -t tmpfs none /var/spool/cups && mount --bind "
              f"{settings} /etc/cups/cupsd.conf && exec \"$@\"")
    if subprocess.run(["unshare", "-m", "true"], stderr=subprocess.DEVNULL).returncode != 0:
        print("skipped: no mount namespace can be made here, for a real vault's machine")
        sys.exit(77)
    rc, _, err = found(place, cups.socket, before=["unshare", "-m", "sh", "-c", inside, "sh"])
    check(rc == 4 and "was still in CUPS" in err and "PreserveJobFiles No" in err,
          f"a real vault is refused: {rc}: {err}")
    check(not os.path.exists(place.vault), "and nothing was written")
    place = folder(practice=False, machine_exceptions=EXCEPTIONS + ["spool"])
    rc, _, err = found(place, cups.socket)
    check(rc == 0 and "CUPS kept the trial sheet" in err, f"an exception is taken: {rc}: {err}")


class Spooler:
    """A quorate-spool of its own, spoken to in frames."""

    def __init__(self):
        self.process = subprocess.Popen([os.path.join(BIN, "quorate-spool")], env={},
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        assert self.read() == (1, b"\1") or self.read()

    def read(self):
        def exactly(n):
            data = b""
            while len(data) < n:
                part = self.process.stdout.read(n - len(data))
                assert part, "quorate-spool is gone"
                data += part
            return data
        n, kind = struct.unpack(">IB", exactly(5))
        return kind, exactly(n)

    def ask(self, kind, payload):
        data = struct.pack(">IB", len(payload), kind) + payload
        while data:
            data = data[self.process.stdin.write(data):]
        return self.read()

    def job(self, payload):
        kind, answer = self.ask(8, payload)
        assert kind == 11, answer
        return struct.unpack(">I", answer[:4])[0]

    def wait(self, job):
        for _ in range(200):
            kind, answer = self.ask(9, struct.pack(">I", job))
            assert kind == 11, answer
            state, flags = answer[4], answer[5]
            if state >= 7:
                time.sleep(0.5)
                kind, answer = self.ask(9, struct.pack(">I", job))
                return answer[4], answer[5]
            time.sleep(0.05)
        raise TimeoutError

    def close(self):
        self.process.stdin.close()
        check(self.process.wait(10) == 0, "quorate-spool ends with its parent's pipe")


def a_file_is_printed_byte_for_byte(folder):
    """The PDFs of --sheets, sent through quorate-spool, come out unchanged; and
    it has nothing of them when it waits for the next."""
    from tracer import memory
    cups, place = Cups(), folder()
    try:
        rc, _, err = ended(command(place, *place.init_args(), server=""))
        check(rc == 0, f"a founding into files: {rc}: {err}")
        sheets = sorted(pathlib.Path(place.sheets).glob("*.pdf"))
        check(len(sheets) == len(SHEETS), f"{len(SHEETS)} sheets")
        talk = Spooler()
        needle_file = secrets_of(place, [s for s in sheets if s.name.startswith("card")],
                                 memory(talk.process.pid))
        chosen = bytes([len(str(cups.socket))]) + str(cups.socket).encode() + b"tray"
        for sheet in sheets:
            talk.ask(7, chosen)
            job = talk.job(b"\0" + bytes([len(sheet.name)]) + sheet.name.encode() +
                           sheet.read_bytes())
            check(talk.wait(job) == (9, 1), "completed, and not kept")
        left = memory(talk.process.pid)
        said = subprocess.run([SEEK, needle_file], input=left, stdout=subprocess.PIPE).stdout
        pieces = [s.name for s in sheets for data in [s.read_bytes()]
                  for at in range(256, len(data) - 256, 512)
                  if data[at:at + 48] in bytes(left)]
        check(not said and not pieces, f"left in quorate-spool: {said!r} {pieces[:3]}")
        talk.close()
        for (title, _, _, pdf), sheet in zip(cups.printed(), sheets):
            check(title == sheet.name and pdf.read_bytes() == sheet.read_bytes(),
                  f"{title} is printed as it was in its file")
        check(len(list(cups.printed())) == len(SHEETS), f"{len(SHEETS)} sheets printed")
    finally:
        cups.close()


def follow(process):
    """The lines that a founding tells, as they come."""
    lines = []

    def read():
        for line in process.stderr:
            lines.append(line)
    thread = threading.Thread(target=read)
    thread.start()
    return lines, thread


def until(condition, seconds=30):
    for _ in range(int(seconds * 20)):
        if condition():
            return True
        time.sleep(0.05)
    return False


def paper_that_ends_is_told(folder):
    """Out of paper behind card 3; then a printer that stops at card 4."""
    cups, place = Cups(), folder()
    try:
        cups.plant("empty-after", "card-003.pdf")
        cups.plant("stop-at", "card-005.pdf")
        process = command(place, *printing(place), server=cups.socket)
        lines, thread = follow(process)
        check(until(lambda: any("is out of paper: load paper" in line for line in lines)),
              f"no paper is told: {lines}")
        time.sleep(1)
        check(process.poll() is None, "the founding waits")
        check([t for t, _, _, _ in cups.printed()][-1] == "card-003.pdf", "card 3 came out")
        check(sum("out of paper" in line for line in lines) == 1, f"it is told once: {lines}")
        (cups.tray / "empty").unlink()
        check(until(lambda: any("paper jam" in line for line in lines)),
              f"a stopped printer is told: {lines} {cups.log()[-600:]}")
        (cups.tray / "stop-at").unlink()
        cups.resume()
        out = process.stdout.read()
        thread.join()
        check(process.wait(60) == 0, f"the founding ends well: {lines}")
        check(len(json.loads(out)["cards"]) == 6, "6 cards")
        titles = [t for t, _, _, _ in cups.printed()]
        check(sorted(titles) == sorted({*titles}) and len(titles) == len(SHEETS) + 1,
              f"each sheet came out once: {titles}")
        serials = [int(e["values"]["serial"]) for e in log(place, "card-issued")]
        check(serials == [1, 2, 3, 4, 5, 6], f"each card is issued once: {serials}")
    finally:
        cups.close()


def a_sheet_given_up_is_no_card(folder):
    cups, place = Cups(policy="abort-job"), folder()
    try:
        cups.plant("give-up-at", "card-003.pdf")
        rc, _, err = found(place, cups.socket)
        check(rc == 1 and "printer tray: the sheet was given up" in err, f"given up: {rc}: {err}")
        check(len(log(place, "card-issued")) == 2, "two cards are issued")
        check(not any(p.name.startswith("d0") for p, _ in cups.kept()), "nothing is left behind")
    finally:
        cups.close()


def stopping_takes_the_sheet_back(folder):
    """SIGTERM while the paper is out: the card waits in no queue."""
    cups, place = Cups(), folder()
    try:
        cups.plant("empty-after", "card-001.pdf")
        process = command(place, *printing(place), server=cups.socket)
        lines, thread = follow(process)
        check(until(lambda: any("out of paper" in line for line in lines)), f"told: {lines}")
        check(any(p.name.startswith("d0") for p, _ in cups.kept()), "control: a sheet waits")
        process.terminate()
        process.stdout.read()
        thread.join()
        check(process.wait(30) == 130, "interrupted")
        check(until(lambda: not any(p.name.startswith("d0") for p, _ in cups.kept())),
              "its sheet is taken back")
    finally:
        cups.close()


def each_slip_is_told_before_anything_is_asked(folder):
    cups = Cups()
    closed = Cups(accepting=False)
    gone = tempfile.mkdtemp(prefix="quorate-bin-")
    try:
        for name in ("quorate", "quorate-print", "quorate-scan"):
            shutil.copy(os.path.join(BIN, name), gone)
        foreign = ForeignServer()
        slips = [
            ("no such printer", cups.socket, "laser", {}, 2, "no printer of that name"),
            ("no server", cups.path / "nobody", "tray", {}, 1, "is CUPS running?"),
            ("a printer that takes no jobs", closed.socket, "tray", {}, 1, "cupsaccept tray"),
            ("a network server", "localhost:631", "tray", {}, 2, "never sent over a network"),
            ("an option as a name", cups.socket, "-d", {}, 2, "not the name of a printer"),
            ("a path as a name", cups.socket, "a/b", {}, 2, "not the name of a printer"),
            ("no spooler", cups.socket, "tray", {"binaries": gone}, 1, "quorate-spool: neither"),
            ("a server of somebody else", foreign.path, "tray", {}, 1, "belongs to somebody"),
        ]
        for what, server, printer, how, status, words in slips:
            place = folder()
            rc, _, err = found(place, server, printer=printer, **how)
            check(rc == status and words in err and not os.path.exists(place.vault),
                  f"{what}: {rc}: {err}")
        foreign.close()
        for extra, words in ((["--sheets", "x"], "not to both"), (["--sides", "3"], "one or two")):
            rc, _, err = found(folder(), cups.socket, *extra)
            check(rc == 2 and words in err, f"{extra}: {rc}: {err}")
        check(not list(cups.printed()), "nothing was printed")
    finally:
        cups.close()
        closed.close()
        shutil.rmtree(gone)


class ForeignServer:
    """Somebody listens who is neither root nor this user."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="quorate-foreign-")
        os.chmod(self.folder, 0o777)
        self.path = os.path.join(self.folder, "sock")
        code = ("import os,socket,sys,time\nos.setgid(65534)\nos.setuid(65534)\n"
                "s=socket.socket(socket.AF_UNIX)\ns.bind(sys.argv[1])\ns.listen(4)\ntime.sleep(60)")
        self.process = subprocess.Popen([sys.executable, "-c", code, self.path])
        until(lambda: os.path.exists(self.path))
        time.sleep(0.1)

    def close(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder)


def sockets_are_the_spoolers_alone(folder):
    cups, place = Cups(), folder()
    trace = os.path.join(place.path, "trace")
    try:
        rc, _, err = found(place, cups.socket, before=[
            "strace", "-f", "-qq", "-o", trace, "-e", "trace=network,execve"])
        check(rc == 0, f"a founding under strace: {rc}: {err}")
        lines = open(trace).read().splitlines()
        programs = {}
        for line in lines:
            began = re.match(r"(\d+) +execve\(\"([^\"]+)\"", line)
            if began:
                programs[began[1]] = os.path.basename(began[2])
        calls = [(programs.get(line.split()[0]), line) for line in lines
                 if not re.search(r"(execve\(|---|\+\+\+|<\.\.\.)", line)]
        check(len(calls) > 100, "control: the calls are seen")
        check({who for who, _ in calls} == {"quorate-spool"},
              f"who: {[line for who, line in calls if who != 'quorate-spool'][:3]}")
        made = {re.search(r"socket\((AF_\w+)", line)[1] for _, line in calls if "socket(" in line}
        check(made == {"AF_UNIX"}, f"sockets: {made}")
        led = {m for _, line in calls for m in re.findall(r'connect\(.*sun_path="([^"]+)"', line)}
        check(led == {str(cups.socket)}, f"led to: {led}")
    finally:
        cups.close()


class PrintedFounding(ceremony.Founding):
    """As far as the trial sheet."""

    def __init__(self, room, server):
        ceremony.Ceremony.__init__(self, room, ["init", "--policy", "policy.json", "--printer",
                                                "tray"], env={"CUPS_SERVER": str(server)})
        self.custodians = []

    def prompt(self, name, *rest):
        if name == "the room":
            raise StopIteration
        super().prompt(name, *rest)


def a_person_stops_while_the_printer_waits(_):
    """At a terminal Ctrl-C is a key, and the printer is what is waited for."""
    cups = Cups()

    def stop(founding):
        founding.term.send("\x03")
        founding.term.expect("Type the word stop")
        founding.answer("stop")
        check(founding.term.finish() == 130, "stopped")

    def to_trial():
        room = ceremony.Room(os.path.join(BIN, "quorate"))
        founding = PrintedFounding(room, cups.socket)
        founding.policy()
        try:
            founding.badges()
        except StopIteration:
            pass
        return room, founding
    try:
        room, founding = to_trial()
        founding.term.expect("100 mm long. Press Enter when the trial sheet is as it should be")
        stop(founding)
        shutil.rmtree(room.folder)
        cups.plant("empty")
        room, founding = to_trial()
        founding.term.expect("is out of paper: load paper")
        founding.term.send("\x03")
        founding.term.expect("Type the word stop")
        founding.answer("")
        founding.term.settle()
        check("is out of paper" in founding.term.text(), "Enter alone goes on waiting")
        stop(founding)
        left = [p.name for p, _ in cups.kept() if p.name.startswith("d0")]
        check(left == [], f"its sheet is taken back: {left}")
        shutil.rmtree(room.folder)
    finally:
        cups.close()


places = []


def folder(**more):
    place = Folder()
    place.policy = place.write("policy.json", json.dumps({**POLICY, **more}))
    places.append(place)
    return place


TESTS = [a_founding_is_printed_and_nothing_stays, the_default_settings_keep_it_and_are_named,
         a_file_is_printed_byte_for_byte, paper_that_ends_is_told, a_sheet_given_up_is_no_card,
         stopping_takes_the_sheet_back, a_person_stops_while_the_printer_waits, each_slip_is_told_before_anything_is_asked,
         sockets_are_the_spoolers_alone]
skips = []
for test in TESTS:
    if len(sys.argv) < 4 or sys.argv[3] in test.__name__:
        before = len(failures)
        begun = time.monotonic()
        try:
            test(folder)
        except SystemExit:  # its harness said why
            skips.append(test.__name__)
        said = ("FAILED" if len(failures) != before else
                "skipped" if test.__name__ in skips else "ok")
        print(said, test.__name__.replace("_", " "), f"({time.monotonic() - begun:.0f} s)",
              flush=True)
for place in places:
    shutil.rmtree(place.path)
if failures:
    print(f"{len(failures)} failures")
    sys.exit(1)
if skips:
    print("skipped:", ", ".join(skips))
    sys.exit(77)
