"""Ceremonies that make new cards: how each is begun, and what one is held to that was interrupted,
in whatever way. It is before or after, never between: exactly one generation's, or one edition's,
cards open, and what was not handed over is void."""
import json
import shutil

import lab as lab_module
from cards import REASON, check_sheets, opens, states
from lab import OPERATOR, PASSPHRASE, Broken, LogKey, read_cards

CUSTODIAN, NEW = "custodian-m1", "five green bottles on a wall"
CONFIRM = ["--confirm", "example.com/practice"]
JOINING = "custodian-m3"
GROUPS = {False: [2, ["custodian-m1", "custodian-m2"]],
          True: [3, ["custodian-m1", "custodian-m2", JOINING]]}


def continued(lab):
    """log.key is lost instead: those whose cards count begin a successor."""
    old = lab.root / "old"
    lab.vault.rename(old)
    (old / "log.key").unlink()
    args = ["log", "continue", "--from", old, "--cause", "log.key is gone", *CONFIRM]
    if lab.run(*args, *lab.cards, want=(0, 4)).status != 0:
        lab.run(*args, *lab.cards[:2], *read_cards(lab.sheets, lab.root), want=0)
    lab.run("card", "prove", lab.cards[0], want=0)
    return lab


# ---- New cards of a group, or for a card ----

def reissue_args(lab):
    return ["reissue", "--group", "mfa", *REASON, "--sheets", lab.sheets, *lab.cards[2:]]


def replace_args(lab):
    return ["card", "replace", "3", "--in-hand", *REASON, "--sheets", lab.sheets, *lab.cards[2:]]


def regroup_args(lab):
    """Three of three custodians, instead of two of two."""
    path = lab.root / "regrouped.json"
    said = lab.run("policy", "show", want=0).json()
    said["groups"]["mfa"] = dict(zip(("threshold", "custodians"), GROUPS[True]))
    path.write_text(json.dumps(said))
    return [*reissue_args(lab), "--policy", path]


def somebody_joins(lab):
    lab.run("person", "add", JOINING, "--name", JOINING.title(), "--role", "custodian", *CONFIRM,
            "--sheets", lab.root / "wallet", want=0)


def mfa_group(lab):
    said = lab.run("policy", "show", want=0).json()["groups"]["mfa"]
    return [said["threshold"], said["custodians"]]


def judge_remade(lab, done, ended, regroups=False):
    """`ended`: the serials of the cards that count no more once it is done; `regroups`: the group
    is another then. Says whether it is done."""
    found = states(lab)
    new = {found[serial] for serial in found if serial > len(lab.cards)}
    over = "live" in new
    if done.out and not over:
        raise Broken("told, and not done")
    if new not in ({"live"}, {"void"}, set()):
        raise Broken(f"the new cards are {new}")
    for serial in range(1, len(lab.cards) + 1):
        if found[serial] != ("void" if over and serial in ended else "live"):
            raise Broken(f"card {serial} is {found[serial]}, the new ones {new}")
    if opens(lab, lab.cards) == over:
        raise Broken(f"the old cards open: {not over}, and the new ones are {new}")
    kept = [card for serial, card in enumerate(lab.cards, 1) if serial not in ended]
    if over and not opens(lab, [*kept, *read_cards(lab.sheets, lab.root)]):
        raise Broken("the new cards do not open")
    if mfa_group(lab) != GROUPS[over and regroups]:
        raise Broken(f"done: {over}, and the MFA group is {mfa_group(lab)}")
    lab.verify()
    return over


# ---- A re-key ----

def rekey_args(lab):
    return ["rekey", *REASON, *CONFIRM, "--sheets", lab.sheets, *lab.cards]


def abandon_args(_):
    return ["rekey", "abandon", *REASON, *CONFIRM]


def takes_over(base, cards):
    """Do they take the log over, as it was left? On a copy."""
    lab = base.copy(base.root.with_suffix(".over"))
    lab.answers = {"badges": {CUSTODIAN: NEW}}
    done = lab.run("log", "takeover", "--operator", CUSTODIAN, *CONFIRM, *cards, want=(0, 4))
    lab.verify()
    shutil.rmtree(lab.root)
    return done.status == 0


def quorums(lab):
    return LogKey((lab.vault / "log.key").read_bytes()).quorums


def generations(lab):
    """generation -> the set of its cards' states"""
    rows = lab.run("card", "list", want=0).json()["cards"]
    return {g: {row["state"] for row in rows if row["generation"] == g}
            for g in {row["generation"] for row in rows}}


def check_items(lab, kept):
    documents = [k for k, in lab_module.sqlite3.connect(lab.vault / "vault.sqlite").execute(
        "SELECT kind FROM document")]
    if documents.count("item") != kept:
        raise Broken(f"{documents.count('item')} items are kept, not {kept}")


def judge_rekey(lab, done, successor=False):
    """Pending, or as it was: a badge settles it. A successor's items are its predecessor's, which
    nothing changes any more."""
    if not takes_over(lab, lab.cards):
        raise Broken("the old cards do not take the log over")
    lab.run("card", "prove", lab.cards[0], want=0)  # what was cut short is settled first
    check_sheets(lab, successor)
    found = generations(lab)
    whole = 2 in found and "void" not in found[2]
    if done.out and not whole:
        raise Broken("told, and not done")
    if 2 in found and found[2] != ({"pending"} if whole else {"void"}):
        raise Broken(f"the new cards are {found[2]}")
    if quorums(lab) != (2 if whole else 1):
        raise Broken(f"log.key opens to {quorums(lab)} generations")
    if not successor:
        check_items(lab, 4 if whole else 2)
    if not opens(lab, lab.cards):
        raise Broken("the old cards do not open")
    new = read_cards(lab.sheets, lab.root)
    if len(new) == len(lab.cards) and opens(lab, new):
        raise Broken("cards that do not count yet open")
    lab.verify()


def judge_end(lab, done, new, after):
    """The last proof, or giving up: whether old and new cards open `after`, or still pending."""
    old = lab.cards
    overs = [takes_over(lab, cards) for cards in (old, new)]
    lab.run("card", "check", new[0], want=(0, 4))
    lab.answers = {"operator": OPERATOR, "badges": {OPERATOR: PASSPHRASE}}
    opened = [opens(lab, cards) for cards in (old, new)]
    found = generations(lab)
    over = found[2] != {"pending"}
    if done.out and not over:
        raise Broken("told, and not done")
    wanted = after if over else [True, False]
    if opened != wanted:
        raise Broken(f"old and new cards open: {opened}, not {wanted}")
    # Where the commit waited, log.key may be closed to the others already.
    if overs != (after if over else [True, True]):
        raise Broken(f"old and new cards take over: {overs}; it is over: {over}")
    if quorums(lab) != (1 if over else 2):
        raise Broken(f"log.key opens to {quorums(lab)} generations")
    check_items(lab, 2 if over else 4)
    lab.verify()
