"""Exactly the quorums open, through the command; and the shapes of groups at
their limits. (Every subset of every small plan: tests/property/.)"""
import itertools
import random

from harness import *

start()
need("pdftotext")


def open_with(vault, cards):
    return vault.open(*[c.text() for c in cards], show="password")


def opens(vault, cards):
    """Does this set open, as the rules say it must or must not?"""
    rules = vault.rules["groups"]
    lacking = {g: max(0, rules[g]["threshold"] - sum(c.group == g for c in cards))
               for g in ("password", "mfa")}
    run = open_with(vault, cards)
    if any(lacking.values()):
        return run.rc == 3 and run.json["missing"] == lacking and not run.given
    return run.rc == 0 and run.secret["password"] == vault.password


def subsets(cards):
    return itertools.chain.from_iterable(itertools.combinations(cards, n)
                                         for n in range(len(cards) + 1))


# Every subset of the smallest, then samples of others.
seed = int.from_bytes(os.urandom(4), "big")
print("seed", seed)
chance = random.Random(seed)

vault = Vault(policy(password=(2, 2), mfa=(2, 3)))
wrong = [[c.serial for c in s] for s in subsets(vault.cards) if not opens(vault, s)]
check(not wrong, "2 of 2 and 2 of 3: of all 32 subsets exactly the quorums open", str(wrong))

for password, mfa in [((2, 2), (3, 5)), ((3, 4), (2, 4)), ((4, 4), (2, 2)), ((2, 6), (5, 6))]:
    vault = Vault(policy(password=password, mfa=mfa))
    least = [vault.group("password")[:password[0]], vault.group("mfa")[:mfa[0]]]
    tried = [sum(least, []), least[0] + least[1][1:], least[0][1:] + least[1],
             vault.group("password"), vault.group("mfa"), vault.cards, []]
    tried += [chance.sample(vault.cards, chance.randrange(len(vault.cards) + 1)) for _ in range(8)]
    wrong = [[c.serial for c in s] for s in tried if not opens(vault, s)]
    check(not wrong, f"{password} and {mfa}: of {len(tried)} sets exactly the quorums open",
          str(wrong))

# The simplest scheme: one member of each group, everybody with a copy.
vault = Vault(policy(password=(1, 3), mfa=(1, 2)))
same([c.words for c in vault.group("password")], [vault.cards[0].words] * 3,
     "threshold 1: every custodian has a copy of the one share")
wrong = [(a.serial, b.serial) for a in vault.group("password") for b in vault.group("mfa")
         if not opens(vault, [a, b])]
check(not wrong, "threshold 1: any two custodians of the two groups open", str(wrong))
# The words carry no serial: the lowest live one is named, so codes tell apart.
codes = {c.serial: vault.write(f"code-{c.serial}.txt", c.code) for c in vault.cards}
same([r["serial"] for r in vault.check(*codes.values()).json["cards"]], [1, 2, 3, 4, 5],
     "threshold 1: each custodian's code is a card of its own")
run = vault.open(*codes.values(), show="password")
same((run.rc, run.secret["password"]), (0, vault.password), "threshold 1: all of them together open")
check(not [s for s in (vault.group("password"), vault.group("mfa"))
           if vault.open(*[codes[c.serial] for c in s], show="password").rc != 3],
      "threshold 1: one group alone does not open")

vault = Vault(policy(password=(1, 2), mfa=(2, 3)))
check(opens(vault, vault.cards[:1] + vault.group("mfa")[1:]), "1 of 2 and 2 of 3: a quorum opens")
check(opens(vault, vault.cards[:1] + vault.group("mfa")[1:2]), "1 of 2 and 2 of 3: fewer do not")

vault = Vault(policy(password=(16, 16), mfa=(2, 16)))
check(opens(vault, vault.group("password") + vault.group("mfa")[-2:]), "16 of 16: all of them open")
check(opens(vault, vault.group("password")[1:] + vault.group("mfa")), "16 of 16: 15 do not")
run = vault.run("--json", "log", "verify")
same((run.rc, run.json["faults"]), (0, []), "and the log is whole")
finish()
