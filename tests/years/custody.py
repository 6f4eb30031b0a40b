"""What becomes of cards, bags and people in ten years."""
import json

from acts import act
from life import FAULTS
from model import GROUPS
from world import VAULT, must


# ---- drills ----

@act(40)
def drill(life):
    rng = life.rng
    group = rng.choice(GROUPS)
    level = rng.choice(("full", "group", "group"))
    cards = [c for c in life.quorum() if level == "full" or c.group == group]
    came = sorted({c.custodian for c in cards})
    answers = life.answers(present=came)
    answers["grades"] = {p: rng.choice(("ready", "ready", "ready", "helped"))
                         for p in came + [answers["operator"]]}
    if rng.random() < 0.25:
        answers["actions"] = [{"text": "Show them the scanner", "owner": answers["operator"],
                               "due": "2040-02-28"}]
    what = [level] + (["--group", group] if level == "group" else [])
    done = life.do("drill", *what, *life.files_of(cards), mark="outcome", answers=answers)
    if done:
        shown = {e.event for e in done} & {"secret-shown", "item-sealed", "edition-created"}
        must(not shown, f"a drill made {shown}")
    if not life.last.cut:
        must(life.last.given == "", f"a drill gave something: {life.last}")
        graded = {c["serial"]: c["grade"] for c in life.last.json["cards"]}
        must(graded == {c.serial: "good" for c in cards}, f"grades are {graded}")


def open_actions(life):
    rows = life.world.run("action", "list", want=0).json["actions"]
    return [a["action"] for a in rows if a["state"] in ("open", "overdue")]


@act(3)
def close_actions(life):
    for action in open_actions(life):
        life.do("action", "close", action, "--text", "It was done", mark="action-closed")


# ---- cards that are lost, and their end ----

def spare(life, group):
    """How many more cards of a group may go before it has no quorum."""
    return len(life.model.live(group)) - life.model.threshold[group]


def losable(life):
    return [g for g in GROUPS if spare(life, g) > 0]


@act(4, losable)
def lose_card(life):
    card = life.rng.choice(life.model.live(life.rng.choice(losable(life))))
    life.do("card", "void", card.serial, "--reason", "lost on a journey", mark="card-voided")


@act(3)
def reissue(life):
    """New shares for a group: the old cards count until the last of the new ones is handed over,
    and none of them from then on."""
    model, rng = life.model, life.rng
    group = min(GROUPS, key=lambda g: (spare(life, g), rng.random()))
    former = model.live(group)
    life.do("reissue", "--group", group, "--reason", "a card was lost", "--sheets", life.new_sheets(),
            *life.files_of(c for c in life.quorum() if c.group == group), mark="outcome")
    done = not model.live(group) or model.live(group)[0] not in former
    must(done or life.last.cut, f"no new edition: {life.last}")
    must(model.live(group) == former or not set(model.live(group)) & set(former),
         f"cards of two editions: {model.live(group)}")


@act(3)
def replace(life):
    """A damaged card that is in hand: the same share on a new one."""
    model = life.model
    card = life.rng.choice([c for c in life.quorum()])
    helpers = [c for c in model.live(card.group) if c != card]
    cards = life.rng.sample(helpers, min(len(helpers), model.threshold[card.group]))
    if len(cards) < model.threshold[card.group]:
        cards.append(card)  # it can still be read
    life.do("card", "replace", card.serial, "--in-hand", "--reason", "coffee was spilt on it", "--sheets",
            life.new_sheets(), *life.files_of(cards), mark="outcome")
    new = [c for c in model.live(card.group) if c.replaces == card.serial]
    must(new or life.last.cut, f"no new card: {life.last}")
    must(all(c.words == card.words for c in new), "another share")


def replaceable(life):
    """Groups that can do without one of theirs until the new cards are there."""
    return [g for g in GROUPS if len(life.model.live(g)) > life.model.threshold[g]]


