"""The re-key (docs/ceremonies/rekey.md): a new vault key on new cards, pending until every one of
them is proved; given up; taken over and continued in every phase."""
import shutil
import sqlite3

import harness as h
from harness import ACCOUNT, Card, Vault, answers, check, keep_secret, policy, same

NEW = "five green bottles on a wall"
ORIGIN = "example.com/practice"
keep_secret(NEW)


def quorum(cards, password=2, mfa=2):
    groups = [[c for c in cards if c.group == g] for g in ("password", "mfa")]
    return groups[0][:password] + groups[1][:mfa]


def files(cards):
    return [card.text() for card in cards]


def rekey(vault, cards, name, given=None, confirm=ORIGIN, reason="a card was copied"):
    return vault.run("--json", "rekey", "--reason", reason, "--confirm", confirm, "--sheets",
                     vault.folder / name, *files(cards), given=given or answers())


def new_cards(vault, run):
    return [Card(vault, row) for row in run.json["cards"]]


def by_code(vault, cards):
    """Cards as files of their codes: they name their serial."""
    return [vault.write(f"code-{c.serial}.txt", c.code) for c in cards]


def states(vault):
    return {row["serial"]: row["state"] for row in vault.run("--json", "card", "list").json["cards"]}


def documents(vault):
    with sqlite3.connect(vault.path / "vault.sqlite") as db:
        return {bytes(d): k for d, k in db.execute("SELECT digest, kind FROM document")}


def whole(vault, what):
    run = vault.run("--json", "log", "verify")
    same((run.rc, run.json["faults"]), (0, []), f"{what}: the log is whole")
    check(h.foreign_verdict(vault) in ([], None), f"{what}: to a verifier that is not ours, too")


def opens(vault, cards, given=None):
    run = vault.open(*files(cards), given=given)
    return run.rc, run.secret["password"] if run.rc == 0 else h.verdicts(run)


def refused_beforehand(vault, old):
    """Nothing is written by what cannot be."""
    before = len(vault.log())
    for what, rc, run in (
            ("another vault's name", 2, rekey(vault, quorum(old), "no", confirm="example.com/other")),
            ("a reason of spaces", 2, rekey(vault, quorum(old), "no", reason=" ")),
            ("nowhere for sheets", 2, vault.act("rekey", "--reason", "x", "--confirm", ORIGIN)),
            ("nothing to abandon", 4, vault.act("rekey", "abandon", "--reason", "x", "--confirm",
                                                ORIGIN))):
        same(run.rc, rc, f"{what}: exit {rc}")
    same(len(vault.log()), before, "and nothing is written")
    check(not (vault.folder / "no").exists(), "and no folder is left")


def without_quorum(vault, old):
    run = rekey(vault, quorum(old, mfa=1), "none")
    same((run.rc, run.json["missing"]), (3, {"password": 0, "mfa": 1}), "without a quorum: exit 3")
    same(vault.events("outcome")[-1]["values"]["result"], "refused", "the log says so")
    same(vault.events("intent")[-1]["values"]["purpose"], "a card was copied", "and what it was for")
    same(len(vault.events("key-created")), 1, "no key was made")


def pending(vault, old, new):
    """The old cards count, the new ones do not, and nothing else changes."""
    same(opens(vault, quorum(old)), (0, vault.password), "pending: the old cards open")
    same(opens(vault, quorum(new)), (4, ["pending"] * 4), "the new ones do not yet, and why is said")
    same(opens(vault, quorum(old)[:2] + quorum(new)[2:]), (4, ["accepted"] * 2 + ["pending"] * 2),
         "and never together with them")
    run = vault.open(*by_code(vault, new[:1]), more=("--ticket", "T-1"))
    same([(c["serial"], c["reason"]) for c in run.json["cards"]], [(new[0].serial, "pending")],
         "a pending card is named by its code")
    run = vault.act("deposit", ACCOUNT, "--kind", "password", release=True)
    same(run.rc, 4, "nothing is deposited meanwhile: exit 4")
    check("a re-key is pending" in run.error, "and why is said", run.error)
    run = rekey(vault, quorum(old), "again")
    same((run.rc, "a re-key is pending" in run.error), (4, True), "nor is another begun")
    status = vault.run("--json", "status").json
    check(any(row["what"] == "rekey" and "is pending" in row["text"] for row in status["rows"]),
          "status tells of it", str(status))


def over(vault, old, new):
    same(opens(vault, quorum(new)), (0, vault.password), "in force: the new cards open")
    same(opens(vault, quorum(old)), (4, ["former-generation"] * 4), "the old ones open nothing")
    same(opens(vault, quorum(new)[:2] + quorum(old)[2:]),
         (4, ["accepted"] * 2 + ["former-generation"] * 2), "nor together with the new ones")
    listed = states(vault)
    check({listed[c.serial] for c in old} <= {"void", "former"}, "the old cards are void", str(listed))
    check({listed[c.serial] for c in new} <= {"live", "proved"}, "the new ones are not", str(listed))


