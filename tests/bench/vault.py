"""A practice vault of N accounts, and its cards as lines of text.
usage: vault.py QUORATE DIRECTORY ACCOUNTS [small|strong]

DIRECTORY gets vault/, answers.json and cards/*.txt, a line a card; `strong`
makes a vault that is no practice vault, with the KDF's large tuple."""
import json
import os
import pathlib
import subprocess
import sys

quorate, accounts = os.path.abspath(sys.argv[1]), int(sys.argv[3])
strong = sys.argv[4:] == ["strong"]
os.makedirs(sys.argv[2])
os.chdir(sys.argv[2])
people = [{"id": "operator-1", "name": "Operator One", "roles": ["operator"]}]
groups = {}
for group, letter in (("password", "p"), ("mfa", "m")):
    ids = [f"custodian-{letter}{i}" for i in (1, 2, 3)]
    people += [{"id": i, "name": i.title(), "roles": ["custodian"]} for i in ids]
    groups[group] = {"threshold": 2, "custodians": ids}
ids = [f"{123456000000 + i}" for i in range(accounts)]
policy = {"vault": "example.com/bench", "organization": "Example", "people": people,
          "groups": groups,
          "accounts": [{"id": i, "name": f"Account {i}", "email": f"root+{i}@example.com"} for i in ids]}
if strong:
    # What is measured need not be fit for a ceremony.
    policy["machine_exceptions"] = ["swap", "core-pattern", "mlock", "network-interface", "rng",
                                    "spool", "clock", "debugger", "landlock"]
else:
    policy["practice"] = True
pathlib.Path("policy.json").write_text(json.dumps(policy))
start = {"operator": "operator-1", "confirm": "example.com/bench", "badges": {"operator-1": "correct horse battery"}}
seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
answers = {**start, "accounts": {i: {"password": "Correct-Horse-9-Battery", "totp": seed} for i in ids}}
pathlib.Path("answers.json").write_text(json.dumps(start))
with open("init.json", "w", encoding="ascii") as file:
    json.dump(answers, file)
result = subprocess.run(
    ["sh", "-c", '"$0" --vault vault --no-input --answers-fd 3 --secrets-fd 4 --json --quiet '
     'init --policy policy.json --sheets sheets 3<init.json 4>&1 | cat', quorate],
    stdout=subprocess.PIPE, check=True).stdout
os.mkdir("cards")
for pdf in sorted(pathlib.Path("sheets").glob("card-*.pdf")):
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-f", "1", "-l", "1", "-singlefile", pdf, "page"],
                   check=True)
    read = subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", "page.pgm"],
                          stdout=subprocess.PIPE, check=True).stdout.decode()
    line = next(line for line in read.splitlines() if line.startswith("QUORATE1:"))
    (pathlib.Path("cards") / pdf.with_suffix(".txt").name).write_text(line + "\n")
