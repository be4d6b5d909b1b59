"""The command line in this process."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile

from a2f_ws.cli import main
from tests.commands.fake_hub import REPO, FakeHub, running
from tests.commands.lines import write
from tests.data.bundles import write_blendshape

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


@pytest.fixture
def hub(tmp_path):
    """A hub that has a small bundle, and files that no server needs."""
    folder = write_blendshape(tmp_path / "source")
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    files |= {
        "README.md": b"# A model\n",
        "LICENSE": b"You may.\n",
        "images/face.png": b"\x89PNG",
        "network.trt": bytes(5000),
        ".gitattributes": b"*.onnx filter=lfs\n",
    }
    return FakeHub(REPO, files)


@pytest.fixture
def models(tmp_path, monkeypatch):
    """The folder of pulled models, empty."""
    path = tmp_path / "models"
    monkeypatch.setenv("A2F_MODELS", str(path))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    return path


@pytest.fixture
def pull(run, hub, models, monkeypatch):
    """Pulls: `pull(…)` gives how the command ended."""

    def call(name=REPO, *words, accepts=True):
        with running(hub) as address:
            monkeypatch.setenv("HF_ENDPOINT", address)
            return run("models", "pull", name, *(["--accept-license"] if accepts else []), *words)

    return call


@pytest.fixture
def pieces(monkeypatch):
    """Files come in pieces of a thousand bytes; what a connection breaks within is lost."""
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 1_000)


@pytest.fixture
def folder(tmp_path):
    """Two lines in a folder, one of them in a folder below."""
    folder = tmp_path / "lines"
    write(folder / "hello.wav")
    write(folder / "act1" / "bye.wav", hz=190.0)
    return folder
