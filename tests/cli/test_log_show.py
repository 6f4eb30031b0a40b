"""`log show`: each filter against what Python picks from the whole log, alone and
together; the table at 80 and 40 columns, which loses nothing and cannot be forged."""
import os
import pty
import re
import subprocess
import sys
import termios
import time
import unicodedata

import harness
from harness import *

start()
need("pdftotext")
need_module("nacl")
sys.path.insert(0, str(ROOT / "tests/attack"))
import attacker  # noqa: E402

SECOND = str(int(ACCOUNT) + 1)
# A text that would pass for other keys, and one that would write on the screen.
FORGERY = 'no seal  decided=nothing  person="operator-nine"'
CONTROLS = "\x1b[2J\x1b[1;1H     0  forged\x9b31m\n     0  forged\r\u202e\u200b"
WIDE = "über dem Tisch 鍵は三つ目の箱にあります"

vault = Vault(policy(accounts=2), found_answers(2, present=["custodian-p1", "witness-1"]))


def session(*args, **given):
    time.sleep(1.1)  # each has a time of its own
    return vault.run("--json", *args, given=answers(**given), release=args[0] == "open")


def opening(account, files):
    return session("open", account, "--purpose", "close-account", "--show", "code", *files)


words = [card.text() for card in vault.cards]
same(session("card", "prove", words[1], present=["custodian-m2"]).rc, 0, "a card is proved")
same(opening(ACCOUNT, [words[0], words[1], words[3], words[4]]).rc, 0, "an account is opened")
same(opening(SECOND, words[:1]).rc, 3, "another is not, for want of a quorum")
exceptions = [{"step": "bring-bags", "expected": "a seal", "happened": text, "decided": "go on"}
              for text in (FORGERY, WIDE)]
same(session("card", "prove", words[0], exceptions=exceptions).rc, 0, "exceptions are told")

# The tool takes no control characters: who holds the log's key can write them.
image = attacker.Image(vault.path, PASSPHRASE, "operator-1")
escaped = "".join(c if " " <= c <= "~" and c != "%" else
                  "".join(f"%{b:02X}" for b in c.encode()) for c in CONTROLS)
image.append([("exception", ["step bring-bags", "expected a seal", f"happened {escaped}",
                             "decided go on"])], time=vault.log()[-1]["time"])
image.write()

LOG = vault.log()
same(vault.run("--json", "log", "verify").json["faults"], [], "the log is without fault")
same(len([e for e in LOG if e["event"] == "session-opened"]), 5, "five sessions")


def shown(*options):
    run = vault.run("--json", "log", "show", *options)
    if run.rc != 0:
        check(False, f"log show {' '.join(options)}", str(run))
        return []
    return run.json["entries"]


def is_shown(wanted, what, *options, some=True):
    """Exactly these, in JSON whole and as they were, and in the table by their indexes."""
    got = shown(*options)
    same([e["index"] for e in got], [e["index"] for e in wanted], what)
    check(got == wanted and (not some or 0 < len(wanted) < len(LOG)),
          f"{what}: some entries, as they were", f"{len(wanted)} of {len(LOG)}")
    lines = vault.run("log", "show", *options).out.splitlines()
    if wanted:
        same([int(line.split()[0]) for line in lines], [e["index"] for e in wanted],
             f"{what}: a line for each")


# ---- who ----

PERSON_KEYS = ("present", "person", "second", "custodian", "witness", "badge-missing", "seen-by",
               "approver", "owner", "operator")


def names(entry, person):
    values = entry["values"]
    lists = [v for k in PERSON_KEYS for v in [values.get(k, [])]]
    flat = [x for v in lists for x in (v if isinstance(v, list) else [v])]
    groups = [i for g in values.get("group", []) if " " in g for i in g.split(" ")[2].split(",")]
    receipts = values.get("receipt", []) if entry["event"] == "session-closed" else []
    return (entry["actor"] == person or person in [x.split(" ")[0] for x in flat] or
            person in groups or person in receipts)


for person in ("custodian-p1", "custodian-m2", "witness-1", "custodian-p3"):
    is_shown([e for e in LOG if names(e, person)], f"--person {person}", "--person", person)
is_shown(LOG, "--person of the operator, who wrote all", "--person", "operator-1", some=False)

# ---- which card: an item's serial is no card's ----

CARD_EVENTS = {"card-created", "card-issued", "card-proved", "card-accepted", "card-refused",
               "bag-sealed"}
for serial in ("1", "2", "4"):
    of_card = [e for e in LOG if e["event"] in CARD_EVENTS and e["values"].get("serial") == serial]
    check({e["event"] for e in of_card} >= {"card-created", "card-issued"}, "a card has a life")
    is_shown(of_card, f"--card {serial}", "--card", serial)
check(any(e["values"].get("serial") == "1" and e["event"] == "item-sealed" for e in LOG),
      "(there is an item of serial 1)")

# ---- which account, with its ceremonies ----

for account in (ACCOUNT, SECOND):
    intents = {str(e["index"]) for e in LOG
               if e["event"] == "intent" and e["values"].get("account") == account}
    same(len(intents), 1, "one opening each")
    is_shown([e for e in LOG if e["values"].get("account") == account or
              e["values"].get("intent") in intents], f"--account {account}", "--account", account)

# ---- which event ----

for event in ("card-accepted", "exception", "checkpoint-key", "outcome"):
    is_shown([e for e in LOG if e["event"] == event], f"--event {event}", "--event", event)

# ---- which session ----

opened = [e["index"] for e in LOG if e["event"] == "session-opened"]


