"""Promise 17: the screen cannot be forged. Escape codes, C1, bidirectional and
zero-width characters, newlines and broken UTF-8 are put into every text that
reaches the tool: policy, answers, arguments, names of files, codes in images,
receipts, and each text of a tampered database. Every command runs on them; no
raw one of them stands on standard output, standard error, a sheet, or a screen."""
import ctypes
import shutil
import sqlite3

import harness
from harness import *

start()
need("pdftotext", "pdftoppm", "zbarimg")

MARK = "FORGED"
# What must be refused or made visible: each kind by an example or two.
CONTROLS = {
    "ESC": "\x1b[2J\x1b]0;t\x07", "CR": "\r" + MARK, "newline": "\n" + MARK, "BEL": "\x07",
    "backspace": "\b\b", "DEL": "\x7f", "C1": "\x9b31m\x85\x90", "tab": "\t"}
FORMATS = {
    "right-to-left override": "\u202egpj", "embedding": "\u202a\u202b\u202d\u202c",
    "isolates": "\u2066\u2067\u2068\u2069", "marks": "\u200e\u200f\u061c",
    "zero-widths": "\u200b\u200c\u200d\u2060\ufeff", "separators": "\u2028" + MARK + "\u2029",
    "soft hyphen": "\xad", "tags": "\U000e0041\U000e007f", "annotation": "\ufff9\ufffb",
    "invisible operators": "\u2061\u2064", "private": "\ue000"}
BROKEN = {"no UTF-8": b"\xff\xfe\xc0\x80\xed\xa0\x80", "a half": b"\xe2\x80", "C1 byte": b"\x9b2J"}
ALL = "".join(FORMATS.values())


def is_hostile(c):
    return (c < 0x20 and c != 0x0A or 0x7F <= c < 0xA0 or 0xD800 <= c <= 0xDFFF or
            c in (0xAD, 0x61C, 0x180E, 0xFEFF) or 0x200B <= c <= 0x200F or
            0x2028 <= c <= 0x202E or 0x2060 <= c <= 0x206F or 0xFFF9 <= c <= 0xFFFB or
            0xE000 <= c <= 0xF8FF or 0xE0000 <= c <= 0xE007F)


def found_in(data):
    """What of this stands there raw, and lines that somebody else began."""
    text = data.decode("utf-8", "surrogateescape")
    bad = sorted({f"U+{ord(c):04X}" for c in text if is_hostile(ord(c))})
    if any(line.startswith(MARK) for line in text.split("\n")):
        bad.append("a forged line")
    return bad


where = "?"
looked_at = reached = 0


def judge(run, out, err):
    """Of each run of the harness: both streams as they were written."""
    global looked_at, reached
    looked_at += 1
    for name, data in (("output", out), ("error", err)):
        bad = found_in(data)
        if bad:
            check(False, f"{where}: standard {name}", f"{bad} by {run.args!r:.200}: {data[-300:]!r}")
        # It got there, and was made visible; else a plant proves nothing.
        reached += b"\\x" in data or b"\\u" in data
    if run.rc != 0 and not run.error:
        check(False, f"{where}: an error is told", str(run))


harness._true_of_all_runs = judge


def control():
    for name, text in {**CONTROLS, **FORMATS}.items():
        check(name == "tab" and found_in(b"a\tb") or found_in(("a" + text).encode()),
              f"control: the search sees {name}")
    for name, data in BROKEN.items():
        check(found_in(b"a" + data), f"control: the search sees {name}")
    same(found_in("Zoë, 東京, \\x1B\n".encode()), [], "control: and nothing in plain text")


def plant(title):
    global where
    where = title


def settle(title, before, least=1):
    check(reached - before >= least, f"{title}: {reached - before} screens show it escaped")


