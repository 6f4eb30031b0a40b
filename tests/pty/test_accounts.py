"""Accounts before the terminal: added, changed, imported, closed; a new password and a new seed deposited,
adopted by an opening, and confirmed."""
import json
import sqlite3

from ceremony import ACCOUNT, Opening, Room, Sitting
from judge import *

QUORATE, SEEK = arguments()
TYPED = "pale-Falcon4rowing@dawn"
SEED = "KRSXG5CTMVRXEZLUKN2HE2LOM5ZQ2345"


class Accounts(Sitting):
    def agree(self, pattern, answer="yes"):
        self.prompt("agreed", pattern + r" \(yes or no\) >", answer)
        return self

    def end(self, status=0):
        self.prompt("the close", r"not planned\? \(yes or no\) >", "no")
        self.prompt("the close: who signs", r"Enter alone if nobody more\. >", "")
        self.prompt("the close: the operator's own receipt",
                    r"operator-1 signs the close: .* Enter alone if they have none >", "")
        return self.finish(status)


def accounts(room):
    add = ["account", "add", "210987654321", "--name", "Second", "--email", "second@example.com"]
    with Accounts(room, add) as sitting:
        sitting.session().agree(r"210987654321.*Second, second@example\.com.*Is that right\?").end()
    check(True, "an account is added")
    change = ["account", "change", "210987654321"]
    with Accounts(room, [*change, "--email", "aws@new.example"]) as sitting:
        sitting.session().agree(r"Its address: second@example\.com; from now on: aws@new\.example.*"
                                r"Is that right\?", "no").finish(1)
    same(room.events().count("account-changed"), 0, "who says no changes nothing")
    with Accounts(room, [*change, "--email", "aws@new.example"]) as sitting:
        sitting.session().agree(r"Is that right\?").end()
    same(room.events().count("account-changed"), 1, "an account gets another address")
    with Accounts(room, change) as sitting:
        sitting.session()
        for name, strategy, refusal in (("", "", ""), ("New", "printed", r"nothing of it would be another one.*"),
                                        ("New", "removed", r"not vaulted, removed or never-set.*")):
            sitting.prompt("its name", refusal + r"Its name, .*; now: Second\. .* >", name)
            sitting.prompt("its address", r"address of its root user; now: aws@new\.example\. .* >", "")
            sitting.prompt("its strategy", r"Its strategy, .*; now: vaulted\. .* >", strategy)
        sitting.agree(r"Its name: Second; from now on: New.*Its strategy: vaulted; from now on: removed.*"
                      r"Is that right\?").end()
    row = next(r for r in room.quorate("account", "list")["accounts"] if r["account"] == "210987654321")
    same((row["name"], row["email"], row["strategy"]), ("New", "aws@new.example", "removed"),
         "who gives nothing is asked for each, and what is given is taken")
    with Accounts(room, ["account", "close", "210987654321", "--reason", "sold"]) as sitting:
        sitting.session().agree(r"marked closed.*Is that right\?", "no").finish(1)
    same(room.events().count("account-closed"), 0, "who says no closes nothing")
    with Accounts(room, ["account", "close", "210987654321", "--reason", "sold"]) as sitting:
        sitting.session().agree(r"marked closed.*Is that right\?").end()
    same(room.events().count("account-closed"), 1, "an account is closed")
    arn = "arn:aws:organizations::333333333333:account/o-exampleorg1/"
    listed = [{"Id": i, "Arn": arn + i, "Name": f"Team {i}", "Email": f"{i}@example.com",
               "Status": "ACTIVE"} for i in ("333333333333", "444444444444")]
    (room.folder / "list.json").write_text(json.dumps({"Accounts": listed}))
    with Accounts(room, ["account", "import", "list.json"]) as sitting:
        sitting.session().agree(r"2 accounts listed.*2 are added.*Are these to be added\?").end()
    same(len(room.quorate("account", "list")["accounts"]), 4, "an organisation is imported")


