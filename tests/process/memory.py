"""Promise 13: secrets leave memory. Whole ceremonies with known secrets, to
their good ends, to errors and to signals: in the memory and the registers of
the process that is about to go, on its outputs and in its files, no secret
stands in any form. In the middle of a ceremony the same search finds them."""
import json
import os
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import needles as needle_module
from practice import ACCOUNT, ANSWERS, POLICY, Folder, open_args
from tracer import Run, can_trace

BIN, SEEK = sys.argv[1:3]
QUORATE = os.path.join(BIN, "quorate")
if not can_trace():
    print("skipped: memory is read as root, on x86-64")
    sys.exit(77)
missing = [t for t in ("pdftotext", "pdftoppm", "zbarimg") if shutil.which(t) is None]
if missing:
    print("skipped: not installed:", ", ".join(missing))
    sys.exit(77)

failures = []
runs = 0
# In poll, for as long as it takes, for the pipe or a signal.
RELEASING = r"^7 0x\w+ 0x2 0xf+ "
place = Folder()
folder, VAULT, SHEETS = place.path, place.vault, place.sheets


def check(ok, what):
    if not ok:
        failures.append(what)
        print("FAILED:", what)


def seek(needle_file, data):
    found = subprocess.run([SEEK, needle_file], input=data, stdout=subprocess.PIPE)
    assert found.returncode in (0, 1), found
    return found.stdout.decode().splitlines()


def quorate(*args, answers=ANSWERS, vault=True, **keys):
    argv = [QUORATE, "--no-input", "--json"] + (["--vault", VAULT] if vault else [])
    if answers is not None:
        argv += ["--answers-fd", "3"]
        answers = answers if isinstance(answers, bytes) else json.dumps(answers).encode()
    if keys.get("secrets", "read") is not None:
        argv += ["--secrets-fd", "4"]
    return Run(argv + list(args), answers=answers, **keys)


def judge(name, run, needle_file, status, released=False):
    """Nothing secret is left where nothing secret may be."""
    global runs
    runs += 1
    check(run.status == status, f"{name}: ends with {run.status}, not {status}: {run.stderr!r}")
    check("end" in run.dumps, f"{name}: its end was not seen")
    # Argon2's own are 8 MiB here.
    peak = int(next(l.split()[1] for l in run.status_text.splitlines() if "VmHWM" in l)) // 1024
    check(peak < 32 + 8, f"{name}: {peak} MiB resident")
    places = {"memory": run.dumps.get("end", b""), "standard output": run.stdout,
              "standard error": run.stderr}
    if not released:
        places["secrets descriptor"] = run.secrets
    for place, data in places.items():
        for line in seek(needle_file, data):
            check(False, f"{name}: {place}: {line}")


def control(name, run, needle_file, expected):
    """The search finds what must be there while the ceremony is at its work."""
    found = {line.split()[0] for line in seek(needle_file, run.dumps["middle"])}
    for needle in expected:
        check(needle in found, f"control: {name} in its middle: no {needle}")


def judge_files(name, needle_file):
    for at, _, files in os.walk(folder):
        for file in files:
            path = os.path.join(at, file)
            if path.startswith((VAULT, SHEETS)) and not file.startswith("card-"):
                for line in seek(needle_file, open(path, "rb").read()):
                    check(False, f"{name}: {path}: {line}")


