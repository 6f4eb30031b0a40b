"""The workers, each alone: what is left in a quorate-scan that waits for its
next image, and in a quorate-print at its end; how large they grow; and that
all executables are shut off while they live."""
import base64
import json
import os
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import needles as needle_module
from practice import ANSWERS, Folder
from tracer import Run, can_trace, memory

BUILT, SEEK = sys.argv[1:3]
MIB = 1024 * 1024
if not can_trace():
    print("skipped: memory is read as root, on x86-64")
    sys.exit(77)
missing = [t for t in ("pdftotext", "pdftoppm", "zbarimg") if shutil.which(t) is None]
if missing:
    print("skipped: not installed:", ", ".join(missing))
    sys.exit(77)
failures = []
BIN = tempfile.mkdtemp(prefix="quorate-bin-")


def check(ok, what):
    if not ok:
        failures.append(what)
        print("FAILED:", what)


def seek(needle_file, data):
    found = subprocess.run([SEEK, needle_file], input=data, stdout=subprocess.PIPE)
    assert found.returncode in (0, 1), found
    return found.stdout.decode().splitlines()


def frame(kind, payload):
    return struct.pack(">IB", len(payload), kind) + payload


def field(pid_status, name):
    return next(l.split()[1] for l in pid_status.splitlines() if l.startswith(name + ":"))


def shut_off(pid, name, worker):
    """What the kernel says of a process that runs as nobody."""
    status = open(f"/proc/{pid}/status").read()
    limits = open(f"/proc/{pid}/limits").read()
    check(field(status, "Seccomp") == "2", f"{name}: no filter")
    check(field(status, "NoNewPrivs") == "1", f"{name}: may gain privileges")
    core = next(l for l in limits.splitlines() if l.startswith("Max core file size"))
    check(core.split()[4:6] == ["0", "0"], f"{name}: {core}")
    # The files of a process that is not dumpable belong to root.
    check(field(status, "Uid") == "65534" and os.stat(f"/proc/{pid}/mem").st_uid == 0,
          f"{name}: can be dumped")
    if worker:
        fds = sorted(int(fd) for fd in os.listdir(f"/proc/{pid}/fd"))
        check(fds == [0, 1, 2], f"{name}: has descriptors {fds}")


def start(name):
    def nobody():
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    worker = subprocess.Popen([os.path.join(BIN, name)], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, bufsize=0, env={}, preexec_fn=nobody)
    read_frame(worker.stdout)
    return worker


def read_exactly(stream, n):
    data = b""
    while len(data) < n:
        assert select.select([stream], [], [], 30)[0], "no answer"
        part = stream.read(n - len(data))
        assert part, "the stream breaks off"
        data += part
    return data


def read_frame(stream):
    n, kind = struct.unpack(">IB", read_exactly(stream, 5))
    return kind, read_exactly(stream, n)


def wait_for_read(pid):
    for _ in range(2000):
        if open(f"/proc/{pid}/syscall").read().startswith("0 0x0 "):
            return
        time.sleep(0.005)
    raise TimeoutError("the worker does not read")


def largest(status, name, limit):
    peak = int(field(status, "VmHWM")) * 1024
    check(peak < limit, f"{name}: {peak // MIB} MiB resident")
    return peak // MIB


def scan(needle_file, images):
    worker = start("quorate-scan")
    try:
        shut_off(worker.pid, "quorate-scan", True)
        for image in images:
            os.set_blocking(worker.stdin.fileno(), True)
            data = frame(4, b"\x02" + open(image, "rb").read())
            while data:
                data = data[worker.stdin.write(data):]
            kind, texts = read_frame(worker.stdout)
            check(kind == 5 and seek(needle_file, texts) != [],
                  "control: what was scanned is found in the answer")
            wait_for_read(worker.pid)
            for line in seek(needle_file, memory(worker.pid)):
                check(False, f"quorate-scan, waiting: {line}")
        return largest(open(f"/proc/{worker.pid}/status").read(), "quorate-scan", 64 * MIB)
    finally:
        worker.kill()
        worker.wait()


