"""Breaks rules at random in logs that are otherwise honestly signed, as one can who holds
badges, and asks both verifiers: the command, and examples/verify_log.py, which was written
from the page and not from the code. They must name the same entries.

usage: differ.py QUORATE [CASES [SEED]]
"""
import json
import pathlib
import random
import shutil
import subprocess
import sys
import time

import story

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples"))
import verify_log  # noqa: E402

HASH = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
# Of any event a line that is well-formed, if not true.
VALUES = {
    "u64": lambda rng: str(rng.choice([0, 1, 2, 3, 5, 6, 7, 16, 4096, 2**63 - 1])),
    "i64": lambda rng: str(rng.choice([-5, 0, 7])),
    "id": lambda rng: rng.choice([*story.PEOPLE, "nobody", story.ACCOUNT, "account-9"]),
    "digest": lambda rng: rng.choice([HASH, story.sha256(b"card 1").hex()]),
    "base64": lambda rng: rng.choice(["AAAA", "AA=="]),
    "yes": lambda rng: "yes",
    "text": lambda rng: rng.choice([
        "found", "open", "done", "reissue", "replace", "refused", "failed", "abandoned", "password", "mfa", "totp", "code",
        "rekey", "bag-1", "bag-99", "BAG 1", "whole", "broken", "missing", "wrong-number", "site-1", "close-session",
        "caf%C3%A9", "x" * 40, "drill", "operator", "seals", "group", "full", "good", "ready", "absent",
        "custodian-p1", "1", "2", "3", "2026-12-31",
        story.badge(rng.choice(story.PEOPLE)), "accepted", "mfa 2 custodian-m1,custodian-m2"]),
}
# Values that are not of their form, or stand at its edge.
ODD = ["", " x", "x ", "caf\u00e9", "caf%C3%A9", "cafe%CC%81", "%c3%a9", "%41", "%", "%4", "%00", "%0A",
       "%ED%A0%80", "%C3", "%F0%9F%94%91", "%C2%A0", "%E2%84%AB", "a%20b", "\t", "007", "-0", "-1",
       "9223372036854775807", "9223372036854775808", "18446744073709551616", "1.0", "+1", "Yes",
       "A" * 64, "0" * 64, "0" * 63, "AA==", "AB==", "AAA", "=", "UPPER", "a" * 33, "a" * 32, "x" * 203,
       "x" * 204, "%C3%A9" * 16, "%C3%A9" * 17, "%C3%A9" * 101 + "x", "%C3%A9" * 102, "%7F", "~"]
TIMES = ["2020-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "2023-02-29T00:00:00Z", "0000-02-29T00:00:00Z",
         "2026-13-01T00:00:00Z", "2026-01-02T24:00:00Z", "2026-01-02T03:04:60Z", "2026-01-02 03:04:05Z",
         "9999-12-31T23:59:59Z", "2100-02-29T00:00:00Z", "2000-02-29T00:00:00Z"]


def is_of_views(text):
    """The tables of views are the command's own."""
    return "table " in text and "log_cosignature" not in text




def any_step(rng):
    """An event with values of its keys' forms."""
    event = rng.choice([name for name in verify_log.EVENTS if name != "checkpoint-key"])
    lines = []
    for key, often in verify_log.EVENTS[event]:
        form = verify_log.FORMS_OF_EVENT.get((event, key), verify_log.FORMS.get(key, "text"))
        count = 1 if often not in "?*" else rng.choice([0, 1]) if often == "?" else rng.choice([0, 1, 2])
        values = {VALUES[form](rng) for _ in range(count)}
        lines += [f"{key} {value}" for value in sorted(values)]
    return story.Step(event, *lines)


def pick(rng, tale):
    epoch = rng.choice([e for e in tale.epochs if e.steps])
    return epoch, rng.randrange(len(epoch.steps))


def change_value(rng, tale, value_of):
    epoch, at = pick(rng, tale)
    step = epoch.steps[at]
    if not step.lines:
        return
    which = rng.randrange(len(step.lines))
    key = step.lines[which].split(" ")[0]
    step.lines[which] = f"{key} {value_of(step.event, key)}"


def true_form(rng):
    def value_of(event, key):
        form = verify_log.FORMS_OF_EVENT.get((event, key), verify_log.FORMS.get(key, "text"))
        return VALUES[form](rng)
    return value_of


