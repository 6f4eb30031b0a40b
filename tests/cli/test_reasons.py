"""Every refusal of a card through the command, named with the right reason, and
that a bad card spoils no good quorum. A former generation, a former edition and
a second card of one person need ceremonies of their own: tests/unit/test_gather.c
makes their state by hand."""
import signal
import subprocess
import time

from harness import *
import harness
import recover as by_hand

start()
need("pdftotext", "pdftoppm", "zbarimg")
nacl = need_module("nacl.signing").signing
Image = need_module("PIL.Image").Image


def flip_bit(words, at):
    """The numbers of the words with one bit flipped, under a checksum that fits."""
    bits = by_hand.read_words(" ".join(words))[:300]
    bits = bits[:at] + "10"[int(bits[at])] + bits[at + 1:]
    numbers = [int(bits[i:i + 10], 2) for i in range(0, 300, 10)]
    c = by_hand.rs1024(list(b"shamir_extendable") + numbers + [0, 0, 0]) ^ 1
    return numbers + [c >> 20, c >> 10 & 1023, c & 1023]


def wanted_for_bit(payload, bit):
    """What a payload with that bit flipped must be called, by the tables of
    docs/formats/card.md."""
    at = bit // 8
    value = payload[at] ^ 0x80 >> bit % 8
    changed = bytearray(payload)
    changed[at] = value
    number = lambda a, b: int.from_bytes(changed[a:b], "big")
    if at == 0:
        return "newer-than-vault" if value > 1 else "unreadable"
    if at < 13:
        return "other-vault"
    if at < 17:
        return "newer-than-vault" if number(13, 15) and number(15, 17) else "unreadable"
    if at < 21:
        return "forged" if number(17, 21) else "unreadable"
    if at == 21:
        return "mismatch" if value < 2 else "unreadable"
    if at == 22:
        return "mismatch" if value < 16 else "unreadable"
    if at == 23:
        return "mismatch" if 1 <= value <= 16 else "unreadable"
    return "unreadable" if at < 66 else "forged"


def said_of(vault, texts, stem):
    """The verdicts on many texts, in as few runs as the command takes."""
    files = [vault.write(f"{stem}-{i}.txt", text) for i, text in enumerate(texts)]
    said = []
    for i in range(0, len(files), 400):
        said += verdicts(vault.check(*files[i:i + 400]))
    return said


