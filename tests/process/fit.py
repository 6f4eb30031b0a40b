"""Promise 18: the machine is fit. Each fault is planted for real, in name spaces
of its own, under limits, a filter or a tracer; selftest and each ceremony tell
it before anything is asked; a real vault stops, or has it in its log."""
import ctypes
import json
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from practice import ANSWERS, POLICY, Folder

BIN, CLOCK = sys.argv[1:3]
QUORATE = os.path.join(BIN, "quorate")
missing = [t for t in ("unshare", "mount", "ip", "strace", "prlimit", "setpriv")
           if not shutil.which(t)]
if missing or os.geteuid() != 0:
    print("skipped: not installed:" if missing else "skipped: not root", ", ".join(missing))
    sys.exit(77)
if subprocess.run(["unshare", "-m", "-n", "true"], stderr=subprocess.DEVNULL).returncode != 0:
    print("skipped: no mount namespace can be made here, in which to plant a machine")
    sys.exit(77)
failures = []


def check(ok, what):
    if not ok:
        failures.append(what)
        print("FAILED:", what)


seccomp = ctypes.CDLL("libseccomp.so.2")
seccomp.seccomp_init.restype = ctypes.c_void_p
seccomp.seccomp_init.argtypes = [ctypes.c_uint32]
ALLOW, ERRNO = 0x7FFF0000, 0x00050000


class Compare(ctypes.Structure):
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64),
                ("b", ctypes.c_uint64)]


def refuse(call, error, argument=None):
    """A filter under which a system call fails, always or with that argument."""
    def prepare():
        context = ctypes.c_void_p(seccomp.seccomp_init(ALLOW))
        number = seccomp.seccomp_syscall_resolve_name(call.encode())
        compare = [Compare(argument[0], 4, argument[1], 0)] if argument else []
        array = (Compare * max(1, len(compare)))(*compare)
        assert seccomp.seccomp_rule_add_array(context, ctypes.c_uint32(ERRNO | error), number,
                                              len(compare), array) == 0
        assert seccomp.seccomp_load(context) == 0
    return prepare


work = Folder()
FIT = {"swaps": "Filename\tType\tSize\tUsed\tPriority\n", "core_pattern": "core\n",
       "cupsd.conf": "PreserveJobFiles No\n", "cups-files.conf": "SystemGroup root\n"}
for name, text in FIT.items():
    work.write(name, text)
SWAP_ON = work.write("swap-on", FIT["swaps"] + "/dev/sda2 partition 1 0 -2\n")
PIPED = work.write("piped", "|/usr/lib/systemd/systemd-coredump %P\n")
KEEPS = work.write("keeps", "LogLevel warn\n")

# A machine that is fit, whatever this one is: name spaces with a network of
# their own, a spool in memory, and the files that say so.
MACHINE = f"""set -e
mount -t sysfs none /sys
mount --bind {work.path}/swaps /proc/swaps
mount --bind {work.path}/core_pattern /proc/sys/kernel/core_pattern
mkdir -p /var/spool/cups /etc/cups
mount -t tmpfs none /var/spool/cups
mount -t tmpfs none /etc/cups
cp {work.path}/cupsd.conf {work.path}/cups-files.conf /etc/cups
"""


class Plant:
    def __init__(self, finding, words, shell="", before=(), prepare=None, environment=None):
        self.finding, self.words, self.shell = finding, words, shell
        self.before, self.prepare, self.environment = list(before), prepare, environment or {}


FAULTS = [
    Plant("swap", "swapoff -a", f"mount --bind {SWAP_ON} /proc/swaps"),
    Plant("core-pattern", "sysctl -w kernel.core_pattern=core",
          f"mount --bind {PIPED} /proc/sys/kernel/core_pattern"),
    Plant("mlock", "ulimit -l unlimited",
          before=["prlimit", "--memlock=4194304:4194304", "setpriv", "--reuid", "65534",
                  "--clear-groups"]),
    Plant("network-interface", "planted0",
          "ip link add planted0 type veth peer name planted1\nip link set dev planted0 up"),
    Plant("rng", "type on the keyboard", prepare=refuse("getrandom", 11, (2, 1))),
    Plant("spool", "mount -t tmpfs", "umount /var/spool/cups"),
    Plant("spool", "PreserveJobFiles No", f"cp {KEEPS} /etc/cups/cupsd.conf"),
    Plant("clock", "1970-01-02T00:00:00Z", environment={"LD_PRELOAD": CLOCK}),
    Plant("debugger", "traces this one", before=["strace", "-qq", "-o", "/dev/null", "-e",
                                                 "trace=none"]),
    Plant("landlock", "5.13 or later", prepare=refuse("landlock_create_ruleset", 38)),
]
NONE = Plant(None, "")