def two_phases():
    vault = Vault(policy(accounts=2))
    old = vault.cards
    refused_beforehand(vault, old)
    without_quorum(vault, old)
    before = documents(vault)
    run = rekey(vault, quorum(old), "new")
    check(run.rc == 0, "a re-key", str(run))
    new = new_cards(vault, run)
    same((run.json["generation"], run.json["items"], run.json["in_force"], run.json["unproved"]),
         (2, 4, False, 6), "generation 2 is pending; every item is sealed anew")
    keys = [e["values"] for e in vault.events("key-created")]
    check(keys[0]["identifier"] != keys[1]["identifier"], "with another identifier")
    same((keys[1]["generation"], "authority" in keys[1]), ("2", True),
         "signed by what only the former quorums can make")
    same({e["values"]["edition"] for e in vault.events("edition-created")}, {"1"},
         "editions are counted from 1 again")
    same(len(list((vault.folder / "new").glob("sealed-*.pdf"))), 2, "with new sealed sheets")
    same(len(documents(vault)) - len(before), 4 + 1, "both generations' ciphertexts are kept")
    pending(vault, old, new)
    whole(vault, "pending")
    run = vault.act("card", "prove", *by_code(vault, new[:-1]))
    same((run.rc, run.json["in_force"]), (0, None), "all but one of the new cards are proved")
    shutil.copytree(vault.path, vault.folder / "twin")
    shutil.copytree(vault.path, vault.folder / "left")
    run = h.quorate("person", "leave", "custodian-p3", "--reason", "x",
                    vault=vault.folder / "left", answers=answers())
    check(run.rc == 0 and "a re-key is pending" in run.out.lower() and
          "rekey abandon" in run.out and "reissue" not in run.out,
          "whoever leaves meanwhile: no re-issue is advised that would be refused", str(run))
    run = h.quorate("status", vault=vault.folder / "left")
    check("Next: a re-key is pending" in run.out or "Next, for the first row: quorate re" not in run.out,
          "nor does the status advise one", str(run))
    same(opens(vault, quorum(old)), (0, vault.password), "the old cards still count")
    run = vault.act("card", "prove", *by_code(vault, new[-1:]))
    same((run.rc, run.json["in_force"]), (0, 2), "and the last, which puts generation 2 in force")
    check("Generation 2 is in force" in run.err and "change every password" in run.err,
          "what is to be done now is said", run.err)
    run = h.quorate("--quiet", "card", "prove", *by_code(vault, new[-1:]),
                    vault=vault.folder / "twin", answers=answers())
    said = " ".join(run.out.split())
    check(run.rc == 0 and "Generation 2 is in force" in said and
          "change every password and MFA device at AWS now" in said,
          "that everything is to be changed is said where --quiet leaves it", str(run))
    last = vault.log()[-1]["epoch"]
    same([e["event"] for e in vault.log() if e["event"] == "item-deleted"], ["item-deleted"] * 4,
         "what the former key sealed is deleted")
    same({e["epoch"] for e in vault.events("item-deleted")},
         {vault.events("card-proved")[-1]["epoch"]}, "in the commit of that proof")
    check(last >= 0 and not set(before) & {d for d, k in documents(vault).items() if k == "item"},
          "and its ciphertexts are gone")
    over(vault, old, new)
    whole(vault, "in force")
    status = vault.run("--json", "status").json
    check(any("sealed before the re-key" in row["text"] for row in status["rows"]),
          "status names what is to be changed", str(status))
    again(vault, new)


def again(vault, old):
    """A deposit, an item of two lives, and a second re-key."""
    secret = "correct-Horse7battery@staple"
    keep_secret(secret)
    run = vault.run("--json", "deposit", ACCOUNT, "--kind", "password",
                    given=answers(accounts={ACCOUNT: {"password": secret}}))
    same(run.rc, 0, "afterwards a deposit is taken")
    run = rekey(vault, quorum(old), "waits")
    same((run.rc, f"a deposit of account {ACCOUNT} waits" in run.error), (4, True),
         "while it waits there is no re-key")
    run = vault.open(*files(quorum(old)), given=answers(deposits={"all": "adopt"}))
    same((run.rc, run.secret["password"]), (0, secret), "an opening adopts it")
    run = rekey(vault, quorum(old), "second")
    same((run.rc, run.json["generation"], run.json["items"]), (0, 3, 5),
         "a second re-key: the former password, not confirmed away, is carried on too")
    new = new_cards(vault, run)
    same(vault.act("account", "confirm", ACCOUNT, "--kind", "password").rc, 0,
         "meanwhile the new password is confirmed, and the former one deleted")
    same(vault.act("card", "prove", *by_code(vault, new)).rc, 0, "every card is proved at once")
    run = vault.open(*files(quorum(new)))
    same((run.rc, run.secret["password"]), (0, secret), "the new cards open the newest password")
    kept = vault.run("--json", "account", "list").json["accounts"][0]["items"]
    same([(i["kind"], i["confirmed"]) for i in kept], [("totp", False), ("password", True)],
         "what was deleted meanwhile is not carried on, and what was confirmed is")
    same(opens(vault, quorum(old))[0], 4, "generation 2 opens nothing any more")
    whole(vault, "twice")


