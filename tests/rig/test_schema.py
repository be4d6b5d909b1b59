"""The schema for editors says what the parser says."""

import json
import re

from a2f_ws.names import FACE
from a2f_ws.rig.extends import CHANGED, CHANGES, WHEN
from a2f_ws.rig.fallbacks import KEYS as FALLBACK
from a2f_ws.rig.grammar import FOLDS, WORDS
from a2f_ws.rig.parse import KEYS, SPACE
from a2f_ws.rig.players import IDLE_ROLES
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


def test_the_schema_refuses_names_that_cannot_be():
    name = SCHEMA["$defs"]["Name"]
    assert (name["minLength"], name["maxLength"]) == (1, 64)
    for text, is_name in (("Jaw öffnen", True), ("a.b", True), ("a\tb", False), ("a\x7f", False)):
        assert (re.search(name["pattern"], text) is not None) is is_name
        assert text.isprintable() is is_name
    for key in ("curves", "transforms", "groups", "aliases", "rename"):
        assert SCHEMA["properties"][key]["propertyNames"] == {"$ref": "#/$defs/Name"}
    taken = SCHEMA["properties"]["terms"]["propertyNames"]["not"]["enum"]
    assert taken == [*FACE, *WORDS]
    for key in ("title", "source"):
        assert re.search(SCHEMA["properties"][key]["pattern"], "  ") is None


def test_the_schema_says_what_needs_what():
    needed = [one["required"] for one in SCHEMA["anyOf"]]
    assert needed == [["curves"], ["transforms"], ["extends"]]
    assert SCHEMA["dependentRequired"] == {key: ["extends"] for key in CHANGES}
    conditions, effect = SCHEMA["properties"]["fallback"]["items"]["allOf"]
    assert [one["required"] for one in conditions["anyOf"]] == [[key] for key in WHEN]
    assert [one["required"] for one in effect["anyOf"]] == [[key] for key in CHANGED]
