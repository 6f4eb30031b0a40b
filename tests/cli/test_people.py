"""People come, change and leave, get badges, and the policy changes (docs/ceremonies/people.md)."""
import json
import os
import pathlib
import subprocess
import sys
import unicodedata

import harness as h
from harness import Vault, check, keep_secret, same

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fault"))
from lab import LogKey

NEW, NEWER = "a pass for the second time", "and another one"
WITNESS = "a witness with a passphrase"
ORIGIN = "example.com/practice"
keep_secret(NEW, NEWER, WITNESS)


# What is no reason, and was found only by the rules of the log.
NO_REASONS = {"nothing": "", "a blank": " ", "a blank at its end": "x ", "a control byte": "a\x07b",
              "two lines": "a\nb", "too much": "x" * 201}


def wallet(person):
    """A wallet card made elsewhere: as good a badge as any, and read in no time."""
    head = bytes([1, len(person)]) + person.encode() + bytes(17)
    nonce = os.urandom(24)
    code = h.to_code("K", head + nonce + nacl.crypto_aead_xchacha20poly1305_ietf_encrypt(
        os.urandom(32), b"quorate/badge/v1" + head, nonce, bytes(32)))
    keep_secret(code)
    return code


def rules(practice=False, **more):
    result = h.policy(practice=practice, **more)
    result["people"].insert(1, {"id": "operator-2", "name": "Operator Two", "roles": ["operator"]})
    return result


def badges(**more):
    given = {"operator-1": FIRST, "operator-2": SECOND, "witness-1": WITNESS}
    given.update({person.replace("_", "-"): words for person, words in more.items()})
    return {person: words for person, words in given.items() if words}


def by(operator="operator-1", confirm=ORIGIN, **more):
    return {"operator": operator, "badges": badges(**more), "confirm": confirm}


def found(practice=False, **more):
    return Vault(rules(practice, **more), h.found_answers(more.get("accounts", 1), confirm=ORIGIN, badges={
        "operator-1": FIRST, "operator-2": SECOND, "witness-1": WITNESS}))


def in_force(vault):
    return vault.run("--json", "policy", "show").json


def change(vault, policy, given=None, *more, **others):
    path = vault.write("new.json", json.dumps(policy, ensure_ascii=False))
    return vault.run("--json", "policy", "change", path, *more, given=given or by(), **others)


def people(vault):
    return {row["id"]: row for row in vault.run("--json", "person", "list").json["people"]}


def rows(vault, what):
    run = vault.run("--json", "status")
    return [(row["state"], row["text"]) for row in run.json["rows"] if row["what"] == what]


def verified(vault, what):
    run = vault.run("--json", "log", "verify")
    same((run.rc, run.json["faults"]), (0, []), f"{what}: the log verifies")
    theirs = h.foreign_verdict(vault)
    check(not theirs, f"{what}: and so it does by the page's verifier", str(theirs))


def exchange(one, other):
    one["name"], other["name"] = other["name"], one["name"]


