"""Bad input: a clear error that names the place, the right exit code, no half
state, and nothing shown."""
import copy
import fcntl
import resource
import threading
import time
import zlib

from harness import *

start()
need("pdftotext", "pdftoppm", "zbarimg")

HOSTILE = "a\x1b[2Jb\u202ec\u200bd\u0085e\u2028f\nq"


def try_founding(rules, given, raw_policy=None, raw_answers=None, release=True, **more):
    """A founding that must not begin: what it said, and what it left."""
    folder = work / f"try-{try_founding.number}"
    try_founding.number += 1
    folder.mkdir()
    (folder / "policy.json").write_bytes(raw_policy or json.dumps(rules).encode())
    run = quorate("--json", "init", "--policy", folder / "policy.json", "--sheets",
                  folder / "sheets", vault=folder / "v", answers=given, raw_answers=raw_answers,
                  release=release, **more)
    run.left = sorted(p.name for p in folder.iterdir() if p.name != "policy.json")
    return run


try_founding.number = 0


def refused(what, run, rc, *places):
    """Exit code, the places named, nothing written, nothing shown."""
    error = run.error
    good = (run.rc == rc and all(p in error for p in places) and not run.out and not run.given
            and not getattr(run, "left", []))
    check(good, f"exit {rc}: {what}: {error}",
          f"{run}, left {getattr(run, 'left', [])}, wanted {places}")


def policies():
    def with_(change, **base):
        rules = policy(**base)
        change(rules)
        return rules

    def overlapping(r):
        r["groups"]["mfa"]["custodians"][0] = "custodian-p1"

    def too_high(r):
        r["groups"]["mfa"]["threshold"] = 4

    def single(r):
        del r["groups"]["password"]["accept_single_holder"]

    def twice(r):
        r["people"][4]["id"] = r["people"][3]["id"]

    def twice_in_group(r):
        r["groups"]["mfa"]["custodians"][1] = r["groups"]["mfa"]["custodians"][0]

    def account_twice(r):
        r["accounts"][1]["id"] = r["accounts"][0]["id"]

    cases = [
        ("a person in both groups", with_(overlapping), ["groups"]),
        ("a threshold above the custodians", with_(too_high),
         ["groups.mfa.threshold: 4 is more than the 3 custodians"]),
        ("a threshold of one without consent", with_(single, password=(1, 2)),
         ["groups.password"]),
        ("a threshold of nought", with_(lambda r: r["groups"]["mfa"].update(threshold=0)),
         ["groups.mfa.threshold"]),
        ("a person's id twice", with_(twice), ["people"]),
        ("a custodian twice in a group", with_(twice_in_group), ["groups.mfa.custodians"]),
        ("an account's id twice", with_(account_twice, accounts=2), ["accounts"]),
        ("17 members", policy(password=(2, 17)), ["groups.password.custodians"]),
        ("an unknown key", with_(lambda r: r.update(treshold=2)), ["treshold"]),
        ("an unknown key in a group", with_(lambda r: r["groups"]["mfa"].update(n=2)),
         ["groups.mfa", "n"]),
        ("a custodian who is no person",
         with_(lambda r: r["groups"]["mfa"]["custodians"].append("nobody")), ["groups.mfa"]),
        ("no operator", with_(lambda r: r["people"][0].update(roles=["auditor"])), ["operator"]),
        ("no organization", with_(lambda r: r.pop("organization")), ["organization"]),
        ("an origin with capitals", with_(lambda r: r.update(vault="Example.com")), ["vault"]),
        ("a name with escape codes", with_(lambda r: r["people"][0].update(name=HOSTILE)),
         ["policy"]),
        ("an organization with escape codes", with_(lambda r: r.update(organization=HOSTILE)),
         ["policy"]),
        ("a key with escape codes", with_(lambda r: r.update({HOSTILE: 1})), ["policy"]),
        ("a word for a number", with_(lambda r: r["groups"]["mfa"].update(threshold="2")),
         ["groups.mfa.threshold"]),
        ("an unknown role", with_(lambda r: r["people"][0].update(roles=["owner"])),
         ["people"]),
    ]
    for what, rules, places in cases:
        refused(what, try_founding(rules, found_answers()), 2, *places)
    text = json.dumps(policy())
    refused("a key twice", try_founding(None, found_answers(),
            text.replace('"practice"', '"vault": "a", "practice"').encode()), 2, "policy", "twice")
    refused("no JSON", try_founding(None, found_answers(), b"{not json"), 2, "policy")
    refused("an empty policy file", try_founding(None, found_answers(), b" "), 2, "policy")
    refused("bytes behind the policy", try_founding(None, found_answers(), text.encode() + b"x"), 2,
            "policy")
    refused("a policy of 5 MB", try_founding(None, found_answers(), text.encode() + b" " * 5_000_000),
            2, "policy")
    refused("a policy nested 100,000 deep", try_founding(None, found_answers(), b"[" * 100_000), 2,
            "policy")
    refused("invalid UTF-8", try_founding(None, found_answers(),
            text.encode().replace(b"Example Org", b"Example \xff")), 2, "policy")
    run = quorate("init", "--policy", work / "none.json", "--sheets", work / "s0", vault=work / "v0",
                  answers=found_answers(), release=True)
    refused("no policy file", run, 2, "--policy")


