"""Sheets as a founding hands them over, and cards on their bad days."""
import re
import subprocess

from harness import *

start()
need("pdftotext", "pdftoppm", "pdfinfo", "zbarimg")
PIL = need_module("PIL.Image")
from PIL import Image, ImageDraw  # noqa: E402


def page_size(pdf):
    text = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True).stdout
    return tuple(round(float(n) / 72 * 25.4) for n in
                 re.search(r"Page size:\s+([0-9.]+) x ([0-9.]+)", text).groups())


def text_of(pdf, page=1):
    return subprocess.run(["pdftotext", "-f", str(page), "-l", str(page), "-layout", pdf, "-"],
                          check=True, capture_output=True, text=True).stdout


def found(name, rules, *options):
    """A founding beside the others, which may be refused."""
    folder = work / name
    folder.mkdir()
    (folder / "policy.json").write_text(json.dumps(rules))
    run = quorate("--json", "init", "--policy", folder / "policy.json", "--sheets",
                  folder / "sheets", *options, vault=folder / "v", answers=found_answers(),
                  release=True)
    return folder, run


def codes_of(pdf):
    """The type letters of the codes on each page, as zbarimg reads them."""
    stem = work / "page"
    for old in work.glob("page-*"):
        old.unlink()
    subprocess.run(["pdftoppm", "-r", "200", "-gray", "-png", str(pdf), str(stem)], check=True)
    pages = []
    for page in sorted(work.glob("page-*.png")):
        out = subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", str(page)], capture_output=True, text=True)
        pages.append("".join(sorted(line.split(":")[1] for line in out.stdout.split())))
    return pages


def papers():
    for option, size in ((["--paper", "letter"], (216, 279)), ([], (210, 297))):
        rules = policy(accounts=5)
        folder = work / ("paper" + "-".join(option))
        folder.mkdir()
        (folder / "policy.json").write_text(json.dumps(rules))
        run = quorate("--json", "init", "--policy", folder / "policy.json", "--sheets",
                      folder / "sheets", *option, vault=folder / "v", answers=found_answers(5),
                      release=True)
        same(run.rc, 0, f"founded with {option}")
        sheets = {path.name: path for path in (folder / "sheets").iterdir()}
        same({page_size(path) for path in sheets.values()}, {size},
             f"the size of all {len(sheets)} sheets with {option}")
        for name, pages in (("card-001", ["SS", ""]), ("label-006", ["B"]),
                            ("wallet-custodian-p1", ["K"]), ("sealed-password", ["HIIII", "HI"]),
                            ("sealed-mfa", ["HIIII", "HI"])):
            same(codes_of(sheets[name + ".pdf"]), pages, f"the codes of {name} with {option}")
        run = quorate("--json", "receipt", "print", "--sheets", folder / "sheets", *option,
                      vault=folder / "v")
        same(page_size(run.json["sheet"]), size, f"the receipt's size with {option}")
        same(codes_of(run.json["sheet"]), ["R"], f"the receipt's code with {option}")
    folder, run = found("paper-a4", policy(), "--paper", "a4")
    same({page_size(card["card"]) for card in run.json["cards"]}, {(210, 297)}, "a4 can be named")
    folder, run = found("paper-a5", policy(), "--paper", "a5")
    same((run.rc, (folder / "v").exists()), (2, False), "a paper that is not known is refused")


