"""A policy with other groups comes into force with their new cards, and goes with them: in a
re-issue and in a re-key."""
import json

from harness import *
from renewed import opens, whole

start()
need("pdftotext", "zbarimg", "pdftoppm")
ORIGIN = "example.com/practice"
SECOND = "five green bottles on a wall"
keep_secret(SECOND)
folders = iter(range(99))


def policy_with(vault, mfa=None, threshold=None, password=None, **more):
    """The one in force with other groups; without those who stand in none and have left."""
    said = vault.run("--json", "policy", "show").json
    for name, ids in (("mfa", mfa), ("password", password)):
        said["groups"][name]["custodians"] = ids or said["groups"][name]["custodians"]
    said["groups"]["mfa"]["threshold"] = threshold or said["groups"]["mfa"]["threshold"]
    grouped = [i for g in said["groups"].values() for i in g["custodians"]]
    gone = {row["id"] for row in vault.run("--json", "person", "list").json["people"] if row["left"]}
    said["people"] = [p for p in said["people"] if p["id"] in grouped or p["id"] not in gone]
    said.update(more)
    return vault.write(f"policy-{next(folders)}.json", json.dumps(said))


def make(vault, args, cards, given=None):
    run = vault.run("--json", *args, "--reason", "a leaver", "--sheets",
                    vault.folder / f"cards-{next(folders)}", *[c.text() for c in cards],
                    given=given or answers())
    return run, [Card(vault, row) for row in run.json["cards"]] if run.rc == 0 else []


def reissue(vault, path, cards, group="mfa", given=None):
    return make(vault, ["reissue", "--group", group, "--policy", path], cards, given)


def rekey(vault, path, cards):
    return make(vault, ["rekey", "--confirm", ORIGIN, "--policy", path], cards)


def groups(vault):
    said = vault.run("--json", "policy", "show").json["groups"]
    return {name: (g["threshold"], g["custodians"]) for name, g in said.items()}


def join(vault, person):
    run = vault.run("person", "add", person, "--name", person.title(), "--role", "custodian",
                    "--confirm", ORIGIN, "--sheets", vault.folder / f"wallet-{person}", given=answers())
    same(run.rc, 0, f"{person} comes")


vault = Vault()
password, old = vault.group("password"), vault.group("mfa")
join(vault, "custodian-m4")
run = vault.run("person", "leave", "custodian-m3", "--reason", "retired", given=answers())
same(run.rc, 0, "custodian-m3 leaves")
before, entries = groups(vault), len(vault.log())
members = ["custodian-m1", "custodian-m2", "custodian-m4"]
for what, path, said in (
        ("of somebody new", vault.write("joins.json", json.dumps({
            **(p := vault.run("--json", "policy", "show").json),
            "people": [*p["people"], {"id": "custodian-m9", "name": "M Nine", "roles": ["custodian"]}]})),
         "person add"),
        ("with more that changes", policy_with(vault, mfa=members, cosignatures=2), "policy change"),
        ("with the other group's line", policy_with(
            vault, password=["custodian-p1", "custodian-p2"]), "one policy for each re-issue")):
    run, _ = reissue(vault, path, old[:2])
    same((run.rc, said in run.error), (4, True), f"a policy {what} is refused, and what comes first is said")
for args in (["reissue", "--group", "mfa"], ["rekey", "--confirm", ORIGIN],
             ["rekey", "--confirm", ORIGIN, "--policy", policy_with(vault, mfa=["custodian-m2", "custodian-m3"])]):
    run, _ = make(vault, args, [*password[:2], *old[:2]])
    same((run.rc, "custodian-m3 has left" in run.error, "--policy FILE" in run.error), (4, True, True),
         f"{' '.join(map(str, args[:3]))}, for somebody who left: refused before a card is asked for")
run, _ = reissue(vault, policy_with(vault, mfa=before["mfa"][1]), old[:2])
same(run.rc, 2, "one that changes nothing, too")
run, _ = reissue(vault, policy_with(vault, mfa=members, threshold=1), old[:2])
same(run.rc, 2, "and one with a threshold of 1")
same((len(vault.log()), groups(vault)), (entries, before), "nothing of it is written")