def change_genesis(rng, tale):
    step = tale.epochs[0].steps[0]
    which = rng.randrange(len(step.lines))
    words = step.lines[which].split(" ")
    if words[0] in ("person", "group") and len(words) < 4:
        return  # changed before
    if words[0] == "person":
        words[rng.choice([1, 2, 3])] = rng.choice(
            ["operator", "custodian", "operator,custodian", "custodian,", "operator,operator", "king",
             "operator-1", "custodian-p1", story.badge("operator-1"), story.badge("custodian-p1"),
             story.badge("witness-1", "example.com/other"), "Upper"])
    elif words[0] == "group":
        if rng.random() < .5:
            words[2] = rng.choice(["0", "1", "2", "3", "4", "17", "02", "x"])
        else:
            words[3] = rng.choice(["custodian-m1", "custodian-m1,custodian-m1", "operator-1,custodian-m1",
                                   "custodian-p1,custodian-p2", "custodian-m1,", "custodian-m1,nobody",
                                   ",".join(f"x{n}" for n in range(17))])
    elif words[0] == "cosignatures":
        words[1] = rng.choice(["0", "1", "2", "63", "64", "4294967296", "4294967297"])
    else:
        del step.lines[which]
        words = None
    if words:
        step.lines[which] = " ".join(words)
    order = {key: n for n, (key, _) in enumerate(verify_log.EVENTS[step.event])}
    if rng.random() < .5:
        step.lines.sort(key=lambda text: order.get(text.split(" ")[0], 0))


def change_order(rng, tale):
    epoch, at = pick(rng, tale)
    other, to = pick(rng, tale)
    kind = rng.choice(["delete", "double", "move", "swap", "lines"])
    if kind == "delete":
        del epoch.steps[at]
    elif kind == "double":
        epoch.steps.insert(at, tale.copy().epochs[tale.epochs.index(epoch)].steps[at])
    elif kind == "move":
        other.steps.insert(to, epoch.steps.pop(at))
    elif kind == "swap":
        epoch.steps[at], other.steps[to] = other.steps[to], epoch.steps[at]
    else:
        rng.shuffle(epoch.steps[at].lines)


def change_people(rng, tale):
    epoch, at = pick(rng, tale)
    kind = rng.choice(["actor", "cosigners", "time", "later"])
    if kind == "actor":
        epoch.steps[at].actor = rng.choice([*story.PEOPLE, "nobody"])
    elif kind == "time":
        epoch.steps[at].time = rng.choice(TIMES)
    elif kind == "later":
        epoch.later = rng.sample([*story.PEOPLE, "nobody", ("operator-2", "nobody's key")], rng.randrange(3))
    else:
        epoch.cosigners = rng.sample(story.PEOPLE, rng.randrange(4))


def change_note(rng, tale):
    other = rng.choice(story.PEOPLE)
    spoils = {
        "strip": lambda text, lines: lines[:1],
        "strip-log": lambda text, lines: lines[1:],
        "stranger": lambda text, lines: [*lines, story.cosign_line(text, (other, "nobody's key"))],
        "one-more": lambda text, lines: [*lines, story.cosign_line(text, other)],
        "own-log-key": lambda text, lines: [*lines, story.log_line(text, "another")],
        "other-vault": lambda text, lines: [*lines, story.cosign_line(text, other, "example.com/other")],
        "none": lambda text, lines: [],
        "twice": lambda text, lines: [*lines, lines[-1]],
        "twice-again": lambda text, lines: [*lines, story.cosign_line(text, "operator-1", time_s=9)],
        "many": lambda text, lines: lines + [lines[-1]] * 64,
        "order": lambda text, lines: lines[::-1],
        "other-log": lambda text, lines: [story.log_line(text, "another"), *lines[1:]],
        "time-0": lambda text, lines: [lines[0], story.cosign_line(text, "operator-1", time_s=0)],
        "far": lambda text, lines: [lines[0], story.cosign_line(text, "operator-1", time_s=2**63)],
        "type": lambda text, lines: [lines[0], story.line(
            f"{story.ORIGIN}/operator-1", 4, story.public_of("operator-1"),
            story.sign("operator-1", text)[1] + bytes(8))],
        "short": lambda text, lines: [lines[0], story.line(
            f"{story.ORIGIN}/operator-1", 4, story.public_of("operator-1"),
            story.sign("operator-1", text)[1])],
        "id": lambda text, lines: [lines[0], story.line(
            f"{story.ORIGIN}/operator-1", 1, story.public_of("operator-1"), bytes(72))],
        "base64": lambda text, lines: [*lines[:-1], lines[-1].replace(b"=\n", b"\n")],
        "hyphen": lambda text, lines: [lines[0].replace("\u2014".encode(), b"-"), *lines[1:]],
        "behind": lambda text, lines: [*lines, b"x"],
        "blank": lambda text, lines: [*lines, b"\n"],
        "wrong-text": lambda text, lines: [*lines[:-1], story.cosign_line(b"x" + text, "operator-1")],
    }
    rng.choice(tale.epochs).spoil = spoils[rng.choice(sorted(spoils))]