def founding(name, rules, given=None, sheets="sheets", policy_name="policy.json", raw=None):
    folder = work / f"screen-{founding.number}"
    founding.number += 1
    folder.mkdir()
    (folder / policy_name).write_bytes(raw or json.dumps(rules).encode())
    runs = []
    for shape in ((), ("--json",)):
        runs.append(quorate(*shape, "init", "--policy", folder / policy_name, "--sheets",
                            folder / (sheets + str(len(runs))), vault=folder / f"v{len(runs)}",
                            answers=given or found_answers(len(rules["accounts"])), release=True))
    return folder, runs


founding.number = 0


def fields(rules):
    """Each text of a policy, and how to replace it."""
    def put(*path):
        def change(r, text):
            for step in path[:-1]:
                r = r[step]
            r[path[-1]] = text
        return change
    yield "organization", put("organization")
    yield "vault", put("vault")
    yield "person's name", put("people", 0, "name")
    yield "custodian's name", put("people", 4, "name")
    yield "person's id", put("people", 0, "id")
    yield "person's site", put("people", 0, "site")
    yield "role", put("people", 0, "roles", 0)
    yield "custodian", put("groups", "mfa", "custodians", 0)
    yield "account's id", put("accounts", 0, "id")
    yield "account's name", put("accounts", 0, "name")
    yield "account's email", put("accounts", 0, "email")
    yield "purpose's id", put("purposes", 0, "id")
    yield "purpose's words", put("purposes", 0, "words")
    yield "site", put("sites", 0, "id")
    yield "safe", put("sites", 0, "safes", 0)
    yield "exception", put("machine_exceptions", 0)
    yield "unknown key", lambda r, text: r.update({"x" + text: 1})
    yield "after_opening", put("after_opening")


def full_policy():
    return policy(purposes=[{"id": "own", "words": "Own task"}], machine_exceptions=["swap"],
                  sites=[{"id": "site-1", "safes": ["safe-1"]}])


def policies():
    """Controls are refused everywhere; a format character is refused, or kept
    and made visible."""
    before = reached
    took = {}
    for name, change in fields(full_policy()):
        for kind, text in {**CONTROLS, "all formats": ALL, "broken": None}.items():
            plant(f"policy: {name}: {kind}")
            rules = full_policy()
            change(rules, "Ex" + (text if text is not None else "BROKEN"))
            raw = json.dumps(rules).encode()
            if text is None:
                raw = raw.replace(b"BROKEN", b"\xff\xfe\x9b")
            folder, runs = founding(name, rules, raw=raw)
            taken = [run.rc == 0 for run in runs]
            if kind == "all formats":
                took[name] = taken
            elif any(taken):
                check(False, f"{where}: it is refused", str(runs))
            if kind in ("newline", "ESC", "broken"):
                # The same, written as JSON writes it, and as bytes.
                founding(name, rules, raw=json.dumps(rules, ensure_ascii=False)
                         .encode("utf-8", "surrogatepass"))
    free = {name for name, taken in took.items() if all(taken)}
    same(free, {"organization", "person's name", "custodian's name", "account's name",
                "account's email", "purpose's words"} & free, "only free texts take format characters")
    check("organization" in free or not free, f"taken with format characters: {sorted(free)}")
    settle("policies", before, 3)