@act(2, replaceable)
def custodian_leaves(life):
    """And another comes, for whom the group gets new cards."""
    model, rng = life.model, life.rng
    group = rng.choice(replaceable(life))
    goes = rng.choice([i for i in model.members[group] if not model.people[i].left])
    life.do("person", "leave", goes, "--reason", "another employer", mark="person-left", faults=[])
    comes = f"custodian-{10 + len(model.people)}"
    model.offered[comes] = life.passphrase()
    answers = life.answers()
    answers["badges"][comes] = model.offered[comes]
    life.do("person", "add", comes, "--name", f"Person {len(model.people)}", "--role", "custodian",
            "--confirm", VAULT, mark="person-added", answers=answers, faults=[])
    policy = life.world.run("policy", "show", want=0).json
    policy["people"] = [p for p in policy["people"] if p["id"] != goes]
    ids = policy["groups"][group]["custodians"]
    ids[ids.index(goes)] = comes
    place = life.world.root / "policy.json"
    place.write_text(json.dumps(policy))
    coming = [c for c in life.quorum() if c.group == group]
    # It may be cut short, and is tried again.
    for faults in (FAULTS, []):
        if comes not in model.members[group]:
            life.do("reissue", "--group", group, "--reason", f"{goes} left", "--policy", place, "--sheets",
                    life.new_sheets(), *life.files_of(coming), mark="outcome", faults=faults)
            life.look()
    got = sorted(c.custodian for c in model.live(group))
    must(got == sorted(model.members[group]) and comes in got, f"cards of {got}")


def destroyable(life):
    return life.model.dead()


@act(4, destroyable)
def destroy(life):
    for card in life.rng.sample(destroyable(life), min(3, len(destroyable(life)))):
        operator = life.rng.choice(life.model.operators())
        others = [n for n in life.model.staff() if n != operator]
        witness = life.rng.choice(others or life.model.members["mfa"])
        life.do("card", "destroy", card.serial, "--witness", witness, mark="card-destroyed",
                answers=life.answers(operator))


# ---- people ----

def can_go(life):
    """Whom another operator can let go."""
    return [n for n in life.model.staff() if set(life.model.operators()) - {n}]


def other_operator(life, person):
    return life.rng.choice([o for o in life.model.operators() if o != person])


@act(4, can_go)
def leave(life):
    """Somebody without a card leaves, and another joins."""
    model = life.model
    goes = life.rng.choice(can_go(life))
    former, role = model.people[goes], life.rng.choice(("operator", "witness", "auditor"))
    badge = former.badge
    if life.do("person", "leave", goes, "--reason", "another employer", mark="person-left",
               answers=life.answers(other_operator(life, goes))) and "operator" in former.roles and badge:
        life.world.run("register", "set", "dependency", "mine", "needs=x", want=4,
                       answers={"operator": goes, "badges": {goes: badge}})
    comes = f"{role}-{10 + len(model.people)}"
    model.offered[comes] = life.passphrase()
    answers = life.answers()
    answers["badges"][comes] = model.offered[comes]
    life.do("person", "add", comes, "--name", f"Person {len(model.people)}", "--role", role,
            "--confirm", VAULT,
            mark="person-added", answers=answers)


@act(3, can_go)
def new_badge(life):
    model = life.model
    who = life.rng.choice(can_go(life))
    model.offered[who] = life.passphrase()
    answers = life.answers(other_operator(life, who))
    answers["badges"][who] = model.offered[who]
    life.do("badge", "new", who, "--reason", "forgotten", mark="badge-issued", answers=answers)


# ---- a new key for all ----

def no_deposit_waits(life):
    return not any(a.waiting for a in life.model.accounts.values())


@act(2, no_deposit_waits)
def rekey(life):
    """In two phases, with days between them in which the old cards open; one in five is given up
    before the last card is proved."""
    model, rng = life.model, life.rng
    former = [c for g in GROUPS for c in model.live(g)]
    life.do("rekey", "--reason", "a card was copied", "--confirm", VAULT, "--sheets",
            life.new_sheets(), *life.files_of(life.quorum()), mark="key-created")
    if model.pending_generation is None:
        return
    life.look()
    new = [c for c in model.cards.values() if c.generation == model.pending_generation]
    rng.shuffle(new)
    stop = rng.randrange(len(new)) if rng.random() < 0.2 else len(new)
    for at in range(0, stop, 3):
        life.world.shift_s += 86_400
        life.do("card", "prove", *life.files_of(new[at:min(at + 3, stop)]), mark="card-proved")
    if model.pending_generation and stop < len(new):
        life.do("rekey", "abandon", "--reason", "a card did not come back", "--confirm", VAULT,
                mark="card-voided")
    unproved = [c for c in new if not c.proved and not c.voided]
    if model.pending_generation and unproved:  # one that something befell
        life.do("card", "prove", *life.files_of(unproved), mark="card-proved", faults=[])
    must(model.pending_generation is None, "a re-key is pending still")
    given_up = any(c.voided for c in new)  # unless what befell it left it undone
    ends = {model.state(c) for c in (new if given_up else former)}
    must(ends <= {"void", "destroyed"}, f"the other generation's cards are {ends}")