def found():
    """The founding; then the needles can be told from its cards."""
    run = quorate(*place.init_args(), secrets="full", stop_at=RELEASING)
    assert run.status == 0, run.stderr
    generated = json.loads(run.secrets)
    shares, texts, images = place.read_cards()
    codes = [subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", image], check=True, stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL).stdout.decode().splitlines()[0]
             for image in images]
    needles = needle_module.of_vault(VAULT, ANSWERS, generated, shares, codes)
    path = os.path.join(folder, "needles")
    needles.write(path)
    # Words of a share are English: some stand side by side in any program.
    without = quorate("--help", answers=None, secrets=None).dumps["end"]
    chance = {line.split()[0] for line in seek(path, without)}
    check(chance <= {f"card-{i}:words" for i in range(1, 7)} and len(chance) < 3,
          f"control: in a program without secrets there are {chance}")
    needles.drop(chance, without)
    needles.write(path)
    control("founding", run, path, [f"{ACCOUNT}:password", f"{ACCOUNT}:totp-base32",
                                    f"{ACCOUNT}:totp", "operator-1:passphrase", "operator-1:seed",
                                    "custodian-m2:wallet", "card-1:packed", "card-6:packed",
                                    "state-key"])
    judge("init", run, path, 0, released=True)
    judge_files("init", path)
    return path, texts, images


def openings(path, texts, images):
    good = [images[0], texts[1], texts[3], images[4]]
    run = quorate(*open_args(good), secrets="full", stop_at=RELEASING)
    judge("open", run, path, 0, released=True)
    control("opening", run, path, [f"{ACCOUNT}:password", f"{ACCOUNT}:totp",
                                   "operator-1:passphrase", "operator-1:seed", "state-key"])
    run = quorate(*open_args(texts[:5], show="password,code,seed"),
                  answers={**ANSWERS, "confirm": POLICY["vault"]})
    judge("open with the seed", run, path, 0, released=True)
    judge("open with a wrong passphrase",
          quorate(*open_args(texts), answers={**ANSWERS, "badges":
                                              {"operator-1": ANSWERS["badges"]["operator-1"] + "y"}}),
          path, 4)
    judge("open with one group", quorate(*open_args(texts[:3])), path, 3)
    bad = os.path.join(folder, "bad.txt")
    with open(bad, "w") as out:
        words = open(texts[0]).read().split()
        out.write(" ".join(words[:9] + words[10:11] + words[9:10] + words[11:]))
    judge("open with a mistyped card", quorate(*open_args([bad, *texts[1:2]])), path, 4)
    judge("open into a closed pipe", quorate(*open_args(texts), secrets="closed"), path, 1)
    judge("open into a pipe that breaks",
          quorate(*open_args(texts), secrets="broken", stop_at=RELEASING), path, 1)
    judge("open with broken answers",
          quorate(*open_args(texts), answers=json.dumps(ANSWERS).encode()[:-9]), path, 2)
    judge("open with an unknown answer", quorate(*open_args(texts), answers={**ANSWERS, "x": 1}),
          path, 2)


def interrupted(path, texts, images):
    """130 where a signal stops it, the log whole, and nothing released."""
    for number in (signal.SIGTERM, signal.SIGINT):
        run = quorate(*open_args(texts), secrets="full", stop_at=RELEASING,
                      on_stop=lambda pid: os.kill(pid, number))
        judge(f"open, signal {number} at its release", run, path, 130)
        run = quorate(*open_args(images), stop_at="0 of 2 in the MFA group",
                      on_stop=lambda pid: os.kill(pid, number))
        judge(f"open, signal {number} between cards", run, path, 130)
    run = quorate("log", "verify", answers=None, secrets=None)
    check(run.status == 0 and json.loads(run.stdout)["faults"] == [],
          f"the log after interruptions: {run.stdout!r}")
    again = VAULT + "-interrupted"
    sheets = SHEETS + "-interrupted"
    run = quorate("--vault", again, "init", "--policy", place.policy,
                  "--sheets", sheets, secrets="full", stop_at=RELEASING, vault=False,
                  on_stop=lambda pid: os.kill(pid, signal.SIGTERM))
    judge("init, terminated at its release", run, path, 130)
    check(not os.path.exists(sheets) or os.listdir(sheets) == [], "an interrupted founding left sheets")
    run = quorate("--vault", again, "log", "verify", answers=None, secrets=None, vault=False)
    check(run.status == 0, f"the log of an interrupted founding: {run.stderr!r}")