def credentials():
    def account(**more):
        return answers(accounts={ACCOUNT: more})
    place = f"accounts.{ACCOUNT}"
    cases = [
        ("a password of seven characters", account(password="Abc12!x"), 2, f"{place}.password"),
        ("a password of 129 characters", account(password="Abc12!x" + "a" * 122), 2,
         f"{place}.password"),
        ("a password of two kinds", account(password="alllowercase1234"), 2, f"{place}.password"),
        ("a password with a space", account(password="Abc 1234!"), 2, f"{place}.password"),
        ("a password with a quote", account(password='Abc"1234!'), 2, f"{place}.password"),
        ("a password that is the address", account(password="root+0@Example.com"), 2,
         f"{place}.password"),
        ("a password of nothing", account(password=""), 2, f"{place}.password"),
        ("a password that is a number", account(password=12345678), 2, f"{place}.password"),
        ("a password beyond ASCII", account(password="P\u00e4ssw0rd!"), 2, f"{place}.password"),
        ("an account with nothing", account(), 2, place),
        ("an unknown key in an account", account(pasword=None), 2, place, "pasword"),
        ("a seed that is no Base32", account(totp="0189018901890189"), 2, f"{place}.totp"),
        ("a seed of nothing", account(totp=""), 2, f"{place}.totp"),
        ("a seed with a mark in it", account(totp=SEED[:-1] + "!"), 2, f"{place}.totp"),
        ("an otpauth of hotp", account(totp=f"otpauth://hotp/x?secret={SEED}&counter=1"), 2,
         f"{place}.totp"),
        ("an otpauth without a secret", account(totp="otpauth://totp/x?issuer=y"), 2,
         f"{place}.totp"),
        ("an otpauth with the secret twice",
         account(totp=f"otpauth://totp/x?secret={SEED}&secret={SEED}"), 2, f"{place}.totp"),
        ("an otpauth of MD5", account(totp=f"otpauth://totp/x?secret={SEED}&algorithm=MD5"), 2,
         f"{place}.totp"),
        ("an otpauth of 4 digits", account(totp=f"otpauth://totp/x?secret={SEED}&digits=4"), 2,
         f"{place}.totp"),
        ("another scheme", account(totp=f"https://totp/x?secret={SEED}"), 2, f"{place}.totp"),
        ("wrong codes", account(totp=SEED, totp_codes=["000000", "000001"]), 4,
         f"{place}.totp_codes"),
        ("one code", account(totp=SEED, totp_codes=["000000"]), 2, f"{place}.totp_codes"),
        ("codes that are numbers", account(totp=SEED, totp_codes=[1, 2]), 2,
         f"{place}.totp_codes"),
        ("codes that are words", account(totp=SEED, totp_codes=["abcdef", "000001"]), 2,
         f"{place}.totp_codes"),
        ("codes of 3 digits", account(totp=SEED, totp_codes=["123", "456"]), 2,
         f"{place}.totp_codes"),
        ("codes without a seed", account(totp_codes=["123456", "456789"]), 2,
         f"{place}.totp_codes"),
        ("an account that the policy does not name", answers(accounts={"1": {"password": None}}), 2,
         "accounts.1"),
    ]
    for what, given, rc, *places in cases:
        for value in given["accounts"].get(ACCOUNT, {}).values():
            if isinstance(value, str):
                keep_secret(value)
        refused(what, try_founding(policy(), given), rc, *places)


