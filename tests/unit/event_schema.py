"""Compares schemas/event.schema.json with the table of events in the code.

usage: event_schema.py SCHEMA EVENT_TABLE ENTRY...   compares; then reads each
           entry by the schema alone and validates it (with python3-jsonschema)
       event_schema.py --write SCHEMA EVENT_TABLE    writes the schema anew
"""
import json
import re
import subprocess
import sys
import urllib.parse

HEADER = {"log": "origin", "index": "u64", "epoch": "u64", "time": "time", "event": None, "actor": "id"}
DEFS = {
    "text": {"type": "string", "minLength": 1},
    "u64": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1},
    "i64": {"type": "integer", "minimum": -(2**63) + 1, "maximum": 2**63 - 1},
    "id": {"type": "string", "pattern": "^[a-z0-9][a-z0-9._-]{0,31}$"},
    "origin": {"type": "string", "pattern": "^[a-z0-9][a-z0-9./-]{0,59}$"},
    "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "base64": {
        "type": "string",
        "pattern": "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)$",
    },
    "yes": {"const": True},
    "salt": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    "time": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"},
}


def ref(name):
    return {"$ref": f"#/$defs/{name}"}


def schema_of(table):
    events = {}
    for line in table.splitlines():
        event, key, form, often = line.split()
        events.setdefault(event, []).append((key, form, often))
    branches = []
    for event, keys in events.items():
        properties = {"event": {"const": event}}
        for key, form, often in keys:
            many = {"type": "array", "minItems": 1, "uniqueItems": True, "items": ref(form)}
            properties[key] = many if often == "many" else ref(form)
        required = [key for key, _, often in keys if often == "one"]
        branches.append({"title": event, "required": required, "properties": properties})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:quorate:schema:event:v1",
        "title": "Entry of a Quorate log",
        "description": "An entry as JSON: a line is a member, in the order of the properties here; a repeated key is an array; escapes are undone. The signed form is the text of docs/formats/log.md.",
        "type": "object",
        "required": [*HEADER, "salt"],
        "properties": {key: ref(form) for key, form in HEADER.items() if form} | {"salt": ref("salt")},
        "unevaluatedProperties": False,
        "oneOf": branches,
        "$defs": DEFS,
    }


def as_json(entry, schema):
    """The entry's text as JSON, by what the schema says of its event."""
    lines = [line.split(" ", 1) for line in entry.decode("ascii").split("\n")[1:-1]]
    event = dict(lines)["event"]
    (own,) = [branch["properties"] for branch in schema["oneOf"] if branch["title"] == event]
    order = list(schema["properties"])[:-1] + list(own) + ["salt"]
    order.insert(4, "event")
    keys = [key for key, _ in lines]
    assert keys == sorted(keys, key=order.index), f"{event}: keys out of order"
    out = {}
    for key, value in lines:
        rule = own.get(key) or schema["properties"][key]
        value = urllib.parse.unquote(value, errors="strict")
        form = rule.get("items", rule).get("$ref", "").rpartition("/")[2]
        if form in ("u64", "i64"):
            value = int(value)
        elif form == "yes":
            value = {"yes": True}[value]
        if rule.get("type") == "array":
            out.setdefault(key, []).append(value)
        else:
            assert key not in out, f"{event}: {key} twice"
            out[key] = value
    return out


def judge(schema, paths):
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        print("the entries are not validated: python3-jsonschema is not installed")
        return
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for path in paths:
        entry = as_json(open(path, "rb").read(), schema)
        validator.validate(entry)
        for key in set(entry) - {"salt"}:
            assert not validator.is_valid(entry | {key: {}}), f"{path}: {key} may be anything"
        assert not validator.is_valid(entry | {"unknown": "x"}), f"{path}: any key is taken"
    print(f"{len(paths)} entries are valid, and not when changed")


def main(arguments):
    write = arguments[0] == "--write"
    path, table, *entries = arguments[1:] if write else arguments
    expected = schema_of(subprocess.run([table], check=True, capture_output=True, text=True).stdout)
    text = json.dumps(expected, indent=2) + "\n"
    # One line for what is short, so that a person can read the table.
    text = re.sub(r"\{\n\s+(\"(?:\$ref|const)\": [^\n]+)\n\s+\}", r"{ \1 }", text)
    text = re.sub(r"\[\n\s+([^\[\]{}]+?)\n\s+\]", lambda m: "[" + re.sub(r"\n\s+", " ", m[1]) + "]", text)
    if write:
        open(path, "w").write(text)
    elif open(path).read() != text:
        sys.exit(f"{path} is not what the table of events says; event_schema.py --write makes it so")
    judge(expected, entries)


if __name__ == "__main__":
    main(sys.argv[1:])
