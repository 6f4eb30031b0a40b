"""One life: a vault founded, lived with, and looked at after every step."""
import json
import random
import subprocess

from model import GROUPS, Model
from world import ROOT, VAULT, World, must, totp, words_of

DAY_S = 86_400

SEED_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
# What may befall a command, and how often.
FAULTS = [("kill", 0.08), ("full", 0.05), ("wrong badge", 0.04)]


class Life:
    def __init__(self, quorate, befall, root, seed, python, trace=False):
        self.rng = random.Random(f"years {seed}")
        self.world = World(quorate, befall, root)
        self.model = Model(self.read_words)
        self.trace = trace
        self.python = python  # one that has PyNaCl, or None
        self.seen = 0         # entries of the log that the model has
        self.told = []        # what was done, for whoever repeats a broken life
        self.former = 0       # logs before this one
        self.folders = [self.world.root / "sheets"]  # one for each making of cards
        self.added = 0
        self.counts = {"steps": 0, "quorums": 0, "non-quorums": 0, "kill": 0, "full": 0,
                       "wrong badge": 0, "foreign": 0}

    # ---- the founding ----

    def policy(self):
        rng = self.rng
        groups, people = {}, [
            {"id": "operator-1", "name": "Operator One", "roles": ["operator"]},
            {"id": "operator-2", "name": "Operator Two", "roles": ["operator"]},
            {"id": "witness-1", "name": "Witness One", "roles": ["witness"]},
            {"id": "auditor-1", "name": "Auditor One", "roles": ["auditor"]}]
        for name, letter in (("password", "p"), ("mfa", "m")):
            threshold = rng.choice((2, 2, 2, 3))
            ids = [f"custodian-{letter}{i + 1}" for i in range(threshold + rng.choice((1, 1, 2)))]
            people += [{"id": i, "name": i.title(), "roles": ["custodian"]} for i in ids]
            groups[name] = {"threshold": threshold, "custodians": ids}
        accounts = [self.account_id(i) for i in range(2)]
        return {"vault": VAULT, "organization": "Example Org", "practice": True, "people": people,
                "groups": groups, "accounts": [
                    {"id": a, "name": f"Account {a[-3:]}", "email": f"root+{a}@example.com"}
                    for a in accounts]}

    @staticmethod
    def account_id(number):
        return str(123456789000 + number)

    def found(self):
        self.rules = self.policy()
        (self.world.root / "policy.json").write_text(json.dumps(self.rules))
        model = self.model
        for person in self.rules["people"]:
            model.offered[person["id"]] = self.passphrase()
        given = {}
        for account in self.rules["accounts"]:
            for kind in ("password", "totp"):
                model.offered[account["id"], kind] = self.secret(kind)
            given[account["id"]] = {k: model.offered[account["id"], k] for k in ("password", "totp")}
        badges = {p["id"]: model.offered[p["id"]] for p in self.rules["people"]}
        self.world.run("init", "--policy", self.world.root / "policy.json", "--sheets", self.folders[0],
                       answers={"operator": "operator-1", "badges": badges, "accounts": given}, want=0)
        # The genesis' people have badges before the entries say so.
        self.learn()

    def passphrase(self):
        return " ".join(self.rng.choice(("stone", "river", "lamp", "cloud", "bridge", "mill"))
                        for _ in range(3)) + f" {self.rng.randrange(10**6)}"

    def secret(self, kind):
        if kind == "totp":
            return "".join(self.rng.choice(SEED_LETTERS) for _ in range(32))
        return f"Tenyears-{self.rng.randrange(10**9)}-" + \
            "".join(self.rng.choice("ABCDEFGHJKLMNPQRST@") for _ in range(8))

    def read_words(self, serial):
        """Off the sheet, wherever it was delivered to: none may be there twice."""
        found = [f for folder in self.folders for f in folder.glob(f"card-{serial:03}.pdf")]
        must(len(found) == 1, f"card {serial} is issued, and there are {len(found)} sheets of it")
        return words_of(found[0])

    def new_sheets(self):
        self.folders.append(self.world.root / f"sheets-{len(self.folders)}")
        return self.folders[-1]

    # ---- a command, and what may befall it ----

    def answers(self, operator=None, **more):
        operator = operator or self.rng.choice(self.model.operators())
        given = {"operator": operator, "badges": {operator: self.model.people[operator].badge}}
        if self.rng.random() < 0.3:
            given["clock_offset_s"] = self.rng.randrange(-90, 90)
        given.update(more)
        return given

    def learn(self):
        new = self.world.entries(self.seen)
        self.seen += len(new)
        for entry in new:
            entry.index += self.former  # counted through the logs of a chain
        self.model.absorb(new)
        return new

    def do(self, *args, mark, answers=None, want=0, faults=FAULTS):
        """A command; the new entries if it was done, whatever befell it, or None. `mark` is the
        event that says that it was."""
        answers = answers or self.answers()
        fault = self.draw(faults)
        self.tell(fault, args)
        if fault == "wrong badge":
            self.wrong_badge(args, answers)
        die_at = self.rng.choice((self.rng.randint(1, 12), self.rng.randint(1, 60)))
        run = self.world.run(*args, answers=answers, die_at=die_at if fault == "kill" else 0,
                             full=fault == "full", want=want)
        if run.cut:
            self.counts[fault] += 1
            self.settle(answers)
        new = self.learn()
        done = any(e.event == mark for e in new)
        must(run.rc != 0 or done, f"acknowledged, and not in the log: {run}")
        self.last = run
        return new if done else None

    def draw(self, faults):
        roll = self.rng.random()
        for name, share in faults:
            roll -= share
            if roll < 0:
                return name
        return None

    def wrong_badge(self, args, answers):
        """Somebody else's words open nothing, and nothing is written."""
        before = self.world.size()
        wrong = dict(answers, badges={k: v + "x" for k, v in answers["badges"].items()})
        self.world.run(*args, answers=wrong, want=4)
        must(self.world.size() == before, f"{args} wrote with a wrong badge")
        self.counts["wrong badge"] += 1

    def settle(self, given):
        """After an interruption the next command finishes or takes back what was begun."""
        answers = self.answers()
        note = "register", "set", "dependency", "after", f"needs={self.rng.randrange(10**6)}"
        # Behind a take-over that was done the former badge is refused, and the new one is in force.
        run = self.world.run(*note, answers=answers, want=(0, 4))
        if run.rc == 4:
            self.world.run(*note, answers=given, want=0)

    def tell(self, fault, args):
        day = self.world.shift_s // DAY_S
        self.told.append(f"day {day}: {' '.join(map(str, args))}" + (f" [{fault}]" if fault else ""))
        if self.trace:
            print(self.told[-1], flush=True)

    def file_of(self, cards):
        """A text file with the words of cards, as a person would type them."""
        path = self.world.root / f"typed-{'-'.join(str(c.serial) for c in cards)}.txt"
        path.write_text("\n\n".join(c.words for c in cards) + "\n")
        return path

    def files_of(self, cards):
        return [self.file_of([c]) for c in cards]

    # ---- looking at it ----

    def look(self):
        """After every step."""
        self.counts["steps"] += 1
        run = self.world.run("log", "verify", want=0)
        must(run.json["faults"] == [], f"log verify: {run.json['faults']}")
        self.look_at_cards()
        copy = self.world.copy("copy")
        self.quorum_opens(copy)
        if self.rng.random() < 0.15:
            self.non_quorum_does_not(copy)

    def look_at_cards(self):
        rows = self.world.run("card", "list", want=0).json["cards"]
        got = {r["serial"]: r["state"] for r in rows}
        want = {c.serial: self.model.state(c) for c in self.model.cards.values()}
        must(got == want, f"card list says otherwise than the entries: {got}, not {want}")

    def look_at_accounts(self):
        rows = self.world.run("account", "list", want=0).json["accounts"]
        got = {r["account"]: (r["name"], r["email"], r["strategy"], r["closed"],
                              sorted((i["serial"], i["kind"], i["state"], i["confirmed"])
                                     for i in r["items"])) for r in rows}
        want = {}
        for name, account in self.model.accounts.items():
            items = [(i.serial, i.kind, "deposited", i.confirmed) for i in account.waiting]
            for kept in account.items.values():
                items += [(i.serial, i.kind, "former", i.confirmed) for i in kept[:-1]]
                items += [(i.serial, i.kind, "current", i.confirmed) for i in kept[-1:]]
            want[name] = account.name, account.email, account.strategy, account.closed, sorted(items)
        must(got == want, f"account list: {got}, not {want}")

    def quorum(self, short=None):
        """Cards of a random quorum; of one group fewer than it needs, all of the other."""
        cards = []
        for group in GROUPS:
            live, need = self.model.live(group), self.model.threshold[group]
            must(len(live) >= need, f"the {group} group has no quorum left: the test has spent it")
            count = self.rng.randint(need, len(live)) if short is None else \
                need - 1 if short == group else len(live)
            cards += self.rng.sample(live, count)
        self.rng.shuffle(cards)
        return cards

    def strangers(self):
        """Cards that count no more, a few of them; not what was replaced: its words count."""
        live = {c.words for group in GROUPS for c in self.model.live(group)}
        dead = [c for c in self.model.cards.values() if c.words and c.words not in live]
        return self.rng.sample(dead, min(len(dead), self.rng.choice((0, 1, 3))))

    def quorum_opens(self, vault):
        account = self.rng.choice(self.model.holding())
        cards = self.quorum()
        # A card that counts no more is refused, and spoils nothing.
        bad = self.strangers() if self.rng.random() < 0.3 else []
        run = self.open(account, cards + bad, vault, want=0)
        refused = [c for c in run.json["cards"] if c["result"] != "accepted"]
        must(len(refused) <= len(bad), f"a card of the quorum was refused: {run}")
        self.counts["quorums"] += 1

    def open(self, account, cards, vault, want):
        held = self.model.accounts[account]
        show = [word for word, kind in (("password", "password"), ("code", "totp")) if held.current(kind)]
        answers = self.answers()
        offset_s = answers.get("clock_offset_s", 0)
        before = self.world.now()
        run = self.world.run("open", account, "--purpose", "close-account", "--show", ",".join(show),
                             *self.files_of(cards), answers=answers, vault=vault, want=want)
        if run.rc == 0:
            self.right_secrets(run, held, before + offset_s, self.world.now() + offset_s)
        return run

    def right_secrets(self, run, held, from_s, to_s, show="password,code"):
        secret = run.secret
        if held.current("password"):
            must(secret["password"] == held.current("password").secret, f"another password: {run}")
        if held.current("totp") and "code" in show:
            codes = {totp(held.current("totp").secret, at) for at in (from_s, to_s)}
            must(secret["code"] in codes, f"another code: {run}")

    def non_quorum_does_not(self, vault):
        account = self.rng.choice(self.model.holding())
        cards = self.quorum(short=self.rng.choice(GROUPS)) + self.strangers()
        run = self.open(account, cards, vault, want=(3, 4))
        must(run.given == "", f"a non-quorum was given something: {run}")
        self.counts["non-quorums"] += 1

    def ask_foreign(self):
        """examples/verify_log.py, which is not our code."""
        if self.python is None:
            return
        done = subprocess.run([self.python, "-B", str(ROOT / "examples/verify_log.py"),
                               str(self.world.path / "vault.sqlite")], capture_output=True, text=True)
        must(done.returncode == 0, f"verify_log.py: {done.stdout[-800:]}{done.stderr[-400:]}")
        self.counts["foreign"] += 1

    def pass_days(self, days):
        self.world.shift_s += days * DAY_S
