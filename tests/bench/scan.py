"""quorate-scan against zbarimg: whole processes, on one card, printed,
rasterised and degraded. usage: scan.py PAPER_TOOL [ROUNDS]"""
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

TOOL = sys.argv[1]
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
ZBARIMG = ["zbarimg", "-q", "-Sdisable", "-Sqrcode.enable"]
PERSPECTIVE = "0,0 40,30 %[fx:w],0 %[fx:w-60],10 0,%[fx:h] 10,%[fx:h-50] %[fx:w],%[fx:h] %[fx:w-20],%[fx:h-10]"
DEGRADED = {
    "as it is": (".pgm", []),
    "turned 3°": (".png", ["-background", "white", "-rotate", "3"]),
    "turned 45°": (".png", ["-background", "white", "-rotate", "45"]),
    "upside down": (".png", ["-rotate", "180"]),
    "turned, JPEG 40": (".jpg", ["-background", "white", "-rotate", "-2", "-quality", "40"]),
    "JPEG 10": (".jpg", ["-quality", "10"]),
    "blurred": (".png", ["-blur", "0x1.5"]),
    "blurred more": (".png", ["-blur", "0x2.5"]),
    "noise": (".png", ["-attenuate", "0.6", "+noise", "Gaussian"]),
    "noise, turned": (".png", ["-background", "white", "-rotate", "3", "-attenuate", "2", "+noise", "Gaussian"]),
    "salt and pepper": (".png", ["-attenuate", "0.5", "+noise", "Impulse"]),
    "faint, JPEG 30": (".jpg", ["+level", "30%,70%", "-attenuate", "0.5", "+noise", "Gaussian", "-quality", "30"]),
    "dark": (".png", ["+level", "0%,40%"]),
    "threshold": (".png", ["-threshold", "50%"]),
    "perspective": (".png", ["-virtual-pixel", "white", "-distort", "Perspective", PERSPECTIVE]),
    "motion": (".png", ["-motion-blur", "0x3+20"]),
}


def timed(command):
    before = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return time.perf_counter() - before, done.stdout.decode()


def peak(*arguments):
    done = subprocess.run([TOOL, *arguments], env={**os.environ, "PAPER_TOOL_PEAK": "1"},
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
    return int(re.search(rb"peak_kib (\d+)", done.stderr)[1]) / 1024


with tempfile.TemporaryDirectory() as directory:
    pdf = os.path.join(directory, "card.pdf")
    with open(pdf, "wb") as out:
        subprocess.run([TOOL, "card"], stdout=out, check=True)
    payload = subprocess.run([TOOL, "payload", "card"], stdout=subprocess.PIPE, check=True)
    payload = payload.stdout.decode().strip()
    total = {150: [0, 0], 200: [0, 0], 300: [0, 0]}
    reads = {150: [0, 0], 200: [0, 0], 300: [0, 0]}
    print(f"{'dpi':>4} {'scan':16} {'quorate-scan':>16} {'zbarimg':>16} {'faster':>7}")
    for dpi in total:
        page = os.path.join(directory, str(dpi))
        subprocess.run(["pdftoppm", "-r", str(dpi), "-gray", "-f", "1", "-l", "1", "-singlefile",
                        pdf, page], check=True)
        for name, (ending, how) in DEGRADED.items():
            image = f"{page}-{list(DEGRADED).index(name)}{ending}"
            subprocess.run(["convert", "-seed", "1", page + ".pgm", *how, image], check=True)
            ours, theirs = [], []
            for _ in range(ROUNDS):
                ours.append(timed([TOOL, "texts", "2", image]))
                theirs.append(timed([*ZBARIMG, "--raw", image]))
            seconds = [statistics.median(t for t, _ in runs) for runs in (ours, theirs)]
            found = [runs[0][1].split().count(payload) for runs in (ours, theirs)]
            for i in range(2):
                total[dpi][i] += seconds[i]
                reads[dpi][i] += found[i]
            print(f"{dpi:4} {name:16} {found[0]} in {seconds[0] * 1000:6.1f} ms "
                  f"{found[1]:3} in {seconds[1] * 1000:6.1f} ms {seconds[1] / seconds[0]:6.1f}x")
    for dpi in total:
        print(f"{dpi:4} {'all':16} {reads[dpi][0]:2} in {total[dpi][0] * 1000:5.0f} ms "
              f"{reads[dpi][1]:3} in {total[dpi][1] * 1000:6.0f} ms {total[dpi][1] / total[dpi][0]:6.1f}x")
    large = os.path.join(directory, "600")
    subprocess.run(["pdftoppm", "-r", "600", "-gray", "-f", "1", "-l", "1", "-singlefile", pdf, large],
                   check=True)
    print(f"peak resident: quorate-print {peak('card'):.1f} MiB, "
          f"quorate-scan {peak('scan', '2', page + '.pgm'):.1f} MiB (A4 at 300 dpi), "
          f"{peak('scan', '0', large + '.pgm'):.1f} MiB (A4 at 600 dpi, every attempt); bound 64")