def insert_step(rng, tale):
    epoch, at = pick(rng, tale)
    epoch.steps.insert(at, any_step(rng))


def insert_register(rng, tale):
    """A row of a register, mostly a right one."""
    rows = {
        "mailbox root": ["address=root@example.com", "recipient=operator-1", "recipient=a@b.cd", "note=x"],
        "phone office": ["number=xx 12", "holder=operator-1", "safe=site-1/safe-1", "expires=2028-02-29"],
        "contact billing": ["kind=billing", "email=bill@example.com", "title=B", "phone=1234"],
        "device key-1": ["kind=fido", f"account={story.ACCOUNT}", "management=yes", "expires=2027-12-31"],
        "safe site-1/safe-1": ["holder=operator-1", "note=caf%C3%A9"],
        "dependency mailbox/root": ["needs=phone/office", "needs=idp"],
        "roster operator-1": ["utc-offset=-03:30", "hours=mon-fri 09:00-17:45", "hours=sat 00:00-24:00"],
        "copy copy-1": ["safe=site-2/safe-1", "taken=2026-05-01"],
        "trigger 2026-05": ["kind=suspicion", "note=mail"]}
    odd = ["note=x", "kind=leaver", "taken=2026-5-01", "note=", "note= x", "note=%C2%80", "kind=none", "holder=nobody", "expires=2027-02-29",
           "utc-offset=-00:00", "utc-offset=+14:15", "utc-offset=+00:00", "hours=fri-mon 09:00-10:00",
           "hours=mon 10:00-09:00", "hours=mon 24:00-24:00", "hours=mon-mon 09:00-10:00", "safe=a/b/c",
           "number=12345", "email=a@.b.c", "email=a@b.", "address=x@y", "email=a@b@c.de", "needs=A", "x", "=",
           "recipient=custodian-p1", "account=1", "note=" + "y" * 200, "note=" + "y" * 201, "phone=%C3%A9"]
    epoch, at = pick(rng, tale)
    name = rng.choice(sorted(rows))
    values = set(rows[name])
    for _ in range(rng.choice([0, 0, 1, 2])):
        rng.choice([lambda: values.discard(rng.choice(sorted(values) or [""])),
                    lambda: values.add(rng.choice(odd))])()
    if rng.random() < .2:
        values = set()
    name = rng.choice([name] * 6 + ["mailbox Root", "safe site-1", "roster nobody", "other x"])
    epoch.steps.insert(at, story.Step("register-set", "register " + name.split()[0], "name " + name.split()[1],
                                      *(f"value {value}" for value in sorted(values))))


def insert_presence(rng, tale):
    """Somebody or something goes where they may already be; mostly while a session lasts."""
    epoch, at = pick(rng, tale)
    begun = [n for n, e in enumerate(tale.epochs) if any("lasts yes" in s.lines for s in e.steps)]
    if begun and rng.random() < .8:
        epoch = rng.choice([e for e in tale.epochs[begun[0]:] if e.steps] or [epoch])
        at = rng.randrange(len(epoch.steps) + 1)
    event = rng.choice(["person-out", "person-back", "thing-out", "thing-back", "session-noted", "exception",
                        "session-opened", "session-closed"])
    person = rng.choice([*story.PEOPLE[:4], "nobody"])
    thing = rng.choice(["phone", "caf%C3%A9", "y" * 200, "y" * 201, "%C3%A9" * 100, "%C3%A9" * 101])
    settles = [f"settles-person {person}", f"settles-thing {thing}"]
    lines = {"session-noted": [f"text {'z' * rng.choice([1, 1000, 1001])}"],
             "exception": ["step a", "expected b", "happened c", "decided d",
                           *settles[:rng.choice([1, 2])][rng.choice([0, 0, 1]):]],
             "session-opened": [*rng.choice([[], ["lasts yes"]]), f"present {person}", "clock-offset-s 0",
                                "release x"],
             "session-closed": [f"minutes {tale.document('minutes', b'again')}", f"present {story.OPERATORS[0]}"]}
    if event not in lines:
        lines[event] = [*([f"thing {thing}"] if "thing" in event else []), f"person {person}"]
    epoch.steps.insert(at, story.Step(event, *lines[event]))


