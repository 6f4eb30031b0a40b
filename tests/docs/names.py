"""Every file of the source that a document names in code type is there, and
every document that the source names.

usage: names.py SOURCE-DIR
"""
import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])
missing, named = [], 0
for page in sorted(source.glob("docs/**/*.md")):
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:tests|src|schemas|docs|include|examples)/[\w./-]+)`", text):
        named += 1
        if not (source / name).exists():
            missing.append(f"{page.relative_to(source)}: {name}")
for file in [*source.glob("src/**/*.[ch]"), *source.glob("include/**/*.h")]:
    for name in re.findall(r"\bdocs/[\w./-]+\.md", file.read_text(encoding="utf-8")):
        named += 1
        if not (source / name).exists():
            missing.append(f"{file.relative_to(source)}: {name}")
assert named > 0, "no document names a file"
assert not missing, "not there:\n" + "\n".join(missing)
print(f"{named} names of files are right")
