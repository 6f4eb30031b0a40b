"""The status: one page for people, JSON by its schema, exit 6 when anything is overdue, and no
badge is asked for."""
from harness import *

start()
jsonschema = need_module("jsonschema")
SCHEMAS = {name: jsonschema.Draft202012Validator(json.loads(
    (ROOT / f"schemas/{name}.schema.json").read_text())) for name in ("status", "register", "governance")}


def status(vault, expect=0):
    page, run = vault.run("status"), vault.run("--json", "status")
    same((page.rc, run.rc), (expect, expect), f"exit {expect}, as a page and as JSON")
    wide = [line for line in page.out.splitlines() if len(line) > 80]
    same(wide, [], "the page fits 80 columns")
    same([e.message for e in SCHEMAS["status"].iter_errors(run.json)], [], "the JSON is of its schema")
    for state in ("overdue", "conflict", "open", "due"):
        same(sum(r["state"] == state for r in run.json["rows"]), run.json[state],
             f"as many rows as are counted: {state}")
    words = "".join(page.out.split())
    lost = [r["text"] for r in run.json["rows"] if "".join(r["text"].split()) not in words]
    same(lost, [], "the page has every row")
    return {(r["state"], r["what"]) for r in run.json["rows"]}, page


vault = Vault()
entries = len(vault.log())
rows, _ = status(vault)
check({("due", "drill"), ("due", "review"), ("open", "credential"), ("open", "card")} <= rows,
      "a new vault: nothing is overdue, drill and review are due, the rest is open", str(rows))
same(len(vault.log()), entries, "nothing was written")

for args in (("phone", "sim", "holder=witness-1", "contract=x", "payer=y", "expires=2026-01-01"),
             ("mailbox", "m", "address=root+0@example.com", "recipient=witness-1"),
             ("dependency", "x" * 64, "needs=" + "y" * 64), ("dependency", "y" * 64, "needs=" + "x" * 64)):
    same(vault.act("register", "set", *args).rc, 0, f"{args[0]} is registered")
rows, page = status(vault, expect=6)
check({("open", "copy"), ("open", "receipt")} <= rows, "nobody has a receipt, nothing is a copy", str(rows))
check("Next, for the first row: quorate register set phone\n" in page.out, "what ends the first row is named")
check(("overdue", "phone") in rows and "2026-01-01" in page.out, "a contract that ended is overdue")
check({("conflict", "dependency"), ("conflict", "takeover"), ("conflict", "separation")} <= rows,
      "a circle, and one who has mailbox and phone, are conflicts", str(rows))
same(page.error, "overdue: 1; the status names them", "the error counts them")
same(vault.act("register", "drop", "phone", "sim").rc, 0, "the phone is taken away")
status(vault)
for name, *values in (("one", "safe=site-a/s", "taken=2020-01-01"), ("two", "safe=site-b/s", "taken=2099-01-01")):
    same(vault.act("register", "set", "copy", name, *values).rc, 0, "a copy is registered")
given = answers(present=["witness-1"])
given["badges"]["witness-1"] = vault.generated["badges"]["witness-1"]
same(vault.run("register", "set", "copy", "one", "safe=site-a/s", "taken=2020-01-02", given=given).rc, 0,
     "somebody else is there")
rows, page = status(vault, expect=6)
check(("due", "receipt") in rows and page.out.count(": witness-1\n") == 1, "and is given a receipt", page.out)
check(("overdue", "copy") in rows and "2020-04-01" in page.out, "that of the older site is overdue")
same(vault.act("register", "set", "copy", "one", "safe=site-a/s", "taken=2099-01-01").rc, 0, "and renewed")
status(vault)

run = vault.run("--json", "register", "list")
same([e.message for e in SCHEMAS["register"].iter_errors(run.json)], [],
     "the register's JSON is of its schema")
wrong = run.json
wrong["register"][0]["values"]["colour"] = "red"
check(list(SCHEMAS["register"].iter_errors(wrong)), "a key that there is not would be found")

# ---- The report of it ----
for args in (("phone", "sim", "holder=witness-1", "safe=site-a/safe-1"),
             ("roster", "custodian-p1", "utc-offset=+01:00", "hours=mon-fri 08:00-18:00"),
             ("roster", "custodian-p2", "utc-offset=+01:00", "hours=mon-fri 09:15-18:00")):
    same(vault.act("register", "set", *args).rc, 0, f"{args[0]} is registered")
report = vault.run("--json", "report", "governance").json
same([e.message for e in SCHEMAS["governance"].iter_errors(report)], [], "the report is of its schema")
same([e.message for e in SCHEMAS["status"].iter_errors(report["status"])], [], "its status too")
same(report["root"], vault.run("--json", "receipt", "print").json["root"],
     "it names the root of the log that it judges")
same([s["rule"] for s in report["separation"]], ["mailbox-and-phone"], "separation")
groups = {name: [c.custodian for c in vault.group(name)] for name in ("password", "mfa")}
takeover = {a["of"]: a["sets"] for a in report["takeover"]}
same(sorted(takeover["password and MFA"][0], key=lambda k: k["of"]),
     [{"any": 2, "of": groups["mfa"]}, {"any": 2, "of": groups["password"]}],
     "any two of each group open the vault, in one line")
same(takeover["mailbox and phone"], [[{"any": 1, "of": ["witness-1"]}]], "one alone takes it over")
loss = {a["of"]: a["sets"] for a in report["loss_of_people"]}
same(loss["either"], [[{"any": 2, "of": groups["password"]}], [{"any": 2, "of": groups["mfa"]}]],
     "two of a group, gone, end it")
