"""`account import`: what `aws organizations list-accounts` prints, taken over; what is no such list
is refused, with the place and nothing written."""
import copy

from harness import *

start()
vault = Vault()
MANAGEMENT, ORG = "210987654321", "o-exampleorg1"
files = 0


def listed(number, **more):
    """An account as AWS prints it."""
    account = f"{number:012}"
    row = {"Id": account, "Arn": f"arn:aws:organizations::{MANAGEMENT}:account/{ORG}/{account}",
           "Email": f"aws+{number}@example.com", "Name": f"Team {number}", "Status": "ACTIVE",
           "JoinedMethod": "CREATED", "JoinedTimestamp": 1481835795.536}
    row.update(more)
    return {key: value for key, value in row.items() if value is not None}


def write(content):
    global files
    files += 1
    return vault.write(f"list-{files}.json",
                       content if isinstance(content, (str, bytes)) else json.dumps(content))


def take(content, *more, given=True):
    return vault.run("--json", "account", "import", write(content), *more,
                     given=answers() if given else None)


def ids(rows):
    return [row["account"] for row in rows]


whole = {"Accounts": [
    listed(int(MANAGEMENT), Name="Payer", JoinedMethod="INVITED"),
    listed(int(ACCOUNT), Name="Account 0", Email="root+0@example.com"),
    listed(333333333333, JoinedTimestamp="2016-12-15T21:09:55.536000+00:00", Name="  Caf\u00e9 \u2713 "),
    listed(444444444444, Status="SUSPENDED"),
    listed(555555555555, Status=None, State="PENDING_CLOSURE"),
    listed(7, Status=None, State="ACTIVE", Unknown=[{"deep": None}])]}
run = take(whole)
same(run.rc, 0, "an organisation is imported")
same((run.json["management"], run.json["complete"]), (MANAGEMENT, True), "the management account is known by its ARN")
same({key: ids(run.json[key]) for key in ("added", "unchanged", "changed", "skipped", "inactive", "closed")},
     {"added": [MANAGEMENT, "333333333333", "000000000007"], "unchanged": [ACCOUNT], "changed": [],
      "skipped": ["444444444444", "555555555555"], "inactive": [], "closed": []},
     "what becomes of each")
added = [e for e in vault.events("account-added") if e["values"].get("strategy")]
same([(e["values"]["account"], e["values"]["name"], e["values"]["strategy"]) for e in added],
     [(MANAGEMENT, "Payer", "vaulted"), ("333333333333", "Caf\u00e9 \u2713", "removed"),
      ("000000000007", "Team 7", "removed")],
     "the log has them, with their strategies")
same(len({e["epoch"] for e in added}), 1, "in one commit")

# The same again; then as it changed at AWS.
before = len(vault.log())
run = take(whole, given=False)
same((run.rc, ids(run.json["unchanged"])), (0, [MANAGEMENT, ACCOUNT, "333333333333", "000000000007"]),
     "the same list again changes nothing, and needs no badge")
changed = copy.deepcopy(whole)
changed["Accounts"][0]["Name"] = "Payer 2"
changed["Accounts"][1]["Status"] = "SUSPENDED"
changed["NextToken"] = "AAMAAQ=="
run = take(changed, given=False)
same((ids(run.json["changed"]), ids(run.json["inactive"]), run.json["complete"]),
     ([MANAGEMENT], [ACCOUNT], False), "what changed at AWS is told, and that the list goes on")
same(len(vault.log()), before, "and nothing is written")
check("Payer 2" in vault.run("account", "import", write(changed)).out and
      "see `account change`" in vault.run("account", "import", write(changed)).out,
      "and with what it is taken over")
same(vault.act("account", "change", MANAGEMENT, "--name", "Payer 2").rc, 0, "it is")
check(MANAGEMENT in ids(take(changed, given=False).json["unchanged"]), "and changes no more")
same(vault.act("account", "change", MANAGEMENT, "--name", whole["Accounts"][0]["Name"]).rc, 0, "and back")
plain = vault.run("account", "import", write(changed)).out
check("NextToken" in plain and "Payer 2" in plain and "SUSPENDED" in plain, "in plain words too", plain)
same(vault.act("account", "close", "000000000007", "--reason", "gone").rc, 0, "one is closed here")
same(ids(take(whole, given=False).json["closed"]), ["000000000007"], "and told to be active there")
moved = {"Accounts": [listed(888888888888, Email="AWS+333333333333@example.com")]}
moved["Accounts"].append(listed(8))
run = take(moved)
check(run.rc == 0 and "is that of account 333333333333 here" in run.err,
      "an address that another account has here is told", str(run))
same((ids(run.json["taken"]), ids(run.json["added"])), (["888888888888"], ["000000000008"]),
     "that account is left out, and the others are added")
same(vault.events("account-added")[-1]["values"]["account"], "000000000008", "by the log too")
run = take({"Accounts": moved["Accounts"][:1]}, given=False)
same((run.rc, ids(run.json["taken"])), (0, ["888888888888"]), "alone it needs no badge")
check("888888888888" in vault.run("account", "import", write(moved)).out, "in plain words too")
run = take({"Accounts": [listed(888888888888, Email="AWS+7@example.com")]})
same((run.rc, ids(run.json["added"])), (0, ["888888888888"]), "the address of one that is closed is free")
run = take({"Accounts": [listed(999999999999)]}, "--strategy", "never-set")
same(vault.events("account-added")[-1]["values"]["strategy"], "never-set", "another strategy for all")
same((take({"Accounts": []}, given=False).rc), 0, "an empty list is a list")
same(vault.run("account", "import", write({"Accounts": []})).out, "The list names no account.\n",
     "and people are told")
