"""Recomputes every number of docs/recover-by-hand.md from the words on the page,
by its steps, with hashlib and PyNaCl; then has examples/recover.py and `quorate
slip39 combine` do the same from the same words and codes.

usage: recover_by_hand.py QUORATE ROOT
"""
import base64
import hashlib
import hmac
import pathlib
import re
import subprocess
import sys
import tempfile

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as unseal

quorate, root = sys.argv[1], pathlib.Path(sys.argv[2])
page = (root / "docs/recover-by-hand.md").read_text(encoding="utf-8")
said = dict(re.findall(r"^    (\S+(?: \S+)*) {2,}(\S.*)$", page, re.M))
used = set()


def is_said(name, value):
    used.add(name)
    value = value.hex() if isinstance(value, bytes) else value
    assert said[name] == value, f"{name}: {value}, and the page has {said[name]}"


def words():
    """The list at the end, which must be SLIP-0039's."""
    rows = re.findall(r"^ {4,7}(\d+)  ((?:[a-z]+ *){8})$", page.split("## The words")[1], re.M)
    found = []
    for number, row in rows:
        assert int(number) == len(found), number
        found += row.split()
    assert found == (root / "src/split/slip39-wordlist.txt").read_text().split()
    return found


def times(a, b):
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = a << 1 ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def divide(a, b):
    return next(q for q in range(256) if times(q, b) == a)


def factor(z, i, places):
    result = 1
    for j in places:
        if j != i:
            result = times(result, divide(z ^ j, i ^ j))
    return result


def at(z, points):
    return bytes(sum_of(times(factor(z, x, points), y[k]) for x, y in points.items())
                 for k in range(32))


def sum_of(values):
    total = 0
    for value in values:
        total ^= value
    return total


def blake2b(*parts):
    return hashlib.blake2b(b"".join(parts), digest_size=32).digest()


def belongs(half, digest):
    return hmac.digest(digest[4:], half, "sha256")[:4] == digest[:4]


def unbase32(code):
    body = code.split(":")[2]
    return base64.b32decode(body + "=" * (-len(body) % 8))


# Steps 1 and 2.
numbers = {word: place for place, word in enumerate(words())}
cards = re.findall(r"((?:^    [A-K]  [a-z ]+\n){11})", page, re.M)
assert len(cards) == 4
shares, mnemonics = {}, []
for card in cards:
    rows = [[numbers[word] for word in row.split()[1:]] for row in card.splitlines()]
    for r, (a, b, c, last) in enumerate(rows):
        check = r
        for power, v in ((1, a), (2, b), (3, c)):
            for _ in range(power):
                v = 2 * v if 2 * v < 1024 else 2 * v ^ 1033
            check ^= v
        assert check == last, (card, r)
    if not mnemonics:
        is_said("row A numbers", " ".join(map(str, rows[0])))
    bits = "".join(f"{number:010b}" for row in rows for number in row[:3])
    field = lambda first, last: int(bits[first:last + 1], 2)
    assert len(bits) == 330 and [field(*at) for at in ((0, 14), (15, 15), (16, 19), (24, 27),
                                                       (28, 31), (36, 39), (40, 43))] == \
        [4660, 1, 0, 1, 1, 1, 0]
    group, member = field(20, 23), field(32, 35)
    shares[group, member] = field(44, 299).to_bytes(32, "big")
    is_said(f"{('password', 'mfa')[group]} value {member}", shares[group, member])
    mnemonics.append(" ".join(word for row in card.splitlines() for word in row.split()[1:4]))
assert sorted(shares) == [(0, 0), (0, 2), (1, 0), (1, 2)]

# Step 3.
for z in (255, 254):
    is_said(f"factors at {z}", ", ".join(f"{factor(z, i, (0, 2)):02x} for member {i}"
                                         for i in (0, 2)))
halves = {}
header = unbase32(re.search(r"QUORATE1:H:[A-Z2-7]{40,}", page)[0])
vault, generation = header[1:13], header[13:15]
is_said("vault id", vault)
is_said("generation", generation)
is_said("key check", header[15:47])
for group, name in enumerate(("password", "mfa")):
    points = {member: value for (g, member), value in shares.items() if g == group}
    halves[group], digest = at(255, points), at(254, points)
    assert belongs(halves[group], digest)
    is_said(f"{name} half", halves[group])
    is_said(f"{name} at 254", digest)
    check = blake2b(b"quorate/group-check/v1", vault, generation, bytes([group]), halves[group])
    assert check == header[47 + 32 * group:79 + 32 * group]
    is_said(f"{name} check", check)

