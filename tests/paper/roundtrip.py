"""Paper and back: what quorate-print draws, judged by poppler, and read by
quorate-scan and by zbarimg after it was rasterised, turned and compressed."""
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile

TOOL = sys.argv[1]
NEEDED = ["pdftoppm", "pdffonts", "pdfinfo", "pdftotext", "convert", "zbarimg"]
missing = [tool for tool in NEEDED if shutil.which(tool) is None]
if missing:
    print("skipped: not installed:", ", ".join(missing))
    sys.exit(77)
failures = []
images = 0


def check(ok, what):
    if not ok:
        failures.append(what)
        print("FAILED:", what)


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


def words(pdf, page):
    """Every word of a page with its box, in millimetres."""
    html = run("pdftotext", "-f", str(page), "-l", str(page), "-bbox", pdf, "-").decode()
    number = r'"([0-9.]+)"'
    found = re.findall(f"<word xMin={number} yMin={number} xMax={number} yMax={number}>([^<]*)<", html)
    return [(text, *(float(v) / 72 * 25.4 for v in box)) for *box, text in found]


def overlap(a, b, slack=0.3):
    return (a[1] + slack < b[3] and b[1] + slack < a[3] and
            a[2] + slack < b[4] and b[2] + slack < a[4])


HEX = "0123 4567 89ab cdef 0123 4567 89ab cdef 0123 4567 89ab cdef 0123 4567 89ab cdef"
ROOT = "fedc ba98 7654 3210 fedc ba98 7654 3210 fedc ba98 7654 3210 fedc ba98 7654 3210"
VAULT = "0123 4567 89ab cdef 0123 4567"
ORGANISATION = "Example Organisation, Cloud Security"
# What stands on each page of the ordinary sheet, blanks and line ends aside.
FIELDS = {
    "card": [
        [ORGANISATION, "Password group", "One share of the password group's half of a key.",
         "Card 2 of 3", "Needs 2 cards of this group and 2 of the MFA group.",
         "Date: 2026-01-01", "Holder: Head of Finance, Zürich", "Serial 2, generation 1, edition 1",
         VAULT, "Genesis fingerprint", HEX, "Bag number", "Seal date", "Witness initials",
         "100 mm if printed at 100%", "Do not photograph.", "Do not scan with a phone.",
         "Check word", "A 1 academic 2 wireless 3 mama umbrella",
         "K 31 academic 32 wireless 33 mama umbrella"],
        ["What this is", "It takes 2 of the password group's cards and 2 of the MFA group's",
         "When to use it", "How, in four steps", "If the software is gone", "SLIP-0039",
         "Lost, torn or opened", "Do not photograph. Do not scan with a phone."]],
    "label": [["Check, do not open", "Serial 2, generation 1, edition 1", VAULT,
               "Holder: Head of Finance, Zürich", "Bag number", "Seal date", "Site", "Safe"]],
    "wallet": [[ORGANISATION, "Badge of custodian-p1", "Role: custodian, witness",
                "example.com/root-custody", VAULT, "Date: 2026-01-01",
                "It cosigns the log at the end of a session. It opens nothing.",
                "Lost or copied? Tell an operator today", "If the code cannot be scanned",
                "QUORATE1:K:", "Do not photograph."]],
    "receipt": [[ORGANISATION, "Receipt of the log", "it proves that nobody set the log back",
                 "For custodian-p1", "as custodian", "example.com/root-custody", VAULT,
                 "2026-01-01T00:00:00Z", "1234", "Epoch", "56", ROOT, HEX,
                 "operator-1 and operator-2"]],
    "sealed": [[ORGANISATION, f"Sealed passwords, page {page} of 6",
                "Useless without a quorum of both groups", "beside, not inside, the sealed bag",
                "example.com/root-custody", VAULT, "Generation 1, date 2026-01-01",
                f"1234567890{4 * page - 4:02}",
                f"password, serial {4 * page}, generation 1"] for page in range(1, 7)],
    "minutes": [
        ["Minutes of a founding", "page 1 of 2", ORGANISATION, "example.com/root-custody", VAULT,
         "done: 4 cards issued and proved", "2026-01-01T09:00:00Z", "2026-01-01T10:30:00Z",
         "the wall clock less the machine's: -2 s", "Card 4 was handed to custodian-m2",
         "Exceptions", "the seal of bag A-1003 did not close", "Bags and seals", "A-1007"],
        ["page 2 of 2", "41 entries, epoch 17", ROOT, HEX,
         "custodian-p1, custodian-p2, custodian-m2, witness-1", "Wilma Witness", "witness-1",
         "did not cosign the log", "signature"]],
}


def squeeze(text):
    return re.sub(r"\s+", "", text)


def fields(name, kind, pdf):
    """Every field of the sheet can be taken from the file as text."""
    for page, wanted in enumerate(FIELDS[kind], 1):
        text = run("pdftotext", "-layout", "-f", str(page), "-l", str(page), pdf, "-").decode()
        plain = run("pdftotext", "-f", str(page), "-l", str(page), pdf, "-").decode()
        for field in wanted:
            check(squeeze(field) in squeeze(text) or squeeze(field) in squeeze(plain),
                  f"{name}: page {page}: not to be found: {field}")
    check("PRACTICE" not in text or kind in ("label", "wallet"), f"{name}: the stamp is text")


