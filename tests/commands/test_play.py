"""`a2f-ws play`: what is in a clip, whatever somebody has put into it."""

import json
import os

import numpy as np
import pytest

from a2f_ws.clips.clip import open_clip
from a2f_ws.output.files import read_recording


def test_play_shows_what_a_clip_is_and_writes_its_poses(folder, run, tmp_path):
    run("bake", folder, "--emotion", "joy=0.5")
    clip = folder / "hello.a2fclip"
    done = run("play", clip, "--sound", folder / "hello.wav", "-o", tmp_path / "x.json")
    assert done.code == 0
    assert "hello.wav: 0.50 s at 16000 Hz" in done.out
    assert "joy 0.5" in done.out
    assert "is the sound of this clip" in done.out
    recording = read_recording(tmp_path / "x.json")
    assert np.allclose(recording.rows, open_clip(clip).rows, atol=1e-6)
    json.loads((tmp_path / "x.json").read_text())


def test_play_tells_a_sound_that_is_not_that_of_the_clip(folder, run):
    run("bake", folder)
    done = run("play", folder / "hello.a2fclip", "--sound", folder / "act1" / "bye.wav")
    assert "is another sound: 0.50 s" in done.out
    assert done.code == 2
    assert run("play", folder / "hello.a2fclip", "--sound", folder / "hello.wav").code == 0


def test_play_shows_what_a_terminal_would_obey(folder, run, tmp_path):
    (folder / "hello.wav").rename(folder / "red\x1b[31m\x1b]0;pwn\x07.wav")
    (folder / "lines.csv").write_text(
        "file,text\nred\x1b[31m\x1b]0;pwn\x07.wav,\x9b2Jclear \u202eback\n", encoding="utf-8"
    )
    baked = run("bake", folder, "-o", tmp_path / "out")
    (clip,) = (tmp_path / "out").glob("*.a2fclip")
    played = run("play", clip)
    assert played.code == 0
    for said in (baked.out, baked.err, played.out, played.err):
        assert not {char for char in said if ord(char) < 32 or char in "\x7f\x9b\u202e"} - {"\n"}
    assert r"red\u001b[31m\u001b]0;pwn\u0007.wav" in played.out
    assert r"\u009b2Jclear \u202eback" in played.out


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_what_has_no_end_is_no_clip_and_no_sound(folder, run, tmp_path):
    run("bake", folder)
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", "/dev/zero"):
        done = run("play", path)
        text = f"error: {path}: found a pipe or a device, wanted a clip file\n"
        assert (done.code, done.err) == (2, text)
        done = run("play", folder / "hello.a2fclip", "--sound", path)
        assert done.code == 2
        assert f"{path}: a pipe or a device, wanted a file" in done.err
    assert "found a folder, wanted a clip file" in run("play", tmp_path).err
