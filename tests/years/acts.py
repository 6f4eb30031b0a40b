"""What happens in a life: one function each, how often in ten years, and when it can."""
import json

from model import GROUPS
from world import VAULT, must

ACTS = {}


def act(times, when=lambda life: True):
    def register(function):
        ACTS[function.__name__] = (times, when, function)
        return function
    return register


# ---- accounts ----

@act(6)
def add_accounts(life):
    """Ten: one by hand, nine as AWS lists them. Secrets of three are deposited."""
    names = [life.account_id(10 + life.added + i) for i in range(10)]
    life.added += 10
    by_hand, listed = names[0], names[1:]
    life.do("account", "add", by_hand, "--name", f"Account {by_hand}", "--email",
            f"root+{by_hand}@example.com", mark="account-added")
    arn = f"arn:aws:organizations::{life.account_id(0)}:account/o-exampleorg1/"
    answer = life.world.root / "accounts.json"
    answer.write_text(json.dumps({"Accounts": [
        {"Id": n, "Arn": arn + n, "Name": f"Account {n}", "Email": f"root+{n}@example.com",
         "Status": "ACTIVE"} for n in listed]}))
    life.do("account", "import", answer, "--strategy", "vaulted", mark="account-added")
    there = [n for n in names if n in life.model.accounts]
    for name in life.rng.sample(there, min(3, len(there))):
        deposit(life, name)


@act(6)
def deposit(life, name=None):
    model, rng = life.model, life.rng
    name = name or rng.choice(model.open_accounts())
    kind = rng.choice(("password", "password", "totp"))
    secret = model.offered[name, kind] = life.secret(kind)
    life.do("deposit", name, "--kind", kind, mark="item-deposited",
            answers=life.answers(accounts={name: {kind: secret}}))


def waiting(life):
    return [i for a in life.model.accounts.values() for i in a.waiting]


@act(8, waiting)
def adopt(life):
    say = {str(i.serial): life.rng.choice(("adopt",) * 5 + ("refuse", "wait")) for i in waiting(life)}
    opening(life, deposits=say)
    if not life.last.cut:
        wanted = {int(s): {"adopt": "adopted", "refuse": "refused", "wait": "waits"}[w]
                  for s, w in say.items()}
        got = {d["serial"]: d["result"] for d in life.last.json["deposits"]}
        must(got == wanted, f"deposits went otherwise: {got}, not {wanted}")


@act(4)
def opening(life, **more):
    model = life.model
    name = life.rng.choice(model.holding())
    show = "password,code" if model.accounts[name].current("totp") else "password"
    answers = life.answers(**more)
    before = life.world.now()
    life.do("open", name, "--purpose", "close-account", "--show", show,
            *life.files_of(life.quorum()), answers=answers, mark="outcome")
    if not life.last.cut:
        offset_s = answers.get("clock_offset_s", 0)
        life.right_secrets(life.last, model.accounts[name], before + offset_s,
                           life.world.now() + offset_s, show)


def unconfirmed(life):
    return [(n, k) for n in life.model.open_accounts() for k in ("password", "totp")
            if life.model.accounts[n].current(k) and not life.model.accounts[n].current(k).confirmed
            and not any(i.kind == k for i in life.model.accounts[n].waiting)]


@act(4, unconfirmed)
def confirm(life):
    for name, kind in life.rng.sample(unconfirmed(life), min(4, len(unconfirmed(life)))):
        life.do("account", "confirm", name, "--kind", kind, "--how", "console",
                mark="credential-confirmed")


@act(3)
def change_account(life):
    """As it changed at AWS: its name, its address, or what is done with its credentials."""
    name, rng = life.rng.choice(life.model.open_accounts()), life.rng
    account = life.model.accounts[name]
    new = {"--name": account.name + "'", "--email": "x" + account.email,
           "--strategy": "removed" if account.strategy == "vaulted" else "vaulted"}
    options = sorted(rng.sample(sorted(new), rng.choice((1, 2, 3))))
    life.do("account", "change", name, *(text for o in options for text in (o, new[o])),
            mark="account-changed")


def closable(life):
    return [a for a in life.model.open_accounts()[1:] if not life.model.accounts[a].waiting]


@act(2, closable)
def close_account(life):
    life.do("account", "close", life.rng.choice(closable(life)), "--reason", "sold",
            mark="account-closed")