def boxes(room):
    """How many deposits lie in the vault, which the command has locked."""
    with sqlite3.connect(f"file:{room.folder}/v/vault.sqlite?mode=ro&immutable=1", uri=True) as db:
        return db.execute("SELECT count(*) FROM document WHERE kind = 'deposit'").fetchone()[0]


def deposits(room):
    with Accounts(room, ["deposit", ACCOUNT, "--kind", "password"]) as sitting:
        sitting.session().prompt("which", r"password of account .*Which: a number >", "1")
        sitting.at = lambda name, term: name.endswith("before it is shown") and same(
            boxes(room), 1, "it is in the vault before it is shown")
        made = "".join(sitting.look("the new password", 180))
        sitting.agree(r"accept the new password\?").end()
        same(len(made), 24, "a password is made, deposited, and shown")
    room.made = made
    with Accounts(room, ["deposit", ACCOUNT, "--kind", "password"]) as sitting:
        sitting.session().prompt("which", r"Which: a number >", "2")
        sitting.prompt("typed", r"has now \(not shown\) >", TYPED)
        sitting.prompt("again", r"The same again >", TYPED + "x")
        sitting.prompt("typed", r"not the same.*has now \(not shown\) >", TYPED)
        sitting.prompt("again", r"The same again >", TYPED)
        sitting.end()
        check(TYPED not in sitting.term.text(), "one that is typed twice is never shown")
    with Accounts(room, ["deposit", ACCOUNT, "--kind", "totp"]) as sitting:
        sitting.session().prompt("the seed", r"no MFA seed in custody >", "0189")
        sitting.prompt("the seed", r"Not taken.*no MFA seed in custody >", SEED)
        sitting.look("two codes", 240)
        sitting.agree(r"one after the other\?", "no").agree(r"once more\?", "no").end()
    items = room.quorate("account", "list")["accounts"][0]["items"]
    same([(i["kind"], i["confirmed"]) for i in items if i["state"] == "deposited"],
         [("password", True), ("password", False), ("totp", False)],
         "three wait, and what AWS took is confirmed")
    with Accounts(room, ["deposit", ACCOUNT, "--kind", "totp"]) as sitting:
        sitting.session().prompt("the seed", r"no MFA seed in custody >", "")
        sitting.finish(2)
    check(True, "nothing given is no deposit")
    same(room.quorate("log", "verify")["faults"], [], "the log is whole")


def adoption(room):
    """The password made is refused, the one typed is adopted, the seed waits."""
    with Opening(room) as opening:
        opening.session()
        opening.purpose()
        for i, serial in enumerate((1, 2, 3, 4)):
            opening.ask(f"card {serial}", r"Row A, word 1:")
            opening.present(serial, i)
        which = r"What becomes of it: a number >"
        opening.prompt("deposit 3", r"password of account .*item 3, deposited by operator-1 on .*AWS has "
                       r"taken it already.*adopt this one and all that follow.*" + which, "7")
        opening.prompt("deposit 3", r"one of the numbers.*" + which, "2")
        opening.prompt("deposit 4", r"item 4, deposited by .*" + which, "1")
        opening.prompt("deposit 5", r"totp of account .*item 5, deposited by .*" + which, "3")
        opening.release()
        same(opening.shown, TYPED, "the password that was adopted is shown")
        opening.close()
        opening.finish()
    items = room.quorate("account", "list")["accounts"][0]["items"]
    same([(i["serial"], i["state"]) for i in items],
         [(1, "former"), (2, "current"), (4, "current"), (5, "deposited")], "each as the people said")
    with Accounts(room, ["account", "confirm", ACCOUNT, "--kind", "password"]) as sitting:
        sitting.session().agree(r"What it has followed \(1\) is deleted.*signed in at AWS with it\?").end()
    same(room.events().count("item-deleted"), 1, "confirmed, and the former one is deleted")
    same(room.quorate("log", "verify")["faults"], [], "the log is whole")


main_room = Room(QUORATE).found_by_script()
accounts(main_room)
deposits(main_room)
adoption(main_room)
finish()