def whole_vault():
    """A vault all of whose texts are hostile, through every command."""
    plant("a hostile vault")
    before = reached
    rules = full_policy()
    for name, change in fields(rules):
        if name in ("organization", "person's name", "custodian's name", "account's name",
                    "purpose's words"):
            change(rules, name + ALL)
    vault = Vault(rules)
    sheets = sorted((vault.folder / "sheets").glob("*.pdf"))
    check(len(sheets) > 12, f"{len(sheets)} sheets")
    for pdf in sheets:
        bad = [c for c in found_in(subprocess.run(["pdftotext", pdf, "-"], check=True,
                                                  capture_output=True).stdout)
               if c not in ("U+000C", "a forged line")]  # a long text is wrapped anywhere
        check(not bad, f"nothing raw on {pdf.name}", bad)
    commands(vault)
    good = [vault.group(g)[i].text() for g in ("password", "mfa") for i in (0, 1)]
    names = []
    for i, text in enumerate([*CONTROLS.values(), ALL]):
        path = vault.folder / f"card{i}{text}.txt"
        path.write_text(good[0].read_text())
        names.append(path)
    for i, data in enumerate(BROKEN.values()):
        path = os.fsdecode(os.fsencode(vault.folder) + b"/card%d" % i + data)
        shutil.copy(good[0], path)
        names.append(path)
    for shape in ((), ("--json",)):
        plant("names of card files")
        vault.run(*shape, "card", "check", *names)
        vault.run(*shape, "card", "prove", *names, given=answers())
        vault.run(*shape, "open", ACCOUNT, "--purpose", "own", "--show", "code", *names,
                  given=answers(), release=True)
        vault.run(*shape, "open", ACCOUNT, "--purpose", "own", "--show", "code", *good, "--sealed",
                  names[-1], given=answers(), release=True)
        vault.run(*shape, "card", "check", *(str(n) + "-not-there" for n in names[:1]))
        vault.run(*shape, "open", ACCOUNT, "--purpose", "own", "--show", "code", "--sealed",
                  str(names[0]) + "-not-there", *good, given=answers(), release=True)
    arguments(vault, good)
    given_answers(vault, good)
    images(vault)
    commands(vault)
    plain = vault.run("log", "show").out
    check("\\xE2\\x80\\xAE" in plain, "what the log has of it is made visible")
    settle("a hostile vault", before, 40)
    return vault


def commands(vault):
    """Every command that reads; --json and not."""
    for shape in ((), ("--json",)):
        for words in (["card", "list"], ["log", "show"], ["log", "verify"], ["selftest"],
                      ["receipt", "print"]):
            vault.run(*shape, *words)
        vault.run(*shape, "card", "check", __file__)


def arguments(vault, good):
    for kind, text in {**CONTROLS, "formats": ALL, **{k: os.fsdecode(v) for k, v in
                                                       BROKEN.items()}}.items():
        plant(f"arguments: {kind}")
        text = "x" + text
        usual = ["--show", "code", *good]
        for shape in ((), ("--json",))[:2 if kind == "formats" else 1]:
            for words in ([text], ["--" + text], ["card", "list", "--" + text],
                          ["log", "show", "--" + text], ["selftest", "--" + text],
                          ["init", "--" + text], ["receipt", text], ["receipt", "print", text], ["card", text], ["log", text], ["log", "show", text],
                          ["slip39", text], ["slip39", "split", "--group", text],
                          ["open", text, "--purpose", "own", *usual],
                          ["open", ACCOUNT, "--purpose", text, *usual],
                          ["open", ACCOUNT, "--purpose", "own", "--ticket", text, *usual],
                          ["open", ACCOUNT, "--purpose", "own", "--approver", text, *usual],
                          ["open", ACCOUNT, "--purpose", "own", "--show", text, *good],
                          ["init", "--policy", text, "--sheets", "s"],
                          ["init", "--policy", vault.folder / "policy.json", "--printer", text],
                          ["init", "--policy", vault.folder / "policy.json", "--printer", "p",
                           "--sides", text],
                          ["--answers-fd", text, "card", "list"],
                          ["--secrets-fd", text, "card", "list"]):
                given = answers() if words[0] == "open" else None
                vault.run(*shape, *words, given=given, release=words[0] == "open")
            quorate(*shape, "card", "list", vault=work / text)
            quorate(*shape, "init", "--policy", vault.folder / "policy.json", "--sheets",
                    work / ("no" + text) / "s", vault=work / f"{text}-new",
                    answers=found_answers(), release=True)
        os.environ["CUPS_SERVER"] = text.replace("\0", "")
        vault.run("init", "--policy", vault.folder / "policy.json", "--printer", "laser")
        del os.environ["CUPS_SERVER"]


