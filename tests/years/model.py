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
        self.pending = True
        self.words = self.bag = None

    def __repr__(self):
        return f"card {self.serial} ({self.group} {self.generation}.{self.edition} {self.custodian})"


class Item:
    def __init__(self, account, kind, serial, secret):
        self.account, self.kind, self.serial, self.secret = account, kind, serial, secret
        self.confirmed = False


class Account:
    def __init__(self, entry):
        self.name, self.email = entry["name"], entry["email"]
        self.strategy = entry.get("strategy") or "vaulted"
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
        self.generation, self.pending_generation, self.pending_items = 0, None, {}
        self.edition = {"password": 0, "mfa": 0}
        self.ceremony, self.made, self.former_groups = None, [], None
        self.bags = {}  # number -> serial

    def absorb(self, entries):
        for entry in entries:
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

    def on_badge_voided(self, entry):
        self.people[entry["person"]].badge = None

    def on_person_added(self, entry):
        must(entry["person"] not in self.people, f"{entry}: an id that somebody had")
        self.people[entry["person"]] = Person(set(entry.all("role")))

    def on_policy_changed(self, entry):
        self.former_groups = dict(self.threshold), dict(self.members)
        self.take_groups(entry)

    def on_person_left(self, entry):
        person = self.people[entry["person"]]
        person.left, person.badge = True, None

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

    def staff(self):
        """Who is there, and has no card."""
        members = {i for ids in self.members.values() for i in ids}
        return sorted(n for n, p in self.people.items() if not p.left and n not in members)

    # ---- ceremonies: what they make is pending until their outcome ----

    def on_intent(self, entry):
        self.ceremony = entry
        self.made = []  # cards
        self.former_groups = None  # in force again if a re-issue is abandoned

    def on_outcome(self, entry):
        kind, done = self.ceremony["ceremony"], entry["result"] == "done"
        for card in self.made:
            if kind in ("found", "reissue") and done:
                self.edition[card.group] = card.edition
            if kind == "replace" and done:
                self.cards[card.replaces].voided = True
            if not done:
                card.voided = True
                if kind == "reissue" and self.former_groups:
                    self.threshold, self.members = self.former_groups
            card.pending = kind == "rekey" and done
        self.made = []

    def new_key_takes_force(self):
        """When every card of it is proved."""
        new = [c for c in self.cards.values() if c.generation == self.pending_generation]
        if all(c.issued and c.proved for c in new):
            self.generation, self.pending_generation = self.pending_generation, None
            for card in new:
                card.pending = False
                self.edition[card.group] = card.edition
            for (name, kind), items in self.pending_items.items():
                self.accounts[name].items[kind] = items
            self.pending_items = {}

    # ---- cards ----

    def on_key_created(self, entry):
        if self.generation == 0:
            self.generation = int(entry["generation"])
        else:
            self.pending_generation = int(entry["generation"])

    def on_card_created(self, entry):
        card = Card(entry)
        must(card.serial == len(self.cards) + 1, f"serial {card.serial} is not the next")
        self.cards[card.serial] = card
        self.made.append(card)

    def on_card_issued(self, entry):
        card = self.cards[int(entry["serial"])]
        card.issued = True
        card.words = self.read_words(card.serial)

    def on_card_proved(self, entry):
        self.cards[int(entry["serial"])].proved = True
        if self.pending_generation:
            self.new_key_takes_force()

    def on_card_voided(self, entry):
        card = self.cards[int(entry["serial"])]
        card.voided = True
        if card.generation == self.pending_generation:
            self.pending_generation, self.pending_items = None, {}

    def on_card_destroyed(self, entry):
        self.cards[int(entry["serial"])].destroyed = True

    def on_bag_sealed(self, entry):
        if entry.get("serial"):
            self.cards[int(entry["serial"])].bag = entry["bag"]
            self.bags[entry["bag"]] = int(entry["serial"])

    def on_seal_checked(self, entry):
        card = self.cards[self.bags[entry["bag"]]]
        card.suspect |= entry["result"] != "whole"

    def state(self, card):
        if card.destroyed:
            return "destroyed"
        if card.voided or (not card.pending and (
                card.generation != self.generation or card.edition != self.edition[card.group])):
            return "void"
        if not card.issued:
            return "created"
        if card.pending:
            return "pending"
        return "suspect" if card.suspect else "live"

    def live(self, group):
        return [c for c in self.cards.values() if c.group == group and self.state(c) == "live"]

    def dead(self):
        return [c for c in self.cards.values() if self.state(c) == "void" and c.issued]

    # ---- accounts and items ----

    def on_account_added(self, entry):
        self.accounts[entry["account"]] = Account(entry)

    def on_account_changed(self, entry):
        account = self.accounts[entry["account"]]
        must(not account.closed, f"{entry}: a closed account is changed")
        account.name = entry.get("name") or account.name
        account.email = entry.get("email") or account.email
        account.strategy = entry.get("strategy") or account.strategy

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
            if self.pending_generation:
                former = next(i for i in kept if i.serial == int(entry["supersedes"]))
                item = Item(*where, self.items, former.secret)
                item.confirmed, item.place = former.confirmed, kept.index(former)
                pending = self.pending_items.setdefault(where, [])
                pending.append(item)
                # In use is what was adopted last, whichever serial it has.
                pending.sort(key=lambda i: i.place)
            else:
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
        where, serial = (entry["account"], entry["kind"]), int(entry["serial"])
        account = self.accounts[where[0]]
        account.items[where[1]] = [i for i in account.items.get(where[1], []) if i.serial != serial]
        if where in self.pending_items:
            self.pending_items[where] = [i for i in self.pending_items[where] if i.serial != serial]

    def every_item(self, name):
        account = self.accounts[name]
        return [i for kept in account.items.values() for i in kept] + account.waiting

    def open_accounts(self):
        return sorted(n for n, a in self.accounts.items() if not a.closed)

    def holding(self):
        """Accounts of which a password is in custody."""
        return sorted(n for n, a in self.accounts.items() if a.current("password"))
