"""Accounts: listed, added, changed, closed; what is no account is refused, and nothing is written."""
from harness import *

start()
vault = Vault()


def add(account, *more, name="Second", email="second@example.com"):
    return vault.act("account", "add", account, "--name", name, "--email", email, *more)


def refused(what, run, words):
    before = len(vault.log())
    check(run.rc == 2 and words in run.error, f"{what}: refused", str(run))
    same(len(vault.log()), before, f"{what}: and nothing is written")


# What a founding left.
rows = vault.run("--json", "account", "list").json["accounts"]
same([(r["account"], r["name"], r["email"], r["strategy"], r["closed"]) for r in rows],
     [(ACCOUNT, "Account 0", "root+0@example.com", "vaulted", False)], "the founding's account")
same([(i["kind"], i["serial"], i["generation"], i["state"], i["confirmed"]) for i in rows[0]["items"]],
     [("password", 1, 1, "current", False), ("totp", 2, 1, "current", False)], "and its items")
times = {e["time"] for e in vault.events("item-sealed")}
check({i["sealed"] for i in rows[0]["items"]} == times, "sealed when the log says")
same(vault.run("account", "list").rc, 0, "the list needs no badge")

# Added.
run = add("210987654321", "--strategy", "removed")
same((run.rc, run.json), (0, {"account": "210987654321"}), "an account is added")
same([e["values"] for e in vault.events("account-added")][-1],
     {"account": "210987654321", "name": "Second", "email": "second@example.com",
      "strategy": "removed"}, "and the log has it")
same(add("sandbox-7", name="Caf\u00e9 \u2713", email="cafe@example.com").rc, 0,
     "an id that is not of AWS, a name in UTF-8")
refused("an id that the vault has", add("210987654321", email="other@example.com"), "has it already")
refused("an address of another account", add("210987654322", email="Root+0@EXAMPLE.com"),
        f"that of account {ACCOUNT}")
for what, account, more in [
        ("eleven digits", "21098765432", {}), ("thirteen digits", "2109876543210", {}),
        ("an id in capitals", "Account-1", {}), ("an id with a blank", "a b", {}),
        ("an id of 33 characters", "a" * 33, {}), ("an empty name", "account-2", {"name": ""}),
        ("a name of 51 characters", "account-2", {"name": "n" * 51}),
        ("a name with a blank at its end", "account-2", {"name": "n "}),
        ("a name that moves the cursor", "account-2", {"name": "n\x1b[2J"}),
        ("an address without a dot", "account-2", {"email": "root@example"}),
        ("an address of 65 characters", "account-2", {"email": "r" * 53 + "@example.com"}),
        ("two addresses", "account-2", {"email": "a@b.com,c@d.com"})]:
    refused(what, add(account, **more), "account")
refused("a strategy that is none", add("account-2", "--strategy", "printed", email="a2@example.com"),
        "strategy")
refused("no name", vault.act("account", "add", "account-2", "--email", "a2@example.com"), "--name")
same(vault.run("account", "add", "account-2", "--name", "n", "--email", "a2@example.com").rc, 2,
     "without a badge nothing is added")

# Changed, as it was at AWS.
def change(account, *more):
    return vault.act("account", "change", account, *more)


def listed(account):
    row = next(r for r in vault.run("--json", "account", "list").json["accounts"] if r["account"] == account)
    return row["name"], row["email"], row["strategy"]


run = change(ACCOUNT, "--email", "aws@new.example")
same((run.rc, run.json), (0, {"account": ACCOUNT}), "an account gets another address")
same([e["values"] for e in vault.events("account-changed")],
     [{"account": ACCOUNT, "email": "aws@new.example"}], "and the log has what changed")
same(listed(ACCOUNT), ("Account 0", "aws@new.example", "vaulted"), "the view has it, and the rest as it was")
missing = [r["text"] for r in vault.run("--json", "status").json["rows"] if "in no mailbox" in r["text"]]
check("aws@new.example" in missing[0] and "root+0@" not in missing[0], "status judges by it", str(missing))
refused("its address for another account", add("222222222222", email="AWS@new.example"),
        f"that of account {ACCOUNT}")
run = change("210987654321", "--name", "Second, \u2713", "--email", "aws@new.example", "--strategy", "vaulted")
refused("another account's address", run, f"that of account {ACCOUNT}")
run = change("210987654321", "--name", "Second, \u2713", "--email", "Second@example.com", "--strategy", "vaulted")
same((run.rc, listed("210987654321")), (0, ("Second, \u2713", "Second@example.com", "vaulted")),
     "all three, and its own address in another case")
same(change("210987654321", "--name", "Second", "--strategy", "vaulted").rc, 0, "one of two is another one")
same(vault.events("account-changed")[-1]["values"], {"account": "210987654321", "name": "Second"},
     "and the log has that one")
for what, more, words in [
        ("a change of nothing", ("--name", "Second", "--strategy", "vaulted"), "nothing of it"),
        ("no options", (), "--name, --email or --strategy"),
        ("an empty name", ("--name", ""), "the name"),
        ("a name of 51 characters", ("--name", "n" * 51), "the name"),
        ("a name that moves the cursor", ("--name", "n\x1b[2J"), "the name"),
        ("an address without a dot", ("--email", "root@example"), "e-mail"),
        ("a strategy that is none", ("--strategy", "printed"), "--strategy")]:
    refused(what, change("210987654321", *more), words)
refused("a founding's strategy, as it is", change(ACCOUNT, "--strategy", "vaulted"), "nothing of it")
refused("a change of what is not there", change("account-9", "--name", "n"), "none of that id")
same(vault.run("account", "change", ACCOUNT, "--name", "n").rc, 2, "without a badge nothing is changed")

# Closed.
run = vault.act("account", "close", "210987654321", "--reason", "sold to example.org")
same((run.rc, run.json), (0, {"account": "210987654321"}), "an account is closed")
rows = vault.run("--json", "account", "list").json["accounts"]
same([(r["account"], r["closed"]) for r in rows],
     [(ACCOUNT, False), ("210987654321", True), ("sandbox-7", False)], "and marked so")
check(", closed 20" in vault.run("account", "list").out, "in the table too")
refused("closing it again", vault.act("account", "close", "210987654321", "--reason", "x"), "closed already")
refused("changing it then", change("210987654321", "--name", "x"), "it is closed")
same(change("sandbox-7", "--email", "second@example.com").rc, 0, "the address that it had is free")
refused("closing what is not there", vault.act("account", "close", "account-9", "--reason", "x"), "none of that id")
refused("closing without a reason", vault.act("account", "close", ACCOUNT, "--reason", ""), "--reason")
refused("a closed account's id", add("210987654321"), "has it already")
for words in ((), ("forget",), ("list", "x"), ("close",), ("add",), ("change",)):
    same(vault.run("account", *words).rc, 2, f"account {' '.join(words)}: usage")
verified = vault.run("--json", "log", "verify").json
same(verified["faults"], [], "the log is whole")
check(foreign_verdict(vault) in ([], None), "to a verifier that is not ours, too")
finish()