def layout(name, kind, pdf, pages):
    wide, high = (215.9, 279.4) if "letter" in name else (210, 297)
    size = re.search(r"Page size:\s+([0-9.]+) x ([0-9.]+)", run("pdfinfo", pdf).decode())
    check(abs(float(size[1]) / 72 * 25.4 - wide) < 0.2 and
          abs(float(size[2]) / 72 * 25.4 - high) < 0.2, f"{name}: page size {size[0]}")
    found = int(re.search(r"Pages:\s+([0-9]+)", run("pdfinfo", pdf).decode())[1])
    check(pages is None or found == pages, f"{name}: {found} pages")
    fonts = run("pdffonts", pdf).decode().splitlines()[2:]
    check(len(fonts) >= 2, f"{name}: fonts")
    for font in fonts:
        values = font.split()
        check("DejaVu" in values[0] and values[-5] == "yes", f"{name}: not embedded: {font}")
    for page in range(1, found + 1):
        boxes = words(pdf, page)
        check(len(boxes) > 10, f"{name}: page {page} has words")
        for a, b in itertools.combinations(boxes, 2):
            check(not overlap(a, b), f"{name}: page {page}: {a} overlaps {b}")
        for box in boxes:
            check(box[1] >= 10 and box[2] >= 10 and box[3] <= wide - 10 and box[4] <= high - 10,
                  f"{name}: page {page}: {box} stands in the margin")
            for fold in (high / 3, high * 2 / 3) if kind == "card" else ():
                check(not box[2] < fold + 0.5 or not box[4] > fold - 0.5,
                      f"{name}: page {page}: {box} is folded")


def strip(image, x_mm, y_mm, wide_mm, high_mm, dpi):
    """The share of a rectangle of a grey image that is black."""
    with open(image, "rb") as file:
        data = file.read()
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", data)
    row, pixel = int(head[1]), dpi / 25.4
    cells = b"".join(data[head.end() + y * row + round(x_mm * pixel):
                          head.end() + y * row + round((x_mm + wide_mm) * pixel)]
                     for y in range(round(y_mm * pixel), round((y_mm + high_mm) * pixel)))
    return sum(cell < 64 for cell in cells) / len(cells)


def marks(name, kind, image, dpi):
    """The banner of each panel, at both sides; nothing over a card's folds but
    their marks in the margin."""
    wide, high = (215.9, 279.4) if "letter" in name else (210, 297)
    for panel in range(3):
        for x in (10.2, wide - 13.2):
            black = strip(image, x, high * (2 * panel + 1) / 6 - 29, 3, 58, dpi)
            check(black > 0.5 if "practice" in name else black < 0.05,
                  f"{name}: panel {panel + 1}: the margin is black to {black:.0%}")
    for third in (1, 2) if kind == "card" else ():
        fold = high * third / 3
        over = strip(image, 15, fold - 0.5, wide - 30, 1, dpi)
        check(over < (0.002 if "practice" in name else 1e-9), f"{name}: over a fold: {over:.2%}")
        for x in (10, wide - 14):
            check(strip(image, x, fold - 0.5, 4, 1, dpi) > 0.1, f"{name}: no mark at a fold")


def read_back(name, image, payloads):
    global images
    images += 1
    # With 0 every attempt is made, and none may count a code again.
    for codes in (str(len(payloads)), "0") if "200 dpi" in name else (str(len(payloads)),):
        ours = run(TOOL, "texts", codes, image).decode().split()
        check(sorted(ours) == sorted(payloads), f"{name}: quorate-scan reads {len(ours)}")
    theirs = subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", image],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode().split()
    check(sorted(theirs) == sorted(payloads), f"{name}: zbarimg reads {len(theirs)}")


def sheet(directory, kind, options):
    name = "-".join([kind, *options])
    pdf = os.path.join(directory, name + ".pdf")
    first = run(TOOL, kind, *options)
    check(first == run(TOOL, kind, *options), f"{name}: printed twice, it differs")
    with open(pdf, "wb") as out:
        out.write(first)
    layout(name, kind, pdf, None if name.endswith("long") and kind == "minutes" else len(FIELDS[kind]))
    if "long" not in options:
        fields(name, kind, pdf)
    payloads = run(TOOL, "payload", kind, *options).decode().split()
    on_page = {"card": [2, 0], "sealed": [5] * 6, "minutes": [0, 0]}.get(kind, [1])
    many = kind in ("card", "label") and len(options) in (0, 3)
    for dpi in (150, 200, 300) if many else (200,):
        for page, count in enumerate(on_page, 1):
            image = os.path.join(directory, f"{name}-{dpi}-{page}")
            run("pdftoppm", "-r", str(dpi), "-gray", "-singlefile", "-f", str(page), pdf, image)
            marks(f"{name} at {dpi} dpi", kind, image + ".pgm", dpi)
            here = payloads[sum(on_page[:page - 1]):sum(on_page[:page])]
            if count == 0 or page > 2:
                continue
            read_back(f"{name} at {dpi} dpi", image + ".pgm", here)
            run("convert", image + ".pgm", "-background", "white", "-rotate", "3",
                "-quality", "50", image + ".jpg")
            read_back(f"{name} at {dpi} dpi, turned, JPEG", image + ".jpg", here)


with tempfile.TemporaryDirectory() as work:
    for kind in FIELDS:
        sheet(work, kind, [])
        sheet(work, kind, ["letter", "practice", "long"])
    for options in (["letter"], ["practice"], ["long"]):
        sheet(work, "card", options)

print("roundtrip:", images, "images read,", "FAILED" if failures else "ok")
if images == 0:
    failures.append("nothing was read")
sys.exit(1 if failures else 0)
