"""Recovery without the software: examples/recover.py, from words typed off the
rendered cards, with what zbarimg reads off the rendered sealed sheets, or with
vault.sqlite. And the same sheets, as pictures, given to an opening."""
import itertools
import random
import shutil
import sqlite3

from harness import *
import recover as by_hand

start()
need("pdftotext", "pdftoppm", "zbarimg", "oathtool")
nacl = need_module("nacl.bindings").bindings

source = (ROOT / "examples/recover.py").read_text()
check(len(source.splitlines()) <= 200, "recover.py has at most 200 lines")
same(set(re.findall(r"^\s*(?:import|from) ([\w., ]+?)(?: import .*)?$", source, re.M)),
     {"base64, hashlib, hmac, itertools, re, sqlite3, sys, time, urllib.parse", "nacl.bindings"},
     "and needs Python and PyNaCl alone")
same(by_hand.PLACE, {word[:4]: i for i, word in enumerate(WORDS)}, "its list is SLIP-0039's")


def pages(vault, name, dpi=150):
    """A sheet as pictures, one a page."""
    stem = vault.folder / name
    subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", "-png",
                    str(vault.folder / "sheets" / f"{name}.pdf"), str(stem)], check=True)
    return sorted(vault.folder.glob(f"{name}-[0-9]*.png"))


def scanned(*pictures):
    """What zbarimg reads off them, a code a line."""
    return subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", *map(str, pictures)], check=True,
                          capture_output=True, text=True).stdout.split()


def typed(card, rows=True):
    """The card's words as somebody types them: all with letters, or 33 in a row."""
    if not rows:
        return " ".join(card.words) + "\n"
    return "".join(f"{letter}  {' '.join(row)}\n" for letter, row in zip("ABCDEFGHIJK", card.rows))


def write(vault, cards, rows=True, name="typed.txt"):
    return vault.write(name, "\n".join(typed(card, rows) for card in cards))


def fails(what, result, *words):
    status, found, err = result
    check(status == 1 and not found and all(word in err for word in words),
          f"nothing is shown: {what}", f"{status}, {list(found)}, {err}")


def quiet(vault, err):
    """No word of a card in what it complains, but for those of its own sentences."""
    spoken = {word for card in vault.cards for word in card.words + card.rows[0]}
    return not (spoken - set(re.findall("[a-z]+", source))) & set(re.findall(
        "[a-z]+", err.replace(str(work), "")))


vault = Vault(policy(password=(2, 3), mfa=(3, 4)))
p, m = vault.group("password"), vault.group("mfa")
quorum = [p[0], p[2], m[0], m[1], m[3]]
sheets = {name: scanned(*pages(vault, f"sealed-{name}")) for name in ("password", "mfa")}
same([sorted(code[:11] for code in codes) for codes in sheets.values()],
     [["QUORATE1:H:", "QUORATE1:I:"]] * 2, "zbarimg reads a header and an item off each sheet")
same(*[[c for c in codes if ":H:" in c] for codes in sheets.values()], "both headers are the same")
codes = vault.write("codes.txt", "\n".join(sheets["password"] + sheets["mfa"]) + "\n")
wanted = {(ACCOUNT, "password"): vault.password, (ACCOUNT, "totp"):
          f"otpauth://totp/{ACCOUNT}?secret={SEED}&algorithm=SHA1&digits=6&period=30"}


def recovers(what, *files, given=None, status=0, items=wanted):
    got, found, err = recover(*files, given=given)
    same({key: lines[0] for key, lines in found.items()}, items, what)
    return same((got, bool(err)), (status, bool(status)), f"and ends with {status}") and err


for rows in (True, False):
    recovers(f"words off the cards {'with' if rows else 'without'} rows, and sealed sheets",
             write(vault, quorum, rows), codes)
recovers("one file a card, and the sheets in two",
         *[write(vault, [card], name=f"{card.serial}.txt") for card in quorum],
         *[vault.write(f"{name}.txt", "\n".join(codes)) for name, codes in sheets.items()])
recovers("words on standard input, words and vault.sqlite", "-", vault.path / "vault.sqlite",
         given="# remark\n\n" + "\n \n".join(typed(c).upper() for c in quorum))
recovers("the cards' own codes, and everything in one file", vault.write(
    "all.txt", "\n".join([card.code for card in quorum] + sheets["password"] + sheets["mfa"])))
recovers("one group's sheet: its items alone", write(vault, quorum),
         vault.write("one.txt", "\n".join(sheets["password"])),
         items={(ACCOUNT, "password"): vault.password})
recovers("items without their header", write(vault, quorum),
         vault.write("bare.txt", "\n".join(c for s in sheets.values() for c in s if ":I:" in c)))
recovers("surplus cards", write(vault, vault.cards), codes)
for some in itertools.combinations(p, 2):
    if some != (p[0], p[2]):
        recovers("any quorum", write(vault, [*m[1:], *some]), codes)

