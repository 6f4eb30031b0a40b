"""A second reader of cards and items, written from docs/formats/ and SLIP-0039
alone: what is on paper, and the sealed items, are enough. PyNaCl opens the
seal; all else is Python's standard library."""
import hashlib
import hmac

GENERATOR = (0xE0E040, 0x1C1C080, 0x3838100, 0x7070200, 0xE0E0009,
             0x1C0C2412, 0x38086C24, 0x3090FC48, 0x21B1F890, 0x3F3F120)


def remainder(numbers):
    r = 1
    for v in numbers:
        top = r >> 20
        r = (r & 0xFFFFF) << 10 ^ v
        for i in range(10):
            r ^= GENERATOR[i] if top >> i & 1 else 0
    return r


def custom(extendable):
    return list(b"shamir_extendable" if extendable else b"shamir")


def indices_of(bits, extendable=True):
    """Word indices of a share's 300 bits, with their checksum."""
    words = [bits >> 10 * (29 - i) & 1023 for i in range(30)]
    c = remainder(custom(extendable) + words + [0, 0, 0]) ^ 1
    return words + [c >> 20, c >> 10 & 1023, c & 1023]


class Share:
    """One share of 33 words."""

    def __init__(self, words, wordlist):
        numbers = [wordlist.index(word) for word in words]
        assert len(numbers) == 33
        head = 0
        for number in numbers[:30]:
            head = head << 10 | number
        field = lambda at, width: head >> (300 - at - width) & (1 << width) - 1
        self.identifier, self.extendable, self.exponent = field(0, 15), field(15, 1), field(16, 4)
        self.group, self.group_threshold = field(20, 4), field(24, 4) + 1
        self.index, self.threshold = field(32, 4), field(36, 4) + 1
        assert field(40, 4) == 0 and remainder(custom(self.extendable) + numbers) == 1
        self.value = (head & (1 << 256) - 1).to_bytes(32, "big")
        self.bits = head


def multiply(a, b):
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = a << 1 ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def inverse(a):
    result = 1
    for _ in range(254):
        result = multiply(result, a)
    return result


def interpolate(points, x):
    """The value at x of the polynomial through {x: bytes}."""
    result = bytes(32)
    for xi, yi in points.items():
        factor = 1
        for xj in points:
            if xj != xi:
                factor = multiply(factor, multiply(x ^ xj, inverse(xi ^ xj)))
        result = bytes(r ^ multiply(factor, y) for r, y in zip(result, yi))
    return result


def recover(points, threshold):
    assert len(points) >= threshold
    points = dict(list(points.items())[:threshold])
    if threshold == 1:
        return next(iter(points.values()))
    secret, digest = interpolate(points, 255), interpolate(points, 254)
    assert hmac.digest(digest[4:], secret, "sha256")[:4] == digest[:4]
    return secret


def vault_key(shares):
    """The vault key from the shares of both groups' quorums."""
    groups = {}
    for group in {s.group for s in shares}:
        members = [s for s in shares if s.group == group]
        groups[group] = recover({s.index: s.value for s in members}, members[0].threshold)
    secret = recover(groups, shares[0].group_threshold)
    left, right = secret[:16], secret[16:]
    salt = b"" if shares[0].extendable else b"shamir" + shares[0].identifier.to_bytes(2, "big")
    for i in (3, 2, 1, 0):
        key = hashlib.pbkdf2_hmac("sha256", bytes([i]), salt + right,
                                  2500 << shares[0].exponent, 16)
        left, right = right, bytes(a ^ b for a, b in zip(left, key))
    return right + left


def subkey(key, number):
    return hashlib.blake2b(b"", digest_size=32, key=key, salt=number.to_bytes(8, "little"),
                           person=b"quorate1").digest()


def key_check(key, vault_id, generation):
    return hashlib.blake2b(b"quorate/key-check/v1" + vault_id + generation.to_bytes(2, "big") +
                           subkey(key, 3), digest_size=32).digest()


def unseal(key, vault_id, generation, account, kind, serial, sealed):
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as decrypt
    ad = (f"quorate/item/v1\nvault {vault_id.hex()}\ngeneration {generation}\n"
          f"account {account}\nkind {kind}\nserial {serial}\n").encode()
    padded = decrypt(sealed[24:], ad, sealed[:24], subkey(key, 1))
    assert len(padded) % 160 == 0
    return padded[:padded.rindex(b"\x80")]


def totp(item):
    """Algorithm, digits, period and seed."""
    length = int.from_bytes(item[4:6], "big")
    assert len(item) == 6 + length
    return {1: "SHA1", 2: "SHA256", 3: "SHA512"}[item[0]], item[1], \
        int.from_bytes(item[2:4], "big"), item[6:]
