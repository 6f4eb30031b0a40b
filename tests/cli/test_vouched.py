"""An export made while a session lasts: the newest checkpoint that enough people cosigned vouches
for what stands before it, and what one badge wrote behind it is told, by every verifier alike."""
import shutil

import foreign
import verify_page
from harness import *

start()
need("pdftotext", "openssl")
OWN = "eleven slow trains at night"
BADGES = {"operator-1": PASSPHRASE, "custodian-p1": OWN, "custodian-m1": OWN + "?"}
keep_secret(*BADGES.values())
THREE = list(BADGES)

vault = Vault(rules=policy(cosignatures=3), given=found_answers(badges=BADGES))
card = vault.cards[0].text()


def prove(**more):
    return vault.run("--json", "card", "prove", card, given=answers(**more)).rc


def export(name):
    same(vault.run("log", "export", vault.folder / name, "--openssl").rc, 0, f"export: {name}")
    return vault.folder / name


def keys(where, *people):
    lines = (where / "people.vkeys").read_text().splitlines(True)
    return vault.write("keys-" + "-".join(people), "".join(
        line for line in lines for person in people if f"/{person}+" in line))


def told(where, people, vouched, size, behind):
    """What each verifier says of an export whose first entries alone are vouched for."""
    run = quorate("--json", "log", "verify", where, "--people", people)
    same((run.rc, run.json["faults"], run.json.get("vouched"), run.json["entries"]), (0, [], vouched, size),
         f"{where.name}: {vouched} of {size} entries are vouched for")
    notices = [n for n in run.json["notices"] if "not vouched for" in n["notice"]]
    same([(n["index"], f"{size - vouched} entries" in n["notice"]) for n in notices],
         [(vouched, True)] if behind else [], "and where the others begin is told")
    text = quorate("log", "verify", where, "--people", people).out
    check(f"{vouched} of {size} entries are vouched for by the people given" in text and
          ("so do entries that one badge wrote alone" in text) == behind, "in words, too", text)
    for name, line in judges.items():
        done = subprocess.run(line(where, people), capture_output=True, text=True)
        check(done.returncode == 0 and f"{vouched} of {size} entries are vouched for by" in done.stdout and
              ("what one badge wrote alone" in done.stdout) == behind, f"{name} says the same",
              done.stdout + done.stderr)
    if verify_page.has_go():
        said = verify_page.run(where, people, f"{size} x")
        check(f"step 3: {vouched} of {size} entries are vouched for" in said and "FAULT: no" not in said,
              "and so does VERIFY.txt", said[-600:])


def fault(where, people, what, of=3):
    run = quorate("--json", "log", "verify", where, "--people", people)
    check(run.rc == 5 and run.json.get("vouched") == 0 and any(
        "no checkpoint is cosigned by as many" in f["fault"] for f in run.json["faults"]), what, str(run))
    for name, line in judges.items():
        done = subprocess.run(line(where, people), capture_output=True, text=True)
        check(done.returncode == 1 and f"no checkpoint has {of} cosignatures" in done.stdout, f"{name}, too",
              done.stdout + done.stderr)
    if verify_page.has_go():
        check(f"FAULT: no checkpoint is cosigned by {of} of these people" in verify_page.run(where, people, "1 x"),
              "and VERIFY.txt")


judges = foreign.verifiers()
same(prove(badges=BADGES, present=THREE[1:]), 0, "three people sign a close")
closed = len(vault.log())
whole = export("closed")
three = keys(whole, *THREE)
told(whole, three, closed, closed, False)
fault(whole, keys(whole, *THREE[:2]), "two people of three vouch for nothing")

same(vault.run("--json", "session", "open", given=answers(present=THREE[1:])).rc, 0, "a session that lasts")
same(prove(), 0, "in which the operator acts alone")
lasting = export("lasting")
told(lasting, three, closed, len(vault.log()), True)
fault(lasting, keys(whole, "operator-1"), "the operator's key alone vouches for nothing there")
run = quorate("log", "verify", lasting, "--people", keys(whole, *THREE, "witness-1"))
check(run.rc == 0 and "not vouched for" in run.out, "somebody who never signs changes nothing", str(run))

# What the holder of the laptop and of one badge can add: it is not vouched for, and said so.
tail = vault.folder / "tail"
shutil.copytree(lasting, tail)
bundle = next((tail / "tile/entries/000.p").iterdir())
data = bytearray(bundle.read_bytes())
data[data.rindex(b"salt ") + 5] ^= 1
bundle.write_bytes(data)
run = quorate("--json", "log", "verify", tail, "--people", three)
check(run.rc == 5 and run.json.get("vouched") == 0, "of a log with a fault nothing is vouched for", str(run))
check("Of a log with faults nothing is vouched for." in quorate("log", "verify", tail, "--people", three).out,
      "in words, too")

same(vault.run("--json", "session", "close", given=answers(badges=BADGES)).rc, 0, "the session ends")
after = export("after")
told(after, three, len(vault.log()), len(vault.log()), False)

# Another badge: paper may have the key from before, the one since, or both.
before = len(vault.log())
BADGES["custodian-p1"] = OWN + "!"
keep_secret(BADGES["custodian-p1"])
same(vault.run("badge", "new", "custodian-p1", "--reason", "forgotten", given=answers(badges=BADGES)).rc, 0,
     "somebody gets another badge")
same(prove(badges=BADGES, present=THREE[1:]), 0, "and signs with it")
anew, size = export("anew"), len(vault.log())
both = keys(anew, *THREE).read_text().splitlines(True)
own = [line for line in both if "/custodian-p1+" in line]
same(len(own), 2, "the export has both keys")
for what, left, vouched in (("both", "", size), ("the one since", own[0], size), ("the one before", own[1], before)):
    told(anew, vault.write("paper", "".join(line for line in both if line != left)), vouched, size, vouched < size)
finish()
