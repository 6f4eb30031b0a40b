"""Adoption: what becomes of deposits at an opening; what is confirmed, and what is deleted then."""
import hashlib
import shutil
import sqlite3

from harness import *

start()
need("pdftotext", "oathtool")
NEW = ["correct-Horse7battery@staple", "second-Horse7battery@staple", "third-Horse7battery@staple"]
SECOND_SEED = "KRSXG5CTMVRXEZLUKN2HE2LOM5ZQ2345"
keep_secret(SECOND_SEED, *NEW)


def quorum(vault):
    return [c.text() for c in vault.group("password")[:2] + vault.group("mfa")[:2]]


def deposit(vault, kind="password", account=ACCOUNT, given=None, **credential):
    run = vault.run("--json", "deposit", account, "--kind", kind,
                    given=(given or answers)(accounts={account: credential}))
    same(run.rc, 0, f"a {kind} of {account} is deposited")
    return run.json["serial"]


def items(vault, account=ACCOUNT):
    rows = vault.run("--json", "account", "list").json["accounts"]
    found = next(r for r in rows if r["account"] == account)["items"]
    return [(i["kind"], i["serial"], i["state"], i["confirmed"]) for i in found]


def results(run):
    return [(d["serial"], d["result"], d.get("reason")) for d in run.json["deposits"]]


def ciphertexts(vault, where="1"):
    with sqlite3.connect(vault.path / "vault.sqlite") as db:
        return {d.hex(): bytes(b) for d, b in
                db.execute(f"SELECT digest, body FROM document WHERE kind IN ('item', 'deposit') AND {where}")}


def whole(vault, what):
    run = vault.run("--json", "log", "verify")
    same((run.rc, run.json["faults"]), (0, []), f"{what}: the log is whole")
    check(foreign_verdict(vault) in ([], None), f"{what}: to a verifier that is not ours, too")


vault = Vault(policy(accounts=2))
other = str(int(ACCOUNT) + 1)
files = quorum(vault)
before = ciphertexts(vault)
same(vault.open(*files).json["deposits"], [], "an opening without deposits")
deposit(vault, password=NEW[0])                     # 5
deposit(vault, "totp", totp=SECOND_SEED)            # 6
deposit(vault, account=other, password=NEW[1])      # 7
boxes = ciphertexts(vault, "kind = 'deposit'")

# Nobody says anything: all wait, and the former is given.
run = vault.open(*files)
same((run.rc, run.secret["password"]), (0, vault.password), "undecided, the item before is shown")
same(results(run), [(5, "waits", None), (6, "waits", None), (7, "waits", None)], "and all wait")
check(f"password of account {ACCOUNT} (Account 0), item 5, deposited by operator-1 on 20" in run.err,
      "who deposited what, and when, is told", run.err)
same(ciphertexts(vault, "kind = 'deposit'"), boxes, "in the vault as before")
for word in ("yes", "Adopt", "refuse "):
    size = len(vault.log())
    run = vault.open(*files, given=answers(deposits={"all": word}))
    check(run.rc == 2 and "deposits.all: " in run.error, f"the answer {word!r}: refused",
          str(run))
    same(len(vault.log()), size, "before anything is written")
same(vault.open(*files, given=answers(deposits={"x": "adopt"})).rc, 2, "an answer for no serial")
for serial in (1, 4, 8, 77):
    run = vault.open(*files, given=answers(deposits={"5": "wait", str(serial): "adopt"}))
    check(run.rc == 2 and f"deposits.{serial}: no deposit of that serial waits" in run.error,
          f"an answer for item {serial}, which is no deposit that waits: refused", str(run))
    same(len(vault.log()), size, "before anything is written")
whole(vault, "undecided")

# One is adopted, one refused, one waits.
run = vault.open(*files, given=answers(deposits={"5": "adopt", "7": "refuse", "all": "wait"}))
same((run.rc, run.secret["password"]), (0, NEW[0]), "adopted, the new password is shown")
same(results(run), [(5, "adopted", None), (6, "waits", None), (7, "refused", "nobody wanted it")], "each as decided")
check("password: item 5, not confirmed yet; the former one, item 1, is kept" in run.err,
      "which is which is said", run.err)
same(items(vault), [("password", 1, "former", False), ("totp", 2, "current", False),
                    ("password", 5, "current", False), ("totp", 6, "deposited", False)], "and listed")
same(items(vault, other), [("password", 3, "current", False), ("totp", 4, "current", False)],
     "what was refused is gone")
sealed = [e for e in vault.events("item-sealed") if "deposit" in e["values"]]
deposited = vault.events("item-deposited")
same([(e["values"]["serial"], e["values"]["supersedes"], int(e["values"]["deposit"])) for e in sealed],
     [("5", "1", deposited[0]["index"])], "the log says which deposit, and what it follows")
