"""A vault of many accounts: founded by script, and one of them opened. One of as many operators as can be."""
import time

from harness import *

start()
need("pdftotext", "pdftoppm", "zbarimg")

COUNT = 1000
begun = time.monotonic()
vault = Vault(policy(accounts=COUNT))
print(f"        {COUNT} accounts founded in {time.monotonic() - begun:.2f} s")
same(len(vault.generated["accounts"]), COUNT, f"{COUNT} passwords are generated")
same(len({a["password"] for a in vault.generated["accounts"].values()}), COUNT, "no two alike")
files = [c.text() for c in vault.group("password")[:2] + vault.group("mfa")[:2]]
for number in (0, 499, 999):
    account = str(int(ACCOUNT) + number)
    begun = time.monotonic()
    run = vault.open(*files, account=account)
    print(f"        one of {COUNT} opened in {time.monotonic() - begun:.3f} s")
    same((run.rc, run.secret["password"]),
         (0, vault.generated["accounts"][account]["password"]), f"account {number + 1} opens")
alone = Vault()
files = [c.text() for c in alone.group("password")[:2] + alone.group("mfa")[:2]]
begun = time.monotonic()
same(alone.open(*files).rc, 0, "the one account of another vault opens")
print(f"        one of one opened in {time.monotonic() - begun:.3f} s")
same(vault.run("--json", "log", "verify").json["faults"], [], "and the log is whole")

# Each operator has a wrap of log.key, and a re-key that is pending two more.
OPERATORS = 63
rules = policy()
rules["people"] += [{"id": f"operator-{i}", "name": f"Operator {i}", "roles": ["operator"]}
                    for i in range(2, OPERATORS + 2)]
path = alone.write("too-many.json", json.dumps(rules))
run = quorate("init", "--policy", path, "--sheets", work / "too-many", vault=work / "none", answers=found_answers(),
              release=True)
same((run.rc, f"{OPERATORS + 1} operators, not {OPERATORS} at most" in run.error), (2, True),
     "one operator too many is refused by the policy")
rules["people"].pop()
vault = Vault(rules)
files = [c.text() for c in vault.group("password")[:2] + vault.group("mfa")[:2]]
run = vault.run("--json", "rekey", "--reason", "x", "--confirm", rules["vault"], "--sheets", vault.folder / "new", *files,
                given=answers())
check(run.rc == 0 and run.json["unproved"] == 6, f"a vault of {OPERATORS} operators is re-keyed", str(run))
new = [Card(vault, row) for row in run.json["cards"]]
same(vault.act("card", "prove", *[vault.write(f"new-{c.serial}.txt", c.code) for c in new]).rc, 0, "its new cards are proved")
same(vault.open(*[c.text() for c in new[:2] + new[3:5]]).rc, 0, "and open")
finish()
