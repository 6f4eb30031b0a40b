"""Promise 14: no network is possible. Whole ceremonies make no network call at
all; the filters of all executables refuse what could make one; no object
of ours names a function that would."""
import errno
import os
import re
import shutil
import signal
import subprocess
import sys
import json

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from practice import ANSWERS, Folder, open_args

BIN, ATTEMPT, LIBRARY = sys.argv[1:4]
QUORATE = os.path.join(BIN, "quorate")
missing = [t for t in ("strace", "nm", "readelf", "pdftotext", "pdftoppm") if not shutil.which(t)]
if missing:
    print("skipped: not installed:", ", ".join(missing))
    sys.exit(77)
failures = []


def check(ok, what):
    if not ok:
        failures.append(what)
        print("FAILED:", what)


def seen(trace):
    """The calls in a trace. One without a name is of a process that was killed as it was about
    to make it, and never did; of any other process it counts."""
    killed = set(re.findall(r"^(\d+) +\+\+\+ killed by SIGKILL \+\+\+$", trace, re.M))
    return [line for line in trace.splitlines() if not re.search(r"(---|\+\+\+) ", line)
            and not (line.split()[0] in killed
                     and re.fullmatch(r"\d+ +\?\?\?\( <unfinished \.\.\.>", line))]


def ceremonies():
    place = Folder()
    trace = os.path.join(place.path, "trace")
    calls = []

    def run(*args, status=0, control=()):
        answers = place.write("answers.json", json.dumps(ANSWERS))
        with open(answers) as given, open(os.path.join(place.path, "out"), "w") as out:
            def prepare():
                os.dup2(given.fileno(), 13)
                os.dup2(out.fileno(), 14)
            done = subprocess.run(
                ["strace", "-f", "-qq", "-o", trace, "-e", "trace=network", QUORATE, "--vault",
                 place.vault, "--no-input", "--json", "--answers-fd", "13", "--secrets-fd", "14",
                 *args], close_fds=False, preexec_fn=prepare, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE)
        check(done.returncode == status, f"{args[0]}: {done.returncode}: {done.stderr!r}")
        with open(trace) as said:
            calls.extend(seen(said.read()))

    nameless = "7  ???( <unfinished ...>\n"
    check(seen(nameless + "7  +++ killed by SIGKILL +++\n") == [], "who was killed called")
    check(len(seen(nameless + "8  +++ killed by SIGKILL +++\n")) == 1, "control: another was killed")
    try:
        run(*place.init_args())
        _, texts, images = place.read_cards()
        run("card", "prove", images[0], texts[5])
        run(*open_args([images[0], texts[1], images[3], texts[4]], show="password,code"))
        run(*open_args(texts[:3]), status=3)
        run("log", "verify")
        run("selftest")
        check(calls == [], f"network calls: {calls[:5]}")
        control = subprocess.run(["strace", "-f", "-qq", "-o", trace, "-e", "trace=network",
                                  ATTEMPT, "none", "unix"], stdout=subprocess.PIPE)
        check(control.stdout == b"0\n" and "socket(" in open(trace).read(),
              "control: a socket is seen in a trace")
    finally:
        shutil.rmtree(place.path)


def filters():
    refused = ["inet", "unix", "netlink", "packet", "socketpair", "io-uring", "connect",
               "sendmsg", "recvmsg", "ptrace"]
    killed = ["x32", "int80"] if os.uname().machine == "x86_64" else []

    def attempt(cage, call):
        done = subprocess.run([ATTEMPT, cage, call], stdout=subprocess.PIPE)
        return done.returncode, done.stdout

    for call in refused:
        check(attempt("quorate", call) == (0, b"%d\n" % errno.EPERM), f"quorate may call {call}")
        check(attempt("worker", call)[0] == -signal.SIGSYS, f"a worker may call {call}")
    for call in ("inet", "inet6", "netlink", "packet", "unix-datagram", "socketpair", "io-uring",
                 "sendmsg", "recvmsg", "ptrace", "exec"):
        check(attempt("spool", call)[0] == -signal.SIGSYS, f"the spooler may call {call}")
    check(attempt("spool", "unix") == (0, b"0\n"), "the spooler may have a Unix socket")
    check(attempt("spool", "open") == (0, b"%d\n" % errno.ENOENT), "the spooler sees a file")
    check(attempt("none", "open") == (0, b"0\n"), "control: the file is there")
    for call in killed:
        for cage in ("quorate", "worker", "spool"):
            check(attempt(cage, call)[0] == -signal.SIGSYS, f"{cage} may call {call}")
    for call in ("inet", "unix", "socketpair"):
        check(attempt("none", call) == (0, b"0\n"), f"control: {call} works without a filter")


NETWORK = (r"socket|socketpair|connect|bind|listen|accept4?|send(to|m?msg)?|recv(from|m?msg)?|"
           r"getaddrinfo|getnameinfo|gethostby\w+|res_\w+|inet_\w+|io_uring_\w+")
STARTING = r"dlopen|dlmopen|system|popen|fork|vfork|exec\w+"


def undefined(path, *flags):
    names = subprocess.run(["nm", *flags, "-u", path], check=True, stdout=subprocess.PIPE,
                           stderr=subprocess.DEVNULL).stdout.decode().splitlines()
    return {line.split()[-1].split("@")[0] for line in names if " U " in line}


def symbols():
    """Our own objects name nothing that reaches a network, loads code or starts
    a program but posix_spawn; nor do the executables name the first."""
    objects = [LIBRARY]
    for room in ("cli", "print", "scan", "spool"):
        for at, _, files in os.walk(os.path.join(BIN, "../src", room)):
            objects += [os.path.join(at, f) for f in files if f.endswith(".o")]
    check(len(objects) > 12, f"control: our objects are found: {objects}")
    ours = set().union(*(undefined(path) for path in objects))
    check({"read", "posix_spawn"} <= ours, "control: ours read, and start workers")
    for name in sorted(ours):
        check(not re.fullmatch(f"{NETWORK}|{STARTING}", name), f"our objects name {name}")
    for program in ("quorate", "quorate-print", "quorate-scan", "quorate-spool"):
        path = os.path.join(BIN, program)
        for name in sorted(undefined(path, "-D")):
            check(program == "quorate-spool" or not re.fullmatch(NETWORK, name), f"{program} names {name}")
        dynamic = subprocess.run(["readelf", "-d", path], check=True,
                                 stdout=subprocess.PIPE).stdout.decode()
        check("BIND_NOW" in dynamic and "PIE" in dynamic, f"{program} binds lazily, or is not PIE")
        if program == "quorate":
            for library in re.findall(r"NEEDED.*\[lib([\w+-]+)\.", dynamic):
                check(library in ("sodium", "nettle", "seccomp", "utf8proc", "sqlite3", "argon2",
                                  "jansson", "m", "c"), f"quorate links {library}")


filters()
symbols()
ceremonies()
if failures:
    print(f"{len(failures)} failures")
    sys.exit(1)
print("0 network calls in 6 ceremonies; every attempt refused; no symbol")
