"""Decodes the example of docs/formats/card.md from that page's words alone."""
import base64
import hashlib
import re
import sys

page = open(sys.argv[1], encoding="utf-8").read()
words = open(sys.argv[2], encoding="ascii").read().split()


def unbase32(text):
    body = text.split(":")[2]
    return base64.b32decode(body + "=" * (-len(body) % 8))


def alpha(a):
    return (a << 1) ^ (0x409 if a & 512 else 0)


code = re.search(r"QUORATE1:S:[A-Z2-7]+", page).group()
label = re.search(r"QUORATE1:B:[A-Z2-7]+", page).group()
public_key, commitment = (bytes.fromhex(h) for h in re.findall(r"^    ([0-9a-f]{64})$", page, re.M))
rows = re.findall(r"^    ([A-K])  (\w+) (\w+) (\w+) (\w+)$", page, re.M)

payload = unbase32(code)
assert len(code) == 219 and len(payload) == 130
assert payload[:24] == b"\x01vault-id-12b\0\x01\0\x03\0\0\0\x07\0\x01\x02"
assert hashlib.blake2b(b"quorate/card-commit/v1" + payload[:66], digest_size=32).digest() == commitment
assert len(label) == 96 and unbase32(label) == payload[:21] + commitment
share = int.from_bytes(payload[24:66], "big")
assert share >> 330 == 0 and len(rows) == 11
for r, (letter, *given) in enumerate(rows):
    w = [share >> 10 * (32 - 3 * r - i) & 1023 for i in range(3)]
    check = r ^ alpha(w[0]) ^ alpha(alpha(w[1])) ^ alpha(alpha(alpha(w[2])))
    assert letter == "ABCDEFGHIJK"[r] and given == [words[i] for i in w + [check]], letter
assert 10 ^ alpha(1023) ^ alpha(alpha(512)) ^ alpha(alpha(alpha(1))) == 999
try:
    from nacl.signing import VerifyKey

    VerifyKey(public_key).verify(b"quorate/card/v1" + payload[:66], payload[66:])
except ImportError:
    print("the signature was not judged: python3-nacl is not installed")
