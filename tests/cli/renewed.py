"""What the tests of a group's new cards share."""
from harness import foreign_verdict, same


def opens(vault, cards):
    run = vault.open(*[c.text() for c in cards], show="password")
    return run.rc == 0 and run.secret["password"] == vault.password


def states(vault):
    """serial -> state, of all cards."""
    return {row["serial"]: row["state"] for row in vault.run("--json", "card", "list").json["cards"]}


def whole(vault, what):
    run = vault.run("--json", "log", "verify")
    same((run.rc, run.json["faults"], foreign_verdict(vault) or []), (0, [], []),
         f"the log is whole {what}, to our verifier and the other one")
