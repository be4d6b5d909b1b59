"""Settings that follow their file while the server runs."""

import os

import pytest

from a2f_ws.errors import ConfigError
from a2f_ws.reloading import AT_ONCE, FOR_NEW, Reloading, Watched, changed, merged
from a2f_ws.settings import Settings, read_settings


@pytest.fixture
def config(tmp_path):
    path = tmp_path / "a2f.toml"
    path.write_text("[server]\ncredit_s = 9.0\n", "utf-8")
    return path


@pytest.fixture
def acted():
    return []


@pytest.fixture
def reloading(config, acted):
    def read():
        environ = {"A2F_SESSIONS_PER_CONNECTION": "5"}
        return read_settings(config, environ=environ, flags={"port": 1})

    return Reloading(read(), config=Watched(config), read=read, act=acted.append)


def write(config, text):
    """As an editor does that replaces the file, at a time that no clock's grain hides."""
    other = config.with_suffix(".new")
    other.write_text(text, "utf-8")
    stamp = config.stat().st_mtime_ns + 1_000_000_000
    os.utime(other, ns=(stamp, stamp))
    os.replace(other, config)


def test_a_file_is_changed_once_after_it_was_written(config):
    file = Watched(config)
    assert not file.is_changed()
    write(config, "x")
    assert (file.is_changed(), file.is_changed()) == (True, False)
    config.unlink()
    assert (file.is_changed(), file.is_changed()) == (True, False)


def test_a_file_that_stays_is_not_read_again(reloading, acted):
    reloading.look()
    assert acted == []


def test_what_may_change_is_in_force_at_the_next_look(reloading, config, acted, caplog):
    caplog.set_level("INFO")
    write(config, "[server]\ncredit_s = 30.0\norigins = ['game.lan']\n")
    reloading.look()
    assert [(one.credit_s, one.origins) for one in acted] == [(30.0, ["game.lan"])]
    assert reloading.settings is acted[0]
    assert f"{config}: new origins, credit_s" in caplog.text


def test_what_is_written_after_the_settings_were_read_is_in_force_at_the_first_look(config, acted):
    file = Watched(config)
    settings = read_settings(config, environ={}, flags={})
    write(config, "[server]\ncredit_s = 30.0\n")

    def read():
        return read_settings(config, environ={}, flags={})

    Reloading(settings, config=file, read=read, act=acted.append).look()
    assert [one.credit_s for one in acted] == [30.0]


def test_environment_and_flags_stay_above_the_file(reloading, config, acted):
    write(config, "[server]\nsessions_per_connection = 50\nport = 2\ncredit_s = 8.0\n")
    reloading.look()
    assert (acted[0].sessions_per_connection, acted[0].port, acted[0].credit_s) == (5, 1, 8.0)


def test_what_needs_a_restart_is_told_once_and_left_alone(reloading, config, acted, caplog):
    write(config, "[server]\nmodel = 'other'\ncredit_s = 9.0\n")
    reloading.look()
    write(config, "[server]\nmodel = 'other'\ncredit_s = 10.0\n")
    reloading.look()
    assert [one.model for one in acted] == ["embedded", "embedded"]
    assert caplog.text.count("model act after a restart") == 1


@pytest.mark.parametrize("text", ["[server", "[server]\ncredit_s = 'much'\n", "[sevrer]\n"])
def test_a_broken_file_changes_nothing_and_is_told_once(reloading, config, acted, caplog, text):
    before = reloading.settings
    write(config, text)
    reloading.look()
    reloading.look()
    assert (acted, reloading.settings) == ([], before)
    assert caplog.text.count("the configuration stays as it was: ") == 1
    assert str(config) in caplog.text


def test_settings_that_the_server_refuses_do_not_count_as_in_force(config, caplog):
    def refuse(settings):
        raise ConfigError(f"credit_s: found {settings.credit_s:g}, wanted more")

    def read():
        return read_settings(config, environ={}, flags={})

    reloading = Reloading(read(), config=Watched(config), read=read, act=refuse)
    write(config, "[server]\ncredit_s = 2.0\n")
    reloading.look()
    assert reloading.settings.credit_s == 9.0
    assert "found 2, wanted more" in caplog.text


def test_a_removed_file_changes_nothing_until_it_is_back(reloading, config, acted):
    text = config.read_text("utf-8")
    config.unlink()
    reloading.look()
    assert acted == []
    config.write_text(text.replace("9.0", "11.0"), "utf-8")
    reloading.look()
    assert [one.credit_s for one in acted] == [11.0]


def test_every_setting_that_may_change_is_one_there_is():
    assert {*AT_ONCE, *FOR_NEW} <= set(Settings.__struct_fields__)
    new = Settings(port=3, credit_s=7.0, log_level="debug")
    settings, waiting = merged(Settings(), new)
    assert changed(settings, new) == waiting == ["port"]
