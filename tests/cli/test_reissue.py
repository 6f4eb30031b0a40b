"""One group split anew: exactly the new cards' quorums open, the old ones are refused, and what
still opens is said."""
import itertools

from harness import *
from renewed import opens, whole

start()
need("pdftotext", "zbarimg", "pdftoppm")
need_module("nacl")


def reissue(vault, group, cards, *more, given=None):
    Vault.folders = getattr(Vault, "folders", 0) + 1
    sheets = vault.folder / f"cards-{Vault.folders}"
    run = vault.run("--json", "reissue", "--group", group, "--reason", "custodian-m3 leaves",
                    "--sheets", sheets, *more, *[c.text() for c in cards], given=given or answers())
    return run, [Card(vault, row) for row in run.json["cards"]] if run.rc == 0 else sheets


vault = Vault(policy(password=(2, 3), mfa=(2, 3)))
password, old = vault.group("password"), vault.group("mfa")
run, new = reissue(vault, "mfa", old[:2])
same(run.rc, 0, "a quorum of the group splits it anew")
same([(c.serial, c.group, c.custodian, c.index) for c in new],
     [(7 + i, "mfa", c.custodian, c.index) for i, c in enumerate(old)],
     "every custodian of the group gets one card, with a serial of its own")
same((run.json["group"], run.json["edition"], run.json["generation"]), ("mfa", 2, 1),
     "it is the group's second edition, of the same vault key")
same(run.json["former"], [{"edition": 1, "not_destroyed": 3, "threshold": 2, "enough": True}],
     "that the old cards still make the half is said")
same(verdicts(vault.check(*[c.text() for c in new])), ["accepted"] * 3, "the new cards are good")
same(verdicts(vault.check(*[vault.write(f"new-{c.serial}.txt", c.code) for c in new])),
     ["accepted"] * 3, "and so are their codes")
same(verdicts(vault.check(*[c.text() for c in old])), ["former-edition"] * 3,
     "the old cards are refused as of a former edition")
codes = [vault.write(f"old-{c.serial}.txt", c.code) for c in old]
run = vault.check(*codes)
same([(c["serial"], c["reason"]) for c in run.json["cards"]],
     [(c.serial, "former-edition") for c in old], "by their codes too, and each is named")
payload = bytearray(old[0].payload)
payload[-1] ^= 1
run = vault.check(vault.write("unsigned.txt", to_code("S", bytes(payload))))
same([(c["serial"], c["reason"]) for c in run.json["cards"]], [(None, "former-edition")],
     "one whose signature does not hold is nobody's")
run = vault.run("--json", "drill", "group", "--group", "mfa", codes[0],
                *[c.text() for c in new[:2]], given=answers(grades={"operator-1": "ready"}))
same((run.rc, [(c["serial"], c["grade"]) for c in run.json["cards"]]),
     (0, [(old[0].serial, "failed"), (new[0].serial, "good"), (new[1].serial, "good")]),
     "a drill to which one comes grades it failed")
refused = vault.events("card-refused")[-1]["values"]
same((refused["serial"], refused["reason"]), (str(old[0].serial), "former-edition"),
     "and the log says which card it was")
check(all(a.words != b.words for a in old for b in new), "no share is one of the old ones")
wrong = [[c.serial for c in s] for n in range(4) for s in itertools.combinations(new, n)
         if opens(vault, [*password[:2], *s]) != (n >= 2)]
check(not wrong, "of all 8 subsets of the new cards exactly the quorums open", str(wrong))
check(not opens(vault, [*password[:2], *old]), "the old cards do not")
check(not opens(vault, [*password[:2], old[0], new[1]]), "and no old one with a new one")
run, _ = reissue(vault, "mfa", [old[0], new[1]])
same((run.rc, run.json["missing"]["mfa"], verdicts(run)), (4, 1, ["former-edition", "accepted"]),
     "in a re-issue, too, a card of the former edition is refused")
