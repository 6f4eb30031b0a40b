"""A vault of 1,000 accounts and 16 + 16 cards founded, re-keyed, its new cards proved, opened.
usage: rekey.py QUORATE DIRECTORY

QUORATE draws nothing (plain_print.c). Prints what each took, in microseconds."""
import json
import os
import pathlib
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "years"))

from world import words_of  # noqa: E402

ACCOUNTS, MEMBERS, THRESHOLD = 1000, 16, 5
quorate = os.path.abspath(sys.argv[1])
os.makedirs(sys.argv[2])
os.chdir(sys.argv[2])
people = [{"id": "operator-1", "name": "Operator One", "roles": ["operator"]}]
groups = {}
for group, letter in (("password", "p"), ("mfa", "m")):
    ids = [f"custodian-{letter}{i + 1}" for i in range(MEMBERS)]
    people += [{"id": i, "name": i.title(), "roles": ["custodian"]} for i in ids]
    groups[group] = {"threshold": THRESHOLD, "custodians": ids}
accounts = [f"{123456000000 + i}" for i in range(ACCOUNTS)]
pathlib.Path("policy.json").write_text(json.dumps({
    "vault": "example.com/bench", "organization": "Example", "practice": True, "people": people,
    "groups": groups,
    "accounts": [{"id": i, "name": f"Account {i}", "email": f"root+{i}@example.com"} for i in accounts]}))
start = {"operator": "operator-1", "confirm": "example.com/bench",
         "badges": {"operator-1": "correct horse battery"}}
secrets = {i: {"password": f"Correct-Horse-{i}", "totp": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"} for i in accounts}


def run(*args, **more):
    """Its time, and what it gave."""
    with open("answers.json", "w", encoding="ascii") as file:
        json.dump({**start, **more}, file)
    begun = time.monotonic()
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" --vault vault --no-input --quiet --answers-fd 3 --secrets-fd 4 "$@" '
         '3<answers.json 4>given.json', quorate, *map(str, args)], stdout=subprocess.DEVNULL, check=True)
    return round(1e6 * (time.monotonic() - begun)), pathlib.Path("given.json").read_text()


def cards(folder):
    files = []
    for sheet in sorted(pathlib.Path(folder).glob("card-*.pdf")):
        files.append(sheet.with_suffix(".txt"))
        files[-1].write_text(words_of(sheet) + "\n")
    assert len(files) == 2 * MEMBERS
    return files


def quorum(files):
    return files[:THRESHOLD] + files[MEMBERS:MEMBERS + THRESHOLD]


times = [run("init", "--policy", "policy.json", "--sheets", "sheets", accounts=secrets)[0]]
old = cards("sheets")
times.append(run("rekey", "--reason", "a card was copied", "--sheets", "new", *quorum(old))[0])
new = cards("new")
times.append(run("card", "prove", *new)[0])
took, given = run("open", accounts[-1], "--purpose", "close-account", "--show", "password", *quorum(new))
assert json.loads(given)["password"] == secrets[accounts[-1]]["password"]
print(*times, took)
