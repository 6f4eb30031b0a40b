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


def layout(name, pdf, pages, paper):
    wide, high = (215.9, 279.4) if "letter" in name else (210, 297)
    size = re.search(r"Page size:\s+([0-9.]+) x ([0-9.]+)", run("pdfinfo", pdf).decode())
    check(abs(float(size[1]) / 72 * 25.4 - wide) < 0.2 and
          abs(float(size[2]) / 72 * 25.4 - high) < 0.2, f"{name}: page size {size[0]}")
    check(run("pdfinfo", pdf).decode().count("Pages:           " + str(pages)), f"{name}: pages")
    fonts = run("pdffonts", pdf).decode().splitlines()[2:]
    check(len(fonts) >= 2, f"{name}: fonts")
    for font in fonts:
        fields = font.split()
        check("DejaVu" in fields[0] and fields[-5] == "yes", f"{name}: not embedded: {font}")
    for page in range(1, pages + 1):
        boxes = words(pdf, page)
        check(len(boxes) > 10, f"{name}: page {page} has words")
        for a, b in itertools.combinations(boxes, 2):
            check(not overlap(a, b), f"{name}: page {page}: {a} overlaps {b}")
        for box in boxes:
            check(box[1] >= 10 and box[2] >= 10 and box[3] <= wide - 10 and box[4] <= high - 10,
                  f"{name}: page {page}: {box} stands in the margin")
            if paper == "card":
                for fold in (high / 3, high * 2 / 3):
                    check(not box[2] < fold + 0.5 or not box[4] > fold - 0.5,
                          f"{name}: page {page}: {box} is folded")
        if paper == "card" and page == 2:
            joined = " ".join(box[0] for box in boxes)
            for heading in ("What this is", "When to use it", "How, in four steps",
                            "If the software is gone", "Lost, torn or opened",
                            "Do not photograph. Do not scan with a phone."):
                check(heading in joined, f"{name}: {heading}")


def stamp(name, image):
    """The stamp is the only thing of its grey."""
    with open(image, "rb") as file:
        pixels = file.read()
    share = pixels.count(bytes([199])) / len(pixels)
    check(share > 0.01 if "practice" in name else share < 0.001, f"{name}: {share:.2%} is stamped")


def read_back(name, image, payload, count):
    # With 0 every attempt is made, and none may count a code again.
    for codes in (str(count), "0") if image.endswith(".pgm") and "200" in name else (str(count),):
        ours = run(TOOL, "texts", codes, image).decode().split()
        check(ours == [payload] * count, f"{name}: quorate-scan reads {len(ours)}")
    theirs = subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", image],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode().split()
    check(theirs == [payload] * count, f"{name}: zbarimg reads {len(theirs)}")


with tempfile.TemporaryDirectory() as directory:
    at = lambda name: os.path.join(directory, name)
    for paper, options in itertools.product(
            ("card", "label"), ([], ["letter"], ["practice"], ["letter", "practice", "long"], ["long"])):
        name = "-".join([paper, *options])
        pdf = at(name + ".pdf")
        first = run(TOOL, paper, *options)
        check(first == run(TOOL, paper, *options), f"{name}: printed twice, it differs")
        with open(pdf, "wb") as out:
            out.write(first)
        pages, count = (2, 2) if paper == "card" else (1, 1)
        layout(name, pdf, pages, paper)
        payload = run(TOOL, "payload", paper).decode().split()[0]
        for dpi in (150, 200, 300) if len(options) != 1 else (200,):
            image = at(f"{name}-{dpi}")
            run("pdftoppm", "-r", str(dpi), "-gray", "-singlefile", pdf, image)
            stamp(name, image + ".pgm")
            read_back(f"{name} at {dpi} dpi", image + ".pgm", payload, count)
            run("convert", image + ".pgm", "-background", "white", "-rotate", "3",
                "-quality", "50", image + ".jpg")
            read_back(f"{name} at {dpi} dpi, turned, JPEG", image + ".jpg", payload, count)

print("roundtrip:", "FAILED" if failures else "ok")
sys.exit(1 if failures else 0)
