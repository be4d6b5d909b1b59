"""The generated files of `protocol/` follow the code."""

import json
import shutil
import subprocess
import sys

import pytest

from a2f_ws.wire.codec import FROM_CLIENT, FROM_SERVER, OPS


def generate(folder, *arguments):
    return subprocess.run(
        [sys.executable, str(folder / "generate.py"), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def copied(tmp_path, protocol_folder):
    """A checkout of the few folders that the generator reads, free to be changed."""
    root = protocol_folder.parent
    leave = shutil.ignore_patterns("__pycache__", "*.onnx", "*.flac", "*.wav")
    for name in ("a2f_ws", "engines", "protocol"):
        if (root / name).is_dir():
            shutil.copytree(root / name, tmp_path / name, ignore=leave)
    return tmp_path / "protocol"


def test_nothing_has_drifted(protocol_folder):
    done = generate(protocol_folder, "--check")
    assert done.stderr == ""
    assert done.returncode == 0


def test_the_check_names_what_has_drifted(copied):
    (copied / "MESSAGES.md").write_text("old\n", encoding="utf-8")
    (copied / "vectors" / "ping.vec").unlink()
    (copied / "vectors" / "shout.vec").write_text("# gone\n", encoding="utf-8")
    done = generate(copied, "--check")
    assert done.returncode == 1
    for name in ("MESSAGES.md", "vectors/ping.vec", "vectors/shout.vec"):
        assert f"protocol/{name} has drifted: run python protocol/generate.py" in done.stderr


def test_writing_mends_what_has_drifted(copied, protocol_folder):
    (copied / "messages.schema.json").unlink()
    (copied / "vectors" / "shout.vec").write_text("# gone\n", encoding="utf-8")
    assert generate(copied).returncode == 0
    assert generate(copied, "--check").returncode == 0
    for name in ("messages.schema.json", "MESSAGES.md", "vectors/hello.vec"):
        assert (copied / name).read_bytes() == (protocol_folder / name).read_bytes()


def test_other_arguments_are_refused(protocol_folder):
    done = generate(protocol_folder, "--fix")
    assert done.returncode == 2
    assert done.stderr == "found --fix, wanted nothing or --check\n"


def test_the_schema_knows_every_message_and_describes_every_field(protocol_folder):
    schema = json.loads((protocol_folder / "messages.schema.json").read_text(encoding="utf-8"))
    definitions = schema["$defs"]
    for name, kinds in (("FromClient", FROM_CLIENT), ("FromServer", FROM_SERVER)):
        listed = [entry["$ref"].rpartition("/")[2] for entry in definitions[name]["oneOf"]]
        assert listed == [kind.__name__ for kind in kinds]
    for op, kind in OPS.items():
        properties = definitions[kind.__name__]["properties"]
        assert properties["op"] == {"enum": [op]}
        assert set(properties) == {"op", *kind.__struct_fields__}
        assert all(prop.get("description") for name, prop in properties.items() if name != "op")


def test_the_page_has_a_section_for_every_message(protocol_folder):
    page = (protocol_folder / "MESSAGES.md").read_text(encoding="utf-8")
    for op, kind in OPS.items():
        section = page.partition(f"\n## `{op}`\n")[2].partition("\n## ")[0]
        assert all(f"| `{name}` |" in section for name in kind.__struct_fields__)