def test_policy(vault):
    policy = in_force(vault)
    check("accounts" not in policy and policy["vault"] == ORIGIN, "the policy in force is shown")
    policy["drill_days"] = 30
    same(change(vault, policy, by(confirm="example.com/other")).rc, 2, "another vault's name: exit 2")
    before = len(vault.log())
    one = {"operator": "operator-1", "badges": {"operator-1": FIRST}, "confirm": ORIGIN}
    run = change(vault, policy, one)
    same(run.rc, 4, "one badge alone changes no policy")
    check("two people" in run.error, "and it says why", run.error)
    same(len(vault.log()), before, "and nothing is written")
    run = change(vault, policy)
    same((run.rc, run.json), (0, {"changes": ["drill_days: 30 (was 90)"], "wallets": []}),
         "two badges do")
    same(in_force(vault)["drill_days"], 30, "and it is in force")
    same(change(vault, policy).rc, 2, "the same again: exit 2")
    entry = vault.events("policy-changed")[0]
    same(entry["values"]["group"], ["mfa 2 custodian-m1,custodian-m2,custodian-m3",
                                    "password 2 custodian-p1,custodian-p2,custodian-p3"],
         "the log has the groups")

    for name, spoil in {
            "a threshold": lambda p: p["groups"]["mfa"].update(threshold=3),
            "a member less": lambda p: p["groups"]["password"]["custodians"].pop()}.items():
        other = in_force(vault)
        spoil(other)
        run = change(vault, other)
        same(run.rc, 4, f"{name} needs new shares")
        check("quorate reissue --group" in run.error, "and it says how", run.error)
    other, before = in_force(vault), len(vault.log())
    other["people"][0]["roles"] = ["witness"]
    run = change(vault, other)
    same((run.rc, "another operator takes the role from them" in run.error), (4, True),
         "nobody takes the role of an operator from themselves, and it says who does")
    same(len(vault.log()), before, "and nothing is written")
    same(change(vault, other, by("operator-2")).rc, 0, "another operator does")
    other["people"][0]["roles"] = ["operator"]
    same(change(vault, other, by("operator-2")).rc, 0, "and gives it back")
    for name, spoil in {
            "another vault": lambda p: p.update(vault="example.com/other"),
            "no practice": lambda p: p.update(practice=not p["practice"]),
            "the same person twice": lambda p: p["people"].append(
                {"id": "custodian-m9", "name": "CUSTODIAN\u00a0\uff30\uff11", "roles": ["custodian"]}),
            "two people's names exchanged": lambda p: exchange(
                *[person for person in p["people"] if person["id"] in ("custodian-p1", "custodian-m1")]),
            "one person under another id": lambda p: [person.update(id="witness-9") for person in
                                                      p["people"] if person["id"] == "witness-1"],
    }.items():
        other = in_force(vault)
        spoil(other)
        same(change(vault, other).rc, 2, f"{name}: exit 2")
    verified(vault, "a changed policy")


def test_joining(vault):
    policy = in_force(vault)
    policy["people"].append({"id": "witness-2", "name": "Witness Two", "roles": ["witness"]})
    policy["cosignatures"] = 2
    run = change(vault, policy)
    same(run.rc, 2, "a wallet card needs a place")
    check("--sheets" in run.error, "and it says so", run.error)
    run = change(vault, policy, None, "--sheets", vault.folder / "wallets")
    same(run.rc, 0, "somebody joins, with a wallet card")
    same([path.rsplit("/", 1)[-1] for path in run.json["wallets"]], ["wallet-witness-2.pdf"],
         "which is delivered")
    code = wallet_code(vault.folder / "wallets" / "wallet-witness-2.pdf")
    same(vault.run("badge", "check", "witness-2", given={"badges": {"witness-2": code}}).rc, 0,
         "and opens the badge")
    same(vault.run("badge", "check", "witness-2", given={"badges": {"witness-2": SECOND}}).rc, 4,
         "and nothing else does")
    last = [e for e in vault.log() if e["event"] == "policy-changed"][-1]["epoch"]
    same([e["event"] for e in vault.log() if e["epoch"] == last and e["event"] != "exception"],
         ["session-opened", "person-added", "policy-changed", "badge-issued", "checkpoint-key"],
         "in one commit")
    run = vault.run("--json", "person", "add", "operator-3", "--name", "Operator Three", "--role",
                    "operator", "--role", "auditor", given=by(operator_3=NEW))
    same(run.rc, 0, "one person more, without a file")
    same(run.json["changes"], ["people: operator-3 joins, operator, auditor: Operator Three"],
         "and what that changes")
    same(vault.run("card", "prove", vault.cards[0].text(),
                   given={"operator": "operator-3", "badges": {"operator-3": NEW}}).rc, 0,
         "whose badge opens the log")
    same(vault.run("person", "add", "custodian-x", "--name", "operator \u2003 THREE", "--role",
                   "custodian", given=by()).rc, 2, "the same name again: exit 2")
    policy = in_force(vault)
    for person in policy["people"]:
        if person["id"] == "witness-2":
            person["roles"] = ["auditor", "operator", "witness"]
    same(change(vault, policy).rc, 0, "other roles")
    same(people(vault)["witness-2"]["roles"], ["operator", "witness", "auditor"], "are the log's")
    same(vault.run("card", "prove", vault.cards[0].text(),
                   given={"operator": "witness-2", "badges": {"witness-2": code}}).rc, 0,
         "an operator with a wallet card opens the log with it")
    policy["people"] = [p for p in policy["people"] if p["id"] != "witness-2"]
    same(change(vault, policy).rc, 2, "whoever goes does so for a reason")
    run = change(vault, policy, {**by(), "reasons": {"witness-2": "x" * 201}})
    check(run.rc == 2 and "reasons.witness-2: not a text of" in run.error, "and in few words",
          str(run))
    same(change(vault, policy, {**by(), "reasons": {"witness-2": "another employer"}}).rc, 0,
         "and with one they do")
    same(vault.run("card", "prove", vault.cards[0].text(),
                   given={"operator": "witness-2", "badges": {"witness-2": code}}).rc, 4,
         "and their badge opens nothing")
    policy["people"].append({"id": "witness-2", "name": "Wera Too", "roles": ["witness"]})
    run = change(vault, policy, by(witness_2=NEWER))
    same(run.rc, 2, "an id is of one person for ever")
    check("for ever" in run.error, "and it says so", run.error)
    verified(vault, "who joined and left")


