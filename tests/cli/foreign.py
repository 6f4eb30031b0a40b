"""The verifiers that share no code with the command, as far as they can be run here."""
import os
import subprocess
import sys

import harness
import verify_page

ROOT = harness.ROOT


def python():
    """A Python that has PyNaCl, or None."""
    for program in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([program, "-c", "import nacl"], capture_output=True).returncode == 0:
            return program
    return None


def verify_log_py(*arguments):
    return [python(), "-B", ROOT / "examples/verify_log.py", *arguments]


def verify_log_go():
    """The program, built."""
    program = harness.work / "verify_log"
    if not program.exists():
        subprocess.run(["go", "build", "-o", program, ROOT / "examples/verify_log.go"], check=True,
                       env=os.environ | {"GO111MODULE": "off", "GOFLAGS": "", "GOPATH": "/usr/share/gocode",
                                         "HOME": str(harness.work), "GOCACHE": str(harness.work / "gocache")})
    return program


def lines(of_python, of_go):
    found = {}
    if python():
        found["verify_log.py"] = of_python
    if verify_page.has_go():
        program = verify_log_go()
        found["verify_log.go"] = lambda *of: [program, *of_go(*of)]
    if not found:
        print("skipped: no PyNaCl and no Go: no foreign verifier")
    return found


def verifiers():
    """Their names, and what makes the line that has one verify an export under people's keys."""
    return lines(lambda where, people: verify_log_py(where, "--people", people),
                 lambda where, people: [where, people])


def provers():
    """The same for a proof."""
    return lines(lambda proof, people: verify_log_py("--proof", proof, "--people", people),
                 lambda proof, people: ["-proof", proof, people])
