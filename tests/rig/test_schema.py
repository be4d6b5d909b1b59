"""The schema for editors says what the parser says."""

import json

from a2f_ws.names import FACE
from a2f_ws.rig.grammar import FOLDS
from a2f_ws.rig.parse import FALLBACK, IDLE_ROLES, KEYS, SPACE
from a2f_ws.rig.table import bundled_folder

SCHEMA = json.loads((bundled_folder() / "rig.schema.json").read_text(encoding="utf-8"))


def test_the_schema_has_every_key_of_a_table_and_no_other():
    assert set(SCHEMA["properties"]) == set(KEYS)
    assert SCHEMA["additionalProperties"] is False
    assert SCHEMA["required"] == ["title", "source"]
    assert set(SCHEMA["properties"]["space"]["properties"]) == set(SPACE)
    assert set(SCHEMA["properties"]["fallback"]["items"]["properties"]) == set(FALLBACK)


def test_the_schema_has_every_input_role_and_word():
    assert SCHEMA["$defs"]["Input"]["enum"] == list(FACE)
    assert tuple(SCHEMA["$defs"]["Idle"]["properties"]) == IDLE_ROLES
    required = [form.get("required", []) for form in SCHEMA["$defs"]["Value"]["anyOf"]]
    assert [[word] for word in FOLDS] == required[2:-1]
    assert required[-1] == ["piecewise", "points"]