# ---- cards, the register, the review ----

def live_cards(life):
    return [c for g in GROUPS for c in life.model.live(g)]


@act(4)
def prove(life):
    cards = life.rng.sample(live_cards(life), 2)
    life.do("card", "prove", *life.files_of(cards), mark="card-proved")


@act(2)
def register(life):
    rng = life.rng
    person = rng.choice(sorted(n for n, p in life.model.people.items() if not p.left))
    name, values = rng.choice((
        ("mailbox", ["address=root@example.com", f"recipient={person}", "recipient=list@example.com"]),
        ("phone", [f"holder={person}", "contract=x", f"expires=20{rng.randint(26, 39)}-01-01"]),
        ("roster", ["utc-offset=+01:00", "hours=mon-fri 08:00-18:00"]),
        ("dependency", ["needs=mail"])))
    life.do("register", "set", name, person if name == "roster" else "one", *values,
            mark="register-set")


def able_to_sign(life):
    return [c for c in live_cards(life) if life.model.people[c.custodian].badge]


@act(4, able_to_sign)
def review(life):
    card = life.rng.choice(able_to_sign(life))
    answers = life.answers(review={card.custodian: {f"{card.group}-card": "yes"}})
    answers["badges"][card.custodian] = life.model.people[card.custodian].badge
    life.do("review", mark="review-signed", answers=answers)


@act(4)
def status(life):
    run = life.world.run("status", want=(0, 6))
    rows = {(r["state"], r["what"]) for r in run.json["rows"]}
    must((("open", "deposit") in rows) == bool(waiting(life)), f"status and deposits: {run}")
    must((run.rc == 6) == (run.json["overdue"] > 0), f"exit 6 is for what is overdue: {run}")


@act(1)
def attach(life):
    letter = life.world.root / "letter.txt"
    letter.write_text(f"Report {life.counts['steps']}\n")
    life.do("evidence", "attach", letter, "--kind", "letter", mark="evidence-attached")


# ---- the log ----

@act(1)
def take_over(life):
    """No operator's badge is left."""
    model = life.model
    names = life.rng.sample(sorted(n for n, p in model.people.items() if not p.left
                                   and p.roles & {"operator", "witness", "auditor"}), 2)
    for name in names:
        model.offered[name] = life.passphrase()
    life.do("log", "takeover", *[w for n in names for w in ("--operator", n)], "--confirm", VAULT,
            *life.files_of(life.quorum()), mark="log-taken-over", faults=[("kill", 0.5)],
            answers={"operator": names[0], "badges": {n: model.offered[n] for n in names}})
    for name in [n for n, p in model.people.items() if not (p.left or p.roles)]:
        life.do("person", "leave", name, "--reason", "no role is left", mark="person-left", faults=[])


@act(2)
def go_on(life):
    """log.key is lost with the laptop: both quorums continue the log."""
    world = life.world
    (world.path / "log.key").unlink()
    new = world.root / f"vault-{life.former}"
    world.run("log", "continue", "--from", world.path, "--cause", "the laptop was lost", "--confirm",
              VAULT, *life.files_of(life.quorum()), vault=new, answers=life.answers(), want=0)
    world.path = new
    life.former, life.seen = life.former + life.seen, 0
    life.learn()


@act(2)
def receipts(life):
    """A receipt is taken home; the laptop comes back from an old copy, which it tells."""
    old = life.world.copy("rolled-back")
    card = life.file_of([life.rng.choice(life.model.live("mfa"))])
    before = life.world.run("receipt", "print", want=0).json["receipt"]
    life.do("card", "prove", card, mark="card-proved")
    newest = life.world.run("receipt", "print", want=0).json["receipt"]
    for receipt, vault, want in ((before, old, 0), (newest, None, 0), (newest, old, 5)):
        # The old copy grew by what it was made to prove: no receipt is of that.
        if receipt == before or newest != before:
            life.world.run("card", "prove", card, answers=life.answers(receipts=[receipt]),
                           vault=vault, want=want)
    life.learn()


@act(1)
def export(life):
    place = life.world.root / f"export-{life.counts['steps']}"
    life.world.run("log", "export", place, want=0)
    must(life.world.run("log", "verify", place, vault=False, want=0).json["faults"] == [], "an export has faults")
