"""What becomes of cards, bags and people in ten years."""
from acts import act
from model import GROUPS
from world import must


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


@act(5)
def close_actions(life):
    for action in open_actions(life):
        life.do("action", "close", action, "--text", "It was done", mark="action-closed")


# ---- cards that are lost, and their end ----

def spare(life, group):
    """How many more cards of a group may go before it has no quorum."""
    return len(life.model.live(group)) - life.model.threshold[group]


def losable(life):
    return [g for g in GROUPS if spare(life, g) > 0]


@act(2, losable)
def lose_card(life):
    card = life.rng.choice(life.model.live(life.rng.choice(losable(life))))
    life.do("card", "void", card.serial, "--reason", "lost on a journey", mark="card-voided")


def destroyable(life):
    return life.model.dead()


@act(8, destroyable)
def destroy(life):
    for card in life.rng.sample(destroyable(life), min(3, len(destroyable(life)))):
        life.do("card", "destroy", card.serial, "--witness", "witness-1", mark="card-destroyed",
                answers=life.answers(life.rng.choice(
                    [o for o in life.model.operators() if o != "witness-1"])))