def answers_themselves():
    good = found_answers()
    def without(key):
        return {k: v for k, v in good.items() if k != key}
    cases = [
        ("no operator", without("operator"), "operator"),
        ("an operator who is a custodian", good | {"operator": "custodian-p1"}, "operator"),
        ("an operator who is nobody", good | {"operator": "nobody"}, "operator"),
        ("a key of no command", good | {"operater": "operator-1"}, "operater"),
        ("a badge for nobody", good | {"badges": {"operator-2": PASSPHRASE}}, "badges.operator-2"),
        ("a short passphrase", good | {"badges": {"operator-1": "short pass"}}, "badges.operator-1"),
        ("a passphrase beyond ASCII", good | {"badges": {"operator-1": "pass phrase \u00fc\u00fc\u00fc"}},
         "badges.operator-1"),
        ("a badge that is a number", good | {"badges": {"operator-1": 5}}, "badges.operator-1"),
        ("badges as a list", good | {"badges": []}, "badges"),
        ("receipts as a text", good | {"receipts": "QUORATE1:R:AAAA"}, "receipts"),
        ("a receipt that is a number", good | {"receipts": [1]}, "receipts"),
        ("exceptions as a text", good | {"exceptions": "late"}, "exceptions"),
        ("an exception with a part missing",
         good | {"exceptions": [{"step": "a", "expected": "b", "happened": "c"}]}, "exceptions",
         "decided"),
        ("an exception with an unknown part",
         good | {"exceptions": [{"step": "a", "expected": "b", "happened": "c", "decided": "d",
                                 "why": "e"}]}, "exceptions", "why"),
        ("a clock two days off", good | {"clock_offset_s": 172800}, "clock_offset_s"),
        ("a clock that is a text", good | {"clock_offset_s": "5"}, "clock_offset_s"),
    ]
    keep_secret("short pass")
    for what, given, *places in cases:
        refused(what, try_founding(policy(), given), 2, *places)
    refused("a wallet code of somebody else at the founding",
            try_founding(policy(), good | {"badges": {"custodian-p1": other_wallet}}), 4,
            "badges.custodian-p1")
    raw = json.dumps(good).encode()
    for what, data in [("no JSON", b"operator: operator-1"), ("an empty descriptor", b""),
                       ("a list", b"[]"), ("answers cut short", raw[:-9]),
                       ("bytes behind the answers", raw + b"{}"),
                       ("invalid UTF-8", raw.replace(b"operator-1", b"\xff\xfe")),
                       ("a key twice", raw[:-1] + b', "operator": "operator-1"}'),
                       ("a NUL in a text", raw[:-1] + b', "confirm": "a\\u0000b"}'),
                       ("escape codes in a text", raw[:-1] + b', "confirm": "a\\u001b[2Jb"}'),
                       ("5 MB", raw + b" " * 5_000_000),
                       ("100,000 levels", b"[" * 100_000)]:
        refused(f"answers: {what}", try_founding(policy(), None, raw_answers=data), 2,
                "--answers-fd 3")
    refused("no answers at all", try_founding(policy(), None), 2, "operator")


