"""Who was there, who cosigned, and the minutes of it: in the log and on paper."""
import hashlib
import subprocess

from harness import *

start()
need("pdftotext")


def closed(vault):
    return vault.events("session-closed")[-1]["values"]


def prove(vault, **given):
    return vault.run("--json", "card", "prove", vault.cards[0].text(), given=answers(**given))


vault = Vault(given=found_answers(present=["custodian-p1", "witness-1"]))
same(vault.events("session-opened")[0]["values"]["present"],
     ["custodian-p1", "operator-1", "witness-1"], "who was there at a founding is in the log")
same(prove(vault, present=["custodian-m1", "operator-1"]).rc, 0, "and at a session")
same(vault.events("session-opened")[-1]["values"]["present"], ["custodian-m1", "operator-1"],
     "each once")
same(closed(vault)["present"], ["custodian-m1", "operator-1"], "at its close too")
run = prove(vault, present=["nobody-1"])
same((run.rc, "present" in run.error), (2, True), "a stranger is refused")
run = prove(vault, present=["custodian-m1 custodian-m2"])
same(run.rc, 0, "several in one text are taken")
run = prove(vault, exceptions=[{"step": "step 4", "expected": "a whole seal",
                                "happened": "a torn one", "decided": "the card was proved"}])
same(run.rc, 0, "an exception is taken")

run = vault.run("--json", "session", "minutes")
minutes = run.out.encode()
same(hashlib.sha256(minutes).hexdigest(), closed(vault)["minutes"],
     "the minutes are those whose digest the log has")
same(run.json["ceremony"], "prove", "of the last session")
run = vault.run("session", "minutes", "--sheets", vault.folder / "minutes")
sheet = next((vault.folder / "minutes").glob("minutes-*.pdf"))
text = subprocess.run(["pdftotext", "-layout", sheet, "-"], stdout=subprocess.PIPE, text=True).stdout
for words in ("step 4", "a torn one", "operator-1", "card 1 is read back", "Example"):
    check(words in text, f"the sheet says {words}", text)
size = int(sheet.stem.split("-")[1])
same(size, len(vault.log()), "its name is the log's size")
same(vault.run("session", "minutes", "--sheets", vault.folder / "minutes").rc, 1,
     "a sheet is never written over another")
same(vault.run("session", "shut").rc, 2, "another verb is refused")

# More badges than the operator's, as the policy asks.
two = Vault(policy(cosignatures=2),
            found_answers(badges={"operator-1": PASSPHRASE, "custodian-p1": "another long phrase"}))
exceptions = lambda: [e["values"]["expected"] for e in two.events("exception")]
same(exceptions(), [], "two badges cosign a founding that wants two")
both = {"operator-1": PASSPHRASE, "custodian-p1": "another long phrase"}
same(prove(two, badges=both).rc, 0, "and a session")
check("2 cosignatures" not in exceptions(), "which is then no exception")
same(prove(two, badges={**both, "custodian-p1": "a wrong long phrase"}).rc, 4,
     "a wrong passphrase of a cosigner is refused")
same(prove(two).rc, 0, "one badge alone closes the session")
check("2 cosignatures" in exceptions(), "and is an exception")
same(two.run("--json", "log", "verify").json["faults"], [], "the log is without fault")

finish()
