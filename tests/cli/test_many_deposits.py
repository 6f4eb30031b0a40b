"""A vault that lives with a thousand accounts: founded with one, the others imported, secrets of
many deposited, all adopted by one opening. The bounds are generous: they catch what grows faster
than the accounts."""
from harness import *

start()
need("pdftotext")
COUNT, DEPOSITS = 1000, 150
MANAGEMENT = "210987654321"


def timed(what, bound_s, act):
    begun = time.monotonic()
    run = act()
    seconds = time.monotonic() - begun
    print(f"        {what}: {seconds:.2f} s")
    check(run.rc == 0 and seconds < bound_s, f"{what}, within {bound_s} s", str(run)[:300])
    return run


vault = Vault()
ids = [str(int(ACCOUNT) + i) for i in range(COUNT)]
listed = [{"Id": i, "Arn": f"arn:aws:organizations::{MANAGEMENT}:account/o-exampleorg1/{i}",
           "Name": f"Account {i}", "Email": f"aws+{i}@example.com", "Status": "ACTIVE",
           "JoinedTimestamp": 1481835795.5} for i in ids]
file = vault.write("list.json", json.dumps({"Accounts": listed}))
run = timed(f"{COUNT - 1} accounts are imported", 60,
            lambda: vault.act("account", "import", file, "--strategy", "vaulted"))
same(len(run.json["added"]), COUNT - 1, "all but the one that was there")
given = {}
begun = time.monotonic()
for account in ids[-DEPOSITS:]:
    run = vault.run("--json", "deposit", account, "--kind", "password", release=True,
                    given=answers(accounts={account: {"password": None}}))
    if run.rc != 0:
        check(False, "a deposit", str(run))
    given[account] = run.secret["accounts"][account]["password"]
print(f"        one deposit of {DEPOSITS}: {(time.monotonic() - begun) / DEPOSITS:.2f} s")
keep_secret(*given.values())
files = [c.text() for c in vault.group("password")[:2] + vault.group("mfa")[:2]]
last = ids[-1]
run = timed(f"an opening adopts {DEPOSITS} deposits", 60, lambda: vault.open(
    *files, account=last, show="password", given=answers(deposits={"all": "adopt"})))
same(run.secret["password"], given[last], "and shows one of them")
same({d["result"] for d in run.json["deposits"]}, {"adopted"}, "all of them are adopted")
run = timed("an opening afterwards", 60, lambda: vault.open(*files, account=ids[-2], show="password"))
same(run.secret["password"], given[ids[-2]], "gives another")
run = timed("the list of all", 60, lambda: vault.run("--json", "account", "list"))
same((len(run.json["accounts"]), sum(len(a["items"]) for a in run.json["accounts"])),
     (COUNT, DEPOSITS + 2), "is whole")
run = timed("log verify", 60, lambda: vault.run("--json", "log", "verify"))
same(run.json["faults"], [], "the log is whole")
check(foreign_verdict(vault) in ([], None), "to a verifier that is not ours, too")
finish()