def insert_custody(rng, tale):
    """Something of a bag, a seal or a card's end, mostly as it can be."""
    bag = rng.choice(["bag-1", "bag-2", "bag-3", "Bag 1", "N 1", "n1", "D-3", "d/1", "new 1", "-x", "x" * 33])
    serial, safe = rng.choice([1, 1, 2, 3, 4, 5, 6]), ["site site-1", f"safe {rng.choice(['safe-1', 'Safe'])}"]
    result = rng.choice(["whole", "broken", "missing", "wrong-number", "lost"])
    seen = [f"seen {rng.choice(['bag-1', 'other 1', 'x_1'])}"] if (
        (result == "wrong-number") != (rng.random() < .1)) else []
    people = sorted({f"witness {rng.choice([*story.PEOPLE, 'nobody'])}" for _ in range(rng.randrange(3))})
    what = rng.choice([[f"serial {serial}"], [f"serial {serial}"], [f"account {story.ACCOUNT}"], [],
                       [f"serial {serial}", f"account {story.ACCOUNT}"], ["account nobody"]])
    steps = [story.Step("bag-sealed", f"bag {bag}", *what, *safe, *people),
             story.Step("bag-moved", f"bag {bag}", *safe),
             story.Step("seal-checked", f"bag {bag}", f"result {result}", *seen,
                        *rng.choice([[], ["person custodian-m1"], ["person nobody"]])),
             story.Step("card-voided", f"serial {serial}", "reason lost"),
             story.Step("card-destroyed", f"serial {serial}", *people)]
    epoch, at = pick(rng, tale)
    for step in rng.sample(steps, rng.choice([1, 1, 2, 3])):
        epoch.steps.insert(at, step)
    if rng.random() < .5:
        epoch.cosigners += [person for person in story.OPERATORS if person not in epoch.cosigners]


def insert_account(rng, tale):
    """An account comes, changes or ends, mostly as it can."""
    account = f"account {rng.choice([story.ACCOUNT] * 3 + ['account-9'])}"
    name = f"name {rng.choice(['Other', 'caf%C3%A9', 'y' * 203, 'y' * 204, '%C3%A9' * 102])}"
    email = f"email {rng.choice(['aws@new.example', 'y' * 64, 'y' * 65])}"
    strategy = f"strategy {rng.choice(['vaulted', 'removed', 'never-set', 'printed'])}"
    some = [text for text in (name, email, strategy) if rng.random() < .5]
    steps = [story.Step("account-changed", account, *some), story.Step("account-changed", account, *some),
             story.Step("account-added", account, name, email, *some[2:]),
             story.Step("account-closed", account, "reason sold")]
    epoch, at = pick(rng, tale)
    for step in rng.sample(steps, rng.choice([1, 1, 2, 3])):
        epoch.steps.insert(at, step)


def append_tour(rng, tale):
    """A drill of seals, mostly graded as it saw them."""
    seen = [(f"bag-{n}", n, rng.choice(["whole", "whole", "broken", "missing"]))
            for n in rng.sample(range(1, 7), rng.choice([0, 1, 2, 3]))]
    grades = [(n, "good" if found == "whole" else "failed") for _, n, found in seen]
    if rng.random() < .5:
        grades = [(n if rng.random() < .8 else rng.randrange(1, 8),
                   grade if rng.random() < .8 else rng.choice(["good", "damaged", "failed"]))
                  for n, grade in grades if rng.random() < .8]
    tale.drill_seals(*seen, grades=grades, result=rng.choice(["done", "done", "done", "failed"]))
    if rng.random() < .3:
        tale.epochs[-2].steps.insert(rng.randrange(1, len(tale.epochs[-2].steps) + 1), story.Step(
            "bag-sealed", f"bag N {rng.randrange(9)}", f"serial {rng.randrange(1, 7)}", "site site-1", "safe safe-1"))


