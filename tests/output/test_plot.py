import sys

import numpy as np
import pytest
from matplotlib.image import imread

from a2f_ws.errors import ConfigError
from a2f_ws.output.plot import can_plot, plot
from a2f_ws.output.recording import Recording
from a2f_ws.timebase import PoseRate


def recording(curves):
    return Recording(
        rig="r",
        curves=curves,
        rate=PoseRate.of(50),
        times_us=np.arange(50, dtype=np.int64) * 20_000,
        utterances=np.ones(50, np.int64),
        rows=np.tile(np.linspace(0, 1, 50, dtype=np.float32)[:, None], len(curves)),
    )


def test_the_picture_is_1400_by_800_and_shows_each_curve_in_its_colour(tmp_path):
    speech = np.sin(np.arange(16_000) * 0.1).astype(np.float32)
    picture = tmp_path / "face.png"
    plot(recording(("mouthPucker", "x", "jawOpen", "mouthClose")), (speech, 16_000), path=picture)
    pixels = (imread(picture)[:, :, :3] * 255).round().astype(int)
    assert pixels.shape == (800, 1400, 3)
    for colour in ((0xC2, 0x41, 0x0C), (0x0F, 0x76, 0x6E), (0x6D, 0x28, 0xD9), (0x47, 0x55, 0x69)):
        assert (np.abs(pixels - colour).max(axis=2) <= 2).sum() > 500
    assert [file.name for file in tmp_path.iterdir()] == ["face.png"]


def test_stereo_and_a_rig_with_one_of_the_curves_will_do(tmp_path):
    plot(recording(("jawOpen",)), (np.zeros((3, 2), np.float32), 8000), path=tmp_path / "a.png")
    assert imread(tmp_path / "a.png").shape[:2] == (800, 1400)


def test_a_rig_without_the_curves_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="the rig 'r' has none of the curves that are drawn"):
        plot(recording(("x",)), (np.zeros(3, np.float32), 8000), path=tmp_path / "a.png")
    assert list(tmp_path.iterdir()) == []


def test_an_installation_without_matplotlib_says_so_in_a_sentence(tmp_path, monkeypatch):
    assert can_plot()
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert not can_plot()
    with pytest.raises(ConfigError, match=r"a\.png: pictures are drawn with matplotlib, which"):
        plot(recording(("jawOpen",)), (np.zeros(3, np.float32), 8000), path=tmp_path / "a.png")
