"""Flite and Festival through their programs: speech with the end of every phone."""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from training.speech.phones import IPA_OF_ARPABET
from training.speech.store import Utterance, at_16_khz

_TIMEOUT_S: Final = 60


def flite(text: str, *, voice: str, stretch: float) -> Utterance:
    """Say a text with Flite.

    Args:
        text: What to say.
        voice: Name of a built-in voice, such as rms.
        stretch: Factor of all durations.
    """
    with tempfile.TemporaryDirectory() as folder:
        wave = Path(folder) / "out.wav"
        options = ("--setf", f"duration_stretch={stretch:.3f}")
        command = ["flite", "-voice", voice, *options, "-psdur", "-t", f" {text} ", "-o", str(wave)]
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, timeout=_TIMEOUT_S
        )
        pairs = re.findall(r"(\S+):([\d.]+)", done.stdout)
        return _utterance(wave, [(name, float(end)) for name, end in pairs])


def festival(text: str, *, voice: str, stretch: float) -> Utterance:
    """Say a text with Festival.

    Args:
        text: What to say.
        voice: Name of an installed voice, such as kal_diphone.
        stretch: Factor of all durations; HTS voices have their own.
    """
    with tempfile.TemporaryDirectory() as folder:
        wave, segments, script = (Path(folder) / name for name in ("out.wav", "segs", "say.scm"))
        quoted = text.replace("\\", " ").replace('"', " ")
        script.write_text(
            f"(voice_{voice})\n(Parameter.set 'Duration_Stretch {stretch:.3f})\n"
            f'(set! spoken (utt.synth (Utterance Text "{quoted}")))\n'
            f'(utt.save.wave spoken "{wave}" \'riff)\n(utt.save.segs spoken "{segments}")\n',
            encoding="latin-1",
            errors="ignore",
        )
        command = ["festival", "-b", str(script)]
        subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_S)
        rows = [line.split() for line in segments.read_text().splitlines()[1:]]
        return _utterance(wave, [(row[2], float(row[0])) for row in rows])


def _utterance(wave: Path, phones: list[tuple[str, float]]) -> Utterance:
    samples, rate_hz = soundfile.read(wave, dtype="float32")
    symbols = tuple(IPA_OF_ARPABET[name.upper()] for name, _ in phones)
    ends_s = np.array([end for _, end in phones], np.float64)
    return Utterance(at_16_khz(samples, rate_hz), symbols, ends_s)