run, _ = reissue(vault, policy_with(vault, mfa=members), old[:1])
same((run.rc, groups(vault)), (3, before), "without a quorum the policy stays as it is")
run, new = reissue(vault, policy_with(vault, mfa=members), old[:2])
same((run.rc, [c.custodian for c in new]), (0, members), "new cards for who is in the group now")
check(any("custodian-m4" in line for line in run.json["changes"]), "and the difference is told", str(run.json))
same(groups(vault)["mfa"], (2, members), "the policy is in force with them")
check(opens(vault, [*password[:2], new[0], new[2]]), "they open")
check(not opens(vault, [*password[:2], *old[:2]]), "the old ones do not")
path = policy_with(vault, threshold=3)
run, three = reissue(vault, path, new[1:])
same((run.rc, groups(vault)["mfa"][0]), (0, 3), "a threshold changes so, too")
check(not opens(vault, [*password[:2], *three[:2]]), "two do not open any more")
check(opens(vault, [*password[:2], *three]), "three do")
whole(vault, "after groups changed")

# From one group to the other, with a card that still makes a half.
kept = vault.folder / "kept"
shutil.copytree(vault.path, kept)
run, _ = reissue(vault, policy_with(vault, password=["custodian-p1", "custodian-p2"]), password[:2], group="password")
same(run.rc, 0, "custodian-p3 is of no group any more")
both = policy_with(vault, mfa=["custodian-m1", "custodian-m2", "custodian-p3"])
run, _ = reissue(vault, both, three)
same((run.rc, f"custodian-p3 has card {password[2].serial} of the other group" in run.error), (4, True),
     "nobody gets a card of the other group before the old one is destroyed")
same(vault.run("card", "destroy", password[2].serial, "--witness", "witness-1", given=answers()).rc, 0, "it is destroyed")
run, _ = reissue(vault, both, three)
same(run.rc, 0, "then they do")
shutil.rmtree(vault.path)
kept.rename(vault.path)

# A re-key: both groups; given up, the policy is the one before.
former = groups(vault)
fewer = policy_with(vault, mfa=members[:2], threshold=2, password=["custodian-p1", "custodian-p2"])
run, _ = rekey(vault, fewer, [*password[:2], *three])
same((run.rc, "person leave" in run.error), (0, False), "who is in no group stays in the policy")
same(groups(vault)["mfa"], (2, members[:2]), "a re-key, too, brings other groups")
check(opens(vault, [*password[:2], *three]), "the old cards open meanwhile, by their own thresholds")
run = vault.run("policy", "change", policy_with(vault, purposes=[]), "--confirm", ORIGIN, given=answers())
same(run.rc, 4, "the policy does not change meanwhile")
run, _ = reissue(vault, policy_with(vault, mfa=members), three)
same((run.rc, "re-key is pending" in run.error), (4, True), "nor is a group split anew")
run = vault.run("--json", "card", "replace", three[0].serial, "--in-hand", "--reason", "x", "--sheets",
                vault.folder / "none", *[c.text() for c in three], given=answers())
same((run.rc, "re-key is pending" in run.error), (4, True), "nor a card replaced")
run = vault.run("rekey", "abandon", "--reason", "x", "--confirm", ORIGIN, given=answers())
same((run.rc, groups(vault)), (0, former), "given up, the policy before is in force again")
check(opens(vault, [*password[:2], *three]), "and the old cards open")
whole(vault, "after a re-key was given up")

# The old cards' own threshold says how many of them are needed, whatever the new group's is.
kept = vault.folder / "kept"
shutil.copytree(vault.path, kept)
run, _ = rekey(vault, fewer, [*password[:2], *three])
same(run.rc, 0, "once more")
run = vault.run("card", "void", three[0].serial, "--reason", "lost", given=answers())
same((run.rc, "type the vault's name" in run.error), (2, True), "the last that the old quorum needs is not void by one word")
run = vault.run("card", "void", three[0].serial, "--reason", "lost", "--confirm", ORIGIN, given=answers())
same(run.rc, 0, "but by who names the vault")
entries = len(vault.log())
run = vault.run("rekey", "abandon", "--reason", "x", "--confirm", ORIGIN, given=answers())
same((run.rc, "2 of the MFA group are left, and 3 open" in run.error, len(vault.log())), (4, True, entries),
     "then the new cards are the only ones that can open, and the re-key is not given up")