def wallet_code(pdf):
    png = str(pdf)[:-4]
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-singlefile", "-png", str(pdf), png],
                   check=True)
    code = subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", png + ".png"], check=True,
                          capture_output=True, text=True).stdout.split()[0]
    keep_secret(code)
    return code


def test_leaving(vault):
    leave = ["--json", "person", "leave"]
    same(vault.run(*leave, "nobody", "--reason", "x", given=by()).rc, 2, "nobody leaves: exit 2")
    for what, reason in NO_REASONS.items():
        run = vault.run(*leave, "witness-1", "--reason", reason, given=by())
        check(run.rc == 2 and run.error.startswith("--reason: not a text of 1 to 200 bytes"),
              f"nobody leaves for {what}", str(run))
    run = vault.run(*leave, "operator-1", "--reason", "x", given=by())
    same(run.rc, 4, "an operator does not let themselves go")
    run = vault.run(*leave, "custodian-p1", "--reason", "another employer", given=by())
    same((run.rc, run.json), (0, {"person": "custodian-p1", "cards": [1]}),
         "a custodian leaves, and the card is named")
    same(people(vault)["custodian-p1"]["badge"], None, "their badge is void")
    same(people(vault)["custodian-p1"]["left"], True, "and they are gone")
    same(vault.run(*leave, "custodian-p1", "--reason", "x", given=by()).rc, 2, "once")
    same(rows(vault, "reissue"), [("overdue", "1 of the password group has left: its shares are "
                                   "made anew")], "status demands the re-issue")
    check(("open", "card 1 of custodian-p1, who left, is to be collected and destroyed")
          in rows(vault, "card"), "and their card", str(rows(vault, "card")))
    same(in_force(vault)["groups"]["password"]["custodians"][0], "custodian-p1",
         "the group names them until then")
    policy = in_force(vault)
    policy["drill_days"] = 31
    same(change(vault, policy).rc, 0, "and a policy that does so may follow")
    policy["people"] = [p for p in policy["people"] if p["id"] != "custodian-p1"]
    same(change(vault, policy).rc, 2, "one that names them in the group alone may not")
    p, m = vault.group("password"), vault.group("mfa")
    run = vault.open(p[0].text(), p[1].text(), m[0].text(), m[1].text(), given=by())
    same(run.rc, 0, "their card still counts: it is out")
    run = vault.run("person", "leave", "custodian-p2", "--reason", "x", given=by())
    same(run.rc, 0, "a second one leaves")
    check("out of hand: 2; 2 make a quorum" in run.out and "quorate rekey" in run.out,
          "and what is out reaches the threshold: re-key", run.out)
    state_key_before = state_key(vault, FIRST)[0]
    run = vault.run(*leave, "operator-2", "--reason", "retired", given=by(operator_2=None))
    same(run.rc, 0, "an operator leaves")
    after, who = state_key(vault, FIRST)
    check(after not in (None, state_key_before) and "operator-2" not in who,
          "and log.key opens by another key, not to them")
    named = [row["id"] for row in in_force(vault)["people"]]
    check("operator-2" not in named and "custodian-p1" in named,
          "the next policy's draft names who left only for as long as a group does", str(named))
    run = vault.run("card", "prove", p[2].text(),
                    given={"operator": "operator-2", "badges": {"operator-2": SECOND}})
    same(run.rc, 4, "whose badge opens nothing any more")
    run = vault.run("person", "leave", "operator-1", "--reason", "x", given=by())
    same(run.rc, 4, "the last operator stays")
    check("take the log over" in run.error, "and it says what else there is", run.error)
    verified(vault, "who left")
    run = vault.run("--json", "log", "takeover", "--operator", "custodian-m1", "--confirm", ORIGIN,
                    *[c.text() for c in p[1:] + m[:2]], given={"badges": {"custodian-m1": NEW}})
    same(run.rc, 0, "both quorums take the log over afterwards")
    verified(vault, "taken over")
    same([row["roles"] for row in in_force(vault)["people"] if row["id"] in
          ("operator-1", "custodian-m1")], [[], ["operator", "custodian"]],
         "the policy is shown with the roles of the log")