def insert_walk(rng, tale):
    """A step of a runbook, mostly one that a walk could have."""
    lines = [f"runbook {rng.choice(['mfa-lost'] * 6 + ['Mfa', 'a' * 33])}",
             f"digest {story.sha256(rng.choice([b'text', b'text', b'another'])).hex()}",
             "step " + rng.choice(["1/3", "2/3", "3/3", "1/1", "3/4", "4/4", "1/99", "1/100", "0/3", "4/3",
                                   "01/3", "ended", "end", "/", "1/", "1/3/3", "9223372036854775808/3"]),
             f"person {rng.choice(['operator-1', 'custodian-p1', 'nobody'])}"]
    lines += rng.choice([[f"account {story.ACCOUNT}"]] * 3 + [[], ["account account-9"]])
    lines += sorted(rng.sample(["value a=b", "value a=c", "value =x", "value a=", "value x", "value A=b",
                                "value a=%C2%80", "value a=" + "y" * 200, "value a=" + "y" * 201,
                                "value " + "a" * 33 + "=b"], rng.choice([0, 0, 1, 2])))
    if rng.random() < .1:
        lines += [f"value n{n:02}=x" for n in range(rng.choice([30, 32, 33]))]
    lines[5:] = sorted(lines[5:])
    lines += rng.choice([[], [], ["case 123"], ["case " + "x" * 64], ["case " + "x" * 65], ["case a b"]])
    epoch, at = pick(rng, tale)
    epoch.steps.insert(at, story.Step("runbook-step", *lines))


def insert_people(rng, tale):
    """Somebody comes, leaves, or gets a badge, mostly by right."""
    tales, person = tale.copy(), rng.choice([*story.PEOPLE, "witness-2", "witness-2", "witness-3"])
    key = rng.choice([None, person, f"{person} anew", "operator-1", "nobody's key"])
    tales.epochs = []
    rng.choice([
        lambda: tales.join(person, rng.sample(["witness", "operator", "custodian", "king"],
                                              rng.choice([0, 1, 1, 2])),
                           rng.choice(["person-added", "person-added", "person-changed"])),
        lambda: tales.leave(person), lambda: tales.leave(person),
        lambda: tales.new_badge(person, rng.choice([None, None, f"{person} anew"]), f"{person} anew"),
        lambda: tales.add(tales.badge_issued(person, key),
                          cosigners=(*story.OPERATORS, (person, key or person))),
        lambda: tales.add(tales.policy_changed(b"another", rng.choice([(), {"mfa": story.PEOPLE[2:5]}]),
                                               rng.choice([None, 2, 64])),
                          cosigners=story.OPERATORS)])()
    tale.documents.update(tales.documents)
    for epoch in tales.epochs:
        if rng.random() < .3:
            epoch.cosigners.remove(rng.choice(epoch.cosigners))
        if rng.random() < .2:
            rng.shuffle(epoch.steps)
        if rng.random() < .1:
            epoch.steps.pop()
        if epoch.steps and rng.random() < .1:
            epoch.steps[-1].lines = [text.replace("custodian-p3", "witness-1")
                                     for text in epoch.steps[-1].lines]
    at = rng.randrange(1, len(tale.epochs) + 1)
    if rng.random() < .7:
        tale.epochs[at:at] = tales.epochs
    else:  # in the middle of something else
        epoch = tale.epochs[at - 1]
        epoch.steps[len(epoch.steps):] = [step for new in tales.epochs for step in new.steps]
        epoch.cosigners = list(dict.fromkeys([*epoch.cosigners, *tales.epochs[0].cosigners]))


CHANGES = [
    insert_presence, insert_presence,
    lambda rng, tale: change_value(rng, tale, true_form(rng)),
    lambda rng, tale: change_value(rng, tale, true_form(rng)),
    lambda rng, tale: change_value(rng, tale, lambda *_: rng.choice(ODD)),
    change_genesis, change_order, change_order, change_people, change_people, change_note, insert_step,
    insert_step, insert_register, insert_register, insert_custody, insert_custody, insert_walk, insert_walk,
    insert_account, insert_account, insert_people, insert_people, insert_people, append_tour, append_tour,
]