def given_answers(vault, good):
    opening = ["open", ACCOUNT, "--purpose", "own", "--show", "code", *good]
    for kind, text in {**CONTROLS, "formats": ALL}.items():
        plant(f"answers: {kind}")
        text = "x" + text
        exception = {"step": text, "expected": text, "happened": text, "decided": text}
        for more in ({"operator": text}, {"second": text}, {"clock_offset_s": text},
                     {"badges": {text: "x"}}, {"badges": {"operator-1": text}}, {text: "x"},
                     {"exceptions": [exception]}, {"exceptions": [{**exception, text: "x"}]},
                     {"exceptions": [{**exception, "person": text}]}, {"receipts": [text]},
                     {"receipts": [{"note": text}]}, {"confirm": text}, {"accounts": {text: {}}}):
            vault.run(*opening, given=answers(**more), release=True)
        vault.run(*opening, raw_answers=b'{"operator": "' + text.encode() + b'"}')
        vault.run("card", "prove", good[0], given=answers(exceptions=[exception]))
        vault.run("init", "--policy", vault.folder / "policy.json", "--sheets", work / "never",
                  given={**found_answers(), "accounts": {ACCOUNT: {"password": text, "totp": text}}},
                  release=True)


class QrCode(ctypes.Structure):
    _fields_ = [("version", ctypes.c_int), ("width", ctypes.c_int),
                ("data", ctypes.POINTER(ctypes.c_ubyte))]


def code_image(path, data):
    """A PGM with the QR code of these bytes."""
    library = ctypes.CDLL("libqrencode.so.4")
    library.QRcode_encodeData.restype = ctypes.POINTER(QrCode)
    code = library.QRcode_encodeData(len(data), data, 0, 3).contents
    size, scale = code.width + 8, 6
    rows = []
    for y in range(size):
        row = bytes(0 if 4 <= x < size - 4 and 4 <= y < size - 4 and
                    code.data[(y - 4) * code.width + x - 4] & 1 else 255 for x in range(size))
        rows.append(b"".join(bytes([value]) * scale for value in row) * scale)
    path.write_bytes(b"P5\n%d %d\n255\n" % (size * scale, size * scale) + b"".join(rows))
    return path


def images(vault):
    plain = code_image(vault.folder / "plain.pgm", b"QUORATE1:S:AAAA")
    read = subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", str(plain)], capture_output=True).stdout
    same(read.strip(), b"QUORATE1:S:AAAA", "control: the image of a code is read")
    for kind, data in {**{k: v.encode() for k, v in {**CONTROLS, "formats": ALL}.items()},
                       **BROKEN}.items():
        plant(f"code in an image: {kind}")
        paths = [code_image(vault.folder / f"i{i}.pgm", head + data)
                 for i, head in enumerate((b"", b"QUORATE1:S:", b"QUORATE1:", b"QUORATE1:S:AAAA"))]
        text = vault.folder / "words.txt"
        text.write_bytes(b"academic acid " + data)
        for shape in ((), ("--json",)):
            vault.run(*shape, "card", "check", *paths, text)
            vault.run(*shape, "open", ACCOUNT, "--purpose", "own", "--show", "code", *paths, text,
                      given=answers(), release=True)
            vault.run(*shape, "open", ACCOUNT, "--purpose", "own", "--show", "code", "--sealed",
                      paths[1], paths[0], given=answers(), release=True)