def state_key(vault, code):
    """What a badge opens log.key to, by docs/formats/log-key.md, or None; and who has a wrap."""
    seed = unsealed(code)
    public, secret = nacl.crypto_sign_seed_keypair(seed)
    found = None
    key = LogKey((vault.path / "log.key").read_bytes())
    for wrap in key.wraps.values():
        try:
            found = nacl.crypto_box_seal_open(wrap, nacl.crypto_sign_ed25519_pk_to_curve25519(public),
                                              nacl.crypto_sign_ed25519_sk_to_curve25519(secret))
        except CryptoError:
            continue
    return found, sorted(key.wraps)


def test_badges(vault):
    new = ["--json", "badge", "new"]
    before, who = state_key(vault, SECOND)
    check(before is not None, "an operator's badge opens log.key")
    row = {b["person"]: b for b in vault.run("--json", "badge", "list").json["badges"]}
    same((row["witness-1"]["form"], row["custodian-p1"]["form"]), ("passphrase", "wallet"),
         "badges are listed, and how they are kept")
    same(vault.run("--json", "badge", "check", "operator-2", given=by()).rc, 0, "a badge is tried")
    same(vault.run("badge", "check", "operator-2", given=by(operator_2=NEW)).rc, 4,
         "and refused")
    same(vault.run(*new, "operator-2", given=by(operator_2=NEW)).rc, 2, "a reason is needed")
    for what, reason in NO_REASONS.items():
        for verb in ("new", "void"):
            run = vault.run("badge", verb, "operator-2", "--reason", reason,
                            given=by(operator_2=NEW))
            check(run.rc == 2 and run.error.startswith("--reason: not a text of 1 to 200 bytes"),
                  f"badge {verb}: not for {what}", str(run))
    run = vault.run(*new, "operator-2", "--reason", "forgotten", given=by(operator_2=NEW))
    same(run.rc, 0, "an operator who lost the badge gets a new one, by two others")
    same(run.json["badge"]["vkey"] != row["operator-2"]["vkey"], True, "with a new key")
    same(state_key(vault, SECOND), (None, who), "the former badge opens no log.key, whatever reads it")
    check(state_key(vault, FIRST)[0] not in (None, before), "which opens by another key than before")
    for words, rc in ((SECOND, 4), (NEW, 0)):
        same(vault.run("card", "prove", vault.cards[0].text(), given={
            "operator": "operator-2", "badges": {"operator-2": words}}).rc, rc,
             f"the {'new' if rc == 0 else 'former'} passphrase: exit {rc}")
    same(vault.run(*new, "operator-1", "--reason", "x", given=by(operator_1=NEWER)).rc, 4,
         "nobody does so alone")
    same(vault.run(*new, "operator-2", "--reason", "x", given=by(operator_2=NEW)).rc, 0,
         "the same passphrase is another key")
    code = vault.run(*new, "custodian-p1", "--reason", "lost", "--sheets", vault.folder / "badges",
                     given=by(operator_2=NEW))
    same(code.rc, 0, "a custodian gets another wallet card")
    code = wallet_code(vault.folder / "badges" / "wallet-custodian-p1.pdf")
    same(vault.run("badge", "check", "custodian-p1", given={"badges": {"custodian-p1": code}}).rc, 0,
         "which is their badge")
    run = vault.run(*new, "custodian-p2", "--reason", "lost", given=by(operator_2=NEW,
                                                                     custodian_p2=code))
    same(run.rc, 4, "somebody else's wallet card is none of theirs")
    run = vault.run("--json", "badge", "print", "custodian-p1", "--sheets", vault.folder / "again",
                    given={"badges": {"custodian-p1": code}})
    same(run.rc, 0, "a wallet card is printed again from its code")
    check(unsealed(wallet_code(vault.folder / "again" / "wallet-custodian-p1.pdf")) ==
          unsealed(code), "and is the same badge")
    run = vault.run("badge", "print", "witness-1", "--sheets", vault.folder / "third", given=by())
    same(run.rc, 0, "and one from a passphrase")
    run = vault.run("badge", "print", "operator-1", "--sheets", vault.folder / "fourth", given=by())
    same(run.rc, 4, "an operator's goes on no other paper")
    run = vault.run("--json", "badge", "void", "witness-1", "--reason", "seen by others",
                    given=by(operator_2=NEW))
    same((run.rc, run.json["badge"]), (0, None), "a badge is voided")
    same(rows(vault, "badge"), [("open", "no badge, and so no signature: witness-1")],
         "and status says who has none")
    same(vault.run("badge", "void", "witness-1", "--reason", "x", given=by(operator_2=NEW)).rc, 2,
         "once")
    run = vault.run("card", "prove", vault.cards[0].text(), given=by(operator_2=NEW))
    same(run.rc, 0, "a session without it goes on")
    run = vault.run(*new, "witness-1", given=by(operator_2=NEW, witness_1=NEWER))
    same(run.rc, 0, "who has no badge gets one without a reason")
    verified(vault, "new badges")
    p, m = vault.group("password"), vault.group("mfa")
    run = vault.open(*[c.text() for c in p[:2] + m[:2]], given=by(operator_2=NEW))
    same((run.rc, run.secret["password"]), (0, vault.password), "the vault opens as before")


