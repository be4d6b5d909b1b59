"""Settings: which source wins, and what is said about a wrong one."""

import re
from pathlib import Path

import numpy as np
import pytest

from a2f_ws.animation.params import GEOMETRY_PARAMS
from a2f_ws.errors import ConfigError
from a2f_ws.settings import Settings, read_settings, read_style_tables


def written(folder, text):
    path = folder / "a2f.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_sources_the_defaults_hold():
    assert read_settings(None, environ={}, flags={"host": None, "port": None}) == Settings()


def test_flags_win_over_environment_over_file_over_defaults(tmp_path):
    config = written(tmp_path, '[server]\nhost = "file"\nport = 1\nmodel = "file"\n')
    environ = {"A2F_PORT": "2", "A2F_MODEL": "environment", "HOST": "other"}
    found = read_settings(config, environ=environ, flags={"model": "flag", "port": None})
    assert (found.host, found.port, found.model, found.credit_s) == ("file", 2, "flag", 60.0)


@pytest.mark.parametrize(
    ("flags", "environ", "text"),
    [
        ({"subject": "Face"}, {}, ""),
        ({"livelink_angles": "degrees"}, {}, ""),
        ({}, {"A2F_SUBJECT": "Face"}, ""),
        ({}, {}, '[server]\nsubject = "Face"\n'),
        ({"livelink": ""}, {}, '[server]\nlivelink = "127.0.0.1:11111"\nsubject = "Face"\n'),
    ],
)
def test_what_only_live_link_needs_is_refused_without_it(tmp_path, *, flags, environ, text):
    name = next(iter([key for key in flags if key != "livelink"]), "subject")
    with pytest.raises(ConfigError, match=f"{name}: found '.*' without livelink, wanted both"):
        read_settings(written(tmp_path, text), environ=environ, flags=flags)
    known = {**flags, "livelink": "127.0.0.1:11111"}
    found = read_settings(written(tmp_path, text), environ=environ, flags=known)
    assert (found.subject == "Face") != (found.livelink_angles == "degrees")


def test_the_environment_is_read_in_the_type_of_each_setting():
    environ = {
        "A2F_ALLOW_UNAUTHENTICATED": "Yes",
        "A2F_ORIGINS": "one.example,two.example,",
        "A2F_HANDSHAKE_S": "2.5",
        "A2F_SESSIONS_PER_CONNECTION": "3",
        "A2F_LOG_LEVEL": "debug",
    }
    found = read_settings(None, environ=environ, flags={})
    assert found.allow_unauthenticated is True
    assert found.origins == ["one.example", "two.example"]
    assert (found.handshake_s, found.sessions_per_connection, found.log_level) == (2.5, 3, "debug")


@pytest.mark.parametrize("name", ["workers", "max_sessions"])
@pytest.mark.parametrize("text", ["auto", "3"])
def test_a_number_or_auto_is_read_from_wherever_it_stands(tmp_path, text, name):
    wanted = text if text == "auto" else int(text)
    config = written(tmp_path, f"[server]\n{name} = {wanted!r}\n".replace("'", '"'))
    for found in (
        read_settings(config, environ={}, flags={}),
        read_settings(None, environ={f"A2F_{name.upper()}": text}, flags={}),
        read_settings(None, environ={}, flags={name: text}),
        read_settings(None, environ={}, flags={name: wanted}),
    ):
        assert getattr(found, name) == wanted


@pytest.mark.parametrize("value", ["0", "many", "-1", "2.5", "9999999", ""])
@pytest.mark.parametrize("name", ["workers", "max_sessions"])
def test_a_number_that_cannot_be_is_told_with_what_is_wanted(value, name):
    wanted = rf"{name}: found .*, wanted a whole number >= 1, or auto"
    with pytest.raises(ConfigError, match=wanted):
        read_settings(None, environ={}, flags={name: value})
    with pytest.raises(ConfigError, match=wanted):
        read_settings(None, environ={f"A2F_{name.upper()}": value}, flags={})


def test_devices_are_numbers_between_commas(tmp_path):
    config = written(tmp_path, "[server]\ndevices = [1, 0]\n")
    for found in (
        read_settings(config, environ={}, flags={}),
        read_settings(None, environ={"A2F_DEVICES": "1,0"}, flags={}),
        read_settings(None, environ={}, flags={"devices": "1, 0"}),
    ):
        assert found.devices == [1, 0]
    assert read_settings(None, environ={}, flags={"devices": "2"}).devices == [2]


