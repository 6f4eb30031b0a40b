"""A bad day: at the yearly proof of 31 cards one is damaged. It is named with its place, the 30
others are proved and logged all the same, no quorum is lost, and the status names it until its
holder has read it well."""
from harness import *

start()
need("pdftotext")
need_module("nacl")

vault = Vault(policy(password=(3, 16), mfa=(2, 15)))
texts = {card.serial: card.text() for card in vault.cards}
same(len(texts), 31, "a vault of 31 cards")
bad = vault.group("password")[10]
words = list(bad.words)
words[10] = WORDS[(WORDS.index(words[10]) + 1) % len(WORDS)]  # row D, its middle word
keep_secret(" ".join(words[9:12]))
damaged = vault.write("damaged.txt", " ".join(words))


def proved():
    return {c["serial"] for c in vault.run("--json", "card", "list").json["cards"] if c["proved"]}


def said(what):
    return [r["text"] for r in vault.run("--json", "status").json["rows"] if r["what"] == what]


same(proved(), set(), "none is proved yet")
given = {**texts, bad.serial: damaged}
run = vault.act("card", "prove", *given.values())
same(run.rc, 4, "a card is damaged at the proof")
rows = run.json["cards"]
wrong = [row for row in rows if row["result"] != "accepted"]
same((len(rows), [row["file"] for row in wrong]), (31, [str(damaged)]), "it alone is refused, and named")
check(words[10] not in json.dumps(rows) + run.error, "without what was read")
same(proved(), set(texts) - {bad.serial}, "the 30 others are proved")
same([e["values"]["serial"] for e in vault.events("card-proved")],
     [str(n) for n in texts if n != bad.serial], "and the log has each, once")
same(foreign_verdict(vault), [], "the log is verified by the program in Python")
check(f"not proved, read back from paper: {bad.custodian}" in said("card"), "the status names it",
      str(said("card")))

# ---- The same card in a drill spoils no quorum, and in none of them it is shown ----
ready = answers(grades={"operator-1": "ready"})
for number in range(4):
    run = vault.run("--json", "drill", "full", *given.values(), given=ready)
    same((run.rc, len(run.json["cards"])), (0, 30), f"drill {number + 1}: done, with the 30 others")
late = vault.run("--json", "drill", "next").json["cards"][0]
same((late["serial"], late["covered"], late["picked"]), (bad.serial, False, True),
     "it comes first on the list of the next drill")
same([t for t in said("drill") if "card" in t],
     [f"not shown in the last 4 drills, nor proved since: card {bad.serial} of {bad.custodian}"],
     "and the status names it, alone")
run = vault.act("card", "prove", texts[bad.serial])
same((run.rc, proved()), (0, set(texts)), "read well, all 31 are proved")
check(not any("card" in t for t in said("drill")) and not any("not proved" in t for t in said("card")),
      "and the status has no more to say of it")
finish()
