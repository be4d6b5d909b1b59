"""The command line in this process."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from a2f_ws.cli import main

SAMPLE = Path(__file__).resolve().parents[2] / "a2f_ws" / "samples" / "speech.flac"


@dataclass(frozen=True)
class Done:
    """How a command ended.

    Attributes:
        code: Exit code.
        out: What it wrote to stdout.
        err: What it wrote to stderr.
    """

    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys, monkeypatch):
    """Runs a command: `run("animate", …)`."""
    monkeypatch.setenv("COLUMNS", "240")

    def call(*words):
        with pytest.raises(SystemExit) as end:
            main([str(word) for word in words])
        said = capsys.readouterr()
        return Done(end.value.code, said.out, said.err)

    return call


@pytest.fixture
def clip(tmp_path):
    """One second of human speech."""
    samples, rate_hz = soundfile.read(SAMPLE, dtype="int16", start=8_000, frames=16_000)
    path = tmp_path / "clip.wav"
    soundfile.write(path, samples, rate_hz, subtype="PCM_16")
    return path


@pytest.fixture
def stereo(tmp_path, clip):
    """The same at 44.1 kHz in two equal channels of floats."""
    samples, _ = soundfile.read(clip, dtype="float32")
    at = np.arange(44_100) * (16_000 / 44_100)
    mono = np.interp(at, np.arange(16_000), samples).astype(np.float32)
    path = tmp_path / "stereo.flac"
    soundfile.write(path, np.stack([mono, mono], axis=1), 44_100, subtype="PCM_24")
    return path