def names():
    """Whatever an organisation is called, its cards say it safely and are read."""
    for number, (name, shown) in enumerate((
            ("W" * 100, "WWWW"),
            ("Ex\u202eample\u200b \u2066Org\u2069\u00ad", "Ex\ufffdample\ufffd \ufffdOrg\ufffd\ufffd"),
            ("A\u0301\u0300\u0302\u0303\u0304\u0306\u0307 stack".replace("A\u0301", "\u00c1"),
             "\ufffd\ufffd"),
            ("\u682a\u5f0f\u4f1a\u793e" * 25, "68"),
            ("\u0645\u0624\u0633\u0633\u0629 12", "12"))):
        ids = f"c{number}." + "x" * 29
        rules = policy(organization=name)
        for person in rules["people"]:
            person["id"] = ids if person["id"] == "custodian-p1" else person["id"]
        rules["groups"]["password"]["custodians"][0] = ids
        vault = Vault(rules)
        text = text_of(vault.cards[0].pdf)
        check(shown in text, f"name {number}: shown", text[:300])
        check(not any(hostile(ord(c)) for c in text.replace("\n", "").replace("\f", "")
                      if not 0x202A <= ord(c) <= 0x202E), f"name {number}: nothing hidden")
        check("\u202eample" not in text, f"name {number}: nothing reordered")
        check(ids in text, f"name {number}: the holder's whole id")
        same(verdicts(vault.check(vault.cards[0].png(vault.folder / "front"))), ["accepted"],
             f"name {number}: the card is read")
        if "\u682a" not in name:  # the small digits in its boxes lead pdftotext astray
            same(len(vault.cards[0].words), 33, f"name {number}: its words are found")
    # A hundred of the widest letters; they are refused while nothing is written.
    folder, run = found("too-wide", policy(organization="\u01c4" * 100))
    same((run.rc, run.error), (2, "organization: it does not fit a card"), "a name too wide")
    check(not (folder / "v").exists() and not (folder / "sheets").exists(),
          "a name too wide: nothing is written")


def crowds():
    """One holder of each group, and sixteen."""
    vault = Vault(policy(password=(1, 2), mfa=(1, 1)))
    text = text_of(vault.cards[0].pdf)
    check("Needs 1 card of this group and 1 of the MFA group." in text, "1 of 2: in words", text)
    check("Card 1 of 2" in text, "1 of 2: the card's number")
    vault = Vault(policy(password=(16, 16), mfa=(2, 16)))
    last = vault.cards[15]
    check("Card 16 of 16" in text_of(last.pdf), "16 of 16")
    check("Needs 16 cards of this group and 2 of the MFA" in text_of(last.pdf),
          "16 of 16: in words", text_of(last.pdf))
    same(verdicts(vault.check(last.png(vault.folder / "last"))), ["accepted"], "16 of 16: read")


def bad_days():
    vault = Vault()
    card = vault.cards[0]
    front = Image.open(card.png(vault.folder / "front", dpi=200)).convert("L")
    third = front.height // 3

    def judged(name, image):
        path = vault.folder / f"{name}.png"
        image.save(path)
        return verdicts(vault.check(path))

    panels = [front.crop((0, i * third, front.width, (i + 1) * third)) for i in range(3)]
    same(judged("top", panels[0]), ["damaged"], "torn: the upper panel alone is accepted")
    same(judged("bottom", panels[2]), ["damaged"], "torn: the lower panel alone is accepted")
    same(judged("middle", panels[1]), ["unreadable"], "torn: the words alone are no code")
    # Coffee over the middle of the upper code, then ink over all of it.
    mm = 200 / 25.4
    x, y = front.width - 15 * mm - 32 * mm, 20 * mm + 32 * mm
    for what, radius, wanted in (("stain of 16 mm", 8, "accepted"), ("whole code", 30, "damaged")):
        spoiled = front.copy()
        ImageDraw.Draw(spoiled).ellipse((x - radius * mm, y - radius * mm, x + radius * mm,
                                         y + radius * mm), fill=60)
        same(judged(f"stain-{radius}", spoiled), [wanted], f"a stain over one code: {what}")
    rows = card.rows
    swapped = rows[:2] + [rows[3], rows[2]] + rows[4:]
    for what, lines in (("44 words", swapped), ("33 words", [row[:3] for row in swapped])):
        run = vault.check(vault.write("swapped.txt", "\n".join(" ".join(r) for r in lines)))
        same((run.rc, verdicts(run)), (4, ["unreadable"]), f"two rows swapped: {what}")
    run = vault.run("card", "check", vault.write("swapped.txt",
                                                 "\n".join(" ".join(r) for r in swapped)))
    check("row" in run.out + run.err and "C" in run.out + run.err and "D" in run.out + run.err,
          "two rows swapped: both are named", str(run))


papers()
names()
crowds()
bad_days()
finish()
