"""Sound files of two lines in a folder."""

import numpy as np
import soundfile

RATE = 16_000


def tone(seconds, hz=140.0):
    time = np.arange(round(seconds * RATE)) / RATE
    return (0.4 * np.sin(2 * np.pi * hz * time) * np.sin(2 * np.pi * 3 * time)).astype(np.float32)


def write(path, seconds=0.5, hz=140.0):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, tone(seconds, hz), RATE, subtype="PCM_16")
    return path