def shape(password, mfa):
    """Groups of (threshold, number) cards: of a threshold of 1 this is how a card is revoked."""
    said = " and ".join(f"{t} of {n}" for t, n in (password, mfa))
    vault = Vault(policy(password, mfa))
    old, needed = vault.cards, (password[0], mfa[0])
    run = rekey(vault, quorum(old, *needed), "new")
    check(run.rc == 0, f"{said}: a re-key", str(run))
    new = new_cards(vault, run)
    same(opens(vault, quorum(old, *needed)), (0, vault.password), f"{said}: pending, the old cards open")
    same(opens(vault, new), (4, ["pending"] * len(new)), "all of the new ones do not")
    same(vault.act("card", "prove", *by_code(vault, new)).rc, 0, "every new card is proved")
    same(opens(vault, quorum(new, *needed)), (0, vault.password), f"{said}: the new cards open")
    for short in ((needed[0] - 1, needed[1]), (needed[0], needed[1] - 1)):
        same(opens(vault, quorum(new, *short))[0], 3, f"{short[0]} and {short[1]} of them do not")
    same(opens(vault, old), (4, ["former-generation"] * len(old)), f"{said}: all old cards open nothing")
    run = vault.open(*by_code(vault, old))
    same((run.rc, h.verdicts(run)), (4, ["former-generation"] * len(old)), "nor do their codes")
    for group in ("password", "mfa"):
        former = [c for c in old if c.group == group]
        beside = [c for c in quorum(new, *needed) if c.group != group]
        same(opens(vault, former + beside),
             (4, ["former-generation"] * len(former) + ["accepted"] * len(beside)),
             f"nor the {group} group's beside a new quorum of the other")


def given_up():
    vault = Vault()
    old = vault.cards
    before = documents(vault)
    new = new_cards(vault, rekey(vault, quorum(old), "new"))
    same(vault.act("card", "prove", *by_code(vault, new[:3])).rc, 0, "three cards are proved")
    run = vault.act("rekey", "abandon", "--reason", "a card was lost", "--confirm", ORIGIN)
    same((run.rc, run.json), (0, {"abandoned": 2}), "a pending re-key is given up")
    same(opens(vault, quorum(old)), (0, vault.password), "the old cards are as they were")
    same(opens(vault, quorum(new)), (4, ["void"] * 4), "the new ones are void")
    same({d for d, k in documents(vault).items() if k == "item"},
         {d for d, k in before.items() if k == "item"}, "the new ciphertexts are deleted")
    same(vault.act("card", "prove", *by_code(vault, new)).rc, 4, "and none of them can be proved")
    whole(vault, "given up")
    run = rekey(vault, quorum(old), "third")
    same((run.rc, run.json["generation"]), (0, 3), "another re-key is another generation")
    third = new_cards(vault, run)
    same(vault.act("card", "prove", *by_code(vault, third)).rc, 0, "its cards are proved")
    over(vault, old, third)
    same(opens(vault, quorum(new)), (4, ["void"] * 4), "those that were given up stay void")
    whole(vault, "after another")


