"""A vault of many accounts: founded by script, and one of them opened."""
import time

from harness import *

start()
need("pdftotext")

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
finish()
