"""Usage: self_test.py QUORATE

Each check of lint.py is right about a small tree, and fails once one fault is
planted in it. Exits 1 if a fault is not found, or found where none is."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
QUORATE = sys.argv[1]
SOUND = {
    "src/log/a.c": '#include "log/a.h"\n#include "base/bytes.h"\n',
    "src/log/a.h": "int snprintf_is_fine(void);\n",
    "src/print/main.c": '#include "worker/frame.h"\n',
    "docs/a.md": "See [b](b.md#part), `quorate log verify`.\n\n```sh\nquorate --vault v card list\n```\n",
    "docs/runbooks/a.txt": "1. See `quorate log verify`.\n",
    "docs/aws-rows.md": "".join(f"| {n} | a | b | `tests/a.c` |\n" for n in range(1, 55)),
    "tests/a.c": "\n",
    "docs/b.md": "# Part\n\n`quorate --vault DIR open ACCOUNT --purpose P --show password,code FILE`\n",
}
# check, file, what is added to it, and where two checks could tell: which one does
FAULTS = [
    ("layers", "src/log/a.c", '#include "vault/vault.h"\n'),
    ("layers", "src/print/main.c", '#include "log/log.h"\n'),
    ("layers", "src/log/a.c", '#include "a.h"\n'),
    ("layers", "src/attic/a.c", "\n"),
    ("layers", "src/ceremony/attic/a.c", "\n"),
    ("layers", "src/ceremony/session/a.c", '#include "ceremony/cards/cards.h"\n'),
    ("layers", "src/ceremony/ui.c", '#include "ceremony/session/session.h"\n'),
    ("words", "src/log/a.c", "char *p = strcpy (to, from);\n"),
    ("words", "docs/a.md", "It lies in /" + "home/somebody/vault.\n"),
    ("format", "src/log/a.h", "int  a;\n"),
    ("links", "docs/a.md", "[c](c.md)\n"),
    ("rows", "docs/aws-rows.md", "| 54 | a | b | `tests/a.c` |\n"),
    ("rows", "docs/aws-rows.md", "| 55 | a | b | |\n", "names no test"),
    ("rows", "docs/aws-rows.md", "| 55 | a | b | `tests/b.c` |\n", "there is no tests/b.c"),
    ("commands", "docs/a.md", "`quorate frobnicate`\n"),
    ("commands", "docs/a.md", "`quorate log frobnicate`\n"),
    ("commands", "docs/a.md", "```\nquorate log verify --frobnicate\n```\n"),
    ("commands", "docs/runbooks/a.txt", "1. Do `quorate log\n   frobnicate`.\n"),
]


def finds(check, root):
    done = subprocess.run([sys.executable, HERE / "lint.py", root, check, QUORATE], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def plant(root, fault):
    for name, text in SOUND.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copy(HERE / "../../.clang-format", root)
    if fault:
        path = root / fault[1]
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write(fault[2])


wrong = 0
for fault in [(check, None, None) for check in sorted({f[0] for f in FAULTS})] + FAULTS:
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        plant(root, fault if fault[1] else None)
        status, said = finds(fault[0], root)
        if status == 77:
            continue
        if status != (1 if fault[1] else 0) or "Traceback" in said or (
                len(fault) > 3 and fault[3] not in said):
            wrong += 1
            print("FAILED:", fault, "exit", status, said)
print(f"{len(FAULTS)} planted faults, {wrong} wrong answers")
sys.exit(1 if wrong else 0)
