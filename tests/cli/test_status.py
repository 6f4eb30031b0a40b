"""The status: one page for people, JSON by its schema, exit 6 when anything is overdue, and no
badge is asked for."""
from harness import *

start()
jsonschema = need_module("jsonschema")
SCHEMAS = {name: jsonschema.Draft202012Validator(json.loads(
    (ROOT / f"schemas/{name}.schema.json").read_text())) for name in ("status", "register")}


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
check(("overdue", "phone") in rows and "2026-01-01" in page.out, "a contract that ended is overdue")
check({("conflict", "dependency"), ("conflict", "takeover"), ("conflict", "separation")} <= rows,
      "a circle, and one who has mailbox and phone, are conflicts", str(rows))
same(page.error, "overdue: 1; the status names them", "the error counts them")
same(vault.act("register", "drop", "phone", "sim").rc, 0, "the phone is taken away")
status(vault)

run = vault.run("--json", "register", "list")
same([e.message for e in SCHEMAS["register"].iter_errors(run.json)], [],
     "the register's JSON is of its schema")
wrong = run.json
wrong["register"][0]["values"]["colour"] = "red"
check(list(SCHEMAS["register"].iter_errors(wrong)), "a key that there is not would be found")

same(vault.run("status", "now").rc, 2, "an argument too many")
same(quorate("status").rc, 2, "without a vault")
finish()
