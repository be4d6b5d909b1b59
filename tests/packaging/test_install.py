"""Every form in which a2f-ws reaches a user runs and finds its rigs."""

import csv
import json
from pathlib import Path

import pytest
import soundfile

ROOT = Path(__file__).resolve().parents[2]
FPS = 60
EASE_POSES = 15
"""Poses of the quarter of a second that closes the mouth after the speech."""

COLUMNS = 63
"""Timecode, BlendshapeCount, and the 61 values of a Live Link Face recording."""

WHERE = """
import json, a2f_ws.names
from a2f_ws.rig.table import bundled_folder, load_rigs
print(json.dumps([a2f_ws.names.__file__, str(bundled_folder()), list(load_rigs())]))
"""
MODELS = "import sys; from a2f_ws.cli import main; sys.argv = ['a2f-ws', 'models']; main()"

pytestmark = pytest.mark.slow


@pytest.fixture
def elsewhere(tmp_path):
    """A working folder that has nothing to do with a2f-ws."""
    return tmp_path


def test_the_wheel_in_an_empty_environment_animates_a_clip(house, elsewhere):
    samples = (ROOT / "a2f_ws" / "samples").iterdir()
    clip = min(path for path in samples if path.suffix in {".flac", ".wav"})
    house.put("wheel")
    house.command("animate", clip, "-o", "face.csv", "--fps", FPS, cwd=elsewhere)
    header, *rows = csv.reader((elsewhere / "face.csv").read_text("utf-8").splitlines())
    sound = soundfile.info(clip)
    assert len(rows) == -(-sound.frames * FPS // sound.samplerate) + EASE_POSES
    assert (len(header), {len(row) for row in rows}) == (COLUMNS, {COLUMNS})
    jaw = [float(row[header.index("JawOpen")]) for row in rows]
    assert max(jaw) > 0.1
    assert jaw[-1] < 0.05


@pytest.mark.parametrize("form", ["wheel", "sdist", "editable", "checkout"])
def test_it_finds_its_rigs_and_its_model(house, elsewhere, form):
    variables = house.put(form)
    module, engines, rigs = json.loads(house.ask(WHERE, cwd=elsewhere, **variables))
    home = house.home if form in {"wheel", "sdist"} else ROOT
    assert Path(module).resolve().is_relative_to(home.resolve())
    assert Path(engines).resolve().is_relative_to(home.resolve())
    assert "arkit" in rigs
    assert "embedded" in house.ask(MODELS, cwd=elsewhere, **variables)