@pytest.mark.parametrize(
    ("flags", "environ", "said"),
    [
        ({"devices": "0,one"}, {}, "--devices: found 'one', wanted a whole number"),
        ({}, {"A2F_DEVICES": "all"}, "A2F_DEVICES: found 'all', wanted a whole number"),
        ({"devices": "0,-1"}, {}, "devices: found [0, -1], wanted int >= 0"),
    ],
)
def test_devices_that_are_no_numbers_are_told(flags, environ, said):
    with pytest.raises(ConfigError) as caught:
        read_settings(None, environ=environ, flags=flags)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("A2F_PORT", "http", "A2F_PORT: found 'http', wanted a whole number"),
        ("A2F_CREDIT_S", "long", "A2F_CREDIT_S: found 'long', wanted a number"),
        ("A2F_ALLOW_UNAUTHENTICATED", "maybe", "found 'maybe', wanted true or false"),
        ("A2F_PORT", "70000", "<= 65535"),
        ("A2F_CREDIT_S", "nan", "credit_s"),
        ("A2F_HANDSHAKE_S", "inf", "handshake_s"),
        ("A2F_LOG_LEVEL", "loud", "log_level"),
    ],
)
def test_a_wrong_variable_is_named(name, text, said):
    with pytest.raises(ConfigError) as caught:
        read_settings(None, environ={name: text}, flags={})
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[server]\nport = 70000\n", "65535"),
        ("[server]\nport = true\n", "port"),
        ('[server]\nport = "8765"\n', "port"),
        ("[server]\nprot = 8765\n", "known settings: host, port"),
        ("[sever]\nport = 1\n", "found [sever], wanted only [server], [face]"),
        ("server = 3\n", "wanted a table [server]"),
        ("[server\n", "not a TOML file"),
        ("[server]\ncredit_s = nan\n", "credit_s"),
        ("[server]\ncredit_s = 1.5\n", "credit_s"),
    ],
)
def test_a_wrong_file_is_named_with_what_is_wanted(tmp_path, text, said):
    config = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        read_settings(config, environ={}, flags={})
    assert str(config) in str(caught.value)
    assert said in str(caught.value)


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path):
    missing = tmp_path / "none.toml"
    with pytest.raises(ConfigError, match="cannot be read"):
        read_settings(missing, environ={}, flags={})
    binary = tmp_path / "a2f.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not a TOML file"):
        read_settings(binary, environ={}, flags={})


def test_an_empty_file_changes_nothing(tmp_path):
    assert read_settings(written(tmp_path, ""), environ={}, flags={}) == Settings()


def test_the_settings_in_the_readme_are_settings(tmp_path):
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    server, face = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "a2f.toml").write_text(server, encoding="utf-8")
    settings = read_settings(tmp_path / "a2f.toml", environ={}, flags={})
    assert (settings.port, settings.log_level, settings.credit_s) == (9000, "warning", 60.0)
    assert settings.origins == ["game.local"]
    style = read_style_tables(written(tmp_path, face))
    row = style.params_on(GEOMETRY_PARAMS, np.zeros(len(GEOMETRY_PARAMS.names), np.float32))
    assert row[GEOMETRY_PARAMS.column("lower_face_strength")] == 1.25
    assert (style.gains, style.solver.method) == ({"mouthClose": 0.8}, "exact")


def test_tables_of_the_face_stand_beside_the_server_s(tmp_path):
    text = """
[server]
port = 9000
solver = "bvls"
geometry = true
threads = 3
style = "claire.yaml"
audio2emotion = "a2e"
[face]
skin_strength = 1.25
[weights]
jawOpen = { gain = 0.9, offset = 0.1 }
[solver]
method = "exact"
[audio2emotion]
max_emotions = 3
"""
    config = written(tmp_path, text)
    found = read_settings(config, environ={}, flags={})
    assert (found.port, found.solver, found.geometry, found.threads) == (9000, "bvls", True, 3)
    assert (found.style, found.audio2emotion) == ("claire.yaml", "a2e")
    style = read_style_tables(config)
    assert (style.params, style.gains) == ({"skin_strength": 1.25}, {"jawOpen": 0.9})
    assert style.solver.method == "exact"
    assert read_style_tables(None).params == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[server]\nsolver = "newton"\n', "solver: found 'newton', wanted one of admm, bvls, ex"),
        ("[server]\nlog_level = 3\n", "found 3, wanted one of debug, info, warning, error"),
        ("[server]\nthreads = -1\n", "threads: found -1"),
        ('[face]\nskin_strength = "high"\n', "[face] skin_strength: found 'high', wanted a number"),
    ],
)
def test_a_wrong_setting_of_the_face_is_named(tmp_path, text, said):
    config = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        read_style_tables(config)
        read_settings(config, environ={}, flags={})
    assert str(config) in str(caught.value)
    assert said in str(caught.value)