run = take("", given=False)
check(run.rc != 0 and run.error.endswith(": the file is empty"), "an empty file is none", str(run))
run = vault.run("account", "import", "not-there.json")
check(run.rc != 0 and run.error.count("not-there.json") == 1, "a missing file is named once",
      str(run))

# What is no such list.
before = len(vault.log())
good = listed(600000000001)


def refused(what, content, words):
    run = take(content)
    check(run.rc == 2 and words in run.error and f"list-{files}.json" in run.error,
          f"{what}: refused, with the place", str(run))


def mutant(**more):
    return {"Accounts": [listed(600000000001, **more)]}


for what, content, words in [
        ("no JSON", "Accounts", "JSON"), ("an array", "[]", "JSON"),
        ("a key twice", '{"Accounts": [], "Accounts": []}', "twice"),
        ("a key twice, deep", json.dumps({"Accounts": [good]}).replace('"Status"', '"Id"'), "twice"),
        ("something behind its end", '{"Accounts": []} {}', "end"),
        ("cut short", json.dumps(whole)[:-40], "JSON"),
        ("bytes that are no UTF-8", b'{"Accounts": [], "x": "\xff"}', "UTF-8"),
        ("no accounts", {"NextToken": "x"}, "Accounts"),
        ("accounts that are no list", {"Accounts": {}}, "Accounts"),
        ("an account that is no object", {"Accounts": [7]}, "Accounts[0]"),
        ("eleven digits", mutant(Id="60000000001"), "Id"), ("no id", mutant(Id=None), "Id"),
        ("an id of letters", mutant(Id="60000000000a"), "Id"),
        ("an id as a number", mutant(Id=600000000001), "Id"),
        ("another account's ARN", mutant(Arn=listed(600000000002)["Arn"]), "Arn"),
        ("an ARN of a user", mutant(Arn=f"arn:aws:iam::{MANAGEMENT}:root"), "Arn"),
        ("no ARN", mutant(Arn=None), "Arn"), ("an empty name", mutant(Name=""), "Name"),
        ("a name of blanks", mutant(Name="   "), "name"),
        ("a name of 51", mutant(Name="n" * 51), "name"),
        ("a name that moves the cursor", mutant(Name="\x1b[2J"), "JSON"),
        ("a name that turns the line", mutant(Name=5), "Name"),
        ("an address without @", mutant(Email="example.com"), "e-mail"),
        ("an address of 300", mutant(Email="a" * 290 + "@example.com"), "Email"),
        ("a time that is none", mutant(JoinedTimestamp="yesterday"), "JoinedTimestamp"),
        ("a time that is an object", mutant(JoinedTimestamp={}), "JoinedTimestamp"),
        ("neither status nor state", mutant(Status=None), "Status"),
        ("a status in small letters", mutant(Status="active"), "Status"),
        ("an account twice", {"Accounts": [good, {**good, "Email": "x@example.com"}]}, "stands twice"),
        ("two of one address", {"Accounts": [good, listed(600000000002, Email=good["Email"].upper())]},
         "one e-mail address"),
        ("two organisations", {"Accounts": [good, listed(600000000002, Arn=listed(600000000002)["Arn"]
                                                         .replace(ORG, "o-exampleorg2"))]}, "organisation"),
        ("two management accounts", {"Accounts": [good, listed(600000000002, Arn=listed(600000000002)["Arn"]
                                                               .replace(MANAGEMENT, "1" * 12))]}, "organisation"),
        ("a token that is a number", {"Accounts": [good], "NextToken": 5}, "NextToken"),
        ("4,097 accounts", {"Accounts": [listed(n) for n in range(4097)]}, "4096"),
        ("a list nested too deep", {"Accounts": [], "x": json.loads("[" * 20 + "]" * 20)}, "levels"),
        ("9 MiB", {"Accounts": [], "x": "x" * (9 << 20)}, "")]:
    refused(what, content, words)
same(take(whole, "--strategy", "printed").rc, 2, "a strategy that is none")
same(vault.run("account", "import", vault.folder / "absent.json").rc, 1, "a file that is not there")
same(vault.run("account", "import").rc, 2, "no file")
same(len(vault.log()), before, "nothing of that is in the log")

# A large organisation, in one commit.
begun = time.monotonic()
run = take({"Accounts": [listed(n) for n in range(700000000000, 700000001500)]})
seconds = time.monotonic() - begun
same((run.rc, len(run.json["added"])), (0, 1500), f"1,500 accounts are added in {seconds:.1f} s")
check(seconds < 60, "within a minute, on a busy machine")
same(len({e["epoch"] for e in vault.events("account-added")[-1500:]}), 1, "in one commit")
same(len(vault.run("--json", "account", "list").json["accounts"]), 1500 + 7, "and all are listed")
same(vault.run("--json", "log", "verify").json["faults"], [], "the log is whole")
check(foreign_verdict(vault) in ([], None), "to a verifier that is not ours, too")
finish()