code, left = re.match(r"code (\d+) for (\d+) s more",
                      recover(write(vault, quorum), codes)[1][ACCOUNT, "totp"][1]).groups()
now = int(time.time())
check(code in {subprocess.run(["oathtool", "--totp=sha1", "-b", "-N", f"@{at}", SEED],
                              capture_output=True, text=True).stdout.strip()
               for at in (now - 5, now)}, "the code is oathtool's")

# What is wrong is named by its place, and never in its words.
generator = random.Random(20)
for trial in range(20):
    card = generator.choice(quorum)
    row, word = generator.randrange(11), generator.randrange(4)
    lines = typed(card).splitlines()
    said = lines[row].split()
    said[word + 1] = generator.choice([w for w in WORDS if w != said[word + 1]])
    lines[row] = " ".join(said)
    others = [typed(c) for c in quorum if c is not card]
    result = recover(vault.write("wrong.txt", "\n\n".join(["\n".join(lines)] + others)), codes)
    fails(f"word {word + 1} of row {'ABCDEFGHIJK'[row]} is another", result,
          f"card 1: row {'ABCDEFGHIJK'[row]} does not fit its check word. Read that card again")
    check(quiet(vault, result[2]), "and no word is repeated", result[2])
lines = [typed(card) for card in quorum]
for what, text, *words in (
        ("a word of 33 is another", " ".join(["zero"] + p[0].words[1:]), "the checksum is wrong"),
        ("a word of no list", lines[0].replace(p[0].rows[4][1], "quorum"),
         "row E, word 2 is not in the list"),
        ("two rows changed places", "\n".join(lines[0].splitlines()[i] for i in
                                               (0, 2, 1, *range(3, 11))), "row B does not fit",
         "row C does not fit"),
        ("a word too few", " ".join(p[0].words[1:]), "32 words"),
        ("two cards without a line between them", lines[0] + lines[1], "88 words")):
    fails(what, recover(vault.write("wrong.txt", text + "\n\n" + "\n".join(lines[1:])), codes),
          "card 1: ", *words, "BOTH groups")
bad = " ".join(["zero"] + p[1].words[1:]) + "\n\n"
recovers("a bad card beside a good quorum: all the same, and it is said",
         vault.write("surplus.txt", bad + "\n".join(lines)), codes, status=1)

# Too few, and the wrong ones.
for lacking, word in ((quorum[1:], "password group: 1 good cards; needed are 2"),
                      (quorum[:4], "MFA group: 2 good cards; needed are 3"),
                      (p, "MFA group: 0 good cards"), (m, "password group: 0 good cards"),
                      ([p[0], p[0], *m], "password group: 1 good cards")):
    fails(f"{len(lacking)} cards are no quorum", recover(write(vault, lacking), codes), word)
fails("no items", recover(write(vault, quorum)), "No sealed items")
fails("items alone", recover(codes), "No vault key")
other = Vault(policy(password=(2, 3), mfa=(3, 4)))
strange = vault.write("strange.txt", "\n".join(scanned(*pages(other, "sealed-password"))))
fails("another vault's sheet", recover(write(vault, quorum), strange),
      "of the vault that sealed these items")
fails("another vault's item without a header", recover(
    write(vault, quorum), vault.write("strange-item.txt", [
        c for c in strange.read_text().split() if ":I:" in c][0])), "item 1, password of", "of another key")
fails("one card of another vault", recover(write(vault, quorum[1:] + [other.group("password")[0]]),
                                           codes), "1 good cards")
recovers("another vault's sheet beside the right ones", write(vault, quorum), codes, strange,
         status=1)
flipped = sheets["password"][0 if ":I:" in sheets["password"][0] else 1]
flipped = flipped[:400] + ("A" if flipped[400] != "A" else "B") + flipped[401:]
fails("a character of the ciphertext", recover(write(vault, quorum), vault.write("flip.txt", flipped)),
      "item 1, password of")
fails("a code cut short", recover(write(vault, quorum), vault.write("cut.txt", flipped[:100])), "scan it again")
result = subprocess.run([sys.executable, "-B", str(ROOT / "examples/recover.py")], capture_output=True,
                        text=True)
check(result.returncode == 1 and "usage: python3 recover.py" in result.stderr, "alone it says its usage")

# Every kind: those that no command seals yet are sealed here, as the formats' pages say.
more = {"device": "kind: hardware token\nbag: B-0042\npin: 123456", "questions":
        "First school: Zürich Süd\nPet: «Rex»", "note": "Über alles gesprochen.\n\nLine three: $€£"}
