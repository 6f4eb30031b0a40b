"""The share of a damaged card on a new one: bit for bit the same, and the old card void. Of a card
that is not in hand, or counts no more, nothing is made."""
from harness import *
from renewed import opens, states, whole

start()
need("pdftotext", "zbarimg", "pdftoppm")
folders = iter(range(99))


def replace(vault, serial, cards, *more, hand=("--in-hand",)):
    run = vault.run("--json", "card", "replace", serial, *hand, "--reason", "coffee", "--sheets",
                    vault.folder / f"new-{next(folders)}", *more, *[c.text() for c in cards],
                    given=answers())
    return run, [Card(vault, row) for row in run.json["cards"]] if run.rc == 0 else []


vault = Vault(policy(password=(2, 3), mfa=(2, 3)))
password, mfa = vault.group("password"), vault.group("mfa")
damaged = mfa[2]
run, new = replace(vault, damaged.serial, mfa[:2])
same((run.rc, run.json and [(c.serial, c.custodian, c.index) for c in new]),
     (0, [(7, damaged.custodian, damaged.index)]), "one card, for the same custodian and index")
same(new[0].words, damaged.words, "with the same words")
same(new[0].payload[24:66], damaged.payload[24:66], "and in its code the same share, bit for bit")
check(new[0].payload[66:] != damaged.payload[66:], "under a signature of its own")
same((states(vault)[damaged.serial], states(vault)[7]), ("void", "live"), "the old one is void")
same(verdicts(vault.check(vault.write("old.txt", damaged.code), vault.write("new.txt", new[0].code))),
     ["void", "accepted"], "by their codes the two are told apart")
same([r["serial"] for r in vault.check(damaged.text()).json["cards"]], [7],
     "the words are those of the new card: so destroy the old")
created = vault.events("card-created")[-1]["values"]
same((created["replaces"], created["edition"], len(created["issuing-key"])), (str(damaged.serial), "1", 64),
     "the log says which it replaces, and by which key it is signed")
check(opens(vault, [*password[:2], new[0], mfa[1]]), "it opens with another of its edition")
check(not opens(vault, [*password[:2], new[0], vault.cards[0]]), "and not alone")
run = vault.run("card", "destroy", damaged.serial, "--witness", "witness-1", given=answers())
same((run.rc, states(vault)[damaged.serial]), (0, "destroyed"), "the old one is destroyed under witness")

# The damaged card may still be one of its quorum; and a replacement be replaced.
run, again = replace(vault, 7, [new[0], mfa[0]])
same((run.rc, again[0].words), (0, damaged.words), "a card whose words can be read helps to replace itself")
whole(vault, "after two replacements")

# What would stop the sheets is told before a badge is asked for.
run = vault.run("card", "replace", password[0].serial, "--in-hand", "--reason", "x", "--sheets",
                vault.folder / "sheets", *[c.text() for c in password[:2]],
                given=answers(badges={"operator-1": "not that one"}))
check(run.rc == 2 and "sheets lie in the folder already" in run.err,
      "a used folder is refused before a badge is asked for", str(run))

before = len(vault.log())
for what, serial, hand, said in (
        ("a card that is not in hand", mfa[0].serial, (), "reissue --group mfa"),
        ("a void one", 7, ("--in-hand",), "counts no more"),
        ("one that is destroyed", damaged.serial, ("--in-hand",), "counts no more"),
        ("one that there is not", 99, ("--in-hand",), "none of that serial")):
    run, _ = replace(vault, serial, mfa[:2], hand=hand)
    same((run.rc, said in run.error), (2, True), f"{what} is not replaced, and it is said why")
same(len(vault.log()), before, "and nothing is written")
run, _ = replace(vault, mfa[0].serial, mfa[1:2])
same((run.rc, vault.events("outcome")[-1]["values"]["result"]), (3, "refused"),
     "fewer than the quorum replace nothing, and the log says so")
run, _ = replace(vault, mfa[0].serial, password)
same((run.rc, verdicts(run)), (4, ["other-group"] * 3), "nor does the other group")
same(states(vault)[mfa[0].serial], "live", "the card counts as before")

# A card whose share may be known, or whose holder is gone, gets no second sheet: told before a bag is cut.
for args in (("bag", "seal", "BAG-1", "--card", password[0].serial, "--site", "site-1", "--safe", "safe-1"),
             ("person", "leave", "custodian-m1", "--reason", "retired")):
    same(vault.act(*args).rc, 0, f"{args[0]} {args[1]}")
same(vault.act("seal", "check", "--bag", "BAG-1", "--card", password[0].serial, "--result", "broken").rc, 4,
     "a bag is found broken")
before = len(vault.log())
for what, card, quorum in (("suspect", password[0], password[1:]), ("has left", mfa[0], [mfa[1], again[0]])):
    run, _ = replace(vault, card.serial, quorum)
    same((run.rc, what in run.error, f"reissue --group {card.group}" in run.error), (2, True, True),
         f"no replacement: {what}, and what to do instead is said")
same(len(vault.log()), before, "and nothing is written")

# One share, and a copy for each: another copy.
single = Vault(policy(password=(1, 3), mfa=(2, 2)))
run, copy = replace(single, 2, [single.cards[0]])
same((run.rc, copy[0].words, copy[0].custodian), (0, single.cards[0].words, single.cards[1].custodian),
     "threshold 1: one more copy of the one share")
check(opens(single, [copy[0], *single.group("mfa")]), "and it opens")
run, _ = replace(single, 4, [single.group("mfa")[1]])
same(run.rc, 3, "2 of 2: where every card is needed, an unreadable one cannot be replaced")
whole(single, "with a group of threshold 1")
finish()
