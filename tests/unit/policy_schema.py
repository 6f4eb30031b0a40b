"""Judges the cases of policy.json by the published schema: what the parser
takes the schema takes, and it refuses exactly what is marked as its to refuse."""
import copy
import json
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)


def changed(base, case):
    document = copy.deepcopy(base)
    *way, last = case["at"].split("/")[1:]
    place = document
    for step in way:
        place = place[int(step) if isinstance(place, list) else step]
    last = int(last) if isinstance(place, list) else last
    if "value" in case:
        place[last] = case["value"]
    else:
        del place[last]
    return document


schema = json.load(open(sys.argv[1]))
vectors = json.load(open(sys.argv[2]))
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
wrong = 0
judged = 0
for case in [{"at": "/practice", "value": True}] + vectors["cases"]:
    valid = validator.is_valid(changed(vectors["base"], case))
    judged += 1
    if valid == (case.get("by") == "schema"):
        print("schema", "takes" if valid else "refuses", json.dumps(case))
        wrong += 1
print(f"{judged} cases judged, {wrong} wrong")
sys.exit(wrong > 0)
