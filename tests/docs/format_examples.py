"""Recomputes the examples of docs/formats/{keys,item,deposit,sealed,badge,receipt}.md from the
words of those pages, with hashlib and PyNaCl.

usage: format_examples.py FORMATS-DIR
"""
import base64
import ctypes
import hashlib
import pathlib
import re
import struct
import sys

import nacl.bindings
import nacl.pwhash.argon2id
from nacl.public import PrivateKey, SealedBox
from nacl.signing import SigningKey

pages = pathlib.Path(sys.argv[1])
unseal = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt


def read(name):
    return (pages / name).read_text(encoding="utf-8")


def values(text):
    """The example lines `    name   value`; names may hold single spaces."""
    return dict(re.findall(r"^    (\S+(?: \S+)*) {2,}(\S.*)$", text, re.M))


def blake2b(*parts):
    return hashlib.blake2b(b"".join(parts), digest_size=32).digest()


def check_keys(said):
    vault_id = bytes.fromhex(said["vault id"])
    key = bytes.fromhex(said["vault key"])
    generation = struct.pack(">H", int(said["generation"]))
    subkeys = {}
    for i in range(1, 6):
        salt = struct.pack("<Q", i) + bytes(8)
        subkeys[i] = hashlib.blake2b(
            b"", digest_size=32, key=key, salt=salt, person=b"quorate1" + bytes(8)).digest()
        assert subkeys[i].hex() == said[f"subkey {i}"], i
    made = {
        "key-check": blake2b(b"quorate/key-check/v1", vault_id, generation, subkeys[3]),
        "deposit-key": bytes(PrivateKey.from_seed(subkeys[2]).public_key),
        "recovery-key": bytes(PrivateKey.from_seed(subkeys[4]).public_key),
        "authority-key": bytes(SigningKey(subkeys[5]).verify_key),
    }
    for index, group in enumerate(("password", "mfa")):
        half = bytes.fromhex(said[f"group share {group}"])
        made[f"group-check-{group}"] = blake2b(
            b"quorate/group-check/v1", vault_id, generation, bytes([index]), half)
    for name, value in made.items():
        assert value.hex() == said[name], name
    return vault_id, subkeys[1]


def check_items(page, vault_id, item_key):
    blocks = re.findall(r"(?:^    [0-9a-f]+\n)+", page, re.M)
    digests = re.findall(r"^    ciphertext +([0-9a-f]{64})$", page, re.M)
    password = re.search(r"plaintext `([^`]+)`", page)[1].encode()
    seed = re.search(r"the seed `([^`]+)`", page)[1].encode()
    totp = struct.pack(">BBHH", 1, 6, 30, len(seed)) + seed
    assert len(blocks) == len(digests) == 2
    for serial, (kind, plaintext) in enumerate((("password", password), ("totp", totp)), 1):
        stored = bytes.fromhex("".join(blocks[serial - 1].split()))
        assert hashlib.sha256(stored).hexdigest() == digests[serial - 1], kind
        data = (f"quorate/item/v1\nvault {vault_id.hex()}\ngeneration 1\n"
                f"account 123456789012\nkind {kind}\nserial {serial}\n").encode()
        padded = unseal(stored[24:], data, stored[:24], item_key)
        assert len(padded) % 160 == 0
        assert padded == (plaintext + b"\x80").ljust(len(padded), b"\0"), kind


def check_deposit(page, said, vault_id):
    box = bytes.fromhex("".join(re.search(r"(?:^    [0-9a-f]+\n)+", page, re.M)[0].split()))
    assert hashlib.sha256(box).hexdigest() == values(page)["ciphertext"]
    content = SealedBox(PrivateKey.from_seed(bytes.fromhex(said["subkey 2"]))).decrypt(box)
    header = (f"quorate/item/v1\nvault {vault_id.hex()}\ngeneration 1\n"
              "account 123456789012\nkind password\nserial 3\n").encode()
    head = b"quorate/deposit/v1" + struct.pack(">H", len(header)) + header
    plaintext = re.search(r"plaintext `([^`]+)`", page)[1].encode()
    assert content == head + (plaintext + b"\x80").ljust(160, b"\0")


