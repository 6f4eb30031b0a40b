"""What the commands print, and where: the shapes that others script against."""
import os
import re

from harness import *

start()
need("pdftotext")

HEX24 = re.compile(r"[0-9a-f]{24}")


def keys(value):
    return sorted(value)


def founding():
    given = found_answers()
    given["badges"]["custodian-p3"] = "a passphrase of their own"
    keep_secret("a passphrase of their own")
    vault = Vault(given=given)
    result = vault.result
    same(keys(result), ["cards", "checkpoint", "origin", "vault_id"], "init: its keys")
    check(HEX24.fullmatch(result["vault_id"]), "init: vault_id is 24 hex digits")
    same(result["origin"], "example.com/practice", "init: the origin")
    same([(c["serial"], c["group"], c["custodian"], c["member_index"]) for c in result["cards"]],
         [(i + 1, g, f"custodian-{g[0]}{i % 3 + 1}", i % 3)
          for i, g in enumerate(["password"] * 3 + ["mfa"] * 3)], "init: who has which card")
    check(all(keys(c) == ["card", "custodian", "group", "label", "member_index", "serial"]
              for c in result["cards"]), "init: a card's keys")
    check(all(open(c[k], "rb").read(5) == b"%PDF-" for c in result["cards"]
              for k in ("card", "label")), "init: card and label are paths of PDFs")
    check(all(os.stat(c[k]).st_mode & 0o777 == 0o600 for c in result["cards"]
              for k in ("card", "label")), "init: sheets are for their owner alone")
    lines = result["checkpoint"].split("\n")
    check(lines[0] == "example.com/practice" and lines[1].isdigit() and lines[3] == "",
          "init: the checkpoint is a signed note", result["checkpoint"])
    made = vault.generated
    same(keys(made), ["accounts", "badges"], "init: what is generated")
    same(keys(made["badges"]),
         ["auditor-1", "custodian-m1", "custodian-m2", "custodian-m3", "custodian-p1",
          "custodian-p2", "witness-1"], "init: badges are made for who brought none")
    same(len(made["badges"]["auditor-1"].split()), 7, "init: an auditor gets seven words")
    check(all(made["badges"][p].startswith("QUORATE1:K:")
              for p in made["badges"] if p != "auditor-1"),
          "init: custodians and witnesses get a wallet code")
    same(keys(made["accounts"]), [ACCOUNT], "init: the account with a generated password")
    same(keys(made["accounts"][ACCOUNT]), ["password"], "init: that account's keys")
    same(len(vault.password), 24, "init: 24 characters")
    return vault


def cards(vault):
    run = vault.run("--json", "card", "list")
    same(keys(run.json), ["cards"], "card list: its keys")
    same(run.json["cards"][3], {"serial": 4, "group": "mfa", "custodian": "custodian-m1",
                                "generation": 1, "edition": 1, "state": "live", "proved": None,
                                "bag": None, "site": None, "safe": None},
         "card list: a card")
    one = vault.cards[0]
    run = vault.check(one.text())
    same((run.rc, run.json), (0, {"cards": [{"file": str(one.text()), "serial": 1,
                                             "result": "accepted"}]}), "card check: accepted")
    bad = vault.write("noise.txt", "nothing of a card")
    run = vault.check(one.text(), bad)
    same(run.rc, 4, "card check: a refused card is exit 4")
    same(run.json["cards"][1], {"file": str(bad), "serial": None, "result": "refused",
                                "reason": "unreadable"}, "card check: refused")
    before = vault.log()
    same(vault.log(), before, "card check writes nothing")
    run = vault.act("card", "prove", one.text(), bad)
    same((run.rc, verdicts(run)), (4, ["accepted", "unreadable"]), "card prove: both verdicts")
    same([e["values"] for e in vault.events("card-proved")],
         [{"serial": "1", "how": "words", "result": "accepted"}], "card prove: logged")
    same([e["values"] for e in vault.events("card-refused")], [{"reason": "unreadable"}],
         "card prove: the refused one is logged")
    row = vault.run("--json", "card", "list").json["cards"][0]
    same((row["state"], len(row["proved"])), ("live", 20), "card list: proved")
    # Names come back as they were given.
    long = vault.folder / ("a" * 200) / ("b" * 200)
    long.parent.mkdir(parents=True)
    long.write_text(" ".join(one.words))
    same(vault.check(long).json["cards"][0]["file"], str(long), "card check: a long file name")
    accent = vault.write("carte-\u00e9t\u00e9.txt", " ".join(one.words))
    same(vault.check(accent).json["cards"][0]["file"], str(accent), "card check: letters beyond ASCII")