same((run.error.startswith("no quorum: 1 more card of the MFA group"), vault.events("outcome")[-1]["values"]),
     (True, {"intent": str(vault.events("intent")[-1]["index"]), "result": "refused",
             "reason": "no quorum"}), "and the log says that nothing was made")
run, newer = reissue(vault, "mfa", [new[2], new[0], new[1]])
same((run.rc, run.json["edition"]), (0, 3), "the new cards split it once more")
same([f["edition"] for f in run.json["former"]], [1, 2], "both former editions are still somewhere")
same(verdicts(vault.check(*[c.text() for c in old + new + newer])),
     ["former-edition"] * 6 + ["accepted"] * 3, "only the newest count")
run, renewed = reissue(vault, "password", password[1:])
same((run.rc, run.json["edition"]), (0, 2), "the other group has editions of its own")
check(opens(vault, [*renewed[:2], *newer[1:]]), "both groups' new cards open")
whole(vault, "after three re-issues")

# What would stop the sheets is told before a badge is asked for.
used = vault.folder / "sheets"
run = vault.run("reissue", "--group", "mfa", "--reason", "x", "--sheets", used,
                *[c.text() for c in newer[:2]], given=answers(badges={"operator-1": "not that one"}))
check(run.rc == 2 and "sheets lie in the folder already" in run.err,
      "a used folder is refused before a badge is asked for", str(run))

# An independent decoder, of paper alone.
sheets = [str(vault.folder / "sheets" / f"sealed-{g}.pdf") for g in ("password", "mfa")]
codes = []
for sheet in sheets:
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-png", sheet, sheet], check=True)
    for png in sorted(pathlib.Path(sheet).parent.glob(pathlib.Path(sheet).name + "-*.png")):
        codes += subprocess.run(["zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", str(png)], check=True,
                                capture_output=True, text=True).stdout.split()
sealed = vault.write("sealed.txt", "\n".join(dict.fromkeys(codes)) + "\n")
for chosen, opened in (([renewed[0], renewed[2], newer[0], newer[1]], True),
                       ([password[0], password[1], newer[0], newer[1]], True),
                       ([password[0], renewed[1], newer[0], newer[1]], False)):
    words = vault.write("words.txt", "\n\n".join(" ".join(c.words) for c in chosen))
    rc, said, err = recover(words, sealed)
    same(bool(said) and said.get((ACCOUNT, "password")) == [vault.password], opened,
         f"examples/recover.py, with cards {[c.serial for c in chosen]}: "
         + ("opens, as the page says an old quorum still does" if opened else "nothing"))

# What cannot be.
same(reissue(vault, "mfa", newer[:1])[0].rc, 3, "fewer than the quorum make nothing")
run = vault.run("reissue", "--group", "both", "--reason", "x", "--sheets", "s", given=answers())
same(run.rc, 2, "there are two groups")
run = vault.run("reissue", "--group", "mfa", "--reason", " x", "--sheets", "s", given=answers())
same((run.rc, run.error.startswith("--reason: ")), (2, True), "a reason that the log cannot hold is refused")
before = len(vault.log())
(vault.folder / "full").mkdir()
(vault.folder / "full" / "card-999.pdf").write_text("x")
run = vault.run("reissue", "--group", "mfa", "--reason", "x", "--sheets", vault.folder / "full",
                *[c.text() for c in newer], given=answers())
same((run.rc != 0, len(vault.log())), (True, before),
     "a folder that holds sheets is refused before anything is written")

single = Vault(policy(password=(1, 2), mfa=(2, 2)))
run = single.run("reissue", "--group", "password", "--reason", "x", "--sheets", "s", given=answers())
same((run.rc, "re-key" in run.error), (2, True), "of a threshold of 1 it would revoke nothing: refused")
run, fresh = reissue(single, "mfa", single.group("mfa"))
check(run.rc == 0 and opens(single, [single.cards[0], *fresh]), "2 of 2: both, and never one")
check(not opens(single, [single.cards[0], fresh[0], single.group("mfa")[1]]), "not one old with one new")
whole(single, "where one absence locks the vault")
finish()