def unsealed(code):
    """The seed of a wallet card, whose key is zero."""
    payload = h.unbase32(code)
    n = payload[1]
    head, nonce, text = payload[:19 + n], payload[19 + n:43 + n], payload[43 + n:]
    return nacl.crypto_aead_xchacha20poly1305_ietf_decrypt(
        text, b"quorate/badge/v1" + head, nonce, bytes(32))


SPELLINGS = ["Custodian P1", "CUSTODIAN  p1", "custodian\u00a0P1", "Custodian\u2003P1",
             "\uff23ustodian P\uff11", "Custodian\u3164P1", "Custod\u200bian P1", "Custod\u0130an P1", "\u24b8ustodian P\u00b9"]


def test_bad_day():
    """The same person in both groups, under another spelling."""
    for name in SPELLINGS:
        policy = h.policy()
        next(p for p in policy["people"] if p["id"] == "custodian-m2")["name"] = name
        vault = Vault(policy, expect=2)
        check("custodian-m2" in vault.founding.error or "people[" in vault.founding.error,
              f"{ascii(name)} is Custodian P1: no founding", vault.founding.error)
        check(not vault.path.exists(), "and nothing is left of it")
    vault = found(True, accounts=0)
    for name in SPELLINGS:
        before = vault.log()
        run = vault.run("--json", "person", "add", "custodian-m9", "--name", name, "--role", "custodian",
                        given=by(custodian_m9=NEW))
        same(run.rc, 2, f"{ascii(name)} is Custodian P1: nobody joins")
        same(vault.log(), before, "and nothing is written")
    other = "Custodian P\u0031\u0301"
    same(vault.run("--json", "person", "add", "custodian-m9", "--name",
                   unicodedata.normalize("NFC", other), "--role", "custodian",
                   given=by(custodian_m9=NEW)).rc, 0, "control: another name is another person")