def sheet(words, code):
    """A description with the words as on a card, and their code."""
    out = b"QSD1" + struct.pack(">BBQ", 0, 1, 1700000000) + b"P"
    for i, word in enumerate(words):
        out += b"T" + struct.pack(">HHHHHBH", 500 + i % 3 * 5000, 500 + i // 3 * 900, 4500, 800,
                                  160, 3, len(word)) + word.encode()
    line = " ".join(words[5:11])
    out += b"T" + struct.pack(">HHHHHBH", 0, 11000, 18000, 800, 100, 0, len(line)) + line.encode()
    out += b"C" + struct.pack(">HHHBH", 0, 12500, 100, 10, len(code)) + code.encode()
    return out + b"E"


def print_sheet(words, code):
    run = Run([os.path.join(BIN, "quorate-print")], stdin=frame(2, sheet(words, code)),
              secrets=None)
    kind = run.stdout[10] if len(run.stdout) > 10 else 0
    check(run.status == 0 and kind == 3, f"quorate-print: {run.status}: {run.stdout[:80]!r}")
    return run


def prints(needle_file, words, code):
    worker = start("quorate-print")
    shut_off(worker.pid, "quorate-print", True)
    worker.kill()
    worker.wait()
    run = print_sheet(words, code)
    for line in seek(needle_file, run.dumps["end"]):
        check(False, f"quorate-print, at its end: {line}")
    return largest(run.status_text, "quorate-print", 64 * MIB)


def spooler():
    """What it has of a card when it waits for the next, spool.py says."""
    worker = start("quorate-spool")
    shut_off(worker.pid, "quorate-spool", True)
    worker.kill()
    worker.wait()


def command(place):
    """quorate, as nobody, waits for answers that never come."""
    reader, writer = os.pipe()

    def nobody():
        os.dup2(reader, 3)
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    process = subprocess.Popen([os.path.join(BIN, "quorate"), "--vault", place.vault,
                                "--answers-fd", "3", *place.init_args()], close_fds=False,
                               preexec_fn=nobody, stderr=subprocess.PIPE)
    try:
        time.sleep(0.3)
        if process.poll() is None:
            shut_off(process.pid, "quorate", False)
        else:
            check(False, f"quorate does not wait: {process.stderr.read()!r}")
    finally:
        process.terminate()
        check(process.wait(10) == 130, f"quorate, terminated while it asks: {process.returncode}")
        process.stderr.close()
        os.close(reader)
        os.close(writer)


def main():
    place = Folder()
    # Where the programs were built nobody may be let in.
    for name in ("quorate", "quorate-print", "quorate-scan", "quorate-spool"):
        shutil.copy(os.path.join(BUILT, name), BIN)
    os.chmod(BIN, 0o755)
    try:
        run = Run([os.path.join(BIN, "quorate"), "--vault", place.vault, "--no-input", "--json",
                   "--answers-fd", "3", "--secrets-fd", "4", *place.init_args()],
                  answers=json.dumps(ANSWERS).encode())
        assert run.status == 0, run.stderr
        shares, _, images = place.read_cards()
        codes = [subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", image], check=True,
                                stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL).stdout.decode().splitlines()[0]
                 for image in images]
        needles = needle_module.Needles()
        for i, share in enumerate(shares):
            needles.share(f"card-{i + 1}", share)
        for i, code in enumerate(codes):
            text = code[11:]
            payload = base64.b32decode(text + "=" * (-len(text) % 8))
            needles.text(f"card-{i + 1}:code", code[61:], 14)
            needles.raw(f"card-{i + 1}:payload", payload[31:])
        path = os.path.join(place.path, "needles")
        needles.write(path)
        # Words side by side that the libraries have too: what stands in workers that
        # never saw these cards, one that waits and one that printed another sheet.
        worker = start("quorate-scan")
        waiting = memory(worker.pid)
        worker.kill()
        worker.wait()
        for without in (waiting, print_sheet(["academic"] * 33, "QUORATE1").dumps["end"]):
            needles.drop({line.split()[0] for line in seek(path, without)}, without)
            needles.write(path)
        os.chmod(place.path, 0o755)
        os.chmod(place.policy, 0o644)
        scanned = scan(path, images[:3])
        printed = prints(path, shares[0].words, codes[0])
        spooler()
        command(place)
        print(f"quorate-scan {scanned} MiB, quorate-print {printed} MiB resident")
    finally:
        shutil.rmtree(place.path)
        shutil.rmtree(BIN)


main()
if failures:
    print(f"{len(failures)} failures")
    sys.exit(1)