def of_session(n):
    first = opened[n - 1]
    closed = next(e for e in LOG if e["index"] >= first and e["event"] == "session-closed")
    return [e for e in LOG if e["index"] >= first and e["epoch"] <= closed["epoch"]]


for n in range(1, 6):
    is_shown(of_session(n), f"--session {n}", "--session", str(n))
    is_shown(of_session(n), f"--session {n - 6}", "--session", str(n - 6))
is_shown(of_session(5), "--session last", "--session", "last")
check(of_session(2)[-1]["event"] == "checkpoint-key", "a session ends with its checkpoint")

# ---- when ----

at = of_session(3)[0]["time"]
is_shown([e for e in LOG if e["time"] >= at], f"--since {at}", "--since", at)
is_shown([e for e in LOG if e["time"] <= at], f"--until {at}", "--until", at)
is_shown([e for e in LOG if e["time"] == at], "both", "--since", at, "--until", at)
is_shown(LOG, "--since and --until of a day", "--since", LOG[0]["time"][:10], "--until",
         LOG[-1]["time"][:10], some=False)

# ---- together ----

is_shown([e for e in of_session(3) if e["event"] == "card-accepted" and
          e["values"]["serial"] == "2"], "three together", "--session", "3", "--card", "2",
         "--event", "card-accepted")
later = of_session(4)[0]["time"]
is_shown([e for e in LOG if e["event"] == "exception" and e["time"] >= later], "event and time",
         "--event", "exception", "--since", later)

# ---- nothing, and what cannot be ----

for options in (["--since", "2999-01-01"], ["--account", ACCOUNT, "--event", "genesis"]):
    run = vault.run("log", "show", *options)
    check(run.rc == 0 and run.out == f"No entry of {len(LOG)} is one of these.\n",
          f"{' '.join(options)}: an empty result says so", str(run))
    same(shown(*options), [], f"{' '.join(options)}: and is an empty list")
for option, value in (("--event", "opened"), ("--event", "GENESIS"), ("--event", ""),
                      ("--person", "nobody-1"), ("--account", "999999999999"),
                      ("--card", "4000000000"), ("--person", "Operator One"), ("--person", ""), ("--person", "p" * 33),
                      ("--account", "../1"), ("--card", "0"), ("--card", "01"), ("--card", "x"),
                      ("--card", "4294967296"), ("--session", "0"), ("--session", "6"),
                      ("--session", "-6"), ("--session", "first"), ("--session", "1x"),
                      ("--since", "2026-02-30"), ("--since", "yesterday"), ("--until", "2026-1-1"),
                      ("--until", "2026-01-01T00:00:00+01:00"), ("--event", "\x1b[2Jgenesis")):
    run = vault.run("log", "show", option, value)
    shown_value = value if value.isprintable() else value.replace("\x1b", "\\x1B")
    check(run.rc == 2 and run.error.startswith(f"{option} {shown_value}"),
          f"{option} {value!r} is refused, and named", str(run))
for options in (["--since", "2026-02-02", "--until", "2026-02-01"], ["--event"], ["genesis"],
                ["--event", "intent", "--event", "outcome"], ["--cards", "1"]):
    same(vault.run("log", "show", *options).rc, 2, f"{' '.join(options)} is refused")

# ---- the table ----


def on_terminal(columns, *options):
    """What the command writes on a terminal of so many columns."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    done = subprocess.Popen([harness.binary, "--vault", vault.path, "log", "show", *options],
                            stdin=subprocess.DEVNULL, stdout=theirs, stderr=subprocess.PIPE)
    os.close(theirs)
    data = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:
            break
        if not part:
            break
        data += part
    os.close(ours)
    check(done.wait() == 0 and done.stderr.read() == b"", f"a table of {columns} columns is shown")
    return data.decode().replace("\r\n", "\n")


def width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def squeezed(text):
    return re.sub(r"\s", "", text)


piped = vault.run("log", "show").out
same(len(piped.splitlines()), len(LOG), "piped, an entry is a line")
for columns in (80, 40, 21, 5):
    table = on_terminal(columns)
    lines = table.splitlines()
    if columns >= 40:
        check(max(map(width, lines)) <= columns, f"{columns} columns hold it",
              str([line for line in lines if width(line) > columns][:3]))
    same(squeezed(table), squeezed(lines[0]) + squeezed(piped), f"{columns} columns lose nothing")
    heads = [line for line in lines[1:] if re.match(r" {0,5}\d", line)]
    same([int(line.split()[0]) for line in heads], [e["index"] for e in LOG],
         f"{columns} columns: nothing else begins like an entry")
    check(not any(hostile(ord(c)) for c in table if c != "\n"), f"{columns} columns: no control")
check(on_terminal(80, "--since", "2999-01-01").startswith("No entry"), "an empty table says so")

happened = [line for line in piped.splitlines() if "bring-bags" in line]
same(len(happened), 3, "the three exceptions are there")
for line, text in zip(happened, (FORGERY, WIDE, CONTROLS)):
    keys = re.findall(r'  ([a-z-]+)=(?:"[^"]*"|\S+)', line)
    same(keys, ["step", "expected", "happened", "decided"], f"the keys of {text[:12]!r} are its own")
check("\\x1B[2J" in happened[2] and "\\xC2\\x9B" in happened[2], "controls are made visible",
      happened[2])
same([e["values"]["happened"] for e in LOG if e["values"].get("step") == "bring-bags"],
     [FORGERY, WIDE, CONTROLS], "and JSON has them as they were told")

finish()
