"""What of a practice vault is secret, told from its papers and the answers, in
all the forms in which a program may have had it: the needles to search for."""
import base64
import ctypes
import hashlib
import json
import os
import re
import sqlite3
import struct
import subprocess

sodium = ctypes.CDLL("libsodium.so.23")
argon2 = ctypes.CDLL("libargon2.so.1")
# Lengths are size_t: as ctypes' plain ints their upper half would be left to chance.
argon2.argon2id_hash_raw.argtypes = [
    ctypes.c_uint32, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_char_p, ctypes.c_size_t,
    ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORDS = open(os.path.join(TESTS, "../src/split/slip39-wordlist.txt")).read().split()

# GF(256) and SLIP-0039, by logarithm tables.
EXP = [1] * 255
for _i in range(1, 255):
    _v = EXP[_i - 1]
    _v ^= _v << 1
    EXP[_i] = _v ^ 0x11B if _v & 0x100 else _v
LOG = {v: i for i, v in enumerate(EXP)}


def interpolate(points, x):
    out = bytearray(len(next(iter(points.values()))))
    for xi, value in points.items():
        log = 0
        for xj in points:
            if xj != xi:
                log += LOG[x ^ xj] - LOG[xi ^ xj]
        for k, byte in enumerate(value):
            if byte:
                out[k] ^= EXP[(LOG[byte] + log) % 255]
    return bytes(out)


def decrypt(ems):
    left, right = ems[:16], ems[16:]
    for i in (3, 2, 1, 0):
        f = hashlib.pbkdf2_hmac("sha256", bytes([i]), right, 2500, 16)
        left, right = right, bytes(a ^ b for a, b in zip(left, f))
    return right + left


class Share:
    def __init__(self, words):
        self.words = words
        self.indices = [WORDS.index(word) for word in words]
        bits = "".join(f"{i:010b}" for i in self.indices)
        self.group = int(bits[20:24], 2)
        self.index = int(bits[32:36], 2)
        self.threshold = int(bits[36:40], 2) + 1
        self.value = int(bits[44:300], 2).to_bytes(32, "big")
        self.packed = int(bits, 2).to_bytes(42, "big")


def read_card(pdf):
    """The words on a card, without the check words."""
    text = subprocess.run(["pdftotext", "-layout", "-f", "1", "-l", "1", pdf, "-"], check=True,
                          stdout=subprocess.PIPE).stdout.decode()
    rows = re.findall(r"^[A-K] +" + r"\d+ +([a-z]{4,8}) +" * 3 + r"[a-z]{4,8}$", text, re.M)
    words = [word for row in rows for word in row]
    assert len(words) == 33, text
    return words


def unseal(nonce, ciphertext, ad, key):
    out = ctypes.create_string_buffer(len(ciphertext))
    rc = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        out, None, None, ciphertext, ctypes.c_ulonglong(len(ciphertext)), ad,
        ctypes.c_ulonglong(len(ad)), nonce, key)
    assert rc == 0
    return out.raw[:len(ciphertext) - 16]


def badge_seed(payload, passphrase):
    head = 2 + payload[1]
    salt = payload[head + 1:head + 17]
    key = bytes(32)
    if payload[head] == 2:
        out = ctypes.create_string_buffer(32)
        assert argon2.argon2id_hash_raw(1, 8192, 1, passphrase, len(passphrase), salt, 16, out,
                                        32) == 0
        key = out.raw
    at = head + 17
    return key, unseal(payload[at:at + 24], payload[at + 24:], b"quorate/badge/v1" + payload[:at],
                       key)