def check_sealed(page, items, said, vault_id):
    header = unbase32(re.search(r"QUORATE1:H:[A-Z2-7]+", page)[0])
    assert header == b"\x01" + vault_id + struct.pack(">H", int(said["generation"])) + b"".join(
        bytes.fromhex(said[name]) for name in ("key-check", "group-check-password",
                                               "group-check-mfa"))
    codes = re.findall(r"QUORATE1:I:[A-Z2-7]+", page)
    stored = re.findall(r"(?:^    [0-9a-f]+\n)+", items, re.M)
    assert len(codes) == len(stored) == 2
    for serial, (kind, code) in enumerate(zip(("password", "totp"), codes), 1):
        data = (f"quorate/item/v1\nvault {vault_id.hex()}\ngeneration 1\n"
                f"account 123456789012\nkind {kind}\nserial {serial}\n").encode()
        body = bytes.fromhex("".join(stored[serial - 1].split()))
        assert unbase32(code) == struct.pack(">H", len(data)) + data + body, kind


def unbase32(code):
    body = code.split(":")[2]
    return base64.b32decode(body + "=" * (-len(body) % 8))


def badge_key(number, passphrase, salt):
    if number == 0:
        assert salt == bytes(16)
        return bytes(32)
    if number == 2:
        # libsodium's Argon2id, which has one lane as this tuple does.
        return nacl.pwhash.argon2id.kdf(32, passphrase, salt, opslimit=1, memlimit=8 << 20)
    assert number == 1
    derive = ctypes.CDLL("libargon2.so.1").argon2id_hash_raw
    u32, text, size = ctypes.c_uint32, ctypes.c_char_p, ctypes.c_size_t
    derive.argtypes = [u32, u32, u32, text, size, text, size, text, size]
    key = ctypes.create_string_buffer(32)
    assert derive(3, 256 << 10, 4, passphrase, len(passphrase), salt, len(salt), key, 32) == 0
    return key.raw


def check_badges(page):
    codes = re.findall(r"^    (QUORATE1:K:[A-Z2-7]+)$", page, re.M)
    examples = page.split("    QUORATE1:K:")[1:]
    assert len(codes) == 3
    for code, example in zip(codes, examples):
        said = values(example)
        payload = unbase32(code)
        n = payload[1]
        assert payload[0] == 1 and len(payload) == 91 + n
        assert payload[2:2 + n].decode() == said["person"]
        assert payload[2 + n] == int(said["tuple"])
        salt, nonce = payload[3 + n:19 + n], payload[19 + n:43 + n]
        key = badge_key(int(said["tuple"]), said.get("passphrase", "").encode(), salt)
        seed = unseal(payload[43 + n:], b"quorate/badge/v1" + payload[:19 + n], nonce, key)
        assert seed.hex() == said["seed"]
        assert bytes(SigningKey(seed).verify_key).hex() == said["public key"]


def check_receipt(page, log, vault_id):
    note = re.search(r"^`checkpoint`[^\n]*\n\n```\n(.*?)^```$", log, re.M | re.S)[1].encode()
    payload = unbase32(re.search(r"QUORATE1:R:[A-Z2-7]+", page)[0])
    assert payload == b"\x01" + vault_id + struct.pack(">Q", 0) + note


said = values(read("keys.md"))
vault_id, item_key = check_keys(said)
check_items(read("item.md"), vault_id, item_key)
check_deposit(read("deposit.md"), said, vault_id)
check_sealed(read("sealed.md"), read("item.md"), said, vault_id)
check_badges(read("badge.md"))
check_receipt(read("receipt.md"), read("log.md"), vault_id)
print("the examples of keys.md, item.md, deposit.md, sealed.md, badge.md and receipt.md are as the "
      "pages say")
