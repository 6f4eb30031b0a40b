"""What a vault is by its entries, kept by a second hand: people, cards, accounts, items, and the
secrets that were put into it, which no entry has."""
from world import must

GROUPS = ("password", "mfa")


class Person:
    def __init__(self, roles):
        self.roles, self.left = roles, False
        self.badge = None  # the passphrase of the badge in force


class Card:
    def __init__(self, entry):
        self.serial, self.index = int(entry["serial"]), int(entry["member-index"])
        self.group, self.custodian = entry["group"], entry["custodian"]
        self.generation, self.edition = int(entry["generation"]), int(entry["edition"])
        self.replaces = entry.get("replaces") and int(entry["replaces"])
        self.issued = self.proved = self.voided = self.destroyed = self.suspect = False
        self.words = None

    def __repr__(self):
        return f"card {self.serial} ({self.group} {self.generation}.{self.edition} {self.custodian})"


class Item:
    def __init__(self, account, kind, serial, secret):
        self.account, self.kind, self.serial, self.secret = account, kind, serial, secret
        self.confirmed = False


class Account:
    def __init__(self):
        self.closed = False
        self.items = {}    # kind -> those that are kept, the one in use last
        self.waiting = []  # deposits

    def current(self, kind):
        return self.items[kind][-1] if self.items.get(kind) else None


class Model:
    """`offered` holds what was given to a command under way: (account, kind) -> secret, person ->
    passphrase. `read_words` gives the words of a card that was issued, off its sheet."""

    def __init__(self, read_words):
        self.read_words = read_words
        self.offered = {}
        self.people, self.accounts, self.cards = {}, {}, {}
        self.members, self.threshold = {}, {}
        self.items = 0
        self.generation = 0
        self.edition = {"password": 0, "mfa": 0}
        self.events = {}

    def absorb(self, entries):
        for entry in entries:
            self.events[entry.event] = self.events.get(entry.event, 0) + 1
            handler = getattr(self, "on_" + entry.event.replace("-", "_"), None)
            if handler:
                handler(entry)

    # ---- people ----

    def on_genesis(self, entry):
        for line in entry.all("person"):
            name, roles, _ = line.split(" ")
            if name not in self.people:
                self.people[name] = Person(set())
            self.people[name].roles = set(roles.split(",")) - {"-"}
        self.take_groups(entry)

    def take_groups(self, entry):
        for line in entry.all("group"):
            name, threshold, ids = line.split(" ")
            self.threshold[name], self.members[name] = int(threshold), ids.split(",")

    def on_badge_issued(self, entry):
        person = self.people[entry["person"]]
        person.badge = self.offered.get(entry["person"], person.badge)

    def on_log_taken_over(self, entry):
        new = {line.split(" ")[0] for line in entry.all("operator")}
        for name, person in self.people.items():
            if "operator" in person.roles:
                person.roles.discard("operator")
                person.badge = None
            if name in new:
                person.roles.add("operator")

    def operators(self):
        return sorted(n for n, p in self.people.items()
                      if "operator" in p.roles and p.badge and not p.left)

    # ---- cards ----

    def on_key_created(self, entry):
        self.generation = int(entry["generation"])
        self.edition = {"password": 0, "mfa": 0}

    def on_edition_created(self, entry):
        self.edition[entry["group"]] = int(entry["edition"])

    def on_card_created(self, entry):
        card = Card(entry)
        must(card.serial == len(self.cards) + 1, f"serial {card.serial} is not the next")
        self.cards[card.serial] = card

    def on_card_issued(self, entry):
        card = self.cards[int(entry["serial"])]
        card.issued = True
        card.words = self.read_words(card.serial)

    def on_card_proved(self, entry):
        self.cards[int(entry["serial"])].proved = True

    def on_card_voided(self, entry):
        self.cards[int(entry["serial"])].voided = True

    def on_card_destroyed(self, entry):
        self.cards[int(entry["serial"])].destroyed = True

    def state(self, card):
        if card.destroyed:
            return "destroyed"
        if card.voided or card.generation != self.generation or \
                card.edition != self.edition[card.group]:
            return "void"
        return "suspect" if card.suspect else "live" if card.issued else "created"

    def live(self, group):
        return [c for c in self.cards.values() if c.group == group and self.state(c) == "live"]

    # ---- accounts and items ----

    def on_account_added(self, entry):
        self.accounts[entry["account"]] = Account()

    def on_account_closed(self, entry):
        self.accounts[entry["account"]].closed = True

    def on_item_deposited(self, entry):
        self.items += 1
        must(self.items == int(entry["serial"]), f"item {entry['serial']} is not the next")
        where = entry["account"], entry["kind"]
        item = Item(*where, self.items, self.offered[where])
        item.deposited = entry.index
        self.accounts[entry["account"]].waiting.append(item)

    def on_item_sealed(self, entry):
        account = self.accounts[entry["account"]]
        kept = account.items.setdefault(entry["kind"], [])
        if entry.get("deposit") is None:
            self.items += 1
            where = entry["account"], entry["kind"]
            kept.append(Item(*where, self.items, self.offered[where]))
            return
        item = next(i for i in account.waiting if i.serial == int(entry["serial"]))
        account.waiting.remove(item)
        if kept:
            must(entry.get("supersedes") == str(kept[-1].serial), f"{entry} supersedes another")
        kept.append(item)

    def on_deposit_refused(self, entry):
        for account in self.accounts.values():
            account.waiting = [i for i in account.waiting if i.deposited != int(entry["deposit"])]

    def on_credential_confirmed(self, entry):
        for item in self.every_item(entry["account"]):
            if item.serial == int(entry["serial"]):
                item.confirmed = True

    def on_item_deleted(self, entry):
        account = self.accounts[entry["account"]]
        account.items[entry["kind"]] = [i for i in account.items[entry["kind"]]
                                        if i.serial != int(entry["serial"])]

    def every_item(self, name):
        account = self.accounts[name]
        return [i for kept in account.items.values() for i in kept] + account.waiting

    def open_accounts(self):
        return sorted(n for n, a in self.accounts.items() if not a.closed)

    def holding(self):
        """Accounts of which a password is in custody."""
        return sorted(n for n, a in self.accounts.items() if a.current("password"))