hours = {h["group"]: h for h in report["hours"]}
same(hours["password"]["without_quorum_utc"][:2],
     [{"from": "mon 00:00", "to": "mon 08:15"}, {"from": "mon 17:00", "to": "tue 08:15"}],
     "the hours of two who must both be there, in UTC")
same(hours["mfa"]["not_on_roster"], groups["mfa"], "who is not on the roster is named")
page = vault.run("report", "governance")
same((page.rc, [line for line in page.out.splitlines() if len(line) > 80]), (0, []),
     "as a page of 80 columns")
check("any 2 of custodian-m1, custodian-m2, custodian-m3; any 2 of custodian-p1" in
      " ".join(page.out.split()), "in words")
same(vault.run("report", "weather").rc, 2, "no such report")

# ---- Who left takes no conflict with them ----
def texts(what):
    return [r["text"] for r in vault.run("--json", "status").json["rows"] if r["what"] == what]


before = texts("separation") + texts("takeover")
check(before and "witness-1: both a mailbox and a phone" in before, "witness-1 has mailbox and phone", str(before))
same(vault.run("person", "leave", "witness-1", "--reason", "dismissed", given=answers()).rc, 0, "and leaves")
same(texts("separation") + texts("takeover"), [t.replace("witness-1", "witness-1 (left)") for t in before],
     "what is in conflict stays so")
same([t for t in texts("mailbox") + texts("phone") if "witness-1, who left" in t],
     ["mailbox m names witness-1, who left: end their access, then set the row without them",
      "phone sim names witness-1, who left: take it back, then set the row without them"],
     "the rows that name them are told")
entries = len(vault.log())
for args in (("phone", "sim2", "holder=witness-1"), ("safe", "site-a/safe-1", "holder=witness-1"),
             ("device", "d", "kind=fido", "holder=witness-1"),
             ("mailbox", "m2", "address=root+2@example.com", "recipient=witness-1"),
             ("roster", "witness-1", "utc-offset=+01:00", "hours=mon-fri 08:00-18:00")):
    run = vault.act("register", "set", *args)
    check(run.rc == 2 and "has left" in run.error, f"{args[0]}: nothing more is given to them", str(run))
same(len(vault.log()), entries, "and nothing of it is in the log")
same(vault.act("register", "set", "phone", "sim", "holder=witness-1", "safe=site-a/safe-1", "payer=z").rc, 0,
     "what they have still can be said")
same(vault.act("register", "set", "phone", "sim", "safe=site-a/safe-1", "payer=z").rc, 0, "until they gave it back")
same([t for t in texts("phone") if "left" in t], [], "which ends it")

# ---- Nor is a card whose bag is missing there ----
for serial in (1, 2):
    vault.act("bag", "seal", f"AB-{serial}", "--card", serial, "--site", f"site-{'ab'[serial - 1]}", "--safe", "s")
same([t for t in texts("loss") if "password" in t], [], "two of three, in their bags")
same(vault.act("seal", "check", "--card", 1, "--result", "missing").rc, 4, "one bag is missing")
check(any("no quorum of the password group: custodian-p" in t for t in texts("loss")), "the others are needed",
      str(texts("loss")))
same(vault.act("seal", "check", "--card", 2, "--result", "missing").rc, 4, "and another")
check("the password group needs 2 of its 3 live cards, and fewer are known to be there; missing: 1 of "
      "custodian-p1, 2 of custodian-p2" in texts("loss"), "too few are there", str(texts("loss")))
page = vault.run("report", "governance").out
check("password group: 2 of 3 cards, 1 of them there: too few for a quorum\n" in page, "in the report", page)
same(vault.act("seal", "check", "--card", 2, "--bag", "AB-2").rc, 0, "one is found")
check(not any("fewer are known" in t for t in texts("loss")), "and counts again", str(texts("loss")))

# ---- A card that is void and destroyed is found to be lacking ----
lacking = "custodians of the password group whose cards are void or destroyed: custodian-p3; quorate reissue makes new ones"
check(lacking not in texts("reissue"), "nobody is without a card")
same(vault.act("card", "void", 3, "--reason", "lost").rc, 0, "a card is void")
same(vault.act("card", "destroy", 3, "--witness", "auditor-1").rc, 0, "and is destroyed")
check(("open", lacking) in [(r["state"], r["text"]) for r in vault.run("--json", "status").json["rows"]],
      "its custodian has none", str(texts("reissue")))

one = Vault(policy(password=(1, 2), mfa=(1, 1)))
same(one.run("person", "leave", "custodian-m1", "--reason", "dismissed", given=answers()).rc, 0,
     "the one MFA custodian leaves")
page = one.run("report", "governance").out
check("MFA group: 1 of 1 cards, 0 of them there: too few for a quorum\n" in page, "the card is live", page)
check("nobody is needed" not in page and "nobody's: too few cards are there already" in page,
      "and no absence is what ends the quorum", page)
check("custodian-m1" in " ".join(page.split("Whose absence")[0].split()), "but it opens, with another", page)
report = one.run("--json", "report", "governance").json
same([e.message for e in SCHEMAS["governance"].iter_errors(report)], [], "by the schema")

same(vault.run("status", "now").rc, 2, "an argument too many")
same(quorate("status").rc, 2, "without a vault")
finish()
