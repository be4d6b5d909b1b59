"""`talk` and `demo`: files through a server, heard on a clock."""

import asyncio
import re
import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile
from matplotlib.image import imread

from a2f_ws.catalog import Catalog
from a2f_ws.cli import main
from a2f_ws.commands import demo
from a2f_ws.model import Model
from a2f_ws.output.files import read_recording
from a2f_ws.rig.table import load_rigs
from a2f_ws.server import Server
from a2f_ws.settings import Settings

SAMPLE = Path(__file__).resolve().parents[2] / "a2f_ws" / "samples" / "speech.flac"


@pytest.fixture
def url(embedded):
    """A server in a thread of its own: commands bring their own event loop."""
    server = Server(Catalog([Model("embedded", embedded)], load_rigs()), Settings(port=0))
    is_up = threading.Event()
    stops = []

    async def serve():
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        async with server.running():
            stops.append(lambda: loop.call_soon_threadsafe(stop.set))
            is_up.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert is_up.wait(10)
    yield server.url
    stops[0]()
    thread.join(10)


@pytest.fixture
def clip(tmp_path):
    """Two seconds of human speech at 48 kHz, so that it is resampled on the way."""
    samples, _ = soundfile.read(SAMPLE, dtype="float32", start=8_000, frames=32_000)
    path = tmp_path / "clip.wav"
    soundfile.write(path, np.repeat(samples, 3), 48_000, subtype="PCM_16")
    return path


def run(capsys, *words):
    with pytest.raises(SystemExit) as end:
        main([str(word) for word in words])
    said = capsys.readouterr()
    return end.value.code, said.out, said.err


def test_live_burst_and_offline_write_the_same_files(capsys, url, clip, tmp_path):
    def target(name):
        return tmp_path / f"{name}.json"

    words = ("--fps", "30", "--emotion", "joy=0.5")
    talk = ("talk", clip, "--url", url, *words)
    assert run(capsys, *talk, "-o", target("live"))[0] == 0
    assert run(capsys, *talk, "--burst", "-o", target("burst"))[0] == 0
    assert run(capsys, "animate", clip, *words, "-o", target("offline"))[0] == 0
    whole = target("offline").read_bytes()
    assert read_recording(target("offline")).rows.shape == (2 * 30 + 8, 68)
    assert target("live").read_bytes() == whole
    assert target("burst").read_bytes() == whole


def test_talk_tells_first_pose_rate_and_latency(capsys, url, clip):
    code, out, err = run(capsys, "talk", clip, "--url", url)
    assert code == 0
    assert "clip.wav" in err
    said = dict(re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in out.splitlines())
    poses, rate = re.fullmatch(r"(\d+), ([\d.]+) per second", said["poses"]).groups()
    assert poses == str(2 * 60 + 15)
    assert 50.0 < float(rate) < 70.0
    first_ms = float(said["first chunk to first pose"].removesuffix(" ms"))
    assert 100.0 < first_ms < 2_000.0
    p50, p95, p99 = map(float, re.findall(r"p\d+ ([\d.]+)", said["added latency"]))
    assert 0.0 < p50 <= p95 <= p99 < 1_000.0


def test_talk_refuses_what_the_server_refuses_in_one_line(capsys, url, clip, tmp_path):
    code, out, err = run(capsys, "talk", clip, "--url", url, "--rig", "arcit")
    assert (code, out) == (2, "")
    assert "did you mean 'arkit'" in err
    target = tmp_path / "face.csv"
    code, out, err = run(capsys, "talk", clip, "--url", url, "--rig", "puppet", "-o", target)
    assert code == 2
    assert "unreal/livelink and nim, not 'puppet'" in err
    assert run(capsys, "talk", SAMPLE.parent / "PROVENANCE.md", "--url", url)[0] == 2


def test_talk_names_the_two_options_that_exclude_one_another(capsys, clip):
    words = ("talk", clip, "--url", "ws://127.0.0.1:1", "--burst", "--name", "hall")
    code, out, err = run(capsys, *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("error: --name: found with --burst, wanted one of them")


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("ws://127.0.0.1:1", "no a2f-ws server answers there"),
        ("http://127.0.0.1:1", "not the address of a server"),
    ],
)
def test_talk_without_a_server_says_so_in_one_line(capsys, clip, *, url, complaint):
    code, out, err = run(capsys, "talk", clip, "--url", url)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert complaint in err


def test_the_demo_shows_curves_and_writes_a_recording_and_a_picture(
    capsys, clip, tmp_path, monkeypatch
):
    monkeypatch.setattr(demo, "CLIP", clip)
    code, out, err = run(capsys, "demo", "-o", tmp_path / "new" / "demo")
    assert (code, err) == (0, "")
    moments = re.findall(r"^ +([\d.]+) s  jawOpen [\d.]+  mouthClose", out, re.MULTILINE)
    assert [float(moment) for moment in moments] == [0.5, 1.0, 1.5, 2.0]
    assert "added latency" in out
    assert "a2f-ws serve" in out
    recording = read_recording(tmp_path / "new" / "demo" / "face.csv")
    assert len(recording.rows) == 2 * 60 + 15
    assert imread(tmp_path / "new" / "demo" / "face.png").shape == (800, 1400, 4)


def test_in_a_terminal_the_demo_moves_bars(capsys, clip, tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "CLIP", clip)
    monkeypatch.setenv("FORCE_COLOR", "1")
    code, out, _ = run(capsys, "demo", "-o", tmp_path)
    assert code == 0
    assert len(set(re.findall(r"([\d.]+) s, newest pose", out))) >= 5
    assert len(set(re.findall(r"jawOpen.*?([\d.]+)\n", out))) >= 5


def test_the_demo_says_where_it_cannot_write(capsys, tmp_path):
    (tmp_path / "taken").write_text("a file", "utf-8")
    code, _, err = run(capsys, "demo", "-o", tmp_path / "taken")
    assert (code, err.count("\n")) == (2, 1)
    assert "taken: cannot be made" in err