def strict():
    """A real vault: two badges give it up, and the second is asked for its key too."""
    people = [("operator-1", h.PASSPHRASE), ("operator-2", NEW)]
    rules = policy(practice=False, second_person=True)
    rules["people"].insert(1, {"id": "operator-2", "name": "Operator Two", "roles": ["operator"]})
    both = {"operator": "operator-1", "second": "operator-2", "badges": dict(people),
            "confirm": ORIGIN}
    given = {**h.found_answers(1), **both}
    vault = Vault(rules, given=given)
    run = rekey(vault, quorum(vault.cards), "new", given=both)
    check(run.rc == 0, "a real vault is re-keyed, by two people", str(run))
    run = vault.run("--json", "rekey", "abandon", "--reason", "no", "--confirm", ORIGIN, given=both)
    same(run.rc, 0, "and it is given up by two")
    same(vault.run("session", "open", given=both).rc, 0, "a session is opened, by two")
    alone = answers(confirm=ORIGIN)
    before = len(vault.log())
    run = rekey(vault, quorum(vault.cards), "joined", given=alone)
    same((run.rc, "two people" in run.error, len(vault.log())), (4, True, before),
         "in it, too, the key is two people's, which is told before a card is read")
    run = rekey(vault, quorum(vault.cards), "joined-by-two", given=both)
    check(run.rc == 0, "and two re-key the vault", str(run))
    same(vault.run("session", "close", given=both).rc, 0, "it is closed")
    whole(vault, "a real vault")
    lone = policy(practice=False)
    vault = Vault(lone, given={**h.found_answers(1), "confirm": ORIGIN})
    same(rekey(vault, quorum(vault.cards), "new").rc, 0, "one person may begin, where one may")
    before = len(vault.log())
    run = vault.act("rekey", "abandon", "--reason", "no", "--confirm", ORIGIN)
    same((run.rc, "two people" in run.error), (4, True), "and does not give it up alone")
    same(len(vault.log()), before, "nothing is written")


def takeover(vault, cards):
    return vault.run("--json", "log", "takeover", "--operator", "witness-1", "--confirm", ORIGIN,
                     *files(cards), given={"badges": {"witness-1": NEW}})


def by_witness():
    return answers(operator="witness-1", badges={"witness-1": NEW})


def copy_of(vault, name):
    """The same vault once more, in another folder."""
    other = object.__new__(Vault)
    other.__dict__.update(vault.__dict__)
    other.folder = h.work / name
    other.folder.mkdir()
    other.path = other.folder / "v"
    shutil.copytree(vault.path, other.path)
    return other


def succession():
    """Both quorums take the log over, and continue it, before, while it is pending and after: with
    the right cards."""
    vault = Vault()
    old = vault.cards
    same(takeover(copy_of(vault, "before"), quorum(old)).rc, 0, "before: the cards take the log over")
    new = new_cards(vault, rekey(vault, quorum(old), "new"))
    same(vault.act("card", "prove", *by_code(vault, new[:-1])).rc, 0, "all but one are proved")
    for name, cards in (("old", old), ("new", new)):
        taken = copy_of(vault, f"pending-{name}")
        same(takeover(taken, quorum(cards)).rc, 0, f"pending: the {name} cards take the log over")
        same(taken.run("card", "prove", *by_code(vault, new[-1:]), given=by_witness()).rc, 0,
             "and the re-key goes on")
        same(opens(taken, quorum(new), by_witness()), (0, vault.password), "to its end")
        whole(taken, f"taken over by the {name} cards")
    mixed = copy_of(vault, "mixed")
    run = takeover(mixed, quorum(old)[:2] + quorum(new)[2:])
    same((run.rc, h.verdicts(run)), (4, ["accepted"] * 2 + ["pending"] * 2), "never some of each")
    for name, cards in (("old", old), ("new", new)):
        gone_on = copy_of(vault, f"continued-{name}")
        gone_on.path = gone_on.folder / "next"
        run = gone_on.run("--json", "log", "continue", "--from", vault.path, "--cause", "stolen",
                          "--confirm", ORIGIN, *files(quorum(cards)), given=answers())
        check(run.rc == 0, f"pending: the {name} cards continue the log", str(run))
        same(gone_on.run("card", "prove", *by_code(vault, new[-1:]), given=answers()).rc, 0,
             "and the re-key goes on")
        same(opens(gone_on, quorum(new)), (0, vault.password), "to its end")
        taken = copy_of(gone_on, f"continued-{name}-taken")
        same(takeover(taken, quorum(new)).rc, 0, "and the new cards take it over")
        whole(gone_on, f"continued by the {name} cards")
    same(vault.act("card", "prove", *by_code(vault, new[-1:])).rc, 0, "the last card is proved")
    same(takeover(copy_of(vault, "after-old"), quorum(old)).rc, 4, "after: the old cards do not")
    same(takeover(copy_of(vault, "after-new"), quorum(new)).rc, 0, "and the new ones do")
    given = copy_of(vault, "second")
    newest = new_cards(vault, rekey(given, quorum(new), "newest"))
    same(given.act("rekey", "abandon", "--reason", "no", "--confirm", ORIGIN).rc, 0, "one is given up")
    same(takeover(given, quorum(newest)).rc, 4, "then its cards do not take the log over")
    same(takeover(given, quorum(new)).rc, 0, "and those in force do")


def main():
    h.start()
    h.need("pdftotext", "zbarimg", "pdftoppm")
    two_phases()
    shape((1, 1), (3, 5))
    shape((3, 5), (1, 2))
    shape((1, 2), (1, 1))
    given_up()
    strict()
    succession()
    h.finish()


if __name__ == "__main__":
    main()
