"""Promise 7: cards read after years. Each trial draws a sheet, makes a scan of it
and spoils that: turned, blurred, stained, cracked at its folds, torn, compressed.
What is read must be what was printed, or nothing. With `control`, the sheets are
held against other codes than theirs, and each that is read must count as wrong.
Usage: trials.py TOOL N [SEED [control]]"""
import collections
import os
import random
import shutil
import subprocess
import sys
import tempfile

TOOL = sys.argv[1]
TRIALS = int(sys.argv[2])
CONTROL = sys.argv[4:] == ["control"]
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 32)
try:
    from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat
except ImportError:
    Image = None
SYSTEM = "/usr/bin/python3"  # where Debian's python3-pil is found
if Image is None and os.path.exists(SYSTEM) and sys.executable != SYSTEM:
    os.execv(SYSTEM, [SYSTEM, "-B"] + sys.argv)
if Image is None or shutil.which("pdftoppm") is None:
    print("skipped: python3-pil or pdftoppm is not installed")
    sys.exit(77)
DPIS = (150, 200, 250, 300)
SHEETS = {  # what is printed, and how often
    "card": (["card"], 6),
    "card on Letter": (["card", "letter"], 2),
    "practice card": (["card", "practice"], 2),
    "wallet card": (["wallet"], 1),
    "receipt": (["receipt"], 1),
    "sealed sheet": (["sealed"], 1),
}
STAIN_MM = 16


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


class Sheet:
    """A sheet's first page as clean scans, and what its codes say."""

    def __init__(self, directory, name, options):
        self.pdf = os.path.join(directory, name.replace(" ", "-"))
        self.images = {}
        with open(self.pdf + ".pdf", "wb") as out:
            out.write(run(TOOL, *options))
        lines = run(TOOL, "payload", options[0]).decode().split()
        self.codes = lines[:5] if options[0] == "sealed" else lines
        if CONTROL:
            self.codes = [code[:-1] + ("A" if code[-1] == "B" else "B") for code in self.codes]

    def image(self, dpi):
        if dpi not in self.images:
            run("pdftoppm", "-r", str(dpi), "-gray", "-singlefile", "-l", "1", self.pdf + ".pdf",
                f"{self.pdf}-{dpi}")
            self.images[dpi] = Image.open(f"{self.pdf}-{dpi}.pgm")
            self.images[dpi].load()
        return self.images[dpi].copy()


def stain(rng, image, mm):
    """A disc of 16 mm: coffee, ink or rubbed-off toner, with an uneven edge."""
    side = int(STAIN_MM * mm)
    on_code = rng.random() < 0.7
    for _ in range(40):
        x = rng.randrange(max(1, image.width - side))
        y = rng.randrange(max(1, image.height - side))
        # Half of a code is black.
        if not on_code or ImageStat.Stat(image.crop((x, y, x + side, y + side))).mean[0] < 150:
            break
    kind = rng.choice(("coffee", "coffee", "ink", "bare"))
    patch = image.crop((x, y, x + side, y + side))
    shape = Image.new("L", (side, side), 0)
    ImageDraw.Draw(shape).ellipse((0, 0, side - 1, side - 1), fill=255)
    shape = shape.filter(ImageFilter.GaussianBlur(0.3 * mm))
    if kind == "coffee":
        spoiled = ImageChops.multiply(patch, Image.new("L", patch.size, rng.randrange(110, 200)))
    else:
        spoiled = Image.new("L", patch.size, 20 if kind == "ink" else 245)
    image.paste(spoiled, (x, y), shape)


def crack(rng, image, y, mm):
    """Toner that came off along a fold, unevenly."""
    draw = ImageDraw.Draw(image)
    wide = rng.uniform(0.3, 1.5) * mm
    for x in range(0, image.width, 3):
        if rng.random() < 0.8:
            middle = y + rng.uniform(-0.3, 0.3) * mm
            draw.rectangle((x, middle - wide / 2, x + 3, middle + wide / 2),
                           fill=rng.randrange(225, 256))


def spoil(rng, image, mm):
    for fold in (1, 2):
        if rng.random() < 0.7:
            crack(rng, image, image.height * fold / 3, mm)
    if rng.random() < 0.3:  # folded where it should not be
        crack(rng, image, rng.uniform(0.05, 0.95) * image.height, mm)
    for _ in range(rng.choice((0, 1, 1, 1, 2, 4))):
        stain(rng, image, mm)
    panel = None
    if rng.random() < 0.15:
        panel = rng.randrange(3)
        third = image.height // 3
        image = image.crop((0, panel * third, image.width, (panel + 1) * third))
    # Faded toner, grey paper.
    black, white = rng.randrange(0, 90), rng.randrange(190, 256)
    image = image.point([black + (white - black) * v // 255 for v in range(256)])
    angle = rng.uniform(-10, 10) + rng.choice((0, 0, 0, 90, 180, 270))
    image = image.rotate(angle, Image.BICUBIC, expand=True, fillcolor=white)
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 0.3) * mm)), panel


def trial(seed, sheets, path):
    rng = random.Random(seed)
    name = rng.choices(list(SHEETS), [often for _, often in SHEETS.values()])[0]
    sheet = sheets[name]
    dpi = rng.choice(DPIS)
    image, panel = spoil(rng, sheet.image(dpi), dpi / 25.4)
    image.save(path, "JPEG", quality=rng.randrange(20, 91))
    read = run(TOOL, "texts", str(len(sheet.codes)), path).decode().split("\n")[:-1]
    wanted = collections.Counter(sheet.codes)
    wrong = collections.Counter(read) - wanted
    if wrong:
        return name, "wrong"
    if panel is not None:
        return name + ", one panel of three", "read" if read else "refused"
    if len(read) == len(sheet.codes):
        return name, "read"
    return name, "read in part" if read else "refused"


def main():
    print(f"seed {SEED}")
    tally = collections.defaultdict(collections.Counter)
    with tempfile.TemporaryDirectory() as directory:
        sheets = {name: Sheet(directory, name, options) for name, (options, _) in SHEETS.items()}
        for number in range(TRIALS):
            name, result = trial(f"{SEED}/{number}", sheets, os.path.join(directory, "scan.jpg"))
            tally[name][result] += 1
            if result == "wrong" and not CONTROL:
                print(f"WRONG: trial {number} of seed {SEED}: {name}")
    total = collections.Counter()
    for name, results in sorted(tally.items()):
        total.update(results)
        print(f"{name}:", ", ".join(f"{n} {what}" for what, n in sorted(results.items())))
    any_read = total["read"] + total["read in part"]
    print(f"{TRIALS} trials: {any_read} read ({100 * any_read / TRIALS:.1f} %), of them "
          f"{total['read in part']} in part; {total['refused']} refused; {total['wrong']} wrong")
    if CONTROL:
        return 0 if total["wrong"] >= TRIALS / 2 and any_read == 0 else 1
    # Where nothing is read any more, nothing can be wrong.
    enough = any_read >= TRIALS / 2
    if not enough:
        print("FAILED: fewer than half are read")
    return 0 if total["wrong"] == 0 and enough else 1


sys.exit(main())