def make(rng, honest):
    """A log of a random history with none to three random changes."""
    tale = rng.choice(honest).copy()
    for _ in range(rng.choice([0, 1, 1, 1, 2, 3])):
        rng.choice(CHANGES)(rng, tale)
    tale.epochs = [epoch for epoch in tale.epochs if epoch.steps or rng.random() < .5]
    return tale


def histories():
    whole = story.Story().found()
    whole.open()
    whole.open(serials=(3, 2, 5, 4), what=("code",))
    strict = story.Story(practice=False, second=True, cosignatures=2).found()
    strict.open()
    strict.open(serials=(1, 4), result="refused")
    strict.open(what=())
    strict.epochs[-1].cosigners.pop()
    strict.epochs[-1].steps[-1].lines.append(f"badge-missing {story.OPERATORS[1]}")
    strict.epochs[-1].steps.insert(0, strict.epochs[-2].steps[0])
    del strict.epochs[-2]
    strict.epochs[-1].steps[0].lines[0] = "step close-session"
    loose = story.Story(practice=False).found(accounts=2)
    loose.open(what=())
    taken = story.Story(practice=False, second=True).found()
    taken.take_over()
    taken.note_that("new", "witness-1", [("witness-1", "new-operator-1")])
    stolen = story.Story().found()
    stolen.take_over("operator-2", "operator-2 again", serials=(3, 2, 4, 5))
    stolen.note_that("new", "operator-2", [("operator-2", "operator-2 again")])
    lived = story.Story(practice=False).found()
    waiting = [lived.deposit(3), lived.deposit(4, "totp"), lived.deposit(5), lived.deposit(6)]
    lived.adopt([(waiting[0], 3, "password", 1), (waiting[1], 4, "totp", 2)], refused=waiting[2:3])
    lived.walk((1, 2, 3), 3)
    lived.walk((1,), 3, account=None, last="ended")
    lived.walk((1, 2), 4, digest=b"another")
    lived.rename()
    lived.confirm(3, former=[(1, f"{story.ACCOUNT} password".encode())])
    remade = story.Story().found()
    remade.reissue("mfa", (4, 5), issued=1)
    copy = remade.replace(2, "password", 1, (1, 3))
    first = remade.reissue("mfa", (4, 5), edition=3)
    remade.replace(first, "mfa", 0, (first, first + 1), edition=3, issued=0)
    remade.open(serials=(1, copy, first, first + 1))
    kept = story.Story(practice=False).found()
    kept.keep()
    drilled = story.Story(practice=False).found()
    drilled.drill(action=1)
    drilled.drill("group", "mfa", serials=(5, 4), failed=(2,), action=2)
    drilled.drill_seals(("bag-1", 1, "whole"), ("bag-5", 5, "broken"))
    drilled.drill("seals", serials=(), result="refused")
    drilled.drill("group", "password", serials=(1,), result="refused")
    drilled.close_action(1)
    drilled.deposit(3)
    drilled.leave("custodian-p2")
    late = story.Story(practice=False, second=True, cosignatures=3).found()
    for epoch in late.epochs:
        if epoch.steps[-1].event == "session-closed":
            epoch.later = ["custodian-m1", "witness-1"]
    late.note_that("then", "operator-1", ["operator-1"])
    staffed = story.Story(practice=False).found()
    staffed.join()
    staffed.join("witness-2", ("operator", "witness"), "person-changed")
    staffed.new_badge()
    staffed.note_that("theirs", "witness-2", ["witness-2"])
    staffed.leave("operator-2")
    staffed.new_badge("custodian-m1", key="custodian-m1 anew")
    staffed.epochs[-1].cosigners = ["operator-1", "witness-2", ("custodian-m1", "custodian-m1 anew")]
    staffed.leave("custodian-p2")
    staffed.epochs[-1].cosigners = ["operator-1", ("custodian-m1", "custodian-m1 anew")]
    staffed.open(what=())
    return [whole, strict, loose, taken, stolen, late, lived, lived, kept, kept, drilled, drilled,
            staffed, staffed, staffed, *sittings(),
            remade, remade, remade, continued(None), continued("operator-1 anew"), *rekeyed(), *rekeyed(), *regrouped()]