def test_sitting(vault):
    """In a session that lasts: whoever gets a badge comes in, and nothing is asked twice."""
    given = by(custodian_p2=NEWER)
    same(vault.run("session", "open", given={**by(), "present": ["custodian-p1"]}).rc, 0, "a session lasts")
    opened = len(vault.events("session-opened"))
    same(vault.run("badge", "new", "custodian-p2", "--reason", "lost", given=given).rc, 0, "a badge in it")
    here = {row["person"]: row["where"] for row in vault.run("--json", "session", "show").json["people"]}
    same((here["custodian-p2"], here["operator-2"]), ("here", "here"),
         "whose owner is in the room, and so is who agreed")
    policy = in_force(vault)
    policy["people"].append({"id": "auditor-2", "name": "Auditor Two", "roles": ["auditor"]})
    same(change(vault, policy, by(auditor_2=WITNESS)).rc, 0, "somebody joins in it")
    same(len(vault.events("session-opened")), opened, "and it is no session of its own")
    run = vault.run("person", "leave", "custodian-p1", "--reason", "another employer", given=by())
    same(run.rc, 0, "somebody who is in the room leaves the vault")
    same(vault.run("session", "close", given=by()).rc, 0, "and it closes")
    run = vault.run("card", "prove", vault.cards[1].text(), given={**by(), "present": ["custodian-p1"]})
    same(run.rc, 2, "who has left is not in the room of another one")
    verified(vault, "a sitting")


def test_without_role():
    """A take-over leaves the former operators without a role."""
    vault = found(True, accounts=0)
    p, m = vault.group("password"), vault.group("mfa")
    run = vault.run("log", "takeover", "--operator", "custodian-m1", "--confirm", ORIGIN,
                    *[c.text() for c in p[:2] + m[:2]], given={"badges": {"custodian-m1": NEW}})
    same(run.rc, 0, "the log is taken over")
    given = {"operator": "custodian-m1", "badges": {"custodian-m1": NEW, "witness-9": NEWER},
             "confirm": ORIGIN}
    add = ["--json", "person", "add", "witness-9", "--name", "W. Nine", "--role", "witness"]
    run = vault.run(*add, given=given)
    same(run.rc, 4, "nobody joins while somebody is there without a role")
    check("operator-1 has had no role" in run.error, "and it says who", run.error)
    policy = in_force(vault)
    policy["people"][0]["roles"] = ["witness"]
    same(vault.run("person", "leave", "operator-2", "--reason", "retired", given=given).rc, 0,
         "one leaves")
    policy["people"] = [row for row in policy["people"] if row["id"] != "operator-2"]
    same(change(vault, policy, given).rc, 0, "one gets another role")
    same(people(vault)["operator-1"]["roles"], ["witness"], "which the log has")
    same(vault.run(*add, given=given).rc, 0, "then somebody joins")
    verified(vault, "roles after a take-over")


def test_practice():
    vault = found(True, accounts=0)
    policy = in_force(vault)
    policy["second_person"] = True
    alone = {"operator": "operator-1", "badges": {"operator-1": FIRST}, "confirm": ORIGIN}
    same(change(vault, policy, alone).rc, 0, "in practice one badge stands for two")
    run = vault.run("badge", "new", "operator-2", "--reason", "forgotten", given=alone, release=True)
    same(run.rc, 0, "words are generated, and released after the commit")
    words = run.secret["badges"]["operator-2"]
    keep_secret(words)
    same(vault.run("badge", "check", "operator-2", given={"badges": {"operator-2": words}}).rc, 0,
         "and are the passphrase")
    same(vault.run("badge", "new", "operator-2", "--reason", "x", given=alone).rc, 2,
         "they are made only if they can be handed out")
    verified(vault, "practice")
    single = Vault(h.policy(mfa=(1, 2), accounts=0), alone)
    run = single.run("person", "leave", "custodian-m1", "--reason", "x", given=alone)
    same(run.rc, 0, "one of a group of single holders leaves")
    check("quorate rekey" in run.out and "new shares" not in run.out, "that means a re-key", run.out)
    same([state for state, _ in rows(single, "rekey")], ["overdue", "conflict"],
         "says status too, and that this card alone is enough")


def main():
    global nacl, CryptoError, FIRST, SECOND
    h.start()
    h.need("pdftotext", "pdftoppm", "zbarimg")
    nacl = h.need_module("nacl.bindings").bindings
    CryptoError = h.need_module("nacl.exceptions").exceptions.CryptoError
    FIRST, SECOND = wallet("operator-1"), wallet("operator-2")
    test_bad_day()
    test_practice()
    test_without_role()
    test_sitting(found(accounts=0))
    vault = found()
    test_policy(vault)
    test_joining(vault)
    test_badges(found())
    test_leaving(found())
    h.finish()


main()