def log_keys(state, person, seed):
    """The state key and the signing keys of a log.key, opened by a badge."""
    public, secret = (ctypes.create_string_buffer(n) for n in (32, 64))
    sodium.crypto_sign_seed_keypair(public, secret, seed)
    box_public, box_secret = (ctypes.create_string_buffer(32) for _ in range(2))
    sodium.crypto_sign_ed25519_pk_to_curve25519(box_public, public)
    sodium.crypto_sign_ed25519_sk_to_curve25519(box_secret, secret)
    at = 16 + 12 + 8 + 8 + 32 + 32
    record_state = state[at]
    at += 2
    for _ in range(2):
        at += 4 + struct.unpack(">I", state[at:at + 4])[0]
    count = state[at]
    at += 1
    key = None
    for _ in range(count):
        name = state[at + 1:at + 1 + state[at]]
        at += 1 + state[at]
        if name == person:
            out = ctypes.create_string_buffer(32)
            assert sodium.crypto_box_seal_open(out, state[at:at + 80], ctypes.c_ulonglong(80),
                                               box_public, box_secret) == 0
            key = out.raw
        at += 80
    seeds = unseal(state[at:at + 24], state[at + 24:], state[:at], key)
    assert len(seeds) == (64 if record_state == 1 else 32)
    return key, seeds[:32], box_secret.raw


def subkeys(key):
    for number in range(1, 6):
        out = ctypes.create_string_buffer(32)
        sodium.crypto_kdf_derive_from_key(out, ctypes.c_size_t(32), ctypes.c_uint64(number),
                                          b"quorate1", key)
        yield out.raw


class Needles:
    """Named needles; every form of a secret goes in as windows of it."""

    def __init__(self):
        self.found = {}

    def windows(self, name, data, size):
        for i in range(max(1, len(data) - size + 1)):
            window = data[i:i + size]
            if len(window) >= 8 and len(set(window)) > 3:
                self.found.setdefault(window, name)

    def raw(self, name, data):
        """Key material: bytes as they are, as words of a hash, and encoded."""
        self.windows(name, data, 8)
        self.windows(name + ":inner-pad", bytes(b ^ 0x36 for b in data), 8)
        self.windows(name + ":outer-pad", bytes(b ^ 0x5C for b in data), 8)
        swapped = b"".join(data[i:i + 4][::-1] for i in range(0, len(data) - 3, 4))
        self.windows(name + ":swapped", swapped, 8)
        self.windows(name + ":hex", data.hex().encode(), 16)
        self.windows(name + ":HEX", data.hex().upper().encode(), 16)
        self.windows(name + ":base32", base64.b32encode(data).rstrip(b"="), 14)
        for shift in range(3):
            coded = base64.b64encode(bytes(shift) + data)
            self.windows(f"{name}:base64+{shift}", coded[4 if shift else 0:-4], 12)
        self.windows(name + ":escaped", b"".join(b"\\x%02X" % b for b in data), 24)
        self.windows(name + ":list", " ".join(map(str, data)).encode(), 20)

    def text(self, name, text, size=8):
        """What is read, typed or printed: as it is, wide, and encoded."""
        data = text.encode()
        self.windows(name, data, size)
        self.windows(name + ":inner-pad", bytes(b ^ 0x36 for b in data), size)
        self.windows(name + ":outer-pad", bytes(b ^ 0x5C for b in data), size)
        self.windows(name + ":wide16", text.encode("utf-16-le"), 2 * size)
        self.windows(name + ":wide32", text.encode("utf-32-le"), 4 * size)
        self.windows(name + ":hex", data.hex().encode(), 2 * size)
        self.windows(name + ":base32", base64.b32encode(data).rstrip(b"="), 2 * size)
        for shift in range(3):
            coded = base64.b64encode(bytes(shift) + data)
            self.windows(f"{name}:base64+{shift}", coded[4 if shift else 0:-4], 12)

    def share(self, name, share):
        self.raw(name + ":value", share.value)
        self.windows(name + ":packed", share.packed[7:], 8)
        secret = share.words[5:]
        self.text(name + ":words", " ".join(secret), 14)
        self.windows(name + ":cells", b"".join(w.encode().ljust(9, b"\0") for w in secret), 16)
        self.windows(name + ":lines", "\n".join(secret).encode(), 14)
        indices = share.indices[5:]
        self.windows(name + ":indices", struct.pack(f"<{len(indices)}H", *indices), 8)
        self.windows(name + ":INDICES", struct.pack(f">{len(indices)}H", *indices), 8)

    def drop(self, names, data):
        """Forgets those windows of these names that stand in the data."""
        self.found = {window: name for window, name in self.found.items()
                      if name not in names or window not in data}

    def write(self, path):
        with open(path, "w") as out:
            for data, name in self.found.items():
                out.write(f"{name} {data.hex()}\n")


