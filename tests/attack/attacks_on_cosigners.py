"""Attacks on the signatures of people, where three must cosign a session's close
and the attacker has one of the three badges."""
import os
import sqlite3
import struct

import attacker
from attacker import COSIGN, Image, fields, lab, receipt
from shooting import Broken, attack, note_of, refused


def last_close(image):
    """(epoch, its last index) of the last session that was closed."""
    at = max(i for i, (_, b) in enumerate(image.entries) if fields(b)["event"] == "session-closed")
    epoch = image.entries[at][0]
    return epoch, max(i for i, (e, _) in enumerate(image.entries) if e == epoch)


def lines_of(note):
    return note.partition(b"\n\n")[2].splitlines(keepends=True)


def with_lines(image, epoch, lines):
    text = image.notes[epoch][1].partition(b"\n\n")[0]
    image.notes[epoch][1] = text + b"\n\n" + b"".join(lines)


def cosignature(image, epoch, person, seed, time_s=1_800_000_000):
    """A line over an epoch's checkpoint, in a person's name."""
    text = image.notes[epoch][1].partition(b"\n\n")[0] + b"\n"
    public, signature = attacker.sign(b"cosignature/v1\ntime %d\n" % time_s + text, seed)
    return attacker.signature_line(f"{image.origin}/{person}", COSIGN, public,
                                   struct.pack(">Q", time_s) + signature)


@attack
def control_three_people_have_cosigned(range_):
    """If fewer had, nothing could be stripped under their number."""
    vault, image = range_.quorum.image()
    epoch, _ = last_close(image)
    names = [line.split()[1].decode() for line in lines_of(image.notes[epoch][1])[1:]]
    want = {f"{image.origin}/{p}" for p in (lab.OPERATOR, *lab.COSIGNERS)}
    if set(names) != want or len(names) != 3:
        raise Broken(f"cosigned by {names}")
    vault.verify()


@attack
def a9_strip_cosignatures_under_the_number(range_):
    for keep in (2, 3):
        vault, image = range_.quorum.image()
        epoch, last = last_close(image)
        with_lines(image, epoch, lines_of(image.notes[epoch][1])[:keep])
        image.write()
        refused(vault, (last, "lacks the cosignature of custodian-"), note=f"{keep} lines")


@attack
def a9_one_cosigner_twice_is_not_two(range_):
    vault, image = range_.quorum.image()
    epoch, last = last_close(image)
    log, mine, *_ = lines_of(image.notes[epoch][1])
    again = cosignature(image, epoch, lab.OPERATOR, image.badge, time_s=9)
    with_lines(image, epoch, [log, mine, again, again])
    image.write()
    faults = refused(vault)
    if not any(f["epoch"] == epoch for f in faults):
        raise Broken(f"no fault of epoch {epoch}: {faults}")


@attack
def a9_sign_in_the_others_names(range_):
    vault, image = range_.quorum.image()
    epoch, last = last_close(image)
    log, mine, *_ = lines_of(image.notes[epoch][1])
    forged = [cosignature(image, epoch, person, os.urandom(32)) for person in lab.COSIGNERS]
    with_lines(image, epoch, [log, mine, *forged])
    image.write()
    refused(vault, (last, "no good signature of a badge in force"))


def closed_alone(image, *more):
    """A session's close that the attacker writes with the one badge."""
    minutes = [line.split(" ", 1)[1] for _, body in image.entries
               for line in body.decode().splitlines() if line.startswith("minutes ")][-1]
    image.append([*more, ("session-closed", [f"minutes {minutes}", f"present {lab.OPERATOR}"])])


@attack
def a9_close_a_session_alone(range_):
    """A fault without an exception; with one it is told, for it says the truth."""
    vault, image = range_.quorum.image()
    closed_alone(image)
    image.write()
    refused(vault, (len(image.entries) - 1, "needs the cosignatures of 3 people, and 1 cosigned"))

    vault, image = range_.quorum.image()
    closed_alone(image, ("exception", ["step close-session", "expected 3 cosignatures",
                                       "happened badges that were there: 1", "decided so"]))
    image.write()
    notices = vault.verify()["notices"]
    if not any("1 of 3 cosigned; exception at entry" in n["notice"] for n in notices):
        raise Broken(f"a close by one of three is not told: {notices}")


@attack
def a9_add_cosignatures_afterwards(range_):
    """The table of later ones takes none of a stranger, of another's key, of
    another checkpoint, or of one who has cosigned already."""
    base = range_.quorum
    _, image = base.image()
    epoch, last = last_close(image)
    other = min(e for e in image.notes if e != epoch)

    def raw(line):
        return attacker.base64.b64decode(line.split()[-1])[4:]

    rows = {
        "a stranger": ("custodian-p2", raw(cosignature(image, epoch, "custodian-p2",
                                                       os.urandom(32)))),
        "another's key": ("custodian-m2", raw(cosignature(image, epoch, "custodian-m2",
                                                          image.badge))),
        "another checkpoint": (lab.OPERATOR, raw(cosignature(image, other, lab.OPERATOR,
                                                             image.badge))),
        "one who has": (lab.OPERATOR, raw(cosignature(image, epoch, lab.OPERATOR, image.badge,
                                                      time_s=9))),
        "nobody": ("nobody", raw(cosignature(image, epoch, "nobody", image.badge))),
    }
    for what, row in rows.items():
        vault = base.copy()
        db = sqlite3.connect(vault.vault / "vault.sqlite")
        db.execute("INSERT INTO log_cosignature VALUES (?, ?, ?)", (epoch, *row))
        db.commit()
        db.close()
        faults = refused(vault, note=what)
        if not any(f["epoch"] == epoch for f in faults):
            raise Broken(f"{what}: no fault of epoch {epoch}: {faults}")


@attack
def a9_a_receipt_cosigned_by_strangers_proves_nothing(range_):
    """Forged paper cannot make a true vault look rolled back."""
    vault, image = range_.quorum.image()
    image.append([note_of("ahead")])
    image.badge = os.urandom(32)
    image.notes[max(image.notes)][1] = image.note(len(image.entries))
    paper = vault.root / "receipt.txt"
    paper.write_text(receipt(image) + "\n")
    done = vault.run("receipt", "check", paper, want=4)
    if done.json()["receipts"][0]["result"] != "refused":
        raise Broken(done.out)
    vault.run(*vault.prove_args(), want=0)
    if list(vault.vault.glob("evidence-*")) or Image(vault.vault).origin != image.origin:
        raise Broken("a forged receipt left evidence in the vault")
