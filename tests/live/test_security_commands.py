"""Passwords and tokens on the command line: `serve`, `token`, `talk`."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from a2f_ws.cli import main
from a2f_ws.client import connect
from a2f_ws.commands.credentials import read_credentials
from a2f_ws.errors import ConfigError
from tests.live.test_serve import ROOT, START_S, serving

SAMPLE = ROOT / "a2f_ws" / "samples" / "speech.flac"
PASSWORD = "correct horse battery"


@pytest.fixture
def token(tmp_path, capsys):
    """A token, and a file that knows it."""
    file = tmp_path / "tokens.toml"
    with pytest.raises(SystemExit) as done:
        main(["token", "new", "--name", "agent", "--expires", "1d", "--file", str(file)])
    assert done.value.code == 0
    return capsys.readouterr().out.strip(), file


async def test_no_secret_stands_in_log_output_or_command_line_whatever_is_tried(token):
    secret, file = token
    words = ("--exit-with-stdin", "--log-level", "debug", "--tokens", str(file))
    async with serving(*words, A2F_PASSWORD=PASSWORD) as (process, told):
        for options in ({"password": PASSWORD}, {"token": secret}):
            async with connect(told["url"], **options) as client:
                await client.open()
        for options in ({}, {"password": "guessed one"}, {"token": "a2f_guessed"}):
            with pytest.raises(Exception, match="password or token"):
                async with connect(told["url"], **options):
                    pass
        shown = Path(f"/proc/{process.pid}/cmdline")
        line = shown.read_bytes() if shown.exists() else b""
        process.stdin.close()
        out, err = await process.communicate()
    assert b"for agent" in err and b"for password" in err
    for text in (PASSWORD, secret, "guessed one", "a2f_guessed"):
        assert text.encode() not in out + err + line


async def test_talk_shows_what_stands_in_a_file_or_in_the_environment(token, tmp_path):
    secret, file = token
    known = tmp_path / "password"
    known.write_text(f"{PASSWORD}\n")
    async with serving("--tokens", str(file), "--password-file", str(known)) as (_, told):

        async def talk(*words, **variables):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "a2f_ws", "talk", str(SAMPLE), "--burst"),
                *("--url", told["url"], *words),
                cwd=ROOT,
                env={**os.environ, "PYTHONUTF8": "1", **variables},
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            async with asyncio.timeout(START_S):
                _, err = await process.communicate()
            return process.returncode, err.decode()

        ends = await asyncio.gather(
            talk("--password-file", str(known)), talk(A2F_TOKEN=f"{secret}x")
        )
    assert [code for code, _ in ends] == [0, 2]
    assert "a password or token is wrong: identify.token: not known here" in ends[1][1]


def test_a_token_that_others_on_the_way_could_read_is_warned_of(caplog):
    for url in ("ws://127.0.0.1:8765", "ws://localhost", "wss://face.example"):
        connect(url, token="a2f_secret")
    assert caplog.text == ""
    connect("ws://face.example:8765", token="a2f_secret")
    assert "face.example:8765: the token is sent unencrypted" in caplog.text
    assert "a2f_secret" not in caplog.text


def test_credentials_come_from_files_before_the_environment(tmp_path):
    file = tmp_path / "secret"
    file.write_text("from the file\n")
    environ = {"A2F_PASSWORD": "from the environment", "A2F_TOKEN": ""}
    found = read_credentials(file, None, environ=environ)
    assert (found.password, found.token) == ("from the file", None)
    assert read_credentials(None, None, environ=environ).password == "from the environment"
    assert "file" not in repr(found)
    file.write_text("\n")
    with pytest.raises(ConfigError, match="secret: found nothing"):
        read_credentials(file, None, environ={})
