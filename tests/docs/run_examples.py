"""Runs what the documents show, and holds the manual against the program.

usage: run_examples.py QUORATE PAGE...

Of a manual page all literal displays that call quorate are run, of a Markdown
page all blocks marked ```sh: those of one page in order, by one shell that
stops at the first failure, in a scratch folder of its own. Exit 77 if a tool
that an example uses is not there.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile


def blocks_of(page):
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".md":
        return re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S)
    displays = re.findall(r"^\.Bd -literal[^\n]*\n(.*?)^\.Ed$", text, re.M | re.S)
    runnable = [display for display in displays if re.search(r"\bquorate ", display)]
    return [plain(display) for display in runnable]


def plain(roff):
    for escape, character in ((r"\-", "-"), (r"\(aq", "'"), (r"\&", ""), (r"\e", "\\")):
        roff = roff.replace(escape, character)
    return roff


def run(page, blocks, programs):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["sh", "-eu"], input="\n".join(blocks), cwd=folder, text=True, capture_output=True,
            env=os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"})
    assert done.returncode == 0, f"{page.name}: exit {done.returncode}\n{done.stdout}{done.stderr}"
    print(f"{page.name}: {len(blocks)} examples run")


def check_manual(page, quorate):
    """Every command and option of --help has its place in the manual."""
    text = plain(page.read_text(encoding="utf-8"))

    def help_of(*command):
        said = subprocess.run([quorate, *command, "--help"], check=True, capture_output=True,
                              text=True).stdout
        for option in set(re.findall(r"--[a-z][a-z0-9-]+", said)):
            name = option.removeprefix("--")
            assert option in text or re.search(rf"Fl Fl {name}\b", text), f"{option} is not there"
        return said

    commands = [line.split()[0] for line in help_of().splitlines() if re.match(r"  [a-z]", line)]
    assert commands, "--help lists no commands"
    for command in commands:
        assert re.search(rf"^\.Ss {command}\b", text, re.M), f"{command} has no section"
        help_of(command)
    header = page.parents[2] / "include" / "quorate" / "card.h"
    reasons = re.findall(r'X\(QRT_CARD_\w+, "([a-z-]+)",', header.read_text())
    assert len(reasons) > 10, f"the reasons of {header}: {reasons}"
    for reason in reasons:
        assert f".It Cm {reason}\n" in text, f"the reason {reason} is not there"
    told = json.loads(subprocess.run([quorate, "--json", "selftest"], check=True,
                                     capture_output=True).stdout)
    for check in told["machine"]:
        name = check["name"]
        assert f".It Cm {name}\n" in text, f"the finding {name} is not there"
    tasks = page.parents[2] / "src/ceremony/open/root-only-tasks.tsv"
    for task in re.findall(r"^([a-z0-9-]+)\t", tasks.read_text(), re.M):
        assert re.search(rf"^\.Cm .*\b{task} [,.]", text, re.M), f"the task {task} is not there"


def main():
    quorate = pathlib.Path(sys.argv[1]).resolve()
    pages = [pathlib.Path(name) for name in sys.argv[2:]]
    manual = [page for page in pages if page.suffix == ".1"]
    assert manual, "no manual page"
    for page in manual:
        check_manual(page, quorate)
        assert blocks_of(page), f"{page.name} shows nothing"
    if shutil.which("pdftoppm") is None:
        print("skipped: no pdftoppm (package poppler-utils)")
        sys.exit(77)
    for page in pages:
        if blocks := blocks_of(page):
            run(page, blocks, quorate.parent)


main()