same([e["values"] for e in vault.events("deposit-refused")],
     [{"deposit": str(deposited[2]["index"]), "reason": "nobody wanted it"}], "and which was refused")
left = ciphertexts(vault)
same(len(left), len(before) + 2, "in the vault lie the items, the new one, and the one box that waits")
database = (vault.path / "vault.sqlite").read_bytes()
gone = [body for digest, body in boxes.items() if digest not in left]
check(len(gone) == 2 and not any(body in database or body[40:80] in database for body in gone),
      "of the other boxes no trace is left in the file")
whole(vault, "adopted")

# The former stays until the new one is confirmed.
run = vault.open(*files, more=["--former"], show="password")
same((run.rc, run.secret["password"]), (0, vault.password), "--former shows the item before")
check("the former one; item 5 has followed it" in run.err, "and says so")
run = vault.run("--json", "open", ACCOUNT, "--purpose", "drill", "--show", "code", "--former", *files,
                given=answers(), release=True)
check(run.rc == 1 and "no former totp" in run.error, "there is no former seed", str(run))
old = next(body for digest, body in before.items()
           if digest == vault.events("item-sealed")[0]["values"]["ciphertext"])
check(old in database, "the former ciphertext is there")
for what, args in [("of a kind that is none", ("--kind", "note")), ("by a how that is none", ("--kind", "password", "--how", "x")),
                   ("without a kind", ())]:
    same(vault.act("account", "confirm", ACCOUNT, *args).rc, 2, f"confirming {what}: usage")
same(vault.act("account", "confirm", "account-9", "--kind", "password").rc, 2, "nor of no account")
run = vault.act("account", "confirm", ACCOUNT, "--kind", "password", "--how", "console")
same((run.rc, run.json), (0, {"account": ACCOUNT, "kind": "password", "deleted": 1}), "the new one is confirmed")
same(vault.events("credential-confirmed")[-1]["values"],
     {"account": ACCOUNT, "kind": "password", "serial": "5", "how": "accepted at AWS"}, "as AWS took it")
same(vault.events("item-deleted")[-1]["values"]["serial"], "1", "and the former one deleted")
database = (vault.path / "vault.sqlite").read_bytes()
check(old not in database and old[40:80] not in database, "of its ciphertext no trace is left")
same(vault.act("account", "confirm", ACCOUNT, "--kind", "password").rc, 2, "it is confirmed once")
same(vault.open(*files, more=["--former"], show="password").rc, 1, "and there is no former one any more")
same(vault.open(*files, show="password").secret["password"], NEW[0], "the new one opens")
words = vault.write("all-words.txt", "\n\n".join(" ".join(c.words) for c in
                                                 vault.group("password")[:2] + vault.group("mfa")[:2]))
rc, said, trouble = recover(words, vault.path / "vault.sqlite")
if "PyNaCl" in trouble or "nacl" in trouble:
    print("skipped: Python has no module nacl: no recovery by hand")
else:
    same((rc, said[ACCOUNT, "password"], len(said)), (0, [NEW[0]], 4),
         "recover.py gives what is there, and does not miss what was deleted")
same(items(vault)[0], ("totp", 2, "current", False), "the deleted one is not listed")
whole(vault, "deleted")

# Confirmed before it is adopted: nothing is kept beside it. Two deposits of one kind follow each other.
deposit(vault, password=NEW[1])                     # 8
deposit(vault, account=other, password=NEW[0])      # 9
run = vault.open(*files, given=answers(deposits={"all": "adopt"}), show="password")
same((run.rc, run.secret["password"]), (0, NEW[1]), "all are adopted")
check(f"deposit 9, password of {other}: adopted; the same secret serves account {ACCOUNT}" in run.err,
      "a password that another account has is told", run.err)
check(not any("serves" in json.dumps(e) for e in vault.log()), "and stands nowhere in the log")
same(items(vault), [("totp", 2, "former", False), ("password", 5, "former", True),
                    ("totp", 6, "current", False), ("password", 8, "current", False)], "and listed")
deposit(vault, password=NEW[2])                     # 10
run = vault.open(*files, given=answers(deposits={"all": "adopt"}), show="password")
same(run.secret["password"], NEW[2], "a third one is adopted")
run = vault.open(*files, more=["--former"], show="password")
same(run.secret["password"], NEW[1], "the former one is the one before it")
run = vault.act("account", "confirm", ACCOUNT, "--kind", "password")
same(run.json["deleted"], 2, "and all before the confirmed one are deleted")
whole(vault, "a chain")

