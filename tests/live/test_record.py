"""`a2f-ws record`: what is said in one place, in a file at another."""

import os
import signal
import sys

import numpy as np
import pytest

from a2f_ws.client import connect
from a2f_ws.output.files import read_recording
from tests.live.elsewhere import WAIT_S, Place, run
from tests.sounds import RATE_HZ, ramp, real_time


@pytest.fixture
def place(scripted):
    place = Place(scripted)
    yield place
    place.stop()


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    """A terminal in which no line is broken."""
    monkeypatch.setenv("COLUMNS", "300")


def test_what_is_watched_is_what_was_said_with_the_silence_between(capsys, place, tmp_path):
    speaking = place.do(place.speak(0.0, 0.6))
    words = ("record", "--watch", "hall", "--url", place.server.url)
    code, err = run(capsys, *words, "--lines", "2", "-o", tmp_path / "face.json")
    speaking.result(WAIT_S)
    assert code == 0, err
    got = read_recording(tmp_path / "face.json")
    assert (got.model, got.rig, dict(got.meta)) == ("embedded", "arkit", {"watched": "hall"})
    first = got.rows[got.utterances == 1]
    assert np.array_equal(first[:-1], place.said[0])
    assert np.array_equal(first[-1], first[-2])
    assert np.array_equal(got.rows[got.utterances == 2], place.said[1])
    gap_us = np.diff(got.times_us)[np.flatnonzero(np.diff(got.utterances))[0] - 1]
    assert 300_000 < gap_us < 1_500_000
    assert "recording hall at ws://127.0.0.1:" in err
    assert "line 2, 90 poses so far" in err
    assert f"{tmp_path / 'face.json'}: 91 poses, " in err


@pytest.mark.parametrize("name", ["face.csv", "face.npz", "face.glb"])
def test_every_format_is_written_for_as_long_as_was_asked(capsys, place, tmp_path, name):
    speaking = place.do(place.speak(0.0))
    words = ("record", "--watch", "hall", "--url", place.server.url, "--rig", "browser/arkit")
    code, err = run(capsys, *words, "--seconds", "2", "-o", tmp_path / name)
    speaking.result(WAIT_S)
    assert code == 0, err
    assert [file.name for file in tmp_path.iterdir()] == [name]
    if name != "face.glb":
        got = read_recording(tmp_path / name)
        assert len(got.rows) == 45
        assert got.transforms == (("head",) if name == "face.npz" else ())


@pytest.mark.skipif(sys.platform == "win32", reason="no process can be sent a Ctrl+C of its own")
def test_ctrl_c_ends_with_a_whole_file(capsys, place, tmp_path):
    async def end():
        async with connect(place.server.url) as client:
            session = await client.open(rate=RATE_HZ, name="hall")
            speech = session.say(real_time(ramp(3.0), 0.05))
            count = 0
            async for _ in speech:
                count += 1
                if count == 60:
                    os.kill(os.getpid(), signal.SIGINT)
            return count

    speaking = place.do(end())
    words = ("record", "--watch", "hall", "--url", place.server.url)
    code, err = run(capsys, *words, "-o", tmp_path / "face.npz")
    assert code == 0, err
    assert 30 <= len(read_recording(tmp_path / "face.npz").rows) < 180
    # Whoever speaks goes on.
    assert speaking.result(WAIT_S) == 195


def test_a_server_that_goes_away_leaves_what_was_said_in_the_file(capsys, place, tmp_path):
    async def cut():
        async with connect(place.server.url) as client:
            session = await client.open(rate=RATE_HZ, name="hall")
            speech = session.say(real_time(ramp(3.0), 0.05))
            count = 0
            async for _ in speech:
                count += 1
                if count == 60:
                    place._stop.set()

    place.do(cut())
    words = ("record", "--watch", "hall", "--url", place.server.url)
    code, err = run(capsys, *words, "-o", tmp_path / "face.json")
    assert code == 2
    assert err.splitlines()[-1].startswith("error: ")
    assert len(read_recording(tmp_path / "face.json").rows) >= 30


def test_a_folder_that_is_gone_meanwhile_costs_nothing(capsys, place, tmp_path, monkeypatch):
    (tmp_path / "spare").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "spare"))
    target = tmp_path / "stick" / "face.json"
    target.parent.mkdir()

    async def pull():
        await place.speak(0.0)
        target.parent.rmdir()

    place.do(pull())
    words = ("record", "--watch", "hall", "--url", place.server.url)
    code, err = run(capsys, *words, "--seconds", "2.5", "-o", target)
    spare = tmp_path / "spare" / "face.json"
    assert code == 2
    told = " ".join(err.splitlines()[-1].split())
    assert (
        told == f"error: {target}: there is no folder {target.parent}; the recording is in {spare}"
    )
    assert len(read_recording(spare).rows) == 45


@pytest.mark.skipif(sys.platform == "win32", reason="no disk can be made to look full")
def test_a_full_disk_gives_one_line_and_harms_nobody(capsys, place, tmp_path):
    import resource

    speaking = place.do(place.speak(0.0, 1.5))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_192, before[1]))
    try:
        words = ("record", "--watch", "hall", "--url", place.server.url)
        code, err = run(capsys, *words, "--lines", "1", "-o", tmp_path / "face.json")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert code == 2
    faults = [line for line in err.splitlines() if line.startswith("error: ")]
    assert faults == [f"error: {tmp_path / 'face.json'}: cannot be written: File too large"]
    assert list(tmp_path.iterdir()) == []
    speaking.result(WAIT_S)
    assert [len(each) for each in place.said] == [45, 45]


def test_a_name_that_nobody_speaks_under_leaves_no_file(capsys, place, tmp_path):
    words = ("record", "--watch", "nobody", "--url", place.server.url)
    code, err = run(capsys, *words, "--seconds", "0.3", "-o", tmp_path / "face.json")
    assert code == 2
    assert "where nobody speaks yet; Ctrl+C ends it" in err
    assert err.rstrip().endswith("face.json: not written, nothing was said as 'nobody'")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_is_told_before_anything_is_watched(capsys, place, tmp_path):
    words = ("record", "--watch", "hall", "--url", place.server.url)
    code, err = run(capsys, *words, "--rig", "live2d", "-o", tmp_path / "face.glb")
    assert (code, "a glTF animation of the head, which holds" in err) == (2, True)
    code, err = run(capsys, *words, "--rig", "arcit", "-o", tmp_path / "face.json")
    assert (code, "did you mean 'arkit'" in err) == (2, True)
    code, err = run(capsys, "record", "--watch", "x", "--url", "ws://127.0.0.1:1", "-o", "a.json")
    assert (code, "no a2f-ws server answers there" in err) == (2, True)