def regrouped():
    """Groups that get other members: with new cards that count, and with some that never do."""
    tale = story.Story(practice=False).found()
    tale.join("custodian-m3", ("custodian",))
    more = (*story.GROUPS["mfa"], "custodian-m3")
    first = tale.reissue("mfa", (4, 5), members=more)
    tale.reissue("mfa", (first, first + 1), edition=3, issued=1, members=("custodian-m1", "custodian-m3"))
    tale.add(tale.policy_changed(b"the groups before", {"mfa": more}), cosigners=story.OPERATORS)
    split = tale.copy()
    last = split.reissue("mfa", (first, first + 2), edition=4, members=more[1:])
    split.open(serials=(1, 2, last, last + 1))
    cards, carried = tale.rekey(serials=(1, 2, first, first + 1), groups={"mfa": more[:2]})
    over = tale.copy()
    over.prove(cards, sealed())
    tale.give_up(cards, carried)
    tale.add(tale.policy_changed(b"and again", {"mfa": more}), cosigners=story.OPERATORS)
    again = tale.reissue("mfa", (first, first + 2), edition=4, members=more[1:])
    tale.open(serials=(1, 2, again, again + 1))
    return [split, over, tale]


def sealed():
    """What a story's account has sealed in its first generation."""
    return [(n, kind, 1, f"{story.ACCOUNT} {kind}".encode())
            for n, kind in ((1, "password"), (2, "totp"))]


def rekeyed():
    """A re-key that is over, and a second one; one that is pending while an opening is held and the
    log taken over by each generation's cards; one that is given up, and one cut short."""
    over = story.Story(practice=False, second=True).found()
    cards, carried = over.rekey()
    over.prove(cards, sealed())
    over.add(story.Step("card-destroyed", "serial 1", "witness custodian-m1", "witness witness-1"))
    cards, carried_again = over.rekey(3, ((3, "password"), (4, "totp")), serials=(6, 7, 9, 10), signer=" 2")
    over.prove(cards, carried)
    pending = story.Story().found()
    cards, carried = pending.rekey()
    pending.open()
    pending.prove(cards[:-1])
    by_old, by_new = pending.copy(), pending.copy()
    by_old.take_over("operator-2", "operator-2 again")
    by_new.take_over("operator-2", "operator-2 again", serials=(6, 7, 9, 10), generation=" 2")
    gone_on = pending.copy().successor(serials=(6, 7, 9, 10), generation=" 2")
    gone_on.add(story.Step("card-proved", "serial 10", "how code", "result accepted"),
                *(story.Step("item-deleted", f"account {story.ACCOUNT}", f"kind {kind}", f"serial {n}",
                             "generation 1", f"ciphertext {story.sha256(body).hex()}")
                  for n, kind, _, body in sealed()))
    pending.give_up(cards, carried)
    short = story.Story().found()
    cards, carried = short.rekey()
    del short.documents[story.sha256(f"re-key {short.index_of('intent')}".encode())]
    while short.epochs[-1].steps[0].event != "card-issued":
        del short.epochs[-1]
    del short.epochs[-1]
    intent = short.index_of("intent")
    short.give_up(cards, carried)
    short.epochs[-1].steps.insert(0, story.Step("outcome", f"intent {intent}", "result abandoned"))
    short.rekey(3)
    return [over, pending, by_old, by_new, gone_on, short]


def sittings():
    """Logs with sessions that last: one closed, one that quorums end, one that goes over a joint."""
    step = story.Step
    closed = story.Story(practice=False, second=True).found()
    closed.sit(step("session-noted", "text a note"), step("person-out", "person operator-2"),
               step("thing-out", "thing phone", "person operator-1"),
               step("person-back", "person operator-2"),
               step("thing-back", "thing phone", "person operator-2"),
               step("person-back", "person witness-1"), step("person-out", "person witness-1"),
               step("thing-out", "thing bag", "person witness-1"),
               step("exception", "step 3", "expected a", "happened b", "decided c", "person witness-1",
                    "settles-person witness-1", "settles-thing bag"),
               step("card-proved", "serial 1", "how code", "result accepted"))
    closed.sit(step("thing-out", "thing phone", "person custodian-m1"),
               step("thing-back", "thing phone", "person custodian-m1"))
    ended = story.Story().found()
    ended.sit(step("person-out", "person operator-2"))
    ended.epochs.pop()
    del ended.documents[story.sha256(b"sitting")]
    taken = ended.copy()
    taken.take_over()
    taken.epochs[-1].steps.insert(0, step("session-opened", "present witness-1", "clock-offset-s 0",
                                          "release x", actor="witness-1"))
    intent = taken.index_of("intent")
    for other in taken.epochs[-1].steps:
        other.lines = [f"intent {intent}" if text.startswith("intent ") else text for text in other.lines]
    joint = ended.successor()
    joint.epochs[-1].steps.insert(1, step("session-opened", "lasts yes", "present operator-1",
                                          "clock-offset-s 0", "release x"))
    for other in joint.epochs[-1].steps:
        other.lines = ["intent 2" if text == "intent 1" else text for text in other.lines]
    joint.add(step("thing-out", "thing phone", "person operator-1"))
    return [closed, closed, ended, taken, joint]