def opening(vault):
    files = [c.text() for c in vault.group("password")[:2] + vault.group("mfa")[:2]]
    run = vault.open(*files, show="password,code,seed",
                     given=answers(confirm="example.com/practice"))
    if not same(run.rc, 0, "open: done"):
        print(run)
        return
    same(keys(run.json), ["account", "cards", "deposits", "index"], "open: its keys")
    same(run.json["account"], ACCOUNT, "open: the account")
    same(verdicts(run), ["accepted"] * 4, "open: its cards")
    intent = vault.log()[run.json["index"]]
    same((intent["event"], intent["values"]),
         ("intent", {"ceremony": "open", "account": ACCOUNT, "purpose": "close-account",
                     "show": ["code", "password", "seed"]}), "open: index is that of the intent")
    same(keys(run.secret), ["account", "code", "code_expires_in_s", "next_code", "password", "seed"],
         "open: what comes on the descriptor")
    same((run.secret["account"], run.secret["password"], run.secret["seed"]),
         (ACCOUNT, vault.password, SEED), "open: password and seed are those of the founding")
    check(re.fullmatch(r"\d{6}", run.secret["code"]) and
          re.fullmatch(r"\d{6}", run.secret["next_code"]), "open: codes are six digits")
    check(1 <= run.secret["code_expires_in_s"] <= 30, "open: the code's seconds")
    same(keys(vault.open(*files, show="code").secret),
         ["account", "code", "code_expires_in_s", "next_code"], "open: the code alone")
    same(keys(vault.open(*files, show="password").secret), ["account", "password"],
         "open: the password alone")
    run = vault.open(*files, show="seed")
    same((run.rc, run.error.split(":")[0], run.given), (2, "confirm", ""),
         "open: the seed wants the vault's name")
    run = vault.open(*files, more=("--ticket", "CHG-1", "--approver", "auditor-1"))
    values = vault.log()[run.json["index"]]["values"]
    same((values["ticket"], values["approver"]), ("CHG-1", "auditor-1"),
         "open: ticket and approver are in the intent")

    run = vault.open(*files[:3])
    same((run.rc, run.json["missing"], run.given), (3, {"password": 0, "mfa": 1}, ""),
         "open: too few cards is exit 3, with what is missing")
    same(keys(run.json), ["cards", "missing"], "open: without a quorum, its keys")
    run = vault.open(*files[:3], files[0])
    same((run.rc, run.json["missing"], verdicts(run)[3], run.given),
         (4, {"password": 0, "mfa": 1}, "duplicate", ""),
         "open: too few and one refused is exit 4")
    run = vault.open()
    same((run.rc, run.json), (3, {"missing": {"password": 2, "mfa": 2}, "cards": []}),
         "open: no card at all is exit 3")
    last = vault.events("outcome")[-1]["values"]
    same((last["result"], last["reason"]), ("refused", "no quorum"), "open: the refusal is logged")
    run = vault.run("open", ACCOUNT, "--purpose", "close-account", "--show", "code", *files[:1],
                    given=answers(), release=True)
    check(run.rc == 3 and "1 more card" in run.out + run.err and "MFA group" in run.out + run.err,
          "open: without --json it says what is missing", str(run))
    run = vault.run("open", ACCOUNT, "--purpose", "close-account", "--show", "code", *files,
                    given=answers(), release=True)
    check(run.rc == 0 and "log verify" in run.out, "open: without --json it names what comes next",
          str(run))


def log(vault):
    run = vault.run("--json", "log", "verify")
    same(run.rc, 0, "log verify: a whole log is exit 0")
    result = run.json
    check({"entries", "epochs", "faults"} <= set(result), "log verify: its keys")
    same(result["faults"], [], "log verify: no fault")
    entries = vault.log()
    same((len(entries), [e["index"] for e in entries]),
         (result["entries"], list(range(result["entries"]))), "log show: every entry, in order")
    same(entries[-1]["epoch"] + 1, result["epochs"], "log verify: the epochs")
    same(keys(entries[0]), ["actor", "epoch", "event", "index", "time", "values"],
         "log show: an entry's keys")
    same(entries[0]["event"], "genesis", "log show: genesis first")
    plain = vault.run("log", "show")
    same(len(plain.out.splitlines()), len(entries), "log show: a line for each entry")
    plain = vault.run("log", "verify").out
    check(f"{result['entries']} entries" in plain and "fault" in plain, "log verify: in words", plain)


def tampered():
    import sqlite3
    vault = Vault()
    file = vault.path / "vault.sqlite"
    with sqlite3.connect(file) as db:
        body = db.execute("SELECT body FROM log_entry WHERE idx = 9").fetchone()[0]
    image = file.read_bytes()
    assert image.count(body) == 1
    file.write_bytes(image.replace(body, body.replace(b"actor operator-1", b"actor operator-2")))
    run = vault.run("--json", "log", "verify")
    same(run.rc, 5, "log verify: tampering is exit 5")
    check(any(f["index"] == 9 and {"index", "epoch", "fault"} <= set(f)
              for f in run.json["faults"]), "log verify: the fault has its index", str(run))