# An account that had nothing.
same(vault.act("account", "add", "210987654321", "--name", "New", "--email", "new@example.com").rc, 0, "an account comes")
same(vault.open(*files, account="210987654321", show="password").rc, 2, "of which nothing is in custody")
deposit(vault, account="210987654321", password=NEW[0])
run = vault.open(*files, account="210987654321", show="password")
check(run.rc == 1 and "no password is in custody" in run.error, "a deposit that waits is nothing to show", str(run))
run = vault.open(*files, account="210987654321", show="password", given=answers(deposits={"all": "adopt"}))
same(run.secret["password"], NEW[0], "adopted, it is shown at once")
check("supersedes" not in vault.events("item-sealed")[-1]["values"], "and follows nothing")
whole(vault, "a new account")

# Two seeds that AWS took, one after the other; the later one is adopted first.
SEEDS = ["KRSXG5CTMVRXEZLUKN2HE2LOM5ZQ2345", "KRSXG5CTMVRXEZLUKN2HE2LOM5ZQ6767"]
keep_secret(*SEEDS)
for at in SEEDS:
    now = int(time.time())
    codes = [subprocess.run(["oathtool", "--totp", "-b", "-N", f"@{now + step}", at], check=True,
                            capture_output=True, text=True).stdout.strip() for step in (0, 30)]
    later = deposit(vault, "totp", account="210987654321", totp=at, totp_codes=codes)


def seed_of(**more):
    run = vault.run("--json", "open", "210987654321", "--purpose", "drill", "--show", "seed", *more.pop("flags", []),
                    *files, given=answers(confirm="example.com/practice", **more), release=True)
    return run.rc, run.secret["seed"] if run.rc == 0 else run.error, run.err


same(seed_of(deposits={str(later): "adopt"})[:2], (0, SEEDS[1]), "the later one is adopted, the earlier waits")
rc, shown, err = seed_of(deposits={"all": "adopt"})
same((rc, shown, f"item {later}, which it follows, was deposited later, and is kept" in err), (0, SEEDS[0], True),
     "then the earlier one; that it is the earlier one is said")
same(seed_of(flags=["--former"])[:2], (0, SEEDS[1]), "and the later one, which may be the one in use, is not lost")
whole(vault, "an earlier deposit behind a later one")

# Damaged deposits: refused with their names, and the opening goes on.
copy = vault.folder / "copy"
deposit(vault, password=NEW[0])
for what, sql in [("edited", "UPDATE document SET body = zeroblob(length(body)) WHERE kind = 'deposit'"),
                  ("cut", "UPDATE document SET body = substr(body, 1, 90) WHERE kind = 'deposit'"),
                  ("taken out", "DELETE FROM document WHERE kind = 'deposit'")]:
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(vault.path, copy)
    with sqlite3.connect(copy / "vault.sqlite") as db:
        db.execute(sql)
    same(quorate("log", "verify", vault=copy).rc, 5, f"a deposit {what}: tampering, to who verifies")
    run = quorate("--json", "open", ACCOUNT, "--purpose", "drill", "--show", "password", *files, vault=copy,
                  answers=answers(deposits={"all": "adopt"}), release=True)
    same((run.rc, [d["result"] for d in run.json["deposits"]], run.json["deposits"][0]["reason"]),
         (0, ["refused"], "it is missing or damaged"), f"a deposit {what}: refused by name")
    same(run.secret["password"], NEW[2], f"a deposit {what}: the opening goes on with the old item")
    check("deposit" in run.err and "missing or damaged" in run.err, f"a deposit {what}: told")
    check(any(copy.glob("evidence-*")) or any("evidence" in p.name for p in copy.iterdir()),
          f"a deposit {what}: evidence is kept")
    run = quorate("--json", "log", "verify", vault=copy)
    same((run.rc, run.json["faults"]), (0, []), f"a deposit {what}: then the log is whole again")

# Two badges, where it is no practice.
pass2 = "eleven quiet boats at noon"
keep_secret(pass2)
rules = policy(practice=False)
rules["people"].append({"id": "operator-2", "name": "Operator Two", "roles": ["operator"]})
both = {"operator-1": PASSPHRASE, "operator-2": pass2}
strict = Vault(rules, answers(badges=both, confirm=rules["vault"],
                              accounts={ACCOUNT: {"password": None, "totp": SEED}}))
files = quorum(strict)
deposit(strict, password=NEW[0])
run = strict.open(*files, given=answers(deposits={"all": "adopt"}))
same((run.rc, run.secret["password"], results(run)), (0, strict.password, [(3, "waits", None)]),
     "one badge adopts nothing")
check("There is no second badge" in run.err, "and it is said why")
run = strict.open(*files, given=answers(badges=both, deposits={"all": "adopt"}))
same((run.rc, run.secret["password"], results(run)), (0, NEW[0], [(3, "adopted", None)]), "two badges do")
whole(strict, "two badges")
finish()