def every_flip(vault):
    payload = vault.cards[1].payload
    same(len(payload), 130, "a payload has 130 bytes")
    bits = len(payload) * 8
    texts = []
    for bit in range(bits):
        changed = bytearray(payload)
        changed[bit // 8] ^= 0x80 >> bit % 8
        texts.append(to_code("S", bytes(changed)))
    said = said_of(vault, texts, "flip")
    wrong = [(bit, got, wanted_for_bit(payload, bit)) for bit, got in enumerate(said)
             if got != wanted_for_bit(payload, bit)]
    check(len(said) == 1040 and not wrong,
          f"{bits - len(wrong)} of {bits} single-bit flips are named with the right reason",
          f"(bit, said, wanted): {wrong[:10]}")
    texts = [to_code("S", payload[:n]) for n in range(130)]
    texts += [vault.cards[1].code[:n] for n in range(9, 219, 10)]
    texts += [to_code("S", payload + b"\0"), vault.cards[1].code + "A", vault.cards[1].code + "="]
    said = set(said_of(vault, texts, "cut"))
    same(said, {"unreadable"}, f"{len(texts)} truncations and tails are unreadable")


def texts(vault, other):
    p1, p2 = vault.cards[0], vault.cards[1]
    rows = [list(row) for row in p1.rows]
    flat = [word for row in rows for word in row]
    lettered = " ".join(f"{letter}. {' '.join(row)}" for letter, row in zip("ABCDEFGHIJK", rows))
    fine = {
        "33 words": " ".join(p1.words),
        "33 words on lines": "\n".join(p1.words) + "\n",
        "44 words": " ".join(flat),
        "44 words, upper case": " ".join(flat).upper(),
        "44 words with row letters": lettered,
        "33 words with row letters": " ".join(
            f"{letter} {' '.join(row[:3])}" for letter, row in zip("ABCDEFGHIJK", rows)),
        "row letters with brackets": "\n".join(
            f"{letter.lower()}) {' '.join(row)}" for letter, row in zip("ABCDEFGHIJK", rows)),
        "the code": p1.code,
        "the code in white space": f"\r\n  {p1.code}\t\n",
    }
    for what, text in fine.items():
        same(said_of(vault, [text], "fine"), ["accepted"], f"accepted: {what}")
    swapped = list(flat)
    swapped[4], swapped[5] = swapped[5], swapped[4]
    wrong = list(flat)
    wrong[16] = "academic" if wrong[16] != "academic" else "acid"
    plain = list(p1.words)
    plain[5], plain[6] = plain[6], plain[5]
    nonsense = list(p1.words)
    nonsense[10] = "quorum"
    other_value, other_group, other_id = (flip_bit(p1.words, bit) for bit in (292, 23, 2))
    payload = bytearray(p1.payload)
    bad = [
        ("unreadable", "words that are no words", "these are not the words that you look for"),
        ("unreadable", "nothing but blanks", " \n\t "),
        ("unreadable", "32 words", " ".join(p1.words[:32])),
        ("unreadable", "34 words", " ".join(p1.words + ["academic"])),
        ("unreadable", "44 words, two of a row swapped", " ".join(swapped)),
        ("unreadable", "44 words, one wrong", " ".join(wrong)),
        ("unreadable", "33 words, two swapped", " ".join(plain)),
        ("unreadable", "a row letter out of place", "B " + " ".join(p1.words)),
        ("unreadable", "lower-case Base32", p1.code[:11] + p1.code[11:].lower()),
        ("unreadable", "a space inside the code", p1.code[:50] + " " + p1.code[50:]),
        ("unreadable", "a character outside Base32", p1.code[:50] + "1" + p1.code[51:]),
        ("unreadable", "two codes in one text", p1.code + "\n" + p2.code),
        ("unreadable", "an unknown type of code", p1.code.replace(":S:", ":X:")),
        ("unreadable", "a NUL inside", p1.code + "\0"),
        ("unreadable", "5,000 characters", "academic " * 600),
        ("wrong-kind", "a bag's label", to_code("B", bytes(53))),
        ("wrong-kind", "a receipt", to_code("R", bytes(80))),
        ("wrong-kind", "a wallet card", vault.generated["badges"]["custodian-p1"]),
        ("wrong-kind", "a sealed item", to_code("I", bytes(80))),
        ("wrong-kind", "a sheet's header", to_code("H", bytes(80))),
        ("other-vault", "another vault's code", other.cards[0].code),
        ("other-vault", "another vault's words", " ".join(other.cards[0].words)),
        ("other-vault", "words of an unknown identifier", " ".join(WORDS[i] for i in other_id)),
        ("mismatch", "words of a share that was never issued",
         " ".join(WORDS[i] for i in other_value)),
        ("mismatch", "words of a group index beyond two", " ".join(WORDS[i] for i in other_group)),
        ("mismatch", "a code whose index is another than its share's",
         to_code("S", bytes(payload[:22]) + bytes([payload[22] ^ 3]) + bytes(payload[23:]))),
        ("unknown-word", "a word that is not in the list", " ".join(nonsense)),
        ("newer-than-vault", "a later generation",
         to_code("S", bytes(payload[:14]) + b"\x02" + bytes(payload[15:]))),
        ("newer-than-vault", "a later edition",
         to_code("S", bytes(payload[:16]) + b"\x02" + bytes(payload[17:]))),
        ("newer-than-vault", "a later form of cards",
         to_code("S", b"\x02" + bytes(payload[1:]) + bytes(20))),
    ]
    key = nacl.SigningKey.generate()
    signed = bytes(payload[:66]) + key.sign(b"quorate/card/v1" + bytes(payload[:66])).signature
    bad.append(("forged", "signed by another key", to_code("S", signed)))
    moved = bytes(payload[:66]) + p2.payload[66:]
    bad.append(("forged", "with another card's signature", to_code("S", moved)))
    serial = bytes(payload[:17]) + (77).to_bytes(4, "big") + bytes(payload[21:66])
    bad.append(("forged", "of a serial that was never issued, signed by another key",
                to_code("S", serial + key.sign(b"quorate/card/v1" + serial).signature)))
    for reason, what, text in bad:
        same(said_of(vault, [text], "bad"), [reason], f"{reason}: {what}")
    # The place is named, the word is not.
    run = vault.check(vault.write("place.txt", " ".join(nonsense)))
    check("row D, word 11" in run.err and "quorum" not in run.err.replace("quorate", ""),
          "a word that is not in the list is named by its place", str(run))
    run = vault.check(vault.write("place.txt", " ".join(wrong)))
    check("row E" in run.err and "row D" not in run.err, "a wrong row is named by its letter",
          str(run))
    same(verdicts(vault.check(p1.text(), vault.write("again.txt", p1.code))),
         ["accepted", "duplicate"], "duplicate: the same card as words and as a code")


def alike(word):
    """Words of the list that begin or end as this one, or stand next to it."""
    at = WORDS.index(word)
    return sorted({w for w in WORDS if w != word and (w[:3] == word[:3] or w[-4:] == word[-4:])} |
                  {WORDS[at - 1], WORDS[(at + 1) % 1024]})


def misread(vault):
    """Words taken for their neighbours in the list, rows exchanged, and digits
    of a code that is copied by hand."""
    card = vault.cards[0]
    rows = card.rows
    flat = [word for row in rows for word in row]
    texts, places = [], []
    for at, word in enumerate(flat):
        for other in alike(word):
            texts.append(" ".join(flat[:at] + [other] + flat[at + 1:]))
            places.append("ABCDEFGHIJK"[at // 4])
    same(set(said_of(vault, texts, "near")), {"unreadable"},
         f"unreadable: {len(texts)} words misread as one that looks alike")
    said = {place: vault.check(vault.write("near.txt", text)).err
            for place, text in zip(places, texts)}
    check(len(said) == 11 and all(f"row {place}:" in err for place, err in said.items()),
          "and the row is named", str(said))
    texts = []
    for a in range(11):
        for b in range(a + 1, 11):
            order = list(range(11))
            order[a], order[b] = b, a
            texts.append(" ".join(word for i in order for word in rows[i]))
            texts.append(" ".join(word for i in order for word in rows[i][:3]))
    same(set(said_of(vault, texts, "rows")), {"unreadable"},
         f"unreadable: every two rows exchanged, with and without check words ({len(texts)})")
    run = vault.check(vault.write("rows.txt", texts[2]))
    check("row A, C:" in run.err, "both rows are named", run.err)
    code = card.code
    texts = []
    for wrong, right in (("1", "7"), ("9", "4"), ("7", "1"), ("4", "9"), ("0", "O"), ("8", "B")):
        # 1, 9, 0 and 8 are in no code; what stands for them was misread.
        texts += [code[:i] + wrong + code[i + 1:] for i in range(11, len(code))
                  if code[i] == right or (right in "19" and code[i] != wrong)]
    said = set(said_of(vault, texts, "digits"))
    check("accepted" not in said and said <= {"unreadable", "other-vault", "newer-than-vault",
                                              "mismatch", "forged"},
          f"{len(texts)} codes with one digit misread: none is taken", str(said))


def images(vault):
    p1, p2 = vault.cards[0], vault.cards[1]
    page = Image.open(p1.png(vault.folder / "page")).convert("L")
    # One code lies on the upper panel, the other on the lowest.
    width, height = page.size
    halves = {"upper": (0, 0, width, height // 2), "lower": (0, height // 2, width, height)}
    blank = page.copy()
    for which, box in halves.items():
        half = page.copy()
        half.paste(255, box)
        half.save(vault.folder / f"no-{which}.png")
        same(verdicts(vault.check(vault.folder / f"no-{which}.png")), ["damaged"],
             f"damaged: the {which} code is blank")
        blank.paste(255, box)
    blank.save(vault.folder / "blank.png")
    both = Image.new("L", (page.width * 2, page.height), 255)
    both.paste(page, (0, 0))
    both.paste(Image.open(p2.png(vault.folder / "second")), (page.width, 0))
    both.save(vault.folder / "both.png")
    page.save(vault.folder / "page.jpg", quality=70)
    page.save(vault.folder / "page.pgm")
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-singlefile", "-png", p1.label_pdf,
                    str(vault.folder / "label")], check=True)
    (vault.folder / "cut.png").write_bytes((vault.folder / "page.png").read_bytes()[:3000])
    (vault.folder / "head.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    wanted = {"page.png": "accepted", "page.jpg": "accepted", "page.pgm": "accepted",
              "blank.png": "unreadable", "both.png": "mismatch", "label.png": "wrong-kind",
              "cut.png": "unreadable", "head.png": "unreadable"}
    for name, reason in wanted.items():
        same(verdicts(vault.check(vault.folder / name)), [reason], f"{reason}: {name}")
    same(verdicts(vault.check(*[vault.folder / n for n in ("head.png", "cut.png", "page.jpg")])),
         ["unreadable", "unreadable", "accepted"], "an image that breaks is followed by a good one")
    run = vault.act("card", "prove", vault.folder / "no-upper.png")
    same((run.rc, vault.events("card-proved")[-1]["values"]["result"]), (0, "damaged"),
         "a damaged card is proved, and logged as damaged")


def bad_cards_spoil_nothing(vault, other):
    bad = [vault.write("bad-1.txt", other.cards[0].code),
           vault.write("bad-2.txt", "not a card"),
           vault.write("bad-3.txt", to_code("S", vault.cards[2].payload[:-1] +
                                          bytes([vault.cards[2].payload[-1] ^ 1])))]
    good = [c.text() for c in vault.cards]
    order = [bad[0], good[3], good[0], bad[1], good[0], good[5], bad[2], good[1], good[2], good[4]]
    run = vault.open(*order)
    same((run.rc, run.secret["password"]), (0, vault.password),
         "surplus and bad cards do not spoil a quorum")
    same(verdicts(run), ["other-vault", "accepted", "accepted", "unreadable", "duplicate",
                         "accepted", "forged", "accepted", "accepted", "accepted"],
         "each is answered in its turn")
    intent = str(run.json["index"])
    refused = [e["values"] for e in vault.events("card-refused") if e["values"].get("intent") == intent]
    same([r["reason"] for r in refused], ["other-vault", "unreadable", "duplicate", "forged"],
         "the refused ones are in the log, with their reasons")


def void():
    """A founding killed before its last card: its cards are void."""
    folder = work / "killed"
    folder.mkdir()
    rules = policy(password=(2, 8), mfa=(2, 8))
    (folder / "policy.json").write_text(json.dumps(rules))
    (folder / "answers.json").write_text(json.dumps(found_answers()))
    with open(folder / "answers.json") as three, open(folder / "secrets", "w") as four:
        process = subprocess.Popen(
            [harness.binary, "--vault", str(folder / "v"), "--answers-fd", "3", "--secrets-fd", "4",
             "--quiet", "init", "--policy", str(folder / "policy.json"), "--sheets",
             str(folder / "sheets")],
            preexec_fn=placing({3: three.fileno(), 4: four.fileno()}), pass_fds=(3, 4))
        until = time.monotonic() + 60
        while not (folder / "sheets" / "card-003.pdf").exists() and time.monotonic() < until:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait()
    check(not (folder / "sheets" / "label-016.pdf").exists(), "the founding died half-way")
    vault = Vault.__new__(Vault)
    vault.folder, vault.path = folder, folder / "v"
    card = Card(vault, {"serial": 1, "group": "password", "custodian": "custodian-p1",
                        "member_index": 0, "card": str(folder / "sheets" / "card-001.pdf"),
                        "label": ""})
    run = vault.run("--json", "card", "prove", card.text(), given=answers())
    same((run.rc, verdicts(run)), (4, ["void"]), "void: a card of an abandoned founding")
    check("abandoned" in run.err, "the operator is told that it is abandoned", run.err)
    same({e["state"] for e in vault.run("--json", "card", "list").json["cards"]}, {"void"},
         "every card of it is void")
    same(vault.run("--json", "log", "verify").rc, 0, "and its log is whole")
    same(verdicts(vault.check(vault.write("code.txt", card.code))), ["void"], "void: by its code")


vault, other = Vault(), Vault()
every_flip(vault)
texts(vault, other)
misread(vault)
images(vault)
bad_cards_spoil_nothing(vault, other)
void()
finish()