def badges():
    """Whoever is in the badges gets what they bring; a wallet code works."""
    vault = Vault()
    wallet = vault.generated["badges"]["witness-1"]
    again = Vault(given=found_answers() | {"badges": {"operator-1": PASSPHRASE,
                                                      "witness-1": wallet}})
    check("witness-1" not in again.generated["badges"], "init: who brings a wallet card keeps it")
    grouped = wallet[:11] + " " + " ".join(wallet[11:][i:i + 4] for i in range(0, 999, 4)).strip()
    typed = Vault(given=found_answers() | {"badges": {"operator-1": PASSPHRASE,
                                                      "witness-1": grouped}})
    check("witness-1" not in typed.generated["badges"], "init: it may be typed in groups")
    vault = Vault(given={**found_answers(), "badges": {}})
    words = vault.generated["badges"]["operator-1"]
    same(len(words.split()), 7, "init: an operator without a badge gets seven words")
    run = vault.run("--json", "card", "prove", vault.cards[0].text(),
                    given={"operator": "operator-1", "badges": {"operator-1": words}})
    same(run.rc, 0, "the seven words open the operator's badge")
    run = vault.run("--json", "card", "prove", vault.cards[0].text(),
                    given={"operator": "operator-1", "badges": {"operator-1": words + "x"}})
    same(run.rc, 4, "a wrong passphrase is exit 4")


def real_vault():
    """A vault that is no practice one: its name confirmed, a second person."""
    rules = policy(practice=False, second_person=True, cosignatures=2)
    given = found_answers() | {"second": "witness-1"}
    folder = work / "real"
    folder.mkdir()
    (folder / "policy.json").write_text(json.dumps(rules))
    def init(**given):
        return quorate("--json", "init", "--policy", folder / "policy.json", "--sheets",
                       folder / "sheets", vault=folder / "v", answers=given, release=True)
    run = init(**given)
    same((run.rc, run.error.split(":")[0]), (2, "confirm"), "a real vault wants its name confirmed")
    run = init(**given, confirm="example.com/other")
    same((run.rc, run.error.split(":")[0]), (2, "confirm"), "and no other name")
    without = {k: v for k, v in given.items() if k != "second"}
    run = init(**without, confirm="example.com/practice")
    same((run.rc, run.error.split(":")[0]), (2, "second"), "a second person is asked for")
    run = init(**given | {"second": "operator-1"}, confirm="example.com/practice")
    same((run.rc, run.error.split(":")[0]), (2, "second"), "the operator is not the second person")
    check(not (folder / "v").exists() and not (folder / "sheets").exists(),
          "a founding that was refused leaves nothing")
    vault = Vault(rules, given | {"confirm": "example.com/practice"})
    wallet = vault.generated["badges"]["witness-1"]
    opened = vault.events("session-opened")[0]["values"]
    same((opened["second"], opened["present"]), ("witness-1", ["operator-1", "witness-1"]),
         "the second person is in the log")
    same(len(re.findall("^\u2014 ", vault.result["checkpoint"], re.M)), 3,
         "the checkpoint is cosigned by both")
    files = [c.text() for c in vault.group("password")[:2] + vault.group("mfa")[:2]]
    run = vault.open(*files)
    same((run.rc, run.error.split(":")[0], run.given), (2, "second", ""),
         "an opening wants the second person too")
    both = {"badges": {"operator-1": PASSPHRASE, "witness-1": wallet}, "second": "witness-1"}
    run = vault.open(*files, given=answers() | both)
    same(run.rc, 0, "and opens with a wallet code as the second badge")
    run = vault.open(*files, given=answers() | both |
                     {"badges": {"operator-1": PASSPHRASE,
                                 "witness-1": vault.generated["badges"]["custodian-p1"]}})
    same((run.rc, run.given), (4, ""), "somebody else's wallet code is refused")
    # A regular file is no place for a real vault's secrets.
    with open(folder / "secrets", "wb") as file:
        run = quorate("--json", "open", ACCOUNT, "--purpose", "close-account", "--show", "code",
                      *files, vault=vault.path, answers=answers() | both,
                      secrets_fd=file.fileno())
    same((run.rc, run.error.split(":")[0], (folder / "secrets").read_bytes()),
         (2, "--secrets-fd 4", b""), "a real vault's secrets go into no file")


vault = founding()
cards(vault)
opening(vault)
log(vault)
tampered()
badges()
real_vault()
finish()