def run(plant, vault, *args, answers=None):
    reader, writer = os.pipe()
    given = os.memfd_create("answers")
    os.write(given, json.dumps(ANSWERS if answers is None else answers).encode())

    def prepare():
        os.lseek(given, 0, os.SEEK_SET)
        os.dup2(given, 13)
        os.dup2(writer, 14)
        if plant.prepare:
            plant.prepare()
    shell = MACHINE + plant.shell + '\nexec "$@"'
    inner = ["env", *(f"{k}={v}" for k, v in plant.environment.items()), QUORATE]
    done = subprocess.run(
        ["unshare", "-m", "-n", "sh", "-c", shell, "sh", *plant.before, *inner, "--vault", vault,
         "--no-input", "--json", "--answers-fd", "13", "--secrets-fd", "14", *args],
        close_fds=False, preexec_fn=prepare, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True)
    for fd in (reader, writer, given):
        os.close(fd)
    return done.returncode, done.stdout, done.stderr


def findings(plant):
    rc, out, err = run(plant, "none", "selftest")
    if rc != 0:
        return [f"exit {rc}: {err}"], ""
    found = [c for c in json.loads(out)["machine"] if c["result"] == "finding"]
    return [c["name"] for c in found], " ".join(c["words"] + " " + c["remedy"] for c in found)


places = []


def policy(**more):
    place = Folder()
    os.chmod(place.path, 0o777)  # an ordinary user founds there as well
    place.policy = place.write("policy.json", json.dumps({**POLICY, **more}))
    places.append(place)
    return place


REAL = {**ANSWERS, "confirm": POLICY["vault"]}
# What asks nothing can only be told by the machine.
NOTHING = {}

check(findings(NONE)[0] == [], f"control: a fit machine: {findings(NONE)}")
real = policy(practice=False)
rc, out, err = run(NONE, real.vault, *real.init_args(), answers=REAL)
check(rc == 0 and "This machine" not in err, f"control: a real vault on it: {rc}: {err}")
rc, out, err = run(NONE, real.vault, "log", "show")
check(not [e for e in json.loads(out)["entries"] if e["values"].get("step") == "machine"],
      "control: no exception of the machine in its log")
for fault in FAULTS:
    name = fault.finding
    told = findings(fault)
    check(told[0] == [name], f"selftest tells {name}, and no other: {told}")
    check(fault.words in told[1], f"what to do is told: {fault.words}: {told}")
    # A founding and an opening stop before they ask for anything.
    place = policy(practice=False)
    rc, out, err = run(fault, place.vault, *place.init_args(), answers=NOTHING)
    check(rc == 1 and f"not fit for a real vault: {name}" in err, f"init stops: {name}: {rc}: {err}")
    check(not os.path.exists(place.vault), f"nothing is written: {name}")
    if name != "mlock":  # root's vault is not an ordinary user's to open
        rc, out, err = run(fault, real.vault, "open", "123456789012", "--purpose", "drill", "--show",
                           "code", __file__, answers=NOTHING)
        check(rc == 1 and f"not fit for a real vault: {name}" in err,
              f"open stops: {name}: {rc}: {err}")
    # A practice vault is told, and goes on to ask.
    place = policy()
    rc, out, err = run(fault, place.vault, *place.init_args(), answers=NOTHING)
    check(rc == 2 and f"({name}). To mend it" in err and fault.words in err,
          f"a practice vault is told: {name}: {rc}: {err}")
    if name == "mlock":
        continue  # Argon2's memory and the secrets would not fit anyway
    place = policy(practice=False, machine_exceptions=[name])
    rc, out, err = run(fault, place.vault, *place.init_args(), answers=REAL)
    check(rc == 0, f"an exception is taken: {name}: {rc}: {err}")
    rc, out, err = run(fault, place.vault, "log", "show")
    logged = [e["values"] for e in json.loads(out)["entries"] if e["event"] == "exception" and
              e["values"]["step"] == "machine"]
    check(len(logged) == 1 and "machine_exceptions" in logged[0]["decided"] and
          logged[0]["happened"] != logged[0]["expected"], f"and logged: {name}: {logged}")
    print(f"{name}: told, refused, excepted and logged", flush=True)

# The system's own name is text from outside too (promise 17).
named = Plant(None, "", f"mount --bind {work.path}/os-release /etc/os-release")
with open(os.path.join(work.path, "os-release"), "wb") as out:
    out.write(b'PRETTY_NAME="Evil \x1b[2J\xe2\x80\xae \xff"\n')
place = policy()
rc, out, err = run(named, place.vault, *place.init_args())
check(rc == 0, f"a system of a hostile name: {rc}: {err}")
rc, out, err = run(named, place.vault, "log", "show")
release = [e["values"]["release"] for e in json.loads(out)["entries"] if "release" in e["values"]]
check(release and release[0].startswith("Evil \\x1B[2J\\xE2\\x80\\xAE \\xFF, Linux"),
      f"stands escaped in the log: {release}")

for place in [*places, work]:
    shutil.rmtree(place.path)
if failures:
    print(f"{len(failures)} failures")
    sys.exit(1)
print(f"{len(FAULTS)} faults planted, each told")