def descriptors(vault):
    files = [c.text() for c in vault.group("password")[:2] + vault.group("mfa")[:2]]
    before = vault.log()
    def opening(*global_args, closed="", **more):
        run = quorate("--vault", vault.path, "--json", *global_args, "open", ACCOUNT, "--purpose",
                      "close-account", "--show", "password,code", *files, **more)
        run.left = [] if vault.log() == before else ["entries in the log"]
        return run
    refused("--secrets-fd not given", opening(answers=answers()), 2, "--secrets-fd")
    refused("a secrets descriptor that is closed", opening("--secrets-fd", "9", answers=answers()), 2,
            "--secrets-fd 9")
    refused("an answers descriptor that is closed", opening("--answers-fd", "9", release=True), 2,
            "--answers-fd 9")
    for bad in ("1", "2", "0", "-1", "x", "3x", "99999999999"):
        refused(f"--secrets-fd {bad}", opening("--secrets-fd", bad, answers=answers()), 2,
                "--secrets-fd")
    refused("--secrets-fd without a value", quorate("log", "verify", "--secrets-fd"), 2,
            "--secrets-fd")
    reader, writer = os.pipe()
    os.close(reader)
    refused("a secrets pipe that nobody reads", opening(answers=answers(), secrets_fd=writer), 1,
            "--secrets-fd 4")
    os.close(writer)
    reader, writer = os.pipe()
    refused("a secrets pipe's wrong end", opening(answers=answers(), secrets_fd=reader), 2,
            "--secrets-fd 4")
    refused("an answers pipe's wrong end", opening(answers_fd=writer, release=True), 2,
            "--answers-fd 3")
    os.close(reader)
    os.close(writer)
    with open("/dev/null", "wb") as null:
        refused("secrets into a device", opening(answers=answers(), secrets_fd=null.fileno()), 2,
                "--secrets-fd 4")
    # A reader who leaves before anything came.
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    os.write(writer, b"x" * 4090)
    def leave():
        # The log is locked meanwhile; the file shows when the outcome is in it.
        shown = lambda: (vault.path / "vault.sqlite").read_bytes().count(b"\nevent secret-shown\n")
        before, until = shown(), time.monotonic() + 30
        while shown() == before and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(0.2)
        os.close(reader)
    thread = threading.Thread(target=leave)
    thread.start()
    run = opening(answers=answers(), secrets_fd=writer)
    thread.join()
    os.close(writer)
    check(run.rc == 1 and "--secrets-fd 4" in run.error and not run.out,
          f"exit 1: a reader who leaves half-way: {run.error}", str(run))
    check([e["event"] for e in vault.log()[-5:-1]] == ["exception", "secret-hidden", "exception",
                                                       "session-closed"]
          and vault.log()[-5]["values"]["step"] == "release",
          "the log says shown, and that the descriptor broke", str(vault.log()[-6:]))
    same(vault.run("--json", "log", "verify").rc, 0, "and the log is whole")
    with open(vault.folder / "into-file", "wb") as file:
        run = opening(answers=answers(), secrets_fd=file.fileno())
    same((run.rc, json.loads((vault.folder / "into-file").read_text())["password"]),
         (0, vault.password), "a practice vault's secrets may go into a file")