def tampered(vault):
    """Each text and blob of the database, one after the other."""
    before = reached
    image = vault.path / "vault.sqlite"
    whole = image.read_bytes()
    db = sqlite3.connect(image)
    columns = [(table, column, kind) for table, in db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for _, column, kind, *_ in db.execute(f"PRAGMA table_info({table})")
        if kind in ("TEXT", "BLOB")]
    db.close()
    check(len(columns) > 20, f"{len(columns)} columns of text or bytes")
    evil = "E" + "".join(CONTROLS.values()) + ALL
    card = vault.cards[0].text()
    for table, column, kind in columns:
        for text, shape in ((evil, ()), ("E\n" + MARK, ("--json",))):
            plant(f"tampered: {table}.{column}")
            image.write_bytes(whole)
            db = sqlite3.connect(image)
            for name, sql in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
                                        ).fetchall():
                db.execute(f"DROP TRIGGER {name}")
            value = text if kind == "TEXT" else text.encode()
            if kind == "BLOB":
                old = db.execute(f"SELECT {column} FROM {table} LIMIT 1").fetchone()
                old = bytes(old[0]) if old else b""
                # In the middle of what is there, so that it is still parsed.
                value = old[:len(old) // 2] + value + old[len(old) // 2:]
            db.execute(f"UPDATE OR IGNORE {table} SET {column} = ?", (value,))
            db.commit()
            db.close()
            for words in (["card", "list"], ["log", "show"], ["log", "verify"],
                          ["card", "check", card]):
                vault.run(*shape, *words)
            vault.run(*shape, "card", "prove", card, given=answers())
            for spare in vault.path.glob("evidence-*"):
                shutil.rmtree(spare)
    image.write_bytes(whole)
    schema = [("a table's name", 'CREATE TABLE "t{}" (x)'),
              ("a trigger", 'CREATE TRIGGER "t{}" AFTER INSERT ON card BEGIN SELECT 1; END'),
              ("a message", "CREATE TRIGGER t BEFORE INSERT ON log_entry BEGIN "
               "SELECT RAISE(ABORT, 't{}'); END")]
    for what, sql in schema:
        plant(f"tampered: {what}")
        image.write_bytes(whole)
        db = sqlite3.connect(image)
        db.execute(sql.format(evil.replace("'", "")))
        db.commit()
        db.close()
        for words in (["card", "list"], ["log", "verify"]):
            vault.run(*words)
        vault.run("card", "prove", card, given=answers())
    image.write_bytes(whole)
    # Rows that the log's entries give: a byte of an entry's text.
    plant("tampered: an entry's lines")
    body = whole.find(b"organization")
    for old, new in ((b"\nactor operator-1\n", b"\nactor operator\x1b1\n"),
                     (b"\nevent genesis\n", b"\nevent gen\x1b[2J\n"),
                     (b"practice yes", b"practice \x9byes"[:12]), (b"Linux", b"L\x1b[2J")):
        if old in whole:
            image.write_bytes(whole.replace(old, new[:len(old)].ljust(len(old), b"x")))
            for shape in ((), ("--json",)):
                for words in (["card", "list"], ["log", "show"], ["log", "verify"]):
                    vault.run(*shape, *words)
    image.write_bytes(whole)
    settle("a tampered database", before, 0)


def mailed(vault):
    """Receipts: codes and notes that hold it."""
    before = looked_at
    note = vault.result["checkpoint"]
    payload = b"\x01" + bytes.fromhex(vault.result["vault_id"]) + (0).to_bytes(8, "big")
    for kind, text in {**CONTROLS, "formats": ALL}.items():
        plant(f"receipt: {kind}")
        for evil in (note.replace("example.com", "ex" + text), text + note, note + text,
                     note.replace("\u2014 ", "\u2014 " + text), text):
            code = to_code("R", payload + evil.encode())
            vault.run("card", "prove", vault.cards[0].text(), given=answers(receipts=[code]))
    check(looked_at - before == 5 * (len(CONTROLS) + 1), "each receipt was looked at")


control()
policies()
hostile_vault = whole_vault()
mailed(hostile_vault)
tampered(hostile_vault)
print(f"{looked_at} runs looked at, {reached} of them show something escaped")
finish()
