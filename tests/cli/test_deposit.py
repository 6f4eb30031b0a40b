"""Deposits: a new secret sealed without a quorum. PyNaCl, which is not our code, opens the boxes
with the key that examples/recover.py makes of the cards."""
import hashlib
import shutil
import sqlite3

from harness import *
import recover as by_hand

start()
need("pdftotext", "oathtool")
nacl = need_module("nacl")
from nacl.public import PrivateKey, SealedBox  # noqa: E402

PASSWORD = "correct-Horse7battery@staple"
SECOND_SEED = "KRSXG5CTMVRXEZLUKN2HE2LOM5ZQ2345"
keep_secret(PASSWORD, SECOND_SEED)
vault = Vault()


def deposit(kind, account=ACCOUNT, release=False, **credential):
    given = answers(accounts={account: credential}) if credential else answers()
    return vault.run("--json", "deposit", account, "--kind", kind, given=given, release=release)


def vault_key():
    cards = vault.group("password")[:2] + vault.group("mfa")[:2]
    return by_hand.find_key([by_hand.read_share(by_hand.read_words(" ".join(c.words))) for c in cards], [])


def boxes():
    """What lies in the inbox: (account, kind, serial, plaintext), by foreign code."""
    box = SealedBox(PrivateKey.from_seed(by_hand.subkey(vault_key(), 2)))
    with sqlite3.connect(vault.path / "vault.sqlite") as db:
        documents = {hashlib.sha256(body).hexdigest(): body for body, in
                     db.execute("SELECT body FROM document WHERE kind = 'deposit'")}
    found = []
    for entry in vault.events("item-deposited"):
        said = entry["values"]
        content = box.decrypt(documents.pop(said["ciphertext"]))
        size = int.from_bytes(content[18:20], "big")
        header = (f"quorate/item/v1\nvault {vault.result['vault_id']}\ngeneration {said['generation']}\n"
                  f"account {said['account']}\nkind {said['kind']}\nserial {said['serial']}\n").encode()
        padded = content[20 + size:]
        good = content[:18] == b"quorate/deposit/v1" and content[20:20 + size] == header and len(padded) % 160 == 0
        check(good, f"deposit {said['serial']} has its header and padding")
        found.append((said["account"], said["kind"], int(said["serial"]), padded.rpartition(b"\x80")[0]))
    same(documents, {}, "no box that no entry names")
    return found


run = deposit("password", password=PASSWORD)
same((run.rc, run.json), (0, {"account": ACCOUNT, "kind": "password", "serial": 3, "confirmed": False}),
     "a password is deposited")
run = deposit("password", password=None, release=True)
same((run.rc, run.json["serial"]), (0, 4), "one is made")
made = run.secret["accounts"][ACCOUNT]["password"]
keep_secret(made)
check(len(made) == 24 and made != vault.password, "a new one, handed out once it is in the log")
seed = f"otpauth://totp/Example:x@{ACCOUNT}?secret={SECOND_SEED}&issuer=Example"
run = deposit("totp", totp=seed)
same((run.rc, run.json["serial"], run.json["confirmed"]), (0, 5, False), "a seed is deposited, as an otpauth URI")
now = int(time.time())
codes = [subprocess.run(["oathtool", "--totp", "-b", "-N", f"@{now + step}", SECOND_SEED], check=True,
                        capture_output=True, text=True).stdout.strip() for step in (0, 30)]
run = deposit("totp", totp=SECOND_SEED, totp_codes=codes)
same((run.rc, run.json["confirmed"]), (0, True), "and one with two codes of its device")
same([e["values"] for e in vault.events("credential-confirmed")],
     [{"account": ACCOUNT, "kind": "totp", "serial": "6", "how": "two consecutive codes"}], "which confirm it")
raw = base64.b32decode(SECOND_SEED)
same(boxes(), [(ACCOUNT, "password", 3, PASSWORD.encode()), (ACCOUNT, "password", 4, made.encode()),
               (ACCOUNT, "totp", 5, bytes([1, 6, 0, 30, 0, 20]) + raw),
               (ACCOUNT, "totp", 6, bytes([1, 6, 0, 30, 0, 20]) + raw)],
     "PyNaCl opens every box with the vault's key")
rows = vault.run("--json", "account", "list").json["accounts"][0]["items"]
same([(r["serial"], r["state"], r.get("depositor"), r["confirmed"]) for r in rows],
     [(1, "current", None, False), (2, "current", None, False), (3, "deposited", "operator-1", False),
      (4, "deposited", "operator-1", False), (5, "deposited", "operator-1", False),
      (6, "deposited", "operator-1", True)], "the list says what waits, and by whom")
check("deposited by operator-1 20" in vault.run("account", "list").out, "in the table too")
files = [c.text() for c in vault.group("password")[:2] + vault.group("mfa")[:2]]
same(vault.open(*files).secret["password"], vault.password, "the item before stays as it is")
for event in ("item-deposited", "session-closed"):
    check(vault.events(event), f"{event} is logged")

# Refused, and nothing is written.
before = len(vault.log())
for what, run, words in [
        ("an account that is not there", deposit("password", account="account-9", password=PASSWORD), "none of that id"),
        ("a kind that is none", deposit("pin", password=PASSWORD), "--kind"),
        ("no password", deposit("password"), "nothing was given"),
        ("a seed for a password", deposit("password", totp=SECOND_SEED), "nothing was given"),
        ("a password that is too short", deposit("password", password="Ab1!"), "shorter"),
        ("a password of two kinds", deposit("password", password="aaaaaaaa1111"), "three"),
        ("the account's address", deposit("password", password="root+0@example.com"), "accounts."),
        ("a seed that is no Base32", deposit("totp", totp="0189!"), "accounts."),
        ("codes of another seed", deposit("totp", totp=SECOND_SEED, totp_codes=["000000", "000001"]), "totp_codes"),
        ("a new password that nobody takes", deposit("password", password=None), "--secrets-fd"),
        ("no badge", vault.run("deposit", ACCOUNT, "--kind", "password"), "operator"),
        ("no kind", vault.act("deposit", ACCOUNT), "--kind")]:
    check(run.rc in (2, 4) and words in run.error, f"{what}: refused", str(run))
same(len(vault.log()), before, "and nothing is written")
same(vault.act("account", "close", ACCOUNT, "--reason", "sold").rc, 0, "the account is closed")
check("closed" in deposit("password", password=PASSWORD).error, "and takes no deposit")
same(vault.run("--json", "log", "verify").json["faults"], [], "the log is whole")
same(foreign_verdict(vault), [], "to a verifier that is not ours, too")

# A box that is not what the log names.
for what, sql in [("changed", "UPDATE document SET body = zeroblob(length(body)) WHERE kind = 'deposit'"),
                  ("gone", "DELETE FROM document WHERE kind = 'deposit'")]:
    copy = vault.folder / what
    shutil.copytree(vault.path, copy)
    with sqlite3.connect(copy / "vault.sqlite") as db:
        db.execute(sql)
    run = quorate("--json", "log", "verify", vault=copy)
    same((run.rc, len(run.json["faults"])), (5, 4), f"deposits {what}: each is a fault")
finish()