def openings(vault):
    files = [c.text() for c in vault.group("password")[:2] + vault.group("mfa")[:2]]
    before = len(vault.log())
    def refused_open(what, rc, place, *args, given=None, **more):
        run = vault.run("--json", "open", *args, given=given or answers(), release=True, **more)
        run.left = [] if len(vault.log()) == before else ["entries in the log"]
        refused(what, run, rc, place)
    usual = ("--purpose", "close-account", "--show", "password")
    refused_open("an account that is not there", 2, "account 1", "1", *usual, *files)
    refused_open("an account with escape codes", 2, "account", HOSTILE, *usual, *files)
    refused_open("no purpose", 2, "--purpose", ACCOUNT, "--show", "password", *files)
    refused_open("an empty purpose", 2, "purpose", ACCOUNT, "--purpose", "", "--show", "code", *files)
    refused_open("nothing to show", 2, "--show", ACCOUNT, "--purpose", "x", *files)
    refused_open("an unknown thing to show", 2, "--show", ACCOUNT, "--purpose", "x", "--show",
                 "password,pin", *files)
    refused_open("a thing to show twice", 2, "--show", ACCOUNT, "--purpose", "x", "--show",
                 "code,code", *files)
    refused_open("an option of no command", 2, "--reveal", ACCOUNT, *usual, "--reveal", "x", *files)
    refused_open("an option twice", 2, "--purpose", ACCOUNT, *usual, "--purpose", "b", *files)
    refused_open("a purpose with escape codes", 2, "purpose", ACCOUNT, "--purpose", HOSTILE,
                 "--show", "code", *files)
    refused_open("a purpose that is no UTF-8", 2, "purpose", ACCOUNT, "--purpose",
                 os.fsdecode(b"a\xff\xfe"), "--show", "code", *files)
    refused_open("a purpose of 100,000 bytes", 2, "purpose", ACCOUNT, "--purpose", "x" * 100_000,
                 "--show", "code", *files)
    refused_open("a ticket with escape codes", 2, "ticket", ACCOUNT, *usual, "--ticket", HOSTILE,
                 *files)
    refused_open("an approver who is no id", 2, "approver", ACCOUNT, *usual, "--approver",
                 "A\x1b[1mB", *files)
    refused_open("a card file that is not there", 2, "none.txt", ACCOUNT, *usual, *files,
                 vault.folder / "none.txt")
    refused_open("a card file with a hostile name that is not there", 2, "\\x1B", ACCOUNT, *usual,
                 HOSTILE)
    refused_open("a wrong passphrase", 4, "badges.operator-1", ACCOUNT, *usual, *files,
                 given=answers(badges={"operator-1": "another passphrase"}))
    refused_open("a custodian's badge as the operator's", 4, "custodian-p1", ACCOUNT, *usual, *files,
                 given={"operator": "custodian-p1", "badges": vault.generated["badges"]})
    refused_open("no badge", 2, "badges.operator-1", ACCOUNT, *usual, *files,
                 given={"operator": "operator-1"})
    refused_open("no operator", 2, "operator", ACCOUNT, *usual, *files, given={"badges": {}})
    refused_open("a broken wallet code", 4, "badges.operator-1", ACCOUNT, *usual, *files,
                 given=answers(badges={"operator-1": "QUORATE1:K:AAAA"}))
    run = vault.run("--json", "card", "list", given=answers(accounts={ACCOUNT: {"password": None}},
                                                            exceptions=[], confirm="x"))
    same(run.rc, 0, "answers of other commands are passed over")
    # Visible, not refused: what reads the same to all but may confuse a screen.
    bidi = "close \u202e\u200baccount"
    run = vault.open(*files, purpose=bidi, more=("--ticket", "T-\u2066 1"))
    same(run.rc, 0, "a purpose with bidi marks is logged as it stands")
    same(vault.log()[run.json["index"]]["values"]["purpose"].count("\\u"), 0, "as text in JSON")
    plain = vault.run("log", "show").out
    check("\\xE2\\x80\\xAE" in plain and "\u202e" not in plain, "and made visible on a screen")
    # Directories, devices and hostile names are cards refused, no more.
    evil = vault.folder / HOSTILE
    evil.write_text("nothing")
    link = vault.folder / "dangling"
    run = vault.open(vault.folder, evil, *files)
    same((run.rc, verdicts(run)[:2]), (0, ["unreadable", "unreadable"]),
         "a folder and a file of a hostile name are unreadable, and spoil nothing")
    check("\\x1B" in run.json["cards"][1]["file"], "the hostile name is made visible")


def bombs(vault):
    def png(width, height, rows):
        def chunk(kind, data):
            body = kind + data
            return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
        head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
        return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) +
                chunk(b"IDAT", zlib.compress(bytes((width + 1) * rows), 9)) + chunk(b"IEND", b""))
    cases = {"bomb.png": png(30000, 30000, 2000), "wide.png": png(2**31 - 1, 1, 0),
             "short.png": png(5000, 5000, 10), "zero.png": png(0, 0, 0),
             "huge.pgm": b"P5\n2000000000 2000000000\n255\n" + bytes(100),
             "bad.pgm": b"P5\n-1 5\n255\n", "ascii.pgm": b"P2\n4 4\n255\n" + b"0 " * 16,
             "bomb.jpg": b"\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00\xff\xd9",
             "noise.png": b"\x89PNG" + os.urandom(5000), "noise.jpg": b"\xff\xd8" + os.urandom(5000),
             "binary": os.urandom(5000), "empty": b"", "nul.txt": bytes(200),
             "big.txt": b"academic " * 2_000_000}
    for name, data in cases.items():
        file = vault.write(name, data)
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        run = vault.check(file)
        spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        same((run.rc, verdicts(run)), (4, ["unreadable"]), f"unreadable: {name}")
        check(spent < 2, f"{name} is refused in {spent:.2f} s of work")