def of_vault(folder, answers, generated, shares, codes=()):
    """All that is secret of a vault founded with these answers. `generated` is
    what its founding handed out, `codes` the texts of its cards' codes."""
    needles = Needles()
    seeds = {}
    for person, given in {**answers["badges"], **generated.get("badges", {})}.items():
        if given.startswith("QUORATE1:K:"):
            text = given[11:]
            payload = base64.b32decode(text + "=" * (-len(text) % 8))
            secret_from = 3 + payload[1] + 16
            needles.text(person + ":wallet", given[11 + secret_from * 8 // 5 + 1:], 14)
            needles.raw(person + ":payload", payload[secret_from:])
            key, seeds[person] = badge_seed(payload, b"")
        else:
            needles.text(person + ":passphrase", given, 12)
            seeds[person] = None
    for account, item in answers["accounts"].items():
        password = item["password"] or generated["accounts"][account]["password"]
        needles.text(account + ":password", password)
        seed = item["totp"].replace(" ", "")
        needles.text(account + ":totp-base32", seed, 12)
        needles.raw(account + ":totp", base64.b32decode(seed + "=" * (-len(seed) % 8)))
    for i, share in enumerate(shares):
        needles.share(f"card-{i + 1}", share)
    for i, code in enumerate(codes):
        needles.text(f"card-{i + 1}:code", code[11 + 31 * 8 // 5 + 1:], 14)
    halves = {}
    for group in (0, 1):
        points = {s.index: s.value for s in shares if s.group == group}
        threshold = next(s.threshold for s in shares if s.group == group)
        halves[group] = interpolate(dict(list(points.items())[:threshold]), 255)
        needles.raw(f"half-{group}", halves[group])
        needles.raw(f"digest-{group}", interpolate(dict(list(points.items())[:threshold]), 254))
    ems = interpolate(halves, 255)
    key = decrypt(ems)
    needles.raw("encrypted-key", ems)
    needles.raw("vault-key", key)
    for i, subkey in enumerate(subkeys(key)):
        needles.raw(f"subkey-{i + 1}", subkey)
    database = sqlite3.connect(os.path.join(folder, "vault.sqlite"))
    for (payload,) in database.execute("select body from document where kind = 'badge'"):
        person = payload[2:2 + payload[1]].decode()
        passphrase = {**answers["badges"], **generated.get("badges", {})}[person]
        badge_key, seeds[person] = badge_seed(payload, passphrase.encode())
        needles.raw(person + ":badge-key", badge_key)
    for person, seed in seeds.items():
        needles.raw(person + ":seed", seed)
        az = bytearray(hashlib.sha512(seed).digest())
        az[0] &= 248
        az[31] = (az[31] & 127) | 64
        needles.raw(person + ":scalar", bytes(az[:32]))
        needles.raw(person + ":prefix", bytes(az[32:]))
    operator = answers["operator"]
    state = open(os.path.join(folder, "log.key"), "rb").read()
    state_key, current, box_secret = log_keys(state, operator.encode(), seeds[operator])
    needles.raw("state-key", state_key)
    needles.raw("log-seed", current)
    needles.raw("operator:box-key", box_secret)
    return needles


def load(path):
    return json.load(open(path))
