"""No operator's badge is left: both quorums take the log over (docs/ceremonies/takeover.md)."""
import harness as h
from harness import ACCOUNT, Vault, answers, check, keep_secret, same

NEW = "five green bottles on a wall"
ORIGIN = "example.com/practice"
keep_secret(NEW)


def by(person, passphrase, **more):
    return {"operator": person, "badges": {person: passphrase}, **more}


def takeover(vault, *cards, who=("witness-1",), given=None, confirm=ORIGIN, **more):
    people = [word for person in who for word in ("--operator", person)]
    given = given if given is not None else {"badges": {who[0]: NEW}}
    return vault.run("--json", "log", "takeover", *people, "--confirm", confirm,
                     *[card.text() for card in cards], given=given, **more)


def main():
    h.start()
    h.need("pdftotext")
    vault = Vault()
    p, m = vault.group("password"), vault.group("mfa")

    before = len(vault.log())
    run = takeover(vault, p[0], p[1], m[0])
    same(run.rc, 3, "without a quorum of both groups: exit 3")
    check("nobody could write this into the log" in run.error, "and it says that the log has "
          "nothing of it", run.error)
    same(run.json["missing"], {"password": 0, "mfa": 1}, "and what is missing")
    same(len(vault.log()), before, "and nothing is written")

    other = Vault()
    run = takeover(vault, p[0], p[1], m[0], other.group("mfa")[1])
    same((run.rc, h.verdicts(run)), (4, ["accepted"] * 3 + ["other-vault"]),
         "another vault's card is named and refused")
    for confirm, who, what in (("example.com/other", ("witness-1",), "another vault's name"),
                               (ORIGIN, ("nobody",), "somebody unknown"),
                               (ORIGIN, ("witness-1", "witness-1"), "one person twice")):
        same(takeover(vault, *p[:2], *m[:2], who=who, confirm=confirm).rc, 2, f"{what}: exit 2")
    same(takeover(vault, *p[:2], *m[:2], given={}).rc, 2,
         "words are generated only if they can be handed out")
    same(len(vault.log()), before, "and nothing is written by any of them")

    run = takeover(vault, p[0], p[2], m[1], m[2])
    check(run.rc == 0, "both quorums take the log over", str(run))
    same([o["id"] for o in run.json["operators"]], ["witness-1"], "the operators are those named")
    entries = vault.log()[before:]
    same([e["event"] for e in entries if e["epoch"] == entries[0]["epoch"]],
         ["session-opened", "exception", "intent"] + ["card-accepted"] * 4
         + ["log-taken-over", "badge-issued", "outcome", "checkpoint-key"], "it is one commit")
    same([e["event"] for e in vault.run("--json", "log", "show", "--person", "witness-1", "--event",
                                        "log-taken-over").json["entries"]], ["log-taken-over"],
         "and what the log says of them has it")
    same({e["actor"] for e in entries}, {"witness-1"}, "by the first of the new operators")
    verified = vault.run("--json", "log", "verify")
    same((verified.rc, verified.json["faults"]), (0, []), "the log verifies clean")

    run = vault.open(*[c.text() for c in p[:2] + m[:2]], given=answers())
    same(run.rc, 4, "the former operator's badge opens nothing")
    run = vault.open(*[c.text() for c in p[:2] + m[:2]], given=by("witness-1", NEW))
    same(run.rc, 0, "the same cards open the vault with the new badge")
    same(run.secret["password"], vault.password, "and the password is the same")
    keys = vault.events("log-taken-over")[0]["values"]["operator"]
    check(keys[0].startswith(f"witness-1 {ORIGIN}/witness-1+"), "the log has the new key", keys[0])

    # The same person may get a new badge; words are generated where none are given.
    run = takeover(vault, *p[:2], *m[:2], who=("operator-1", "custodian-m1"),
                   given={"badges": {"custodian-m1": PASS_M}}, release=True)
    same(run.rc, 0, "two new operators, one with generated words")
    words = run.secret["badges"]["operator-1"]
    keep_secret(words)
    same(vault.run("card", "prove", p[0].text(), given=answers()).rc, 4,
         "their former badge is void")
    for who, phrase, rc in (("operator-1", words, 0), ("custodian-m1", PASS_M, 0),
                            ("witness-1", NEW, 4)):
        same(vault.run("card", "prove", p[0].text(), given=by(who, phrase)).rc, rc,
             f"{who}: exit {rc}")
    same(vault.run("log", "verify").rc, 0, "the log verifies clean")
    h.finish()


PASS_M = "a custodian who also operates"
keep_secret(PASS_M)
main()
