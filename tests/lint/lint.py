"""Usage: lint.py ROOT CHECK [QUORATE]

One check over the tree at ROOT; each finding is a line, and any makes it fail.
ROOT may be a planted tree: self_test.py sees to it that each check can fail."""
import pathlib
import re
import shutil
import subprocess
import sys

SKIPPED = 77
ORDER = ["cli", "ceremony", "report", "audit", "vault", "card", "worker", "log", "split", "crypto",
         "base"]
# The shelves of a room that has some; what lies beside them any may use.
SHELVES = {"ceremony": ["accounts", "succession", "renew", "drill", "open", "found", "review", "cards",
                        "people", "bags", "session", "machine"]}
WORKERS = ["print", "scan", "spool"]
PLACES = ["src", "include", "tests", "examples", "docs", "cmake", "schemas", ".ci"]
FORBIDDEN_CALLS = re.compile(r"\b(strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|strtok)\s*\(")
# A path of somebody's own machine; systems' own, as /usr and /etc, are not.
OWN_PATH = re.compile(r"(?<![\w./~-])/(?:home|root|work|Users|mnt)/[\w.-]+")
FILE_LINES = 400
AWS_ROWS = 54


def files(root, *endings):
    for place in PLACES:
        for path in sorted((root / place).rglob("*")):
            if path.is_file() and (not endings or path.suffix in endings) and \
                    not {"corpus", "__pycache__"} & set(path.parts):
                yield path
    for path in sorted(root.glob("*")):
        if path.is_file() and path.name != ".git" and (not endings or path.suffix in endings):
            yield path


def lines(path):
    return enumerate(path.read_text(errors="replace").splitlines(), 1)


def may_use(room, used):
    if room == used:
        return True
    if room in WORKERS:
        return used in ("worker", "base")
    return used in ORDER and ORDER.index(room) < ORDER.index(used)


def may_reach(room, shelf, used):
    """May what lies on a shelf (or beside them) use what lies there: `shelf/file.h`, or `file.h`?"""
    order, parts = SHELVES.get(room, []), used.split("/")
    if len(parts) == 1:
        return True
    return shelf in order and parts[0] in order and order.index(shelf) <= order.index(parts[0])


def layers(root, _):
    for path in files(root, ".c", ".h"):
        parts = path.resolve().relative_to(root.resolve()).parts
        if parts[0] != "src":
            continue
        room = parts[1]
        if room not in ORDER + WORKERS:
            yield f"{path}: no room is called {room}"
            continue
        shelf = parts[2] if len(parts) > 3 else None
        if shelf not in [None, *SHELVES.get(room, [])]:
            yield f"{path}: {room} has no shelf {shelf}"
        for number, line in lines(path):
            used = re.match(r'\s*#\s*include\s+"([^"/]+)/([^"]+)"', line)
            if used and not may_use(room, used[1]):
                yield f"{path}:{number}: {room} uses {used[1]}"
            elif used and used[1] == room and not may_reach(room, shelf, used[2]):
                yield f"{path}:{number}: {shelf or room} uses {used[2]}"
            elif re.match(r'\s*#\s*include\s+"[^/]*"', line):
                yield f"{path}:{number}: an include without its room"


def words(root, _):
    for path in files(root):
        code = path.suffix in (".c", ".h") and path.resolve().is_relative_to(
            (root / "src").resolve())
        for number, line in lines(path):
            found = OWN_PATH.search(line)
            if found:
                yield f"{path}:{number}: a path of one machine: {found[0]}"
            found = FORBIDDEN_CALLS.search(line) if code else None
            if found:
                yield f"{path}:{number}: {found[1]} is not used here"


def format(root, _):
    program = shutil.which("clang-format-14") or shutil.which("clang-format")
    if not program or " 14." not in subprocess.run([program, "--version"], text=True,
                                                   stdout=subprocess.PIPE).stdout:
        print("skipped: no clang-format 14")
        sys.exit(SKIPPED)
    sources = [str(path) for path in files(root, ".c", ".h")]
    said = subprocess.run([program, "--dry-run", "--style=file", *sources], text=True,
                          stderr=subprocess.PIPE).stderr
    yield from (line for line in said.splitlines() if "-Wclang-format-violations" in line)