# Steps 4 and 5.
both, digest = at(255, halves), at(254, halves)
assert belongs(both, digest)
is_said("both at 255", both)
is_said("both at 254", digest)
left, right = both[:16], both[16:]
for i in (3, 2, 1, 0):
    mask = hashlib.pbkdf2_hmac("sha256", bytes([i]), right, 2500, 16)
    is_said(f"round {i} mask", mask)
    left, right = right, bytes(a ^ b for a, b in zip(left, mask))
key = right + left
is_said("vault key", key)


# Step 6.
def subkey(n):
    return hashlib.blake2b(b"", digest_size=32, key=key, salt=bytes([n]) + bytes(15),
                           person=b"quorate1" + bytes(8)).digest()


is_said("subkey 3", subkey(3))
is_said("subkey 1", subkey(1))
assert blake2b(b"quorate/key-check/v1", vault, generation, subkey(3)) == header[15:47]

# Steps 7 and 8.
codes = re.findall(r"QUORATE1:I:[A-Z2-7]{40,}", page)
plain = []
for code in codes:
    payload = unbase32(code)
    end = 2 + int.from_bytes(payload[:2], "big")
    data, nonce, ciphertext = payload[2:end], payload[end:end + 24], payload[end + 24:]
    if not plain:
        assert "".join(f"    {line}\n" for line in data.decode().splitlines()) in page
        assert data.endswith(b"\n")
        is_said("nonce", nonce)
    padded = unseal(ciphertext, data, nonce, subkey(1))
    if not plain:
        shown = re.findall(r"(?:^    [0-9a-f]{64}\n)+", page, re.M)
        assert f"It gives {len(padded)} bytes" in page
        assert padded.hex() in {"".join(block.split()) for block in shown}
    plain.append(padded[:padded.rindex(b"\x80")])
    assert not padded[len(plain[-1]) + 1:].strip(b"\0")
is_said("password", plain[0].decode())
is_said("totp plaintext", plain[1])
for cell in (plain[1][:1], plain[1][1:2], plain[1][2:4], plain[1][4:6]):
    assert f"| {cell.hex()} |" in page
seed = plain[1][6:]
assert f"`{seed.decode()}`" in page and len(seed) == int.from_bytes(plain[1][4:6], "big")
uri = (f"otpauth://totp/123456789012?secret={base64.b32encode(seed).decode()}"
       "&algorithm=SHA1&digits=6&period=30")
is_said("otpauth", uri)
mac = hmac.digest(seed, (59 // 30).to_bytes(8, "big"), "sha1")
number = int.from_bytes(mac[mac[-1] & 15:][:4], "big") & 0x7FFFFFFF
is_said("code at 59", f"{number % 10 ** 6:06}")
forgotten = {name for name in said if not re.fullmatch(r"[A-K]|\d+", name)} - used
assert not forgotten, f"numbers that nothing recomputes: {forgotten}"

# The same by those who know nothing of the page.
done = subprocess.run([quorate, "slip39", "combine"], input="\n".join(mnemonics) + "\n",
                      capture_output=True, text=True, check=True)
assert done.stdout.strip() == key.hex(), "quorate slip39 combine"
with tempfile.TemporaryDirectory() as folder:
    files = [pathlib.Path(folder, name) for name in ("words.txt", "codes.txt")]
    files[0].write_text("\n".join(cards))
    files[1].write_text("\n".join([f"QUORATE1:H:{base64.b32encode(header).decode().rstrip('=')}"] +
                                  codes))
    done = subprocess.run([sys.executable, "-B", str(root / "examples/recover.py"),
                           *map(str, files)], capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and lines[1].strip() == plain[0].decode() and \
        lines[3].strip() == uri, done.stderr
short = page.split("```")[1].split("\n")[1:-1]
assert all(f"    {row}\n" in cards[0] for row in short), "the rows of the quick way"
print(f"{len(used)} numbers of the page are as it says; recover.py and slip39 combine agree")
