"""What the kills of ceremonies that make new cards share."""
import pathlib
import sys

from lab import ACCOUNT, Broken, need, scratch, unlogged
from trial import died, killing

REASON = ["--reason", "a card was copied"]


def opens(lab, cards):
    return lab.run("open", ACCOUNT, "--purpose", "close-account", "--show", "password", *cards,
                   want=(0, 4)).status == 0


def killed(lab, args, call, n):
    return lab.finish(lab.command(*args, wrap=killing(call, n)))


def states(lab):
    """serial -> state, as the log has it."""
    return {row["serial"]: row["state"]
            for row in lab.run("card", "list", want=0).json()["cards"]}


def check_sheets(lab, successor=False):
    """A successor has of its predecessor's entries what they come to: each card's state."""
    sheets = list(lab.sheets.glob("*.pdf")) if lab.sheets.exists() else []
    known = [{"event": "card-created", "values": {"serial": str(serial)}} for serial in states(lab)]
    known.append({"event": "key-created", "values": {}})
    if unlogged(sheets, known if successor else lab.entries()):
        raise Broken("a sheet of which the log knows nothing")


def each(points, share, root, trial, always=()):
    """Every share-th point, and those of some calls; how many kills."""
    kills = 0
    for number, (call, n) in enumerate(points):
        if number % share == 0 or call in always:
            try:
                kills += died(trial(root / f"{call}-{n}", call, n))
            except Broken as broken:
                raise Broken(f"{call} {n}: {broken}") from broken
    if not kills:
        raise Broken("nothing was killed")
    return kills


def perform(run):
    """run(command, share, folder) on the arguments QUORATE [SHARE] [--must-break]: the exit code."""
    must_break = "--must-break" in sys.argv
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    need("strace", "pdftoppm", "zbarimg")
    share = int(arguments[1]) if len(arguments) > 1 else 1
    with scratch() as name:
        try:
            run(arguments[0], share, pathlib.Path(name))
        except Broken as broken:
            print(f"broken, as it must: {str(broken).splitlines()[0]}" if must_break else f"BROKEN: {broken}")
            return not must_break
    if must_break:
        print("nothing broke")
    return must_break
