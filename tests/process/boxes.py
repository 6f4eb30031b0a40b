"""Deposits that an honest program would not make, signed by an honest log: a box of another
account, generation or kind, for another key (as one of a former generation is), without padding or
tag, and with a password that would write on the screen. Each is refused by name at the opening,
which goes on with the item before it.

usage: boxes.py QUORATE SHIM"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli"))
SHIM = os.path.abspath(sys.argv.pop())
from harness import *  # noqa: E402

start()
need("pdftotext")
PASSWORD = "correct-Horse7battery@staple"
keep_secret(PASSWORD)
OTHER = "it was sealed for another item"
SPOILED = {"account": OTHER, "generation": OTHER, "kind": OTHER, "tag": OTHER,
           "key": "the key of this vault does not open it", "padding": "what is in it is not padded",
           "screen": "what is in it is no password"}

vault = Vault()
files = [c.text() for c in vault.group("password")[:2] + vault.group("mfa")[:2]]
serials = {}
for how in [None, *SPOILED]:
    if how:
        os.environ.update(LD_PRELOAD=SHIM, QRT_TEST_BOX=how)
    run = vault.run("--json", "deposit", ACCOUNT, "--kind", "password",
                    given=answers(accounts={ACCOUNT: {"password": PASSWORD}}))
    for name in ("LD_PRELOAD", "QRT_TEST_BOX"):
        os.environ.pop(name, None)
    same(run.rc, 0, f"deposited, {how or 'honest'}")
    serials[how] = run.json["serial"]
honest = serials.pop(None)
run = vault.open(*files, show="password", given=answers(
    deposits={"all": "adopt", str(honest): "wait"}))
same((run.rc, run.secret["password"]), (0, vault.password), "the opening goes on with the old item")
found = {d["serial"]: (d["result"], d.get("reason")) for d in run.json["deposits"]}
for how, reason in SPOILED.items():
    same(found[serials[how]], ("refused", reason), f"{how}: refused by name")
same({e["values"]["reason"] for e in vault.events("deposit-refused")}, set(SPOILED.values()), "and logged")
run = vault.open(*files, show="password", given=answers(deposits={"all": "adopt"}))
same((run.rc, run.secret["password"]), (0, PASSWORD), "control: the honest one is adopted")
same(vault.run("--json", "log", "verify").json["faults"], [], "the log is whole")
check(foreign_verdict(vault) in ([], None), "to a verifier that is not ours, too")
finish()
