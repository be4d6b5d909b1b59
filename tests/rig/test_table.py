import re

import numpy as np
import pytest

from a2f_ws.errors import ConfigError
from a2f_ws.names import FACE, WEIGHTS
from a2f_ws.rig.mapper import Mapper
from a2f_ws.rig.table import bundled_folder, load_rigs

SMALL = 'title = "T"\nsource = "S"\n[curves]\n'


def test_arkit_is_the_68_weights_themselves():
    rig = load_rigs()["arkit"]
    assert rig.name == "arkit"
    assert rig.curves == WEIGHTS
    assert (rig.low, rig.high) == (0.0, 1.0)
    faces = np.random.default_rng(0).random((3, len(FACE)), np.float32)
    assert np.array_equal(Mapper(rig).map(faces), faces[:, :68])


def test_arkit_plays_every_idle_role_of_lids_and_gaze():
    rig = load_rigs()["arkit"]
    played = {role: (rig.curves[index], gain) for role, (index, gain) in rig.idle.items()}
    assert played == {
        "blinkLeft": ("eyeBlinkLeft", 1.0),
        "blinkRight": ("eyeBlinkRight", 1.0),
        "squintLeft": ("eyeSquintLeft", 1.0),
        "squintRight": ("eyeSquintRight", 1.0),
        "lookUpLeft": ("eyeLookUpLeft", 1.0),
        "lookUpRight": ("eyeLookUpRight", 1.0),
        "lookDownLeft": ("eyeLookDownLeft", 1.0),
        "lookDownRight": ("eyeLookDownRight", 1.0),
        "lookInLeft": ("eyeLookInLeft", 1.0),
        "lookInRight": ("eyeLookInRight", 1.0),
        "lookOutLeft": ("eyeLookOutLeft", 1.0),
        "lookOutRight": ("eyeLookOutRight", 1.0),
    }


def test_a_rig_is_named_by_its_path_in_the_users_folder(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "tall.toml").write_text(SMALL + 'a = "joy"')
    (tmp_path / "notes.txt").write_text("no table")
    rigs = load_rigs(tmp_path)
    assert list(rigs) == sorted([*load_rigs(), "mine/tall"])
    assert rigs["mine/tall"].curves == ("a",)


def test_the_bundled_rigs_are_these():
    bundled = load_rigs()
    assert list(bundled) == sorted(bundled)
    assert bundled.keys() >= {
        "arkit", "arkit-lr", "browser/arkit", "browser/rpm", "browser/vrm0", "browser/vrm1", "cc4",
        "godot/unified", "jaw", "live2d", "mmd", "nim", "unity/arkit", "unity/oculus",
        "unity/perfect-sync", "unity/vrm0", "unity/vrm1", "unreal/livelink",
        "unreal/metahuman", "unreal/metahuman-a2f", "visemes", "vowels", "vrchat/unified",
    }  # fmt: skip
    files = sorted(bundled_folder().rglob("*.toml"))
    assert len(files) == len(bundled)


def test_a_users_table_takes_the_place_of_one_with_its_name(tmp_path):
    (tmp_path / "arkit.toml").write_text(SMALL + 'a = "joy"')
    assert load_rigs(tmp_path)["arkit"].curves == ("a",)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    (tmp_path / "windows.toml").write_bytes(b"\xef\xbb\xbf" + (SMALL + "a = {}").encode())
    assert load_rigs(tmp_path)["windows"].curves == ("a",)


def test_a_missing_folder_of_the_users_is_named(tmp_path):
    with pytest.raises(ConfigError, match=re.escape(f"{tmp_path / 'no'}: no such folder of rig")):
        load_rigs(tmp_path / "no")


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (SMALL.encode() + b"aa = { jawOpne = 1 }", "curve aa: no input 'jawOpne' (did you mean"),
        (b"title = ", "not TOML: Invalid value (at end of document)"),
        (b'title = "a"\ntitle = "b"\n', "not TOML: Cannot overwrite a value (at line 2"),
        (b"title = '\xff'", "not UTF-8 at byte 9"),
        (b"#" * (1 << 20) + b"#", "larger than 1048576 bytes"),
    ],
)
def test_a_mistake_names_the_file_as_the_user_gave_it(tmp_path, content, wanted):
    (tmp_path / "vrm.toml").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_rigs(tmp_path)
    assert str(caught.value).startswith(f"{(tmp_path / 'vrm.toml').as_posix()}: {wanted}")


def test_the_wheels_folder_goes_before_the_checkouts_and_strangers_are_passed(
    tmp_path, monkeypatch
):
    wheel, checkout = tmp_path / "_engines", tmp_path / "engines"
    monkeypatch.setattr("a2f_ws.rig.table.BUNDLED", (wheel, checkout))
    with pytest.raises(ConfigError, match="this installation of a2f-ws is incomplete"):
        bundled_folder()
    checkout.mkdir()
    (checkout / "arkit.toml").write_text(SMALL + 'a = "joy"')
    wheel.mkdir()
    assert bundled_folder() == checkout
    (wheel / "arkit.toml").write_text(SMALL + 'b = "joy"')
    assert bundled_folder() == wheel
    assert load_rigs()["arkit"].curves == ("b",)


def test_the_example_in_the_readme_is_a_table(tmp_path):
    readme = (bundled_folder() / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```toml\n(.*?)```", readme, re.DOTALL)
    assert example
    (tmp_path / "example.toml").write_text(example[1], encoding="utf-8")
    rig = load_rigs(tmp_path)["example"]
    assert rig.curves == ("jawOpen", "aa", "ou", "blink", "mood", "gone")
    assert rig.transforms == ("head", "eyes")
    assert rig.idle == {"blinkLeft": (3, 1.0), "head": (6, 0.5)}


def test_deep_nesting_is_told_and_no_crash(tmp_path):
    (tmp_path / "deep.toml").write_text(SMALL + "a = " + "[" * 5_000)
    with pytest.raises(ConfigError, match=r"deep\.toml: (nested too deeply|not TOML)"):
        load_rigs(tmp_path)
    nested = "{ largest = [" * 60 + '"joy"' + ", 0] }" * 60
    (tmp_path / "deep.toml").write_text(SMALL + f"a = {nested}")
    with pytest.raises(ConfigError, match=r"deep\.toml: curve a: stands upon more than 16"):
        load_rigs(tmp_path)


@pytest.mark.parametrize("digits", ["9" * 400, "9" * 5000, "0x" + "f" * 5000])
def test_a_number_that_no_float_can_hold_is_told_and_no_crash(tmp_path, digits):
    (tmp_path / "r.toml").write_text(SMALL + "a = { joy = " + digits + " }", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"r\.toml: ") as caught:
        load_rigs(tmp_path)
    assert len(str(caught.value)) < 500