key = by_hand.find_key([by_hand.read_share(by_hand.read_words(typed(c))) for c in quorum], [])
full = shutil.copy(vault.path / "vault.sqlite", vault.folder / "full copy #1.sqlite")
made = []
with sqlite3.connect(full) as db:
    for kind, text in more.items():
        idx, epoch = db.execute("SELECT max(idx) + 1, max(epoch) FROM log_entry").fetchone()
        serial = len(made) + 3
        data = (f"quorate/item/v1\nvault {vault.result['vault_id']}\ngeneration 1\n"
                f"account {ACCOUNT}\nkind {kind}\nserial {serial}\n").encode()
        padded = text.encode() + b"\x80"
        padded += bytes(-len(padded) % 160)
        nonce = os.urandom(24)
        sealed = nonce + nacl.crypto_aead_xchacha20poly1305_ietf_encrypt(
            padded, data, nonce, by_hand.subkey(key, 1))
        digest = by_hand.hashlib.sha256(sealed)
        body = (f"quorate/entry/v1\nlog example.com/practice\nindex {idx}\nepoch {epoch}\n"
                f"time 2026-01-01T00:00:00Z\nevent item-sealed\nactor operator-1\n"
                f"account {ACCOUNT}\nkind {kind}\nserial {serial}\ngeneration 1\n"
                f"ciphertext {digest.hexdigest()}\nsalt {'00' * 16}\n").encode()
        db.execute("INSERT INTO log_entry VALUES (?, ?, ?)", (idx, epoch, body))
        db.execute("INSERT INTO document VALUES (?, 'item', ?)", (digest.digest(), sealed))
        made.append(to_code("I", len(data).to_bytes(2, "big") + data + sealed))
every = wanted | {(ACCOUNT, kind): text.splitlines()[0] for kind, text in more.items()}
words = write(vault, quorum)
recovers("every kind, from words and vault.sqlite", words, full, items=every)
recovers("and from words and sheets", words, codes, vault.write("made.txt", "\n".join(made)),
         items=every)
for kind, text in more.items():
    same(recover(words, full)[1][ACCOUNT, kind], text.split("\n"), f"{kind}: every line")
with sqlite3.connect(full) as db:
    db.execute("DELETE FROM document WHERE kind = 'item' AND digest = ?",
               (bytes.fromhex(vault.events("item-sealed")[0]["values"]["ciphertext"]),))
err = recovers("a vault that lost an item: the others", words, full, status=1,
               items={k: v for k, v in every.items() if k[1] != "password"})
check(err and "item 1, password" in err, "which is told", str(err))
recovers("and with its sheet all", words, full, codes, items=every)
recovers("in whichever order", codes, full, words, items=every)

# One card of each group is enough where the policy says so.
single = Vault(policy(password=(1, 2), mfa=(1, 2)))
recovers("a quorum of one in each group", write(single, [single.group("password")[1],
                                                         single.group("mfa")[0]], name="one.txt"),
         single.path / "vault.sqlite", items={
             (ACCOUNT, "password"): single.password, (ACCOUNT, "totp"): wanted[ACCOUNT, "totp"]})

# A booklet, and the pictures of its pages given to an opening of a vault that lost its items.
many = Vault(policy(accounts=30))
names = sorted(f.name for f in (many.folder / "sheets").glob("sealed-*"))
same(names, ["sealed-mfa-2.pdf", "sealed-mfa.pdf", "sealed-password-2.pdf", "sealed-password.pdf"],
     "30 accounts make two sheets for each group")
booklet = [page for name in ("sealed-password", "sealed-password-2") for page in pages(many, name)]
same(len(booklet), 8, "of eight pages")
text = [subprocess.run(["pdftotext", str(many.folder / "sheets" / f"{name}.pdf"), "-"], check=True,
                       capture_output=True, text=True).stdout for name in
        ("sealed-password", "sealed-password-2")]
check(all(f"page {n} of 8" in text[n > 6] for n in range(1, 9)), "numbered through")
found = {code for page in booklet for code in scanned(page)}
same(sum(":I:" in code for code in found), 30, "with every item")
passwords = {(account, "password"): row["password"]
             for account, row in many.generated["accounts"].items()}
keep_secret(*passwords.values())
recovers("all of which recover.py opens", write(many, many.cards), many.write("b.txt", "\n".join(found)),
         items=passwords)
with sqlite3.connect(many.path / "vault.sqlite") as db:
    db.execute("DELETE FROM document WHERE kind = 'item'")
cards = [c.text() for c in many.group("password")[:2] + many.group("mfa")[:2]]
last = max(passwords)[0]
run = many.open(*cards, show="password", account=last)
same(run.rc, 5, "a vault that lost its items does not open")
run = many.open(*cards, show="password", account=last,
                more=[a for page in booklet for a in ("--sealed", page)])
same(run.rc, 0, f"with the pages' pictures it does: {run.error}")
same(run.secret["password"] if run.rc == 0 else None, passwords[last, "password"], "to its password")
run = many.open(*cards, show="password,code", account=last,
                more=[a for page in pages(many, "sealed-mfa-2", 200) for a in ("--sealed", page)])
same(run.rc, 0, f"and with the other group's second sheet to the code: {run.error}")
finish()