def deposits(path, texts, images):
    """The secrets that are known already, deposited and adopted; to an end, and cut short."""
    deposit = ["deposit", ACCOUNT, "--kind"]
    run = quorate(*deposit, "password", secrets=None)
    judge("deposit a password", run, path, 0)
    judge("deposit a seed", quorate(*deposit, "totp", secrets=None), path, 0)
    judge("deposit what AWS would not take", quorate(
        *deposit, "password", secrets=None,
        answers={**ANSWERS, "accounts": {ACCOUNT: {"password": "a" * 20}}}), path, 2)
    judge("deposit with codes of another seed", quorate(
        *deposit, "totp", secrets=None, answers={**ANSWERS, "accounts": {ACCOUNT: {
            **ANSWERS["accounts"][ACCOUNT], "totp_codes": ["000000", "000001"]}}}), path, 4)
    judge_files("deposit", path)
    decided = {**ANSWERS, "deposits": {"all": "adopt"}}
    run = quorate(*open_args(texts), answers=decided, secrets="full", stop_at=RELEASING)
    judge("adopt", run, path, 0, released=True)
    control("adoption", run, path, [f"{ACCOUNT}:password", f"{ACCOUNT}:totp"])
    check([d["result"] for d in json.loads(run.stdout)["deposits"]] == ["adopted"] * 2,
          f"adopt: {run.stdout!r}")
    judge("confirm", quorate("account", "confirm", ACCOUNT, "--kind", "password", secrets=None), path, 0)
    judge("deposit again", quorate(*deposit, "password", secrets=None), path, 0)
    run = quorate(*open_args(texts), answers=decided, secrets="full", stop_at=RELEASING,
                  on_stop=lambda pid: os.kill(pid, signal.SIGTERM))
    judge("adopt, terminated at the release", run, path, 130)
    judge_files("adoption", path)


def others(path, texts, images):
    judge("prove", quorate("card", "prove", images[0], texts[4], secrets=None), path, 0)
    judge("check", quorate("card", "check", images[5], texts[2], answers=None, secrets=None), path,
          0)
    told = {"step": "1", "expected": "a code", "decided": "none",
            "happened": "the seed is " + ANSWERS["accounts"][ACCOUNT]["totp"]}
    judge("a seed told as an exception", quorate(
        "card", "prove", images[0], answers={**ANSWERS, "exceptions": [told]}, secrets=None), path, 2)
    judge_files("after all", path)


def successions(path, texts, images):
    """Last, for the operator's badge is another one afterwards."""
    cards = [texts[0], images[1], texts[3], images[4]]
    confirm = ["--confirm", POLICY["vault"]]
    go_on = ["--vault", VAULT + "-successor", "log", "continue", "--from", VAULT, "--cause",
             "log.key is lost", *confirm]
    judge("continue with one group", quorate(*go_on, *texts[:3], vault=False), path, 3)
    judge("continue", quorate(*go_on, *cards, vault=False), path, 0)
    take = ["log", "takeover", "--operator", "operator-1", *confirm]
    judge("take over with one group", quorate(*take, *texts[:3]), path, 3)
    judge("take over", quorate(*take, *cards), path, 0)
    run = quorate(*take, *cards, answers={}, secrets="full", stop_at=RELEASING,
                  on_stop=lambda pid: os.kill(pid, signal.SIGTERM))
    judge("take over, terminated at its release", run, path, 130)
    judge_files("after take-overs", path)


def main():
    path, texts, images = found()
    openings(path, texts, images)
    interrupted(path, texts, images)
    deposits(path, texts, images)
    others(path, texts, images)
    successions(path, texts, images)


try:
    main()
finally:
    if not os.environ.get("QRT_TEST_KEEP"):
        shutil.rmtree(folder)
    else:
        print("kept:", folder)
if failures:
    print(f"{len(failures)} failures")
    sys.exit(1)
print(f"{runs} ends of ceremonies: no secret left")
