"""Verifies a badge's cosignature (type 0x04) on a checkpoint with PyNaCl.

usage: cosignature.py NOTE VKEY    prints the time of the cosignature (Unix, in s)
"""
import base64
import hashlib
import pathlib
import struct
import sys

import nacl.signing


def cosignature_time(note, vkey):
    name, key_id, key = vkey.split("+", 2)
    key = base64.b64decode(key, validate=True)
    if hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] != key_id or key[0] != 4:
        raise ValueError("no verifier key of type 0x04")
    text, signatures = note.split(b"\n\n", 1)
    text += b"\n"
    for line in signatures.decode().splitlines():
        _, signer, signature = line.split(" ")
        signature = base64.b64decode(signature, validate=True)
        if signer == name and signature[:4].hex() == key_id:
            (time,) = struct.unpack(">Q", signature[4:12])
            message = b"cosignature/v1\ntime %d\n" % time + text
            nacl.signing.VerifyKey(key[1:]).verify(message, signature[12:])
            return time
    raise ValueError(f"no cosignature of {name}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    print(cosignature_time(pathlib.Path(sys.argv[1]).read_bytes(), sys.argv[2]))
