"""Vaults that are missing, busy, newer, cut short, without their key, or on a
full disk: the right exit code, and no half state.

usage: bad_vaults.py QUORATE
"""
import fcntl
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys

import lab as lab_module
from lab import Broken, Lab, unlogged


def expect(vault, status, word, *args):
    done = vault.run(*(args or ("card", "list")), want=status)
    if word not in done.err:
        raise Broken(f"{args}: no word of {word!r}: {done.err}")


def missing(base, root):
    """missing: exit 1, and nothing is made"""
    vault = Lab(base.quorate, root / "missing")
    expect(vault, 1, "directory")
    if vault.vault.exists():
        raise Broken("reading made a directory")
    vault.vault.mkdir()
    expect(vault, 1, "no vault")


def busy(base, root):
    """held by another process: exit 7"""
    vault = base.copy(root / "busy")
    fd = os.open(vault.vault, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(fd, fcntl.LOCK_EX)
    for args in (["card", "list"], ["log", "verify"], vault.prove_args()):
        expect(vault, 7, "in use", *args)
    os.close(fd)
    vault.verify()


def newer(base, root):
    """of a newer version: exit 1, and it is not called tampering"""
    vault = base.copy(root / "newer")
    db = sqlite3.connect(vault.vault / "vault.sqlite")
    db.execute("PRAGMA user_version = 2")
    db.commit()
    db.close()
    expect(vault, 1, "newer")


def cut_short(base, root):
    """each file cut short: exit 5"""
    for name in ("vault.sqlite", "log.key"):
        size = (base.vault / name).stat().st_size
        for length in (size - 1, size // 2, 1, 0):
            vault = base.copy(root / f"cut-{name}-{length}")
            os.truncate(vault.vault / name, length)
            expect(vault, 5, "evidence-")


def without_key(base, root):
    """log.key gone: exit 1 for what uses it; the copy can still be verified"""
    vault = base.copy(root / "keyless")
    (vault.vault / "log.key").unlink()
    expect(vault, 1, "log.key is gone")
    expect(vault, 1, "log.key is gone", *vault.prove_args())
    notices = vault.verify()["notices"]
    if not any("log.key is not here" in n["notice"] for n in notices):
        raise Broken(f"a copy is not told as one: {notices}")


def without_database(base, root):
    """vault.sqlite gone: exit 1, and log.key stays"""
    vault = base.copy(root / "bare")
    before = (vault.vault / "log.key").read_bytes()
    (vault.vault / "vault.sqlite").unlink()
    expect(vault, 1, "vault.sqlite is gone")
    if (vault.vault / "log.key").read_bytes() != before:
        raise Broken("log.key was touched")


def leftover(base, root):
    """a temporary left behind: removed, and nothing else happens"""
    vault = base.copy(root / "leftover")
    (vault.vault / "log.key.new").write_bytes(b"x" * 5000)
    vault.run("card", "list", want=0)
    if (vault.vault / "log.key.new").exists():
        raise Broken("the temporary is still there")


def lonely_journal(base, root):
    """a founding cut short, a journal beside no database: it is finished"""
    vault = Lab(base.quorate, root / "lonely")
    vault.cards = base.cards
    vault.run(*vault.found_args(), wrap=["strace", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync",
                                         "-e", "inject=fdatasync:signal=SIGKILL:when=1"])
    if not (vault.vault / "log.key").exists():
        raise Broken("killed at the wrong place: this test proves nothing")
    database = vault.vault / "vault.sqlite"
    if database.exists():
        database.unlink()
    (vault.vault / "vault.sqlite-journal").write_bytes(b"planted")
    vault.run(*vault.prove_args(), want=(0, 1, 4))
    vault.verify()


def full_disk(base, root):
    """a disk that fills while founding: exit 1, and the next one can begin or go on"""
    place = root / "disk"
    place.mkdir()
    swept = 0
    for kib in range(24, 420, 36):
        mount = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kib}k", "none", place],
                               capture_output=True)
        if mount.returncode != 0:
            print("skipped: full_disk: no mount here")
            return
        try:
            vault = Lab(base.quorate, root / f"full-{kib}")
            vault.cards, vault.vault, vault.sheets = base.cards, place / "vault", place / "sheets"
            done = vault.run(*vault.found_args(), want=(0, 1))
            sheets = list(vault.sheets.glob("*.pdf")) if vault.sheets.exists() else []
            founded = (vault.vault / "log.key").exists()
            if done.status != 0 and (sheets or done.secrets) and not founded:
                raise Broken(f"{kib} KiB: handed out, and no log")
            swept += done.status == 1
            subprocess.run(["mount", "-o", "remount,size=16m", place], check=True)
            if not founded:
                shutil.rmtree(vault.sheets, ignore_errors=True)
                vault.run(*vault.found_args(), want=0)
            else:
                again = vault.run(*vault.prove_args(), want=(0, 1, 4))
                if again.status == 1 and "its founding was not finished" not in again.err:
                    raise Broken(f"{kib} KiB: the vault does not open: {again.err}")
                for name in unlogged(sheets, vault.entries()):
                    raise Broken(f"{kib} KiB: {name} was delivered, and the log has none of it")
            vault.verify()
        finally:
            subprocess.run(["umount", place], check=True)
    if swept == 0:
        raise Broken("no disk was ever full: this test proves nothing")


def main():
    lab_module.need("strace")
    broken = 0
    with lab_module.scratch() as name:
        root = pathlib.Path(name)
        base = Lab(sys.argv[1], root / "base")
        base.found()
        for case in (missing, busy, newer, cut_short, without_key, without_database, leftover,
                     lonely_journal, full_disk):
            try:
                case(base, root)
                print(f"held: {case.__doc__}")
            except Exception as why:
                broken += 1
                print(f"BROKEN: {case.__doc__}: {why}")
    return 1 if broken else 0


sys.exit(main())
