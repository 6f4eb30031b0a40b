"""Every command of an export's VERIFY.txt, as it stands there."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import harness


def has_go():
    """Is there what step 3 needs?"""
    return shutil.which("go") and pathlib.Path("/usr/share/gocode/src/golang.org/x/mod/sumdb").is_dir()


def run(where, people, receipt):
    """What they all say, one after another, in an empty directory."""
    text = (where / "VERIFY.txt").read_text()
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S)
    assert len(blocks) >= 10, len(blocks)
    page = "".join(blocks)
    for given, value in (("EXPORT=/path/to/this/directory", f"EXPORT={where}"),
                         ("PEOPLE=/path/to/keys/from/paper", f"PEOPLE={people}"),
                         ("RECEIPT='SIZE ROOT'", f"RECEIPT='{receipt}'")):
        assert given in page, given
        page = page.replace(given, value)
    with tempfile.TemporaryDirectory(dir=harness.work) as empty:
        done = subprocess.run(["sh"], input=page, cwd=empty, text=True, capture_output=True,
                              env=os.environ | {"HOME": str(harness.work),
                                                "GOCACHE": str(harness.work / "gocache")})
    return done.stdout + done.stderr