shutil.rmtree(vault.path)
kept.rename(vault.path)
run, newest = rekey(vault, fewer, [*password[:2], *three])
run = vault.run("card", "prove", *[c.text() for c in newest], given=answers())
same((run.rc, groups(vault)["mfa"]), (0, (2, members[:2])), "with every card proved, it stays")
check(opens(vault, newest), "and they open")
check(not opens(vault, [*password[:2], *three]), "and the old ones do not")
run, split = make(vault, ["reissue", "--group", "mfa"], newest[2:])
same((run.rc, run.json["generation"], run.json["edition"]), (0, 3, 2), "the new key's groups are split anew in turn")
check(opens(vault, [*newest[:2], *split]), "and open")
whole(vault, "after a re-key")

# log.key is lost while a re-key brings other groups: the successor goes on with it, and can give it up.
vault = Vault()
former, old = groups(vault), vault.cards
quorum = [*vault.group("password")[:2], *vault.group("mfa")[:2]]
run, _ = rekey(vault, policy_with(vault, mfa=["custodian-m1", "custodian-m2"]), quorum)
same((run.rc, groups(vault)["mfa"]), (0, (2, ["custodian-m1", "custodian-m2"])), "a re-key with another group")
(vault.path / "log.key").unlink()
run = quorate("log", "continue", "--from", vault.path, "--cause", "lost", "--confirm", ORIGIN,
              *[c.text() for c in quorum], vault=vault.folder / "second", answers=answers())
same(run.rc, 0, "is pending, log.key is lost, and the old cards begin a successor")
vault.path = vault.folder / "second"
same(groups(vault)["mfa"], (2, ["custodian-m1", "custodian-m2"]), "the group waits for its cards as before")
run = vault.run("rekey", "abandon", "--reason", "x", "--confirm", ORIGIN, given=answers())
same((run.rc, groups(vault)), (0, former), "given up there, the policy before is in force again")
check(opens(vault, quorum), "and the old cards open")
whole(vault, "after that")

# A real vault: two people agree.
rules = policy(practice=False)
rules["people"].insert(1, {"id": "operator-2", "name": "Operator Two", "roles": ["operator"]})
both = {"operator-1": PASSPHRASE, "operator-2": SECOND}
real = Vault(rules, found_answers(confirm=ORIGIN, badges=both))
path = policy_with(real, threshold=3)
run, _ = reissue(real, path, real.group("mfa")[:2], given=answers(confirm=ORIGIN))
same((run.rc, groups(real)["mfa"][0]), (4, 2), "one badge does not change the policy, whoever brings cards")
run, _ = reissue(real, path, real.group("mfa")[:2], given=answers(confirm=ORIGIN, badges=both))
same((run.rc, groups(real)["mfa"][0]), (0, 3), "two do")
whole(real, "of a real vault")
# Who left with a card of one group comes into the other under no other id.
vault = Vault()
password, old = vault.group("password"), vault.group("mfa")
same(vault.act("person", "leave", "custodian-m1", "--reason", "retired").rc, 0, "somebody leaves")
run, _ = reissue(vault, policy_with(vault, mfa=["custodian-m2", "custodian-m3"]), old[:2])
same(run.rc, 0, "and their group gets new cards without them")
run = vault.run("person", "add", "custodian-p9", "--name", "CUSTODIAN  M1", "--role", "custodian",
                "--confirm", ORIGIN, "--sheets", vault.folder / "wallet-p9", given=answers())
same(run.rc, 0, "they come back under another id")
entries = len(vault.log())
members = ["custodian-p1", "custodian-p2", "custodian-p3", "custodian-p9"]
for what, run in (("a re-issue", reissue(vault, policy_with(vault, password=members), password[:2],
                                         "password")[0]),
                  ("a re-key", rekey(vault, policy_with(vault, password=members),
                                     password[:2] + old[1:])[0])):
    check(run.rc == 4 and "custodian-p9 has the name of custodian-m1" in run.error
          and "card 4 of the MFA group is not destroyed" in run.error,
          f"{what} does not put them into the other group", str(run))
same(len(vault.log()), entries, "and nothing is written")
same(vault.act("card", "destroy", 4, "--witness", "witness-1").rc, 0, "their card is destroyed")
run, _ = reissue(vault, policy_with(vault, password=members), password[:2], "password")
same(run.rc, 0, "then they may be in it")

finish()