def links(root, _):
    for path in files(root, ".md"):
        for number, line in lines(path):
            for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", line)):
                name = target.split("#")[0]
                if re.match(r"(https?|mailto):", target) or not name:
                    continue
                if not (path.parent / name).exists():
                    yield f"{path}:{number}: {target} leads nowhere"


def rows(root, _):
    """Each row of what AWS recommends stands once, and has a test or says that there is none yet."""
    path = root / "docs/aws-rows.md"
    found = [[cell.strip() for cell in line.strip().strip("|").split("|")] for _, line in lines(path)
             if re.match(r"\| [0-9]", line)]
    if [row[0] for row in found] != [str(n) for n in range(1, AWS_ROWS + 1)]:
        yield f"{path}: not the rows 1 to {AWS_ROWS}, each once and in order"
    for row in found:
        tests = re.findall(r"`(tests/[^`]+)`", row[-1])
        if len(row) != 4 or not (tests or row[2].startswith("Not yet")):
            yield f"{path}: row {row[0]} names no test"
        yield from (f"{path}: row {row[0]}: there is no {t}" for t in tests if not (root / t).is_file())


def length(root, _):
    for path in files(root, ".c", ".h"):
        count = len(path.read_text(errors="replace").splitlines())
        if count > FILE_LINES and path.resolve().is_relative_to((root / "src").resolve()):
            print(f"note: {path} has {count} lines, more than {FILE_LINES}: why?")
    return []


def shown_commands(path):
    """(number, words) of each `quorate …` in Markdown's code, plain or fenced."""
    if path.suffix == ".txt":
        text = path.read_text()
        for code in re.finditer(r"`quorate ([^`]+)`", text):
            yield text.count("\n", 0, code.start()) + 1, code[1].split()
        return
    fenced = False
    for number, line in lines(path):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced:
            if re.match(r"\s*(\$ )?quorate\s", line):
                yield number, line.split("quorate", 1)[1].split()
        else:
            for code in re.findall(r"`quorate ([^`]+)`", line):
                yield number, code.split()


def commands(root, quorate):
    said = subprocess.run([quorate, "--help"], text=True, check=True,
                          stdout=subprocess.PIPE).stdout
    known_options = set(re.findall(r"--[a-z0-9-]+", said))
    verbs = {}
    for line in said.splitlines():
        if re.match(r"  [a-z]", line):
            name = line.split()[0]
            own = subprocess.run([quorate, name, "--help"], text=True, check=True,
                                 stdout=subprocess.PIPE).stdout
            known_options |= set(re.findall(r"--[a-z0-9-]+", own))
            verbs[name] = set(re.findall(rf"(?<![\w-]){name} ([a-z][a-z0-9]*)", own + line))
    values = {"--vault", "--answers-fd", "--secrets-fd"}
    runbooks = sorted((root / "docs" / "runbooks").glob("*.txt"))
    for path in [*files(root, ".md"), *runbooks]:
        for number, shown in shown_commands(path):
            skip = False
            plain = []
            for word in shown:
                word = word.strip("[]…,.")
                if word.startswith("--"):
                    if word not in known_options:
                        yield f"{path}:{number}: quorate has no {word}"
                    skip = word in values
                elif skip:
                    skip = False
                elif re.fullmatch(r"[a-z][a-z0-9]*(\|[a-z]+)*", word):
                    plain.append(word)
                else:
                    plain.append("")
            if not plain or plain[0] == "":
                continue
            if plain[0] not in verbs:
                yield f"{path}:{number}: quorate has no command {plain[0]}"
            elif len(plain) > 1 and verbs[plain[0]]:
                for verb in plain[1].split("|"):
                    if verb and verb not in verbs[plain[0]]:
                        yield f"{path}:{number}: quorate {plain[0]} has no {verb}"


def main():
    root, check = pathlib.Path(sys.argv[1]), sys.argv[2]
    checks = {f.__name__: f for f in (layers, words, format, links, rows, length, commands)}
    found = list(checks[check](root, sys.argv[3] if len(sys.argv) > 3 else None))
    print("\n".join(found) or f"{check}: nothing found")
    sys.exit(1 if found else 0)


main()
