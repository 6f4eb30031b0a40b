"""Evidence from outside: named by its SHA-256 and copied beside the log; what is not taken, and
what becomes of a copy that somebody touches."""
import hashlib

from harness import *

start()
vault = Vault()
report = vault.write("report.csv", "user,arn\n<root_account>,arn:aws:iam::123456789012:root\n")
digest = hashlib.sha256(report.read_bytes()).hexdigest()
copy = vault.path / f"evidence-{digest}" / "file"


def listed():
    return vault.run("--json", "evidence", "list").json["evidence"]


# ---- Attached ----
same(listed(), [], "a new vault has none")
run = vault.act("evidence", "attach", report, "--kind", "credential-report")
same((run.rc, run.json), (0, {"kind": "credential-report", "digest": digest}), "a file is attached")
same(copy.read_bytes(), report.read_bytes(), "its copy lies in the vault's folder")
same([e["values"] for e in vault.events("evidence-attached")],
     [{"evidence": digest, "kind": "credential-report", "note": "report.csv"}], "the log names it")
row = listed()[0]
same((row["digest"], row["copy"], row["actor"], row["note"]),
     (digest, "kept", "operator-1", "report.csv"), "and the list")
same(vault.run("status").rc in (0, 6), True, "the folder is no surprise at the next opening")
check("no entry names" not in vault.run("status").out, "nor in the status")
same(vault.act("evidence", "attach", report, "--kind", "again", "--note", "the same").rc, 0,
     "the same file may be named twice")
same([r["copy"] for r in listed()], ["kept", "kept"], "one copy serves both")

# ---- What is not taken: nothing is written ----
before = len(vault.log())
(vault.folder / "folder").mkdir()
os.mkfifo(vault.folder / "pipe")
os.symlink(report, vault.folder / "link")
for what, *args in (
        ("no file", "nothing.csv", "--kind", "x"),
        ("a folder", vault.folder / "folder", "--kind", "x"),
        ("a pipe", vault.folder / "pipe", "--kind", "x"),
        ("a link", vault.folder / "link", "--kind", "x"),
        ("a kind that is no word", report, "--kind", "two words"),
        ("no kind", report),
        ("a note with an escape", report, "--kind", "x", "--note", "\x1b[2J"),
        ("a note of two lines", report, "--kind", "x", "--note", "a\nb"),
        ("an empty note", report, "--kind", "x", "--note", ""),
        ("a note that is too long", report, "--kind", "x", "--note", "y" * 201)):
    same(vault.act("evidence", "attach", *args).rc, 2, f"refused: {what}")
keep_secret("vT9#mQx2Lw8@Zr4B")
run = vault.act("evidence", "attach", report, "--kind", "x", "--note", "it is vT9#mQx2Lw8@Zr4B")
check(run.rc == 2 and "looks like a password" in run.error, "refused: a password as a note", run)
same(len(vault.log()), before, "and nothing of it is in the log")
run = vault.run("--json", "evidence", "attach", report, "--kind", "x",
                given=answers(badges={"operator-1": "wrong-phrase-12"}))
same((run.rc, len(vault.log())), (4, before), "no badge, no entry")

# ---- A copy that somebody touches ----
vault.act("evidence", "attach", report, "--kind", "x", "--note", "\u202eecrof")
out = vault.run("evidence", "list").out
check("\\xE2\\x80\\xAEecrof" in out, "a note cannot turn a line round", out)
copy.write_text("user,arn\n")
same([r["copy"] for r in listed()], ["changed"] * 3, "a changed copy is told")
same(vault.act("evidence", "attach", report, "--kind", "x").rc, 0, "attached again, it is mended")
same(listed()[0]["copy"], "kept", "and whole again")
shutil.rmtree(copy.parent)
same({r["copy"] for r in listed()}, {"missing"}, "a missing one is told")
check(foreign_verdict(vault) in ([], None), "the foreign verifier finds no fault")
finish()