def continued(key):
    """A log that was opened and continued; changes are made in the newer half alone."""
    old = story.Story(practice=False, second=True, cosignatures=2).found()
    old.open(what=())
    tale = old.successor(key=key)
    tale.note_that("on", "operator-1", [("operator-1", key) if key else "operator-1"])
    return tale


def ask_command(quorate, *where):
    done = subprocess.run([quorate, "--json", *where], capture_output=True, text=True)
    if done.returncode not in (0, 5):
        raise SystemExit(f"log verify: exit {done.returncode}: {done.stderr}")
    return [(f.get("index"), f.get("epoch"), f["fault"]) for f in json.loads(done.stdout)["faults"]]


def ask_page(path):
    report = verify_log.Report()
    verify_log.verify(path, report)
    return report.faults


def places(faults):
    """The entries that are named, and whether documents are amiss. What follows from a bad
    genesis can be told in more than one way."""
    documents = any("document " in text for *_, text in faults)  # they have no place of their own
    faults = [(index, epoch, text) for index, epoch, text in faults if index is not None
              and not is_of_views(text) and "document " not in text and "jsonl" not in text]
    if any(index == 0 or "genesis" in text for index, _, text in faults):
        return "the genesis"
    return {index for index, *_ in faults}, documents


def for_a_leaver():
    """A replacement of a card whose custodian has left."""
    tale = story.Story().found()
    tale.leave("custodian-p2")
    tale.replace(2, "password", 1, (1, 3))
    return tale, "replaces none that it may"


def both_refuse(quorate, folder, crafted):
    """Do both verifiers name the same faults, and that one?"""
    tale, words = crafted()
    path = pathlib.Path(folder) / "vault.sqlite"
    tale.write(path)
    ours, theirs = ask_command(quorate, "--vault", folder, "log", "verify"), ask_page(path)
    good = places(ours) == places(theirs) and all(any(words in f[2] for f in said) for said in (ours, theirs))
    print(f"{'ok    ' if good else 'FAILED'} {crafted.__doc__}" + ("" if good else f"\n  {ours}\n  {theirs}"))
    path.unlink()
    return good


def main():
    quorate = sys.argv[1]
    cases = int(sys.argv[2]) if len(sys.argv) > 2 else 250
    seed = sys.argv[3] if len(sys.argv) > 3 else str(int(time.time()))
    print(f"seed {seed}")
    honest, differ, faulty = histories(), 0, 0
    with story.scratch() as folder:
        if not both_refuse(quorate, folder, for_a_leaver):
            return 1
        for case in range(cases):
            rng = random.Random(f"{seed} {case}")
            tale, path = make(rng, honest), pathlib.Path(folder) / f"export-{case}"
            if tale.former or case % 2:
                path = pathlib.Path(folder) / "vault.sqlite"
                tale.write(path)
                ours = ask_command(quorate, "--vault", folder, "log", "verify")
            else:
                tale.write_export(path)
                ours = ask_command(quorate, "log", "verify", path)
            theirs = ask_page(path)
            if path.is_dir():
                shutil.rmtree(path)
            faulty += bool(theirs)
            if places(ours) != places(theirs):
                differ += 1
                print(f"DIFFER: case {case}:\n  the command: {[f for f in ours if not is_of_views(f[2])]}"
                      f"\n  the page:    {theirs}")
    print(f"{cases} logs, {faulty} with faults; {differ} judged differently")
    if not cases // 4 < faulty < cases:
        print("too many or too few of them broke a rule: this shows little")
        return 1
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
