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


def verifiers():
    """Their names, and what makes the line that has one verify an export under people's keys."""
    found = {}
    if python():
        found["verify_log.py"] = lambda where, people: [
            python(), "-B", ROOT / "examples/verify_log.py", where, "--people", people]
    if verify_page.has_go():
        program = harness.work / "verify_log"
        subprocess.run(["go", "build", "-o", program, ROOT / "examples/verify_log.go"], check=True,
                       env=os.environ | {"GO111MODULE": "off", "GOFLAGS": "", "GOPATH": "/usr/share/gocode",
                                         "HOME": str(harness.work), "GOCACHE": str(harness.work / "gocache")})
        found["verify_log.go"] = lambda where, people: [program, where, people]
    if not found:
        print("skipped: no PyNaCl and no Go: no foreign verifier")
    return found
