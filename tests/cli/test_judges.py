"""What others say of our results: oathtool of the codes, Go's note package of
the checkpoints, ten lines of Python of the root, and examples/recover.py, which
was written from the formats' pages, of cards and items."""
import datetime
import sqlite3
import subprocess
import time

from harness import *
import recover as by_hand

start()
need("pdftotext", "oathtool")
need_module("nacl.bindings")

OTHER = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA"
keep_secret(OTHER)


def oathtool(seed, at, algorithm="sha1", digits=6, period=30):
    when = datetime.datetime.fromtimestamp(at, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")
    return subprocess.run(["oathtool", f"--totp={algorithm}", "-b", "-d", str(digits), "-s",
                           f"{period}s", "-N", when, seed], check=True, capture_output=True,
                          text=True).stdout.strip()


rules = policy(accounts=4, password=(2, 3), mfa=(3, 4))
ids = [a["id"] for a in rules["accounts"]]
made = int(time.time())
vault = Vault(rules, answers(accounts={
    ids[0]: {"password": None, "totp": SEED, "totp_codes": [oathtool(SEED, made),
                                                            oathtool(SEED, made + 30)]},
    ids[1]: {"password": "Given-by-hand 2026".replace(" ", "_"),
             "totp": f"otpauth://totp/AWS:root?secret={OTHER}&algorithm=SHA256&digits=8&period=60"},
    ids[2]: {"totp": f"otpauth://totp/x?secret={OTHER}&algorithm=SHA512"},
    ids[3]: {"password": None}}))
keep_secret("Given-by-hand_2026")
same([e["values"]["account"] for e in vault.events("credential-confirmed")], ids[:1],
     "codes that oathtool makes confirm a seed")
files = [c.text() for c in vault.group("password")[:2] + vault.group("mfa")[:3]]


def cards():
    """The words of a quorum and the ciphertexts are enough."""
    quorum = vault.group("password")[1:] + vault.group("mfa")[1:]
    shares = [by_hand.read_share(by_hand.read_words(" ".join(c.words))) for c in quorum]
    created = vault.events("key-created")[0]["values"]
    head = (bytes.fromhex(vault.result["vault_id"]) + b"\0\1",) + tuple(
        bytes.fromhex(created[name])
        for name in ("key-check", "group-check-password", "group-check-mfa"))
    key = by_hand.find_key(shares, [])
    keep_secret(key.hex())
    check(by_hand.fits(1, [head], "key-check", by_hand.subkey(key, 3)),
          "recover.py's key matches the log's key check")
    same(by_hand.find_key(shares, [head]), key, "and its halves the group checks")
    words = vault.write("quorum.txt", "\n\n".join(" ".join(c.words) for c in quorum))
    status, found, err = recover(words, vault.path / "vault.sqlite")
    same((status, err), (0, ""), "recover.py opens every item")
    generated = vault.generated["accounts"]
    same({k[0]: v for k, v in found.items() if k[1] == "password"},
         {ids[0]: [generated[ids[0]]["password"]], ids[1]: ["Given-by-hand_2026"],
          ids[3]: [generated[ids[3]]["password"]]}, "every password")
    uri = "otpauth://totp/{}?secret={}&algorithm={}&digits={}&period={}"
    now = int(time.time())
    for account, seed, algorithm, digits, period in ((ids[0], SEED, "SHA1", 6, 30),
                                                     (ids[1], OTHER, "SHA256", 8, 60),
                                                     (ids[2], OTHER, "SHA512", 6, 30)):
        said = found[account, "totp"]
        same(said[0], uri.format(account, seed, algorithm, digits, period), "a seed as a URI")
        code, left = re.match(r"code (\d+) for (\d+) s more", said[1]).groups()
        check(any((code, int(left)) == (oathtool(seed, at, algorithm.lower(), digits, period),
                                        period - at % period) for at in range(now - 5, now + 1)),
              f"its code is oathtool's: {algorithm}")
    with sqlite3.connect(vault.path / "vault.sqlite") as db:
        sealed = db.execute("SELECT body FROM document WHERE kind = 'item'").fetchall()
    same(len({len(body) for body, in sealed}), 1, "every item here is of one length")
    few = [s for s in shares if s["group"] == 1]
    for lacking in (shares[1:], few, shares[:-1]):
        try:
            wrong = by_hand.find_key(lacking, [])
        except SystemExit:
            wrong = None
        same(wrong, None, f"recover.py gets nothing from {len(lacking)} shares without a quorum")


def log():
    checkpoint = vault.result["checkpoint"]
    origin, size, root = checkpoint.split("\n")[:3]
    said = subprocess.run([sys.executable, str(ROOT / "tests/interop/root.py"),
                           str(vault.path / "vault.sqlite")], check=True, capture_output=True,
                          text=True).stdout.split()
    same(said, [size, root], "the root of init's checkpoint is that of a few lines of Python")
    done = subprocess.run(["sh", str(ROOT / "tests/interop/vault_go.sh"),
                           str(vault.path / "vault.sqlite")], capture_output=True, text=True)
    if done.returncode == SKIPPED:
        print("skipped: Go's judgement:", done.stdout.strip())
        return
    check(done.returncode == 0, f"every checkpoint: {done.stdout.strip()}", done.stderr)
    with sqlite3.connect(vault.path / "vault.sqlite") as db:
        last = db.execute("SELECT note FROM log_checkpoint ORDER BY epoch DESC LIMIT 1").fetchone()[0]
    same(last.decode(), checkpoint, "of which the last is init's result")


def codes(account, algorithm="sha1", digits=6, period=30, seed=SEED, offset=0):
    before = int(time.time())
    run = vault.open(*files, account=account, show="code,seed",
                     given=answers(clock_offset_s=offset, confirm="example.com/practice"))
    said = run.secret
    judge = lambda at: oathtool(seed, at + offset, algorithm, digits, period)
    fits = [at for at in range(before, int(time.time()) + 1)
            if (judge(at), judge(at + period), period - (at + offset) % period) ==
            (said["code"], said["next_code"], said["code_expires_in_s"])]
    check(fits, f"oathtool agrees: {algorithm}, {digits} digits, {period} s, clock {offset:+d} s")
    same(said["seed"], seed, "and the seed is the one given")


log()
cards()
codes(ids[0])
codes(ids[0], offset=3600)
codes(ids[0], offset=-17)
codes(ids[1], algorithm="sha256", digits=8, period=60, seed=OTHER)
codes(ids[2], algorithm="sha512", seed=OTHER)
run = vault.open(*files, account=ids[3], show="code")
same((run.rc, run.error.startswith(f"account {ids[3]}: "), run.given), (2, True, ""),
     "an account without a seed has no code")
finish()