def secrets_as_arguments(vault):
    """Where the argument is told again, and looks like a secret, it is not."""
    card = vault.group("password")[0]
    words, heads = card.words[3:12], [word[:4] for word in card.words[3:12]]
    keep_secret(card.code, " ".join(words), " ".join(heads))
    for what, args in (("a card's code for a file", ("card", "check", card.code)),
                       ("its words for a file", ("card", "check", " ".join(words))),
                       ("its code for a receipt", ("receipt", "check", card.code)),
                       ("its words for an account", ("account", "close", " ".join(words), "--reason", "x")),
                       ("their first letters, too", ("account", "close", " ".join(heads), "--reason", "x"))):
        run = vault.run("--json", *args, given=answers())
        check(run.rc in (1, 2, 4) and "(not shown: it looks like " in run.error and
              words[0] not in run.err and heads[0] not in run.err and card.code[:24] not in run.err,
              f"not said again: {what}", str(run))
    run = vault.run("card", "check", "an MFA seed JBSWY3DPEHPK3PXP")
    same(run.error, "(not shown: it looks like an MFA seed): No such file or directory",
         "said once, if it begins as what is said of it")
    run = vault.run("--json", "account", "close", "999999999999", "--reason", "x", given=answers())
    check("999999999999" in run.error, "but an account is", str(run))
    for length in range(120, 128):
        run = vault.run("card", "check", "x" + "\u00e9" * length)
        check(run.rc == 2 and "\ufffd" not in run.err and "\\x" not in run.err,
              f"cut between two characters: {length}", str(run))


def vaults(vault):
    run = quorate("--json", "log", "verify", vault=work / "nowhere")
    refused("a vault that is not there", run, 1, "nowhere")
    run = quorate("--json", "card", "list", vault=work / HOSTILE)
    refused("a vault of a hostile name that is not there", run, 1, "\\x1B")
    refused("no vault named", quorate("--json", "card", "list"), 2, "--vault")
    refused("a vault that is there already",
            quorate("--json", "init", "--policy", vault.folder / "policy.json", "--sheets",
                    work / "s1", vault=vault.path, answers=found_answers(), release=True), 1,
            str(vault.path))
    lock = os.open(vault.path, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    refused("a vault that is busy", vault.run("--json", "log", "verify"), 7, str(vault.path))
    os.close(lock)
    folder = vault.folder / "taken"
    folder.mkdir()
    (folder / "card-004.pdf").write_text("somebody's")
    run = quorate("--json", "init", "--policy", vault.folder / "policy.json", "--sheets", folder,
                  vault=work / "v2", answers=found_answers(), release=True)
    refused("sheets lie in the folder already", run, 2, "--sheets")
    check(not (work / "v2").exists() and (folder / "card-004.pdf").read_text() == "somebody's",
          "and no vault was begun")
    refused("a folder for sheets that cannot be",
            try_founding_at(vault, "--sheets", vault.folder / "policy.json" / "s"), 1, "--sheets")
    missing = try_founding(policy(), found_answers(), release=False)
    refused("what is generated has nowhere to go", missing, 2, "--secrets-fd")
    for command in ([], ["opne"], ["--json", "card"], ["card", "prove"], ["card", "check"],
                    ["card", "list", "x"], ["log"], ["log", "shwo"], ["init"], ["open"],
                    ["\x1b[2J"], ["--bogus"], ["slip39"]):
        run = quorate(*command, vault=vault.path)
        check(run.rc == 2 and not run.out, f"exit 2: {' '.join(map(ascii, command))}: {run.error}",
              str(run))


def try_founding_at(vault, *args):
    return quorate("--json", "init", "--policy", vault.folder / "policy.json", *args,
                   vault=work / "v3", answers=found_answers(), release=True)


vault = Vault()
other_wallet = vault.generated["badges"]["custodian-p2"]
policies()
credentials()
answers_themselves()
openings(vault)
descriptors(vault)
bombs(vault)
secrets_as_arguments(vault)
vaults(vault)
finish()
